"""The inbox's few numbers, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

KEY = 1
"""The number of the key that marks are made with: a workspace has one until keys are rotated."""


InDoubt = Literal["hold", "resend"]
"""What is done with a call of which nobody will hear any more whether it arrived: a person decides, or it is sent
once more."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How patient the inbox is. Give your own to `Inbox(rules=…)`.

    `read_attempts`, `handle_attempts`: failures before a delivery or message is parked for a person; what failed
    while the store's server was away does not count.
    `first_pause` doubles with every failure, up to `longest_pause`. `handle_lease`: handlers that take longer over
    a message are cut off, which counts as a failure, and a worker that holds one longer is taken for dead.
    `send_lease`: the same for a call under way. It should be twice as long as a call's time-out: none is begun whose
    time-out exceeds what is left of it, or, where that is less, half of it. `give_up_sending`: how long
    a call may be put off by the platform before it counts as failed. `in_doubt`: whether a call of which nobody will
    hear any more is held for a person, or sent once more and called a possible duplicate; for all accounts, or by
    account (others hold). What costs every time (`Call.once`) is always held. `token_life`: how long a link that
    carries a conversation elsewhere works. `code_life`: the same for a code that people type; `live_codes`: how many
    of them may work on an account at a time. `wrong_codes`: how many wrong codes one sender gives in a day before no
    code of theirs is looked at any more, `wrong_codes_in_all` everybody together, `wrong_codes_of_agent` an agent who
    is told them. How likely a guess then is, `identity.codes.chance` says. `challenge_life`: how long a challenge
    waits; `challenges`: how many a day for one claimant, and for one claimed address; `challenges_in_all`: how many
    an hour.
    `automatic_mails`: how many automatic mails (and letters) one address is sent in a day; what a handler says beyond
    is refused, so that the message waits for a person. `automatic_mails_in_all`: the same for everybody together, in
    an hour.
    `look_up_again`: when the platform is asked again about somebody it did not name.
    `at_once`: how many handlers, how many calls, and how many webhooks out, run beside each other. Of several
    accounts each has as many calls under way as it leaves free: half of them at most.
    `quiet_after`: the shortest silence of an account that can mean that something is wrong; what an account usually
    is silent, by night say, is learned and counts twice. `stale_after`: how long a source may go without a look that
    succeeds, and anything may wait, before `health` says so: three times the longest pause between two tries.
    `reconcile`: whether `run` compares an account with its platform's record after such a silence, back `margin`
    before it (platforms deliver minutes late, and clocks differ) and `furthest` at most, no account more often than
    once in `quiet_after`.
    `follow_lease`: how long a follower may take over what it was given before another worker gets it.
    `webhook_timeout`: how long an endpoint may take to answer (Standard Webhooks: 15 to 30 seconds).
    `keep_events`: how long happenings are kept; None: for ever. Messages are not touched by it. A follower that did
    not see some of them in time is told so.
    """

    read_attempts: int = 3
    handle_attempts: int = 5
    first_pause: timedelta = timedelta(seconds=5)
    longest_pause: timedelta = timedelta(minutes=10)
    handle_lease: timedelta = timedelta(minutes=5)
    send_lease: timedelta = timedelta(minutes=2)
    give_up_sending: timedelta = timedelta(hours=24)
    in_doubt: InDoubt | Mapping[str, InDoubt] = "hold"
    token_life: timedelta = timedelta(days=3)
    code_life: timedelta = timedelta(days=1)
    live_codes: int = 1000
    wrong_codes: int = 5
    wrong_codes_in_all: int = 100
    wrong_codes_of_agent: int = 20
    challenge_life: timedelta = timedelta(days=1)
    challenges: int = 3
    challenges_in_all: int = 100
    automatic_mails: int = 5
    automatic_mails_in_all: int = 1000
    look_up_again: timedelta = timedelta(hours=24)
    at_once: int = 64
    quiet_after: timedelta = timedelta(hours=1)
    stale_after: timedelta = timedelta(minutes=15)
    reconcile: bool = True
    margin: timedelta = timedelta(hours=1)
    furthest: timedelta = timedelta(days=7)
    follow_lease: timedelta = timedelta(minutes=5)
    webhook_timeout: timedelta = timedelta(seconds=15)
    keep_events: timedelta | None = None

    def resends(self, account: str) -> bool:
        """Whether what stays in doubt on an account is sent once more."""
        policy = self.in_doubt if isinstance(self.in_doubt, str) else self.in_doubt.get(account, "hold")
        return policy == "resend"

    def pause(self, failures: int) -> int:
        """How long to wait after so many failures, in microseconds."""
        doublings = min(max(failures - 1, 0), 20)
        return span(min(self.first_pause * (1 << doublings), self.longest_pause))


def span(length: timedelta) -> int:
    """A length of time in microseconds."""
    return length // timedelta(microseconds=1)
