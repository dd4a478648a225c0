"""What happens to a message after it was sent: edits, deletions, reactions, statuses, and what only happens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from omnichannel.channel import Channel
from omnichannel.clock import micros
from omnichannel.inbox import early
from omnichannel.inbox.echoes import confirm
from omnichannel.inbox.returning import Bringer, redeem
from omnichannel.model import Direction, Party, Strength, Updated
from omnichannel.store import Tx, conversations, externals, meant, messages, outbox, people, records

_CHANGES = ("edited", "deleted", "reaction")
_WAITING = (outbox.QUEUED, outbox.CANCELLED)


def apply(tx: Tx, channel: Channel, event: Updated) -> None:
    """Apply an update to whatever it is about; what is not here yet waits for it."""
    if event.status is not None:
        _status(tx, channel, event)
    elif event.kind in _CHANGES:
        for target in event.targets:
            _change(tx, channel.name, target, event)
    elif event.kind != "typing":
        _note(tx, channel, event)


def catch_up(tx: Tx, channels: Mapping[str, Channel]) -> None:
    """Apply what waits for messages that are here by now."""
    for account, target in externals.late(tx, sorted(channels)):
        for event in externals.take_early(tx, account, target):
            apply(tx, channels[account], event)


def _change(tx: Tx, account: str, target: str, event: Updated) -> None:
    known = externals.by_external(tx, account, target)
    if known is None:
        early.keep(tx, account, target, event.model_copy(update={"targets": (target,)}))
        return
    message = messages.held(tx, known[0], alone=True)
    if not _may_change(message, event, tx):
        records.happened(tx, "message.update_refused", message=message.id, detail={"kind": event.kind})
        return
    changed = _changed(message.content, event)
    if changed != message.content:
        messages.rewrite(tx, message, changed)
        records.happened(tx, f"message.{event.kind}", conversation=message.conversation, message=message.id)


def _may_change(message: messages.Held, event: Updated, tx: Tx) -> bool:
    """Nobody edits or deletes another person's words, nor a customer ours; anybody may react."""
    if event.kind == "reaction" or event.sender is None:
        return True
    author = people.find(tx, event.sender.address)
    if message.direction is Direction.INBOUND:
        return author is not None and author.id == message.peer
    return author is None


def _changed(content: dict[str, Any], event: Updated) -> dict[str, Any]:
    if event.kind == "edited":
        return _edited(content, event)
    if event.kind == "deleted":
        # The platform demands that deleted words are no longer shown; the raw delivery is erased with the customer.
        return content | {"parts": [], "deleted": True}
    who = str(event.sender.address) if event.sender else ""
    others = [pair for pair in content.get("reactions", []) if pair[0] != who]
    return content | {"reactions": others if event.removed else [*others, [who, event.reaction]]}


def _edited(content: dict[str, Any], event: Updated) -> dict[str, Any]:
    """What it says now, unless it was deleted or a later edit was faster.

    New words take the place of the old ones. An edit with a `System` part tells how far something got (a call, its
    recording): then it takes the place of what it told before, and words stay until it brings words.
    """
    made_at = micros(event.sent_at) if event.sent_at else content.get("edited_at", 0)
    if content.get("deleted") or made_at < content.get("edited_at", 0):
        return content
    old, new = content.get("parts", []), json.loads(messages.parts_json(event.parts))
    parts = _told(old, new) if any(part["type"] == "system" for part in new) else _reworded(old, new)
    return content | {"parts": parts, "edited": True, "edited_at": made_at}


Dumped = list[dict[str, Any]]


def _reworded(old: Dumped, new: Dumped) -> Dumped:
    """The new words, and every old part that none of the new ones stands for."""
    names = {_WORDS, *map(_name, new)} - {_NAMELESS}
    return new + [part for part in old if _name(part) not in names]


def _told(old: Dumped, new: Dumped) -> Dumped:
    """The same in its new state, in the same place; what is told for the first time follows."""
    named = {name: part for part in new if (name := _name(part)) not in (_NAMELESS, _WORDS)}
    words = any(_name(part) == _WORDS for part in new)
    kept = [named.get(_name(part), part) for part in old if not (words and _name(part) == _WORDS)]
    places = {_name(part) for part in old} - {_NAMELESS, _WORDS}
    return kept + [part for part in new if _name(part) not in places]


