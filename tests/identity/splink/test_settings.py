"""What Splink is given: every level of ours in its words, every value in a column, nothing lost on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.identity.likeness.headings import HEADINGS, Role
from omnichannel.identity.likeness.known import HEADINGS as KNOWN
from omnichannel.identity.likeness.known import LAYOUT, Known, compared, default
from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.splink import Sheet, training
from omnichannel.identity.splink import settings as splink_settings
from omnichannel.identity.splink.forms import ELSE

EVERY = [next(iter(HEADINGS[role].split())) for role in Role if role in HEADINGS]
"""A heading of every role."""

SHEET = Sheet(LAYOUT)


def row(**cells: str) -> dict[str, str]:
    """The first row of a record in the columns of the store, by column."""
    first = next(SHEET.rows("x", SHEET.prepare(cells)))
    return dict(zip(SHEET.columns, first, strict=True))


# ------------------------------------------------------------------------------------------------ settings


@pytest.mark.parametrize("headings", [KNOWN, EVERY], ids=["the store's", "every role's"])
def test_every_level_of_every_field_is_one_rung(headings: list[str]) -> None:
    """None is forgotten, none counts twice; m and u of a comparison add up to what the model has learned."""
    layout = Layout.of(headings, ())
    sheet, model = Sheet(layout), Model.default(layout.fields)
    compared_ = {one["output_column_name"]: one for one in splink_settings(sheet, model)["comparisons"]}
    fields = 0
    for placed in sheet.placed:
        for place, ladder in placed.form.ladders.items():
            field = placed.aspect.fields[place]
            levels = sorted(level for rung in ladder.rungs for level in rung.levels)
            assert levels == list(range(len(field.levels))), field.name
            assert [rung.condition for rung in ladder.rungs].index(ELSE) == len(ladder.rungs) - 1
            made = compared_[placed.named[ladder.column]]["comparison_levels"]
            told = [level for level in made if level["label_for_charts"] != "given and family name exchanged"]
            assert sum(level.get("m_probability", 0) for level in told) == pytest.approx(
                sum(model.fields[field.name].match)
            )
            fields += 1
    orders = sum(field.name == "order" for field in layout.fields)
    assert fields == len(layout.fields) - orders  # the order of names is said with the given name


def test_settings_are_json_that_names_only_columns_of_the_sheet() -> None:
    """And the columns that a rarer value's weight is read from are among them."""
    made = json.loads(json.dumps(splink_settings(SHEET, default())))
    for comparison in made["comparisons"]:
        assert comparison["output_column_name"] in SHEET.columns
        assert comparison["comparison_levels"][0]["is_null_level"]
        for level in comparison["comparison_levels"]:
            assert level.get("tf_adjustment_column", SHEET.columns[0]) in SHEET.columns
            assert "l." not in level["sql_condition"]
    assert made["probability_two_random_records_match"] == default().prior


def test_what_is_never_said_is_neither_compared_nor_trained_on() -> None:
    filled = {"given", "family", "born"}
    made = splink_settings(SHEET, default(), filled)
    assert [one["output_column_name"] for one in made["comparisons"]] == ["given", "family", "born"]
    assert training(SHEET, filled) == [
        "l.given = r.given AND l.family = r.family AND l.customer <> r.customer",
        "l.born = r.born AND l.customer <> r.customer",
    ]
    assert len(training(SHEET)) > 2


def test_columns_have_names_that_sql_takes_and_that_differ() -> None:
    """Whatever the headings are, also where two are spelt alike or hold no letter."""
    sheet = Sheet(
        Layout.of(["E-mail", "e_mail 2", "2nd phone", "Téléfon", "given name", "customer no", "keys"], ())
    )
    assert len(set(sheet.columns)) == len(sheet.columns)
    assert all(column.isascii() and column.isidentifier() and column.islower() for column in sheet.columns)


# ---------------------------------------------------------------------------------------------------- rows


def test_a_row_holds_values_taken_apart_in_one_spelling() -> None:
    found = row(
        name="Dr. William Henry van den Berg jr.", email="W.Berg+news@Gmail.com", phone="+31 6 1234 5678",
        street="Singel 12", postcode="1234 ab", city="Den Haag", born="17 May 1984", company="Berg B.V.",
        gender="male", country="Netherlands",
    )  # fmt: skip
    assert (found["given"], found["middle"], found["suffix"]) == ("william", "henry", "jr")
    assert "berg" in found["family"]
    assert "william" in found["kin"].split("|")
    assert (found["email"], found["email_local"], found["email_domain"]) == (
        "wberg@gmail.com",
        "wberg",
        "gmail.com",
    )
    assert (found["phone"], found["phone_land"]) == ("612345678", "31")
    assert found["born"] == "1984-05-17"
    assert found["home"] == f"{found['house']} {found['street']}" == "12 singel"
    assert (found["gender"], found["country"], found["company"]) == ("m", "netherlands", "berg")


