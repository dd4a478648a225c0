"""How a conversation stood in another desk: open or closed, whose it was, its tags. It is written down once.

When the conversation is brought in, that is: what was done with it here since counts for more than an older export.
"""

from __future__ import annotations

from omnichannel.channel import Channel, Delivery
from omnichannel.desk.plan import Plan
from omnichannel.imports import Standing, meaning, standing
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.model import Received
from omnichannel.store import Tx, agents, conversations, externals, messages

_PRIORITIES = ("low", "normal", "high", "urgent")


def file(tx: Tx, channel: Channel, plan: Plan | None, delivery: Delivery, *, since: int) -> None:
    """Give a conversation that was brought in after a number what it had in the other desk."""
    stood = standing(delivery)
    number = None if stood is None else _conversation(tx, channel, delivery)
    if stood is None or number is None or number <= since:
        return
    if stood.open:
        conversations.set_status(tx, number, closed=False)
    if agent := _known(tx, stood):
        conversations.set_assignee(tx, number, agent)
    if plan is not None:
        _decide(tx, plan, number, stood)


def _conversation(tx: Tx, channel: Channel, delivery: Delivery) -> int | None:
    for event in meaning(channel, delivery):
        if isinstance(event, Received):
            known = externals.by_external(tx, channel.name, event.external_id)
            return messages.held(tx, known[0]).conversation if known else None
    return None


def _known(tx: Tx, stood: Standing) -> str:
    """Who here had it there, by name or by e-mail; empty if nobody here is that."""
    if not (stood.assignee or stood.email):
        return ""
    names = (
        one.name
        for one in agents.agents(tx)
        if stood.assignee == one.name or (stood.email and stood.email == one.email)
    )
    return next(names, "")


def _decide(tx: Tx, plan: Plan, number: int, stood: Standing) -> None:
    changed: dict[str, object] = {"tags": stood.tags} if stood.tags else {}
    if stood.priority in _PRIORITIES:
        changed["priority"] = stood.priority
    if changed:
        because = "it came with the conversation out of another desk"
        decide(tx, plan, refresh(tx, plan, number), "imported", By("desk", (because,)), changed)
