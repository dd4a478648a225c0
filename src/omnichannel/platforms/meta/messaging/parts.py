"""What a message on Messenger or Instagram is made of: attachments, buttons, pointers as the model's parts.

Shapes: Meta's "messages Webhook Event Reference" (1 June 2026) and bodies recorded by others. A type that is
not known here becomes a `System` part that keeps its JSON: nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Choice, Location, Option, Part, Reference, System, Text
from omnichannel.platforms.meta.messaging.item import compact
from omnichannel.toolbox import Json, file_name, find_tokens, is_object, items, number, obj, string

_MEDIA = {
    "image": "image/*",
    "audio": "audio/*",
    "video": "video/*",
    "file": "application/octet-stream",
    "sticker": "image/*",
    "media": "application/octet-stream",
}

_STICKER = "sticker"

_POINTERS = {
    "fallback": "link",
    "share": "share",
    "post": "post",
    "ig_post": "post",
    "reel": "reel",
    "ig_reel": "reel",
    "story": "story",
    "ig_story": "story",
    "story_mention": "story_mention",
}

_ONLY_THERE = {"like_heart": "❤️", "ephemeral": ""}
"""Instagram's heart, and what can be looked at once and only there: neither brings anything to fetch."""


def parts_of(message: dict[str, Json]) -> tuple[Part, ...]:
    """Everything that a message says, in reading order; never empty, also where Meta does not show it to us."""
    text = text_of(message)
    parts: list[Part] = [Text(text=text)] if text else []
    if quick_reply := obj(message, "quick_reply"):
        parts.append(Choice(chosen=Option(title=text, value=string(quick_reply, "payload"))))
    # Most messages are words alone: what is not there is not looked into.
    if "attachments" in message:
        parts += _once(tuple(_attachments(message)))
    if "reply_to" in message:
        parts += _story(obj(obj(message, "reply_to"), "story"))
    if "referral" in message:
        parts += referral_parts(obj(message, "referral"))
    if "commands" in message:
        parts += [System(what="command", text=string(one, "name")) for one in items(message, "commands")]
    return tuple(parts) or (System(what="unsupported:message", text=compact(message)),)


def text_of(content: dict[str, Json]) -> str:
    """The words, empty if there are none; raises Malformed for words that are no text."""
    text = content.get("text")
    if text is not None and not isinstance(text, str):
        raise Malformed("text is not text")
    return text or ""


def _attachments(message: dict[str, Json]) -> Iterator[Part]:
    """Every attachment once: for a time one sticker came both as an image and as a sticker."""
    listed = message.get("attachments")
    if listed is not None and not isinstance(listed, list | dict):
        raise Malformed("attachments is not a list")
    stickers: set[str] = set()
    for one in listed if isinstance(listed, list) else [listed] if listed else []:
        for part in _attachment(one, string(message, "sticker_id")):
            sticker = part.external_id if part.type == "attachment" and part.name == _STICKER else ""
            if sticker not in stickers:
                yield part
            stickers |= {sticker} - {""}


def _once(parts: tuple[Part, ...]) -> Iterator[Part]:
    """For a time one shared post came both as a share and as a post ("Instagram Post Shares", 30 October 2025)."""
    posts = {part.external_id for part in parts if part.type == "reference" and part.what == "post"} - {""}
    for part in parts:
        if not (part.type == "reference" and part.what == "share" and part.external_id in posts):
            yield part


def _attachment(one: Json, sticker: str) -> tuple[Part, ...]:
    kind, payload = string(one, "type"), obj(one, "payload")
    found: tuple[Part, ...] = ()
    if kind in _MEDIA:
        found = _media(kind, payload, sticker if kind == "image" else "")
    elif kind in _POINTERS:
        found = _pointer(kind, one, payload)
    elif kind == "location":
        found = _location(one, payload)
    elif kind == "template":
        found = tuple(_template(one, payload))
    elif kind == "appointment_booking":
        found = (System(what="appointment_booking", text=compact(payload)),)
    elif kind in _ONLY_THERE:
        found = (System(what=kind, text=_ONLY_THERE[kind]),)
    return found or (System(what=f"unsupported:{kind or 'attachment'}", text=compact(one)),)


