"""From a draft to calls of the Cloud API: one message each, and before a file its upload.

Limits (Meta's "Messages" reference and the OpenAPI of v23.0): text 4096 characters, caption 1024; in a group only
texts, files and templates (Meta, "Group messaging", May 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from omnichannel.channel import Call
from omnichannel.channels.whatsapp import upload, window
from omnichannel.channels.whatsapp.envelope import is_own_id
from omnichannel.channels.whatsapp.people import KIND, PARENT, is_user_id
from omnichannel.channels.whatsapp.pieces import Piece, Sayable, pieces
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Choice, ContactCard, Draft, Location, Party, Template, Text
from omnichannel.toolbox import Json

MOST_ATTACHMENTS = 30
"""One message each; as many as the app sends in one go."""

_SAYABLE = (Text, Attachment, Choice, Location, ContactCard, Template)
_IN_GROUPS = (Text, Attachment, Template)
_JSON = (("content-type", "application/json"),)


def calls(draft: Draft, *, edge: str, scope: str, menu: str) -> tuple[Call, ...]:
    """The calls that say a draft. `edge` is the phone number's, `menu` what stands on the button of a list.

    A subject is what the conversation is called, not what is said in it: a chat shows none.
    Raises Unsupported, TooLarge or WindowClosed with what is possible instead.
    """
    parts = _possible(draft)
    to = _recipient(draft, scope)
    window.check(draft)
    found = list(pieces(parts, menu))
    if not found:
        raise Unsupported("the draft says nothing that could be sent; WhatsApp shows no empty text")
    return tuple(_calls(draft, found, {"messaging_product": "whatsapp", **to}, edge))


def _possible(draft: Draft) -> tuple[Sayable, ...]:
    """The parts, if each of them can be shown there."""
    if draft.cc:
        raise Unsupported("a WhatsApp conversation is with one person; send each their own message")
    files = sum(isinstance(part, Attachment) for part in draft.parts)
    if files > MOST_ATTACHMENTS:
        raise TooLarge(
            f"{files} attachments; at most {MOST_ATTACHMENTS} go with one message. Send the rest apart"
        )
    found: list[Sayable] = []
    for part in draft.parts:
        if not isinstance(part, _SAYABLE):
            raise Unsupported(f"WhatsApp cannot send a {part.type}; write it as text")
        if draft.public and not isinstance(part, _IN_GROUPS):
            raise Unsupported(f"a group is shown no {part.type}; it takes texts, files and templates")
        if isinstance(part, Choice) and not part.options:
            raise Unsupported("a choice to send needs options; `chosen` is what a customer sends")
        found.append(part)
    return tuple(found)


def _recipient(draft: Draft, scope: str) -> dict[str, Json]:
    """Whom it goes to: the group that it answers in, a number, or a user id."""
    if draft.public:
        if not draft.thread:
            raise Unsupported(
                "in public WhatsApp only has groups; name one (thread), or answer with public=False"
            )
        return {"recipient_type": "group", "to": draft.thread}
    return {"recipient_type": "individual", **_person(draft.to, scope)}


def _person(to: Party, scope: str) -> dict[str, Json]:
    address = to.address
    if address.kind == "phone":
        return {"to": f"+{to.reach.removeprefix('+')}"}
    if address.kind != KIND:
        raise Unsupported(f"{address} is not on WhatsApp; send it with an account of kind {address.kind}")
    if not address.scope:
        raise Unsupported(f"{address} names no account, and a user id means nothing without one")
    if scope and address.scope != scope:
        whose = (
            "all linked portfolios" if address.scope == PARENT else f"account or portfolio {address.scope}"
        )
        raise Unsupported(f"{address} is an id of {whose}, and this is {scope}; write to the id of this one")
    # A user id in `to` is dropped without a word: it has a field of its own.
    return {"recipient" if is_user_id(address.value) else "to": address.value}


def _calls(draft: Draft, found: list[Piece], envelope: dict[str, Json], edge: str) -> Iterator[Call]:
    for index, piece in enumerate(found):
        correlator = f"{draft.id}/{index}"
        if piece.file is not None:
            yield upload.call(f"{edge}/media", piece.file, correlator)
        fields: dict[str, Json] = {**envelope, **piece.content, "biz_opaque_callback_data": correlator}
        if index == 0 and draft.reply_to and not is_own_id(draft.reply_to):
            fields["context"] = {"message_id": draft.reply_to}
        yield Call(
            url=f"{edge}/messages",
            headers=_JSON,
            body=json.dumps(fields, ensure_ascii=False).encode(),
            correlator=correlator,
            chain=piece.chain,
            once="template" in piece.content,  # each is paid for
            text=piece.text,
        )


def sign(edge: str, sign: str, heard: str) -> Call:
    """What a person sees beside their message: two blue ticks (`seen`), and that we type (for 25 s at most)."""
    if sign not in ("seen", "typing"):
        raise Unsupported(f"WhatsApp shows no sign {sign!r}; it shows seen and typing")
    if not heard or is_own_id(heard):
        raise Unsupported("WhatsApp shows this beside a message: give the id of what they said last (heard)")
    fields: dict[str, Json] = {"messaging_product": "whatsapp", "status": "read", "message_id": heard}
    if sign == "typing":
        fields["typing_indicator"] = {"type": "text"}
    return Call(url=f"{edge}/messages", headers=_JSON, body=json.dumps(fields).encode())
