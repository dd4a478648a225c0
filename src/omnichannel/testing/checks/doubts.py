"""What a channel keeps that can ask its platform about calls in doubt, tried against the platform's emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from omnichannel import Inbox
from omnichannel.channel import Call
from omnichannel.emulators.emulator import Emulator
from omnichannel.inbox.sending import chained
from omnichannel.model import Doubt, Message, Sent
from omnichannel.testing.checks.links import ANSWER, SAID, Make, connected, hear, heard, run_check, say
from omnichannel.testing.failing import require

_SKEW = timedelta(minutes=1)


def check_what_was_sent_is_found(make: Make) -> str | None:
    """What was not sent yet is not found, what was sent is, under its id; and the same words once more are another.

    If it fails: `find` gives `Sent` with the id that the answer to the call gave, for nothing that is older than
    `doubt.since` or stands in `doubt.others`; that the platform lacks a call is None. Where only words tell calls
    apart, it finds nothing unless there are more copies than `doubt.rivals`: one of them may be a rival's.
    """

    async def check(emulator: Emulator, folder: Path) -> str | None:
        if not emulator.channel().can.finds:
            return "can.finds is false: its platform cannot be asked"
        await say(emulator, SAID[0])
        async with connected(emulator, folder) as inbox:
            await hear(emulator, inbox)
            asked = next(one for one in await heard(inbox) if SAID[0] in one.text)
            # Some platforms take the same words only once: then the second answer has no id to be found by.
            first = await _sent(inbox, asked, ())
            second = await _sent(inbox, asked, first)
            for made, others in ((first, second), (second, first)):
                await _found(inbox, asked, made, others)
        return None

    return run_check(make, check)


_Made = Sequence[tuple[Call, str]]
"""The calls of one answer, each with the id that it got."""


async def _sent(inbox: Inbox, asked: Message, others: _Made) -> _Made:
    """Say the answer; before each call it is not found."""
    calls = []
    answer = await inbox.conversations.reply(asked.conversation, ANSWER)
    while leased := await inbox.lease_calls(1):
        (one,) = leased
        call = chained(one.call, one.before)
        if not call.prepares:
            found = await _asked(inbox, asked, call, others)
            require(not isinstance(found, Sent), f"not sent yet, and it is found: {found}")
            found = await _asked(inbox, asked, call, (), rivals=len(others))
            require(not isinstance(found, Sent), f"not sent yet, and a rival's copy is taken for it: {found}")
            calls.append(call)
        await inbox.make_call(one)
    sendings = (await inbox.conversations.message(answer.id)).sendings
    return [(call, sending.external_id) for call, sending in zip(calls, sendings, strict=True)]


async def _found(inbox: Inbox, asked: Message, made: _Made, others: _Made) -> None:
    for call, external_id in made:
        if external_id:
            found = await _asked(inbox, asked, call, others)
            right = isinstance(found, Sent) and found.external_id in (external_id, call.correlator)
            require(right, f"it was sent as {external_id}, and `find` says {found}")


async def _asked(inbox: Inbox, asked: Message, call: Call, others: _Made, *, rivals: int = 0) -> object:
    assert asked.author is not None
    known = frozenset(external_id for _, external_id in others if external_id)
    doubt = Doubt(to=asked.author.address, since=inbox.clock.now() - _SKEW, others=known, rivals=rivals)
    (channel,) = inbox.channels.values()
    return await asyncio.wait_for(channel.find(call, doubt), 30)


FINDING_CHECKS = (check_what_was_sent_is_found,)
