"""Whoever takes a conversation while a bot's answer is committed, in another process's connection: who was first?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.chat import Chat, FarEnd, delivery

from omnichannel import Inbox
from omnichannel.desk import Bot, HandOver, Plan, Reply, Route, Team, Then, Turn
from omnichannel.model import Direction


async def parrot(turn: Turn) -> Reply | HandOver:
    """Answers at once."""
    return Reply(text=f"You asked: {turn.asks}")


def inbox_of(store: str) -> Inbox:
    """One worker."""
    plan = Plan(
        teams=(Team(name="service"),), default_team="service", classifier=None,
        bots=(Bot(name="Robin", answers=parrot),),
        routes=(Route(name="bot first", then=Then(agent="Robin")),),
    )  # fmt: skip
    return Inbox(store, [Chat("chat", FarEnd())], desk=plan)


@asynccontextmanager
async def _workers(store: str) -> AsyncIterator[tuple[Inbox, Inbox]]:
    async with inbox_of(store) as one, inbox_of(store) as other:
        await one.add_agent("Ann")
        yield one, other


async def race(store: str, rounds: int) -> tuple[Counter[str], list[str]]:
    """So many times an agent answers while the bot does; what came of it, and what is wrong."""
    figures, wrong = Counter[str](), []
    async with _workers(store) as (one, other):
        for number in range(rounds):
            text = f"question {number}"
            await one.receive("chat", delivery({"id": text, "from": f"c{number}", "text": text}))
            while await one.read() + await one.dispatch() + await one.classify():
                pass
            [begun] = await one.claim_turns(1)
            shown = await one.run_job(lambda tx, begun=begun: tx.ids.show("conversation", begun.conversation))
            await asyncio.gather(one.take_turn(begun), _answer(other, shown, number))
            said = [
                message.agent
                for message in await one.conversations.messages(shown)
                if message.direction is Direction.OUTBOUND
            ]
            figures["bot first" if said[0] == "Robin" else "agent first"] += 1
            if "Robin" in said[1:]:
                wrong.append(f"in round {number} the bot spoke after the agent")
    return figures, wrong


async def _answer(inbox: Inbox, conversation: str, number: int) -> None:
    """Ann answers a little later each time, so that every moment of the bot's turn is met."""
    await asyncio.sleep(number % 20 / 1000)
    await inbox.conversations.reply(conversation, "Ann here.", agent="Ann")
