"""Files in a mail: described here, kept in the raw delivery, and taken out of it again by their place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from omnichannel.channels.email.headers import ids
from omnichannel.channels.email.mime import Entity, Mail, read
from omnichannel.errors import NotFound
from omnichannel.model import Attachment
from omnichannel.toolbox import clean, file_name

_ENDINGS = {
    "message/rfc822": ".eml", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
    "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "application/pdf": ".pdf",
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
    "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "video/mp4": ".mp4", "application/zip": ".zip",
    "application/ms-tnef": ".dat", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
}  # fmt: skip
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg")


def attachments(mail: Mail, files: Iterable[Entity]) -> list[Attachment]:
    """Describe files: cleaned name, type, size and SHA-256 of the decoded bytes, and their place in the mail."""
    places = {id(leaf): index for index, leaf in enumerate(mail.leaves())}
    return [_attachment(mail, leaf, places[id(leaf)]) for leaf in files]


def attachment_bytes(raw: bytes, index: int) -> bytes:
    """The decoded bytes of the file that `Attachment.index` names; raises NotFound if the mail has none there."""
    mail = read(raw)
    found = mail.leaves()
    if not 0 <= index < len(found):
        raise NotFound(f"this mail has {len(found)} parts, none with the index {index}")
    return mail.body(found[index])


def _attachment(mail: Mail, leaf: Entity, index: int) -> Attachment:
    data = mail.body(leaf)
    content_id = clean(next(iter(ids([leaf.headers.first("content-id")])), "").strip("<>"))
    return Attachment(
        name=_name(leaf, index),
        media_type=leaf.media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        inline=_is_inline(leaf, content_id),
        content_id=content_id or clean(leaf.headers.first("content-id").strip("<> ")[:990]),
        index=index,
    )


def _name(leaf: Entity, index: int) -> str:
    """The sender's name for it, made harmless; without one a name by its place and type."""
    return file_name(leaf.name) or f"part-{index + 1}{_ENDINGS.get(leaf.media_type, '')}"


def _is_inline(leaf: Entity, content_id: str) -> bool:
    """Whether the mail shows it within its text: a picture that is not sent as a file.

    `inline` is also said of Apple Mail's PDFs, and Pine and Outlook give a Content-ID to whatever is attached.
    """
    picture = leaf.media_type.startswith("image/") or leaf.name.lower().endswith(_PICTURES)
    if leaf.disposition.value == "attachment" or not picture:
        return False
    return bool(content_id) or leaf.disposition.value == "inline"
