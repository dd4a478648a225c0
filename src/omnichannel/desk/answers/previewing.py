"""What would become of an answer on a channel, while it is being chosen: length, pieces, and marks shown as they are.

The channel's own measures are asked. Whether a draft can be sent to somebody now, with its files and within the reply
window, is what `conversations.preview` tells.
"""

from __future__ import annotations

import re

from omnichannel.channel import Channel
from omnichannel.errors import UsageError
from omnichannel.model import Preview

_MARKUP = (
    (re.compile(r"</?(?:p|br|b|i|u|em|strong|a|ul|ol|li|div|span|h[1-6]|img)\b[^<>]{0,200}>", re.IGNORECASE), "HTML"),
    (re.compile(r"(?<!\w)(\*\*|__)(?=\S).{1,200}?(?<=\S)\1(?!\w)"), "bold in Markdown"),
    (re.compile(r"\[[^\[\]\n]{1,200}\]\(https?://[^)\s]+\)"), "a Markdown link"),
    (re.compile(r"^#{1,6} \S", re.MULTILINE), "a Markdown heading"),
    (re.compile(r"&(?:nbsp|amp|lt|gt|quot|#\d+);"), "an HTML entity"),
)  # fmt: skip


def preview(channel: Channel | type[Channel], text: str, *, public: bool = False) -> Preview:
    """How a text would go out on a channel: a refusal is told, not raised.

    `changed` names marks (HTML, Markdown) that customers would see as they are written: what is sent is plain text
    on every channel.
    """
    limit = channel.limit(public=public)
    seen = Preview(
        account=getattr(channel, "name", ""),
        kind=channel.kind,
        public=public,
        size=channel.size(text, public=public),
        limit=limit.size,
        measure=limit.measure,
        changed=tuple(
            f"{what} is shown as it is written: {found[0]!r}"
            for pattern, what in _MARKUP
            if (found := pattern.search(text))
        ),
    )
    try:
        return seen.model_copy(update={"pieces": channel.pieces(text, public=public)})
    except UsageError as error:
        return seen.model_copy(update={"refused": str(error), "why": type(error).__name__})
