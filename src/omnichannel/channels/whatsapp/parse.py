"""From the bytes of a webhook (or of a file) to events: every entry, change and list, one bad item on its own.

Pure: no socket, no clock. Envelope and semantics: Meta's "Webhooks" of the WhatsApp Business Platform; one body may
hold several accounts, one `value` messages, statuses and errors at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from omnichannel.channel import Delivery
from omnichannel.channels.whatsapp import files, happenings, messages
from omnichannel.channels.whatsapp.envelope import Envelope, envelope_of, own_id
from omnichannel.channels.whatsapp.files import Piece
from omnichannel.errors import Malformed
from omnichannel.model import Event, Ignored, Unreadable
from omnichannel.toolbox import Json, guarded, is_object, load_json, obj, string

Body = dict[str, Json]
_Read: TypeAlias = Callable[[Envelope, Body], Event]

OBJECT = "whatsapp_business_account"


class Ours(NamedTuple):
    """Which account is read: the id of its phone number and what its user ids hold for. Empty takes everybody's."""

    number: str = ""
    scope: str = ""


def events(delivery: Delivery, ours: Ours) -> Iterator[Event]:
    """What a delivery says. Raises Malformed, at once, if it is not JSON or no webhook at all."""
    body = load_json(delivery.body)
    past = delivery.past
    if delivery.source == "file":
        return _file(body, ours)
    if not is_object(body) or not string(body, "object"):
        raise Malformed("not a webhook: no JSON object with `object` and `entry`")
    return _webhook(body, ours, "", past=past)


def _file(body: Json, ours: Ours) -> Iterator[Event]:
    for where, piece in files.pieces(body):
        yield from _piece(piece, ours, where)


def _piece(piece: Piece, ours: Ours, where: str) -> Iterator[Event]:
    data = piece.data
    if piece.shape == "webhook":
        yield from _webhook(data, ours, where)
    elif piece.shape == "entry":
        yield from _entry(data, ours, where)
    elif piece.shape == "change":
        yield from _change(data, ours, ours.scope, where)
    elif piece.shape == "value":
        yield from _value(data, "", ours, ours.scope, where)
    elif piece.shape == "message":
        yield from _value({"messages": [data]}, "", ours, ours.scope, where)
    elif piece.shape == "no_event":
        yield Ignored(reason="not_event: asked of the Cloud API, or its answer", kind="answer")
    else:
        yield Unreadable(reason="neither a webhook, nor an entry, a change or a message of one", where=where)


def _webhook(body: Body, ours: Ours, where: str, *, past: bool = False) -> Iterator[Event]:
    entries = body.get("entry")
    if string(body, "object") not in (OBJECT, ""):
        yield Ignored(reason=f"not_whatsapp: object {string(body, 'object')}"[:200], kind="object")
    elif not isinstance(entries, list):
        yield Unreadable(reason="entry is not a list", where=f"{where}/entry")
    elif not entries:
        yield Ignored(reason="empty: the webhook holds no entry", kind="webhook")
    else:
        for index, entry in enumerate(entries):
            yield from _entry(entry, ours, f"{where}/entry/{index}", past=past)


def _entry(entry: Json, ours: Ours, where: str, *, past: bool = False) -> Iterator[Event]:
    changes = entry.get("changes") if is_object(entry) else None
    if not isinstance(changes, list):
        yield Unreadable(reason="changes is not a list", where=f"{where}/changes")
        return
    account = string(entry, "id")
    for index, change in enumerate(changes):
        place = f"{where}/changes/{index}"
        if not is_object(change) or not is_object(change.get("value")):
            yield Unreadable(reason="a change without a value", where=place)
        elif ours.number and account == "0":
            reason = "dashboard_test: it arrived, and its signature is right"
            yield Ignored(reason=reason, kind="dashboard_test", external_id=own_id("test", change))
        else:
            yield from _change(change, ours, account, place, past=past)


def _change(change: Body, ours: Ours, account: str, where: str, *, past: bool = False) -> Iterator[Event]:
    value, field = obj(change, "value"), string(change, "field")
    yield from _value(value, field, ours, ours.scope or account.replace(":", ""), f"{where}/value", past=past)


