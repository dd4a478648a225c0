"""Words that come back: one-time tokens are random and used once, marks hold for one address only."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.errors import ConfigError
from omnichannel.identity import Point, Token, derive, digest, joins, mark, new_token, normalise, read_mark
from omnichannel.model import Address, Strength
from omnichannel.toolbox import find_tokens

KEYS = {1: b"an old secret of 32 bytes .......", 2: b"the newest secret of 32 bytes ..."}
JO = normalise("email", "jo@shop.example")
MARK = mark(KEYS, 7, 4711, JO)

conversations = st.integers(0, 2**64 - 1)
addresses = st.builds(
    Address,
    kind=st.sampled_from(["email", "messenger"]),
    scope=st.text(st.characters(exclude_characters=":", exclude_categories=["Cs"]), max_size=5),
    value=st.text(min_size=1, max_size=20),
)


@given(st.binary(min_size=16, max_size=40))
def test_a_token_is_what_channels_look_for(random: bytes) -> None:
    token = new_token(random)
    assert re.fullmatch("oct[a-z2-7]{26}", token)
    assert find_tokens(f"see {token}!") == (token,)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 127))
def test_every_random_bit_counts(random: bytes, bit: int) -> None:
    other = (int.from_bytes(random) ^ 1 << bit).to_bytes(16)
    assert new_token(random) != new_token(other)


@pytest.mark.parametrize("size", [0, 1, 15])
def test_too_little_chance_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="at least 16"):
        new_token(bytes(size))


def test_the_digest_is_the_same_in_any_case_and_does_not_give_the_token_away() -> None:
    token = new_token(bytes(range(16)))
    assert digest(token) == digest(token.upper())
    assert re.fullmatch("[0-9a-f]{64}", digest(token))
    assert token not in digest(token)
    assert digest(token) != digest(new_token(bytes(16)))
    assert digest("\ud800")  # whatever a wire brings


@pytest.mark.parametrize(
    ("now", "used_at", "usable"),
    [
        (9, None, False),
        (10, None, True),
        (19, None, True),
        (20, None, False),
        (15, 12, False),
        (15, 10, False),
    ],
)
def test_a_token_works_once_between_issue_and_expiry(now: int, used_at: int | None, usable: bool) -> None:
    token = Token("…", 1, 2, "support", issued_at=10, expires_at=20, used_at=used_at)
    assert token.usable(now) is usable


TOKEN = Token("…", conversation=1, address=2, account="support", issued_at=10, expires_at=20)


def test_a_returned_token_joins_whom_it_was_given_to_with_who_brings_it() -> None:
    claim = TOKEN.claim(3, Strength.VERIFIED, at=15, source="message 8")
    assert claim is not None
    assert (claim.kind, claim.pair, claim.method, claim.at, claim.source) == (
        "claim",
        (2, 3),
        "token",
        15,
        "message 8",
    )
    assert joins(claim)
    assert derive([Point(2), Point(3)], [claim]).together(2, 3)


@pytest.mark.parametrize("strength", [Strength.ASSERTED, Strength.INFERRED])
def test_a_token_proves_nothing_of_a_sender_that_anybody_can_write(strength: Strength) -> None:
    """Who was given a token could send it on with the address of somebody else as From."""
    claim = TOKEN.claim(3, strength, at=15)
    assert claim is not None
    assert not joins(claim)


def test_a_token_that_comes_back_to_where_it_was_given_proves_nothing_new() -> None:
    assert TOKEN.claim(2, Strength.VERIFIED, at=15) is None


# --- marks ----------------------------------------------------------------------------------------------------


@given(conversations, addresses, st.integers(0, 2**64 - 1))
def test_a_mark_tells_its_conversation_to_whom_it_was_sent(
    conversation: int, to: Address, workspace: int
) -> None:
    made = mark(KEYS, workspace, conversation, to)
    assert re.fullmatch("ocm[a-z2-7]{40}", made)
    assert read_mark(KEYS, workspace, made, to) == conversation
    assert read_mark(KEYS, workspace, made.upper(), to) == conversation


@pytest.mark.parametrize("bit", range(200))
def test_one_flipped_bit_makes_it_nothing(bit: int) -> None:
    """Conversation, key and seal alike: all 25 bytes."""
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    at, within = 3 + bit // 5, bit % 5
    flipped = alphabet[alphabet.index(MARK[at]) ^ 1 << within]
    assert read_mark(KEYS, 7, MARK[:at] + flipped + MARK[at + 1 :], JO) is None


@given(addresses)
def test_it_is_worth_nothing_to_anybody_else(other: Address) -> None:
    """T22, T25: to whoever the mail was forwarded to, or shown."""
    assert read_mark(KEYS, 7, MARK, other) is None


@pytest.mark.parametrize(
    "other",
    [
        Address(kind="email", value="jo@shop.exampl"),
        Address(kind="messenger", value="jo@shop.example"),
        Address(kind="email", scope="jo@shop.example", value="x"),
        Address(kind="emailjo", value="@shop.example"),
    ],
)
def test_parts_of_an_address_cannot_run_into_each_other(other: Address) -> None:
    assert read_mark(KEYS, 7, MARK, other) is None


def test_it_is_worth_nothing_in_another_workspace() -> None:
    assert [read_mark(KEYS, workspace, MARK, JO) for workspace in (6, 8, 0)] == [None, None, None]


def test_numbers_that_are_counted_up_find_nothing() -> None:
    """T22: whoever knows how a mark is built, but not the key."""
    guessed = {mark({2: bytes(32)}, 7, number, JO) for number in range(1000)}
    assert {read_mark(KEYS, 7, guess, JO) for guess in guessed} == {None}


def test_the_newest_key_makes_marks_and_old_keys_still_read_theirs() -> None:
    old = mark({1: KEYS[1]}, 7, 4711, JO)
    assert old != MARK
    assert read_mark(KEYS, 7, old, JO) == read_mark(KEYS, 7, MARK, JO) == 4711
    assert read_mark({2: KEYS[2]}, 7, old, JO) is None, "a key that was taken away reads nothing"
    assert read_mark({1: KEYS[2], 2: KEYS[1]}, 7, MARK, JO) is None


@pytest.mark.parametrize(
    "keys",
    [{}, {1: b""}, {1: b"fifteen bytes.."}, {256: b"x" * 32}, {-1: b"x" * 32}, {1: b"x" * 32, 2: b"short"}],
)
def test_no_key_or_a_weak_one_is_an_error_never_a_weak_mark(keys: dict[int, bytes]) -> None:
    with pytest.raises(ConfigError, match=r"32 random bytes|at least 16"):
        mark(keys, 7, 1, JO)


def test_a_weak_key_does_not_read_either() -> None:
    with pytest.raises(ConfigError):
        read_mark({2: b""}, 7, MARK, JO)


@given(
    st.text()
    | st.from_regex("ocm[a-z2-7=]{30,50}", fullmatch=True)
    | st.from_regex("oc[tm].*", fullmatch=True)
)
def test_reading_never_raises_for_what_stands_on_a_wire(token: str) -> None:
    assert read_mark(KEYS, 7, token, JO) is None


def test_a_one_time_token_is_no_mark_and_a_mark_no_token() -> None:
    assert read_mark(KEYS, 7, new_token(bytes(16)), JO) is None
    assert len(MARK) != len(new_token(bytes(16)))


@pytest.mark.parametrize(
    "wire",
    [
        "help+{}@shop.example",
        "Help <HELP+{}@shop.example>, jo@x.nl",
        "<{}.17@shop.example>",
        "<abc@x> <{}@shop.example>",
        "https://m.me/1234?ref={}",
        "{}",
    ],
)
@pytest.mark.parametrize("word", [MARK, new_token(bytes(range(16)))])
def test_both_are_found_where_they_come_back(wire: str, word: str) -> None:
    """In addresses and Message-IDs, also after a system that writes them in capitals."""
    assert find_tokens(wire.format(word)) == find_tokens(wire.format(word.upper())) == (word,)


def test_both_fit_the_local_part_of_an_address() -> None:
    """64 octets (RFC 5321 4.5.3.1.1), with the name of a mailbox and a plus before them."""
    assert len("customer-service+" + MARK) <= 64
