"""The desk's rules as rules: folding, the queue's order, who is chosen, and that the load is spread."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.desk import Case, Overflow, Plan, Team
from omnichannel.desk.assigning import Candidate, Wanted, choose, unfit
from omnichannel.desk.clocks import Answered
from omnichannel.desk.folding import UNHEARD, Heard, fold
from omnichannel.desk.marking import marks_of_heard
from omnichannel.desk.queueing import queued, standing, teams_for, weight
from omnichannel.model import Agent, Conversation, Direction
from omnichannel.model.desk import Priority

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TALK = Conversation(id="c", opened_at=START, last_at=START)
PLAN = Plan(
    teams=(Team(name="a", overflow=(Overflow(after=timedelta(hours=1), to="b"),)), Team(name="b")),
    default_team="a",
)

directions = st.sampled_from(list(Direction))
heards = st.builds(
    Heard,
    at=st.integers(0, 10_000).map(lambda seconds: START + timedelta(seconds=seconds)),
    direction=directions,
    by=st.sampled_from(["", "Ann", "Ben"]),
    person=st.booleans(),
    automatic=st.booleans(),
    past=st.booleans(),
    public=st.booleans(),
    kind=st.sampled_from(["chat", "email"]),
)


@given(st.lists(heards, max_size=12), st.integers(0, 12))
def test_folding_step_by_step_is_folding_at_once(heard: list[Heard], at: int) -> None:
    case = Case(conversation=TALK)
    first = fold(case, heard[:at])
    then = fold(first.case, heard[at:])
    whole = fold(case, heard)
    assert then.case == whole.case
    assert first.spells + then.spells == whole.spells


@given(st.lists(heards, max_size=12))
def test_a_question_waits_until_a_person_answers(heard: list[Heard]) -> None:
    folded = fold(Case(conversation=TALK), heard).case
    last_answer = max((n for n, one in enumerate(heard) if _answers(one)), default=-1)
    asked = [one for one in heard[last_answer + 1 :] if _asks(one)]
    assert folded.asked_at == (asked[0].at if asked else None)
    assert all(name in Case.model_fields for name in UNHEARD)


def _asks(one: Heard) -> bool:
    return one.direction is Direction.INBOUND and not one.automatic and not one.past


def _answers(one: Heard) -> bool:
    return one.direction is Direction.OUTBOUND and (one.person or one.bot) and not one.past


def test_what_a_program_says_answers_only_where_it_is_a_bot_whose_turn_it_was() -> None:
    asked = Heard(START, Direction.INBOUND)
    told = Heard(START + timedelta(minutes=1), Direction.OUTBOUND, by="bot", person=False)
    assert fold(Case(conversation=TALK), [asked, told]).case.asked_at == START
    by_bot = fold(Case(conversation=TALK), [asked, told._replace(bot=True)])
    assert by_bot.case.asked_at is None
    [spell] = by_bot.spells
    assert (spell.by, spell.first, spell.answered_at - spell.asked_at) == ("bot", True, timedelta(minutes=1))


def test_no_clock_is_stopped_by_what_a_program_says_by_itself() -> None:
    """An away notice, a question for a rating: only a person answers, or a bot whose turn it is."""
    told = Heard(START, Direction.OUTBOUND, person=False)
    marks = marks_of_heard([told, told._replace(bot=True), told._replace(person=True)])
    assert [mark.by for mark in marks if isinstance(mark, Answered)] == ["automatic", "bot", "person"]


priorities = st.sampled_from(list(Plan().head_starts))


@given(priorities, priorities, st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_two_that_wait_never_change_places(
    one: Priority, other: Priority, first: int, second: int, later: int
) -> None:
    cases = [
        Case(conversation=TALK, team="a", priority=priority, queued_at=START + timedelta(minutes=minutes))
        for priority, minutes in ((one, first), (other, second))
    ]
    now = START + timedelta(minutes=10_000)
    before = [standing(case, PLAN, now).rank for case in cases]
    after = [standing(case, PLAN, now + timedelta(minutes=later)).rank for case in cases]
    assert before == after


def test_nothing_starves_behind_what_is_urgent() -> None:
    low = standing(Case(conversation=TALK, priority="low", queued_at=START), PLAN, START).rank
    longest = PLAN.head_starts["urgent"] - PLAN.head_starts["low"]
    later = START + longest + timedelta(seconds=1)
    urgent = standing(Case(conversation=TALK, priority="urgent", queued_at=later), PLAN, later).rank
    assert low is not None
    assert urgent is not None
    assert low < urgent


def test_what_weighs_and_what_waits() -> None:
    asked = Case(conversation=TALK, asked_at=START, kind="voice", team="a")
    assert weight(asked, PLAN) == 3.0
    assert weight(asked.model_copy(update={"asked_at": None}), PLAN) == 3.0 * PLAN.waiting_share
    assert weight(asked.model_copy(update={"spam": True}), PLAN) == 0.0
    assert queued(asked, START + timedelta(hours=1)).queued_at == START
    for idle in ({"spam": True}, {"snoozed_until": START}, {"control": "bot"}):
        assert queued(asked.model_copy(update=idle), START).queued_at is None
    waiting = queued(asked, START)
    assert teams_for(waiting, PLAN, START + timedelta(minutes=59)) == ("a",)
    assert teams_for(waiting, PLAN, START + timedelta(minutes=60)) == ("a", "b")
    assert standing(waiting, PLAN, START).next_at == START + timedelta(hours=1)


def agent(name: str, capacity: float = 5.0, **more: Any) -> Agent:
    return Agent.model_validate({"id": name, "name": name, "capacity": capacity, "teams": ["a"]} | more)


WANTED = Wanted(teams=("a",))


def test_why_somebody_cannot_be_given_something() -> None:
    asks = Wanted(("a",), {"billing": 3}, "nl", 2.0)
    able: dict[str, Any] = {"skills": {"billing": 3}, "languages": ["nl-BE", "en"]}
    assert unfit(asks, Candidate(agent("Ann", **able))) == ""
    assert unfit(asks, Candidate(agent("Ann", **able | {"teams": ["b"]}))) == "is not in a"
    assert (
        unfit(asks, Candidate(agent("Ann", **able | {"skills": {"billing": 2}}))) == "does not have billing 3"
    )
    assert unfit(asks, Candidate(agent("Ann", **able | {"languages": ["en"]}))) == "does not speak nl"
    assert unfit(asks, Candidate(agent("Ann", **able), load=3.5)) == "has 3.5 of 5"
    assert unfit(asks, Candidate(agent("Ann", 0, **able))) == "takes nothing"
    assert unfit(asks, Candidate(agent("Ann", 1, **able))) == "", (
        "who has nothing can have one thing, however heavy"
    )


def test_the_order_in_which_somebody_is_chosen() -> None:
    ann, ben, cat = agent("Ann"), agent("Ben", skills={"x": 5}), agent("Cat", 10)
    busy = Candidate(ann, load=4)
    assert choose(WANTED, [busy._replace(knows=START), Candidate(ben)]).agent == "Ann"
    asks = WANTED._replace(needs={"x": 1})
    able = ann.model_copy(update={"skills": {"x": 1}})
    assert choose(asks, [Candidate(able), Candidate(ben, load=4)]).agent == "Ben"
    assert choose(WANTED, [Candidate(ann, load=2), Candidate(cat, load=3)]).agent == "Cat", (
        "the smallest share"
    )
    lately, earlier = START, START - timedelta(hours=1)
    assert choose(WANTED, [Candidate(ann, given_at=lately), Candidate(ben, given_at=earlier)]).agent == "Ben"
    choice = choose(WANTED, [Candidate(ann, load=5), Candidate(ben)])
    assert (choice.because, choice.passed_over) == (
        ("Ben is the only one who can take it now",),
        (("Ann", "has 5 of 5"),),
    )
    assert choose(WANTED, []).because == ("nobody is there",)
    taking_turns = [Candidate(ann, given_at=lately), Candidate(ben, load=4, given_at=earlier)]
    assert choose(WANTED, taking_turns, "round_robin").agent == "Ben"


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_the_order_in_which_they_are_named_does_not_matter(order: list[int], loads: list[int]) -> None:
    candidates = [Candidate(agent(f"n{n}"), load=load) for n, load in enumerate(loads)]
    assert choose(WANTED, candidates) == choose(WANTED, [candidates[n] for n in order])


def test_between_equals_the_load_differs_by_no_more_than_one_case() -> None:
    """A thousand cases of one weight come and go; at every moment equals have the same, to within one."""
    chance = random.Random(6)
    loads = dict.fromkeys(("Ann", "Ben", "Cat", "Dan"), 0)
    given_at: dict[str, datetime] = {}
    for minute in range(1000):
        now = START + timedelta(minutes=minute)
        candidates = [
            Candidate(agent(name, 1000), load, given_at=given_at.get(name)) for name, load in loads.items()
        ]
        chosen = choose(WANTED, candidates).agent
        assert chosen is not None
        loads[chosen] += 1
        given_at[chosen] = now
        assert max(loads.values()) - min(loads.values()) <= 1
        if chance.random() < 0.4:  # whoever has most is done with one
            loads[max(loads, key=lambda name: (loads[name], name))] -= 1
    turns = sorted(given_at.values())
    assert all(after - before <= timedelta(minutes=4) for before, after in pairwise(turns)), (
        "everybody has a turn"
    )
