"""From the bytes of a webhook (or of a file) to events: every entry, every item, one bad item on its own.

Pure: no socket, no clock. Envelope and semantics: Meta's "Webhooks for Messenger" and the generic Graph page;
entries may mix several Pages, and one entry may hold `messaging`, `standby` and `changes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import files
from omnichannel.channels.messenger.happenings import HAPPENINGS
from omnichannel.channels.messenger.item import Item, address, item_of
from omnichannel.channels.messenger.parts import parts_of, referral_parts
from omnichannel.errors import Malformed
from omnichannel.model import (
    Choice,
    Event,
    Evidence,
    Ignored,
    Option,
    Part,
    Strength,
    Text,
    Unreadable,
)
from omnichannel.toolbox import Json, find_tokens, is_object, load_json, need, number, obj, string

_ADDRESSING = frozenset({"sender", "recipient", "timestamp", "prior_message"})


def events(delivery: Delivery, page_id: str) -> Iterator[Event]:
    """What a delivery says. `page_id` is our Page; empty takes every Page (reading files).

    Raises Malformed, at once, if it is not JSON or no webhook at all.
    """
    body = load_json(delivery.body)
    if delivery.source == "file":
        return _file(body, page_id)
    if not is_object(body) or not string(body, "object"):
        raise Malformed("not a webhook: no JSON object with `object` and `entry`")
    return _webhook(body, page_id, "")


def _file(body: Json, page_id: str) -> Iterator[Event]:
    for where, piece in files.pieces(body):
        yield from _piece(piece, page_id, where)


def _piece(piece: files.Piece, page_id: str, where: str) -> Iterator[Event]:
    if piece.shape == "webhook":
        yield from _webhook(piece.data, page_id, where)
    elif piece.shape == "entry" and "id" in piece.data:
        yield from _entry_of_ours(piece.data, page_id, where)
    elif piece.shape == "entry":
        yield from _entry(piece.data, page_id, where)
    elif piece.shape == "item":
        yield _guarded(lambda: _item(item_of(piece.data, page_id)), where)
    elif piece.shape == "change":
        yield _guarded(lambda: _change(piece.data, page_id, None), where)
    elif piece.shape == "answer":
        yield Ignored(reason="not_event: an answer of the Graph API", kind="answer")
    else:
        yield Unreadable(reason="neither a webhook, nor an entry, nor an item of one", where=where)


def _webhook(body: dict[str, Json], page_id: str, where: str) -> Iterator[Event]:
    entries = body.get("entry")
    if string(body, "object") not in ("page", ""):
        yield Ignored(reason=f"not_messenger: object {string(body, 'object')}", kind=string(body, "object"))
    elif not isinstance(entries, list) or not entries:
        yield Unreadable(reason="entry is not a list with something in it", where=f"{where}/entry")
    else:
        for index, entry in enumerate(entries):
            yield from _entry_of_ours(entry, page_id, f"{where}/entry/{index}")


def _entry_of_ours(entry: Json, page_id: str, where: str) -> Iterator[Event]:
    """Read an entry only if it is our Page's: one app's secret signs for all of its Pages."""
    found = string(entry, "id")
    if not is_object(entry):
        yield Unreadable(reason="entry is not an object", where=where)
    elif not page_id or found == page_id:
        yield from _entry(entry, found, where)
    elif found == "0":
        yield Ignored(reason="dashboard_test: it arrived, and its signature is right", kind="dashboard_test")
    else:
        yield Unreadable(
            reason=f"account_mismatch: this is Page {found or '(none)'}'s, we are Page {page_id}. "
            "Point that Page's webhook at its own account",
            where=where,
        )


def _entry(entry: dict[str, Json], page: str, where: str) -> Iterator[Event]:
    time = number(entry, "time")
    known = False
    for field in ("messaging", "standby", "changes"):
        if field not in entry:
            continue
        known = True
        for index, data in enumerate(_listed(entry[field])):
            yield _one(field, data, page, time, f"{where}/{field}/{index}")
    if not known:
        fields = ", ".join(sorted(set(entry) - {"id", "time"})) or "nothing"
        yield Ignored(reason=f"not_messenger: the entry holds {fields}"[:200], kind="entry")


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _one(field: str, data: Json, page: str, time: float | None, where: str) -> Event:
    if not is_object(data):
        return Unreadable(reason="not an object", where=where)
    if field == "changes":
        return _guarded(lambda: _change(data, page, time), where)
    standby = field == "standby"
    return _guarded(lambda: _item(item_of(data, page, standby=standby, entry_time=time)), where)


def _guarded(read: Callable[[], Event], where: str) -> Event:
    """The event, or what is wrong with this one item; pydantic's complaints are ValueErrors."""
    try:
        return read()
    except (Malformed, ValueError) as error:
        return Unreadable(reason=str(error)[:500], where=where)


