"""Step four, send: one call at a time is leased, made with no lock held, and settled."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from omnichannel.channel import Call, Channel, Response, Sender
from omnichannel.inbox.rights import forgetting, freezing
from omnichannel.inbox.rules import Rules, span
from omnichannel.inbox.updating import apply
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.store import Tx, doubts, externals, outbox, pulses, records
from omnichannel.store.hands import Hands
from omnichannel.store.outbox import Leased


def recover(tx: Tx, alive: Collection[int] = ()) -> int:
    """Calls whose sender died are in doubt: shown to a person, never sent again by themselves. How many.

    Only what nobody can see (an upload), and what the platform itself knows again, is simply done again. `alive` are
    the calls that this process is making: a slow one outlives its lease, and knows its end.
    """
    dead = [(number, call) for number, call in outbox.expired(tx) if number not in alive]
    for number, call in dead:
        if call.prepares or call.repeatable:
            _again(tx, number, tx.now(), "the sender died; this call may be repeated")
        else:
            settle_unknown(tx, number, "the sender died while the call was under way")
    return len(dead)


def settle_unknown(tx: Tx, number: int, detail: str) -> None:
    """Nobody knows whether it arrived: say so, and let the platform be asked."""
    if outbox.settle(tx, number, outbox.UNKNOWN, "", detail):
        doubts.ask_at(tx, number, tx.now())
        message = outbox.message_of(tx, number)
        records.happened(tx, "message.unknown", message=message, detail={"because": detail[:500]})


def lease(
    tx: Tx, rules: Rules, most: int, hands: Hands | None = None, making: Collection[int] = ()
) -> list[Leased]:
    """Take calls whose turn it is. `hands`: how the accounts share them; None for one account.

    `making` are the calls that this process is making, which it takes up no second time.
    """
    leased = outbox.lease(tx, most, tx.now() + span(rules.send_lease), hands, making)
    # What was ordered while somebody was being frozen waited unseen when all that waited was cancelled.
    held = freezing.frozen(tx, [one.message for one in leased])
    for one in leased:
        if one.message in held:
            _again(tx, one.id, tx.now(), "the customer is frozen")
    return [one for one in leased if one.message not in held]


def in_time(leased: Leased, now: int) -> bool:
    """Whether a call may still be begun: asked right before the wire, where whoever stood still goes on.

    A worker can stand still for longer than its lease (its machine was paused, a handler held the loop).
    Meanwhile another one takes it for dead, and the call may be sent once more; made now, it would be sent twice.
    What cannot be seen is a stop after this question, within the library that writes to the wire: then both make it.
    """
    return now <= leased.begin_by


def put_back(tx: Tx, leased: Leased, until: int, because: str) -> None:
    """It was certainly not made: it waits again, also where it is in doubt by now. Who took it up since keeps it."""
    if not outbox.taken_since(tx, leased):
        _wait(tx, leased, max(tx.now(), until), because)


def not_before(receipt: Receipt, now: int, rules: Rules) -> int:
    """Until when nothing is sent to the account that this was said of, in microseconds since 1970; 0 for nothing."""
    if not isinstance(receipt, Deferred) or receipt.scope != "account":
        return 0
    return now + int(min(receipt.after * 1_000_000, span(rules.give_up_sending)))


async def attempt(channel: Channel, sender: Sender, leased: Leased) -> Receipt:
    """Make the one request; whatever happens, it has an outcome."""
    if leased.call.chain and not leased.before:
        return Refused(code="invalid", detail="the piece before it has no id to go on from")
    call = chained(leased.call, leased.before)
    try:
        response = await sender.send(call)
    except Exception as error:  # noqa: BLE001 - a sender's bug says nothing about the platform
        response = Response(failure="in_doubt", detail=f"{type(error).__name__}: {error}")
    try:
        return channel.read(call, response)
    except Exception as error:  # noqa: BLE001 - the call went out: only its answer cannot be read
        return Unknown(detail=f"the answer could not be read: {type(error).__name__}: {error}")


def chained(call: Call, before: str) -> Call:
    """The call with the external id of the piece before it where its JSON pointer says."""
    if not call.chain:
        return call
    body = json.loads(call.body)
    *path, last = call.chain.strip("/").split("/")
    place = body
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [before]
    else:
        place[last] = before
    return call.model_copy(update={"body": json.dumps(body, ensure_ascii=False).encode()})


class Outcome(NamedTuple):
    """What became of a call. `note` writes down that its account sent something."""

    channel: Channel
    leased: Leased
    receipt: Receipt
    note: Callable[[Tx], None]


def settle_all(tx: Tx, outcomes: Sequence[Outcome], rules: Rules) -> None:
    """Write down what became of several calls, and what that means for what follows them."""
    outbox.foresee(tx, [one.leased.id for one in outcomes])
    spoken_of: dict[str, set[str]] = {}
    for one in outcomes:
        if isinstance(one.receipt, Sent) and not one.leased.call.prepares:
            spoken_of.setdefault(one.channel.name, set()).update(_names(one.leased, one.receipt))
    for account, ids in spoken_of.items():
        externals.foresee(tx, account, "message", ids)
        externals.foresee_early(tx, account, ids)
    for one in outcomes:
        settle(tx, one.channel, one.leased, one.receipt, rules)
        if isinstance(one.receipt, Sent):
            one.note(tx)


def _names(leased: Leased, receipt: Sent) -> list[str]:
    """Under what a call is spoken of: the ids that it got, and what was planted in it."""
    return list(dict.fromkeys(filter(None, (receipt.external_id, *receipt.aliases, leased.call.correlator))))


def settle(tx: Tx, channel: Channel, leased: Leased, receipt: Receipt, rules: Rules) -> None:
    """Write down what became of a call, and what that means for what follows it.

    Where somebody took it up since, because our lease was over, only that it arrived is worth anything, and that
    the platform asks the whole account to wait.
    """
    if outbox.state_of(tx, leased.id) is None:
        if isinstance(
            receipt, Sent
        ):  # whoever it was for was erased meanwhile: nothing of it is kept, or comes
            for external_id in filter(None, (receipt.external_id, *receipt.aliases)):
                forgetting.forget_call(tx, channel.name, external_id)
        return
    if until := not_before(receipt, tx.now(), rules):
        pulses.hold_off(tx, leased.account, until)
    if isinstance(receipt, Sent):
        settle_sent(tx, channel, leased, receipt)
    elif outbox.taken_since(tx, leased):
        return
    elif isinstance(receipt, Deferred):
        _deferred(tx, leased, receipt, rules)
    elif isinstance(receipt, Unknown) and _may_repeat(leased, rules):
        _again(tx, leased.id, tx.now() + rules.pause(leased.attempts + 1), receipt.detail)
    elif isinstance(receipt, Unknown):
        settle_unknown(tx, leased.id, receipt.detail)
    else:
        fail(tx, leased, f"{receipt.code}: {receipt.detail}")


def _may_repeat(leased: Leased, rules: Rules) -> bool:
    return (leased.call.prepares or leased.call.repeatable) and leased.attempts < rules.handle_attempts


def settle_sent(tx: Tx, channel: Channel, leased: Leased, receipt: Sent) -> None:
    """The platform has it: under these ids it will be spoken of."""
    news = _arrived(tx, leased, receipt)
    if not news:  # a status or an echo was faster
        outbox.name(tx, leased.id, receipt.external_id)
    if leased.call.prepares:
        return
    ids = dict.fromkeys(filter(None, (receipt.external_id, *receipt.aliases)))
    for external_id in ids:
        externals.claim_external(tx, channel.name, "message", external_id, leased.message)
    if news:
        records.happened(tx, "message.sent", conversation=leased.conversation, message=leased.message)
    # A status can be faster than the answer to the call that it is about.
    for external_id in _names(leased, receipt):
        for update in externals.take_early(tx, channel.name, external_id):
            apply(tx, channel, update)


def _arrived(tx: Tx, leased: Leased, receipt: Sent) -> bool:
    """Whether that is news; whatever was thought of it meanwhile, and perhaps done about it."""
    since, state = outbox.taken_since(tx, leased), outbox.state_of(tx, leased.id)
    twice = (since and state in (outbox.SENDING, outbox.SENT, outbox.UNKNOWN)) or (
        state == outbox.SENT and _came_before(tx, leased, receipt)
    )
    if twice and not leased.call.prepares and not leased.call.repeatable:
        doubts.perhaps_twice(tx, leased.id)
    if state in (outbox.QUEUED, outbox.CANCELLED) or (since and state == outbox.FAILED):
        outbox.arrived(tx, leased.id, receipt.external_id, receipt.detail)
        return True
    return outbox.settle(tx, leased.id, outbox.SENT, receipt.external_id, receipt.detail)


def _came_before(tx: Tx, leased: Leased, receipt: Sent) -> bool:
    """Whether what was made once more is there under another id, which came back while it was made."""
    if not leased.doubted or not receipt.external_id:
        return False
    return outbox.name_of(tx, leased.id) not in ("", receipt.external_id, *receipt.aliases)


def _deferred(tx: Tx, leased: Leased, receipt: Deferred, rules: Rules) -> None:
    left = outbox.queued_at(tx, leased.id) + span(rules.give_up_sending) - tx.now()
    if left <= 0:
        fail(tx, leased, f"put off by the platform for too long: {receipt.detail}")
    else:  # a platform may say any time, even never: we ask once more before we give up
        _wait(tx, leased, tx.now() + int(min(receipt.after * 1_000_000, left)), receipt.detail)


def _wait(tx: Tx, leased: Leased, until: int, because: str) -> None:
    """It was certainly not taken this time: it waits, also where others took it for in doubt meanwhile."""
    state = outbox.state_of(tx, leased.id)
    if state == outbox.UNKNOWN:
        outbox.queue_again(tx, leased.id, because, until - tx.now())
        freezing.stop(tx, leased.message)
        records.happened(tx, "message.queued", message=leased.message, detail={"because": because[:500]})
    elif state == outbox.SENT:  # by whom we had taken for dead
        doubts.refused_again(tx, leased.id)
    else:
        _again(tx, leased.id, until, because)


def _again(tx: Tx, number: int, due_at: int, detail: str) -> None:
    """Make a call once more at that time, unless its customer's data were frozen while it was under way."""
    outbox.defer(tx, number, due_at, detail)
    freezing.stop(tx, outbox.message_of(tx, number))


def fail(tx: Tx, leased: Leased, detail: str) -> None:
    """It will not be taken any more. What was sent once more may have arrived the first time: it stays in doubt."""
    if outbox.taken_since(tx, leased):
        return
    if leased.resent:
        doubts.refused_again(tx, leased.id)
        settle_unknown(tx, leased.id, f"the second time: {detail}")
    else:
        end_failed(tx, leased, detail)


def end_failed(tx: Tx, leased: Leased, detail: str) -> None:
    """It will never be taken: say so, and send nothing of what was to follow it."""
    if not outbox.settle(tx, leased.id, outbox.FAILED, "", detail):
        doubts.refused_again(tx, leased.id)  # it proved to have arrived all the same, once
        return
    outbox.cancel_rest(tx, leased.message, "an earlier piece of this message failed")
    records.happened(
        tx,
        "message.failed",
        conversation=leased.conversation,
        message=leased.message,
        detail={"because": detail[:500]},
    )
