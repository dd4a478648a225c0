"""The disk that a scenario begins with: a store that another version made, and a neighbour's workspace in it."""

from __future__ import annotations

from functools import lru_cache

from bench.simulate.dialects import ACCOUNT, DIALECTS
from bench.simulate.machine import Machine, SimInbox, Wire
from bench.simulate.plan import NEWEST, Plan
from bench.simulate.platform import Platform
from bench.simulate.sqlite import SimDriver
from bench.simulate.world import STORE, World
from omnichannel import Incoming
from omnichannel.store import opening

NEIGHBOUR = "neighbour"
_TABLES = (
    "deliveries",
    "messages",
    "calls",
    "todo",
    "externals",
    "conversations",
    "addresses",
    "happenings",
    "threads",
)

Dump = dict[str, list[tuple[object, ...]]]


@lru_cache
def made_before(wal: bool, version: int) -> dict[str, bytes]:
    """What some version of the library left behind; version 0: nothing. The newest has a neighbour in it."""
    world = World(_calm(wal), {})
    steps = opening.schema_files
    opening.schema_files = lambda: steps()[:version]
    try:
        if version:
            _open_once(world, settled=version == NEWEST)
        if version:
            _put_away(world)
        return world.disk.image()
    finally:
        opening.schema_files = steps
        world.close()


def _put_away(world: World) -> None:
    """Close the store as its last user does: nothing is left in a log or a journal."""
    life = world.born("last")
    SimDriver(STORE, life, wal=world.plan.wal).close()
    world.end(life, power=False)
    for file in world.disk.files.values():
        file.sync()


def _calm(wal: bool) -> Plan:
    return Plan(
        seed="tables", channel="chat", wal=wal, checkpoint=1000, workers=1, tables=0, shuffled=False, messages=0,
        customers=1, echoes=False, kills=(), redelivered=0.0, unheard=0.0, forged=0.0, odd=0.0, batched=0.0,
        late_news=0.0, sends=(), handler_fails=0.0, handler_slow=0.0, half_jobs=(), full_at=(), broken_at=(),
        unreadable_at=(), clock_jumps=(), decisions=(),
    )  # fmt: skip


def _open_once(world: World, *, settled: bool) -> None:
    machine = Machine(world)
    machine.platform = Platform(world, machine)
    machine.start()
    world.ended = lambda _: None  # nobody is started again
    world.end(world.lives[0], power=False)
    if settled:
        neighbour = world.born("neighbour")
        wire = Wire(neighbour, machine.platform)
        inbox = SimInbox(neighbour, DIALECTS["chat"].channels(wire), NEIGHBOUR)
        task = world.loop.create_task(_settle(inbox), context=neighbour.context)
        world.loop.run_until(task.done)
        task.result()
        world.end(neighbour, power=False)


async def _settle(inbox: SimInbox) -> None:
    """The neighbour has the same customers and ids as we will have, and work that nobody else may do."""
    inbox.open()

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("what the neighbour says")

    chat = DIALECTS["chat"]
    for number in range(3):
        item = {"id": chat.inbound(number, ""), "from": chat.customer(0), "text": f"the neighbour's {number}"}
        await inbox.receive(ACCOUNT, chat.delivery([item]))
        if number < 2:
            await inbox.read()
        if number == 0:
            await inbox.handle()


def of_neighbour(driver: SimDriver) -> Dump:
    """Everything that is the neighbour's."""
    mine = "workspace = (SELECT workspace FROM workspaces WHERE name = ?)"
    return {
        table: sorted(driver.rows(f"SELECT * FROM {table} WHERE {mine}", (NEIGHBOUR,)), key=repr)
        for table in _TABLES
    }


@lru_cache
def neighbour_at_first(wal: bool) -> Dump:
    """The neighbour before anything happened."""
    world = World(_calm(wal), made_before(wal, NEWEST))
    life = world.born("reader")
    driver = SimDriver(STORE, life, wal=wal)
    try:
        return of_neighbour(driver)
    finally:
        driver.close()
        world.close()
