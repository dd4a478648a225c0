"""How far a bot goes: when it is asked nothing more, and when what it wants to say is not said."""

from __future__ import annotations

from typing import NamedTuple

from omnichannel.desk.control.bots import Bot
from omnichannel.desk.control.turn import Reply


class Spent(NamedTuple):
    """What a bot did up to now: answers in a row, and what it cost in this conversation and in the last 24 hours."""

    turns: int
    cost: float
    daily_cost: float


def exhausted(bot: Bot, spent: Spent) -> str:
    """Why a bot is asked nothing more here; empty if it is."""
    if spent.turns >= bot.turns:
        return f"{bot.name} answered {spent.turns} times in a row, which is as often as it may"
    if bot.cost is not None and spent.cost >= bot.cost:
        return f"{bot.name} cost {spent.cost:g} in this conversation, of {bot.cost:g} that it may"
    if bot.daily_cost is not None and spent.daily_cost >= bot.daily_cost:
        return f"{bot.name} cost {spent.daily_cost:g} within a day, of {bot.daily_cost:g} that it may"
    return ""


def unfit_to_say(bot: Bot, reply: Reply) -> str:
    """Why a bot's answer is not said; empty if it is."""
    if not reply.text.strip():
        return f"{bot.name} had nothing to say"
    if reply.confidence < bot.sure:
        return f"{bot.name} is {reply.confidence:.0%} sure of its answer, and has to be {bot.sure:.0%}"
    return ""
