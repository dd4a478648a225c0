"""Records that share a key are compared; common keys give way to rare ones, so that a record has few candidates."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.likeness.blocking import keys
from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.resolving.candidates import MOST_EACH, candidates

KEYS = st.lists(st.sets(st.sampled_from("abcdefgh"), max_size=4), max_size=25)


@given(KEYS)
def test_pairs_that_share_a_rare_key_each_once(keys: list[set[str]]) -> None:
    """Nothing else, and the smaller place first."""
    expected = [(a, b) for a in range(len(keys)) for b in range(a + 1, len(keys)) if keys[a] & keys[b]]
    assert candidates(keys) == expected


def test_a_key_of_too_many_finds_nobody() -> None:
    """However many records share it, that is no evidence."""
    assert candidates([{"common"}] * 30, most=29) == []
    assert len(candidates([{"common"}] * 29, most=29)) == 29 * 28 / 2


def test_a_record_that_has_enough_by_rare_keys_is_not_compared_by_common_ones() -> None:
    """The bound that keeps large files fast."""
    crowd = 190
    own = [{"all", f"rare{place // 19}"} for place in range(crowd)]
    found = candidates(own)
    per_record = max(sum(place in pair for pair in found) for place in range(crowd))
    assert 18 < per_record <= MOST_EACH
    assert {(0, 1), (0, 18)} <= set(found)


def key_sets(rows: list[dict[str, str]]) -> list[set[str]]:
    layout = Layout.of(list(rows[0]), rows)
    return [
        keys({aspect.name: aspect.prepare(row) for aspect in layout.aspects if aspect.prepare(row)})
        for row in rows
    ]


BASE = {"given_name": "Katherine", "surname": "Schmidt", "dob": "1980-05-17", "street": "12 Main St", "postcode": "90210",
        "email": "kschmidt@mail.example", "phone": "+1 202 555 0143", "company": "Blue Door Bistro"}  # fmt: skip


def test_one_slip_in_any_field_leaves_a_key_in_common() -> None:
    """And so does the loss of any two fields."""
    slips = {"given_name": "Kathrine", "surname": "Schmitt", "dob": "1980-17-05", "street": "12 Mian St", "postcode": "90120",
             "email": "kschmidt@male.example", "phone": "+1 202 555 0134", "company": "Bleu Door Bistro"}  # fmt: skip
    for one in BASE:
        for other in BASE:
            first, second = key_sets([BASE, {**BASE, one: slips[one], other: ""}])
            assert len(first & second) >= 2, (one, other)


def test_keys_are_short_and_few() -> None:
    """An inverted index holds them."""
    (own,) = key_sets([BASE])
    assert len(own) <= 40
    assert max(map(len, own)) <= 40
