"""What a job knows of the tables without asking: what was looked up for many rows at once, and what it wrote itself.

Whoever changes a table keeps this true, or lets the transaction forget what is remembered of it: which every
statement does by itself unless it says that it is `minded` (`Tx`). Nothing in here outlives its job, because other
workers write to the same tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnichannel.identity import Entry
    from omnichannel.store.conversations import Spoken
    from omnichannel.store.people import Person

Place = tuple[str, str, str]
"""Kind, scope and value of an address."""


class Memory:
    """Answers by what was asked; what is not in here has to be asked."""

    def __init__(self) -> None:
        self.owners: dict[Place, list[Person]] = {}
        """Whoever has an address, or had it, the last first."""
        self.names: dict[int, dict[str, str]] = {}
        """What an address is called by itself, and how well that is proven."""
        self.new: set[int] = set()
        """Addresses that this job wrote down, and that nothing is tied to yet: no conversation, nobody else."""
        self.between: dict[frozenset[int], list[Entry]] = {}
        """What the journal says of two addresses, oldest first."""
        self.held: set[int] = set()
        """Addresses about which no other worker decides before the commit."""
        self.nobody: set[str] = set()
        """What is true of nobody at all: `frozen`."""
        self.unblocked: set[str] = set()
        """That nobody at all is blocked: `blocked`."""
        self.externals: dict[Place, tuple[int, str] | None] = {}
        """Account, kind and id of a platform's: the message, and the fingerprint it came with."""
        self.quiet: set[tuple[str, str]] = set()
        """Accounts and ids for which no update waits."""
        self.threads: dict[tuple[str, str], int | None] = {}
        """Account and key of a thread: its conversation."""
        self.conversations: dict[int, Spoken] = {}
        """Conversations that no other worker can change before the commit."""
        self.seqs: dict[int, int] = {}
        """The last place in each of them."""
        self.calls: dict[int, int | None] = {}
        """How calls stand that no other worker can settle before the commit; None: there is none."""
        self.taken: dict[int, int] = {}
        """How often these were taken up."""
        self.open_calls: dict[int, int] = {}
        """The last call under way in a conversation; 0: none is."""
        self._of = {
            "addresses": (self.owners, self.new, self.nobody),
            "blocks": (self.unblocked,),
            "facts": (self.names,),
            "journal": (self.new, self.between),
            "participants": (self.new,),
            "externals": (self.externals,),
            "early": (self.quiet,),
            "threads": (self.threads,),
            "calls": (self.calls, self.taken, self.open_calls),
            "conversations": (self.conversations, self.seqs),
        }
        self._all = [self.held, *(known for table in self._of.values() for known in table)]

    def forget(self, table: str) -> None:
        """What is known of a table may no longer be so."""
        for known in self._of.get(table, ()):
            known.clear()

    def clear(self) -> None:
        """The next job knows nothing."""
        for known in self._all:
            if known:
                known.clear()
