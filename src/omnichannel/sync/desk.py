"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from omnichannel.desk.plan import Plan
from omnichannel.desk.routing import Route, Routed, Trial, Tried
from omnichannel.inbox.desk.agents import Agents
from omnichannel.inbox.desk.briefing import Summariser
from omnichannel.inbox.desk.proposals import Proposals
from omnichannel.inbox.desk.ratings import Ratings
from omnichannel.inbox.desk.routes import Routes
from omnichannel.inbox.desk.surface import Desk
from omnichannel.model import Agent, Presence, Purpose
from omnichannel.model.desk import (
    Briefing,
    Case,
    Decision,
    HeldUp,
    Priority,
    Proposed,
    Question,
    Rating,
    Reading,
    Score,
    Share,
    Writing,
)
from omnichannel.model.desk.proposed import Occasion
from omnichannel.sync.answers import SyncAnswers
from omnichannel.sync.bots import SyncControl, SyncTraining
from omnichannel.sync.keeping import SyncBlocks, SyncBulk, SyncFields, SyncViews
from omnichannel.sync.reports import SyncReports
from omnichannel.sync.waiting import Wait


class SyncAgents:
    """`inbox.desk.agents` without `await`."""

    def __init__(self, wait: Wait, of: Agents) -> None:
        self._wait = wait
        self._of = of

    def describe(
        self,
        name: str,
        *,
        teams: Sequence[str] | None = None,
        skills: Mapping[str, int] | None = None,
        languages: Sequence[str] | None = None,
        capacity: float | None = None,
    ) -> Agent:
        """Say what somebody can do."""
        return self._wait(
            self._of.describe(name, teams=teams, skills=skills, languages=languages, capacity=capacity)
        )

    def turn(self, name: str, presence: Presence, *, life: timedelta | None = None) -> Agent:
        """Say whether somebody is there: `online`, `away` or `offline`."""
        return self._wait(self._of.turn(name, presence, life=life))

    def let_go(self, name: str, *, actor: str = "", because: str = "") -> Agent:
        """Somebody answers here no more: all that they have goes back into the queue, whoever it waits for."""
        return self._wait(self._of.let_go(name, actor=actor, because=because))

    def shares(self) -> list[Share]:
        """How much everybody has on the desk, by name."""
        return self._wait(self._of.shares())


class SyncRoutes:
    """`inbox.desk.routes` without `await`."""

    def __init__(self, wait: Wait, of: Routes) -> None:
        self._wait = wait
        self._of = of

    def explain(self, conversation: str) -> Routed:
        """Which rule would take a conversation as it is by now, and why not each rule before it."""
        return self._wait(self._of.explain(conversation))

    def readings(self, conversation: str) -> list[Reading]:
        """Everything that was made of a customer's words, in order, with the evidence."""
        return self._wait(self._of.readings(conversation))

    def intents(self, *, since: datetime | None = None, until: datetime | None = None) -> dict[str, int]:
        """How often customers wanted what, by what was read in a time: compliments, complaints and the rest."""
        return self._wait(self._of.intents(since=since, until=until))

    def try_out(
        self,
        rules: Plan | Sequence[Route] | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        most: int | None = None,
        examples: int = 100,
        told: Callable[[Tried], None] | None = None,
    ) -> Trial:
        """Try rules out on what was asked before: what would have gone where, and why."""
        return self._wait(
            self._of.try_out(rules, since=since, until=until, most=most, examples=examples, told=told)
        )


class SyncProposals:
    """`inbox.desk.proposals` without `await`."""

    def __init__(self, wait: Wait, of: Proposals) -> None:
        self._wait = wait
        self._of = of

    def of(self, conversation: str) -> list[Proposed]:
        """Everything that was proposed, whatever became of it."""
        return self._wait(self._of.of(conversation))

    def send(
        self, conversation: str, occasion: Occasion, *, text: str = "", agent: str = "", seen: str = ""
    ) -> Proposed:
        """Send a proposal as an agent's answer, in their own words if `text` is given."""
        return self._wait(self._of.send(conversation, occasion, text=text, agent=agent, seen=seen))

    def drop(self, conversation: str, occasion: Occasion, *, agent: str = "") -> Proposed:
        """Do not say it."""
        return self._wait(self._of.drop(conversation, occasion, agent=agent))


