"""`python -m bench gaps [KIND …]`: an outage in which the platform drops what it could not deliver, on every channel.

Before it everything arrives. Then people go on writing, nothing arrives, and the platform gives it up; some of what
they write is only late, and comes by webhook while the holes are being filled. Afterwards the account is compared
with the platform's record, twice. Printed for each channel: how many messages were dropped, how many of those the
comparison brought in, how many are missing still, how many are there twice, how many of what it brought in stand
before something of the same conversation that was said earlier, and how many a second comparison brought. Real
sockets, the emulated platforms, one clock.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import NamedTuple

from tests.engines import HandClock

from bench.silence import silence
from omnichannel import Inbox, Message
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.serving import Served
from omnichannel.plugins import EMULATORS, channel_class, offered

KINDS = ("messenger", "instagram", "facebook", "x", "sms", "voice", "email")
"""Every kind whose platform keeps a record (`Capabilities.history`)."""

PEOPLE = ("Anna", "Bert", "Cleo", "Dora")
BY_WEBHOOK_ALONE = {"x": {"poll": ()}}


class Outage(NamedTuple):
    """What came of an outage on one channel."""

    kind: str
    dropped: int
    brought_in: int
    missing: int
    twice: int
    out_of_order: int
    again: int

    @property
    def well(self) -> bool:
        """Whether every hole was filled, once, and in order."""
        return self.dropped == self.brought_in and not any(
            (self.missing, self.twice, self.out_of_order, self.again)
        )


def emulator(kind: str, clock: HandClock) -> Emulator:
    """The platform, on that clock."""
    made: Callable[..., Emulator] = offered(EMULATORS, kind, Emulator)  # type: ignore[type-abstract]  # none is abstract
    return made(clock=clock.now)


async def outage(kind: str, url: str, *, each: int = 10) -> Outage:
    """An outage in which every person writes so many messages that are dropped, and one that is only late."""
    clock = HandClock()
    with ExitStack() as stack:
        far = stack.enter_context(emulator(kind, clock))
        channel = channel_class(kind)(kind, **{**far.settings, **BY_WEBHOOK_ALONE.get(kind, {})})
        async with Inbox(url, [channel], clock=clock) as inbox:
            server = stack.enter_context(Served(inbox.asgi()))
            await asyncio.to_thread(far.connect, f"{server.url}/{kind}")
            return await _outage(far, inbox, clock, each)


async def _outage(far: Emulator, inbox: Inbox, clock: HandClock, each: int) -> Outage:
    await _write(far, clock, 1)
    await _arrives(far, inbox)
    clock.advance(hours=1)
    dropped = await _write(far, clock, each)
    far.lose()
    late = await _write(far, clock, 1)
    found, _ = await asyncio.gather(inbox.reconcile(far.kind), asyncio.to_thread(far.push))
    await _arrives(far, inbox)
    again = await inbox.reconcile(far.kind)
    said = await everything(inbox)
    times = Counter(message.external_id for message in said)
    brought_in = [message for message in said if message.late]
    late_ones = sum(message.external_id in late for message in brought_in)
    assert found.brought_in == len(brought_in)
    return Outage(
        kind=far.kind,
        dropped=len(dropped),
        brought_in=len(brought_in) - late_ones,
        missing=sum(one not in times for one in (*dropped, *late)),
        twice=sum(count - 1 for count in times.values()),
        out_of_order=out_of_order(brought_in),
        again=again.brought_in,
    )


async def _write(far: Emulator, clock: HandClock, each: int) -> list[str]:
    """Everybody writes so many messages, a minute apart, in turn; their ids."""
    ids = []
    for number in range(each):
        for who in PEOPLE:
            clock.advance(minutes=1)
            ids.append(await asyncio.to_thread(far.write, who, f"{who} says {number} at {clock.now():%H:%M}"))
    return ids


async def _arrives(far: Emulator, inbox: Inbox) -> None:
    """What is on its way arrives, or is fetched, and is read."""
    await asyncio.to_thread(far.push)
    await inbox.poll()
    await inbox.work()


async def everything(inbox: Inbox) -> list[Message]:
    """Every message of every open conversation, in the order in which it stands there."""
    return [
        message
        for talk in await inbox.conversations.open(most=1000)
        for message in await inbox.conversations.messages(talk.id)
    ]


def out_of_order(said: Iterable[Message]) -> int:
    """How many messages stand in their conversation behind one that was said later."""
    return sum(
        one.conversation == other.conversation and other.sent_at < one.sent_at
        for one, other in pairwise(said)
    )


@silence()
def main(argv: Sequence[str]) -> int:
    """Print a line for each channel; 1 unless every hole was filled, once and in order."""
    options = argparse.ArgumentParser(prog="python -m bench gaps", description=__doc__)
    options.add_argument("kinds", metavar="KIND", nargs="*", help=f"of {', '.join(KINDS)}; all")
    options.add_argument(
        "--each", metavar="N", type=int, default=10, help="messages dropped of each person (10)"
    )
    options.add_argument("--store", metavar="URL", default="sqlite:///:memory:", help="an empty store")
    given = options.parse_args(argv)
    print(f"{'':<12}" + "".join(f"{name.replace('_', ' '):>14}" for name in Outage._fields[1:]))
    well = True
    for kind in given.kinds or KINDS:
        found = asyncio.run(outage(kind, given.store, each=given.each))
        print(f"{kind:<12}" + "".join(f"{count:>14}" for count in found[1:]), flush=True)
        well = well and found.well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
