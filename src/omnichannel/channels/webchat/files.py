"""What a file is, found out from its bytes: a name proves nothing. Pure.

Signatures as in the WHATWG MIME Sniffing standard (images, PDF, archives) and the formats' own specifications.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Collection

from omnichannel.channels.webchat.wire import File
from omnichannel.errors import Malformed, TooLarge, Unsupported
from omnichannel.model import Attachment
from omnichannel.toolbox import file_name

TAKEN = (
    "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain",
)  # fmt: skip
"""What visitors may send unless the account says otherwise: what an agent can open without fear."""

MOST_BYTES = 5 * 1024 * 1024

ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "application/zip": ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav",),
    "video/mp4": ("mp4", "m4a", "m4v", "mov"),
    "video/webm": ("webm",),
    "text/plain": ("txt", "csv", "log", "md", "text"),
}
"""What can be told apart, and how such files are called."""

_MAGIC = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"%PDF-", "application/pdf"),
    (rb"PK\x03\x04", "application/zip"),
    (rb"ID3|\xff[\xfb\xf3\xf2]", "audio/mpeg"),
    (rb"OggS\x00", "audio/ogg"),
    (rb"....ftyp", "video/mp4"),
    (rb"\x1aE\xdf\xa3", "video/webm"),
)
_SIGNATURES = tuple((re.compile(pattern, re.DOTALL), media_type) for pattern, media_type in _MAGIC)

# Text in which a browser would find a page or a script is not plain, whatever it is called.
_MARKUP = re.compile(r"<\s*(?:[!?]|/?[a-z][a-z0-9:-]*[\s/>])", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sniffed(content: bytes) -> str:
    """The media type of some bytes; empty for what is not known, markup and scripts included."""
    for pattern, media_type in _SIGNATURES:
        if pattern.match(content):
            return media_type
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if _CONTROL.search(text) or _MARKUP.search(text) else "text/plain"


def decoded(file: File) -> bytes:
    """The bytes of a file that came. Raises Malformed if they are not base64."""
    try:
        return base64.b64decode(file.data, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(f"the file {file_name(file.name)!r} is not base64") from None


def check(files: Collection[File], taken: Collection[str], most: int) -> None:
    """Refuse what may not be sent. Raises TooLarge for all of them together, or Unsupported for one."""
    contents = [(file_name(file.name), decoded(file)) for file in files]
    if (size := sum(len(content) for _, content in contents)) > most:
        raise TooLarge(f"{size} bytes of files; at most {most} go with one message")
    for name, content in contents:
        media_type = sniffed(content)
        if not content:
            raise Unsupported(f"the file {name!r} is empty")
        if media_type not in taken:
            raise Unsupported(
                f"the file {name!r} is {media_type or 'of no known type'}; send {', '.join(taken)}"
            )
        ending = name.rpartition(".")[2].lower()
        if ending not in ENDINGS[media_type]:
            raise Unsupported(f"the file {name!r} is {media_type}, and is called something else")


def attachment(file: File, index: int) -> Attachment:
    """The part that stands for a file; its bytes stay in the delivery."""
    content = decoded(file)
    return Attachment(
        name=file_name(file.name),
        media_type=sniffed(content) or "application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        index=index,
    )