def test_several_values_stand_in_several_rows_and_each_in_one_of_them() -> None:
    """The second row holds the second of each, or the last where there are fewer."""
    values = SHEET.prepare(
        {"email": "a@b.example|c@d.example|e@f.example", "name": "Anna|Annie", "city": "Ede"}
    )
    rows = [dict(zip(SHEET.columns, each, strict=True)) for each in SHEET.rows("who", values)]
    assert [each["unique_id"] for each in rows] == ["who#0", "who#1", "who#2"]
    assert [each["email"] for each in rows] == ["a@b.example", "c@d.example", "e@f.example"]
    assert [each["given"] for each in rows] == ["anna", "annie", "annie"]
    assert {each["city"] for each in rows} == {"ede"}
    assert {each["customer"] for each in rows} == {"who"}
    assert list(SHEET.rows("nobody", SHEET.prepare({}))) == []


def test_a_masked_number_is_marked_so_that_its_end_is_no_whole_number() -> None:
    sheet = Sheet(Layout.of(["passport"], ()))
    rows = [next(sheet.rows("x", sheet.prepare({"passport": said}))) for said in ("xxxx1234", "AB 1234")]
    assert [each[2] for each in rows] == ["*1234", "ab1234"]


@settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KNOWN, st.text(max_size=40))))
def test_any_text_gives_rows_of_one_width_without_an_empty_key(cells: dict[str, str]) -> None:
    values = SHEET.prepare(cells)
    assert all(len(each) == len(SHEET.columns) for each in SHEET.rows("x", values))
    assert SHEET.keys(values) == sorted(Known.of(cells).keys())


# ----------------------------------------------------------------------------------- what the conditions say

PAIRS = [
    ({"name": "Anna Berg"}, {"name": "Anna Berg"}),
    ({"name": "Anna Berg"}, {"name": "A. Berg"}),
    ({"name": "William Berg"}, {"name": "Bill Berg"}),
    ({"name": "Catherine Berg"}, {"name": "Catherime Berg"}),
    ({"name": "Maximilian Berg"}, {"name": "Zoe Berg"}),
    ({"name": "Anna Vermeulen"}, {"name": "Anna Vermeulem"}),
    ({"name": "Anna Vermeulen"}, {"name": "Anna Quist"}),
    ({"name": "Anna Garcia Lopez"}, {"name": "Anna Garcia"}),
    ({"name": "John Paul Smith"}, {"name": "John P Smith"}),
    ({"name": "John Smith jr"}, {"name": "John Smith sr"}),
    ({"born": "1984-05-17"}, {"born": "1984-05-17"}),
    ({"born": "1984-01-01"}, {"born": "1984-01-01"}),
    ({"born": "1984"}, {"born": "1984-05-17"}),
    ({"born": "1984-05-07"}, {"born": "1984-07-05"}),
    ({"born": "1984-05-17"}, {"born": "1984-05-18"}),
    ({"born": "1984-05-17"}, {"born": "1984-05-28"}),
    ({"born": "1984-05-17"}, {"born": "1961-05-17"}),
    ({"born": "1984-05-17"}, {"born": "1984-11-28"}),
    ({"born": "1984-05-17"}, {"born": "1986-11-28"}),
    ({"born": "1984-05-17"}, {"born": "1951-11-28"}),
    ({"email": "anna.berg@b.example"}, {"email": "anna.berg@b.example"}),
    ({"email": "anna.berg@b.example"}, {"email": "anna.borg@b.example"}),
    ({"email": "anna.berg@b.example"}, {"email": "annaberg@elsewhere.org"}),
    ({"email": "anna.bergman@b.example"}, {"email": "anna.brgmn@b.example"}),
    ({"email": "anna.bergman@b.example"}, {"email": "anna.brgmn@elsewhere.org"}),
    ({"email": "anna@b.example"}, {"email": "zoe@c.example"}),
    ({"phone": "+31612345678"}, {"phone": "+31612345678"}),
    ({"phone": "+31612345678"}, {"phone": "0612345678"}),
    ({"phone": "+31612345678"}, {"phone": "+49612345678"}),
    ({"phone": "+31612345678"}, {"phone": "+31612345679"}),
    ({"phone": "+31612345678"}, {"phone": "+31612345699"}),
    ({"phone": "+31612345678"}, {"phone": "+31201111111"}),
    ({"phone": "+31201234567 ext 12"}, {"phone": "+31201234567 ext 13"}),
    ({"street": "Kerkstraat 12"}, {"street": "Kerkstraat 12"}),
    ({"street": "Kerkstraat 12"}, {"street": "Kerkstraat"}),
    ({"street": "Kerkstraat 12"}, {"street": "Kerkstrat 12"}),
    ({"street": "Kerkstraat 12"}, {"street": "Kerkstraat 13"}),
    ({"street": "Kerkstraat 12"}, {"street": "Kerkstraat 7"}),
    ({"street": "Kerkstraat 12"}, {"street": "Zuidlaan 80"}),
    ({"postcode": "1234AB"}, {"postcode": "1234AB"}),
    ({"postcode": "1234AB"}, {"postcode": "1234AC"}),
    ({"postcode": "1234AB"}, {"postcode": "9711KK"}),
    ({"city": "Amsterdam"}, {"city": "Amsterdam"}),
    ({"city": "Amsterdam"}, {"city": "Amsterdan"}),
    ({"city": "Amsterdam"}, {"city": "Groningen"}),
    ({"country": "Netherlands"}, {"country": "Netherland"}),
    ({"country": "Netherlands"}, {"country": "Belgium"}),
    ({"gender": "f"}, {"gender": "female"}),
    ({"gender": "f"}, {"gender": "m"}),
    ({"company": "Acme Holding BV"}, {"company": "Acme Holding"}),
    ({"company": "Acme"}, {"company": "Zenith"}),
]


