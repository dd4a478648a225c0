"""Which evidence may do what: one table, so that a decision about trust is read in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from omnichannel.identity.journal import Entry
from omnichannel.model import Strength

_ORDER = {strength: rank for rank, strength in enumerate(Strength)}


@dataclass(frozen=True, slots=True)
class Method:
    """A way of knowing. `most` is the strength it never exceeds, `says` the reason in words."""

    most: Strength
    says: str


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "platform_id": Method(Strength.VERIFIED, "the platform vouches for the sender"),
        "platform_mapping": Method(Strength.VERIFIED, "the platform says that both are the same account's"),
        "dmarc": Method(Strength.VERIFIED, "the sender's domain vouches for the mail (DMARC)"),
        "token": Method(Strength.VERIFIED, "a one-time token sent to one came back from the other"),
        "login": Method(Strength.VERIFIED, "logged in at our own site"),
        "operator": Method(Strength.ATTESTED, "an operator vouches for it"),
        "import": Method(Strength.ATTESTED, "an operator vouches for the import that it came with"),
        "from": Method(Strength.ASSERTED, "a mail names it as its sender, and nothing proves that"),
        "form": Method(Strength.ASSERTED, "it was filled in on a form"),
        "text": Method(Strength.ASSERTED, "it was written in a message"),
        "contact_card": Method(Strength.ASSERTED, "it stands on a contact card that was sent"),
        "caller_id": Method(Strength.ASSERTED, "the caller's number says so, and can be forged"),
        "profile": Method(Strength.ASSERTED, "it stands in a profile that its owner fills in"),
        "signature": Method(Strength.INFERRED, "it stands in the signature of a mail"),
        "quoted": Method(Strength.INFERRED, "it stands in a quoted message"),
        "name": Method(Strength.INFERRED, "the names look alike"),
    }
)
"""The ways of knowing that are known here (facts: strength is proof of control, never likeness)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a method may prove at most. Nothing expires by itself.

    A method that stands in no table keeps the strength that its channel gave it; one that does is held to
    it, whatever a journal row says: an address typed in a chat stays `asserted`.
    """

    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)

    def strength(self, entry: Entry) -> Strength:
        """How strong an entry counts: what it says, or what its method may prove at most, if that is less."""
        method = self.methods.get(entry.method)
        return weaker(entry.strength, method.most) if method else entry.strength

    def says(self, entry: Entry) -> str:
        """The reason of an entry, in words: its own, else its method's."""
        method = self.methods.get(entry.method)
        return entry.because or (method.says if method else entry.method)


def weaker(one: Strength, other: Strength) -> Strength:
    """The strength of a chain of two: that of its weaker half."""
    return max(one, other, key=_ORDER.__getitem__)


def rank(strength: Strength) -> int:
    """0 for the strongest."""
    return _ORDER[strength]


DISCLOSE = Policy()
"""For whatever reveals or acts: only verified and attested evidence makes one customer of two."""
