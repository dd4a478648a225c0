"""Groups that grow together unless somebody forbade it (union-find with forbidden pairs)."""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.identity.journal import Entry


class Groups:
    """Addresses, each alone at first; refusals name the pairs that may never come together."""

    def __init__(self, addresses: Iterable[int], refusals: Iterable[Entry]) -> None:
        self._root = {address: address for address in addresses}
        self._members = {address: [address] for address in self._root}
        self._refusals: dict[int, list[Entry]] = {address: [] for address in self._root}
        for refusal in sorted(refusals, key=lambda entry: (entry.at, entry.pair, entry.id)):
            one, other = refusal.pair
            if one in self._root and other in self._root:
                self._refusals[one].append(refusal)
                self._refusals[other].append(refusal)

    def together(self, one: int, other: int) -> bool:
        """Whether both are in one group."""
        return self._find(one) == self._find(other)

    def forbids(self, one: int, other: int) -> Entry | None:
        """The refusal that keeps the groups of two addresses apart, if there is one."""
        sides = {self._find(one), self._find(other)}
        fewer = min((self._refusals[side] for side in sorted(sides)), key=len)
        return next((entry for entry in fewer if {self._find(end) for end in entry.pair} == sides), None)

    def join(self, one: int, other: int) -> None:
        """Make one group of the groups of two addresses."""
        kept, gone = self._find(one), self._find(other)
        if len(self._members[kept]) < len(self._members[gone]):
            kept, gone = gone, kept
        for address in self._members[gone]:
            self._root[address] = kept
        self._members[kept] += self._members.pop(gone)
        self._refusals[kept] += self._refusals.pop(gone)

    def owners(self) -> dict[int, int]:
        """For each address the smallest address of its group."""
        return {
            address: smallest
            for members in self._members.values()
            for smallest in (min(members),)
            for address in members
        }

    def _find(self, address: int) -> int:
        try:
            return self._root[address]
        except KeyError:
            raise ValueError(
                f"evidence leads to address {address}, which was not given; give the whole component"
            ) from None
