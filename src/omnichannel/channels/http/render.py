"""From a draft to the one call that says it, and what the answer to it means. Pure."""

from __future__ import annotations

import base64
import json

from omnichannel.channel import Call, Response
from omnichannel.channels.http.wire import KIND
from omnichannel.errors import Malformed, TooLarge, Unsupported
from omnichannel.model import Attachment, Card, Choice, Draft, Part, Party, Receipt, Sent, Unknown
from omnichannel.toolbox import Json, excerpt, load_json, need, trouble

LONGEST_TEXT = 100_000
MOST_BYTES = 3 * 1024 * 1024
"""Of all files of a message: in base64 they fit into the 4 MiB that we take ourselves, and many a gateway too."""
MOST_ATTACHMENTS = 20
MOST_OPTIONS = 50

PARTS = frozenset({"text", "attachment", "location", "contact", "choice", "card", "reference"})


def call(draft: Draft, *, url: str, scope: str, repeatable: bool) -> Call:
    """The call; raises Unsupported or TooLarge with what is possible instead."""
    if not url:
        raise Unsupported("this account only takes in: set url to where its answers are to be posted")
    for person in (draft.to, *draft.cc):
        if person.address.scope not in ("", scope):
            raise Unsupported(f"{person.address} is known to {person.address.scope} alone; send it there")
    _check(draft)
    return Call(
        url=url,
        headers=(("content-type", "application/json"), ("webhook-id", draft.id)),
        body=json.dumps(_body(draft), ensure_ascii=False).encode("utf-8", "surrogatepass"),
        correlator=draft.id,
        text=draft.text,
        repeatable=repeatable,
    )


def _check(draft: Draft) -> None:
    for part in draft.parts:
        if part.type not in PARTS:
            raise Unsupported(f"{KIND} carries {', '.join(sorted(PARTS))}; write the {part.type} as text")
        if isinstance(part, Attachment) and part.content is None and not part.url:
            raise Unsupported(
                f"the attachment {part.name!r} has neither bytes (content) nor an address (url)"
            )
        if isinstance(part, Choice) and not part.options:
            raise Unsupported("a choice to send needs options; `chosen` is what a customer sends")
    if not any(part.type != "text" or part.text.strip() for part in draft.parts):
        raise Unsupported("the draft says nothing that could be sent")
    _measure(draft)


def _measure(draft: Draft) -> None:
    files = [part for part in draft.parts if isinstance(part, Attachment)]
    size = sum(len(part.content or b"") for part in files)
    options = sum(len(part.options) for part in draft.parts if isinstance(part, Choice | Card))
    for found, most, what in (
        (len(draft.text), LONGEST_TEXT, "characters of text; send it in several messages"),
        (len(files), MOST_ATTACHMENTS, "attachments; send the rest apart"),
        (size, MOST_BYTES, "bytes of attachments; give them by their addresses (url)"),
        (options, MOST_OPTIONS, "options; offer fewer"),
    ):
        if found > most:
            raise TooLarge(f"{found} of at most {most} {what}")


def _body(draft: Draft) -> dict[str, Json]:
    """The keys of `wire.Send` that have something to say."""
    said: dict[str, Json] = {
        "type": "message.send",
        "id": draft.id,
        "to": _person(draft.to),
        "cc": [_person(person) for person in draft.cc],
        "text": draft.text,
        "parts": [_part(part) for part in draft.parts],
        "subject": draft.subject,
        "thread": draft.thread,
        "reply_to": draft.reply_to,
        "references": list(draft.references),
        "public": draft.public,
        "automatic": draft.automatic,
        "author": draft.author,
        "created_at": draft.created_at.isoformat(),
    }
    return {key: value for key, value in said.items() if value not in ("", [], False)}


def _person(party: Party) -> Json:
    named: dict[str, Json] = {"name": party.name} if party.name else {}
    return {"kind": party.address.kind, "value": party.reach, **named}


def _part(part: Part) -> Json:
    written: dict[str, Json] = part.model_dump(mode="json", exclude_defaults=True, exclude={"content"})
    written["type"] = part.type
    if isinstance(part, Attachment) and part.content is not None:
        written["content"] = base64.b64encode(part.content).decode()
    return written


def read(sent: Call, response: Response) -> Receipt:
    """Sent with the id that was answered, or under our own where nothing was; anything else is in doubt."""
    receipt = trouble(response)
    if receipt is not None:
        return receipt
    if not response.body.strip():
        return Sent(external_id=sent.correlator)
    try:
        return Sent(external_id=need(load_json(response.body), "id"), aliases=(sent.correlator,))
    except Malformed as error:
        detail = f"answer with nothing, or with an id in JSON ({error}): {excerpt(response.body, 100)}"
        return Unknown(detail=detail)
