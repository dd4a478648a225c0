"""`inbox.desk.blocks`: whom nobody listens to, and what they wrote meanwhile."""

from __future__ import annotations

import re
from datetime import datetime

from omnichannel.clock import micros, moment
from omnichannel.errors import Conflict, UsageError
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.recording import writer
from omnichannel.inbox.rights import sorting
from omnichannel.model import Address, Direction, Received, Updated
from omnichannel.model.desk import Block, HeldBack
from omnichannel.store import Tx, arrivals, blocks, conversations, messages, people, records

_DOMAIN = re.compile(r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")


class Blocks(Alone):
    """Senders who are not listened to. What they write is kept, and opens nothing, wakes nobody and starts no clock.

    A block is no spam: spam is a case that was closed, and a block is before there is one. Who is not proven to be
    at an address is somebody else than who is: blocking them leaves alone who is proven. Blocking who is proven
    covers both. New words for earlier messages and reactions are held back too; statuses and deletions are not.
    """

    async def block(
        self,
        conversation: str,
        *,
        reason: str,
        message: str = "",
        actor: str = "",
        until: datetime | None = None,
    ) -> Block:
        """Listen no more to whoever wrote last in a conversation, from the address that they wrote from.

        `message`: to whoever wrote this one of it. Say it where several people write: somebody else may be the last
        by now. The conversation stays as it is. Raises NotFound, Conflict where nobody wrote that, UsageError without
        a reason or for an end that is over.
        """

        def job(tx: Tx) -> Block:
            number = number_of(tx, conversation)
            last = _written(tx, number, message) if message else messages.last_heard(tx, number)
            if last is None or last.peer is None:
                raise Conflict("no customer wrote that in this conversation, so there is nobody to block")
            return self._block(tx, people.get(tx, last.peer).address, reason, actor, until)

        return await self._alone(job)

    async def block_address(
        self, address: Address, *, reason: str, actor: str = "", until: datetime | None = None
    ) -> Block:
        """Listen no more to an address; whoever only says to be there has the scope `unproven`. Raises UsageError."""
        return await self._alone(lambda tx: self._block(tx, address, reason, actor, until))

    async def block_domain(
        self,
        domain: str,
        *,
        reason: str,
        unproven: bool = False,
        most: int = 10,
        actor: str = "",
        until: datetime | None = None,
    ) -> Block:
        """Listen no more to mail from a domain, and from those below it.

        `unproven`: only to mail that says to be from there and is not proven to be. Raises UsageError, and Conflict
        where more than `most` people are proven to write from there: whoever writes from many addresses of a provider
        shall not have everybody blocked who has theirs there.
        """
        spelt = blocks.spelt(domain.strip().removeprefix("@"))
        if not _DOMAIN.match(spelt) or spelt.count(".") >= blocks.MOST_LABELS:
            raise UsageError(f"{domain[:60]!r} is no domain; give one such as spam.example")
        whom = Address(kind=blocks.DOMAIN, value=spelt)

        def job(tx: Tx) -> Block:
            others = 0 if unproven else blocks.proven_in(tx, spelt)
            if others > most:
                cure = f"block addresses; or only who is not (unproven); or, if none is to be heard, say {others}"
                raise Conflict(f"{others} addresses in {spelt} are proven to be somebody's: {cure}")
            return self._block(tx, whom, reason, actor, until, unproven=unproven)

        return await self._alone(job)

    async def listed(self, *, lifted: bool = False, most: int = 1000) -> list[Block]:
        """The blocks that hold, or those that were lifted, the newest first, with how much was held back."""
        return await self._inbox.run_job(lambda tx: blocks.listed(tx, lifted=lifted, most=most))

    async def held_back(self, block: str, *, most: int = 100) -> list[HeldBack]:
        """What was written meanwhile and is aside, the first first; raises NotFound. It stays aside."""

        def job(tx: Tx) -> list[HeldBack]:
            number = tx.ids.find("block", block)
            blocks.find(tx, number)
            found = (self._shown(tx, item) for item in blocks.held_back(tx, number, most))
            return [one for one in found if one is not None]

        return await self._inbox.run_job(job)

    async def lift(self, block: str, *, bring_in: bool = True, actor: str = "") -> Block:
        """Listen again. What was held back comes in, in order, as if it were said now; or stays aside.

        Whoever works on the inbox brings it in. What is left aside, or could not be read, comes in when the same
        block is lifted once more. Raises NotFound.
        """

        def job(tx: Tx) -> Block:
            number = tx.ids.find("block", block)
            blocks.find(tx, number)
            blocks.lift(tx, number, blocks.BRINGING_IN if bring_in else blocks.LIFTED, actor)
            records.happened(tx, "sender.unblocked", actor=actor, detail={"block": block})
            return blocks.find(tx, number)

        lifted = await self._alone(job)
        self._inbox.ring()
        return lifted

    def _block(
        self,
        tx: Tx,
        whom: Address,
        reason: str,
        actor: str,
        until: datetime | None,
        *,
        unproven: bool = False,
    ) -> Block:
        if not reason.strip():
            raise UsageError("say why nobody is to listen to them: reason=…")
        if until is not None and micros(until) <= tx.now():
            raise UsageError(f"{until:%Y-%m-%d %H:%M %Z} is over: give a moment to come, or none")
        end = None if until is None else micros(until)
        number = blocks.block(tx, whom, reason, actor, end, unproven=unproven)
        shown = tx.ids.show("block", number)
        records.happened(tx, "sender.blocked", actor=actor, detail={"block": shown})
        return blocks.find(tx, number)

    def _shown(self, tx: Tx, item: blocks.Item) -> HeldBack | None:
        """An item out of its delivery; None where that cannot be read here."""
        arrival = arrivals.arrival(tx, item.delivery)
        if arrival is None:
            return None
        for event in sorting.parsed(self._inbox.channels, arrival) or ():
            if not isinstance(event, Received | Updated):
                continue
            if sorting.own_mark(tx, arrival.account, event) == item.mark:
                return _told(arrival.account, moment(item.at), event)
        return None


def _written(tx: Tx, conversation: int, message: str) -> messages.Held | None:
    """A message that a customer wrote in a conversation."""
    found = messages.held(tx, tx.ids.find("message", message))
    there = conversations.current(tx, found.conversation) == conversation
    return found if there and found.direction is Direction.INBOUND else None


def _told(account: str, at: datetime, event: Received | Updated) -> HeldBack | None:
    """What somebody said; None for what nobody did: how far a call got."""
    if isinstance(event, Received):
        return HeldBack(account=account, at=at, sender=writer(event), subject=event.subject, text=event.text)
    if event.sender is None:
        return None
    text = event.text or event.reaction
    return HeldBack(account=account, what=event.kind, at=at, sender=event.sender, text=text)
