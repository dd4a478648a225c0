"""Every attack fails; every one succeeds without the defence that its case names; and none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import empty
from tests.threats.cases import NOWHERE, NUMBERS, Case, all_cases
from tests.threats.room import Room

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "threats.md"
CASES = all_cases()
PAIRS = [pytest.param(case, engine, id=f"{case.name}, {engine}") for case in CASES for engine in case.engines]


@pytest.fixture
def room(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Room:
    return Room("" if engine in NOWHERE else empty(engine, request, tmp_path), tmp_path)


@pytest.mark.parametrize(("case", "engine"), PAIRS)
def test_the_attack_fails(case: Case, room: Room) -> None:
    assert not any(case.succeeds(room))


@pytest.mark.parametrize(("case", "engine"), PAIRS)
def test_without_its_defence_it_succeeds(case: Case, room: Room) -> None:
    with case.undefended():
        assert all(case.succeeds(room))


def test_every_number_has_cases_or_says_on_the_page_what_is_not_there_yet() -> None:
    """What has a case is not missing, and what is missing is not left out."""
    shown = {case.number for case in CASES}
    missing = {number for number in NUMBERS if "*Not yet:*" in _told(number) and not _links(number)}
    assert shown | missing == set(NUMBERS)
    assert not shown & missing


def test_the_page_links_every_case_and_no_other() -> None:
    for number in NUMBERS:
        there = [case.what for case in CASES if case.number == number]
        assert _links(number) == there, number


def test_names_are_told_apart() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def _told(number: str) -> str:
    """What the page says about a threat."""
    found = re.search(rf"^### {number}\b.*?(?=^##|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{number} has no place on the page"
    return found.group()


def _links(number: str) -> list[str]:
    """The cases that the page names for a threat, in order."""
    return [
        " ".join(what.split())
        for what in re.findall(r"\[\"([^\"\]]+)\"\]\(\.\./\.\./tests/threats/\w+\.py\)", _told(number))
    ]
