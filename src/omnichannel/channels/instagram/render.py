"""From a draft to calls: direct messages, public replies to comments, or one private reply to a comment. Pure.

Wire facts: Meta's "Instagram Messaging API" (1000 bytes of text, files by address only), "Comment Moderation",
"Private Replies" (30 June 2026), "IG User Mentions"; an answer may point at a message (changelogs: 19 December 2025
with a Page, 21 September 2026 without). How long a comment may be Meta does not say; 2200 is what its app takes.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from omnichannel.channel import Call
from omnichannel.channels.instagram.mentions import KIND, mention_of
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Draft, Text
from omnichannel.platforms.meta import upload
from omnichannel.platforms.meta.messaging import saying
from omnichannel.platforms.meta.messaging.item import is_own_id
from omnichannel.platforms.meta.messaging.window import check_private_reply, permission
from omnichannel.toolbox import Json, size, split

NAME = "Instagram"
LONGEST_COMMENT = 2200
LONGEST_MESSAGE = 1000
"""Bytes of UTF-8."""
IMAGES = ("image/jpeg", "image/png", "image/gif")
MEDIA = (*IMAGES, "audio/*", "video/*", "application/pdf")

_JSON = (("content-type", "application/json"),)


def calls(draft: Draft, *, edge: str, node: str, account_id: str, human_agent: bool) -> tuple[Call, ...]:
    """The calls that say a draft. `edge` is the Graph API with its version, `node` whose messages we send.

    Raises Unsupported, TooLarge or WindowClosed with what is possible instead.
    """
    saying.refuse(draft, NAME)
    _check_address(draft, account_id)
    if draft.public:
        return tuple(_replies(draft, edge, account_id or draft.to.address.scope))
    url = f"{edge}/{quote(node or draft.to.address.scope, safe='')}/messages"
    comment = _comment(draft)
    _check_files(draft)
    if comment:
        check_private_reply(draft)
        label: dict[str, Json] = {"recipient": {"comment_id": comment}}
    else:
        label = {"recipient": {"id": _person(draft)}}
        label |= permission(draft, human_agent=human_agent, us="this account", link="its link (ig.me)")
    pieces = saying.pieces(draft, NAME, LONGEST_MESSAGE, lambda text: size(text, "bytes"))
    if comment and len(pieces) > 1:
        raise TooLarge(
            f"a comment is answered privately with one message, and this would be {len(pieces)}: a text of at "
            f"most {LONGEST_MESSAGE} bytes, or one file"
        )
    answered = "" if comment or is_comment(draft.reply_to) or is_own_id(draft.reply_to) else draft.reply_to
    return tuple(
        _message(piece, label, url, answered if index == 0 else "") for index, piece in enumerate(pieces)
    )


def _comment(draft: Draft) -> str:
    """The comment that a private draft answers; empty in a conversation, which goes on by itself."""
    about = draft.reply_to or next(reversed(draft.references), "")
    return about if is_comment(about) and not draft.thread else ""


def is_comment(external_id: str) -> bool:
    """Comments have numbers, messages have not."""
    return external_id.isascii() and external_id.isdigit()


def _check_address(draft: Draft, account_id: str) -> None:
    to = draft.to.address
    if to.kind != KIND:
        raise Unsupported(f"{to} is not on Instagram; send it with an account of kind {to.kind}")
    if account_id and to.scope != account_id:
        raise Unsupported(
            f"{to} is known to account {to.scope or '(none)'} alone, and this is account {account_id}; send it there"
        )


def _person(draft: Draft) -> str:
    who = draft.to.address.value
    if who.startswith("comment:"):
        raise Unsupported(
            "Instagram did not say who wrote this comment; answer it in public, or as its reply"
        )
    return who


def _check_files(draft: Draft) -> None:
    for part in draft.parts:
        if not isinstance(part, Attachment):
            continue
        if part.content is not None and not part.url:
            raise Unsupported(
                f"Instagram fetches files itself; give {part.name or 'this one'} a public address (url)"
            )
        if not _is_taken(part.media_type.lower()):
            raise Unsupported(
                f"Instagram shows {', '.join(MEDIA)}, no {part.media_type}; send a link to it as text"
            )


def _is_taken(media_type: str) -> bool:
    return media_type in (*MEDIA, "image/*") or media_type.startswith(("audio/", "video/"))


def _replies(draft: Draft, edge: str, account: str) -> list[Call]:
    """Public replies to a comment, or to where we were mentioned, in order: words alone."""
    mention = mention_of(draft.reply_to)
    if mention is None and not is_comment(draft.reply_to):
        raise Unsupported("in public we answer comments, and this is none; answer privately (public=False)")
    if any(not isinstance(part, Text) for part in draft.parts):
        raise Unsupported("comments on Instagram carry words alone; send the rest privately (public=False)")
    url = f"{edge}/{quote(account, safe='')}/mentions" if mention else f"{edge}/{draft.reply_to}/replies"
    where = mention.fields if mention else {}
    texts = [text for text in split(draft.text, LONGEST_COMMENT, len) if text.strip()]
    if not texts:
        raise Unsupported("there is nothing to say; give the draft a text")
    return [_call(url, {**where, "message": text}, text) for text in texts]


def _message(piece: saying.Piece, label: dict[str, Json], url: str, answered: str) -> Call:
    message: dict[str, Json] = dict(piece.message)
    if piece.file is not None:  # its bytes are at hand as well, but only the address can be sent
        message = {
            "attachment": {"type": upload.kind_of(piece.file.media_type), "payload": {"url": piece.file.url}}
        }
    if piece.quick_replies:
        message["quick_replies"] = piece.quick_replies
    fields: dict[str, Json] = {**label, "message": message}
    if answered:
        fields["reply_to"] = {"mid": answered}
    call = _call(url, fields, piece.text)
    return call if "text" in message else call.model_copy(update={"timeout": upload.PATIENCE})


def _call(url: str, fields: dict[str, Json], text: str) -> Call:
    return Call(url=url, headers=_JSON, body=json.dumps(fields, ensure_ascii=False).encode(), text=text)
