"""What Twilio says in a webhook: a flat list of names and values, as a form, a query or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from omnichannel.channel import Delivery
from omnichannel.errors import Malformed
from omnichannel.model import Event, Unreadable
from omnichannel.toolbox import Json, from_iso, guarded, is_object, load_form, load_json, string

Fields = dict[str, str]

_DEEPEST = 3


def fields_of(delivery: Delivery) -> Fields:
    """The parameters of one webhook. Raises Malformed."""
    if delivery.method.upper() == "GET":
        return load_form(_query(delivery.url))
    if is_json(delivery.body) and "json" in (delivery.header("content-type") or "json"):
        value = load_json(delivery.body)
        if not is_object(value):
            raise Malformed("not a webhook of Twilio's: its JSON is no object")
        return flat(value)
    return load_form(delivery.body)


def query_of(delivery: Delivery) -> Fields:
    """What we ourselves wrote into the address that Twilio then called; it is signed."""
    if "?" not in delivery.url:
        return {}
    try:
        return load_form(_query(delivery.url))
    except Malformed:
        return {}


def _query(url: str) -> bytes:
    try:
        return urlsplit(url).query.encode("utf-8", "surrogatepass")
    except ValueError:  # a host that is none
        return b""


def of_another(fields: Fields, account_sid: str) -> Unreadable | None:
    """What is wrong with a webhook of another Twilio account; None for our own, and for a reader without account."""
    found = fields.get("AccountSid", "")
    if not account_sid or found in ("", account_sid):
        return None
    reason = f"account_mismatch: this is of the Twilio account {found[:40]}, we are {account_sid}"
    return Unreadable(reason=f"{reason}. Give it an account of its own, and point its webhooks there")


def each(body: bytes, read: Callable[[dict[str, Json]], Iterable[Event]]) -> Iterator[Event]:
    """Everything in a file or page of the API, in order, each read for itself. Raises Malformed if it is no JSON."""
    for where, value in _pieces(body):
        if value is None:
            yield Unreadable(reason="no parameters of a webhook, nor anything else of Twilio's", where=where)
        else:
            yield from guarded(read, value, where)


# A JSON pointer and the object there; None for what is no object.
_Piece = tuple[str, dict[str, Json] | None]


def _pieces(body: bytes) -> Iterator[_Piece]:
    if not is_json(body):
        yield "", dict(load_form(body))
        return
    yield from _objects(load_json(body), "", 0)


def _objects(value: Json, where: str, depth: int) -> Iterator[_Piece]:
    if isinstance(value, list) and depth < _DEEPEST:
        for index, one in enumerate(value):
            yield from _objects(one, f"{where}/{index}", depth + 1)
    elif is_object(value):
        lists = [key for key in ("messages", "calls") if isinstance(value.get(key), list)]
        if not lists:
            yield where, value
        for key in lists:
            yield from _objects(value[key], f"{where}/{key}", depth + 1)
    else:
        yield where, None


def flat(value: dict[str, Json]) -> Fields:
    """The texts and numbers of an object; what is nested has no counterpart in a form."""
    return {key: string(value, key) for key in value if not isinstance(value[key], dict | list)}


def is_json(body: bytes) -> bool:
    """Whether a body looks like JSON rather than like a form."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def moment(written: str) -> datetime | None:
    """A time as Twilio writes it: RFC 2822, or ISO 8601 where it is newer; None for nonsense."""
    if not written:
        return None
    try:
        found = parsedate_to_datetime(written)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return from_iso(written)
