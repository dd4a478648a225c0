"""The files of a message: pictures and recordings lie at Twilio, until somebody deletes them there."""

from __future__ import annotations

import re

from omnichannel.model import Attachment, Part
from omnichannel.platforms.twilio.fields import Fields
from omnichannel.toolbox import file_name

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")
_MOST = 50  # MMS has at most 10; what says more is not believed
_NAMED = [(f"MediaUrl{number}", f"MediaContentType{number}") for number in range(_MOST)]


def attachments(fields: Fields, listed: tuple[Fields, ...] = ()) -> tuple[Part, ...]:
    """The files that a webhook names by number, or those that the REST API lists.

    The layout of a slide show (SMIL) is no file that anybody sent: phones add it to every MMS.
    """
    named = [(fields[url], fields.get(kind, "")) for url, kind in _NAMED if url in fields]
    found = [*named, *((one.get("url", ""), one.get("content_type", "")) for one in listed)]
    return tuple(_attachment(url, kind) for url, kind in found if url and not _is_layout(url, kind))


def _is_layout(url: str, media_type: str) -> bool:
    return media_type.lower() == "application/smil" or url.partition("?")[0].lower().endswith(".smil")


def _attachment(url: str, media_type: str) -> Attachment:
    last = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    return Attachment(
        name=file_name(last) if "." in last else "",
        media_type=media_type.lower() if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
        url=url,
        external_id=last if last.startswith("ME") else "",
    )
