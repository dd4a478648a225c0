"""Searching, without `await`."""

from __future__ import annotations

from omnichannel.inbox.search.surface import Search
from omnichannel.model import Purpose
from omnichannel.model.search import FoundCustomers, FoundMessages, Indexed, Order, Query, Where
from omnichannel.sync.waiting import Wait


class SyncSearch:
    """`inbox.search` without `await`."""

    def __init__(self, wait: Wait, search: Search) -> None:
        self._wait = wait
        self._of = search

    def messages(
        self,
        words: str | Query = "",
        *,
        where: Where = Where(),  # noqa: B008 - a frozen value
        who: str = "",
        conversation: str = "",
        purpose: Purpose = Purpose.DISCLOSE,
        frozen: bool = False,
        order: Order = "newest",
        page: str = "",
        most: int = 20,
    ) -> FoundMessages:
        """Messages in which everything stands that is asked for: a page of them."""
        return self._wait(
            self._of.messages(
                words, where=where, who=who, conversation=conversation, purpose=purpose, frozen=frozen, order=order,
                page=page, most=most,
            )
        )  # fmt: skip

    def customers(
        self,
        words: str | Query,
        *,
        purpose: Purpose = Purpose.DISCLOSE,
        frozen: bool = False,
        most: int = 20,
    ) -> FoundCustomers:
        """Customers of whom everything stands in what is known of one of their addresses, best first."""
        return self._wait(self._of.customers(words, purpose=purpose, frozen=frozen, most=most))

    def progress(self) -> Indexed:
        """How far the index is."""
        return self._wait(self._of.progress())
