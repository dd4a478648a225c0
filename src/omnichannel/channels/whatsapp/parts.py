"""What a WhatsApp message is made of: from its one typed object to the model's parts.

Shapes: Meta's webhook reference for `messages` (2026) and bodies recorded by others. A type that is not known here
becomes a `System` part that keeps its JSON: nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from omnichannel.channels.whatsapp import requests
from omnichannel.channels.whatsapp.cards import card, particulars
from omnichannel.channels.whatsapp.envelope import compact
from omnichannel.channels.whatsapp.media import attachment
from omnichannel.model import Choice, Location, Option, Part, Reference, System, Text
from omnichannel.toolbox import Json, from_epoch, is_object, items, number, obj, string

Body = dict[str, Json]

_ADDRESSING = frozenset(
    {"id", "from", "to", "timestamp", "type", "context", "errors", "referral", "group_id"}
)


def kind_of(message: Body) -> str:
    """The type of a message; where it is left out, what stands in it."""
    said = string(message, "type")
    return said or next(
        (kind for kind in (*READERS, "reaction", "edit", "revoke", "system") if kind in message), ""
    )


def parts_of(message: Body) -> tuple[Part, ...]:
    """Everything that a message says, in reading order; never empty."""
    kind = kind_of(message)
    reader = READERS.get(kind)
    parts = [*reader(message, obj(message, kind))] if reader else []
    if not parts and kind not in _SILENT:
        parts = [_unsupported(kind, message)]
    # Of what WhatsApp does not carry the errors say no more than that.
    if "errors" in message and kind != "unsupported":
        parts += _errors(message)
    if "referral" in message:
        parts += _referral(obj(message, "referral"))
    if "context" in message:
        parts += _product(obj(obj(message, "context"), "referred_product"))
    return tuple(parts) or (System(what=kind),)


def words_of(message: Body) -> tuple[Part, ...]:
    """Only the words: what an edit can change. The file of a caption stays what it was."""
    return tuple(part for part in parts_of(message) if part.type == "text")


def errors_text(holder: Json) -> str:
    """What went wrong, in a line: code, title and details of each error."""
    return "; ".join(_error(one) for one in items(holder, "errors"))


def _error(one: Json) -> str:
    title = string(one, "title") or string(one, "message") or string(one, "reason")
    details = string(obj(one, "error_data"), "details") or string(one, "details")
    told = f"{string(one, 'code')} {title}".strip()
    return f"{told}: {details}" if details and details != title else told


def _errors(message: Body) -> list[Part]:
    text = errors_text(message)
    return [System(what="error", text=text)] if text else []


def _unsupported(kind: str, message: Body) -> Part:
    """What cannot be shown; with its JSON, unless it is only said that it is missing."""
    inner = string(obj(message, "unsupported"), "type")
    if kind == "unsupported":
        return System(what=f"unsupported:{inner}" if inner else "unsupported", text=errors_text(message))
    rest = {key: value for key, value in message.items() if key not in _ADDRESSING}
    body = message.get(kind) or rest
    return System(what=f"unsupported:{kind or 'message'}"[:200], text=compact(body) if body else "")


def _text(_: Body, body: Body) -> Iterator[Part]:
    if text := string(body, "body"):
        yield Text(text=text)


def _media(name: str = "") -> Callable[[Body, Body], Iterator[Part]]:
    """A file at the platform: by its id for 7 days, by its address for 5 minutes."""

    def read(message: Body, body: Body) -> Iterator[Part]:
        if file := attachment(body, _called(name, body), kind_of(message)):
            yield file
        if caption := string(body, "caption"):
            yield Text(text=caption)

    return read


def _called(name: str, body: Body) -> str:
    """A name for people, for the files that have none."""
    if name == "sticker" and body.get("animated") is True:
        return "animated sticker"
    return "voice" if body.get("voice") is True else name


def _location(_: Body, body: Body) -> Iterator[Part]:
    latitude, longitude = number(body, "latitude"), number(body, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return
    name = ", ".join(filter(None, (string(body, "name"), string(body, "address"))))
    yield Location(latitude=latitude, longitude=longitude, name=name)
    if url := string(body, "url"):
        yield Reference(what="place", url=url, title=string(body, "name"))


def _contacts(message: Body, _: Body) -> Iterator[Part]:
    own = string(message, "origin") == "contact_request"
    for one in items(message, "contacts"):
        if is_object(one):
            yield card(one, own=own)
            if details := particulars(one):
                yield System(what="contact", text=details)


def _button(_: Body, body: Body) -> Iterator[Part]:
    """A tapped quick reply of a template."""
    title = string(body, "text")
    if title:
        yield Text(text=title)
    if title or string(body, "payload"):
        yield Choice(chosen=Option(title=title, value=string(body, "payload")))


def _interactive(_: Body, body: Body) -> Iterator[Part]:
    kind = string(body, "type") or next((key for key in _INTERACTIVE if key in body), "")
    inner = obj(body, kind)
    if kind in _INTERACTIVE and inner:
        yield from _INTERACTIVE[kind](inner)
    elif kind not in _INTERACTIVE:
        yield from requests.asked(kind, body)


def _reply(body: Body) -> Iterator[Part]:
    """A tapped button, or a row of a list, which has a second line."""
    title = string(body, "title")
    if title:
        yield Text(text=title)
    yield Choice(chosen=Option(title=title, value=string(body, "id"), text=string(body, "description")))


def _flow(body: Body) -> Iterator[Part]:
    """A form that was filled in: its answers are JSON within JSON. What was asked otherwise says it in words, too."""
    name, words = string(body, "name") or "flow", string(body, "body")
    if name != "flow" and words:  # an address; below a flow it is always "Sent"
        yield Text(text=words)
    yield System(what=name[:200], text=string(body, "response_json") or compact(body))


def _call_permission(body: Body) -> Iterator[Part]:
    """Whether we may call them, and until when."""
    response, until = string(body, "response"), from_epoch(number(body, "expiration_timestamp"))
    yield System(
        what="call_permission", text=response + (f" until {until:%Y-%m-%d %H:%M} UTC" if until else "")
    )


_INTERACTIVE: dict[str, Callable[[Body], Iterator[Part]]] = {
    "button_reply": _reply,
    "list_reply": _reply,
    "nfm_reply": _flow,
    "call_permission_reply": _call_permission,
}


def _order(_: Body, body: Body) -> Iterator[Part]:
    """A basket out of a catalogue, with the words sent along."""
    if text := string(body, "text"):
        yield Text(text=text)
    catalog = string(body, "catalog_id")
    yield Reference(what="order", title="catalog" if catalog else "", external_id=catalog)
    for item in items(body, "product_items"):
        price = f"{string(item, 'item_price')} {string(item, 'currency')}".strip()
        article = string(item, "product_retailer_id")
        words = " × ".join(filter(None, (string(item, "quantity"), price)))
        yield Reference(what="product", title=article, text=words, external_id=article)


def _referral(referral: Body) -> list[Part]:
    """The advertisement or post that brought somebody here (click to WhatsApp)."""
    if not referral:
        return []
    kind = string(referral, "source_type")
    return [
        Reference(
            what="post" if kind == "post" else "advertisement",
            url=string(referral, "source_url"),
            title=string(referral, "headline"),
            text=string(referral, "body"),
            external_id=string(referral, "source_id"),
        )
    ]


def _product(product: Body) -> list[Part]:
    """The product that a message asks about."""
    article = string(product, "product_retailer_id")
    if not article:
        return []
    return [Reference(what="product", title=article, text=string(product, "catalog_id"), external_id=article)]


def _nothing(_: Body, __: Body) -> Iterator[Part]:
    """What has no content of its own."""
    return iter(())


READERS: dict[str, Callable[[Body, Body], Iterator[Part]]] = {
    "text": _text,
    "image": _media(),
    "video": _media(),
    "audio": _media(),
    "voice": _media("voice"),
    "document": _media(),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "template": requests.template,
    "request_welcome": _nothing,
    "media_placeholder": _nothing,
}
"""What reads a message, by its type."""

_SILENT = frozenset({"request_welcome", "media_placeholder"})
