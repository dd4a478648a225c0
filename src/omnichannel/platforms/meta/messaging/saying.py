"""What a draft becomes on Messenger and Instagram: texts and files one after the other, and quick replies.

Wire facts: Meta's "Send a Message" (5 May 2026), "Quick replies" (22 April 2026).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from omnichannel.channel import Call
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Choice, Draft, Option, Text
from omnichannel.platforms.meta import upload
from omnichannel.toolbox import Json, split

MOST_OPTIONS = 13
MOST_ATTACHMENTS = 30
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1000

SIGNS = {"typing": "typing_on", "seen": "mark_seen"}
"""Passing signs, and Meta's words for them."""


@dataclass
class Piece:
    """One message as the customer will see it."""

    message: dict[str, Json]
    text: str
    file: Attachment | None = None
    quick_replies: list[Json] = field(default_factory=list)


def signal(url: str, who: str, sign: str) -> Call:
    """A passing sign in the conversation with somebody; `url` is the `messages` edge."""
    fields = {"recipient": {"id": who}, "sender_action": SIGNS[sign]}
    headers = (("content-type", "application/json"),)
    return Call(url=url, headers=headers, body=json.dumps(fields).encode())


def refuse(draft: Draft, name: str) -> None:
    """Raises Unsupported or TooLarge for what no message of this platform (`name`) can hold."""
    if draft.cc:
        raise Unsupported(f"{name} talks with one person at a time; send each their own message")
    files = sum(isinstance(part, Attachment) for part in draft.parts)
    if files > MOST_ATTACHMENTS:
        raise TooLarge(
            f"{files} attachments; at most {MOST_ATTACHMENTS} go with one message. Send the rest apart"
        )
    for part in draft.parts:
        if not isinstance(part, Text | Attachment | Choice):
            raise Unsupported(f"{name} cannot send a {part.type}; write it as text. {_possible(name)}")
        if isinstance(part, Choice) and not part.options:
            raise Unsupported("a choice to send needs options; `chosen` is what a customer sends")


def _possible(name: str) -> str:
    return f"{name} carries text, attachments and choices"


def pieces(draft: Draft, name: str, longest: int, count: Callable[[str], int]) -> list[Piece]:
    """The messages that a draft becomes, in order; raises Unsupported if there is nothing to see."""
    found = list(_pieces(draft, name, longest, count))
    if not found:
        raise Unsupported(
            f"the draft says nothing that could be sent; {_possible(name)}, a choice needs a text"
        )
    # Quick replies vanish when another message follows: they stand on the last one.
    found[-1].quick_replies = _quick_replies(draft, name)
    return found


def _pieces(draft: Draft, name: str, longest: int, count: Callable[[str], int]) -> Iterator[Piece]:
    """Texts that follow each other are one text; everything else keeps its place."""
    words: list[str] = []
    for part in draft.parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Attachment):
            yield from _texts(words, longest, count)
            words = []
            yield _attachment(part, name)
    yield from _texts(words, longest, count)


def _texts(words: list[str], longest: int, count: Callable[[str], int]) -> Iterator[Piece]:
    for text in split("\n".join(words), longest, count):
        # The Send API refuses a text of spaces alone, and it would show nothing.
        if text.strip():
            yield Piece({"text": text}, text)


def _attachment(part: Attachment, name: str) -> Piece:
    upload.check(part, name)
    payload: dict[str, Json] = {} if part.content is not None else {"url": part.url}
    attachment: dict[str, Json] = {"type": upload.kind_of(part.media_type), "payload": payload}
    file = part if part.content is not None else None
    return Piece({"attachment": attachment}, part.name or part.url, file)


def _quick_replies(draft: Draft, name: str) -> list[Json]:
    options = [option for part in draft.parts if isinstance(part, Choice) for option in part.options]
    if len(options) > MOST_OPTIONS:
        raise TooLarge(f"{len(options)} options; {name} shows at most {MOST_OPTIONS}")
    return [_quick_reply(option, name) for option in options]


def _quick_reply(option: Option, name: str) -> Json:
    payload = option.value or option.title
    if not option.title.strip():
        raise Unsupported("an option needs a title to be shown")
    if len(option.title) > LONGEST_TITLE:
        raise TooLarge(
            f"the option {option.title!r} has {len(option.title)} characters; {name} shows at most "
            f"{LONGEST_TITLE}. Shorten the title, and put the long form into the text"
        )
    if len(payload) > LONGEST_PAYLOAD:
        raise TooLarge(
            f"the value of {option.title!r} has {len(payload)} characters; at most {LONGEST_PAYLOAD}"
        )
    return {"content_type": "text", "title": option.title, "payload": payload}
