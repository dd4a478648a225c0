"""A model of ours as Splink's settings: the same evidence in its words, so that it can score and train on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TypedDict

from omnichannel.identity.likeness.aspects import Field
from omnichannel.identity.likeness.model import Learned, Model
from omnichannel.identity.splink.forms import ELSE, EXCHANGED, NAME, Ladder, Rung
from omnichannel.identity.splink.sheet import ID, OWNER, Placed, Sheet

DIALECT = "duckdb"

_LEAST = 1e-9
_STRICT = 0.001
"""A field whose equal values strangers share no more often than this is strict enough to train on."""
_ORDER = 3
"""The place of the field that says in which order a name's parts stand."""


class Level(TypedDict, total=False):
    """One level of a comparison, by Splink's own words for it."""

    sql_condition: str
    label_for_charts: str
    is_null_level: bool
    m_probability: float
    u_probability: float
    tf_adjustment_column: str
    disable_tf_exact_match_detection: bool
    base_dialect_str: str


class Comparison(TypedDict):
    """One comparison, its levels from the strongest to ELSE."""

    output_column_name: str
    comparison_description: str
    comparison_levels: list[Level]


class Blocking(TypedDict):
    """Which pairs are scored."""

    blocking_rule: str
    sql_dialect: str
    arrays_to_explode: list[str]


class Settings(TypedDict):
    """What `splink.SettingsCreator` takes."""

    link_type: str
    unique_id_column_name: str
    probability_two_random_records_match: float
    comparisons: list[Comparison]
    blocking_rules_to_generate_predictions: list[Blocking]
    additional_columns_to_retain: list[str]
    retain_matching_columns: bool
    retain_intermediate_calculation_columns: bool


def settings(sheet: Sheet, model: Model, filled: AbstractSet[str] | None = None) -> Settings:
    """Splink's settings for a sheet: m and u of every level as the model has learned them, and our blocking.

    `filled` are the columns in which anything stands (None: all): what is never said is not compared. Two rows are
    scored if they share a key and are not one customer's. Raises KeyError for a model of other fields.
    """
    found = [
        comparison
        for placed in sheet.placed
        for comparison in _comparisons(placed, model)
        if filled is None or comparison["output_column_name"] in filled
    ]
    return Settings(
        link_type="dedupe_only",
        unique_id_column_name=ID,
        probability_two_random_records_match=model.prior,
        comparisons=found,
        blocking_rules_to_generate_predictions=[
            Blocking(
                blocking_rule=f"l.keys = r.keys AND l.{OWNER} <> r.{OWNER}",
                sql_dialect=DIALECT,
                arrays_to_explode=["keys"],
            )
        ],
        additional_columns_to_retain=[OWNER],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def training(sheet: Sheet, filled: AbstractSet[str] | None = None) -> list[str]:
    """Conditions under which pairs are taken to train on: what a comparison's columns agree on, it cannot learn from.

    Each is strict, so that a good part of its pairs are one customer's; together they leave every field to another.
    """
    rules: list[list[str]] = []
    for placed in sheet.placed:
        if placed.form is NAME:
            rules.append([placed.named["given"], placed.named["family"]])
            continue
        for place, ladder in placed.form.ladders.items():
            if placed.aspect.fields[place].levels[-1].chance <= _STRICT:
                rules.append([placed.named[next(rung.rare for rung in ladder.rungs if rung.rare)]])
    return [_agree(columns) for columns in rules if filled is None or filled >= set(columns)]


def _agree(columns: Sequence[str]) -> str:
    return " AND ".join([*(f"l.{name} = r.{name}" for name in columns), f"l.{OWNER} <> r.{OWNER}"])


def _comparisons(placed: Placed, model: Model) -> list[Comparison]:
    made = []
    for place, ladder in placed.form.ladders.items():
        told = placed.aspect.fields[place]
        levels = [_silent(placed, ladder), *_levels(placed, ladder, told, model.fields[told.name])]
        if placed.form is NAME and place == 0:
            levels.insert(1, _exchanged(placed, model))
        name = placed.named[ladder.column]
        made.append(
            Comparison(output_column_name=name, comparison_description=told.name, comparison_levels=levels)
        )
    return made


def _spelt(placed: Placed, condition: str) -> str:
    """A condition over the columns as they are called here: `l.born` is `born_l` where Splink compares."""
    return re.sub(
        r"\b([lr])\.(\w+)", lambda found: f"{placed.named.get(found[2], found[2])}_{found[1]}", condition
    )


def _silent(placed: Placed, ladder: Ladder) -> Level:
    condition = f"l.{ladder.column} IS NULL OR r.{ladder.column} IS NULL"
    if ladder.silent:
        condition += f" OR ({ladder.silent})"
    return Level(
        sql_condition=_spelt(placed, condition), label_for_charts="nothing is said", is_null_level=True,
        base_dialect_str=DIALECT,
    )  # fmt: skip


def _levels(placed: Placed, ladder: Ladder, told: Field, learned: Learned) -> list[Level]:
    return [_level(placed, rung, told, learned) for rung in ladder.rungs]


def _level(placed: Placed, rung: Rung, told: Field, learned: Learned) -> Level:
    says = ", or ".join(told.levels[number].says for number in rung.levels)
    made = Level(
        sql_condition=_spelt(placed, rung.condition),
        label_for_charts=says,
        m_probability=_share(learned.match, rung.levels),
        u_probability=_share(learned.chance, rung.levels),
    )
    if rung.condition != ELSE:
        made["base_dialect_str"] = DIALECT
    if rung.rare:
        made["tf_adjustment_column"] = placed.named[rung.rare]
        made["disable_tf_exact_match_detection"] = True
    return made


def _exchanged(placed: Placed, model: Model) -> Level:
    """Both names agree, the wrong way round: how often that is so, by what is known of each part."""
    given, family, order = (model.fields[placed.aspect.fields[place].name] for place in (0, 1, _ORDER))
    return Level(
        sql_condition=_spelt(placed, EXCHANGED),
        label_for_charts="given and family name exchanged",
        m_probability=max(_LEAST, order.match[0] * given.match[-1] * family.match[-1]),
        u_probability=max(_LEAST, order.chance[0] * given.chance[-1] * family.chance[-1]),
        base_dialect_str=DIALECT,
    )


def _share(shares: Sequence[float], levels: Sequence[int]) -> float:
    return min(1.0, max(_LEAST, sum(shares[number] for number in levels)))