@pytest.mark.parametrize(
    ("one", "other"), PAIRS, ids=[f"{list(a.values())[0]}~{list(b.values())[0]}" for a, b in PAIRS]
)
@pytest.mark.parametrize("turned", [False, True])
def test_sql_finds_the_level_that_we_find(one: dict[str, str], other: dict[str, str], turned: bool) -> None:
    """From both sides. Order of names apart: Splink says it with the given name."""
    duckdb = pytest.importorskip("duckdb")
    left, right = (row(**other), row(**one)) if turned else (row(**one), row(**other))
    cells = {
        f"{name}_{side}": said or None
        for side, each in (("l", left), ("r", right))
        for name, said in each.items()
    }
    base = duckdb.connect()
    columns = ", ".join(f"CAST(? AS VARCHAR) AS {name}" for name in cells)
    base.execute(f"CREATE TABLE pair AS SELECT {columns}", list(cells.values()))
    found = {
        field.name: field.levels[what.level].says
        for field, what in zip(LAYOUT.fields, compared(Known.of(one), Known.of(other)), strict=True)
        if what.level >= 0 and field.name != "order"
    }
    for comparison in splink_settings(SHEET, default())["comparisons"]:
        cases = " ".join(
            f"WHEN {level['sql_condition']} THEN {number}"
            if level["sql_condition"] != ELSE
            else f"ELSE {number}"
            for number, level in enumerate(comparison["comparison_levels"])
        )
        place = base.execute(f"SELECT CASE {cases} END FROM pair").fetchone()[0]
        told = comparison["comparison_levels"][place]["label_for_charts"]
        assert told == found.get(comparison["comparison_description"], "nothing is said"), comparison


def test_names_the_wrong_way_round_are_counted_once() -> None:
    """With the given name; the family name then says nothing."""
    duckdb = pytest.importorskip("duckdb")
    made = {one["output_column_name"]: one for one in splink_settings(SHEET, default())["comparisons"]}
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE pair AS SELECT 'anna' given_l, 'berg' family_l, 'berg' given_r, 'anna' family_r"
    )

    def holds(condition: str) -> bool:
        return bool(base.execute(f"SELECT {condition} FROM pair").fetchone()[0])

    silent, exchanged = made["given"]["comparison_levels"][:2]
    assert not holds(silent["sql_condition"])
    assert holds(exchanged["sql_condition"])
    assert exchanged["m_probability"] > exchanged["u_probability"]
    assert holds(made["family"]["comparison_levels"][0]["sql_condition"])


def test_the_page_names_every_column_of_the_store() -> None:
    """Whoever reads the exported table finds what each column holds."""
    page = Path(__file__).parents[3] / "docs" / "howto" / "splink.md"
    told = set(re.findall(r"`(\w+)`", page.read_text(encoding="utf-8")))
    assert set(SHEET.columns) - told == set()
