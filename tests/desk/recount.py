"""A report made another way: everything that applications can see is gone through once for each figure.

It knows the definitions as docs/explanation/reports.md writes them, and nothing of how they are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from omnichannel import Inbox, Message
from omnichannel.model import Direction
from omnichannel.model.desk import Case, Decision, Figures, Times

OPENS, CLOSES = time(9), time(17)
"""Every day but Saturday and Sunday, in UTC."""


class Thing(NamedTuple):
    """One thing that is to be counted: when it happened, whose it was, and since when it had waited."""

    figure: str
    at: datetime
    agent: str
    team: str
    kind: str
    account: str
    since: datetime | None = None


class Talk(NamedTuple):
    """A conversation as applications see it."""

    case: Case
    messages: list[Message]
    decisions: list[Decision]
    bots: frozenset[str]

    def before(self, decisions: list[Decision], field: str) -> object:
        """A field as these decisions left it; before all of them as the first one found it, or as it is."""
        changes = [change for one in self.decisions for change in one.changes if change.field == field]
        left = [change.after for one in decisions for change in one.changes if change.field == field]
        now = {
            "assignee": self.case.assignee,
            "team": self.case.team,
            "status": self.case.conversation.status,
            "spam": self.case.spam,
        }
        return left[-1] if left else changes[0].before if changes else now[field]

    def stands(self, decision: Decision) -> bool:
        """Whether a decision was left as it was."""
        if decision.undoes:
            return False
        count, last = 0, decision
        while last.undone_by:
            last = next(one for one in self.decisions if one.id == last.undone_by)
            count += 1
        return count % 2 == 0

    def said(self) -> list[tuple[datetime, Message]]:
        """What people said, in the conversation's order, each with when that was known here."""
        known = datetime.min.replace(tzinfo=UTC)
        found = []
        for one in self.messages:
            known = max(known, moment(one))
            ours = one.direction is Direction.OUTBOUND and one.agent not in self.bots
            if one.direction is not Direction.INTERNAL and not one.automatic and (ours or not one.deleted):
                found.append((known, one))
        return found

    def at(self, known: datetime) -> list[Decision]:
        """What was decided before something was said."""
        return [one for one in self.decisions if one.at < known]

    def asked(self, messages: list[Message]) -> tuple[str, str]:
        """Where the customer wrote last; where we wrote first, if they never did."""
        theirs = [one for one in messages if one.direction is Direction.INBOUND]
        place = theirs[-1] if theirs else messages[0] if messages else None
        return (place.kind, place.account) if place else ("", "")

    def thing(
        self,
        figure: str,
        at: datetime,
        decisions: list[Decision],
        messages: list[Message],
        *,
        agent: str | None = None,
        since: datetime | None = None,
    ) -> Thing:
        whose = str(self.before(decisions, "assignee")) if agent is None else agent
        team = str(self.before(decisions, "team"))
        return Thing(figure, at, whose, team, *self.asked(messages), since)

    # ------------------------------------------------------------------------------------------- what was said

    def words(self) -> Iterator[Thing]:
        """Messages, answers, and going on elsewhere."""
        said = self.said()
        for place, (known, one) in enumerate(said):
            before, upto = [m for _, m in said[:place]], [m for _, m in said[: place + 1]]
            theirs = [m for m in before if m.direction is Direction.INBOUND]
            decided, waits = self.at(known), self.waits(said[:place])
            if one.direction is Direction.OUTBOUND:
                team = str(self.before(decided, "team"))
                yield Thing("sent", moment(one), one.agent, team, one.kind, one.account)
                if waits and self.is_answer(one):
                    first = not any(self.waits(said[:n]) and self.is_answer(m) for n, m in enumerate(before))
                    yield self.thing(
                        "first" if first else "next", max(moment(one), moment(waits[0])), decided, upto,
                        agent=one.agent, since=moment(waits[0]),
                    )  # fmt: skip
                continue
            yield self.thing("received", moment(one), decided, upto)
            if not theirs:
                yield self.thing("opened", moment(one), decided, upto)
            elif theirs[-1].kind != one.kind:
                yield self.thing("switches", moment(one), decided, upto)
                if waits and not self.begins_anew(said, place):
                    yield self.thing("repeats_avoided", moment(one), decided, upto)

    def is_answer(self, message: Message) -> bool:
        return message.direction is Direction.OUTBOUND and message.agent not in self.bots

    def waits(self, said: list[tuple[datetime, Message]]) -> list[Message]:
        """What they wrote since our last answer, and since they last began anew."""
        answers = [n + 1 for n, (_, one) in enumerate(said) if self.is_answer(one)]
        anew = [n for n in range(len(said)) if self.begins_anew(said, n)]
        start = max([0, *answers, *anew])
        return [one for _, one in said[start:] if one.direction is Direction.INBOUND]

    def begins_anew(self, said: list[tuple[datetime, Message]], place: int) -> bool:
        """Whether this is the customer's first word in a conversation that was closed by then."""
        known, one = said[place]
        decided = self.at(known)
        if one.direction is not Direction.INBOUND or self.before(decided, "status") != "closed":
            return False
        closed = [d.at for d in decided for c in d.changes if c.field == "status" and c.after == "closed"]
        return bool(closed) and not any(
            other.direction is Direction.INBOUND and closed[-1] < at for at, other in said[:place]
        )

    # -------------------------------------------------------------------------------------- what was decided

    def turns(self) -> Iterator[Thing]:
        """Closings, reopenings and hand-overs that were left as they were."""
        begun: datetime | None = None  # since when there is something to resolve, as far as was decided
        for number, one in enumerate(self.decisions):
            earlier, upto = self.decisions[:number], self.decisions[: number + 1]
            said = [(known, message) for known, message in self.said() if known <= one.at]
            messages = [message for _, message in said]
            if not self.stands(one):
                continue
            changed = {change.field for change in one.changes if change.before and change.after}
            answered = any(map(self.is_answer, messages))
            if "assignee" in changed or ("team" in changed and answered):
                yield self.thing("transfers", one.at, earlier, messages)
            was, now = self.before(earlier, "status"), self.before(upto, "status")
            if (was, now) == ("closed", "open"):
                yield self.thing("reopened", one.at, upto, messages)
                begun = (
                    begun
                    or self.first_word(said, self.last_closing(earlier))
                    or (one.at if messages else None)
                )
            if (was, now) == ("open", "closed"):
                after = self.last_closing(earlier)
                first = self.first_word(said, after)
                start = min(filter(None, (begun, first)), default=None)
                helped = any(
                    self.is_answer(message) for known, message in said if after is None or known > after
                )
                if not self.before(upto, "spam"):
                    yield self.thing("closed", one.at, upto, messages)
                    if start and helped:
                        yield self.thing("resolution", max(one.at, start), upto, messages, since=start)
                begun = None

    def last_closing(self, decisions: list[Decision]) -> datetime | None:
        """When it was closed last, of these."""
        found = None
        for number, one in enumerate(decisions):
            was = self.before(decisions[:number], "status")
            if (
                self.stands(one)
                and was == "open"
                and self.before(decisions[: number + 1], "status") == "closed"
            ):
                found = one.at
        return found

    def first_word(self, said: list[tuple[datetime, Message]], after: datetime | None) -> datetime | None:
        return next(
            (
                moment(one)
                for known, one in said
                if one.direction is Direction.INBOUND and (after is None or known > after)
            ),
            None,
        )

    def open_at(self, at: datetime) -> Thing | None:
        """Whose it was right before a moment, if it was open then."""
        messages = [one for known, one in self.said() if known < at]
        if messages and self.before(self.at(at), "status") == "open":
            return self.thing("backlog", at, self.at(at), messages)
        return None