def _change(change: dict[str, Json], page: str, time: float | None) -> Event:
    """A field of the Page that changed; the dashboard's test button sends messages this way, too."""
    field, value = string(change, "field"), obj(change, "value")
    if field.startswith(("message", "messaging", "standby")) and value:
        return _item(item_of(value, page, standby=field == "standby", entry_time=time))
    return Ignored(
        reason=f"not_messenger: the Page's field {field or '(none)'}"[:200],
        kind=field,
        external_id=(string(value, "comment_id") or string(value, "post_id"))[:1024],
    )


def _item(item: Item) -> Event:
    """What one item says, by the first key that we know."""
    if "message" in item.data:
        return _message(item, _body(item, "message"))
    if "postback" in item.data:
        return _postback(item, _body(item, "postback"))
    for key, happening in HAPPENINGS.items():
        if key in item.data:
            return happening(item, _body(item, key))
    rest = ", ".join(sorted(set(item.data) - _ADDRESSING))
    if item.standby and not rest:
        return item.ignored("empty: another program holds the conversation and this says nothing", "standby")
    raise Malformed(f"an item of an unknown kind: {rest or 'it says nothing'}")


def _body(item: Item, key: str) -> dict[str, Json]:
    body = item.data[key]
    if not is_object(body):
        raise Malformed(f"{key} is not an object")
    return body


def _message(item: Item, message: dict[str, Json]) -> Event:
    mid = need(message, "mid")
    if message.get("is_deleted") is True:
        return item.updated("deleted", targets=(mid,))
    parts = parts_of(message)
    # Our own words may carry a token to the customer: only from the customer's side does it prove anything.
    said = "" if item.ours else f"{string(obj(message, 'referral'), 'ref')} {string(message, 'text')}"
    return item.received(
        mid,
        parts,
        reply_to=string(obj(message, "reply_to"), "mid"),
        tokens=find_tokens(said),
        correlator=string(message, "metadata") if item.ours else "",
        app=string(message, "app_id"),
        evidence=_plugin_visitor(item),
    )


def _plugin_visitor(item: Item) -> tuple[Evidence, ...]:
    """Meta says which visitor of our plug-in this person was, at their first message."""
    visitor = string(obj(item.data, "prior_message"), "identifier")
    if not visitor or item.ours:
        return ()
    return (
        Evidence(
            address=address(item.page, f"user_ref:{visitor}"),
            strength=Strength.VERIFIED,
            method="platform_mapping",
            because="Messenger says that this person opted in with the plug-in on our site",
        ),
    )


def _postback(item: Item, postback: dict[str, Json]) -> Event:
    """A tapped button: a message, for it is the person who speaks. In stand-by it has no payload."""
    title, referral = string(postback, "title"), obj(postback, "referral")
    parts: list[Part] = [Text(text=title)] if title else []
    parts.append(Choice(chosen=Option(title=title, value=string(postback, "payload"))))
    parts += referral_parts(referral)
    return item.received(
        string(postback, "mid") or item.own_id("postback"),
        tuple(parts),
        tokens=find_tokens(string(referral, "ref")),
    )
