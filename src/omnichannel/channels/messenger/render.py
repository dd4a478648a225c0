"""From a draft to calls of the Send API, in order: never drops, never truncates. Pure.

Wire facts: Meta's "Send a Message" (5 May 2026), "Quick replies" (22 April 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from omnichannel.channel import Call
from omnichannel.channels.messenger import upload
from omnichannel.channels.messenger.item import KIND, USER_REF, is_own_id
from omnichannel.channels.messenger.window import permission
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Choice, Draft, Option, Text
from omnichannel.toolbox import Json, split

LONGEST_TEXT = 2000
"""Characters of one text (as other senders of Messenger have it; Meta's pages do not say)."""
MOST_OPTIONS = 13
MOST_ATTACHMENTS = 30
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1000

_POSSIBLE = "Messenger carries text, attachments and choices"


@dataclass
class _Piece:
    """One message as the customer will see it."""

    message: dict[str, Json]
    text: str
    file: Attachment | None = None
    quick_replies: list[Json] = field(default_factory=list)


def calls(draft: Draft, *, url: str, page_id: str, human_agent: bool) -> tuple[Call, ...]:
    """The calls that say a draft. `url` is the Page's `messages` edge.

    A subject is what the conversation is called, not what is said in it: a chat shows none.
    Raises Unsupported, TooLarge or WindowClosed with what is possible instead.
    """
    _refuse_what_cannot_be(draft)
    envelope: dict[str, Json] = {"recipient": _recipient(draft, page_id)}
    envelope.update(permission(draft, human_agent=human_agent))
    pieces = list(_pieces(draft))
    if not pieces:
        raise Unsupported(f"the draft says nothing that could be sent; {_POSSIBLE}, a choice needs a text")
    # Quick replies vanish when another message follows: they stand on the last one.
    pieces[-1].quick_replies = _quick_replies(draft)
    return tuple(_call(draft, index, piece, envelope, url) for index, piece in enumerate(pieces))


def _refuse_what_cannot_be(draft: Draft) -> None:
    if draft.public:
        raise Unsupported("Messenger is private; answer privately (public=False)")
    if draft.cc:
        raise Unsupported("a Messenger conversation is with one person; send each their own message")
    files = sum(isinstance(part, Attachment) for part in draft.parts)
    if files > MOST_ATTACHMENTS:
        raise TooLarge(
            f"{files} attachments; at most {MOST_ATTACHMENTS} go with one message. Send the rest apart"
        )
    for part in draft.parts:
        if not isinstance(part, Text | Attachment | Choice):
            raise Unsupported(f"Messenger cannot send a {part.type}; write it as text. {_POSSIBLE}")
        if isinstance(part, Choice) and not part.options:
            raise Unsupported("a choice to send needs options; `chosen` is what a customer sends")


def _recipient(draft: Draft, page_id: str) -> dict[str, Json]:
    to = draft.to.address
    if to.kind != KIND:
        raise Unsupported(f"{to} is not on Messenger; send it with an account of kind {to.kind}")
    if not to.scope:
        raise Unsupported(f"{to} names no Page, and a Messenger id means nothing without one")
    if page_id and to.scope != page_id:
        raise Unsupported(
            f"{to} is known to Page {to.scope} alone, and this is Page {page_id}; send it there"
        )
    if to.value.startswith(USER_REF):
        return {"user_ref": to.value.removeprefix(USER_REF)}
    return {"id": to.value}


def _pieces(draft: Draft) -> Iterator[_Piece]:
    """Texts that follow each other are one text; everything else keeps its place."""
    words: list[str] = []
    for part in draft.parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Attachment):
            yield from _texts(words)
            words = []
            yield _attachment(part)
    yield from _texts(words)


def _texts(words: list[str]) -> Iterator[_Piece]:
    for text in split("\n".join(words), LONGEST_TEXT, len):
        # The Send API refuses a text of spaces alone, and it would show nothing.
        if text.strip():
            yield _Piece({"text": text}, text)


def _attachment(part: Attachment) -> _Piece:
    upload.check(part)
    payload: dict[str, Json] = {} if part.content is not None else {"url": part.url}
    attachment: dict[str, Json] = {"type": upload.kind_of(part), "payload": payload}
    return _Piece(
        {"attachment": attachment}, part.name or part.url, part if part.content is not None else None
    )


def _quick_replies(draft: Draft) -> list[Json]:
    options = [option for part in draft.parts if isinstance(part, Choice) for option in part.options]
    if len(options) > MOST_OPTIONS:
        raise TooLarge(f"{len(options)} options; Messenger shows at most {MOST_OPTIONS}")
    return [_quick_reply(option) for option in options]


def _quick_reply(option: Option) -> Json:
    payload = option.value or option.title
    if not option.title.strip():
        raise Unsupported("an option needs a title to be shown")
    if len(option.title) > LONGEST_TITLE:
        raise TooLarge(
            f"the option {option.title!r} has {len(option.title)} characters; Messenger shows at most "
            f"{LONGEST_TITLE}. Shorten the title, and put the long form into the text"
        )
    if len(payload) > LONGEST_PAYLOAD:
        raise TooLarge(
            f"the value of {option.title!r} has {len(payload)} characters; at most {LONGEST_PAYLOAD}"
        )
    return {"content_type": "text", "title": option.title, "payload": payload}


def _call(draft: Draft, index: int, piece: _Piece, envelope: dict[str, Json], url: str) -> Call:
    correlator = f"{draft.id}/{index}"
    message: dict[str, Json] = {**piece.message, "metadata": correlator}
    if piece.quick_replies:
        message["quick_replies"] = piece.quick_replies
    fields: dict[str, Json] = {**envelope, "message": message}
    if index == 0 and draft.reply_to and not is_own_id(draft.reply_to):
        fields["reply_to"] = {"mid": draft.reply_to}
    if piece.file is None:
        kind, body = "application/json", json.dumps(fields, ensure_ascii=False).encode()
    else:
        kind, body = upload.form(fields, piece.file, correlator)
    return Call(
        url=url,
        headers=(("content-type", kind),),
        body=body,
        correlator=correlator,
        text=piece.text,
        timeout=30.0 if "text" in piece.message else upload.PATIENCE,
    )
