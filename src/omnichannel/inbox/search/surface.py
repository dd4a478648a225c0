"""`inbox.search`: finding messages and customers by words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from omnichannel.clock import moment
from omnichannel.desk.search import asked as read
from omnichannel.desk.viewing import asks_whose, hindrances
from omnichannel.errors import ConfigError, UsageError
from omnichannel.inbox.conversations import number_of as conversation_number
from omnichannel.inbox.customers import members
from omnichannel.inbox.customers import number_of as customer_number
from omnichannel.inbox.given import purpose_of
from omnichannel.inbox.merging import around
from omnichannel.inbox.search import customers, indexing, looking
from omnichannel.inbox.search.filtering import Narrowed
from omnichannel.inbox.search.looking import BEST_OF, Asked
from omnichannel.model import Purpose
from omnichannel.model.search import FoundCustomers, FoundMessages, Indexed, Order, Query, Where
from omnichannel.store import Tx, conversations, people
from omnichannel.store.search import progress

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

T = TypeVar("T")

_EVERYWHERE = Where()
_DESK = "Give the inbox a plan: Inbox(…, desk=Plan()), and the teams that there are."


class Search:
    """Finding what was said, and who said it, in any language: `parcel "next week" -refund invoic*`.

    An index is kept from the first search on, and brought up to date by whoever works on the inbox (`Inbox.index`); a
    search first takes in some of what it lacks, and says how much it still does. What was edited is found by what it
    says now, what was erased by nothing. Customers whose data are frozen are found only if `frozen` asks for them
    alone.
    """

    def __init__(self, inbox: Base) -> None:
        self._inbox = inbox

    async def messages(
        self,
        words: str | Query = "",
        *,
        where: Where = _EVERYWHERE,
        who: str = "",
        conversation: str = "",
        purpose: Purpose = Purpose.DISCLOSE,
        frozen: bool = False,
        order: Order = "newest",
        page: str = "",
        most: int = 20,
    ) -> FoundMessages:
        """Messages in which everything stands that is asked for: a page of them, at the most 300.

        Every word has to stand in it somewhere, in its text, its subject or a file's name: `"so in a row"`, `-not` at
        all, `begin*` as a beginning; case and marks do not matter. Without words, all that `where` lets through.
        `who` and `conversation` look through what was said to and by one customer (by `purpose`, as the timeline of
        `customers` does), or in one conversation. `best` first is one page, of the newest 300 that were found. Raises
        NotFound for unknown ids, UsageError for what cannot be asked, ConfigError for what only a desk knows.
        """
        query, file, purpose = _query(words), read(where.file), purpose_of(purpose)
        if not 1 <= most <= BEST_OF:
            raise UsageError(
                f"a page has 1 to {BEST_OF} messages, not {most}; ask for the next page for more"
            )
        if order == "best" and page:
            raise UsageError(
                "what is best first is one page; ask for more of it (most=…), or for the newest first"
            )
        self._check_desk(where)
        if where.file.strip() and not file.wanted:
            raise UsageError(f"there is no word in {where.file!r}; give some of the file's name")

        def job(tx: Tx) -> FoundMessages:
            narrowed = _narrowed(tx, who, conversation, purpose)
            asked = Asked(query, file, where, narrowed, frozen, order, most)
            below = tx.ids.find("page", page) if page else None
            waiting = _caught_up(tx)
            looked = looking.look(tx, asked, below)
            more = "" if looked.below is None or order == "best" else tx.ids.show("page", looked.below)
            return FoundMessages(found=looking.shown(tx, asked, looked.found), page=more, waiting=waiting)

        return await self._run(job)

    def _check_desk(self, where: Where) -> None:
        plan = self._inbox.plan
        if plan is None and (where.team or where.tags or where.cases):
            raise ConfigError(
                "desk", "this inbox has no plan for a desk, so that nothing has a team or tags", _DESK
            )
        if plan is None or where.cases is None:
            return
        teams = [team.name for team in plan.teams]
        for hindered in hindrances(where.cases, teams, plan.case_fields, plan.customer_fields):
            raise UsageError(hindered)
        if asks_whose(where.cases):
            raise UsageError("a search does not know who looks; say whose by `assignees`, not by `mine`")

    async def customers(
        self,
        words: str | Query,
        *,
        purpose: Purpose = Purpose.DISCLOSE,
        frozen: bool = False,
        most: int = 20,
    ) -> FoundCustomers:
        """Customers of whom everything stands in what is known of one of their addresses, best first.

        That is the name, the address, and what they said of themselves (`observe`): to *disclose*, only what is
        proven of that; to *assist*, all of it. Raises UsageError where no word is asked for.
        """
        query, purpose = _query(words), purpose_of(purpose)
        if not query.wanted:
            raise UsageError("there is no word to look for; give a part of a name, or of an address")

        def job(tx: Tx) -> FoundCustomers:
            waiting = _caught_up(tx)
            return FoundCustomers(
                found=customers.find(tx, query, purpose, most, frozen=frozen), waiting=waiting
            )

        return await self._run(job)

    async def progress(self) -> Indexed:
        """How far the index is: whether one is kept, what is not in it yet, and since when all is."""

        def job(tx: Tx) -> Indexed:
            at = progress.find(tx)
            if at is None:
                return Indexed(begun=False)
            first = progress.received_at(tx, at.messages_from) if at.messages_from is not None else None
            return Indexed(
                begun=True,
                waiting=progress.waiting(tx, at),
                back_to=moment(first) if first is not None else None,
            )

        return await self._inbox.run_job(job)

    async def _run(self, job: Callable[[Tx], T]) -> T:
        found = await self._inbox.run_job(job)
        if not self._inbox.indexes:
            self._inbox.indexes = True
            self._inbox.ring()
        return found


def _query(words: str | Query) -> Query:
    return read(words) if isinstance(words, str) else words


def _caught_up(tx: Tx) -> int:
    """Take some of what is new into the index, which is made if there is none; how much is not in it then."""
    progress.begin(tx)
    indexing.index(tx)
    at = progress.find(tx)
    return progress.waiting(tx, at) if at else 0


def _narrowed(tx: Tx, who: str, conversation: str, purpose: Purpose) -> Narrowed:
    """Where to look; raises NotFound."""
    talk = conversation_number(tx, conversation) if conversation else None
    if not who:
        return Narrowed((talk,) if talk is not None else None)
    number = customer_number(tx, who)
    if purpose is Purpose.DISCLOSE:
        found = people.members(tx, people.get(tx, number).customer)
    else:
        known = around(tx, [number], purpose)
        found = members(known, known.now(tx, purpose), number)
    peers = frozenset(person.id for person in found)
    talks = conversations.conversations_of(tx, sorted(peers))
    return Narrowed(tuple(one for one in talks if talk in (None, one)), peers)
