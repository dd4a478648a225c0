"""Meaning in: what one item of a delivery says. A closed union of four."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from omnichannel.model.address import Evidence, Party, Strength
from omnichannel.model.base import UtcTime, Value
from omnichannel.model.part import Part, set_apart, written


class Direction(StrEnum):
    """Who speaks: the customer (`inbound`), we (`outbound`), or we among ourselves (`internal`)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


Automatic = Literal["auto_reply", "bounce", "list", "auto_generated", "read_receipt", "complaint_report"]
"""Why a message is a machine's and must never be answered by one."""


class Received(Value):
    """A message. `external_id` is the platform's own id, stable under redelivery.

    `thread` is the platform's conversation (empty where there is none), `reply_to` the external id it
    answers, `references` older ids of the same thread, oldest first. `strength` and `method` say how well
    the sender is proven. `evidence` lists what the delivery says about further addresses. `fingerprint` is
    given where external ids can be forged or reused (e-mail): the same id with another fingerprint is
    another message. `tokens` are candidates for a token of ours that came back; `correlator` is what we
    planted in a call (an echo of our own sending). `answer_to` is where an answer goes if not to `sender`:
    never an identity. `agent` is who of ours said it, where another desk's record tells; only such a record has
    notes among ourselves (`internal`), with whom they are about as the recipient.
    """

    event: Literal["received"] = "received"
    external_id: str = Field(min_length=1, max_length=1024)
    fingerprint: str = ""
    direction: Direction = Direction.INBOUND
    sender: Party
    strength: Strength = Strength.VERIFIED
    method: str = "platform_id"
    recipients: tuple[Party, ...] = ()
    sent_at: UtcTime | None = None
    subject: str = ""
    parts: tuple[Part, ...] = ()
    thread: str = ""
    reply_to: str = ""
    references: tuple[str, ...] = ()
    public: bool = False
    automatic: Automatic | None = None
    answer_to: Party | None = None
    evidence: tuple[Evidence, ...] = ()
    tokens: tuple[str, ...] = ()
    correlator: str = ""
    app: str = ""
    agent: str = ""
    readonly: bool = False
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the author newly wrote."""
        return written(self.parts)

    @property
    def quoted(self) -> str:
        """What was split off: quoted replies and signatures."""
        return set_apart(self.parts)


class Updated(Value):
    """Something happened to a message that was sent before, by them or by us.

    `kind`: `edited`, `deleted`, `reaction`, `status`, `read`, `typing`, or a platform's own word. `targets`
    are the external ids concerned; `until` is a watermark (everything sent up to that moment); `correlator`
    finds our own call. `status` is `sent`, `delivered`, `read` or `failed`.
    """

    event: Literal["updated"] = "updated"
    kind: str
    external_id: str = Field(min_length=1, max_length=1024)
    targets: tuple[str, ...] = ()
    until: UtcTime | None = None
    correlator: str = ""
    sender: Party | None = None
    recipients: tuple[Party, ...] = ()
    sent_at: UtcTime | None = None
    thread: str = ""
    status: Literal["sent", "delivered", "read", "failed"] | None = None
    parts: tuple[Part, ...] = ()
    reaction: str = ""
    removed: bool = False
    tokens: tuple[str, ...] = ()
    reason: str = ""

    @property
    def text(self) -> str:
        """The new words of an edit."""
        return written(self.parts)


class Ignored(Value):
    """Understood, and of no meaning for a conversation; `reason` says which."""

    event: Literal["ignored"] = "ignored"
    reason: str
    kind: str = ""
    external_id: str = ""
    sender: Party | None = None
    sent_at: UtcTime | None = None
    thread: str = ""


class Unreadable(Value):
    """One item that could not be read; its siblings could. The delivery is parked and can be replayed."""

    event: Literal["malformed"] = "malformed"
    reason: str
    where: str = ""


Event = Annotated[Received | Updated | Ignored | Unreadable, Field(discriminator="event")]
"""What one item of a delivery means."""
