"""A name's parts are weighed each for itself, in whichever order fits better."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.likeness.names import (
    DIFFERS,
    FORM,
    INITIAL,
    NEAR,
    RESEMBLES,
    SAME,
    compare_names,
    name_aspect,
    part_level,
)  # fmt: skip

ASPECT = name_aspect("g", ["m"], ["f", "f2"], ["n"], "s")


def levels(one: dict[str, str], other: dict[str, str]) -> list[int]:
    (first,), (second,) = ASPECT.prepare(one), ASPECT.prepare(other)
    return [found.level for found in compare_names(first, second)]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("robert", "robert", SAME), ("robert", "bob", FORM), ("ma tthew", "matthew", FORM), ("r", "robert", INITIAL),
        ("j", "robert", DIFFERS), ("katherine", "kathrine", NEAR), ("mark", "mary", RESEMBLES), ("paul", "paula", RESEMBLES),
        ("anna maria", "anna", FORM), ("gomez", "gmoez", NEAR), ("gomez", "fisher", DIFFERS), ("", "fisher", -1),
        ("martinez", "martinez ripa", FORM), ("smi", "smith", NEAR),
    ],
)  # fmt: skip
def test_how_alike_two_parts_are(one: str, other: str, level: int) -> None:
    """Two known names are two names, never a slip of the pen."""
    assert part_level(one, other) == part_level(other, one) == level


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"g": "Ann", "f": "Jansen"}, {"g": "Ann", "f": "Jansen"}, [SAME, SAME, -1, 1, -1]),
        ({"g": "Taylor", "f": "Green"}, {"g": "Green", "f": "Taylor"}, [SAME, SAME, -1, 0, -1]),
        ({"n": "Jansen, Ann"}, {"g": "Ann", "f": "Jansen"}, [SAME, SAME, -1, 1, -1]),
        ({"g": "Sir", "f": "Ross"}, {"g": "Ronald", "f": "Ross"}, [-1, SAME, -1, -1, -1]),
        ({"g": "Eva", "m": "P", "f": "Mill"}, {"g": "Eva", "m": "Patricia", "f": "Mill"}, [SAME, SAME, 1, 1, -1]),
        ({"g": "Eva", "m": "P", "f": "Mill"}, {"g": "Eva", "m": "Ruth", "f": "Mill"}, [SAME, SAME, 0, 1, -1]),
        ({"g": "Jo", "f": "Hill Jr"}, {"g": "Jo", "f": "Hill Sr"}, [SAME, SAME, -1, 1, 0]),
        ({"n": "Byrom"}, {"g": "Byrom", "f": "Bramwell"}, [SAME, -1, -1, -1, -1]),
        ({"n": "Bramwell"}, {"g": "Byrom", "f": "Bramwell"}, [-1, SAME, -1, -1, -1]),
        ({"g": "Ana", "f": "Ruiz", "f2": "Soto"}, {"g": "Ana", "f": "Ruiz Soto"}, [SAME, SAME, -1, 1, -1]),
        ({"n": "walter john bryant", "g": "walter", "f": "bryant"}, {"g": "walter", "m": "john", "f": "bryant"},
         [SAME, SAME, 3, 1, -1]),
    ],
)  # fmt: skip
def test_names_against_each_other(one: dict[str, str], other: dict[str, str], expected: list[int]) -> None:
    """Given, family (two columns of it are one), middle, order, generation; -1 where one side says nothing."""
    assert levels(one, other) == levels(other, one) == expected


@pytest.mark.parametrize("cells", [{}, {"g": "n/a"}, {"g": "", "f": "-"}, {"n": "unknown"}])
def test_nothing_said_is_no_name(cells: dict[str, str]) -> None:
    """Placeholders too."""
    assert not ASPECT.prepare(cells)


TEXTS = st.text(max_size=12)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_text_is_taken_and_comparing_is_symmetrical(a: str, b: str, c: str, d: str) -> None:
    """Never an error; a name is its own like."""
    ones, others = ASPECT.prepare({"g": a, "f": b}), ASPECT.prepare({"g": c, "f": d})
    for one in ones:
        assert all(found.level == len(field.levels) - 1 or found.level in (-1, 1, 3)
                   for found, field in zip(compare_names(one, one), ASPECT.fields, strict=True))  # fmt: skip
        for other in others:
            there, back = compare_names(one, other), compare_names(other, one)
            assert [found.level for found in there] == [found.level for found in back]