class SyncRatings:
    """`inbox.desk.ratings` without `await`."""

    def __init__(self, wait: Wait, of: Ratings) -> None:
        self._wait = wait
        self._of = of

    def of(self, conversation: str) -> list[Rating]:
        """Every rating of a conversation, in order, and why nobody was asked."""
        return self._wait(self._of.of(conversation))

    def asked(
        self,
        *,
        agent: str = "",
        team: str = "",
        kind: str = "",
        account: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        most: int = 1000,
    ) -> list[Rating]:
        """Ratings that were asked for in a period, answered or not, the newest first."""
        return self._wait(
            self._of.asked(
                agent=agent, team=team, kind=kind, account=account, since=since, until=until, most=most
            )
        )

    def scores(
        self,
        by: Literal["agent", "team", "kind", "account"] = "agent",
        *,
        agent: str = "",
        team: str = "",
        kind: str = "",
        account: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Score]:
        """Ratings that were asked for in a period, counted together by what `by` says, in the order of names."""
        return self._wait(
            self._of.scores(by, agent=agent, team=team, kind=kind, account=account, since=since, until=until)
        )

    def spare(self, conversation: str, *, spared: bool = True) -> None:
        """Ask the customer of a conversation no more, or (`spared=False`) ask them again."""
        return self._wait(self._of.spare(conversation, spared=spared))


