"""A model: bits by level, relations of strangers, JSON there and back, learning without labels."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.likeness.aspects import Field, Kind, Level
from omnichannel.identity.likeness.learning import learn, rising
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.likeness.relations import RELATIONS, usual
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.streaming import Sums
from omnichannel.identity.likeness.table import HALF_BITS, STEPS, Pattern


def field(name: str, kind: Kind) -> Field:
    return Field(name, kind, (Level("differs", 0.1, 0.99), Level("the same", 0.9, 0.01)))


FIELDS = [
    field("given", Kind.GIVEN),
    field("family", Kind.FAMILY),
    field("home", Kind.HOME),
    field("born", Kind.SELF),
]
MODEL = Model.default(FIELDS, 1000)


def pattern(*levels: int, chance: float = 0.01) -> Pattern:
    """The code of each level; a level of 1 is as rare as `chance`."""
    rare = {0: round(-log2(0.99) * HALF_BITS), 1: round(-log2(chance) * HALF_BITS)}
    return tuple(-1 if level < 0 else level * STEPS + rare[level] for level in levels)


def odds(*levels: int, model: Model = MODEL, fields: list[Field] = FIELDS) -> float:
    scorer = Scorer(model, fields)
    return scorer.odds(scorer.weights(pattern(*levels)))


def test_what_agrees_speaks_for_and_what_differs_against() -> None:
    """What is missing says nothing."""
    assert odds(1, 1, 1, 1) > odds(1, 1, 1, -1) > odds(1, 1, 1, 0)
    assert odds(-1, -1, -1, -1) < 0


def test_a_rare_value_weighs_more() -> None:
    """Two Zbigniews are likelier one than two Johns."""
    scorer = Scorer(MODEL, FIELDS)
    common, rare = (scorer.weights(pattern(1, -1, -1, -1, chance=chance))[0] for chance in (0.1, 0.0001))
    assert common is not None
    assert rare is not None
    assert rare - common == pytest.approx(log2(0.1 / 0.0001), abs=1 / HALF_BITS)


def test_a_household_is_no_customer() -> None:
    """A family name and a home in common with another given name, or none, is weighed against a household."""
    no_relations = replace(MODEL, relations=dict.fromkeys(RELATIONS, 0.0))
    assert odds(0, 1, 1, 0) < odds(0, 1, 1, 0, model=no_relations)
    assert odds(-1, 1, 1, -1) < odds(-1, 1, 1, -1, model=no_relations) - 0.4
    scorer = Scorer(MODEL, FIELDS)
    _, probability, related = scorer.shares(scorer.weights(pattern(0, 1, 1, 0)))
    assert max(zip(related, RELATIONS, strict=True))[1] == "one household"
    assert probability + sum(related) <= 1


def test_a_relation_that_shares_all_there_is_says_nothing() -> None:
    """With a name alone nothing tells namesakes from one customer; then the name decides."""
    alone = [field("given", Kind.GIVEN)]
    model = Model.default(alone, 1000)
    assert odds(1, model=model, fields=alone) == pytest.approx(
        odds(1, model=replace(model, relations=dict.fromkeys(RELATIONS, 0.0)), fields=alone), abs=0.05
    )


def test_json_there_and_back() -> None:
    """A model is a small text."""
    again = Model.from_json(MODEL.to_json())
    assert again == MODEL
    assert len(MODEL.to_json()) < 2000


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 0}', MODEL.to_json().replace("neighbours", "martians"),
                                  MODEL.to_json().replace('"match"', '"mtach"')])  # fmt: skip
def test_what_is_no_model_is_refused(text: str) -> None:
    """With a ValueError that says why."""
    with pytest.raises(ValueError, match="model|version|relation"):
        Model.from_json(text)


SHARES = st.lists(st.floats(1e-6, 1), min_size=2, max_size=8)


@given(st.data())
def test_a_stronger_level_never_weighs_less(data: st.DataObject) -> None:
    """Whatever was counted; shares that rise already stay as they are."""
    match = data.draw(SHARES)
    chance = data.draw(st.lists(st.floats(1e-6, 1), min_size=len(match), max_size=len(match)))
    found = rising(match, chance)
    ratios = [one / other for one, other in zip(found, chance, strict=True)]
    assert all(low <= high * (1 + 1e-9) for low, high in zip(ratios, ratios[1:], strict=False))
    assert sum(found) == pytest.approx(sum(match))
    assert rising(found, chance) == pytest.approx(found)


def drawn(share: float, times: float) -> list[tuple[Pattern, str, float]]:
    """All patterns of four fields, as often as records whose fields agree with this probability show them."""
    found = []
    for bits in range(16):
        levels = [bits >> place & 1 for place in range(4)]
        weight = times
        for level in levels:
            weight *= share if level else 1 - share
        found.append((pattern(*levels), "", weight))
    return found


def test_learning_finds_how_often_one_customers_fields_agree_and_how_many_there_are() -> None:
    """From patterns alone: 2,000 pairs that agree in 70 % of each field among a million of strangers, at 1 %."""
    seen = drawn(0.7, 2000) + drawn(0.01, 1_000_000)
    model = learn(Model.default(FIELDS, 1500), FIELDS, seen, {"": 1_002_000.0}, rounds=30)
    for name in ("given", "family", "home", "born"):
        assert model.fields[name].match[1] == pytest.approx(0.7, abs=0.08)
    assert model.prior == pytest.approx(0.002, rel=0.35)


def test_little_data_changes_little() -> None:
    """Three pairs that all agree do not make a field infallible."""
    model = learn(MODEL, FIELDS, [(pattern(1, 1, 1, 1), "", 3.0)], {"": 10_000.0})
    assert model.fields["born"].match[1] == pytest.approx(0.9, abs=0.01)


def test_sources_have_shares_of_their_own() -> None:
    """A source without doubles within itself learns a low share, one full of them a high one."""
    seen = [(shown, "0.0", times) for shown, _, times in drawn(0.01, 1e6)]
    seen += [(shown, "0.1", times) for shown, _, times in drawn(0.8, 2000) + drawn(0.01, 1e6)]
    model = learn(Model.default(FIELDS, 2000), FIELDS, seen, {"0.0": 1e6, "0.1": 1e6})
    assert model.priors["0.1"] > 20 * model.priors["0.0"]


def test_learning_on_moves_toward_what_batches_show() -> None:
    """An empty batch changes nothing; many batches come to the same."""
    sums = Sums.of(MODEL, FIELDS)
    assert sums.after([], MODEL, FIELDS) == sums
    batch = [pattern(1, 1, 1, 1)] * 6 + [pattern(0, 1, 1, 1)] * 4
    model = MODEL
    for _ in range(40):
        sums = sums.after(batch, model, FIELDS)
        model = sums.model(model, FIELDS)
    assert model.fields["given"].match[1] == pytest.approx(0.6, abs=0.1)
    assert sums.batches == 40


def test_usual_relations_thin_out_with_size() -> None:
    """Each record has about as many relatives in a large file as in a small one."""
    assert usual(100)["one household"] > 50 * usual(10_000)["one household"]
    assert all(0 <= share <= 0.1 for size in (0, 1, 2, 10**7) for share in usual(size).values())
