"""Identity, without `await`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from omnichannel.inbox.identity import Identity
from omnichannel.model import (
    Address,
    Audit,
    Challenge,
    Claim,
    Customer,
    Evidence,
    Likeness,
    Purpose,
    Strength,
    Suggestion,
)
from omnichannel.sync.rights import SyncRights
from omnichannel.sync.waiting import Wait


class SyncIdentity(SyncRights):
    """`inbox.identity` without `await`."""

    def __init__(self, wait: Wait, identity: Identity) -> None:
        super().__init__(wait, identity)
        self._of = identity

    def claims(self, who: str) -> list[Claim]:
        """The journal about a customer's addresses."""
        return self._wait(self._of.claims(who))

    def explain(self, one: Address, other: Address, *, purpose: Purpose = Purpose.DISCLOSE) -> list[str]:
        """Why two addresses are one customer's, or are not."""
        return self._wait(self._of.explain(one, other, purpose=purpose))

    def likeness(self, one: Address, other: Address) -> Likeness:
        """How alike the customers with two addresses are."""
        return self._wait(self._of.likeness(one, other))

    def as_of(
        self, time: datetime, address: Address, *, purpose: Purpose = Purpose.DISCLOSE
    ) -> tuple[Address, ...]:
        """The addresses that were one customer's with this one at a moment."""
        return self._wait(self._of.as_of(time, address, purpose=purpose))

    def suggestions(self, *, most: int = 1000) -> list[Suggestion]:
        """Customers who may be one."""
        return self._wait(self._of.suggestions(most=most))

    def audit(self, purpose: Purpose = Purpose.ASSIST, *, sample: int = 300) -> Audit:
        """A random sample of what a view joins."""
        return self._wait(self._of.audit(purpose, sample=sample))

    def audited(self, purpose: Purpose = Purpose.ASSIST) -> Audit | None:
        """The last sample of a view as it stands."""
        return self._wait(self._of.audited(purpose))

    def judge(self, pair: str, *, same: bool | None, actor: str, because: str = "") -> None:
        """Say whether a pair of an audit is one customer."""
        self._wait(self._of.judge(pair, same=same, actor=actor, because=because))

    def observe(
        self,
        address: Address,
        evidence: Sequence[Evidence] = (),
        *,
        facts: dict[str, str] | None = None,
        strength: Strength = Strength.ATTESTED,
        source: str = "",
        even_erased: bool = False,
    ) -> Customer:
        """Write down what another system knows of whoever has an address."""
        observed = self._of.observe(
            address, evidence, facts=facts, strength=strength, source=source, even_erased=even_erased
        )
        return self._wait(observed)

    def learn(self) -> int:
        """Learn from what is known here how telling each field is."""
        return self._wait(self._of.learn())

    def accept(self, suggestion: str, *, actor: str, because: str = "") -> Customer:
        """Say that a suggestion is right."""
        return self._wait(self._of.accept(suggestion, actor=actor, because=because))

    def merge(
        self, one: Address, other: Address, *, actor: str, because: str = "", even_unproven: bool = False
    ) -> Customer:
        """Vouch that two addresses are one customer's."""
        merged = self._of.merge(one, other, actor=actor, because=because, even_unproven=even_unproven)
        return self._wait(merged)

    def refuse(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Decide that two addresses are never one customer's."""
        return self._wait(self._of.refuse(one, other, actor=actor, because=because))

    def share(self, address: Address, *, actor: str, because: str = "") -> list[str]:
        """Say that several people use an address."""
        return self._wait(self._of.share(address, actor=actor, because=because))

    def leave(self, address: Address, *, actor: str, because: str = "") -> list[str]:
        """See `Identity.leave`."""
        return self._wait(self._of.leave(address, actor=actor, because=because))

    def unmerge(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Take a merge back exactly."""
        return self._wait(self._of.unmerge(one, other, actor=actor, because=because))

    def undo(self, decisions: Sequence[str], *, actor: str, because: str = "") -> None:
        """Take decisions back."""
        self._wait(self._of.undo(decisions, actor=actor, because=because))

    def challenge(
        self,
        claim: str,
        *,
        on: str | None = None,
        language: str = "en",
        words: str = "",
        actor: str = "",
        idempotency_key: str = "",
    ) -> Challenge:
        """Ask the address that a claim is about whether it is so."""
        asked = self._of.challenge(
            claim, on=on, language=language, words=words, actor=actor, idempotency_key=idempotency_key
        )
        return self._wait(asked)

    def challenges(self, who: str) -> list[Challenge]:
        """What came of the challenges about a customer's addresses."""
        return self._wait(self._of.challenges(who))