class SyncDesk:
    """`inbox.desk` without `await`."""

    def __init__(self, wait: Wait, of: Desk) -> None:
        self._wait = wait
        self._of = of
        self.agents = SyncAgents(wait, of.agents)
        self.answers = SyncAnswers(wait, of.answers)
        self.control = SyncControl(wait, of.control)
        self.routes = SyncRoutes(wait, of.routes)
        self.proposals = SyncProposals(wait, of.proposals)
        self.ratings = SyncRatings(wait, of.ratings)
        self.reports = SyncReports(wait, of.reports)
        self.training = SyncTraining(wait, of.training)
        self.fields = SyncFields(wait, of.fields)
        self.views = SyncViews(wait, of.views)
        self.bulk = SyncBulk(wait, of.bulk)
        self.blocks = SyncBlocks(wait, of.blocks)

    def case(self, conversation: str) -> Case:
        """A conversation as the desk works on it, as it is by now."""
        return self._wait(self._of.case(conversation))

    def queue(self, team: str = "", *, most: int = 100) -> list[Case]:
        """What a team's agents may take by now ("" for what is no team's), the next one first."""
        return self._wait(self._of.queue(team, most=most))

    def ahead(self, conversation: str) -> int | None:
        """How many of its own team's stand before a conversation in the queue."""
        return self._wait(self._of.ahead(conversation))

    def why_waiting(self, conversation: str) -> tuple[str, ...]:
        """Why a conversation is with nobody yet, in sentences."""
        return self._wait(self._of.why_waiting(conversation))

    def held_up(self, *, most: int = 100) -> list[HeldUp]:
        """What waits though nobody could take it, whoever came."""
        return self._wait(self._of.held_up(most=most))

    def due(self, agent: str | None = None, *, most: int = 100) -> list[Case]:
        """What is to be answered, closed or followed up next, soonest first: one agent's, nobody's (`""`), or all."""
        return self._wait(self._of.due(agent, most=most))

    def decisions(self, conversation: str) -> list[Decision]:
        """Everything that was decided about a conversation, in order, with the reasons."""
        return self._wait(self._of.decisions(conversation))

    def open_questions(self, conversation: str) -> list[Question]:
        """What the customer asked in a conversation that nothing answers yet, the oldest first."""
        return self._wait(self._of.open_questions(conversation))

    def unanswered(self, who: str) -> list[Question]:
        """What a customer (`Customer.id`, as proven) asked anywhere that nothing answers yet, the oldest first."""
        return self._wait(self._of.unanswered(who))

    def briefing(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> Briefing:
        """A customer (`Customer.id`) in a few lines: who, what is open, what was promised, tone, last contact."""
        return self._wait(self._of.briefing(who, purpose=purpose))

    def summary(
        self,
        who: str,
        language: str = "en",
        *,
        purpose: Purpose = Purpose.DISCLOSE,
        summariser: Summariser | None = None,
        patience: timedelta = timedelta(seconds=10),
    ) -> str:
        """A briefing in words, in English or Dutch."""
        return self._wait(
            self._of.summary(who, language, purpose=purpose, summariser=summariser, patience=patience)
        )

    def assign(
        self, conversation: str, agent: str = "", *, team: str | None = None, note: str = "", actor: str = ""
    ) -> Case:
        """Give a conversation to an agent, or to a team's queue, or back to the queue (neither)."""
        return self._wait(self._of.assign(conversation, agent, team=team, note=note, actor=actor))

    def take_next(self, agent: str) -> Case | None:
        """Give an agent the case that stands first of those that they can do."""
        return self._wait(self._of.take_next(agent))

    def follow(self, conversation: str, agent: str) -> Case:
        """Let an agent hear of what happens in a conversation that is not theirs."""
        return self._wait(self._of.follow(conversation, agent))

    def unfollow(self, conversation: str, agent: str) -> Case:
        """Let them hear of it no more."""
        return self._wait(self._of.unfollow(conversation, agent))

    def mention(self, conversation: str, text: str, names: Sequence[str], *, actor: str = "") -> Case:
        """Leave a note for some agents."""
        return self._wait(self._of.mention(conversation, text, names, actor=actor))

    def writing(
        self, conversation: str, agent: str, *, seen: str = "", life: timedelta = timedelta(minutes=1)
    ) -> Writing:
        """Say that an agent writes in a conversation, for a minute."""
        return self._wait(self._of.writing(conversation, agent, seen=seen, life=life))

    def prioritise(
        self, conversation: str, priority: Priority, *, actor: str = "", because: str = ""
    ) -> Case:
        """Give a conversation another priority: its head start in the queue, and its reply times."""
        return self._wait(self._of.prioritise(conversation, priority, actor=actor, because=because))

    def tag(self, conversation: str, *tags: str, actor: str = "") -> Case:
        """Put tags on a conversation."""
        return self._wait(self._of.tag(conversation, *tags, actor=actor))

    def untag(self, conversation: str, *tags: str, actor: str = "") -> Case:
        """Take tags off a conversation."""
        return self._wait(self._of.untag(conversation, *tags, actor=actor))

    def settle(
        self, conversation: str, question: str, *, answered: bool = True, actor: str = "", because: str = ""
    ) -> Case:
        """Say of a question (`Question.id`) that it is answered, or, if not `answered`, that it is open."""
        return self._wait(
            self._of.settle(conversation, question, answered=answered, actor=actor, because=because)
        )

    def snooze(self, conversation: str, until: datetime, *, actor: str = "", because: str = "") -> Case:
        """Put a conversation out of sight until a moment, or the customer writes."""
        return self._wait(self._of.snooze(conversation, until, actor=actor, because=because))

    def follow_up(
        self, conversation: str, at: datetime, *, note: str = "", agent: str = "", actor: str = ""
    ) -> Case:
        """Come back to a conversation at a moment, whatever the customer writes meanwhile."""
        return self._wait(self._of.follow_up(conversation, at, note=note, agent=agent, actor=actor))

    def followed_up(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Say that a follow-up was done, or is not wanted any more."""
        return self._wait(self._of.followed_up(conversation, actor=actor, because=because))

    def spam(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Mark a conversation as spam, and close it."""
        return self._wait(self._of.spam(conversation, actor=actor, because=because))

    def close(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Close a conversation, as `conversations.close` does, with a reason."""
        return self._wait(self._of.close(conversation, actor=actor, because=because))

    def reopen(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Open a closed conversation again."""
        return self._wait(self._of.reopen(conversation, actor=actor, because=because))

    def undo(self, decision: str, *, actor: str = "", because: str = "") -> Decision:
        """Take a decision back: what it changed is as it was."""
        return self._wait(self._of.undo(decision, actor=actor, because=because))
