"""Those beside whoever has a case: who follows it, who is called to it, and who else is writing in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from omnichannel.desk.plan import Plan
from omnichannel.inbox.conversations import note as write_note
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.refreshing import Desked, happened
from omnichannel.model.desk import Case, Writing
from omnichannel.store import Tx, agents, records
from omnichannel.store.desk import writing


def follow(
    tx: Tx, plan: Plan, desked: Desked, agent: str, what: str, change: Callable[[set[str]], set[str]]
) -> Case:
    """Change who follows a case. Raises NotFound for who is unknown."""
    agents.agent(tx, agent)
    names = tuple(sorted(change(set(desked.case.followers))))
    decide(tx, plan, desked, what, By(agent), {"followers": names})
    return desked.case


def mention(tx: Tx, plan: Plan, desked: Desked, text: str, names: Sequence[str], actor: str) -> Case:
    """Leave a note, tell each of them once, and let them follow. Raises NotFound for who is unknown."""
    once = tuple(dict.fromkeys(names))
    for name in once:
        agents.agent(tx, name)
    number = write_note(tx, desked.number, text, actor)
    for name in once:
        records.happened(
            tx,
            "agent.mentioned",
            conversation=desked.number,
            message=number,
            actor=actor,
            detail={"agent": name},
        )
    followers = tuple(sorted({*desked.case.followers, *names}))
    decide(tx, plan, desked, "followed", By(actor, ("mentioned",)), {"followers": followers})
    return desked.case


def writes(tx: Tx, desked: Desked, agent: str, seen: str, life: int) -> Writing:
    """An agent writes for so many microseconds. Whoever writes already is told. Raises NotFound."""
    agents.agent(tx, agent)
    others, begins = writing.note(tx, desked.number, agent, tx.now() + life)
    for other in others if begins else ():
        happened(tx, desked, "writing", {"agent": other}, agent)
    after = tx.ids.find("message", seen) if seen else None
    newer = writing.newer(tx, desked.number, after, agent) if after is not None else None
    return Writing(others=tuple(others), newer=tuple(one.message for one in newer or ()))