def moment(message: Message) -> datetime:
    """When something was said, as far as we know."""
    return message.received_at if message.direction is Direction.INBOUND else message.sent_at


async def talks(inbox: Inbox) -> list[Talk]:
    """Every conversation that there is."""
    box, found = inbox.conversations, []
    bots = frozenset(agent.name for agent in await inbox.agents() if agent.role == "bot")
    for one in [*await box.open(most=1000), *await box.closed(most=1000)]:
        case = await inbox.desk.case(one.id)
        found.append(Talk(case, await box.messages(one.id), await inbox.desk.decisions(one.id), bots))
    return found


def figures(all_of_them: list[Talk], row: Figures, whose: Callable[[Thing], bool]) -> Figures:
    """A row of a report as it should be: with its name and time, and the figures that are told here."""
    things = [
        thing
        for talk in all_of_them
        for thing in (*talk.words(), *talk.turns())
        if row.since <= thing.at < row.until and whose(thing)
    ]
    open_ = [thing for talk in all_of_them if (thing := talk.open_at(row.until)) and whose(thing)]
    number = {
        name: sum(thing.figure == name for thing in things)
        for name in (
            "received", "sent", "opened", "closed", "reopened", "transfers", "switches", "repeats_avoided",
        )
    }  # fmt: skip
    times = {
        name: _times([thing for thing in things if thing.figure == name])
        for name in ("first", "next", "resolution")
    }
    same_day = sum(
        thing.figure == "first" and thing.since is not None and thing.since.date() == thing.at.date()
        for thing in things
    )
    return row.model_copy(update={**number, **times, "same_day": same_day, "backlog": len(open_)})


def _times(things: list[Thing]) -> Times:
    lengths = sorted(one.at - one.since for one in things if one.since)
    worked = sorted(working(one.since, one.at) for one in things if one.since)
    return Times(
        count=len(lengths),
        median=_rank(lengths, 50),
        p90=_rank(lengths, 90),
        working_median=_rank(worked, 50),
        working_p90=_rank(worked, 90),
    )


def _rank(lengths: list[timedelta], percent: int) -> timedelta | None:
    """The first length that so many percent do not exceed."""
    enough = (one for n, one in enumerate(lengths, 1) if n * 100 >= percent * len(lengths))
    return next(enough, None)


def working(since: datetime, until: datetime) -> timedelta:
    """Day by day: what lies in its hours."""
    total, day = timedelta(), since.date()
    while day <= until.date():
        start = max(since, datetime.combine(day, OPENS, UTC))
        end = min(until, datetime.combine(day, CLOSES, UTC))
        if day.weekday() < 5 and start < end:
            total += end - start
        day += timedelta(days=1)
    return total
