"""Who has a conversation, by rule: exactly one; a person is always given; a bot goes so far and no further."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from omnichannel.desk import Bot, HandOver, Plan, Reply, Team, Turn
from omnichannel.desk.control import (
    PERSONS,
    Spent,
    exhausted,
    give_back,
    holder,
    offer,
    pass_on,
    take,
    unfit_to_say,
    wants_person,
)
from omnichannel.errors import UsageError
from omnichannel.model import Agent, Conversation
from omnichannel.model.desk import Case, Change, Decision

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANN, ROBIN = Agent(id="a", name="Ann"), Agent(id="r", name="Robin", role="bot")


async def parrot(turn: Turn) -> Reply | HandOver:
    """Says what was asked."""
    return Reply(text=turn.asks)


ASKS = (
    "I want to speak to a human",
    "agent",
    "A real person, please!",
    "can you connect me with one of your employees... a colleague?",
    "put me through to your manager NOW",
    "you are not a bot, are you? I do not talk to machines, get me someone",
    "Ik wil graag een medewerker spreken",
    "mens aub",
    "kunt u mij doorverbinden met een collega?",
    "Ich möchte mit einem Menschen sprechen",
    "bitte einen Mitarbeiter",
    "je veux parler à un conseiller",
    "passez-moi l’agent",
    "quiero hablar con una persona",
    "por favor, un humano",
)
ASKS_NOT = (
    "Where is my parcel?",
    "the chair broke, and a person could have been hurt by it at any time",
    "I returned it in January",
    "Waar blijft mijn stoel?",
    "Wo ist mein Paket? Ich warte seit Tagen.",
    "",
)


@pytest.mark.parametrize("text", ASKS)
def test_a_person_can_be_asked_for_in_five_languages(text: str) -> None:
    assert wants_person(text, PERSONS)


@pytest.mark.parametrize("text", ASKS_NOT)
def test_a_question_is_no_such_wish(text: str) -> None:
    assert not wants_person(text, PERSONS)


def test_the_words_can_be_replaced() -> None:
    frisian = PERSONS[0].model_copy(update={"language": "fy", "wants": ("prate",), "whom": ("minske",)})
    assert wants_person("ik wol mei in minske prate", [frisian]) is False, "whom comes after what is wanted"
    assert wants_person("prate mei in minske", [frisian])
    assert not wants_person("I want to speak to a human", [frisian])


@given(st.sampled_from(["", "Ann", "Robin", "Ben"]), st.sets(st.sampled_from(["Robin", "Rita"])))
def test_exactly_one_has_it(assignee: str, bots: set[str]) -> None:
    found = holder(assignee, bots)
    assert [found == "queue", found == "bot", found == "agent"] == [
        not assignee,
        assignee in bots,
        bool(assignee) and assignee not in bots,
    ]


def test_how_it_goes_from_one_to_another() -> None:
    bots = {"Robin"}
    assert pass_on(ROBIN, bots) == ("passed", {"assignee": "Robin"})
    assert offer(None) == ("offered", {"assignee": ""})
    assert offer("care").changed == {"assignee": "", "team": "care"}
    assert take(ANN) == ("taken", {"assignee": "Ann"})
    for wrong in (lambda: pass_on(ROBIN, ()), lambda: take(ROBIN)):
        with pytest.raises(UsageError, match="Robin"):
            wrong()


def test_it_is_given_back_to_the_bot_that_had_it_last() -> None:
    talk = Conversation(id="c", opened_at=NOON, last_at=NOON, assignee="Ann")
    case = Case(conversation=talk, control="agent")
    steps = [("", "Rita"), ("Rita", "Robin"), ("Robin", "Ann"), ("Ann", "Ben"), ("Ben", "Ann")]
    decided = [
        Decision(
            id=str(number), conversation="c", at=NOON, what="passed", actor="x",
            changes=(Change(field="assignee", before=before, after=after),),
        )
        for number, (before, after) in enumerate(steps)
    ]  # fmt: skip
    assert give_back(case, decided, {"Robin", "Rita"}) == ("given_back", {"assignee": "Robin"})
    assert give_back(case, decided, {"Rita"}).changed == {"assignee": "Rita"}, (
        "a bot that is no more gets nothing"
    )
    with pytest.raises(UsageError, match="no bot had"):
        give_back(case, decided, ())
    with pytest.raises(UsageError, match="already"):
        give_back(case.model_copy(update={"control": "bot"}), decided, {"Robin"})


def test_a_bot_goes_so_far_and_no_further() -> None:
    bot = Bot(name="Robin", answers=parrot, turns=2, cost=10, daily_cost=100, sure=0.6)
    assert exhausted(bot, Spent(1, 9.5, 99)) == ""
    for spent, word in (
        (Spent(2, 0, 0), "in a row"),
        (Spent(0, 10, 0), "conversation"),
        (Spent(0, 0, 100), "day"),
    ):
        assert word in exhausted(bot, spent)
    assert unfit_to_say(bot, Reply(text="yes", confidence=0.6)) == ""
    assert "59%" in unfit_to_say(bot, Reply(text="yes", confidence=0.59))
    assert "nothing to say" in unfit_to_say(bot, Reply(text=" "))


def test_a_bot_is_written_down_by_where_it_is() -> None:
    plan = Plan(teams=(Team(name="care"),), bots=(Bot(name="Robin", answers=parrot, team="care"),))
    told = json.loads(plan.model_dump_json())["bots"][0]
    assert told["answers"] == f"{__name__}:parrot"
    assert Plan.model_validate_json(plan.model_dump_json()).fingerprint == plan.fingerprint
    assert Bot.model_validate({"name": "Robin", "answers": f"{__name__}:parrot"}).answers is parrot


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"answers": "parrot"}, "names no bot"),
        ({"answers": "no.such:thing"}, "cannot be found"),
        ({"answers": 7}, "cannot be called"),
    ],
)
def test_what_is_no_bot_is_said(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Bot.model_validate({"name": "Robin"} | given)
    with pytest.raises(ValidationError, match="two bots"):
        Plan(bots=(Bot(name="Robin", answers=parrot),) * 2)
    with pytest.raises(ValidationError, match="no team is called"):
        Plan(bots=(Bot(name="Robin", answers=parrot, team="nobody"),))
