"""A book of answers: read once and checked whole, said in the right language, and differently each time."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from omnichannel.desk.answers import Book, count, freshest, in_language, mark_of
from omnichannel.errors import ConfigError, NotFound, Unfilled
from omnichannel.model.desk import Answer, Tally, Use

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

REFUND = Answer(
    name="refund",
    texts={
        "en": ("[Dear {customer.first_name},|Hello,] you get it back.", "Hi[ {customer.first_name}], the money is on its way."),
        "nl": ("Beste {customer.first_name|klant}, het geld komt.",),
        "pt-BR": ("O dinheiro está a caminho.",),
    },
)  # fmt: skip
BOOK = Book([REFUND])


def use(number: int, mark: str, customer: str = "ann", **other: object) -> Use:
    return Use.model_validate(
        {"id": str(number), "answer": "refund", "language": "en", "variant": mark, "customer": customer,
         "at": NOON + timedelta(minutes=number), **other}
    )  # fmt: skip


def test_an_answer_is_read_from_toml() -> None:
    """A wording may stand without a list around it."""
    table = tomllib.loads("""
        name = "refund"
        about = "The money is on its way"
        texts = { en = "It is on its way.", nl = ["Het komt eraan.", "Het is onderweg."] }
    """)
    answer = Answer.model_validate(table)
    assert answer.texts == {"en": ("It is on its way.",), "nl": ("Het komt eraan.", "Het is onderweg.")}
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ({}, "says nothing"),
        ({"en": ()}, "empty wording in 'en'"),
        ({"en": ("x", " ")}, "empty wording in 'en'"),
        ({"en": ("x", "x ")}, "two wordings in 'en' are the same"),
        ({"English": "x"}, "pattern"),
    ],
)
def test_an_answer_says_something(texts: dict[str, tuple[str, ...]], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Answer(name="x", texts=texts)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "Dear {customer.frist_name|you}",
            "Did you mean customer.first_name? Say what it holds: {customer.frist_name:str}",
        ),
        ("{order.due:date} {order.due:str}", "order.due is date elsewhere, and str here"),
        ("{customer.name:int}", "customer.name is str elsewhere, and int here"),
        ("Dear[ {customer.first_name}],\nthank you", "it says 'Dear,'"),
        ("Geachte[ {customer.name}],", "it says 'Geachte,'"),
        ("Hi [{customer.name}],\nnice", "it says 'Hi ,'"),
        ("{oops", "line 1, column 1"),
    ],
)
def test_what_is_wrong_is_found_when_it_is_read(text: str, problem: str) -> None:
    """And not when somebody waits for an answer."""
    with pytest.raises(ConfigError) as raised:
        Book([Answer(name="x", texts={"en": ("fine", text)})])
    assert problem in str(raised.value)
    assert "answer 'x' (en, wording 2)" in str(raised.value)


def test_fields_of_ones_own_are_known_by_their_type() -> None:
    texts = {"en": ("Tier {customer.tier}.",)}
    book = Book([Answer(name="x", texts=texts)], {"customer.tier": "str"})
    assert book.phrase("x", {"customer.tier": "gold"}, languages=["en"]).text == "Tier gold."
    with pytest.raises(ConfigError, match="nobody knows the field"):
        Book([Answer(name="x", texts=texts)])


def test_a_name_is_one_answer_s() -> None:
    with pytest.raises(ConfigError, match="two answers have this name"):
        Book([REFUND, REFUND])
    with pytest.raises(NotFound, match="did you mean 'refund'"):
        BOOK.answer("refnud")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["nl"], "nl"),
        (["en-GB"], "en"),
        (["pt"], "pt-BR"),
        (["pt-br"], "pt-BR"),
        (["sv", "NL"], "nl"),
        (["de", "en"], "en"),
    ],
)
def test_the_language_is_the_customer_s_or_the_next_best(wanted: list[str], found: str) -> None:
    language, tag, why = in_language(REFUND, wanted)
    assert language == found
    assert tag in wanted
    assert found in why


def test_no_language_is_guessed() -> None:
    for wanted in ([], ["ja"]):
        with pytest.raises(NotFound, match="write it in that language"):
            BOOK.phrase("refund", {}, languages=wanted)


def test_an_answer_is_said_with_its_reasons() -> None:
    said = BOOK.phrase("refund", {"customer.first_name": "Ann"}, languages=["en"], customer="ann")
    assert said.text == "Dear Ann, you get it back."
    assert said.variant == mark_of(REFUND.texts["en"][0])
    assert said.because == (
        "en is the customer’s language (en)",
        "this customer did not hear this wording, and nobody heard it yet",
    )
    assert BOOK.phrase("refund", {}, languages=["nl"]).without == ("customer.first_name",)


def test_a_wording_that_needs_what_is_not_known_is_left_out() -> None:
    texts = {"en": ("Order {order.number:str} left.", "It left at {order.left:time}.", "Your order left.")}
    book = Book([Answer(name="left", texts=texts)])
    said = book.phrase("left", {}, languages=["en"])
    assert said.text == "Your order left."
    assert sum("left out: no value" in why for why in said.because) == 2
    needing = Book([Answer(name="left", texts={"en": texts["en"][:2]})])
    with pytest.raises(Unfilled, match="'left' in en: no value for order.number"):
        needing.phrase("left", {}, languages=["en"])


def test_some_answers_are_meant_for_some_channels() -> None:
    short = Answer(name="short", texts={"en": ("Yes!",)}, channels=frozenset({"x", "sms"}))
    book = Book([REFUND, short])
    assert [one.name for one in book.on("x")] == ["refund", "short"]
    assert [one.name for one in book.on("email")] == ["refund"]


def test_a_fingerprint_tells_one_version_from_another() -> None:
    other = REFUND.model_copy(update={"about": "new"})
    assert Book([REFUND]).fingerprint == BOOK.fingerprint != Book([other]).fingerprint


# --- wordings -------------------------------------------------------------------------------------------------

MARKS = ("one", "two", "three")


def test_a_customer_hears_every_wording_before_any_twice() -> None:
    uses: list[Use] = []
    for number in range(6):
        mark, _ = freshest("refund", MARKS, uses, "ann")
        uses.append(use(number, mark))
    said = [one.variant for one in uses]
    assert said == [*MARKS, *MARKS]
    assert "heard all 3 wordings" in freshest("refund", MARKS, uses, "ann")[1]


@given(st.lists(st.sampled_from(["ann", "ben", "cas"]), max_size=24), st.integers(2, 4))
def test_two_customers_in_a_row_never_hear_the_same(customers: list[str], wordings: int) -> None:
    """As long as the second has not heard all the others before: then what they heard least decides."""
    marks = [str(number) for number in range(wordings)]
    uses: list[Use] = []
    for number, customer in enumerate(customers):
        mark, _ = freshest("refund", marks, uses, customer)
        heard = [one.variant for one in uses if one.customer == customer]
        assert heard.count(mark) == min(heard.count(one) for one in marks)
        if not heard and uses:
            assert mark != uses[-1].variant
        uses.append(use(number, mark, customer))


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(["ann", "ben"])), max_size=8), st.randoms())
def test_the_order_in_which_history_is_told_is_no_matter(said: list[tuple[str, str]], chance) -> None:
    uses = [use(number, mark, customer) for number, (mark, customer) in enumerate(said)]
    shuffled = chance.sample(uses, len(uses))
    assert freshest("refund", MARKS, uses, "ann") == freshest("refund", MARKS, shuffled, "ann")


def test_what_was_not_sent_or_is_no_more_is_not_heard() -> None:
    uses = [use(1, "one", how="refused"), use(2, "gone"), use(3, "one", answer="other")]
    assert freshest("refund", ("one",), uses, "ann") == ("one", "there is one wording")
    assert "heard it 2 times before" in freshest("refund", ("one",), [use(1, "one"), use(2, "one")], "ann")[1]


# --- counting -------------------------------------------------------------------------------------------------

USES = st.builds(
    use,
    st.integers(0, 500),
    st.sampled_from(["", "one", "two"]),
    how=st.sampled_from(["as_is", "edited", "refused"]),
    reaction=st.sampled_from(["", "thanked", "asked_again"]),
    answer=st.sampled_from(["refund", "hours"]),
)


@given(st.lists(USES, max_size=20), st.integers(0, 20))
def test_counting_in_parts_is_counting_at_once(uses: list[Use], cut: int) -> None:
    whole = count(uses)
    assert count(uses[cut:], count(uses[:cut])) == whole == count(reversed(uses))
    for name in ("refund", "hours"):
        theirs = [one for one in uses if one.answer == name]
        tally = next((one for one in whole if one.answer == name and not one.variant), Tally(answer=name))
        assert tally.offered == len(theirs) == tally.sent + tally.refused
        assert tally.sent == sum(one.sent for one in theirs)
        assert tally.last_at == max((one.at for one in theirs), default=None)


def test_how_an_answer_was_taken() -> None:
    reactions = ["thanked", "thanked", "asked_again", ""]
    tally = count(use(number, "one", reaction=reaction) for number, reaction in enumerate(reactions))[1]
    assert (tally.variant, tally.offered, tally.thanked, tally.asked_again) == ("one", 4, 2, 1)
    assert tally.helped == pytest.approx(2 / 3)
    assert Tally(answer="x").helped is None
