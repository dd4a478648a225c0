"""A file as WhatsApp describes it: at the platform by its id, or by an address."""

from __future__ import annotations

import base64
import binascii
import re

from omnichannel.model import Attachment
from omnichannel.toolbox import Json, file_name, number, string

Body = dict[str, Json]

_ANY = "application/octet-stream"
_MEDIA_TYPES = {
    "image": "image/*",
    "sticker": "image/*",
    "video": "video/*",
    "audio": "audio/*",
    "voice": "audio/*",
}

_SHA256_HEX = re.compile(r"[0-9a-fA-F]{64}")


def attachment(body: Body, name: str = "", kind: str = "") -> Attachment | None:
    """A file as the platform describes it; None if it says neither id nor address.

    `kind` is its kind in the platform's word: a send request, as some echoes are, says no more.
    """
    external_id, url = string(body, "id"), string(body, "url") or string(body, "link")
    if not (external_id or url):
        return None
    size = number(body, "file_size")
    return Attachment(
        name=file_name(string(body, "filename")) or name,
        # Some gateways escape the slash twice.
        media_type=string(body, "mime_type").replace("\\/", "/") or _MEDIA_TYPES.get(kind, _ANY),
        size=int(size) if size is not None and size >= 0 else None,
        sha256=_digest(string(body, "sha256")),
        url=url,
        external_id=external_id,
    )


def _digest(written: str) -> str:
    """SHA-256 in hexadecimal, as webhooks write it in base64; empty for what is none."""
    if _SHA256_HEX.fullmatch(written):
        return written.lower()
    try:
        found = base64.b64decode(written.replace("\\/", "/"), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return found.hex() if len(found) == 32 else ""
