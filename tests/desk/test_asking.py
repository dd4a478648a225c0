"""Classifiers that fail: the one built in answers, the reading says why, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.desk import Plan
from omnichannel.desk.classify import Likely, Reading
from omnichannel.inbox.desk.asking import Asking
from tests.desk.readers import Blunt, Cancelling, Hanging, Obeying, Raising, Talking
from tests.engines import HandClock

TEXT = "My invoice is wrong, when will you mend it?"
NONE_OF_THEM: dict[str, Any] = {"intents": "all"}
TWICE = (Likely(intent="spam", probability=0.2), Likely(intent="spam", probability=0.9))


def plan(classifier: Any) -> Plan:
    return Plan(classifier=classifier, patience=timedelta(milliseconds=20))


@pytest.mark.parametrize(
    ("classifier", "because"),
    [
        (Raising(), "raised RuntimeError"),
        (Cancelling(), "let itself be cancelled"),
        (Talking(None), "gave NoneType, which is no Reading"),
        (Talking({"intents": []}), "gave dict, which is no Reading"),
        (Talking(Reading.model_construct(tone=7.0)), "gave a Reading with values that it cannot have"),
        (
            Talking(Reading.model_construct(tone=float("nan"))),
            "gave a Reading with values that it cannot have",
        ),
        (Talking(Reading.model_construct(**NONE_OF_THEM)), "gave a Reading with values that it cannot have"),
        (Talking(Reading.model_construct(intents=TWICE)), "gave one intent twice"),
        (Blunt(), "raised TypeError"),
    ],
    ids=lambda case: case if isinstance(case, str) else type(case).__name__,
)
async def test_whatever_fails_is_answered_by_the_one_built_in(
    clock: HandClock, classifier: Any, because: str
) -> None:
    reading = await Asking(clock).reading(plan(classifier), TEXT)
    expected = await Asking(clock).reading(Plan(), TEXT)
    assert reading.because == f"tests.desk.readers:{type(classifier).__name__} {because}"
    assert reading.model_copy(update={"because": ""}) == expected
    assert (expected.by, expected.because) == ("built-in", "")


async def test_one_that_hangs_and_cannot_be_cancelled_is_left_behind(clock: HandClock) -> None:
    hanging = Hanging()
    reading = await Asking(clock).reading(plan(hanging), TEXT)
    assert reading.because == "tests.desk.readers:Hanging said nothing within 0.02 s"
    hanging.let_go.set()
    await asyncio.sleep(0)


async def test_one_that_fails_again_and_again_is_left_alone_for_a_while(clock: HandClock) -> None:
    asking, raising = Asking(clock), Raising()
    told = [(await asking.reading(plan(raising), TEXT)).because for _ in range(4)]
    assert told[2].endswith("raised RuntimeError")
    assert told[3].endswith("failed 3 times in a row, and is asked again at 09:01:00 UTC")
    obeying = Obeying()
    assert (await asking.reading(plan(obeying), "spam")).by == "built-in"
    clock.advance(minutes=1)
    assert (await asking.reading(plan(obeying), "spam")).by == "tests.desk.readers:Obeying"
    assert (await asking.reading(plan(obeying), "spam")).because == ""


async def test_where_nothing_is_said_nobody_is_asked(clock: HandClock) -> None:
    obeying = Obeying()
    reading = await Asking(clock).reading(plan(obeying), "  \n")
    assert (reading.by, reading.intent, obeying.asked) == ("built-in", None, [])
    assert (await Asking(clock).reading(Plan(classifier=None), TEXT)) == Reading(understood=False)


async def test_whoever_is_cut_off_takes_the_question_along(clock: HandClock) -> None:
    hanging = Hanging()
    waiting = asyncio.create_task(Asking(clock).reading(Plan(classifier=hanging), TEXT))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    hanging.let_go.set()
    await asyncio.sleep(0)
