"""What an application sees: customers, their conversations, and the messages in them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from omnichannel.model.address import Address, Party, Purpose, Strength
from omnichannel.model.base import UtcTime, Value
from omnichannel.model.event import Automatic, Direction
from omnichannel.model.part import Part, set_apart, written


class Reached(Value):
    """One address of a customer, with the strongest reason to believe that it is theirs.

    `unproven`: it is theirs only as far as anybody says (purposes other than *disclose*): mark it wherever it is
    shown. `shared`: why it is nobody's alone; empty if it is theirs. `since`: since when they have it, where it was
    somebody else's before.
    """

    address: Address
    name: str = ""
    strength: Strength
    because: str = ""
    unproven: bool = False
    shared: str = ""
    since: UtcTime | None = None


class Customer(Value):
    """Somebody who writes to us: derived from the claims that prove which addresses are theirs.

    An id that was merged away still finds the customer; taking the merge back restores it. `frozen_at`: since when
    what there is of them is kept and not used; None if it is used.
    """

    id: str
    name: str = ""
    addresses: tuple[Reached, ...] = ()
    frozen_at: UtcTime | None = None


class Weight(Value):
    """One reason for or against, out of what two customers are known by: how much it tells, in bits.

    A bit doubles the odds that they are one, or halves them below zero. `field` is `before` for the odds of any two
    customers, and `besides` for what strangers who are related have in common.
    """

    field: str
    says: str
    bits: float


class Likeness(Value):
    """How alike two customers are by what is known of them: the weights add up to the odds, in bits (log2)."""

    probability: float
    odds: float
    weights: tuple[Weight, ...]


class Suggestion(Value):
    """Two customers who may be one, unproven: for a person to decide, with the reasons.

    `score` ranks the reasons by their kind; `likely` is how probable it is stated to be, 0 to 1. `weights` are there
    where they are alike, as they are known now, and add up to the odds (log2). `worth` is how many messages a
    decision is expected to put right, by which suggestions are ordered (`omnichannel.identity.worth`).
    """

    id: str
    one: Address
    other: Address
    strength: Strength
    score: float
    because: tuple[str, ...]
    likely: float = 1.0
    weights: tuple[Weight, ...] = ()
    worth: float = 0.0


class Pair(Value):
    """Two addresses that a view has as one customer's, drawn at random for a person to judge.

    `likely` is how probable it was stated to be where only likeness joins them, else None. `same` is what was judged,
    None as long as nobody did.
    """

    id: str
    one: Address
    other: Address
    because: tuple[str, ...]
    likely: float | None = None
    weights: tuple[Weight, ...] = ()
    same: bool | None = None


class Audit(Value):
    """A sample of what a view joins, and how wrong the view can be by what people judged of it.

    `wrong` of `judged` pairs were two people's. `low` to `high` holds the view's error rate with 95 % confidence
    (Clopper and Pearson, two-sided); with the same confidence it is no more than `most` (one-sided). `whole`: there
    were no more pairs than these.
    """

    id: str
    purpose: Purpose
    pairs: tuple[Pair, ...]
    judged: int
    wrong: int
    low: float
    high: float
    most: float
    whole: bool = False


class Conversation(Value):
    """One question and its answers, on whatever channels it goes on.

    `messages` counts what was ever placed in it: what was moved away stays counted, and numbers stay taken.
    """

    id: str
    subject: str = ""
    status: Literal["open", "closed"] = "open"
    assignee: str = ""
    customer: str = ""
    opened_at: UtcTime
    last_at: UtcTime
    messages: int = 0


class Delivered(Value):
    """How far one sending has come. `status` moves only forward; `failed` and `unknown` say why.

    `possible_duplicate`: it was sent once more because nobody knew whether it had arrived (`Rules.in_doubt`), so that
    the customer may see it twice.
    """

    call: str
    status: Literal["queued", "sending", "sent", "delivered", "read", "failed", "unknown", "cancelled"]
    external_id: str = ""
    detail: str = ""
    at: UtcTime | None = None
    possible_duplicate: bool = False


class Message(Value):
    """One thing said, in or out, on one channel.

    `author` is the customer's address, or who of ours wrote it (`agent`). `public` is a property of each
    message: a mention is public, a direct message is not. `because` says why it is in this conversation.
    `delivery` is the id of the raw delivery it was read from. `seq` orders the conversation. `late`: nothing told us
    when it was said (`sent_at`); `reconcile` found it in the platform's record, where it may have been answered.
    """

    id: str
    conversation: str
    seq: int
    direction: Direction
    account: str = ""
    kind: str = ""
    author: Party | None = None
    agent: str = ""
    strength: Strength | None = None
    sent_at: UtcTime
    received_at: UtcTime
    subject: str = ""
    parts: tuple[Part, ...] = ()
    public: bool = False
    automatic: Automatic | None = None
    late: bool = False
    edited: bool = False
    deleted: bool = False
    reactions: tuple[tuple[str, str], ...] = ()
    external_id: str = ""
    reply_to: str = ""
    delivery: str = ""
    because: str = ""
    sendings: tuple[Delivered, ...] = ()

    @property
    def text(self) -> str:
        """What was newly written."""
        return written(self.parts)

    @property
    def quoted(self) -> str:
        """Quoted replies and signatures, split off the text."""
        return set_apart(self.parts)


class Challenge(Value):
    """A code that was sent to an address that somebody claims, and what came of it.

    `claimant` said that `claimed` is theirs (`claim`, an id of `Claim`). `status`: `waiting` for the code; `proven`;
    `dropped`, with the claim, after `expires_at` or too many wrong `tries`; `replaced` by a later one. `message` is
    the one that carried the code, on `account`; the code itself is kept nowhere that can be read.
    """

    id: str
    claim: str
    claimant: Address
    claimed: Address
    account: str
    message: str
    status: Literal["waiting", "proven", "dropped", "replaced"]
    because: str = ""
    tries: int = 0
    at: UtcTime
    expires_at: UtcTime


class Happening(Value):
    """Something that happened in the inbox, for those who follow it: `what` is a dotted name.

    For example `message.received`, `message.sent`, `conversation.assigned`, `customer.merged`.
    """

    id: str
    what: str
    at: UtcTime
    conversation: str = ""
    customer: str = ""
    message: str = ""
    actor: str = ""
    detail: dict[str, str] = Field(default_factory=dict)


class Parked(Value):
    """Something that failed for good and waits for a person: a delivery, or a message for the handlers."""

    id: str
    what: Literal["delivery", "handler"]
    account: str = ""
    reason: str
    attempts: int
    at: UtcTime
