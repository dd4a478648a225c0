"""From a draft to calls of the Messaging API, in order: never drops, never truncates. Pure.

A push can be made again under its retry key ("Retry failed API requests"); a reply cannot, and is not counted.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

from omnichannel.channel import Call
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Choice, Draft
from omnichannel.toolbox import Json

from omnichannel_line.item import KIND, is_shared, tokens_of
from omnichannel_line.messages import messages, quick_reply

MOST_MESSAGES = 5
MOST_ATTACHMENTS = 30
PARTS = frozenset({"text", "attachment", "location", "choice", "card", "reference"})

REPLY_TOKEN = "x-reply-token"  # noqa: S105 - a header's name
"""Our own header, for `link.ReplyFirst`: LINE never sees it."""

REPLY_WITHIN = timedelta(seconds=50)
"""LINE promises a reply token for a minute after the webhook; some of it passes before we send."""

_KEYS = uuid.uuid5(uuid.NAMESPACE_OID, "omnichannel-line")


def calls(draft: Draft, *, host: str, bot: str, replies: bool) -> tuple[Call, ...]:
    """The calls that say a draft, of up to five messages, as LINE counts calls. Raises Unsupported or TooLarge."""
    _refuse_what_cannot_be(draft, bot)
    said = list(messages(draft.parts))
    options = [option for part in draft.parts if isinstance(part, Choice) for option in part.options]
    if not said:
        raise Unsupported("the draft says nothing that could be sent; on LINE a choice needs a text")
    if options:
        said[-1] |= {"quickReply": quick_reply(options)}
    chat = chat_of(draft)
    tokens = tokens_of(draft.to, chat)
    if draft.reply_to and tokens.get("quote") and said[0]["type"] in ("text", "sticker"):
        said[0] |= {"quoteToken": tokens["quote"]}
    reply = tokens.get("reply", "") if replies and _is_fresh(draft) else ""
    return tuple(_call(draft, number, chunk, host, chat, reply) for number, chunk in enumerate(_chunks(said)))


def chat_of(draft: Draft) -> str:
    """The id of the user, group or room that it is said to: in public the thread's, else the person's own."""
    return (draft.public and draft.thread) or draft.to.address.value


def _chunks(said: Sequence[dict[str, Json]]) -> Iterator[list[dict[str, Json]]]:
    """What goes together: up to five messages, but of a text that had to be cut each piece by itself."""
    chunk: list[dict[str, Json]] = []
    for message in said:
        follows = bool(chunk) and message["type"] == chunk[-1]["type"] == "text"
        if len(chunk) == MOST_MESSAGES or follows:
            yield chunk
            chunk = []
        chunk.append(message)
    yield chunk


def _is_fresh(draft: Draft) -> bool:
    return draft.heard_at is not None and draft.created_at - draft.heard_at <= REPLY_WITHIN


def _call(
    draft: Draft, number: int, said: Sequence[dict[str, Json]], host: str, chat: str, reply: str
) -> Call:
    """One push. The retry key is made of the draft's id: however often it is sent, it arrives once within a day."""
    correlator = f"{draft.id}:{number}"
    # A token is good for one reply, and a reply cannot be repeated without doubt.
    replying = ((REPLY_TOKEN, reply),) if reply and number == 0 else ()
    key = str(uuid.uuid5(_KEYS, correlator))
    body = {"to": chat, "messages": list(said)}
    return Call(
        url=f"{host}/v2/bot/message/push",
        headers=(("content-type", "application/json"), ("x-line-retry-key", key), *replying),
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        correlator=correlator,
        repeatable=not replying,
        text="\n".join(filter(None, map(_words, said))),
    )


def _words(message: dict[str, Json]) -> str:
    return str(message.get("text") or message.get("altText") or "")


def _refuse_what_cannot_be(draft: Draft, bot: str) -> None:
    to = draft.to.address
    if to.kind != KIND:
        raise Unsupported(f"{to} is not on LINE; send it with an account of kind {to.kind}")
    if bot and to.scope != bot:
        raise Unsupported(
            f"{to} is known to the account {to.scope or '(none)'}, and this is {bot}; send it there"
        )
    if draft.public and not is_shared(chat_of(draft)):
        raise Unsupported("a chat with one person is private; answer with public=False")
    if not draft.public and is_shared(chat_of(draft)):
        raise Unsupported(
            "several people read in that group; answer there with public=True, or write to one of them"
        )
    if draft.cc:
        raise Unsupported("a chat on LINE is one chat; send each their own message")
    files = sum(isinstance(part, Attachment) for part in draft.parts)
    if files > MOST_ATTACHMENTS:
        raise TooLarge(
            f"{files} attachments; at most {MOST_ATTACHMENTS} go with one message. Send the rest apart"
        )
    for part in draft.parts:
        if part.type not in PARTS:
            raise Unsupported(f"LINE cannot send a {part.type}; write it as text")
        if isinstance(part, Choice) and not part.options:
            raise Unsupported("a choice to send needs options; `chosen` is what a customer sends")
