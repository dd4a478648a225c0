"""The journal: what was said about which addresses are the same person's. It is only ever added to.

Nothing is changed or deleted here. To take something back is to add a `revoke`; to take that back is to add
a `revoke` of the `revoke`. Everything else in this package is a pure function of the entries that are live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from omnichannel.model import Strength

Kind = Literal["claim", "accept", "refuse", "share", "leave", "object", "freeze", "revoke"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal. Addresses are the store's numbers, times microseconds since 1970 (UTC).

    `claim`: evidence that `one` and `other` are the same person's (without `other`: that whoever wrote
    controls `one`). `accept`: an operator says that they are. `refuse`: an operator says that they are not,
    for ever. `share`: an operator says that several people use `one`. `leave`: whoever had `one` gave it up, so
    that later senders are somebody else. `object`: whoever has `one` wants no link that only likeness makes
    (Art. 21 and 22 GDPR). `freeze`: what is known of them is kept and not used (Art. 18), which changes no
    customer. `revoke`: the entry `target` never counted; `one` and `other` repeat the target's, so that whoever
    reads the entries of an address finds the revocations too.

    `likely` is the probability of what was inferred (None: its method's). From `expires_at` on it counts no more.
    `because` is a sentence for a person, `actor` who decided (empty: the library), `source` the id of the
    message, delivery or decision that it came from. `id` is 0 until the store has kept the entry.
    Raises ValueError for an entry that could not mean anything.
    """

    id: int
    kind: Kind
    one: int
    other: int | None = None
    strength: Strength = Strength.ATTESTED
    method: str = "operator"
    target: int | None = None
    because: str = ""
    actor: str = ""
    source: str = ""
    at: int = 0
    expires_at: int | None = None
    likely: float | None = None

    def __post_init__(self) -> None:
        if self.other == self.one:
            raise ValueError(f"address {self.one} is itself: an entry about two addresses needs two")
        if self.kind in ("accept", "refuse") and self.other is None:
            raise ValueError(f"{self.kind} is about two addresses; the second one is missing")
        if (self.kind == "revoke") != (self.target is not None):
            raise ValueError("a revoke, and only a revoke, names the entry that it takes back as its target")
        if self.target is not None and self.target == self.id:
            raise ValueError(f"entry {self.id} cannot take itself back")

    @property
    def pair(self) -> tuple[int, int]:
        """Both addresses, the smaller first; an entry about one address has it twice."""
        other = self.one if self.other is None else self.other
        return (self.one, other) if self.one < other else (other, self.one)


def live(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count: those that no live `revoke` takes back. Revocations are left out.

    Depends only on which entries there are: neither on their order, nor on one being there twice.
    """
    kept: dict[int, Entry] = {}
    fresh: list[Entry] = []
    for entry in entries:
        if entry.id:
            kept[entry.id] = entry
        else:
            fresh.append(entry)
    several = [*kept.values(), *fresh]
    dead = _revoked(kept, [entry for entry in several if entry.kind == "revoke"])
    return [entry for entry in several if entry.kind != "revoke" and entry.id not in dead]


def _revoked(kept: dict[int, Entry], revokes: list[Entry]) -> set[int]:
    """The ids that a live revoke names, found from the last link of each chain of revokes backwards."""
    waiting = Counter(entry.target for entry in revokes)
    ready = [entry for entry in revokes if not waiting[entry.id]]
    dead: set[int] = set()
    while ready:
        entry = ready.pop()
        target = entry.target
        if target is None:  # pragma: no cover - Entry refuses such a revoke
            continue
        if entry.id not in dead:
            dead.add(target)
        waiting[target] -= 1
        earlier = kept.get(target)
        if earlier is not None and earlier.kind == "revoke" and not waiting[target]:
            ready.append(earlier)
    return dead


def undo(
    entries: Iterable[Entry], *, at: int, actor: str = "", because: str = "", source: str = ""
) -> list[Entry]:
    """What to append so that these entries never counted: one `revoke` each, not yet kept (`id` 0).

    Undo a merge, a refusal, an `unmerge`, or an undo, alike.
    """
    return [
        Entry(
            0, "revoke", entry.one, entry.other,
            target=entry.id, because=because, actor=actor, source=source, at=at,
        )
        for entry in entries
    ]  # fmt: skip
