"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from omnichannel.inbox.desk.blocks import Blocks
from omnichannel.inbox.desk.bulk import Bulk
from omnichannel.inbox.desk.fields import Fields
from omnichannel.inbox.desk.views import Views
from omnichannel.model import Address, Purpose
from omnichannel.model.desk import (
    Action,
    Batch,
    Block,
    Case,
    CustomGiven,
    Foreseen,
    HeldBack,
    HeldField,
    Leftover,
    View,
    ViewPage,
    Which,
    WhichCases,
)
from omnichannel.sync.waiting import Wait


class SyncFields:
    """`inbox.desk.fields` without `await`."""

    def __init__(self, wait: Wait, of: Fields) -> None:
        self._wait = wait
        self._of = of

    def fill(
        self, conversation: str, values: Mapping[str, CustomGiven], *, actor: str = "", because: str = ""
    ) -> Case:
        """Fill fields of a case."""
        return self._wait(self._of.fill(conversation, values, actor=actor, because=because))

    def fill_customer(
        self, conversation: str, values: Mapping[str, CustomGiven], *, actor: str = "", because: str = ""
    ) -> list[HeldField]:
        """Say something of the customer of a conversation, and of the address they began it from."""
        return self._wait(self._of.fill_customer(conversation, values, actor=actor, because=because))

    def of(self, conversation: str) -> list[HeldField]:
        """What the fields of a case hold, by name."""
        return self._wait(self._of.of(conversation))

    def of_customer(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> list[HeldField]:
        """What was said of a customer (`Customer.id`), by name."""
        return self._wait(self._of.of_customer(who, purpose=purpose))


class SyncViews:
    """`inbox.desk.views` without `await`."""

    def __init__(self, wait: Wait, of: Views) -> None:
        self._wait = wait
        self._of = of

    def save(self, view: View, *, agent: str = "") -> View:
        """Save a view under its name, for everybody, or for one agent alone, in the place of one so called."""
        return self._wait(self._of.save(view, agent=agent))

    def drop(self, view: str, *, agent: str = "") -> None:
        """Forget a view that was saved for everybody, or by one agent."""
        return self._wait(self._of.drop(view, agent=agent))

    def listed(self, *, agent: str = "") -> list[View]:
        """Every view that there is for an agent, or (without one) for everybody, by name."""
        return self._wait(self._of.listed(agent=agent))

    def count(self, view: View | Which | str, *, agent: str = "") -> int:
        """How many cases a view has."""
        return self._wait(self._of.count(view, agent=agent))

    def page(self, view: View | Which | str, *, agent: str = "", page: str = "", most: int = 50) -> ViewPage:
        """The first cases of a view in its order, or the next ones: at the most 500."""
        return self._wait(self._of.page(view, agent=agent, page=page, most=most))


class SyncBulk:
    """`inbox.desk.bulk` without `await`."""

    def __init__(self, wait: Wait, of: Bulk) -> None:
        self._wait = wait
        self._of = of

    def foresee(self, which: WhichCases, action: Action, *, agent: str = "", most: int = 20) -> Foreseen:
        """What an action would do with which cases."""
        return self._wait(self._of.foresee(which, action, agent=agent, most=most))

    def begin(
        self, which: WhichCases, action: Action, *, agent: str = "", actor: str = "", because: str = ""
    ) -> Batch:
        """Begin to do something with many cases."""
        return self._wait(self._of.begin(which, action, agent=agent, actor=actor, because=because))

    def work(self, batch: str) -> Batch:
        """Work until a batch is done, or taken back, and what was begun before it."""
        return self._wait(self._of.work(batch))

    def progress(self, batch: str) -> Batch:
        """How far a batch has come."""
        return self._wait(self._of.progress(batch))

    def leftovers(self, batch: str, *, most: int = 1000) -> list[Leftover]:
        """The cases that a batch left as they were, or that stayed changed, and why."""
        return self._wait(self._of.leftovers(batch, most=most))

    def latest(self, *, most: int = 20) -> list[Batch]:
        """The last batches, the newest first."""
        return self._wait(self._of.latest(most=most))

    def undo(self, batch: str, *, actor: str = "") -> Batch:
        """Begin to take a whole batch back, also one that is not done."""
        return self._wait(self._of.undo(batch, actor=actor))


class SyncBlocks:
    """`inbox.desk.blocks` without `await`."""

    def __init__(self, wait: Wait, of: Blocks) -> None:
        self._wait = wait
        self._of = of

    def block(
        self,
        conversation: str,
        *,
        reason: str,
        message: str = "",
        actor: str = "",
        until: datetime | None = None,
    ) -> Block:
        """Listen no more to whoever wrote last in a conversation, from the address that they wrote from."""
        return self._wait(
            self._of.block(conversation, reason=reason, message=message, actor=actor, until=until)
        )

    def block_address(
        self, address: Address, *, reason: str, actor: str = "", until: datetime | None = None
    ) -> Block:
        """Listen no more to an address."""
        return self._wait(self._of.block_address(address, reason=reason, actor=actor, until=until))

    def block_domain(
        self,
        domain: str,
        *,
        reason: str,
        unproven: bool = False,
        most: int = 10,
        actor: str = "",
        until: datetime | None = None,
    ) -> Block:
        """Listen no more to mail from a domain, and from those below it."""
        return self._wait(
            self._of.block_domain(
                domain, reason=reason, unproven=unproven, most=most, actor=actor, until=until
            )
        )

    def listed(self, *, lifted: bool = False, most: int = 1000) -> list[Block]:
        """The blocks that hold, or those that were lifted, the newest first, with how much was held back."""
        return self._wait(self._of.listed(lifted=lifted, most=most))

    def held_back(self, block: str, *, most: int = 100) -> list[HeldBack]:
        """What was written meanwhile and is aside, the first first."""
        return self._wait(self._of.held_back(block, most=most))

    def lift(self, block: str, *, bring_in: bool = True, actor: str = "") -> Block:
        """Listen again."""
        return self._wait(self._of.lift(block, bring_in=bring_in, actor=actor))
