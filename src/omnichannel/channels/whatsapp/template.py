"""Templates: messages that Meta approved beforehand, with values for their places."""

from __future__ import annotations

import re

from omnichannel.channels.whatsapp.upload import Sending
from omnichannel.errors import Unsupported
from omnichannel.model import Template
from omnichannel.toolbox import Json

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_IN_HEADERS = frozenset({"image", "video", "document"})

MEDIA_CHAIN = "/template/components/0/parameters/0/{kind}/id"
"""Where the id of an uploaded header goes: the header is the first component."""


def template(part: Template, media: Sending | None) -> dict[str, Json]:
    """The `template` object. `media` is how the file in its header is sent.

    The values are texts for the body's places in their order. A button's value fills the place in its address (or is
    its code); an empty one stands for a button without a place. Raises Unsupported for what no template can be.
    """
    if not _NAME.fullmatch(part.name):
        raise Unsupported(
            f"{part.name!r} is no template's name: small letters, digits and _; see WhatsApp Manager > Templates"
        )
    components: list[Json] = []
    if header := _header(part, media):
        components.append({"type": "header", "parameters": [header]})
    if part.values:
        components.append({"type": "body", "parameters": [_text(value) for value in part.values]})
    components += [
        {"type": "button", "sub_type": "url", "index": str(index), "parameters": [_text(value)]}
        for index, value in enumerate(part.buttons)
        if value
    ]
    found: dict[str, Json] = {"name": part.name, "language": {"code": part.language}}
    if components:
        found["components"] = components
    return found


def _header(part: Template, media: Sending | None) -> dict[str, Json]:
    if media is None:
        return _text(part.header) if part.header else {}
    if part.header:
        raise Unsupported("above a template stands either a text or a file; leave out header or media")
    if media.kind not in _IN_HEADERS:
        raise Unsupported(f"above a template stands a picture, a film or a document; not a {media.kind}")
    return {"type": media.kind, media.kind: {**media.fields}}


def _text(value: str) -> dict[str, Json]:
    return {"type": "text", "text": value}
