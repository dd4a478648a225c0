"""What would become of an answer, before it is sent: split, shown as words, or refused."""

from __future__ import annotations

from omnichannel.channel import Channel
from omnichannel.errors import UsageError
from omnichannel.model import Draft, Preview
from omnichannel.toolbox.readable import readable


def fitted(channel: Channel, draft: Draft) -> Draft:
    """The draft in the parts that this channel can show; what it cannot is said in words."""
    parts, changed = readable(draft.parts, channel.can)
    return draft.model_copy(update={"parts": parts}) if changed else draft


def preview(channel: Channel, draft: Draft) -> Preview:
    """What `render` would make of a draft; a refusal is told, not raised."""
    shown = fitted(channel, draft)
    limit = channel.limit(public=draft.public)
    seen = Preview(
        account=channel.name,
        kind=channel.kind,
        public=draft.public,
        size=channel.size(shown.text, public=draft.public),
        limit=limit.size,
        measure=limit.measure,
        changed=readable(draft.parts, channel.can)[1],
    )
    try:
        calls = channel.render(shown)
    except UsageError as error:
        return seen.model_copy(update={"refused": str(error), "why": type(error).__name__})
    return seen.model_copy(update={"pieces": tuple(call.text for call in calls if not call.prepares)})
