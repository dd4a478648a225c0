"""Files on their way out: how large, of which kind, and the form that carries their bytes."""

from __future__ import annotations

import hashlib
import json
import re

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment
from omnichannel.toolbox import Json, file_name

MOST_BYTES = 25 * 1024 * 1024
MOST_IMAGE_BYTES = 8 * 1024 * 1024
"""Meta's "Send a Message" (5 May 2026): images 8 MB, anything else 25 MB."""

PATIENCE = 90.0
"""Seconds: Meta itself waits up to 75 for a video that it fetches by its address."""

_KINDS = ("image", "audio", "video")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")


def kind_of(media_type: str) -> str:
    """Meta's word for a file of this type: image, audio, video or file."""
    kind = media_type.partition("/")[0].lower()
    return kind if kind in _KINDS else "file"


def check(part: Attachment, name: str) -> None:
    """Raises Unsupported if there is nothing to send, TooLarge if it is too much for a message (of `name`)."""
    if part.content is None and not part.url.startswith(("https://", "http://")):
        raise Unsupported(
            f"the attachment {part.name!r} has neither bytes (content) nor a public address (url) to send"
        )
    size = len(part.content) if part.content is not None else part.size or 0
    most = MOST_IMAGE_BYTES if kind_of(part.media_type) == "image" else MOST_BYTES
    if size > most:
        raise TooLarge(
            f"the attachment {part.name!r} has {size} bytes; {name} takes {most} of this kind. "
            "Send a link to it as text"
        )


def form(
    fields: dict[str, Json], part: Attachment, correlator: str, *, named: str = "filedata"
) -> tuple[str, bytes]:
    """The media type and bytes of a multipart form with a file; the same input gives the same bytes."""
    content = part.content or b""
    # Made from what it surrounds, so that it cannot stand in it but by breaking SHA-256.
    boundary = "part-" + hashlib.sha256(correlator.encode() + content).hexdigest()[:40]
    name = file_name(part.name).replace("%", "_") or kind_of(part.media_type)
    media_type = part.media_type if _MEDIA_TYPE.fullmatch(part.media_type) else "application/octet-stream"
    lines = [_field(boundary, key, value) for key, value in fields.items()]
    lines.append(
        f'--{boundary}\r\ncontent-disposition: form-data; name="{named}"; filename="{name}"\r\n'
        f"content-type: {media_type}\r\n\r\n".encode()
        + content
    )
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join(lines)


def _field(boundary: str, name: str, value: Json) -> bytes:
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{written}'.encode()
