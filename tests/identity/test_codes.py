"""Codes that people say and type: a slip is noticed, other numbers are none, and guessing is hopeless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.codes import (
    DIGITS,
    chance,
    code_digest,
    find_codes,
    is_code,
    new_code,
    spelled,
)

CODE = new_code(bytes(range(16)))
codes = st.binary(min_size=8, max_size=24).map(new_code)


@given(codes)
def test_a_code_is_twelve_digits_that_are_found_again(code: str) -> None:
    assert is_code(code)
    assert re.fullmatch(r"\d{12}", code)
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", spelled(code))
    assert find_codes(f"my code is {spelled(code)}, thanks") == (code,)


@pytest.mark.parametrize("size", [0, 1, 7])
def test_too_little_chance_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="at least 8"):
        new_code(bytes(size))


@given(st.integers(0, 10**10 - 1))
def test_every_code_can_be_drawn(number: int) -> None:
    """And the digits before the check digits are what was drawn."""
    assert new_code(number.to_bytes(8)).startswith(f"{number:010}")


@given(codes, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_every_mistyped_digit_is_noticed(code: str, at: int, off: int) -> None:
    other = code[:at] + str((int(code[at]) + off) % 10) + code[at + 1 :]
    assert not is_code(other)


@given(codes, st.integers(0, DIGITS - 1), st.integers(0, DIGITS - 1))
def test_every_two_digits_that_changed_places_are_noticed(code: str, one: int, other: int) -> None:
    """Neighbours and others: 10^n differs from 1 modulo 97 for every n below 96."""
    digits = list(code)
    digits[one], digits[other] = digits[other], digits[one]
    assert is_code("".join(digits)) is (code[one] == code[other])


@pytest.mark.parametrize(
    "written",
    [
        CODE,
        spelled(CODE),
        spelled(CODE).replace("-", " "),
        spelled(CODE).replace("-", "."),
        spelled(CODE).replace("-", " – "[1:]),
        " ".join(CODE),
        "-".join(CODE),
        CODE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        CODE.translate(str.maketrans("0123456789", "०१२३४५६७८९")),
        CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_a_code_is_found_however_it_is_written(written: str) -> None:
    """With the gaps that people and programs leave, in any digits there are, in a sentence or alone."""
    for text in (
        written,
        f"Code: {written}",
        f"({written})",
        f"it is {written}.",
        f"{written}!\nBye",
        f"12, {written} or so",
    ):
        assert find_codes(text) == (CODE,), text


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"+{CODE}",
        f"#{CODE}",
        f"1{CODE}",
        f"{CODE}1",
        f"{CODE} 1",
        f"x{CODE}",
        f"{CODE}x",
        f"{CODE}.5",
        f"3.{CODE}",
        f"{CODE[:11]}",
        f"{CODE[:6]}   {CODE[6:]}",
        f"{CODE[:6]}\n{CODE[6:]}",
        CODE[::-1],
        "IBAN DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111",
        "²" * 12,
    ],
)
def test_what_is_no_code(text: str) -> None:
    """Telephone numbers, parts of longer numbers and words, and digits that are none."""
    assert find_codes(text) == ()


@given(st.text(alphabet="0123456789 -.,:+x\n", max_size=80))
def test_whatever_is_found_is_a_code_and_stands_in_the_text(text: str) -> None:
    digits = re.sub(r"\D", "", text)
    for code in find_codes(text):
        assert is_code(code)
        assert code in digits


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert all(map(is_code, find_codes(text)))


def test_searching_a_long_text_of_digits_takes_no_long_time() -> None:
    """Each place is looked at once, for at most 36 characters: no pump string makes it slower."""
    for pump in ("1", "1 ", "1 -", "12-"):
        assert find_codes(pump * 100_000) == ()


def test_several_are_found_once_in_order() -> None:
    other = new_code(bytes(8))
    assert find_codes(f"{CODE}, {spelled(other)} / {CODE}") == (CODE, other)


@pytest.mark.parametrize(
    "token", ["", "1", CODE[:-1], f"{CODE}0", "a" * 12, "²" * 12, "٠" * 12, f" {CODE}"[:12]]
)
def test_what_does_not_look_like_a_code(token: str) -> None:
    assert not is_code(token)


@given(codes, codes, st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_the_digest_depends_on_key_workspace_and_code(one: str, other: str, here: int, there: int) -> None:
    key = bytes(32)
    assert (code_digest(key, here, one) == code_digest(key, there, other)) is ((one, here) == (other, there))
    assert code_digest(key, here, one) != code_digest(b"another key", here, one)
    assert one not in code_digest(key, here, one)


def test_one_number_in_97_looks_like_a_code() -> None:
    """So that order numbers of twelve digits seldom count as wrong codes."""
    looks = sum(is_code(f"{number:012}") for number in range(10**11, 10**11 + 97_000))
    assert looks == 1000


@pytest.mark.parametrize(
    ("wrong", "live", "odds"),
    [(100, 1000, 1e-5), (100, 1, 1e-8), (5, 1, 5e-10), (0, 1000, 0.0), (10**9, 10**9, 1.0)],
)
def test_what_guessing_is_worth(wrong: int, live: int, odds: float) -> None:
    assert chance(wrong, live) == pytest.approx(odds)
