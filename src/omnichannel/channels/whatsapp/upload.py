"""Files on their way out: which kind WhatsApp makes of them, how large they may be, and the upload of their bytes.

Types and sizes: Meta's "Media" reference, and the list in the Cloud API's own refusal of other types.
"""

from __future__ import annotations

from dataclasses import dataclass

from omnichannel.channel import Call
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment
from omnichannel.platforms.meta.upload import form
from omnichannel.toolbox import Json, file_name

_MEGA = 1024 * 1024
MOST_BYTES = 100 * _MEGA
PATIENCE = 120.0
"""Seconds for an upload: 100 MB have to go through."""

_SIZES = {"image": 5 * _MEGA, "audio": 16 * _MEGA, "video": 16 * _MEGA, "sticker": 500 * 1000}

_KINDS = {
    "image/jpeg": "image",
    "image/png": "image",
    "image/webp": "sticker",
    "audio/aac": "audio",
    "audio/amr": "audio",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "audio",
    "video/mp4": "video",
    "video/3gpp": "video",
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
)
MEDIA = (*_KINDS, *_DOCUMENTS)
"""The media types that can be sent."""

_WITH_CAPTION = frozenset({"image", "video", "document"})


@dataclass(frozen=True, slots=True)
class Sending:
    """A file as WhatsApp sends it: its kind, and where it is and what it is called there."""

    kind: str
    fields: dict[str, Json]

    @property
    def takes_caption(self) -> bool:
        """Whether words can stand below it."""
        return self.kind in _WITH_CAPTION


def media_type_of(part: Attachment) -> str:
    """The bare media type, in lower case."""
    return part.media_type.partition(";")[0].strip().lower()


def sending(part: Attachment) -> Sending:
    """How a file is sent: as a picture, a film, a sound, a sticker if it may be one, else as a document.

    Raises Unsupported if there is nothing to send or WhatsApp takes no such file, TooLarge if there is too much.
    """
    if part.content is None and not part.url.startswith(("https://", "http://")):
        raise Unsupported(
            f"the attachment {part.name!r} has neither bytes (content) nor a public address (url) to send"
        )
    size = len(part.content) if part.content is not None else part.size or 0
    if size > MOST_BYTES:
        raise TooLarge(
            f"the attachment {part.name!r} has {size} bytes; WhatsApp takes {MOST_BYTES}. Send a link to it as text"
        )
    kind = _kind(part, size)
    # The bytes are had from an address, or from the upload before, whose id is filled in when it is known.
    fields: dict[str, Json] = {"link": part.url} if part.content is None else {"id": ""}
    if kind == "document" and (name := file_name(part.name)):
        fields["filename"] = name
    return Sending(kind, fields)


def _kind(part: Attachment, size: int) -> str:
    media_type = media_type_of(part)
    if media_type not in MEDIA:
        raise Unsupported(
            f"WhatsApp takes no {media_type or 'file without a type'} ({part.name!r}); it takes JPEG and PNG "
            "pictures, MP4 films, common sounds, PDF, text and office documents. Convert it, or send a link to it"
        )
    kind = _KINDS.get(media_type, "document")
    # What is too large for its own kind arrives unharmed as a document.
    return kind if size <= _SIZES.get(kind, MOST_BYTES) else "document"


def call(url: str, part: Attachment, correlator: str) -> Call:
    """The upload: nobody sees it, so it may be repeated; its answer holds the id that the message then names."""
    media_type = media_type_of(part)
    fields: dict[str, Json] = {"messaging_product": "whatsapp", "type": media_type}
    bare = part.model_copy(update={"media_type": media_type})
    kind, body = form(fields, bare, correlator, named="file")
    return Call(url=url, headers=(("content-type", kind),), body=body, prepares=True, timeout=PATIENCE)
