"""What those who write have a right to: an export of everything of one customer, and the proof of an erasure."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from omnichannel.model.address import Claim, Strength
from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.answers import Use
from omnichannel.model.desk.bots import BotTurn
from omnichannel.model.desk.case import Case
from omnichannel.model.desk.fields import HeldField
from omnichannel.model.desk.proposed import Proposed
from omnichannel.model.desk.ratings import Rating
from omnichannel.model.desk.reading import Reading
from omnichannel.model.desk.training import Consent
from omnichannel.model.talk import Conversation, Customer, Message


class Stated(Value):
    """One thing that somebody said of themselves, or that was known of them: a field and its value."""

    field: str
    value: str
    strength: Strength
    source: str = ""
    at: UtcTime


class Carried(Value):
    """A link or code that was to carry a conversation elsewhere, without the secret in it."""

    conversation: str
    account: str
    issued_at: UtcTime
    expires_at: UtcTime
    used_at: UtcTime | None = None


class ExportedFile(Value):
    """A file of an export. `about` is the id of the message or delivery that it came with."""

    path: str
    media_type: str
    about: str
    content: bytes = Field(repr=False)


class LeftOut(Value):
    """Something that an export does not hold, and why: `what` is `attachment` or `delivery`, `id` the thing's."""

    what: str
    id: str
    because: str


class Export(Value):
    """Everything of one customer, as proven (the *disclose* view), and nothing of anybody else.

    `frozen_at` and `objects` are what they asked for. `readings` are what was made of their words, `proposed`
    what could have been said to them, `uses` the standard answers that were offered for them, `turns` what bots
    said, or would have, `fields` what we said of them in fields of our own. `files` are the raw deliveries
    (`deliveries/<id>.json`, a `Delivery`) and the attachments (`attachments/<message id>/…`). `likely` is for the
    operator alone: customers who may be the same, but are not proven to be; nothing of theirs is here, and the
    list is never written out.
    """

    format: str = "omnichannel export 1"
    made_at: UtcTime
    workspace: str
    customer: Customer
    frozen_at: UtcTime | None = None
    objects: bool = False
    stated: tuple[Stated, ...] = ()
    claims: tuple[Claim, ...] = ()
    carried: tuple[Carried, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    cases: tuple[Case, ...] = ()
    readings: tuple[Reading, ...] = ()
    proposed: tuple[Proposed, ...] = ()
    uses: tuple[Use, ...] = ()
    ratings: tuple[Rating, ...] = ()
    turns: tuple[BotTurn, ...] = ()
    consents: tuple[Consent, ...] = ()
    fields: tuple[HeldField, ...] = ()
    messages: tuple[Message, ...] = ()
    files: tuple[ExportedFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    likely: tuple[str, ...] = ()


class ErasureMark(Value):
    """A keyed mark of what was erased: it tells nothing, and lets it be known if it comes again.

    What bears it counts as erased if it came from `since` to `until`, in microseconds since 1970.
    """

    mark: str
    since: int
    until: int


class Kept(Value):
    """Something that an erasure left, and why. `rows` is how many there are."""

    what: str
    rows: int
    because: str


class Proof(Value):
    """What an erasure removed and left. It holds ids, counts, times and keyed marks, and no value of the customer.

    `removed` counts rows by table. `scrubbed`: whether the database's files were rewritten, so that no byte of it is
    in them any more. `elsewhere` is what is left to do outside the database. `likely` are customers who may be
    the same, but were not proven to be, and were not touched. `marks` let the same be erased again, where a backup
    from before brings it back. Keep proofs outside of the database.
    """

    format: str = "omnichannel erasure 1"
    workspace: str
    customer: str
    actor: str
    because: str = ""
    at: UtcTime
    removed: Mapping[str, int]
    kept: tuple[Kept, ...] = ()
    scrubbed: bool = False
    elsewhere: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    marks: tuple[ErasureMark, ...] = Field(default=(), repr=False)