def _value(
    value: Body, field: str, ours: Ours, scope: str, where: str, *, past: bool = False
) -> Iterator[Event]:
    """Everything that a `value` holds, if it is for our number: one app's secret signs for all of its numbers."""
    envelope = envelope_of(value, scope, past=past, app=_app(field))
    found = envelope.number
    if ours.number and found and found != ours.number:
        yield Unreadable(
            reason=f"account_mismatch: this is for phone number {found}, we are {ours.number}. Give each number "
            "an account, and point its webhook there (webhook_configuration.override_callback_uri)"
        )
        return
    held = obj(value, "standby") if "standby" in value else {}
    if held:
        # Another program holds the conversation: we read along.
        yield from _lists({**value, **held}, field, envelope_of({**value, **held}, scope, past=True), where)
    else:
        yield from _lists(value, field, envelope, where)


def _app(field: str) -> str:
    """Who of ours speaks in an echo."""
    return "WhatsApp Business app" if field == "smb_message_echoes" else ""


def _lists(value: Body, field: str, envelope: Envelope, where: str) -> Iterator[Event]:
    """Each list that is there, in a fixed order; what a field holds without one is the account's business."""
    present = [key for key in _READERS if value.get(key) is not None]
    if field == "messaging_handovers":
        yield from guarded(lambda told: (happenings.handover(envelope, told),), value, where)
    elif not present and value.get("history") is None:
        yield _of_the_account(value, field)
    for key in present:
        read = messages.file_of_the_past if field == "history" and key == "messages" else _READERS[key]
        yield from _items(value, key, read, envelope, where)
    if value.get("history") is not None:
        yield from _history(value, envelope, f"{where}/history")


def _items(value: Body, key: str, read: _Read, envelope: Envelope, where: str) -> Iterator[Event]:
    listed = value[key]
    if isinstance(listed, dict):
        listed = [listed]
    if not isinstance(listed, list):
        yield Unreadable(reason=f"{key} is not a list", where=f"{where}/{key}")
        return
    for index, data in enumerate(listed):
        yield _one(read, envelope, data, f"{where}/{key}/{index}")


def _one(read: _Read, envelope: Envelope, data: Json, where: str) -> Event:
    """What one item says, or what is wrong with it; pydantic's complaints are ValueErrors."""
    if not is_object(data):
        return Unreadable(reason="not an object", where=where)
    try:
        return read(envelope, data)
    except (Malformed, ValueError) as error:
        return Unreadable(reason=str(error)[:500], where=where)


def _history(value: Body, envelope: Envelope, where: str) -> Iterator[Event]:
    """What was said in the WhatsApp Business app before it was joined: chunks of threads, in any order."""
    envelope = envelope_of(value, envelope.scope, past=True, app=_app("smb_message_echoes"))
    for place, chunk in _listed(value, "history", where):
        if isinstance(chunk, Unreadable):
            yield chunk
        elif "errors" in chunk:
            yield from _items(chunk, "errors", happenings.trouble, envelope, place)
        elif "threads" in chunk:
            yield from _threads(chunk, envelope, place)
        else:
            yield Unreadable(reason="neither threads nor errors", where=place)


def _threads(chunk: Body, envelope: Envelope, where: str) -> Iterator[Event]:
    for place, thread in _listed(chunk, "threads", f"{where}/threads"):
        if isinstance(thread, Unreadable):
            yield thread
        elif "messages" in thread:
            yield from _items(thread, "messages", _reader_of(thread), envelope, place)
        else:
            yield Unreadable(reason="a thread without messages", where=place)


def _listed(holder: Body, key: str, where: str) -> Iterator[tuple[str, Body | Unreadable]]:
    """The objects of a list with their places, and what is none."""
    listed = holder.get(key, [])
    for index, one in enumerate(listed if isinstance(listed, list) else [listed]):
        place = f"{where}/{index}"
        yield place, one if is_object(one) else Unreadable(reason="not an object", where=place)


def _reader_of(thread: Json) -> _Read:
    return lambda envelope, data: messages.of_thread(envelope, data, thread)


def _of_the_account(value: Body, field: str) -> Event:
    """Reviews, templates, quality, limits, contact books: for whoever runs the account, not for a conversation."""
    told = (string(value, key) for key in ("event", "decision", "new_quality_score", "current_limit"))
    words = " ".join(filter(None, (field or "a value without anything in it", *told)))
    return Ignored(
        reason=f"not_conversation: {words}"[:500], kind=field[:100], external_id=own_id("field", value)
    )


_READERS: dict[str, _Read] = {
    "messages": messages.message,
    "message_echoes": messages.echo,
    "statuses": happenings.status,
    "calls": happenings.call,
    "user_preferences": happenings.preference,
    "user_id_update": messages.user_id_update,
    "groups": happenings.group,
    "errors": happenings.trouble,
}
"""What reads the items of each list."""
