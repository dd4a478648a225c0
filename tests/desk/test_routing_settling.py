"""Rules and cases, purely: what is changed, what people decided, when rules are asked, and what manners do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.desk import Plan, Team
from omnichannel.desk.classify import Intent, Language, Likely, Reading, together
from omnichannel.desk.routing import (
    BESIDE,
    Again,
    Route,
    Seen,
    Then,
    When,
    asks,
    by_hand,
    manners,
    reasons,
    route,
    settle,
)
from omnichannel.desk.routing.holding import hindrance
from omnichannel.model import Agent, Conversation
from omnichannel.model.desk import Case, Change, Decision
from tests.desk.readers import Obeying
from tests.desk.test_routing import CASES, SEEN

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TALK = Conversation(id="c", opened_at=START, last_at=START)
CASE = Case(conversation=TALK, team="service", tags=("old",), needs={"billing": 1})
ANN = Agent(id="a", name="Ann", teams=("service",), presence="online")
BEN = Agent(id="b", name="Ben", teams=("sales",), presence="offline")
THERE = {"Ann": ANN, "Ben": BEN}

everything = st.builds(
    Then,
    team=st.sampled_from([None, "", "sales", "service"]),
    agent=st.sampled_from([None, "Ann", "Ben", "nobody"]),
    priority=st.sampled_from([None, "low", "urgent"]),
    needs=st.sampled_from([{}, {"billing": 3}, {"law": 2}]),
    tags=st.sampled_from([(), ("new",), ("old",)]),
    spam=st.booleans(),
    quiet=st.booleans(),
)
FIELDS = ("team", "assignee", "priority", "needs", "tags", "spam", "status")


def decided(actor: str, *fields: str, because: tuple[str, ...] = ()) -> Decision:
    changes = tuple(Change(field=field, before=None, after=None) for field in fields)
    return Decision(
        id="d", conversation="c", at=START, what="x", actor=actor, because=because, changes=changes
    )


def test_what_a_rule_says_is_done_and_what_it_does_not_say_stays() -> None:
    then = Then(team="sales", priority="high", needs={"billing": 3, "law": 1}, tags=("new",))
    assert settle(CASE, then, (), THERE).changed == {
        "team": "sales", "priority": "high", "needs": {"billing": 3, "law": 1}, "tags": ("new", "old"),
    }  # fmt: skip
    assert settle(CASE, Then(), (), THERE) == ({}, ())
    assert settle(CASE, Then(spam=True), (), THERE).changed == {"spam": True, "status": "closed"}
    assert settle(CASE, Then(quiet=True), (), THERE).changed == {"status": "closed"}


def test_another_team_is_not_asked_for_the_skills_of_the_one_before_it() -> None:
    """Or a complaint about a refund would wait for ever with a team in which nobody has `billing`."""
    assert settle(CASE, Then(team="social"), (), THERE).changed == {"team": "social", "needs": {}}
    assert settle(CASE, Then(team="service"), (), THERE).changed == {"team": "service"}
    assert settle(CASE, Then(team="social"), ("needs",), THERE).changed == {"team": "social"}


def test_whoever_is_named_has_to_be_there() -> None:
    assert settle(CASE, Then(agent="Ann"), (), THERE).changed == {"assignee": "Ann"}
    assert settle(CASE, Then(agent="Ben"), (), THERE) == ({}, ("Ben is not there: it waits for whoever is",))
    assert settle(CASE, Then(agent="Zoe"), (), THERE) == (
        {}, ("Zoe answers nothing here: it waits for whoever is",),
    )  # fmt: skip


def test_whoever_has_it_keeps_it_if_they_are_of_the_team() -> None:
    hers = CASE.model_copy(update={"conversation": TALK.model_copy(update={"assignee": "Ann"})})
    assert settle(hers, Then(team="service"), (), THERE).changed == {"team": "service"}
    assert settle(hers, Then(team="sales"), (), THERE) == (
        {"team": "sales", "needs": {}, "assignee": ""}, ("Ann is not of sales",),
    )  # fmt: skip


@given(everything, st.sets(st.sampled_from(FIELDS)))
def test_what_people_decided_is_never_touched(then: Then, fields: set[str]) -> None:
    theirs = by_hand([decided("Ann", *sorted(fields))])
    settled = settle(CASE, then, theirs, THERE)
    assert not fields & settled.changed.keys()
    free = settle(CASE, then, (), THERE)
    assert {name: value for name, value in free.changed.items() if name not in theirs} == settled.changed
    assert ("by hand" in " ".join(settled.because)) is bool(free.changed.keys() & theirs)


def test_who_has_it_and_its_team_go_together_and_machines_are_no_people() -> None:
    assert by_hand([decided("Ann", "team")]) == by_hand([decided("", "assignee")]) == {"team", "assignee"}
    assert by_hand([decided("Ann", "spam")]) == {"spam", "status"}
    assert by_hand([decided("desk", "team"), decided("rule:x", "priority", "assignee")]) == frozenset()
    assert by_hand([decided("", "status", because=(BESIDE,))]) == frozenset()
    assert by_hand([decided("", "assignee", because=(BESIDE,))]) == {"team", "assignee"}


# ---------------------------------------------------------------------------------------------- when

readings = st.builds(
    Reading,
    intents=st.lists(
        st.builds(Likely, intent=st.sampled_from(list(Intent)), probability=st.floats(0, 1)),
        max_size=4, unique_by=lambda likely: likely.intent,
    ).map(tuple),
    tone=st.floats(-1, 1),
    urgency=st.floats(0, 1),
    language=st.builds(Language, tag=st.sampled_from(["en", "nl", "und"]), probability=st.floats(0, 1)),
    understood=st.booleans(),
)  # fmt: skip


@given(readings, readings, readings)
def test_words_read_one_by_one_or_at_once_are_the_same_question(a: Reading, b: Reading, c: Reading) -> None:
    one_by_one = together(together(together(None, a), b), c)
    assert one_by_one == together(together(None, a), together(together(None, b), c))
    assert one_by_one.held == a.held | b.held | c.held
    assert one_by_one.urgency == max(a.urgency, b.urgency, c.urgency)


@given(st.lists(st.tuples(readings, st.booleans()), max_size=40), st.booleans())
def test_rules_are_asked_a_bounded_number_of_times(words: list[tuple[Reading, bool]], again: bool) -> None:
    """Once for a case, once for each time that it is opened again, and once for each thing that a question wants."""
    when: tuple[Again, ...] = ("intent", "reopened") if again else ()
    case, before, asked, opened = CASE.model_copy(update={"unrouted": True}), None, 0, 1
    for reading, closed in words:
        if closed and again:
            case, opened, before = case.model_copy(update={"unrouted": True}), opened + 1, None
        after = together(before, reading)
        if asks(case, before, after, when):
            asked += 1
            case = case.model_copy(update={"routed": asked, "unrouted": False})
        before = after
    assert asked <= (opened * (1 + len(Intent)) if again else 1)


def test_rules_are_not_asked_again_where_somebody_answers_or_has_it() -> None:
    more, once = (Reading(intents=(Likely(intent=one, probability=1),)) for one in ("complaint", "question"))
    routed = CASE.model_copy(update={"routed": 1})
    when: tuple[Again, ...] = ("intent",)
    assert asks(routed, once, more, when)
    assert not asks(routed, once, once, when)
    assert not asks(routed, once, more, ())
    assert not asks(routed.model_copy(update={"answered_at": START}), once, more, when)
    hers = routed.model_copy(update={"conversation": TALK.model_copy(update={"assignee": "Ann"})})
    assert not asks(hers, once, more, when)


# ---------------------------------------------------------------------------------------------- why

PRAISE = Reading(intents=(Likely(intent="compliment", probability=0.9),), tone=0.9)
BLAME = Reading(intents=(Likely(intent="complaint", probability=0.9),), tone=-0.9)


@pytest.mark.parametrize(
    "asked", [asked for asked, because in CASES if not because], ids=lambda asked: str(asked)[:60]
)
def test_whatever_holds_is_told(asked: dict[str, Any]) -> None:
    when = When.model_validate(asked)
    told = reasons(when, SEEN)
    assert all(told)
    assert not hindrance(when, SEEN)


def test_reasons_are_sentences_that_an_agent_understands() -> None:
    when = When(intents=("complaint",), public=True, any=(When(words=("x",)), When(subject=("factuur",))))
    assert reasons(when, SEEN) == (
        "it was asked in public", "it reads as complaint (0.80)", "'factuur' is in the subject",
    )  # fmt: skip
    assert reasons(When(), SEEN) == ("this rule takes everything",)


def test_a_complaint_in_public_is_first_unless_a_rule_says_otherwise() -> None:
    seen = Seen(public=True, reading=BLAME)
    mannered = manners(seen, route(seen, ()), quiet=True)
    assert mannered is not None
    assert mannered.then == Then(priority="urgent")
    for then in (Then(priority="low"), Then(spam=True)):
        assert manners(seen, route(seen, (Route(name="x", then=then),)), quiet=True) is None
    assert manners(seen.model_copy(update={"public": False}), route(seen, ()), quiet=True) is None


@given(readings)
def test_praise_is_quiet_only_where_nothing_else_is_wanted(reading: Reading) -> None:
    seen = Seen(reading=reading)
    mannered = manners(seen, route(seen, ()), quiet=True)
    if mannered is not None:
        assert reading.intent == "compliment"
        assert reading.held == {Intent.COMPLIMENT}
    assert manners(seen, route(seen, ()), quiet=False) is None
    taken = (Route(name="x"),)
    assert manners(seen, route(seen, taken), quiet=True) is None


def test_praise_and_a_question_is_a_question() -> None:
    for more, quiet in ((), True), ((Likely(intent="question", probability=0.4),), False):
        seen = Seen(reading=PRAISE.model_copy(update={"intents": (*PRAISE.intents, *more)}))
        assert (manners(seen, route(seen, ()), quiet=True) is not None) is quiet


# ---------------------------------------------------------------------------------------------- the plan


def test_rules_hang_together_with_the_rest_of_the_plan() -> None:
    team = (Team(name="service"),)
    with pytest.raises(ValueError, match="two routes are called 'a'"):
        Plan(routes=(Route(name="a"), Route(name="a")))
    with pytest.raises(ValueError, match="route 'a': no team is called 'sales'; there are: service"):
        Plan(teams=team, routes=(Route(name="a", then=Then(team="sales")),))
    with pytest.raises(ValueError, match="route 'a': no calendar is called 'night'; there are: none"):
        Plan(routes=(Route(name="a", when=When(any=(When(closed=("night",)),))),))
    with pytest.raises(ValueError, match="no team is called 'x'"):
        Plan().with_routes([Route(name="a", then=Then(team="x"))])


def test_the_fingerprint_covers_rules_and_classifier() -> None:
    plans = [
        Plan(), Plan(routes=(Route(name="a"),)), Plan(routes=(Route(name="b"),)), Plan(classifier=None),
        Plan(classifier=Obeying()), Plan(compliments="queue"), Plan(hold_back=timedelta(seconds=1)),
    ]  # fmt: skip
    assert len({plan.fingerprint for plan in plans}) == len(plans)
    assert Plan(classifier=Obeying()).fingerprint == Plan(classifier=Obeying()).fingerprint
    assert Plan().with_routes([Route(name="a")]).fingerprint == plans[1].fingerprint
    assert Plan.model_validate_json(Plan().model_dump_json()) == Plan()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("tests.desk.readers", "names no classifier"),
        ("tests.desk.readers:Nobody", "cannot be found"),
        ("no.such.module:Mine", "cannot be found"),
        ("tests.desk.readers:asyncio", "has no method `classify`"),
        ("tests.desk.readers:Talking", "could not be made"),
        (7, "has no method `classify`"),
    ],
)
def test_a_classifier_that_is_none_is_refused_with_the_cure(given: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"{problem}.*package.module:name"):
        Plan.model_validate({"classifier": given})


def test_a_classifier_is_named_or_given() -> None:
    assert isinstance(Plan.model_validate({"classifier": "tests.desk.readers:Obeying"}).classifier, Obeying)
    assert Plan.model_validate({"classifier": "built-in"}) == Plan()
    assert Plan.model_validate({"classifier": "none"}).classifier is None
