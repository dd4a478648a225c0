"""What the widget shows of a message: the parts it has a shape for, everything else in words. Pure.

The widget puts every string here into the page as text, and follows no address but http, https, mailto and tel.
"""

from __future__ import annotations

from omnichannel.model import Attachment, Card, Choice, Direction, Message, Option, Part, Reference, Text
from omnichannel.toolbox import Json, in_words

PARTS = frozenset({"text", "attachment", "choice", "card", "reference"})

_GONE = frozenset({"failed", "cancelled"})


def shown(message: Message) -> bool:
    """Whether somebody outside sees the message: not our notes, nor what was never sent."""
    if message.direction is Direction.INTERNAL or message.deleted:
        return False
    return not message.sendings or any(sending.status not in _GONE for sending in message.sendings)


def as_json(message: Message) -> dict[str, Json]:
    """A message as the widget reads it; `client` is the widget's own id of what it sent itself."""
    ours = message.direction is Direction.OUTBOUND
    # What a visitor chose stands there in words as well.
    parts = [
        part_json(part, index, ours=ours)
        for index, part in enumerate(message.parts)
        if ours or not isinstance(part, Choice)
    ]
    who: dict[str, Json] = {"from": "us"}
    if not ours:
        who = {"from": "you", "client": message.external_id.rpartition("/")[2]}
    return {"id": message.id, **who, "at": message.sent_at.isoformat(), "parts": parts}


def part_json(part: Part, index: int, *, ours: bool) -> Json:
    """One part; `index` is where it stands in the message, by which a file of ours is fetched."""
    if isinstance(part, Text):
        return {"type": "text", "text": part.text}
    if isinstance(part, Choice):
        return {"type": "choice", "options": [_option(option) for option in part.options]}
    if isinstance(part, Card):
        options: list[Json] = [_option(option) for option in part.options]
        return {
            "type": "card",
            "title": part.title,
            "text": part.text,
            "image": part.image,
            "options": options,
        }
    if isinstance(part, Reference):
        return {"type": "link", "url": part.url, "title": part.title, "text": part.text}
    if isinstance(part, Attachment):
        return _file(part, index if ours and part.content is not None else None)
    return {"type": "text", "text": in_words(part) or getattr(part, "text", "") or part.type}


def _option(option: Option) -> Json:
    found: dict[str, Json] = {"title": option.title, "value": option.value or option.title}
    return found | {key: text for key, text in (("url", option.url), ("text", option.text)) if text}


def _file(part: Attachment, index: int | None) -> Json:
    found: dict[str, Json] = {
        "type": "file", "name": part.name or "file", "media_type": part.media_type, "size": part.size,
    }  # fmt: skip
    if index is not None:
        return found | {"index": index}
    return found | ({"url": part.url} if part.url else {})


def offers(message: Message, chosen: Option) -> bool:
    """Whether we offered this option in a message: a value that we never gave out says nothing."""
    offered = [option for part in message.parts if isinstance(part, Choice | Card) for option in part.options]
    pair = (chosen.title, chosen.value)
    return message.direction is Direction.OUTBOUND and any(
        (option.title, option.value or option.title) == pair for option in offered if not option.url
    )
