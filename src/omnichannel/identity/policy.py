"""Which evidence may do what: one table, so that a decision about trust is read in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from types import MappingProxyType

from omnichannel.identity.journal import Entry
from omnichannel.model import Purpose, Strength

_ORDER = {strength: rank for rank, strength in enumerate(Strength)}
_DAY = 86_400 * 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Method:
    """A way of knowing. `most` is the strength it never exceeds, `says` the reason in words.

    `likely`: how probable a claim made this way is, above 0 and at most 1; what is unproven counts in a view
    only from that view's `least` on. `lasts`: after how many microseconds a claim expires; None for never. `own`:
    whether senders say it of themselves, in their own words, so that what two addresses say of each other is proof.
    `moves`: whether it says that somebody gave up the second address for the first.
    """

    most: Strength
    says: str
    likely: float = 1.0
    lasts: int | None = None
    own: bool = False
    moves: bool = False


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "platform_id": Method(Strength.VERIFIED, "the platform vouches for the sender"),
        "platform_mapping": Method(Strength.VERIFIED, "the platform says that both are the same account's"),
        "number_change": Method(Strength.VERIFIED, "the platform says that the account moved", moves=True),
        "dmarc": Method(Strength.VERIFIED, "the sender's domain vouches for the mail (DMARC)"),
        "token": Method(Strength.VERIFIED, "a one-time token sent to one came back from the other"),
        "login": Method(Strength.VERIFIED, "logged in at our own site"),
        "operator": Method(Strength.ATTESTED, "an operator vouches for it"),
        "import": Method(Strength.ATTESTED, "an operator vouches for the import that it came with"),
        "from": Method(Strength.ASSERTED, "a mail names it as its sender, and nothing proves that", 0.98),
        "form": Method(Strength.ASSERTED, "it was filled in on a form", 0.98, own=True),
        "text": Method(Strength.ASSERTED, "it was written in a message as the sender's own", 0.97, own=True),
        "mentioned": Method(Strength.ASSERTED, "it was written in a message", 0.97),
        "contact_card": Method(Strength.ASSERTED, "it stands on a contact card that was sent", 0.7),
        "caller_id": Method(Strength.ASSERTED, "the caller's number says so, and can be forged", 0.95),
        "profile": Method(
            Strength.ASSERTED, "it stands in a profile that its owner fills in", 0.95, own=True
        ),
        "signature": Method(Strength.INFERRED, "it stands in the signature of a mail", 0.95),
        "quoted": Method(Strength.INFERRED, "it stands in a quoted message", 0.3),
        "name": Method(Strength.INFERRED, "the names look alike", 0.3),
        "likeness": Method(Strength.INFERRED, "what is known of both is alike"),
    }
)
"""The ways of knowing that are known here (strength is proof of control, never likeness)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What addresses of a kind are, and how many of them one customer can have.

    `most`: how many, in each scope, when customers are derived to disclose; `loosely` for the other views (0:
    the same). `account`: one person's account at a platform, so that two of them tell two people apart.
    `device`: proves which device wrote, never which person. `gap`: after how many microseconds of silence a
    new account at this address is a new owner (telephone numbers and handles are given out again); None:
    it never changes hands.
    """

    most: int
    loosely: int = 0
    account: bool = False
    device: bool = False
    gap: int | None = None

    def limit(self, purpose: Purpose) -> int:
        """How many addresses of this kind, in one scope, one customer can have in a view."""
        return self.most if purpose is Purpose.DISCLOSE else self.loosely or self.most


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "email": Kind(10, 15),
        "phone": Kind(5, 8, gap=45 * _DAY),
        "account": Kind(1, account=True),
        "messenger": Kind(1, account=True),
        "facebook": Kind(1, account=True),
        "instagram": Kind(1, account=True),
        "whatsapp": Kind(1, 2, account=True),
        "telegram": Kind(3, account=True),
        "x": Kind(3, account=True),
        "handle": Kind(5, gap=0),
        "webchat": Kind(50, device=True),
        "cookie": Kind(50, device=True),
    }
)
"""The kinds that are known here. Limits are deliberate guesses: above what one person plausibly has."""

OTHER = Kind(3, account=True)
"""What addresses of any other kind are: a platform's ids, as a plug-in gives them."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a method may prove at most, what addresses of a kind are, and where an address is shared.

    A method that stands in no table keeps the strength that its channel gave it; one that does is held to
    it, whatever a journal row says: an address typed in a chat stays `asserted`.

    `largest`: the most addresses of one customer; beyond it something is shared that nobody knows of.
    `accounts`: with how many accounts of one kind an address is shared; a device is with two addresses of one
    kind that were proven there. `people`: with how many people's names an address is shared. `least`: from which
    probability on unproven claims count in a view.
    """

    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    largest: int = 200
    accounts: int = 3
    people: int = 2
    least: Mapping[Purpose, float] = field(
        default_factory=lambda: {Purpose.ASSIST: 0.9, Purpose.ANALYTICS: 0.5}
    )

    def __post_init__(self) -> None:
        assist, analytics = (self.least.get(view) for view in (Purpose.ASSIST, Purpose.ANALYTICS))
        if assist is None or analytics is None or assist < analytics:
            raise ValueError(
                "least: give assist and analytics, and analytics no more than assist, for it joins more"
            )

    def strength(self, entry: Entry) -> Strength:
        """How strong an entry counts: what it says, or what its method may prove at most, if that is less."""
        method = self.methods.get(entry.method)
        return weaker(entry.strength, method.most) if method else entry.strength

    def own(self, entry: Entry) -> bool:
        """Whether an entry is what its sender says of themselves, unproven; of an unknown method, nobody knows."""
        method = self.methods.get(entry.method)
        return method is not None and method.own and self.strength(entry) is Strength.ASSERTED

    def moves(self, entry: Entry) -> bool:
        """Whether an entry proves that `other` was given up for `one`."""
        method = self.methods.get(entry.method)
        return method is not None and method.moves and self.strength(entry).proves and entry.kind == "claim"

    def says(self, entry: Entry) -> str:
        """The reason of an entry, in words: its own, else its method's."""
        method = self.methods.get(entry.method)
        return entry.because or (method.says if method else entry.method)

    def likely(self, entry: Entry) -> float:
        """How probable what an entry says is: as it says itself, else as its method is."""
        if entry.likely is not None:
            return entry.likely
        method = self.methods.get(entry.method)
        return method.likely if method else 1.0

    def expires(self, entry: Entry) -> int | None:
        """When an entry stops counting, in microseconds since 1970; None for never."""
        method = self.methods.get(entry.method)
        lasts = method.lasts if method else None
        ends = [
            end for end in (entry.expires_at, None if lasts is None else entry.at + lasts) if end is not None
        ]
        return min(ends, default=None)

    def kind(self, name: str) -> Kind:
        """What addresses of a kind are."""
        return self.kinds.get(name, OTHER)


def weaker(one: Strength, other: Strength) -> Strength:
    """The strength of a chain of two: that of its weaker half."""
    return max(one, other, key=_ORDER.__getitem__)


def rank(strength: Strength) -> int:
    """0 for the strongest."""
    return _ORDER[strength]


POLICY = Policy()
"""The default, which a workspace may replace by its own."""


def fingerprint(policy: Policy) -> str:
    """A short word for a policy: another one for another policy, the same in every process."""
    said = [sorted(policy.methods.items()), sorted(policy.kinds.items()), sorted(policy.least.items())]
    numbers = (policy.largest, policy.accounts, policy.people)
    return blake2b(repr((said, numbers)).encode(), digest_size=8).hexdigest()
