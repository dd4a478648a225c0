"""What became of calls in doubt: their platforms are asked, at growing distances and never for ever.

The distance to the next question is as long as the doubt is old, so that nothing has to be counted, a restart asks
nothing twice, and a doubt costs a handful of questions however long it may be settled. What is not known when the
time is over is left to a person, or sent once more where the rules say so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from omnichannel.channel import Channel
from omnichannel.clock import micros
from omnichannel.errors import Busy
from omnichannel.inbox import sending
from omnichannel.inbox.rights import freezing
from omnichannel.inbox.rules import Rules, span
from omnichannel.model import Deferred, Receipt, Refused, Sent
from omnichannel.store import Tx, doubts, externals, outbox, records
from omnichannel.store.doubts import Open
from omnichannel.store.outbox import Leased

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_log = logging.getLogger("omnichannel")

_SECOND = 1_000_000
_PATIENCE = 60.0  # seconds for one question
_LONGEST = 86_400.0  # seconds that a platform may ask us to wait


async def ask(inbox: Base) -> int:
    """Ask about every doubt whose turn it is; how many there were."""
    channels, rules = inbox.channels, inbox.rules
    found = await inbox.run_job(lambda tx: claim(tx, channels, rules, rules.at_once))
    await asyncio.gather(*(_ask_about(inbox, one) for one in found))
    return len(found)


async def _ask_about(inbox: Base, one: Open) -> None:
    channel = inbox.channels.get(one.leased.account)
    if channel is not None and await _is_known(inbox, channel, one.leased):
        inbox.ring()
    elif micros(inbox.clock.now()) >= ends(one, channel):
        await inbox.run_job(lambda tx: give_up(tx, one, inbox.rules))
        inbox.ring()


async def ask_every(inbox: Base) -> int:
    """Ask about every doubt there is, whosever turn it is; how many there were."""
    found = await inbox.run_job(doubts.every)
    for start in range(0, len(found), inbox.rules.at_once):
        await asyncio.gather(
            *(_ask_now(inbox, one.leased) for one in found[start : start + inbox.rules.at_once])
        )
    return len(found)


async def _ask_now(inbox: Base, leased: Leased) -> None:
    channel = inbox.channels.get(leased.account)
    if channel is not None and await _is_known(inbox, channel, leased):
        inbox.ring()


async def _is_known(inbox: Base, channel: Channel, leased: Leased) -> bool:
    """Whether the platform could say what became of a call. One that is in trouble is left alone for a while."""
    if not channel.can.finds or micros(inbox.clock.now()) < inbox.quiet.get(channel.name, 0):
        return False
    doubt = await inbox.run_job(lambda tx: doubts.doubt(tx, leased))
    if doubt is None:
        return False
    try:
        async with asyncio.timeout(_PATIENCE):
            receipt = await channel.find(sending.chained(leased.call, leased.before), doubt)
    except Exception as error:  # noqa: BLE001 - what a channel raises is no answer
        wait = (
            timedelta(seconds=min(error.after, _LONGEST))
            if isinstance(error, Busy)
            else inbox.rules.first_pause
        )
        inbox.quiet[channel.name] = micros(inbox.clock.now()) + span(wait)
        _log.info("account %s cannot say what became of a call: %s", channel.name, type(error).__name__)
        return False
    return await inbox.run_job(lambda tx: settle(tx, channel, leased, receipt, doubt.rivals))


def claim(tx: Tx, channels: Mapping[str, Channel], rules: Rules, most: int) -> list[Open]:
    """Take doubts whose turn it is; nobody else asks the same until the next turn."""
    found = doubts.due(tx, most)
    for one in found:
        left = ends(one, channels.get(one.leased.account)) - tx.now()
        age = max(tx.now() - one.since, span(rules.first_pause))
        # Of the last question the answer may be lost with us: then somebody asks it once more.
        wait = min(age, left) if left > 0 else span(rules.send_lease)
        doubts.ask_at(tx, one.leased.id, tx.now() + wait)
    return found


def ends(one: Open, channel: Channel | None) -> int:
    """When nobody will hear of a call any more, in microseconds since 1970."""
    return one.since + int((channel.can.settles if channel else 0.0) * _SECOND)


def settle(tx: Tx, channel: Channel, one: Leased, receipt: Receipt | None, rivals: int) -> bool:
    """Write down what the platform said; whether that settles it. `rivals` as they were when it was asked."""
    state = outbox.state_of(tx, one.id)
    # What somebody decided meanwhile to send once more is not sent again, unless somebody began to.
    waits = state == outbox.QUEUED and not outbox.taken_since(tx, one)
    if isinstance(receipt, Sent) and (state == outbox.UNKNOWN or waits):
        return _found(tx, channel, one, receipt, rivals)
    if state != outbox.UNKNOWN:
        return True  # settled, or erased, while we asked
    if receipt is not None and outbox.taken_since(tx, one):
        return True  # it was sent once more while we asked: that is another doubt
    if isinstance(receipt, Refused):
        sending.end_failed(tx, one, f"{receipt.code}: {receipt.detail}")
        return True
    if isinstance(receipt, Deferred):
        _lacking(tx, one, receipt)
        return True
    return False


def _found(tx: Tx, channel: Channel, one: Leased, receipt: Sent, rivals: int) -> bool:
    """It is there: unless that is another call of ours, which took the id meanwhile, or may yet."""
    now = doubts.doubt(tx, one)
    if now is None or now.rivals > rivals or receipt.external_id in now.others:
        return False
    known = externals.by_external(tx, channel.name, receipt.external_id) if receipt.external_id else None
    if known is not None and known[0] != one.message:
        return False
    detail = receipt.detail or "the platform has it"
    sending.settle_sent(tx, channel, one, receipt.model_copy(update={"detail": detail}))
    return True


def _lacking(tx: Tx, one: Leased, receipt: Deferred) -> None:
    """It is certainly not there, so that it is simply sent."""
    because = f"the platform does not have it: {receipt.detail}".removesuffix(": ")
    wait = min(receipt.after, _LONGEST)
    outbox.queue_again(tx, one.id, because, int(wait * _SECOND))
    freezing.stop(tx, one.message)
    records.happened(tx, "message.queued", message=one.message, detail={"because": because[:500]})


def give_up(tx: Tx, one: Open, rules: Rules) -> None:
    """The time is over: send it once more, or leave it to a person, and say so once."""
    leased = one.leased
    resends = rules.resends(leased.account) and not leased.call.once and one.resent == outbox.ONCE
    because = "nobody could say whether it arrived"
    resends = resends and not freezing.frozen(tx, [leased.message])
    if resends and doubts.resend(tx, leased.id, f"{because}: sent once more"):
        records.happened(tx, "message.resent", message=leased.message, detail={"because": because})
    elif not resends and doubts.let_rest(tx, leased.id):
        detail = {"because": because, "call": tx.ids.show("call", leased.id)}
        records.happened(tx, "message.undecided", message=leased.message, detail=detail)