_WORDS, _NAMELESS = ("text", ""), ("", "")


def _name(part: dict[str, Any]) -> tuple[str, str]:
    """What a part is the one and only of in its message; nameless is what there may be any number of."""
    kind = part["type"]
    if kind == "text":
        return _WORDS
    own = part.get("what") if kind == "system" else part.get("external_id") or part.get("url")
    return (kind, own) if own else _NAMELESS


def _status(tx: Tx, channel: Channel, event: Updated) -> None:
    """Move every call forward that the status is about: by correlator, by id, or all up to a moment."""
    account, status = channel.name, str(event.status)
    if event.correlator and (found := meant.find(tx, account, correlator=event.correlator)):
        # The one message that it names is the call that it names, too.
        _arrived(tx, account, found, event.targets[0] if len(event.targets) == 1 else "", event)
    for target in event.targets:
        found = meant.find(tx, account, external_id=target) or meant.find(tx, account, correlator=target)
        if found is not None:
            _arrived(tx, account, found, target, event)
        elif externals.by_external(tx, account, target) is None:
            early.keep(tx, account, target, event.model_copy(update={"targets": (target,)}))
    if event.until is not None and not event.targets:
        _advance_all(tx, account, event, status)


def _arrived(tx: Tx, account: str, call: tuple[int, int, int], external_id: str, event: Updated) -> None:
    """A status about a call of which we had no answer yet says that the platform has it."""
    failed = event.status == "failed"
    if call[2] in (outbox.SENDING, outbox.UNKNOWN) or (call[2] in _WAITING and not failed):
        confirm(tx, account, call, external_id)
    moved = _advance(tx, call[0], call[1], str(event.status), event.reason)
    if moved and call[2] == outbox.FAILED and not failed:
        # It was taken once, and refused when it was made again: who heard that it failed hears otherwise.
        because = {"because": f"it was {event.status} after all"}
        records.happened(tx, "message.sent", message=call[1], detail=because)


def _advance_all(tx: Tx, account: str, event: Updated, status: str) -> None:
    party = event.sender or (event.recipients[0] if event.recipients else None)
    person = people.find(tx, party.address) if party else None
    if person is None or event.until is None:
        return
    for call, message in meant.sent_to(tx, account, person.id, micros(event.until)):
        _advance(tx, call, message, status, "")


def _advance(tx: Tx, call: int, message: int, status: str, reason: str) -> bool:
    if not outbox.advance(tx, call, status, reason):
        return False
    detail = {"because": reason} if reason else None
    records.happened(tx, f"message.{status}", message=message, detail=detail)
    if status == "failed":
        outbox.cancel_rest(tx, message, "an earlier piece of this message failed")
    return True


def _note(tx: Tx, channel: Channel, event: Updated) -> None:
    """Something of the platform's own (a referral, a hand-over): it is on record, and a token in it counts."""
    person = people.find(tx, event.sender.address) if event.sender else None
    if event.sender and event.tokens:
        _continue(tx, channel, event, event.sender)
    records.happened(
        tx,
        f"channel.{event.kind}",
        customer=person.customer if person else None,
        detail={"reason": event.reason} if event.reason else None,
    )


def _continue(tx: Tx, channel: Channel, event: Updated, sender: Party) -> None:
    """Somebody came over by a link with a token, and has said nothing yet: the thread goes on there.

    Only if nothing else is open in the thread: what is being talked about there is not torn away.
    """
    at = tx.now()
    person = people.meet(tx, sender, Strength.VERIFIED, "platform_id", None, at)
    token = redeem(tx, Bringer(channel.name, person, Strength.VERIFIED, at), event.tokens)
    if token is None or not event.thread:
        return
    current = conversations.by_thread(tx, channel.name, event.thread)
    if current is None or not current.open:
        conversations.tie(tx, channel.name, event.thread, token.conversation)
        conversations.take_part(tx, person.id, token.conversation)
