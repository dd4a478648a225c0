"""Whether the trail is as it was written: every mark made again, act by act, and compared.

What that shows, and what not, is in docs/adr/0054-who-saw-what.md: without the key nobody changes, adds or takes out
an act unseen; that the end of a chain was cut off shows only beside a seal.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence

from omnichannel.model import Checked, Seal
from omnichannel.store import Tx, trail
from omnichannel.store.trail import End, Row, Subject

_MOST_TOLD = 100


class Checking:
    """A look at the whole trail, some acts at a time."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._given = keys
        self._keys: list[bytes] = []
        self._gone: dict[int, End] = {}
        self._at = End(0, 0, "")
        self._acts = 0
        self._chains = 0
        self._wrong: list[str] = []

    def begin(self, tx: Tx) -> None:
        """Which keys count, and what was let go."""
        self._keys = trail.keys_of(tx, self._given)
        proofs = trail.proofs(tx)
        for end in trail.let_go_ends(tx):
            self._gone[end.chain] = end
            if not self._made(proofs[end.chain], (trail.end_mark(tx.ws, key, end) for key in self._keys)):
                self._say(f"where chain {end.chain} begins, after what was let go, is not as it was written")

    def some(self, tx: Tx) -> bool:
        """Look at the next acts; whether there were any."""
        rows = trail.behind(tx, self._at.chain, self._at.number)
        about = trail.concerned(tx, [row.id for row in rows])
        for row in rows:
            self._look(tx, row, about.get(row.id, []))
        return bool(rows)

    def _look(self, tx: Tx, row: Row, about: Sequence[Subject]) -> None:
        if row.chain != self._at.chain:
            self._chains += 1
            self._at = self._gone.get(row.chain, End(row.chain, 0, ""))
        if row.number != self._at.number + 1:
            self._say(f"chain {row.chain}: acts {self._at.number + 1} to {row.number - 1} are missing")
        if row.because and not self._made(row.reason, (trail.reason_mark(key, row) for key in self._keys)):
            self._say(f"{_name(row)}: its reason is not as it was written")
        before = row.link_mark if row.number == 1 else self._at.mark
        if not self._made(row.mark, (trail.act_mark(tx.ws, key, row, before, about) for key in self._keys)):
            self._say(f"{_name(row)} is not as it was written, or does not follow the one before it")
        if row.link_chain is not None and row.link_number is not None:
            self._linked(tx, row, row.link_chain, row.link_number)
        self._acts += 1
        self._at = End(row.chain, row.number, row.mark)

    def _linked(self, tx: Tx, row: Row, chain: int, number: int) -> None:
        """A chain's first act is tied to the act that was the newest one then, unless that was let go."""
        gone = self._gone.get(chain)
        if gone is None or number > gone.number:
            there = trail.mark_of(tx, chain, number)
            if there != row.link_mark:
                what = "is another one" if there else "is missing"
                self._say(f"act {number} of chain {chain}, which {_name(row)} follows, {what}")

    @staticmethod
    def _made(mark: str, possible: Iterable[str]) -> bool:
        return any(hmac.compare_digest(mark, one) for one in possible)

    def hold_against(self, tx: Tx, seal: Seal) -> None:
        """Whether everything that a seal covers is there, or was let go by its age."""
        for chain, (number, mark) in sorted(seal.ends.items()):
            gone = self._gone.get(chain)
            if gone and number <= gone.number:
                continue
            there = trail.mark_of(tx, chain, number)
            if there != mark:
                what = "is another one now" if there else "is missing"
                self._say(f"act {number} of chain {chain}, which the seal covers, {what}")

    def told(self) -> Checked:
        """What was found."""
        return Checked(acts=self._acts, chains=self._chains, wrong=tuple(self._wrong))

    def _say(self, wrong: str) -> None:
        if len(self._wrong) < _MOST_TOLD:
            self._wrong.append(wrong)


def _name(row: Row) -> str:
    return f"act {row.number} of chain {row.chain}"
