"""From a draft to calls of the Send API, in order: never drops, never truncates. Pure.

Wire facts: Meta's "Send a Message" (5 May 2026).
"""

from __future__ import annotations

import json

from omnichannel.channel import Call
from omnichannel.channels.messenger.parse import KIND
from omnichannel.errors import Unsupported
from omnichannel.model import Draft
from omnichannel.platforms.meta import upload
from omnichannel.platforms.meta.messaging import saying
from omnichannel.platforms.meta.messaging.item import USER_REF, is_own_id
from omnichannel.platforms.meta.messaging.window import permission
from omnichannel.toolbox import Json

NAME = "Messenger"
LONGEST_TEXT = 2000
"""Characters of one text (as other senders of Messenger have it; Meta's pages do not say)."""


def calls(draft: Draft, *, url: str, page_id: str, human_agent: bool) -> tuple[Call, ...]:
    """The calls that say a draft. `url` is the Page's `messages` edge.

    A subject is what the conversation is called, not what is said in it: a chat shows none.
    Raises Unsupported, TooLarge or WindowClosed with what is possible instead.
    """
    if draft.public:
        raise Unsupported("Messenger is private; answer privately (public=False)")
    saying.refuse(draft, NAME)
    envelope: dict[str, Json] = {"recipient": _recipient(draft, page_id)}
    envelope.update(permission(draft, human_agent=human_agent))
    pieces = saying.pieces(draft, NAME, LONGEST_TEXT, len)
    return tuple(_call(draft, index, piece, envelope, url) for index, piece in enumerate(pieces))


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


def _call(draft: Draft, index: int, piece: saying.Piece, envelope: dict[str, Json], url: str) -> Call:
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
