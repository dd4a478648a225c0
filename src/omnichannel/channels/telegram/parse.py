"""From the bytes of a webhook, of a page of `getUpdates`, or of a file, to events; one bad update on its own.

Pure: no socket, no clock. An update holds one thing under the key that says what it is; what holds several is read
whole, and a kind that is not known yet is ignored with its name: its bytes are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from omnichannel.channel import Delivery
from omnichannel.channels.telegram.happenings import HAPPENINGS, NOT_CONVERSATION, Update, ignored
from omnichannel.channels.telegram.parts import Body, present
from omnichannel.channels.telegram.said import edited, message, said_of
from omnichannel.channels.telegram.settings import Businesses
from omnichannel.errors import Malformed
from omnichannel.model import Event, Ignored, Unreadable
from omnichannel.toolbox import Json, is_object, load_json, obj, string

MESSAGES = frozenset({"message", "channel_post", "business_message", "guest_message"})
EDITS = frozenset({"edited_message", "edited_channel_post", "edited_business_message"})

_KNOWN = frozenset((*MESSAGES, *EDITS, *HAPPENINGS, *NOT_CONVERSATION))
_DEEPEST = 3


def events(delivery: Delivery, own: str, businesses: Businesses = None) -> Iterator[Event]:
    """What a delivery says; `own` is our bot's id. Raises Malformed, at once, if it is nothing of Telegram's.

    `businesses` are the business connections that are ours; what comes by another is unreadable until it is named.
    None where ours are unknown, and in a file, which somebody of ours brings: all are read.
    """
    body = load_json(delivery.body)
    if delivery.source == "file":
        return _file(body, own)
    if is_object(body) and "update_id" in body:
        return _update(body, own, businesses=businesses)
    if is_object(body) and isinstance(body.get("result"), list):
        return _page(body["result"], own, "/result", businesses)
    raise Malformed("neither an update nor a page of updates: there is no update_id")


def _page(updates: Json, own: str, where: str, businesses: Businesses) -> Iterator[Event]:
    for index, update in enumerate(updates if isinstance(updates, list) else ()):
        if is_object(update):
            yield from _update(update, own, f"{where}/{index}", businesses)
        else:
            yield Unreadable(reason="the update is not an object", where=f"{where}/{index}")


def _update(data: Body, own: str, where: str = "", businesses: Businesses = None) -> Iterator[Event]:
    """Everything that an update holds: one thing, as Telegram has it."""
    held = present(data)
    held.pop("update_id", None)
    for key, value in held.items():
        connection = "" if businesses is None else _connection(key, value)
        if businesses is not None and connection and connection not in businesses:
            yield Unreadable(reason=_NOT_OURS.format(connection[:256]), where=f"{where}/{key}")
        else:
            yield _guarded(key, value, Update(data, own), f"{where}/{key}")
    if not held:
        yield Ignored(reason="empty: an update that says nothing", kind="update")


_NOT_OURS = (
    "account_mismatch: it came by the business connection {}, which is not among the setting businesses; "
    "add it there if that account is yours, else switch Business Mode off (@BotFather)"
)


def _connection(key: str, value: Json) -> str:
    """The business connection that something came by; empty for what people write to the bot itself."""
    if key == "business_connection":
        return string(value, "id")
    if is_object(value) and _CONNECTED.isdisjoint(value):
        return ""
    found = string(value, "business_connection_id")
    return found or string(obj(value, "message"), "business_connection_id")


_CONNECTED = frozenset({"business_connection_id", "message"})


def _guarded(key: str, value: Json, update: Update, where: str) -> Event:
    """The event, or what is wrong with this one thing; pydantic's complaints are ValueErrors."""
    if key not in _KNOWN:
        return Ignored(reason=f"unknown_update: {key}"[:200], kind=key[:100])
    if not is_object(value):
        return Unreadable(reason=f"{key} is not an object", where=where)
    try:
        return _one(key, value, update)
    except (Malformed, ValueError) as error:
        return Unreadable(reason=str(error)[:500], where=where)


def _one(key: str, body: Body, update: Update) -> Event:
    if key in MESSAGES:
        return message(said_of(body, update.own, business=key == "business_message"))
    if key in EDITS:
        business = key == "edited_business_message"
        return edited(said_of(body, update.own, business=business), update.own_id)
    if key in HAPPENINGS:
        return HAPPENINGS[key](update, body)
    return ignored(key, body, f"not_conversation: {NOT_CONVERSATION[key]}")


# A file may hold less or more than a webhook: a lone message, an answer of the API, several of these, a recording.


def _file(value: Json, own: str) -> Iterator[Event]:
    found = list(_pieces(value, own, "", 0))
    if found:
        yield from found
    elif isinstance(value, dict | list):
        yield Ignored(
            reason="not_update: something of the Bot API's, but nothing that happened", kind="object"
        )
    else:
        yield Unreadable(reason="neither an update, nor a message, nor an answer of the Bot API")


def _pieces(value: Json, own: str, where: str, depth: int) -> Iterator[Event]:
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _pieces(one, own, f"{where}/{index}", depth + 1) if depth < _DEEPEST else ()
    elif is_object(value):
        reader = _reader(value)
        if reader:
            yield from reader(value, own, where)
        elif depth < _DEEPEST:
            for key, inner in value.items():
                yield from _pieces(inner, own, f"{where}/{key}", depth + 1)


def _reader(value: Body) -> Callable[[Body, str, str], Iterator[Event]] | None:
    """How to read an object, by its keys; None for what is not in itself something that happened."""
    if kind := _lone_kind(value):
        return lambda body, own, where: iter((_guarded(kind, body, Update({kind: body}, own), where),))
    if "update_id" in value or any(is_object(value.get(key)) for key in _KNOWN - {"poll"}):
        return _update
    return _answer if isinstance(value.get("ok"), bool) else None


def _lone_kind(value: Body) -> str:
    """What of an update an object would be that stands alone, by what only that has; empty for none."""
    if "message_id" in value and is_object(value.get("chat")) and "type" not in value:
        told = next((kind for key, kind in _OF_A_MESSAGE.items() if key in value), "message")
        return "" if value.get("date") == 0 and value.keys() <= _INACCESSIBLE else told
    return next((kind for keys, kind in _ALONE if keys <= value.keys()), "")


_INACCESSIBLE = frozenset({"message_id", "chat", "date"})
"""All that is left of a message that is gone, or too old, for whoever wants to know what a tap was below."""

_OF_A_MESSAGE = {"new_reaction": "message_reaction", "reactions": "message_reaction_count"}
_ALONE: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"chat_instance", "from"}), "callback_query"),
    (frozenset({"old_chat_member", "new_chat_member", "chat"}), "chat_member"),
    (frozenset({"message_ids", "business_connection_id", "chat"}), "deleted_business_messages"),
    (frozenset({"user_chat_id", "is_enabled", "user"}), "business_connection"),
    (frozenset({"user_chat_id", "chat", "from"}), "chat_join_request"),
)
"""What an update holds, by keys that nothing else has (Bot API 10.3)."""


def _answer(value: Body, own: str, where: str) -> Iterator[Event]:
    """What the Bot API answered: the updates or messages in it, or that it is no more than an answer."""
    found = list(_pieces(value.get("result"), own, f"{where}/result", 1))
    yield from found
    if not found:
        words = string(value, "description") or "done"
        yield Ignored(reason=f"not_update: an answer of the Bot API: {words}"[:300], kind="answer")