def _media(kind: str, payload: dict[str, Json], sticker: str) -> tuple[Part, ...]:
    url, sticker = string(payload, "url"), string(payload, "sticker_id") or sticker
    external_id = sticker or string(payload, "attachment_id")
    if not (url or external_id):
        return ()
    name = _STICKER if sticker or kind == "sticker" else _name_in(url)
    return (Attachment(name=name, media_type=_MEDIA[kind], url=url, external_id=external_id),)


def _name_in(url: str) -> str:
    """The file name that Meta's content hosts keep as the last step of the path; empty if there is none."""
    try:
        last = unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return ""
    return file_name(last) if "." in last else ""


def _pointer(kind: str, one: Json, payload: dict[str, Json]) -> tuple[Part, ...]:
    """A link or post; older bodies have title and address beside `payload`, newer ones in it."""
    url = string(payload, "url") or string(one, "url") or string(payload, "story_media_url")
    title = string(payload, "title") or string(one, "title")
    names = ("reel_video_id", "story_media_id", "ig_post_media_id", "id")
    external_id = next((found for name in names if (found := string(payload, name))), "")
    if not (url or title or external_id):
        return ()
    return (Reference(what=_POINTERS[kind], url=url, title=title, external_id=external_id),)


def _location(one: Json, payload: dict[str, Json]) -> tuple[Part, ...]:
    place = obj(payload, "coordinates")
    latitude, longitude = number(place, "lat"), number(place, "long")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return ()
    return (Location(latitude=latitude, longitude=longitude, name=string(one, "title")),)


def _template(one: Json, payload: dict[str, Json]) -> Iterator[Part]:
    """A product, or (in echoes) the cards and buttons of another program's template."""
    text, kind = string(payload, "text") or string(one, "title"), string(payload, "template_type")
    inner = [("product" if key == "product" else "card", value) for key, value in payload.items()]
    elements = [(what, each) for what, value in inner for each in items(value, "elements")]
    elements += [("card", each) for each in items(payload, "elements")]
    if text:
        yield Text(text=text)
    for what, element in elements:
        yield _file(element) or _card(what, element)
        yield from _buttons(element)
    yield from _buttons(payload)
    if kind not in _SHOWN:  # a receipt's sums, a boarding pass: what no card holds
        yield System(what=f"template:{kind}"[:200], text=compact(payload))


_SHOWN = frozenset({"", "button", "generic", "list", "media", "open_graph", "product"})
"""The templates that are text, cards, files and buttons, and nothing beside."""


def _file(element: Json) -> Part | None:
    """The picture or film of a media template; None for a card."""
    kind, address = string(element, "media_type"), {"url": string(element, "url")}
    if kind not in _MEDIA:
        return None
    return next(iter(_media(kind, {**address, "attachment_id": string(element, "attachment_id")}, "")), None)


def _card(what: str, element: Json) -> Part:
    subtitle, article = string(element, "subtitle"), string(element, "retailer_id")
    return Reference(
        what=what,
        url=string(element, "url")
        or string(obj(element, "default_action"), "url")
        or string(element, "image_url"),
        title=string(element, "title"),
        text=" · ".join(word for word in (subtitle, article) if word),
        external_id=string(element, "id"),
    )


def _buttons(payload: Json) -> Iterator[Part]:
    buttons = [button for button in items(payload, "buttons") if is_object(button)]
    if buttons:
        yield Choice(
            options=tuple(
                Option(
                    title=string(button, "title"), value=string(button, "payload") or string(button, "url")
                )
                for button in buttons
            )
        )


def _story(story: dict[str, Json]) -> Iterator[Part]:
    if story:
        yield Reference(what="story", url=string(story, "url"), external_id=string(story, "id"))


def referral_parts(referral: dict[str, Json]) -> Iterator[Part]:
    """Where somebody came from: an advertisement, a product, a link of ours.

    A token of ours in `ref` is not shown: whoever reads it could use it.
    """
    if not referral:
        return
    ref, advertisement = string(referral, "ref"), obj(referral, "ads_context_data")
    product = string(obj(referral, "product"), "id") or string(advertisement, "product_id")
    from_ad = string(referral, "source") == "ADS" or "ad_id" in referral
    yield Reference(
        what="advertisement" if from_ad else "product" if product else "referral",
        url=string(referral, "referer_uri")
        or string(advertisement, "photo_url")
        or string(advertisement, "video_url"),
        title=string(advertisement, "ad_title") or string(referral, "source"),
        text="" if find_tokens(ref) else ref,
        external_id=string(referral, "ad_id") or product,
    )
