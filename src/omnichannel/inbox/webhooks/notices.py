"""What an endpoint is told: a happening as the body of a webhook, made when it is sent, of what is there by then.

Ids and times, unless the endpoint includes more: a webhook leaves the house, and what it says cannot be called back.
Nothing of it is stored, so an erasure has nothing to look for here, and who is frozen is not spoken of.
"""

from __future__ import annotations

from collections.abc import Sequence

from omnichannel.errors import NotFound
from omnichannel.model import Attachment, Happening, Includes, Message, Notice, NoticeData
from omnichannel.store import Tx, freezing, messages

MOST_BYTES = 256 * 1024
"""Of a notice with its message; the specification advises to stay below 20 kB, and most messages do."""


def body(tx: Tx, happening: Happening, includes: Sequence[Includes]) -> bytes:
    """The JSON that is posted."""
    told = NoticeData(
        id=happening.id,
        workspace=tx.workspace,
        conversation=happening.conversation,
        customer=happening.customer,
        message=happening.message,
        actor=happening.actor,
    )
    if includes:
        told = told.model_copy(update=_more(tx, happening, includes))
    written = _written(happening, told)
    if len(written) > MOST_BYTES:
        told = told.model_copy(update={"content": None, "left_out": "it is too large; look it up"})
        written = _written(happening, told)
    return written


def _written(happening: Happening, told: NoticeData) -> bytes:
    notice = Notice(type=happening.what, timestamp=happening.at, data=told)
    return notice.model_dump_json(exclude_none=True).encode()


def _more(tx: Tx, happening: Happening, includes: Sequence[Includes]) -> dict[str, object]:
    """What is told besides ids."""
    if _frozen(tx, happening):
        return {"left_out": "its customer's data are frozen"}
    found: dict[str, object] = {"detail": happening.detail} if "detail" in includes else {}
    if "message" in includes and happening.message:
        try:
            found["content"] = _bare(messages.message(tx, tx.ids.find("message", happening.message)))
        except NotFound:
            found["left_out"] = "the message is not here any more"
    return found


def _frozen(tx: Tx, happening: Happening) -> bool:
    if freezing.nobody(tx):
        return False
    if happening.message and freezing.held(tx, [tx.ids.find("message", happening.message)]):
        return True
    customer = tx.ids.find("customer", happening.customer) if happening.customer else 0
    return freezing.since(tx, customer) is not None


def _bare(message: Message) -> Message:
    """The message without the bytes of its files."""
    parts = tuple(
        part.model_copy(update={"content": None}) if isinstance(part, Attachment) else part
        for part in message.parts
    )
    return message.model_copy(update={"parts": parts})
