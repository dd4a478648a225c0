"""Meaning out: what our caller wants said, and what became of each call."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omnichannel.model.address import Address, Party
from omnichannel.model.base import UtcTime, Value
from omnichannel.model.capability import Measure
from omnichannel.model.part import Part, written


class Draft(Value):
    """One message to be said to one person on one account.

    `id` is the id the message will have here. `heard_at` is when this person last wrote on this account,
    `created_at` when the draft was made: together they decide reply windows. `token` identifies conversation
    and recipient and cannot be forged; a channel plants it where it will come back. `automatic` is true for
    a program's words, which some windows refuse and which must be marked as such.
    """

    id: str
    to: Party
    cc: tuple[Party, ...] = ()
    parts: tuple[Part, ...]
    subject: str = ""
    thread: str = ""
    reply_to: str = ""
    references: tuple[str, ...] = ()
    public: bool = False
    automatic: bool = False
    author: str = ""
    created_at: UtcTime
    heard_at: UtcTime | None = None
    token: str = ""

    @property
    def text(self) -> str:
        """The words to be said."""
        return written(self.parts)


class Sent(Value):
    """The platform took it. `external_id` is what it calls it; `aliases` are further ids it may use."""

    outcome: Literal["sent"] = "sent"
    external_id: str = ""
    aliases: tuple[str, ...] = ()
    detail: str = ""


class Refused(Value):
    """The platform will never take it as it is. `code` is our word, `detail` the platform's.

    Codes: `not_summoned`, `duplicate`, `window_closed`, `recipient_unavailable`, `not_owner`, `reauth`,
    `config`, `invalid`, `too_large`, `policy`, `unsupported`, `quota`.
    """

    outcome: Literal["refused"] = "refused"
    code: str
    detail: str = ""


class Deferred(Value):
    """Certainly not taken now; try again after so many seconds (`inf`: the platform says never).

    `scope` is who waits: `conversation`, this call and those behind it in its conversation (a limit for each chat, a
    recipient that is not to be reached for now); or everything of the `account` (the platform's limit for all of it,
    as 429 is nearly everywhere): nothing else is sent there before.
    """

    outcome: Literal["deferred"] = "deferred"
    after: float = Field(ge=0, allow_inf_nan=True)
    detail: str = ""
    scope: Literal["conversation", "account"] = "conversation"


class Unknown(Value):
    """It may or may not have been taken: never sent again by itself."""

    outcome: Literal["unknown"] = "unknown"
    detail: str = ""


Receipt = Annotated[Sent | Refused | Deferred | Unknown, Field(discriminator="outcome")]
"""What became of one call: a closed union of four."""


class Doubt(Value):
    """What is known of a call of which nobody knows whether it arrived (`Channel.find`).

    It was meant for `to`, and cannot have been made before `since`. `others` are the platform's ids of what else we
    said there since: none of them is this one, whatever it says. `rivals` counts other calls with the same words of
    which as little is known: where only words tell calls apart, as many copies prove nothing of this one. Of a call
    that is never made again by itself (`Call.once`) it counts all others, whatever they say.
    """

    to: Address
    since: UtcTime
    others: frozenset[str] = frozenset()
    rivals: int = 0


class Preview(Value):
    """What would become of a draft on an account, told before it is sent.

    `pieces` are the texts as they would go out, one for each call that people see. `size` of `limit` in `measure`
    is how long the whole text is. `changed` says what would be shown as words for want of something better.
    `refused` is empty if it can be sent, else the reason with what is possible instead, and `why` the error's name
    (`Unsupported`, `TooLarge`, `WindowClosed`; `UsageError` where the desk's plan refuses an apology).
    """

    account: str
    kind: str
    public: bool = False
    pieces: tuple[str, ...] = ()
    size: int = 0
    limit: int = 0
    measure: Measure = "chars"
    changed: tuple[str, ...] = ()
    refused: str = ""
    why: str = ""

    @property
    def possible(self) -> bool:
        """Whether it can be sent."""
        return not self.refused
