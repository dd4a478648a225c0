"""Answers that get lost, and what becomes of the messages: `python -m bench doubts --rounds 100`.

Every channel sends over real sockets to its emulator, which loses the answers: after it took the message, or before.
Only few words are used, so that most messages say what another one says. In half of the rounds the webhooks are held
back, too. When the time of each doubt is over, what the inbox says is held against what the people see:

    sent      proven: by the platform's own list, an echo or a status (or the answer came)
    unknown   nobody could say; the inbox told so once, and a person decides; `there` are those that people see
    false     the inbox says sent, and nobody sees it                                 must be 0
    doubled   somebody sees it twice, and nothing says that this may be so            must be 0
    silent    unknown, and nobody was told                                            must be 0
    failed    the inbox says failed, and somebody sees it                             must be 0

`--policy resend` sends once more what stays in doubt; `twice` are then those who see it twice, and were said to.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from omnichannel import Inbox, Rules
from omnichannel.channel import Channel
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.graph import Fault as MetaFault
from omnichannel.emulators.serving import Served
from omnichannel.emulators.telegram import Fault as TelegramFault
from omnichannel.emulators.twilio import Fault as TwilioFault
from omnichannel.emulators.whatsapp import Fault as WhatsAppFault
from omnichannel.emulators.x import Fault as XFault
from omnichannel.inbox.rules import InDoubt
from omnichannel.plugins import EMULATORS, channel_class, offered

_WORDS = ("Yes", "It is on its way", "Thank you!")
_PEOPLE = tuple(f"Person {letter}" for letter in "ABCDEFGHIJ")
_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

COUNTS = ("answers lost", "sent", "unknown", "there", "false", "doubled", "silent", "failed", "twice")
WRONG = ("false", "doubled", "silent", "failed")


@dataclass
class Hand:
    """A clock that is moved by hand, for platform and inbox alike."""

    at: datetime = _NOON
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def now(self) -> datetime:
        """The moment."""
        return self.at

    def random(self, size: int) -> bytes:
        """Always the same chance."""
        return self.chance.randbytes(size)


@dataclass(frozen=True)
class Far:
    """How a platform loses the answers to the next sends. `fault` makes one, for what is taken and what is not."""

    kind: str
    fault: Callable[[bool], object]
    place: str = "faults"

    def lose(self, platform: Emulator, plan: Sequence[bool | None]) -> None:
        """For each send: after it was taken, before, or (None) not at all."""
        *way, last = self.place.split(".")
        holder: Any = platform
        for step in way:
            holder = getattr(holder, step)
        getattr(holder, last)[:] = [None if taken is None else self.fault(taken) for taken in plan]


def _cut(taken: bool) -> str:
    return "taken" if taken else "lost"


FARS = {
    far.kind: far
    for far in (
        Far("email", _cut, "server.cuts"),
        Far("facebook", lambda taken: MetaFault(502, taken=taken)),
        Far("instagram", lambda taken: MetaFault(502, taken=taken)),
        Far("messenger", lambda taken: MetaFault(502, taken=taken), "page.faults"),
        Far("sms", lambda taken: TwilioFault(502, taken=taken)),
        Far("telegram", lambda taken: TelegramFault(502, taken=taken)),
        Far("voice", lambda taken: TwilioFault(502, taken=taken)),
        Far("whatsapp", lambda taken: WhatsAppFault(502, taken=taken)),
        Far("x", lambda taken: XFault(502, taken=taken), "network.faults"),
    )
}


class Trial:
    """One channel with its platform, for so many rounds."""

    def __init__(self, far: Far, platform: Emulator, policy: InDoubt, seed: int) -> None:
        self.far, self.platform = far, platform
        self.chance = random.Random(f"{seed} {far.kind}")
        self.clock = Hand()
        self.channel = _account(far.kind, platform)
        self.inbox = Inbox(
            "sqlite:///:memory:", [self.channel], clock=self.clock, rules=Rules(in_doubt=policy)
        )
        self.seen = ""
        self.counted: Counter[str] = Counter()

    async def run(self, rounds: int) -> Counter[str]:
        """Everything, over real sockets; what came of it."""
        async with self.inbox:
            with Served(self.inbox.asgi()) as server:
                self.platform.connect(f"{server.url}/{self.far.kind}")
                if hasattr(self.channel, "status_callback"):
                    self.channel.status_callback = f"{server.url}/{self.far.kind}"
                for number in range(rounds):
                    await self._round(number)
        return self.counted

    async def _round(self, number: int) -> None:
        talks = [(who, await self._heard(who, number)) for who in _PEOPLE]
        before = {who: len(self.platform.shown(who)) for who in _PEOPLE}
        plan = [self.chance.choice((True, True, False, False, None)) for _ in talks]
        self.counted["answers lost"] += sum(taken is not None for taken in plan)
        self._prepare(number)
        said = [await self.inbox.conversations.reply(talk, self.chance.choice(_WORDS)) for _, talk in talks]
        self.far.lose(self.platform, plan)
        while await self.inbox.send():
            pass
        await self._time_goes_by(hears=number % 2 == 0)
        told = await self._told()
        for (who, _), message in zip(talks, said, strict=True):
            copies = len(self.platform.shown(who)) - before[who]
            sending = (await self.inbox.conversations.message(message.id)).sendings[0]
            self._count(sending.status, copies, told=message.id in told, maybe=sending.possible_duplicate)
        await self._hear()

    def _prepare(self, number: int) -> None:
        """Limits are those of a quiet account; of two mailboxes one keeps what was sent."""
        if self.far.kind == "x":
            self.platform.network.left.clear()  # type: ignore[attr-defined]
        if self.far.kind == "email":
            self.platform.server.sent = "Sent" if number % 4 < 2 else ""  # type: ignore[attr-defined]

    def _count(self, status: str, copies: int, *, told: bool, maybe: bool) -> None:
        word = "sent" if status in ("sent", "delivered", "read") else status
        self.counted[word if word in ("sent", "unknown") else f"ended {word}"] += 1
        self.counted["there"] += word == "unknown" and copies > 0
        self.counted["false"] += word == "sent" and copies == 0
        self.counted["doubled"] += copies > 1 and not maybe
        self.counted["twice"] += copies > 1 and maybe
        self.counted["silent"] += word == "unknown" and not told
        self.counted["failed"] += word == "failed" and copies > 0

    async def _heard(self, who: str, number: int) -> str:
        """Somebody writes; the conversation."""
        self.platform.write(who, f"Question {number}")
        await self._hear()
        for event in await self._events():
            if event.what == "message.received":
                return event.conversation
        raise RuntimeError(f"{self.far.kind}: what {who} wrote did not arrive")

    async def _hear(self) -> None:
        """What is on its way arrives."""
        await asyncio.to_thread(self.platform.push)
        if self.far.kind == "email":
            await self.inbox.poll()
        await self.inbox.work()

    async def _events(self) -> list[Any]:
        found = await self.inbox.events(self.seen, most=100_000)
        self.seen = found[-1].id if found else self.seen
        return found

    async def _told(self) -> set[str]:
        return {event.message for event in await self._events() if event.what == "message.undecided"}

    async def _time_goes_by(self, *, hears: bool) -> None:
        """Until nobody will hear of anything any more, twice over: what is sent once more has a time of its own."""
        step, left = 5.0, 2 * self.channel.can.settles + 60
        await self.inbox.work()
        while left > 0:
            self.clock.at += timedelta(seconds=step)
            left, step = left - step, min(step * 1.5, 120)
            await (self._hear() if hears else self.inbox.work())


def _account(kind: str, platform: Emulator) -> Channel:
    more = {"poll": ()} if kind == "x" else {}
    return channel_class(kind)(kind, **{**platform.settings, **more})


def tried(kind: str, rounds: int, policy: InDoubt, seed: int) -> Counter[str]:
    """One channel, for so many rounds of ten messages; what came of them."""
    clock = Hand()
    make = partial(offered(EMULATORS, kind, Emulator), clock=clock.now)  # type: ignore[type-abstract]
    with make() as platform:
        trial = Trial(FARS[kind], platform, policy, seed)
        trial.clock = trial.inbox.clock = clock  # type: ignore[assignment]
        return asyncio.run(trial.run(rounds))


def main(argv: Sequence[str] = ()) -> int:
    """Try the channels, print what came of their messages, and say whether anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench doubts", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(FARS)}; without any: all")
    parser.add_argument("--rounds", type=int, default=20, help="of ten messages each")
    parser.add_argument("--policy", choices=("hold", "resend"), default="hold")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    print(f"{'':10}" + "".join(f"{word:>14}" for word in ("messages", *COUNTS)))
    wrong = 0
    for kind in options.kinds or FARS:
        started = time.monotonic()
        found = tried(kind, options.rounds, options.policy, options.seed)
        wrong += sum(found[word] for word in WRONG)
        row = "".join(f"{found[word]:14}" for word in COUNTS)
        print(
            f"{kind:10}{options.rounds * len(_PEOPLE):14}{row}   {time.monotonic() - started:.0f} s",
            flush=True,
        )
    print("nothing went wrong" if not wrong else f"{wrong} messages are not what the inbox says", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
