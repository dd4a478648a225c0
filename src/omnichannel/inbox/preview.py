"""What would become of an answer, before it is sent: split, shown as words, or refused."""

from __future__ import annotations

from omnichannel.channel import Channel
from omnichannel.errors import UsageError
from omnichannel.model import Draft, Preview
from omnichannel.toolbox.readable import readable


def fitted(channel: Channel, draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """The draft in the parts that this channel can show, and a sentence for each that is said in words instead."""
    parts, changed = readable(draft.parts, channel.can, public=draft.public)
    return (draft.model_copy(update={"parts": parts}) if changed else draft), changed


def preview(channel: Channel, draft: Draft, because: str = "") -> Preview:
    """What `render` would make of a draft; a refusal, the channel's or the desk's (`because`), is told."""
    shown, changed = fitted(channel, draft)
    limit = channel.limit(public=draft.public)
    seen = Preview(
        account=channel.name,
        kind=channel.kind,
        public=draft.public,
        size=channel.size(shown.text, public=draft.public),
        limit=limit.size,
        measure=limit.measure,
        changed=changed,
    )
    try:
        calls = channel.render(shown)
    except UsageError as error:
        return seen.model_copy(update={"refused": str(error), "why": type(error).__name__})
    pieces = tuple(call.text for call in calls if not call.prepares)
    refused = {"refused": because, "why": UsageError.__name__} if because else {}
    return seen.model_copy(update={"pieces": pieces, **refused})
