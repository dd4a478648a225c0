"""`inbox.desk.agents`: who answers, what they can do, and whether they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from omnichannel.clock import moment
from omnichannel.errors import ConfigError, Conflict
from omnichannel.inbox.desk import attending
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.checking import check_languages, check_life, check_word
from omnichannel.inbox.desk.deciding import By
from omnichannel.inbox.given import levels_of, several_of
from omnichannel.inbox.rules import span
from omnichannel.model import Agent, Presence
from omnichannel.model.desk import Share
from omnichannel.store import Tx, agents, records
from omnichannel.store.desk import cases

_BEST = 5


class Agents(Alone):
    """The people, and bots, who answer. They are known by name, which is unique in a workspace."""

    async def describe(
        self,
        name: str,
        *,
        teams: Sequence[str] | None = None,
        skills: Mapping[str, int] | None = None,
        languages: Sequence[str] | None = None,
        capacity: float | None = None,
    ) -> Agent:
        """Say what somebody can do; what is not given stays. Raises NotFound for who or which team is unknown.

        `skills` have a level from 1 to 5. `languages` are BCP 47 (`nl`, `en-GB`). `capacity` is in weighted
        conversations: see `Plan.weights`. Raises ConfigError for what is none of these.
        """
        teams, languages = several_of(teams, "teams"), several_of(languages, "languages")
        skills = levels_of(skills, "skills")
        check_languages(languages or ())
        for team in teams or ():
            self._plan.known_team(team)
        for skill, level in (skills or {}).items():
            if not 1 <= level <= _BEST:
                raise ConfigError(f"skills[{skill!r}]", f"{level} is no level", "Give one from 1 to 5.")
        if capacity is not None and not 0 <= capacity < float("inf"):
            raise ConfigError("capacity", f"{capacity} is none", "Give 0 for nothing, or how much at a time.")
        told: dict[str, object] = {
            "teams": teams, "skills": skills, "languages": languages, "capacity": capacity
        }  # fmt: skip
        given: dict[str, JsonValue] = to_jsonable_python(
            {name: value for name, value in told.items() if value is not None}
        )

        def job(tx: Tx) -> Agent:
            agents.agent(tx, name)  # who was let go is described no more
            described = agents.describe(tx, name, given)
            records.happened(tx, "agent.described", detail={"agent": name})
            return described

        found = await self._inbox.run_job(job)
        self._inbox.ring()
        return found

    async def turn(self, name: str, presence: Presence, *, life: timedelta | None = None) -> Agent:
        """Say whether somebody is there: `online`, `away` or `offline`; for some time, or until they say otherwise.

        Give a `life`, and say it again before it is over, where a browser may vanish: who is not heard of goes
        `offline`. What waits for an answer of somebody who goes `offline` goes back into the queue, in its old place,
        and so does what their customers ask while they are (where `Plan.give_out`); who is `away` keeps what can
        wait: see `Plan.give_back_missed`. Raises NotFound, and UsageError for another word or a `life` that is none.
        """
        check_word("presence", presence, Presence)
        check_life(life)

        def job(tx: Tx) -> Agent:
            if presence == "offline":
                agents.agent(tx, name)
                attending.leave(tx, self._plan, name, name, "went offline")
                return agents.agent(tx, name)
            before = agents.agent(tx, name).presence
            found = agents.turn(tx, name, presence, tx.now() + span(life) if life else None)
            if before != presence:
                records.happened(tx, f"agent.{presence}", actor=name, detail={"agent": name})
                if presence == "away":
                    attending.go_away(tx, self._plan, name, moment(tx.now()))
            return found

        found = await self._alone(job)
        self._inbox.ring()
        return found

    async def let_go(self, name: str, *, actor: str = "", because: str = "") -> Agent:
        """Somebody answers here no more: all that they have goes back into the queue, whoever it waits for.

        They lose their teams, skills, languages and roles; what they did stays under their name, and nobody else
        gets it: `add_agent` brings them back. Raises NotFound, and Conflict for a bot of the plan.
        """
        if name in self._plan.running:
            raise Conflict(f"{name!r} is a bot of the plan: take it out of Plan.bots first")
        by = By(actor, (because,) if because else ())
        gone = await self._alone(lambda tx: attending.let_go(tx, self._plan, name, by))
        self._inbox.ring()
        return gone

    async def shares(self) -> list[Share]:
        """How much everybody has on the desk, by name."""

        def job(tx: Tx) -> list[Share]:
            loads = cases.loads(tx)
            return [cases.share(agent.name, loads, agent.capacity) for agent in agents.agents(tx)]

        return await self._inbox.run_job(job)
