"""Processes with a bot in them, killed again and again (SIGKILL) on one SQLite file: nothing is twice or lost."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from tests.chat import Chat, FarEnd, delivery

from omnichannel import Inbox, Rules
from omnichannel.clock import SystemClock
from omnichannel.desk import Bot, HandOver, Plan, Reply, Route, Team, Then, Turn
from omnichannel.model import Direction

_ASKED = 24  # times that a bot is asked in one life, at most; there are as many questions
_PATIENCE = timedelta(seconds=2)
_LATER = timedelta(
    minutes=5
)  # how much later each life begins, by its clock: what a dead one held is free by then


class Later(SystemClock):
    """The machine's clock, so much ahead."""

    def __init__(self, ahead: timedelta) -> None:
        super().__init__()
        self._ahead = ahead

    def now(self) -> datetime:
        """The moment, so much later."""
        return super().now() + self._ahead


async def slowly(turn: Turn) -> Reply | HandOver:
    """A bot that takes its time, so that it is killed at it, and says when it was asked."""
    if __name__ == "__main__":
        print("asked", flush=True)
    await asyncio.sleep(random.uniform(0, 0.3))
    return Reply(text=f"You asked: {turn.asks}")


def inbox_of(store: str, life: int) -> Inbox:
    """The inbox of one life."""
    bot = Bot(name="Robin", answers=slowly, patience=_PATIENCE, attempts=1000)
    plan = Plan(
        teams=(Team(name="service"),), default_team="service", classifier=None, bots=(bot,),
        routes=(Route(name="bot first", then=Then(agent="Robin")),),
    )  # fmt: skip
    return Inbox(
        store, [Chat("chat", FarEnd())], desk=plan, clock=Later(_LATER * life), rules=Rules(at_once=4)
    )


async def die_often(kills: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What came of it, and what is wrong."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{Path(folder) / 'support.db'}"
        async with inbox_of(store, 0) as inbox:
            for number in range(_ASKED * kills):
                item = {"id": f"m{number}", "from": f"c{number}", "text": f"question {number}"}
                await inbox.receive("chat", delivery(item))
        for life in range(1, kills + 1):
            await _live(store, life, chance.randint(1, _ASKED), chance.uniform(0, 0.4))
        async with inbox_of(store, kills + 1) as inbox:
            before, _ = await _judge(inbox)
            await inbox.work()
            figures, wrong = await _judge(inbox)
        figures["answered by one that died"] = before["answered once"]
        return figures, wrong


async def _live(store: str, life: int, asked: int, seconds: float) -> None:
    """One process, until it is killed: so many seconds after its bot was asked so often, whatever that took."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.bot.deaths", store, str(life), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    for _ in range(asked):
        if not await process.stdout.readline():
            break
    await asyncio.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def _judge(inbox: Inbox) -> tuple[Counter[str], list[str]]:
    figures, wrong = Counter[str](), []
    for conversation in await inbox.conversations.open(most=10_000):
        messages = await inbox.conversations.messages(conversation.id)
        asked = [one.text for one in messages if one.direction is Direction.INBOUND]
        said = [one.text for one in messages if one.direction is Direction.OUTBOUND]
        turns = await inbox.desk.control.turns(conversation.id)
        figures["questions"] += len(asked)
        figures["answered once"] += said == [f"You asked: {text}" for text in asked]
        figures["asked again after a death"] += sum(turn.attempts > 1 for turn in turns)
        if said != [f"You asked: {text}" for text in asked]:
            wrong.append(f"{asked} was answered by {said}")
    return figures, wrong


async def _work(store: str, life: int) -> None:
    async with inbox_of(store, life) as inbox:
        await inbox.run()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], int(sys.argv[2])))
