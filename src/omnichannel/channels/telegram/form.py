"""Files on their way out: how Telegram shows each, how large it may be, and the form that carries the bytes.

Sizes and kinds: Bot API 10.1, "Sending files" and the methods' own pages.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment
from omnichannel.toolbox import Json, file_name

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
"""What a bot may upload; a photo 10 MB (larger ones go as documents)."""
_MOST_PHOTO = 10 * MEGABYTE
_MOST_BY_URL = 20 * MEGABYTE
"""What Telegram fetches by its address; a photo 5 MB."""
_MOST_PHOTO_BY_URL = 5 * MEGABYTE

PATIENCE = 120.0
"""Seconds for a call that carries a file, or that Telegram fetches one for."""

_SHOWN = {
    "image/jpeg": "photo", "image/jpg": "photo", "image/png": "photo", "image/webp": "photo", "image/*": "photo",
    "image/gif": "animation", "video/mp4": "video", "video/*": "video", "audio/mpeg": "audio", "audio/mp3": "audio",
    "audio/mp4": "audio", "audio/m4a": "audio", "audio/x-m4a": "audio", "audio/*": "audio", "audio/ogg": "voice",
    "audio/opus": "voice",
}  # fmt: skip
_FETCHED = frozenset({"application/pdf", "application/zip", "image/gif"})
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")


def shown_as(part: Attachment) -> str:
    """The kind of message that a file becomes: photo, animation, video, audio, voice, document."""
    kind = _SHOWN.get(part.media_type.lower(), "document")
    return "document" if kind == "photo" and _size(part) > _most_photo(part) else kind


def _size(part: Attachment) -> int:
    return len(part.content) if part.content is not None else part.size or 0


def _most_photo(part: Attachment) -> int:
    return _MOST_PHOTO if part.content is not None else _MOST_PHOTO_BY_URL


def check(part: Attachment) -> None:
    """Raises Unsupported if there is nothing that Telegram could take, TooLarge if there is too much."""
    if part.content is None and part.url:
        _check_fetched(part)
    elif part.content is None and not part.external_id:
        raise Unsupported(
            f"the attachment {part.name!r} has neither bytes (content), nor a public address (url), nor a file id "
            "of this bot's (external_id) to send"
        )
    most = MOST_BYTES if part.content is not None else _MOST_BY_URL
    if _size(part) > most and not (part.content is None and part.external_id):
        raise TooLarge(
            f"the attachment {part.name!r} has {_size(part)} bytes; Telegram takes {most} "
            f"{'from a bot' if part.content is not None else 'from an address'}. Send a link to it as text"
        )


def _check_fetched(part: Attachment) -> None:
    if not part.url.startswith(("https://", "http://")):
        raise Unsupported(
            f"the attachment {part.name!r} has an address that Telegram cannot fetch; give its bytes"
        )
    if shown_as(part) == "document" and part.media_type.lower() not in _FETCHED:
        raise Unsupported(
            f"Telegram fetches no {part.media_type} by its address (of documents only PDF, ZIP and GIF); "
            f"give the bytes of {part.name!r} as content"
        )


def inside(part: Attachment, field: str) -> str:
    """What stands for a file in a call: where its bytes are in the form, its address, or its id."""
    return f"attach://{field}" if part.content is not None else part.url or part.external_id


def body(fields: Mapping[str, Json], files: Mapping[str, Attachment]) -> tuple[str, bytes]:
    """The media type and bytes of a call: JSON, or a form where there are bytes to carry."""
    if not files:
        return "application/json", json.dumps(fields, ensure_ascii=False).encode()
    named = {name: part.content or b"" for name, part in files.items()}
    # Made from what it surrounds, so that it cannot stand in it but by breaking SHA-256.
    digest = hashlib.sha256(
        json.dumps(fields, sort_keys=True).encode() + b"".join(named.values())
    ).hexdigest()
    boundary = f"part-{digest[:40]}"
    lines: Sequence[bytes] = (
        *(_field(boundary, name, value) for name, value in fields.items()),
        *(_file(boundary, name, part) for name, part in files.items()),
        f"--{boundary}--\r\n".encode(),
    )
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join(lines)


def _field(boundary: str, name: str, value: Json) -> bytes:
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{written}'.encode()


def _file(boundary: str, name: str, part: Attachment) -> bytes:
    called = file_name(part.name).replace("%", "_") or "file"
    media_type = part.media_type if _MEDIA_TYPE.fullmatch(part.media_type) else "application/octet-stream"
    head = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"; filename="{called}"\r\n'
        f"content-type: {media_type}\r\n\r\n"
    )
    return head.encode() + (part.content or b"")
