"""What was asked and answered before, kept in memory by each process, and as the store has it at every suggestion."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence

from omnichannel.desk.answers import Book, Index, suggest, written
from omnichannel.model.desk import Suggested
from omnichannel.store import Tx
from omnichannel.store.desk import uses
from omnichannel.store.desk.uses import Learnt

MOST = 10_000
"""Questions that are remembered, the newest: a few kilobytes each."""


class Learned:
    """The questions of a workspace, for one process. Begins with what the answers say themselves."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._revision = 0
        self._book = ""
        self._index = Index()
        self._past: dict[str, None] = {}  # the ids of what was learnt, oldest first

    def __len__(self) -> int:
        """How many questions of the past are remembered."""
        return len(self._past)

    def news(self, tx: Tx) -> list[Learnt]:
        """What was learnt or forgotten since it was last brought in: as much as is remembered, the newest."""
        return uses.learnt(tx, self._revision, self._most)

    def suggest(
        self,
        book: Book,
        news: Sequence[Learnt],
        question: str,
        most: int,
        among: Collection[str],
        *,
        quoted: bool,
    ) -> tuple[Suggested, ...]:
        """The answers that may suit a question, by all that is known with the news. Takes its time: not on a loop."""
        with self._lock:
            self._read(book)
            self._bring_in(news)
            return suggest(self._index, question, most, among=among, quoted=quoted)

    def _read(self, book: Book) -> None:
        """With another book everything is learnt anew but what was asked."""
        if self._book != book.fingerprint:
            past = [row for row in self._index if row.id in self._past]
            self._index = Index([*written(book.answers.values()), *past])
            self._book = book.fingerprint

    def _bring_in(self, news: Sequence[Learnt]) -> None:
        if (
            len(news) >= self._most
        ):  # more than that may have changed, or been forgotten: only this is certain
            self._forget(list(self._past))
        for one in news:
            if one.revision <= self._revision:
                continue  # somebody who knew more asked meanwhile
            self._forget([one.id])
            if one.asked is not None:
                self._index.add(one.asked)
                self._past[one.id] = None
        self._revision = max([self._revision, *(one.revision for one in news)])
        self._forget(list(self._past)[: max(len(self._past) - self._most, 0)])

    def _forget(self, ids: Iterable[str]) -> None:
        for one in ids:
            self._index.drop(one)
            self._past.pop(one, None)
