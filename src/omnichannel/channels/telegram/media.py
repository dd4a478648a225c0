"""Files in a message: what they are, and under which id Telegram gives them out.

A file is fetched by its `file_id`; its address has the bot's token in it and is never kept. What comes twice for
older programs (an animation as a document, a live photo as a photo) comes once here.
"""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.model import Attachment, Part, System
from omnichannel.toolbox import Json, file_name, is_object, items, number, obj, string

# The media type where Telegram tells none. Its clients make every photo a JPEG and every video note an MP4.
_FILES = {
    "animation": "video/*",
    "audio": "audio/*",
    "document": "application/octet-stream",
    "video": "video/*",
    "video_note": "video/mp4",
    "voice": "audio/*",
}

KINDS = frozenset({*_FILES, "photo", "live_photo", "sticker", "paid_media"})
"""The keys of a message that hold files."""


def files(holder: Json) -> Iterator[Part]:
    """Every file of a message or of a rich block, once."""
    if not is_object(holder):
        return
    if photos := [size for size in items(holder, "photo") if isinstance(size, dict)]:
        yield photo(photos)
    if live := obj(holder, "live_photo"):
        if not photos:
            yield from files({"photo": live.get("photo")})
        yield _file(live, "live_photo", "video/*")
    for kind, media_type in _FILES.items():
        # Most messages have one: what is not there is not looked into.
        body = obj(holder, kind) if kind in holder else {}
        if body and not (kind == "document" and obj(holder, "animation")):
            yield _file(body, kind, media_type)
    if sticker := obj(holder, "sticker"):
        yield _sticker(sticker)
    if paid := obj(holder, "paid_media"):
        held = [one for one in items(paid, "paid_media") if is_object(one)]
        unseen = sum(one.get("type") == "preview" for one in held)
        told = f", {unseen} of {len(held)} not shown before they are paid" if unseen else ""
        yield System(what="paid_media", text=f"{string(paid, 'star_count')} stars{told}")
        for one in held:
            yield from files(one)


def photo(sizes: list[dict[str, Json]]) -> Attachment:
    """The largest size of a photo, by its pixels: in bytes a smaller picture can be larger."""
    largest = max(sizes, key=lambda size: (_pixels(size), number(size, "file_size") or 0))
    return _file(largest, "photo", "image/jpeg")


def _pixels(size: dict[str, Json]) -> float:
    return (number(size, "width") or 0) * (number(size, "height") or 0)


def _file(body: dict[str, Json], kind: str, media_type: str) -> Attachment:
    name = string(body, "file_name") or _title(body)
    return Attachment(
        name=file_name(name) if name else kind,
        media_type=string(body, "mime_type") or media_type,
        size=_size(body),
        external_id=string(body, "file_id"),
    )


def _title(body: dict[str, Json]) -> str:
    performer, title = string(body, "performer"), string(body, "title")
    return f"{performer} - {title}" if performer and title else performer or title


def _sticker(body: dict[str, Json]) -> Attachment:
    moving, film = body.get("is_animated") is True, body.get("is_video") is True
    return Attachment(
        name=file_name(f"sticker {string(body, 'emoji')}"),
        media_type="application/x-tgsticker" if moving else "video/webm" if film else "image/webp",
        size=_size(body),
        external_id=string(body, "file_id"),
    )


def _size(body: dict[str, Json]) -> int | None:
    size = number(body, "file_size")
    return int(size) if size is not None and size >= 0 else None
