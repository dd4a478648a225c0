"""Where somebody can be reached, and what makes us believe that it is them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field

from omnichannel.model.base import UtcTime, Value


class Strength(StrEnum):
    """How well a claim is proven, from strongest to weakest.

    `verified`: the platform or a proof of control says so. `attested`: an operator vouches for it.
    `asserted`: somebody said so. `inferred`: it only looks alike.
    """

    VERIFIED = "verified"
    ATTESTED = "attested"
    ASSERTED = "asserted"
    INFERRED = "inferred"

    @property
    def proves(self) -> bool:
        """Whether a claim of this strength may reveal history or act (the *disclose* purpose)."""
        return self in (Strength.VERIFIED, Strength.ATTESTED)


class Purpose(StrEnum):
    """What somebody wants to know customers for. Each view refines the next: it never joins more.

    `disclose`: whatever reveals or acts: history shown to the sender, where an answer goes, bots, export,
    erasure. `assist`: an agent's side panel, where what is unproven is marked. `analytics`: counting only.
    """

    DISCLOSE = "disclose"
    ASSIST = "assist"
    ANALYTICS = "analytics"

    @property
    def views(self) -> tuple[Purpose, ...]:
        """The views that this one is built on, from the strictest to itself."""
        every = tuple(Purpose)
        return every[: every.index(self) + 1]


class Address(Value):
    """A place where somebody can be reached: kind, scope and value, each normalised.

    `scope` is set wherever the platform scopes its ids (a Messenger id is only unique within a Page), so
    that two scopes can never be mixed up. Written as `kind:scope:value`, e.g. `email::a@b.nl`.
    """

    kind: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    scope: str = Field(default="", max_length=255, pattern=r"^[^:]*$")
    value: str = Field(min_length=1, max_length=1024)

    def __str__(self) -> str:
        return f"{self.kind}:{self.scope}:{self.value}"

    @classmethod
    def of(cls, written: str) -> Self:
        """Read an address written as `kind:scope:value`; raises ValueError if it is not one."""
        kind, first, rest = written.partition(":")
        scope, second, value = rest.partition(":")
        if not (first and second):
            raise ValueError(
                f"an address is written kind:scope:value, such as email::a@b.nl; got {written!r}"
            )
        return cls(kind=kind, scope=scope, value=value)


class Party(Value):
    """Somebody named on a message: the address, and the name and spelling that came with it.

    `name` is what the sender calls themselves: never proof of anything. `written` is the address exactly
    as it stood on the wire, which is what an answer is sent to; `address` is what identity compares.
    """

    address: Address
    name: str = ""
    written: str = ""

    @property
    def reach(self) -> str:
        """The spelling to write to."""
        return self.written or self.address.value


class Claim(Value):
    """One piece of evidence that two addresses are the same customer's, or that one is really theirs.

    Append-only: a claim is never changed, only revoked. `address` is who it is about; `other` is the second
    address, empty when the claim is only that the sender controls `address`. `because` is a sentence for a
    person; `source` the id of the message, delivery or decision that said it.
    """

    id: str
    address: Address
    other: Address | None = None
    strength: Strength
    method: str
    source: str = ""
    because: str = ""
    at: UtcTime
    expires_at: UtcTime | None = None
    revoked: bool = False


class Evidence(Value):
    """What a delivery says about an address beside its sender's: the seed of a `Claim`."""

    address: Address
    strength: Strength
    method: str
    because: str = ""


class Account(Value):
    """One configured instance of a channel: this mailbox, that Page."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    kind: str
    address: Address | None = None
