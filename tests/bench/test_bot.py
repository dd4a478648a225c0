"""The bot's story, and attacks on it: one of each family gets nothing; without a defence, one gets everything."""

from __future__ import annotations

import pytest
from bench.bot import story
from bench.bot.__main__ import attempts
from bench.bot.attacks import Attack, attacks

ATTACKS = list(attacks())


def one_of_each_family() -> dict[str, Attack]:
    return {one.family: one for one in ATTACKS}


async def test_the_story() -> None:
    assert tuple(await story.told("sqlite:///:memory:")) == story.EXPECTED


def test_there_are_fifty_and_no_two_are_called_the_same() -> None:
    assert len({one.name for one in ATTACKS}) == len(ATTACKS) == 50


@pytest.mark.parametrize("family", sorted(one_of_each_family()))
async def test_an_attack_gets_nothing(family: str) -> None:
    """All fifty are tried by `python -m bench bot`."""
    [got] = (await attempts([one_of_each_family()[family]])).values()
    assert got == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("names her address in a form", "an agent's view (assist)"),
        ("a message of hers was moved into his", "whoever is in the conversation"),
        ("asks for the notes", "notes among what was said"),
        ("arguments 1", "a look-up by the model's word"),
        ("arguments 5", "an application's tool that asks not who"),
        ("she asks where he reads", "private words in public"),
        ("bears an order for a name", "the customer's name in the system's part"),
    ],
)
async def test_without_a_defence_one_succeeds(name: str, fault: str) -> None:
    [attack] = [one for one in ATTACKS if one.name == name]
    [got] = (await attempts([attack], fault)).values()
    assert got
    assert "nothing was tried" not in got
