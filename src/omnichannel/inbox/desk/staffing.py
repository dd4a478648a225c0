"""The plan's bots are agents like others: they are added when the desk first needs them."""

from __future__ import annotations

from omnichannel.desk.plan import Plan
from omnichannel.errors import ConfigError, NotFound
from omnichannel.store import Tx, agents


def staff(tx: Tx, plan: Plan, name: str) -> None:
    """Add a bot of the plan under its name, if it is one. Raises ConfigError where a person is called so."""
    if name not in plan.running:
        return
    try:
        known = agents.agent(tx, name)
    except NotFound:
        agents.hire(tx, name, "bot")
        return
    if known.role != "bot":
        cure = "Give the bot another name: nobody could tell who answered."
        raise ConfigError("bots", f"a person who answers here is called {name!r}", cure)


def staff_all(tx: Tx, plan: Plan) -> None:
    """Add every bot of the plan, so that rules and people find them."""
    for name in plan.running:
        staff(tx, plan, name)
