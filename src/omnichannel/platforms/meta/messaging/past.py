"""Messages of before, as the Conversations API tells of them (Meta, "Conversations API", 11 February 2026).

A message's `id` is the `mid` that its webhook had, so that what is known already is recognised.
"""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Direction, Part, Party, Received, Reference, System, Text
from omnichannel.platforms.meta.messaging.item import address, compact
from omnichannel.toolbox import Json, file_name, from_iso, is_object, items, need, number, obj, string


def message_of(kind: str, home: str, message: dict[str, Json], username: str = "") -> Received:
    """One message of a conversation. Raises Malformed if it does not say between whom.

    `username` is our own: Instagram has several ids for one account, and one name.
    """
    author = obj(message, "from")
    others = [one for one in items(obj(message, "to"), "data") if is_object(one)]
    people = [author, *others]
    home = home or next((string(one, "id") for one in others), "")

    def is_us(one: dict[str, Json]) -> bool:
        return string(one, "id") == home or (bool(username) and string(one, "username") == username)

    ours = is_us(author)
    customer = next((one for one in people if string(one, "id") and not is_us(one)), None)
    if customer is None:
        raise Malformed("the message does not say who the other side is")
    them, us = _party(kind, home, customer), Party(address=address(kind, home, home))
    return Received(
        external_id=need(message, "id"),
        direction=Direction.OUTBOUND if ours else Direction.INBOUND,
        sender=us if ours else them,
        recipients=(them if ours else us,),
        sent_at=from_iso(string(message, "created_time")),
        parts=tuple(_parts(message)) or (System(what="unsupported:message", text=compact(message)),),
        thread=them.address.value,
        reply_to=string(obj(message, "reply_to"), "mid"),
    )


def _party(kind: str, home: str, person: dict[str, Json]) -> Party:
    """Somebody with their name. The e-mail that stands beside it is made up, and never read."""
    name = string(person, "name") or string(person, "username")
    return Party(address=address(kind, home, string(person, "id")), name=name)


def _parts(message: dict[str, Json]) -> Iterator[Part]:
    if text := string(message, "message"):
        yield Text(text=text)
    for one in items(obj(message, "attachments"), "data"):
        yield _attachment(one)
    if sticker := string(message, "sticker"):
        yield Attachment(name="sticker", media_type="image/*", url=sticker)
    for share in items(obj(message, "shares"), "data"):
        yield Reference(what="share", url=string(share, "link"), title=string(share, "name"))
    for key in ("mention", "reply_to"):
        if story := obj(obj(message, "story"), key):
            yield Reference(what="story", url=string(story, "link"), external_id=string(story, "id"))


def _attachment(one: Json) -> Attachment:
    picture, film = obj(one, "image_data"), obj(one, "video_data")
    size = number(one, "size")
    kind = "image/*" if picture else "video/*" if film else "application/octet-stream"
    return Attachment(
        name=file_name(string(one, "name")),
        media_type=string(one, "mime_type") or kind,
        size=int(size) if size and size > 0 else None,
        url=string(picture, "url")
        or string(picture, "animated_gif_url")
        or string(film, "url")
        or string(one, "file_url"),
        external_id=string(one, "id"),
    )
