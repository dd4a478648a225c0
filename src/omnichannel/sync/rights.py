"""The rights of those who write, without `await`."""

from __future__ import annotations

from omnichannel.inbox.rights.surface import Rights
from omnichannel.model import Export, Proof
from omnichannel.sync.waiting import Wait


class SyncRights:
    """What those who write may ask for. Every method does, returns and raises what its namesake does."""

    def __init__(self, wait: Wait, rights: Rights) -> None:
        self._wait = wait
        self._rights = rights

    def export(self, who: str, *, actor: str = "") -> Export:
        """Everything of one customer."""
        return self._wait(self._rights.export(who, actor=actor))

    def erase(self, who: str, *, actor: str, because: str = "", scrub: bool = True) -> Proof:
        """Erase one customer for good."""
        return self._wait(self._rights.erase(who, actor=actor, because=because, scrub=scrub))

    def erase_again(self, proof: Proof, *, actor: str, scrub: bool = True) -> Proof:
        """Erase what a proof says was erased."""
        return self._wait(self._rights.erase_again(proof, actor=actor, scrub=scrub))

    def scrub(self) -> list[str]:
        """Rewrite the database's files."""
        return self._wait(self._rights.scrub())

    def freeze(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Keep what there is of a customer, and do not use it."""
        return self._wait(self._rights.freeze(who, actor=actor, because=because))

    def unfreeze(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Use a customer's data again."""
        return self._wait(self._rights.unfreeze(who, actor=actor, because=because))

    def object(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Make no links for a customer that only likeness makes."""
        return self._wait(self._rights.object(who, actor=actor, because=because))

    def unobject(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Take an objection to likeness back."""
        return self._wait(self._rights.unobject(who, actor=actor, because=because))
