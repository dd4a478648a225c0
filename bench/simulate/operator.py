"""An operator who decides while workers die: who is one customer, is erased, is frozen, is not listened to.

One decision after the other, each asked for until somebody answers, as a person does before whom a page did not load.
So the operator knows in the end what must be so, whichever of the attempts it was that counted.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote_to_bytes

from bench.simulate.decisions import Decision
from bench.simulate.dialects import ACCOUNT, Dialect
from omnichannel import Inbox
from omnichannel.channel import Call
from omnichannel.errors import Conflict, NotFound
from omnichannel.model import Address, Proof
from omnichannel.store import Tx, externals, messages, outbox, people

if TYPE_CHECKING:
    from bench.simulate.life import Life
    from bench.simulate.platform import Platform
    from bench.simulate.world import World

Ask = Callable[[Inbox], Awaitable[object]]

_PATIENCE = 5.0  # seconds after which a page has not loaded
_UNMET = 6.0  # seconds that the operator waits for somebody to write


class Operator:
    """One person with one story. `who` are what the platform calls the customers."""

    def __init__(self, world: World, platform: Platform) -> None:
        self._world = world
        self._platform = platform
        self._context = contextvars.copy_context()
        self.done = False
        self.merged = False
        self.ever_frozen: set[str] = set()
        self.ever_merged = False
        self.erasing: set[str] = set()  # whose erasure was ever asked for
        self.began: dict[str, float] = {}
        self.ended: dict[str, float] = {}
        self.vouched: set[str] = set()  # the marks of calls that a person said arrived
        # The mark of a call that was not there when a person looked, who says so at this moment.
        self.again = ""
        self.scrubbed = False
        self._parted: list[str] = []
        self._frozen: set[str] = set()  # by a decision about themselves
        self._deaf_since = float("inf")  # nobody listens to the first customer from then on

    async def work(self) -> None:
        """Decide what the plan says."""
        for pause, what in self._world.plan.decisions:
            await asyncio.sleep(pause)
            await self._decide(what)
            if what == "hear":
                await self._until_all_is_in()
        self.done = True

    async def settle(self) -> None:
        """Decide what is in doubt, again and again: a person looks at the platform, and is right."""
        while True:
            await asyncio.sleep(0.7)
            worker = self._platform.machine.serving()
            if worker is not None:
                answer: asyncio.Future[object] = self._world.loop.create_future()
                worker.ask(self._decide_doubts, partial(self._told, answer))
                await self._heard(answer, worker.life)

    async def _decide_doubts(self, inbox: Inbox) -> None:
        truth, dialect = self._platform.truth, self._platform.dialect
        for call, mark in await inbox.run_job(lambda tx: _doubts(tx, dialect)):
            arrived = mark in truth.copies()
            if truth.on_way[mark]:
                continue  # it will be known
            if not arrived:
                truth.rejected.discard(mark)
            self._world.note("settled", mark, arrived)
            self.vouched |= {mark} if arrived else set()
            self.again = "" if arrived else mark
            self._world.fell[f"settled: {'arrived' if arrived else 'again'}"] += 1
            with suppress(Conflict, NotFound):
                await inbox.resolve(call, "arrived" if arrived else "again", actor="zoe")
            self.again = ""

    # ------------------------------------------------------------------------------------------- what is known

    @property
    def pair(self) -> list[str]:
        """The two customers who may be merged."""
        return [self._platform.dialect.customer(place) for place in (0, 1)]

    @property
    def group(self) -> list[str]:
        """Who is one customer with the first one."""
        return self.pair if self.merged else self.pair[:1]

    @property
    def frozen(self) -> set[str]:
        """Whose data are frozen: whoever is one customer with somebody frozen is too."""
        return self._frozen | (set(self.group) if self._frozen & set(self.group) else set())

    def fate(self, number: str) -> Literal["kept", "gone", "either"]:
        """What must have become of a message: gone if it was heard before an erasure began, kept if said after it."""
        who = self._platform.truth.written[number]["from"]
        if who not in self.began:
            return "kept"
        if self._platform.truth.heard_at.get(number, self._world.loop.time()) < self.began[who]:
            return "gone"
        said = self._platform.truth.posted_at.get(number, self._world.loop.time())
        return "kept" if said > self.ended.get(who, self._world.loop.time()) else "either"

    def was_erased(self, number: str) -> bool:
        """Whether a message has been gone for so long that nothing may be said because of it any more."""
        if number not in self._platform.truth.written or self.fate(number) != "gone":
            return False
        who = self._platform.truth.written[number]["from"]
        return self._world.loop.time() > self.ended.get(who, float("inf")) + _IN_FLIGHT

    def is_kept(self, body: bytes) -> bool:
        """Whether a delivery is as it came: nobody who was ever erased stands in it."""
        dialect, written = self._platform.dialect, self._platform.truth.written.values()
        named = [who.encode() in unquote_to_bytes(body) for who in self.erasing]
        return not any(named) and not any(
            one["from"] in self.erasing and dialect.tells(body, one["text"]) for one in written
        )

    # ------------------------------------------------------------------------------------------- what is decided

    async def _decide(self, what: Decision) -> None:
        pair = [await self._address(place) for place in range(2 if "merge" in what else 1)]
        if None in pair:
            return
        asked: dict[Decision, Ask] = {
            "merge": lambda inbox: inbox.identity.merge(pair[0], pair[1], actor="zoe"),  # type: ignore[arg-type]
            "unmerge": lambda inbox: inbox.identity.unmerge(pair[0], pair[1], actor="zoe"),  # type: ignore[arg-type]
            "erase": self._erasure(pair[0]),
            "freeze": self._of_customer(pair[0], "freeze"),
            "unfreeze": self._of_customer(pair[0], "unfreeze"),
            "undo": lambda inbox: inbox.identity.undo(self._parted, actor="zoe"),
            "block": lambda inbox: inbox.desk.blocks.block_address(pair[0], reason="ticket 18", actor="zoe"),  # type: ignore[arg-type]
            "leave": partial(_lift, bring_in=False),
            "hear": partial(_lift, bring_in=True),
        }
        if what in ("erase", "freeze") and self._world.chance.random() < 0.5:
            await self._until_we_call()
        before = getattr(self, f"_before_{what}", None)
        if before:
            before()
        answer = await self._insist(asked[what])
        self._world.note("decided", what, type(answer).__name__)
        self._world.fell[f"decided: {what}"] += 1
        getattr(self, f"_after_{what}")(answer)
        if not isinstance(answer, Exception):
            self._platform.write_again()

    async def _until_we_call(self) -> None:
        """Wait a little for a call of ours to be on its way: then what comes of it comes after the decision."""
        until = self._world.loop.time() + 1.0
        while not self._platform.calling and self._world.loop.time() < until:
            await asyncio.sleep(0.005)

    async def _address(self, place: int) -> Address | None:
        """What a customer writes from, as the inbox has it; None if they are not heard of any more."""
        who = self._platform.dialect.customer(place)
        until = self._world.loop.time() + _UNMET
        while self._world.loop.time() < until:
            numbers = [one["id"] for one in self._platform.truth.written.values() if one["from"] == who]
            found = await self._insist(_looked_up(ACCOUNT, numbers))
            if isinstance(found, Address):
                return found
            await asyncio.sleep(0.3)
        return None

    async def _insist(self, ask: Ask) -> object:
        """Ask until there is an answer; a refusal is one."""
        while True:
            worker = self._platform.machine.serving()
            if worker is not None:
                answer: asyncio.Future[object] = self._world.loop.create_future()
                worker.ask(ask, lambda found, answer=answer: self._told(answer, found))
                found = await self._heard(answer, worker.life)
                if not isinstance(found, Exception) or isinstance(found, Conflict | NotFound):
                    return found
            await asyncio.sleep(0.4)

    async def _heard(self, answer: asyncio.Future[object], life: Life) -> object:
        """What comes of a question; of one that stands still it is waited for: it may do it yet, however late."""
        while True:
            try:
                return await asyncio.wait_for(asyncio.shield(answer), _PATIENCE)
            except TimeoutError:
                if life.dead or not (life.still or self._world.recently_still(life, _PATIENCE)):
                    return OSError("nobody answers")

    def _told(self, answer: asyncio.Future[object], found: object) -> None:
        def arrive() -> None:
            if not answer.done():
                answer.set_result(found)

        self._world.loop.call_later(0.001, arrive, context=self._context)

    def _erasure(self, address: Address | None) -> Ask:
        scrub = not self._world.plan.wal and self._world.chance.random() < 0.5

        async def erase(inbox: Inbox) -> object:
            customer = await inbox.customers.find(address)  # type: ignore[arg-type]
            if customer is None:
                return None
            return await inbox.identity.erase(customer.id, actor="zoe", because="ticket 17", scrub=scrub)

        return erase

    @staticmethod
    def _of_customer(address: Address | None, what: Literal["freeze", "unfreeze"]) -> Ask:
        async def ask(inbox: Inbox) -> object:
            customer = await inbox.customers.find(address)  # type: ignore[arg-type]
            if customer is None:
                return None
            return await getattr(inbox.identity, what)(customer.id, actor="zoe")

        return ask

    # ---------------------------------------------------------------------------------------- what came of it

    def _before_merge(self) -> None:
        self.ever_merged = True

    def _after_merge(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self._world.wrong(f"M1 a merge was refused: {answer}")
        self.merged = True
        self._silence()

    def _before_unmerge(self) -> None:
        self._platform.truth.silent_from = {}  # it may be done long before anybody hears of it

    _before_unfreeze = _before_unmerge

    def _after_unmerge(self, answer: object) -> None:
        """Refused means that it was done already, unheard."""
        self.merged = False
        self._parted = answer if isinstance(answer, list) else []
        self._silence()

    def _after_undo(self, answer: object) -> None:
        """Taking a parting back; nobody can who was not told what it is called."""
        self.merged = self.merged or bool(self._parted)

    def _before_erase(self) -> None:
        if not self.frozen:
            self._world.may_go = True
            for who in self.group:
                self.erasing.add(who)
                self.began[who] = self._world.loop.time()
                self.ended.pop(who, None)

    def _after_erase(self, answer: object) -> None:
        if self.frozen:
            if not isinstance(answer, Conflict):
                self._world.wrong("R3 whose data are frozen was erased")
            return
        if isinstance(answer, Conflict):
            self._world.wrong(f"R1 nobody is frozen, and it was refused: {answer}")
        for who in self.group:
            self.ended[who] = self._world.loop.time()
        self.scrubbed = isinstance(answer, Proof) and answer.scrubbed
        self.merged = False

    def _before_freeze(self) -> None:
        self.ever_frozen |= set(self.group)

    def _after_freeze(self, answer: object) -> None:
        if not isinstance(answer, Exception) and answer is not None:
            self._frozen |= set(self.group)
            self._silence()

    def _after_unfreeze(self, answer: object) -> None:
        """Refused means that it was done already, unheard."""
        self._frozen -= set(self.group)
        self._silence()

    def _after_block(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self._world.wrong(f"B1 a block was refused: {answer}")
        self._deaf_since = self._world.loop.time()

    def _before_hear(self) -> None:
        self._deaf_since = float("inf")

    def _after_hear(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self._world.wrong(f"B2 nobody may listen again: {answer}")

    _before_leave, _after_leave = _before_hear, _after_hear

    async def _until_all_is_in(self) -> None:
        """What a disk that could not be read left aside comes in when the block is lifted once more."""
        while await self._insist(_aside):
            await asyncio.sleep(0.5)
            await self._insist(partial(_lift, bring_in=True))

    def is_deaf_to(self, number: str) -> bool:
        """Whether a message is to wait aside: its writer was blocked before they wrote it, and is still."""
        said = self._platform.truth.posted_at.get(number, 0.0)
        who = self._platform.truth.written.get(number, {}).get("from")
        return said > self._deaf_since and who == self.pair[0]

    def _silence(self) -> None:
        """From now on nothing is to be said to whoever is frozen, but for what is under way."""
        soon, silent = self._world.loop.time() + _IN_FLIGHT, self._platform.truth.silent_from
        self.ever_frozen |= self.frozen
        self._platform.truth.silent_from = {who: silent.get(who, soon) for who in self.frozen}


_IN_FLIGHT = 1.0  # seconds: what was taken up before the decision may still leave


def _doubts(tx: Tx, dialect: Dialect) -> list[tuple[str, str]]:
    """The calls in doubt: what they are called, and their marks."""
    rows = tx.all("SELECT id, call FROM calls WHERE workspace = ? AND state = ?", tx.ws, outbox.UNKNOWN)
    return [
        (tx.ids.show("call", int(str(number))), dialect.mark(Call.model_validate_json(str(call))))
        for number, call in rows
    ]


async def _lift(inbox: Inbox, *, bring_in: bool) -> None:
    """Lift every block, and those again under which something was left aside."""
    blocks = inbox.desk.blocks
    for block in (*await blocks.listed(), *await blocks.listed(lifted=True)):
        await blocks.lift(block.id, bring_in=bring_in, actor="zoe")


async def _aside(inbox: Inbox) -> bool:
    """Whether something is still aside, or not all is in yet."""
    blocks = inbox.desk.blocks
    lifted = await blocks.listed(lifted=True)
    return bool(await blocks.listed()) or any(block.held_back for block in lifted)


def _looked_up(account: str, numbers: list[str]) -> Ask:
    def job(tx: Tx) -> Address | None:
        for number in numbers:
            known = externals.by_external(tx, account, number)
            peer = messages.held(tx, known[0]).peer if known else None
            if peer is not None:
                return people.get(tx, peer).address
        return None

    return lambda inbox: inbox.run_job(job)
