"""What a message of LINE consists of, as parts. What we do not know becomes a part that says so."""

from __future__ import annotations

from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Choice, Location, Option, Part, Reference, System, Text
from omnichannel.toolbox import Json, file_name, need, number, obj, string

_FILES = {"image": "image/*", "video": "video/*", "audio": "audio/*", "file": "application/octet-stream"}

_MOST_KEYWORDS = 15
"""A sticker with more has other ones of them in each delivery (webhook.yml), so that they say nothing reliable."""


def parts_of(message: dict[str, Json]) -> tuple[Part, ...]:
    """The parts of a message event's `message`. Raises Malformed if it lacks what its type needs."""
    kind = need(message, "type")
    if kind == "text":
        return (Text(text=need(message, "text")),)
    if kind in _FILES:
        return (_file(message, _FILES[kind]),)
    if kind == "location":
        return (_location(message),)
    if kind == "sticker":
        return (_sticker(message),)
    return (System(what=kind[:60], text=string(message, "text")),)


def _file(message: dict[str, Json], media_type: str) -> Attachment:
    """A file: at LINE under the message's id for some days, or elsewhere under an address of its own."""
    provider, size = obj(message, "contentProvider"), number(message, "fileSize")
    external = string(provider, "type") == "external"
    return Attachment(
        name=file_name(string(message, "fileName")),
        media_type=media_type,
        size=int(size) if size is not None and size >= 0 else None,
        url=string(provider, "originalContentUrl") if external else "",
        external_id="" if external else need(message, "id"),
    )


def _location(message: dict[str, Json]) -> Location:
    latitude, longitude = number(message, "latitude"), number(message, "longitude")
    if latitude is None or longitude is None:
        raise Malformed("a location without latitude and longitude")
    told = (string(message, "title"), string(message, "address"))
    return Location(latitude=latitude, longitude=longitude, name=", ".join(word for word in told if word))


def _sticker(message: dict[str, Json]) -> Reference:
    keywords = message.get("keywords")
    words = [word for word in keywords if isinstance(word, str)] if isinstance(keywords, list) else []
    return Reference(
        what="sticker",
        external_id=f"{need(message, 'packageId')}/{need(message, 'stickerId')}",
        title=", ".join(words) if len(words) < _MOST_KEYWORDS else "",
        text=string(message, "text"),
    )


def chosen(postback: dict[str, Json]) -> Choice:
    """A tapped button: the value that we gave it, and what was picked (a date, a time) where there was something."""
    data, picked = need(postback, "data"), obj(postback, "params")
    text = ", ".join(f"{key}={value}" for key, value in picked.items() if isinstance(value, str))
    return Choice(chosen=Option(title=data, value=data, text=text))
