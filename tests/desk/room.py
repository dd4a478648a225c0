"""A room with a desk in it: an inbox with a plan, some agents, and customers who write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from omnichannel import Inbox, Message
from omnichannel.desk import Case, Overflow, Plan, Team
from omnichannel.model import Agent
from tests.chat import Chat, FarEnd, Letter, delivery
from tests.engines import HandClock

PLAN = Plan(teams=(Team(name="sales"), Team(name="service")), default_team="service")


class Room:
    """`chat` and `other` are accounts of one kind, `letter` is one where every thread is a question."""

    def __init__(self, url: str, clock: HandClock, plan: Plan = PLAN, workspace: str = "default") -> None:
        self.clock = clock
        self.url = url
        self.workspace = workspace
        self.far = {"chat": FarEnd(), "other": FarEnd(), "letter": FarEnd()}
        self.opened: list[Inbox] = []
        self.inbox = self.again(plan)

    def again(self, plan: Plan) -> Inbox:
        """A new inbox on the same database, with another plan."""
        channels = [
            Chat("chat", self.far["chat"]),
            Chat("other", self.far["other"]),
            Letter("letter", self.far["letter"]),
        ]
        self.inbox = Inbox(self.url, channels, clock=self.clock, workspace=self.workspace, desk=plan)
        self.opened.append(self.inbox)
        return self.inbox

    async def close(self) -> None:
        for inbox in self.opened:
            await inbox.close()

    async def hire(self, *names: str, online: bool = True, **profile: Any) -> list[Agent]:
        """Agents of the service team who are there."""
        desk = self.inbox.desk
        for name in names:
            await self.inbox.add_agent(name)
            await desk.agents.describe(name, **{"teams": ["service"]} | profile)
            if online:
                await desk.agents.turn(name, "online")
        return [agent for agent in await self.inbox.agents() if agent.name in names]

    async def hears(self, who: str, text: str = "Hello?", on: str = "chat", **more: Any) -> str:
        """Somebody writes, the desk works; the conversation."""
        item = {"id": f"{on}-{who}-{text}", "from": who, "text": text} | more
        await self.inbox.receive(on, delivery(item))
        await self.inbox.work()
        timeline = await self.messages(who, on)
        return timeline[-1].conversation

    async def messages(self, who: str, on: str = "chat") -> Sequence[Message]:
        from omnichannel import Address

        kind = self.inbox.channel(on).kind
        customer = await self.inbox.customers.find(Address(kind=kind, value=who))
        assert customer is not None
        return await self.inbox.customers.timeline(customer.id)

    async def case(self, conversation: str) -> Case:
        return await self.inbox.desk.case(conversation)

    async def says(self, conversation: str, agent: str, text: str = "There you are.") -> None:
        """One of ours answers."""
        await self.inbox.conversations.reply(conversation, text, agent=agent)
        await self.inbox.work()


__all__ = ["PLAN", "Overflow", "Plan", "Room", "Team"]
