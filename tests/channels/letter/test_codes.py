"""What is printed on our letters is found again, however paper, people and OCR have treated it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.letter.codes import printed, reference_of, references, tokens
from omnichannel.identity.codes import new_code
from omnichannel.toolbox import find_tokens

BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
TOKENS = st.one_of(
    st.text(BASE32, min_size=26, max_size=26).map("oct".__add__),
    st.text(BASE32, min_size=40, max_size=40).map("ocm".__add__),
)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_draft_has_one_reference_and_no_other_draft_has_it(one: str, other: str) -> None:
    assert reference_of(one) == reference_of(one)
    assert (reference_of(one) == reference_of(other)) == (one == other)
    assert re.fullmatch(r"RE(-[ACEFHJKMNPRTWXY34679]{4}){3}", reference_of(one))


@given(st.text(max_size=40), st.sampled_from(["{}", "Uw kenmerk: {}.", "({})", "betreft {},", "\n{}\n"]))
def test_a_reference_is_found_in_any_words(draft: str, words: str) -> None:
    assert references(words.format(reference_of(draft))) == (reference_of(draft),)


@pytest.mark.parametrize(
    "written",
    [
        "RE-ACEF-HJ6M-NP9T",
        "re-acef-hj6m-np9t",
        "RE ACEF HJ6M NP9T",
        "RE-ACEF-HJGM-NPqT",
        "RE–ACEF–HJ6M–NP9T",
        "RE-ACEFHJ6MNP9T",
        "RE - ACEF - HJ6M - NP9T",
    ],
)
def test_a_reference_survives_spaces_dashes_case_and_ocr(written: str) -> None:
    """G is 6, small q and g are 9: the letters they look like are not used."""
    assert references(f"Uw kenmerk {written}") == ("RE-ACEF-HJ6M-NP9T",)


@pytest.mark.parametrize(
    "text",
    [
        "RE-2024-0001-0002",  # an invoice: 0, 1 and 2 are no letters of ours
        "Re: ACEF HJKM",
        "XRE-ACEF-HJKM-NPRT",
        "RE-ACEF-HJKM-NPRTX",
        "RE-ACEF\n-HJKM-NPRT",
        "",
    ],
)
def test_what_is_no_reference_of_ours_is_none(text: str) -> None:
    assert references(text) == ()


@given(TOKENS)
def test_a_printed_token_comes_back(token: str) -> None:
    assert token in tokens(f"code {printed(token)}.")
    assert find_tokens(token) == (token,)
    assert tokens(token)[0] == token


@given(TOKENS, st.data())
def test_what_ocr_confuses_is_undone(token: str, data: st.DataObject) -> None:
    """Capitals as we print them, with 0 for O and 8 for B, over lines that break between groups."""
    spoilt = printed(token).replace("O", "0").replace("B", "8")
    at = data.draw(st.sampled_from([match.start() for match in re.finditer(" ", spoilt)]))
    assert token in tokens(f"{spoilt[:at]}\n{spoilt[at + 1 :]}")


def test_where_it_may_be_two_letters_both_are_tried() -> None:
    """1 is I in capitals and l in small letters."""
    found = tokens("oct" + "a" * 25 + "1")
    assert found == ("oct" + "a" * 25 + "i", "oct" + "a" * 25 + "l")


def test_five_and_s_two_and_z_are_tried_as_each_other() -> None:
    """Both are letters of tokens: one that was misread is found, as the last thing that is tried."""
    read = "oct" + "5" + "a" * 24 + "z"
    assert tokens(read) == (read, "octs" + "a" * 24 + "z", "oct5" + "a" * 24 + "2")


def test_much_doubt_gives_one_guess_and_never_many() -> None:
    assert tokens("OCT" + "1" * 26) == ("oct" + "i" * 26,)
    assert len(tokens(" ".join(f"oct{'a' * 24}1{letter}" for letter in BASE32))) == 20


@pytest.mark.parametrize(
    "text", ["oct", "oct " + "a" * 25, "oct" + "a" * 27, "ocm" + "a" * 39 + "é", "octopus", "x" * 60]
)
def test_too_few_or_too_many_letters_are_no_token(text: str) -> None:
    assert tokens(text) == ()


@given(st.text(max_size=300))
def test_any_text_is_read_without_trouble(text: str) -> None:
    assert len(tokens(text)) <= 20
    assert len(references(text)) <= 20


CODE = new_code(bytes(range(16)))
LETTERS = {"0": "OoQD", "1": "Iil|!", "2": "Zz", "5": "Ss$", "8": "B", "6": "Gb", "9": "gq"}
MISREAD = [(digit, letter) for digit, letters in LETTERS.items() for letter in letters if digit in CODE]


@pytest.mark.parametrize(("digit", "letter"), MISREAD)
@pytest.mark.parametrize("gap", ["-", " ", "–", ". "])
def test_a_code_of_digits_is_found_as_ocr_reads_it(digit: str, letter: str, gap: str) -> None:
    """In its three groups; the check digits say that what was undone is right."""
    read = gap.join((CODE[:4], CODE[4:8], CODE[8:])).replace(digit, letter)
    assert tokens(f"Mijn code: {read}, dank") == (CODE,)


@pytest.mark.parametrize(
    "text", [CODE[::-1], "SOIL-BOOB-GOGO", f"x{CODE[:4]}-{CODE[4:8]}-{CODE[8:]}", "1234-5678"]
)
def test_what_is_no_code_of_digits(text: str) -> None:
    assert tokens(text) == ()
