"""Each attack on identity of the threat model, and its defence taken away once: then the attack succeeds.

So no attack fails for another reason than the one that `docs/explanation/identity-threats.md` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import pytest
from bench.identity_rules.faults import FAULTS
from bench.identity_rules.logs import DAY, settled

from omnichannel.identity import POLICY, UNPROVEN, Entry, Partition, Point, Purpose, Said, derive
from omnichannel.model import Strength

from .journals import claim, points

VICTIM, HER_CHAT, OTHER_VICTIM, ATTACKER = 1, 2, 3, 4
ANNA, PIETER, MAL = Said("Anna Berg"), Said("Pieter Smit"), Said("Mal Lory")
HERS = claim(1, VICTIM, HER_CHAT, method="token", at=DAY)
Attack = Callable[[], bool]


class Threat(NamedTuple):
    """An attack, which says whether it succeeded, and the mistakes that would let it."""

    what: str
    without: tuple[str, ...]
    attack: Attack


THREATS: list[Threat] = []


def threat(what: str, *without: str) -> Callable[[Attack], Attack]:
    """`without`: planted faults of `bench.identity_rules`, by name, which together take the defence away."""

    def add(attack: Attack) -> Attack:
        THREATS.append(Threat(what, without, attack))
        return attack

    return add


@contextmanager
def planted(names: tuple[str, ...]) -> Iterator[None]:
    with ExitStack() as stack:
        for name in names:
            (fault,) = (fault for fault in FAULTS if fault.name == name)
            stack.enter_context(fault.planted())
        yield


def people(attacker: str = "messenger") -> list[Point]:
    """A victim with a mailbox and a chat, another victim's mailbox, and a stranger's account."""
    return points("email", "whatsapp", "email", attacker)


def says(number: int, about: int, method: str = "text", by: int = ATTACKER, at: int = 0) -> Entry:
    return claim(number, by, about, "asserted", method=method, at=at or 2 * DAY + number)


def found(known: list[Point], *said: Entry, purpose: Purpose = Purpose.DISCLOSE) -> Partition:
    return derive(settled(known, said, POLICY), said, purpose)


# --- saying so ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", ["text", "form", "profile", "contact_card", "caller_id", "from", "letterhead"]
)
def test_however_it_is_said_it_discloses_nothing(method: str) -> None:
    """Typed, filled in, on a card, by a method that nobody knows: only what is proven reveals anything."""
    assert not found(people(), HERS, says(2, VICTIM, method)).together(VICTIM, ATTACKER)


@threat("her address is typed in a chat", "strength_is_ignored")
def typed() -> bool:
    return found(people(), HERS, says(2, VICTIM)).together(VICTIM, ATTACKER)


@threat("what was typed calls itself verified", "a_row_is_believed_beyond_its_method")
def typed_and_called_verified() -> bool:
    lie = claim(2, ATTACKER, VICTIM, "verified", method="text", at=3 * DAY)
    return found(people(), HERS, lie).together(VICTIM, ATTACKER)


@threat("a mail is forged in her name", "strength_is_ignored")
def forged_from() -> bool:
    known = [*people(), Point(5, "email", UNPROVEN, "person1@mail.nl", (ANNA,))]
    return found(known, HERS, says(2, 5, "from", by=VICTIM)).together(VICTIM, 5)


@threat("a forged caller's number is hers", "strength_is_ignored")
def caller_id() -> bool:
    known = [*people(), Point(5, "phone", UNPROVEN, "+31612345601")]
    return found(known, HERS, says(2, HER_CHAT, "caller_id", by=5)).together(HER_CHAT, 5)


@threat("it is shown to agents as if it were proven", "what_is_unproven_is_not_marked")
def no_mark() -> bool:
    shown = found(people(), HERS, says(2, VICTIM), purpose=Purpose.ASSIST)
    assert shown.together(VICTIM, ATTACKER), "an agent is to see who says so"
    return not shown.unproven(VICTIM, ATTACKER)


# --- bridges ------------------------------------------------------------------------------------------------


@threat("one account names two victims", "strength_is_ignored")
def bridge() -> bool:
    return found(people(), HERS, says(2, VICTIM), says(3, OTHER_VICTIM)).together(VICTIM, OTHER_VICTIM)


@threat("two victims with names are bridged before an agent's eyes", "names_never_stand_between")
def bridge_to_assist() -> bool:
    known = people()
    known[0] = Point(VICTIM, "email", value="anna@mail.nl", names=(ANNA,))
    known[2] = Point(OTHER_VICTIM, "email", value="pieter@mail.nl", names=(PIETER,))
    said = (HERS, says(2, VICTIM), says(3, OTHER_VICTIM))
    return found(known, *said, purpose=Purpose.ASSIST).together(VICTIM, OTHER_VICTIM)


@threat("her name, street and birthday are used as bait", "likelihood_joins_to_disclose")
def bait() -> bool:
    alike = claim(2, ATTACKER, VICTIM, "inferred", method="likeness", likely=1.0, at=3 * DAY)
    return found(people(), HERS, alike).together(VICTIM, ATTACKER)


# --- mutual claims ------------------------------------------------------------------------------------------


@threat("one half of a mutual claim", "one_side_is_enough_for_a_mutual_claim")
def half() -> bool:
    return found(people(), HERS, says(2, VICTIM)).together(VICTIM, ATTACKER)


@threat("the other half is read out of her mail", "what_is_inferred_is_a_mutual_claim")
def half_inferred() -> bool:
    quoted = claim(3, VICTIM, ATTACKER, "inferred", method="quoted", at=3 * DAY)
    return found(people(), HERS, says(2, VICTIM), quoted).together(VICTIM, ATTACKER)


@threat("the other half is a card that she passes on", "a_contact_card_is_a_mutual_claim")
def half_on_a_card() -> bool:
    return found(people(), HERS, says(2, VICTIM), says(3, ATTACKER, "contact_card", by=VICTIM)).together(
        VICTIM, ATTACKER
    )


@threat("one half is a forged mail", "the_unproven_make_mutual_claims")
def half_forged() -> bool:
    known = [*people(), Point(5, "email", UNPROVEN, "person1@mail.nl")]
    return found(known, HERS, says(2, HER_CHAT, by=5), says(3, 5, by=HER_CHAT)).together(HER_CHAT, 5)


# --- other people's addresses ------------------------------------------------------------------------------


def _tied(*accounts: int, to: int, days: tuple[int, ...], method: str = "platform_mapping") -> list[Entry]:
    """Accounts that are proven to have an address, one after the other."""
    return [
        claim(number, account, to, method=method, at=day * DAY)
        for number, (account, day) in enumerate(zip(accounts, days, strict=True), 10)
    ]


@threat("her handle is taken over", "the_owner_of_the_time_is_ignored")
def handle_takeover() -> bool:
    known = [Point(1, "handle", "x", "anna"), Point(2, "x", "here", "11"), Point(3, "x", "here", "66")]
    return found(known, *_tied(2, 3, to=1, days=(10, 11))).together(2, 3)


@threat("her old number is given to somebody else", "the_owner_of_the_time_is_ignored")
def recycled_number() -> bool:
    known = [Point(1, "phone", value="+31612345601"), *points("x", "telegram", "telegram")[1:]]
    return found(known, *_tied(2, 3, to=1, days=(10, 110))).together(2, 3)


@threat("what is only said of a number makes a new owner of it", "asserted_evidence_makes_an_owner")
def a_number_is_claimed() -> bool:
    known = [Point(1, "phone", value="+31612345601"), *points("x", "telegram", "telegram")[1:]]
    (proof,) = _tied(2, to=1, days=(10,))
    lie = claim(20, 3, 1, "asserted", method="text", at=110 * DAY)
    return len(settled(known, [proof, lie], POLICY)) > len(known)


@threat("two log in at one screen", "a_device_is_as_good_as_a_person", "a_limit_is_one_too_high")
def kiosk() -> bool:
    known = points("cookie", "account", "account")
    return found(known, *_tied(2, 3, to=1, days=(10, 11), method="login")).together(2, 3)


@threat("two prove their mailboxes at one screen", "only_log_ins_tell_people_apart_at_a_device")
def kiosk_codes() -> bool:
    known = points("webchat", "email", "email")
    return found(known, *_tied(2, 3, to=1, days=(10, 11), method="token")).together(2, 3)


@threat("two colleagues prove that they read info@", "a_role_is_a_person")
def role_address() -> bool:
    known = [Point(1, "email", value="info@firm.example"), *points("x", "telegram", "telegram")[1:]]
    return found(known, *_tied(2, 3, to=1, days=(10, 11))).together(2, 3)


# --- keeping her out of her own ----------------------------------------------------------------------------


@threat("her places are filled up first", "strength_is_ignored", "limits_are_first_come")
def limits_exhausted() -> bool:
    """A customer has one WhatsApp account here; the attacker says first that theirs is hers."""
    known = points("email", "whatsapp", "email", "whatsapp")
    early = Entry(0, "claim", ATTACKER, VICTIM, Strength.ASSERTED, "text", at=1)
    return not found(known, early, HERS).together(VICTIM, HER_CHAT)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_hundred_claims_take_no_place_that_proof_has(purpose: Purpose) -> None:
    """In no view: each begins with what is proven."""
    known = [*points("email", "whatsapp"), *(Point(n, "whatsapp", "here", f"{n}") for n in range(3, 103))]
    crowd = [claim(n, n, VICTIM, "asserted", method="text", at=n) for n in range(3, 103)]
    late = claim(1000, VICTIM, HER_CHAT, method="token", at=DAY)
    assert found(known, *crowd, late, purpose=purpose).together(VICTIM, HER_CHAT)


@threat("other accounts name her mailbox, so that it looks shared", "asserted_accounts_share_to_disclose")
def shared_by_accounts() -> bool:
    known = points("email", "whatsapp", "messenger", "messenger", "messenger")
    return not found(known, HERS, *(says(n, VICTIM, by=n) for n in (3, 4, 5))).together(VICTIM, HER_CHAT)


@threat("other names are used at her mailbox, so that it looks shared", "asserted_names_share_to_disclose")
def shared_by_names() -> bool:
    forged = Said("Mal Lory", Strength.ASSERTED)
    known = [Point(VICTIM, "email", value="anna@mail.nl", names=(ANNA, forged)), *people()[1:]]
    return not found(known, HERS).together(VICTIM, HER_CHAT)


# --- all of them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.what)
def test_the_attack_fails(threat: Threat) -> None:
    assert threat.attack() is False


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.what)
def test_without_the_defence_it_succeeds(threat: Threat) -> None:
    with planted(threat.without):
        assert threat.attack() is True
    assert threat.attack() is False
