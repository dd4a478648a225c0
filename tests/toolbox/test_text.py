"""Measuring, cutting, cleaning text: nothing lost, nothing broken, whatever people write."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omnichannel.model import Measure
from omnichannel.toolbox import clean, file_name, size, split

FAMILY = "\U0001f468‍\U0001f469‍\U0001f467‍\U0001f466"
FLAGS = "\U0001f1e7\U0001f1ea\U0001f1f3\U0001f1f1"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
THUMB = "\U0001f44d\U0001f3fd"

MEASURES: dict[str, Measure] = {"chars": "chars", "utf16": "utf16", "bytes": "bytes", "gsm7": "gsm7"}

# Characters of which each is one that a reader sees, put together out of several code points or not.
SEEN = st.sampled_from(
    [
        "a", "b", " ", "\n", "\r\n", ".", "!", "é", "e\u0301", "a\u0308\u0323", "я", "你", "。", "€", "[", "ß",
        "\U0001f600", FAMILY, FLAGS[:2], FLAGS[2:], SCOTLAND, THUMB, "❤\ufe0f", "1\ufe0f\u20e3", "नि", "각", "각",
    ]
)  # fmt: skip
texts = st.lists(SEEN, max_size=120)

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def measured(text: str, measure: str) -> int:
    """An independent way of counting."""
    if measure == "chars":
        return sum(1 for _ in text)
    if measure == "utf16":
        return sum(2 if ord(char) > 0xFFFF else 1 for char in text)
    if measure == "bytes":
        return sum(1 + sum(ord(char) >= edge for edge in (0x80, 0x800, 0x10000)) for char in text)
    if any(char not in GSM + "\f^{}\\[~]|€" or char == "\x1b" for char in text):
        return measured(text, "utf16")
    return sum(2 if char in "\f^{}\\[~]|€" else 1 for char in text)


@given(st.text())
@example(GSM.replace("\x1b", ""))
@example("\f^{}\\[~]|€")
@example("\ud800")
def test_a_text_is_as_long_as_its_measure_says(text: str) -> None:
    for measure in MEASURES.values():
        assert size(text, measure) == measured(text, measure)


def test_weights_are_their_channels_business() -> None:
    with pytest.raises(ValueError, match="by its channel"):
        size("x", "x_weighted")


@pytest.mark.parametrize("measure", MEASURES)
@given(parts=texts, limit=st.integers(1, 60))
@example(parts=["[", "[", "[", "я", "e\u0301"], limit=4)
@example(parts=["a", " \u0301", "b"], limit=2)
@example(parts=["aaaa\r\n", "b"], limit=5)
def test_pieces_are_the_text_within_the_limit_and_never_cut_inside_a_character(
    measure: str, parts: list[str], limit: int
) -> None:
    """Joined they are the text; each fits, unless it is one code point; cuts fall between what people see."""
    text = "".join(parts)
    pieces = split(text, limit, lambda piece: size(piece, MEASURES[measure]))
    assert "".join(pieces) == text
    assert all(pieces) or text == ""
    assert all(measured(piece, measure) <= limit or len(piece) == 1 for piece in pieces)
    whole = max((measured(part, measure) for part in parts), default=0) <= limit
    if whole:
        edges = {0}
        for part in parts:
            edges.add(max(edges) + len(part))
        cut = 0
        for piece in pieces:
            cut += len(piece)
            assert cut in edges, f"{piece!r} ends inside a character of {text!r}"


@given(st.text(), st.integers(1, 20))
def test_any_text_at_all(text: str, limit: int) -> None:
    pieces = split(text, limit, len)
    assert "".join(pieces) == text
    assert all(len(piece) <= limit for piece in pieces)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 5, ("",)),
        ("short", 5, ("short",)),
        ("one two three", 9, ("one two ", "three")),
        ("One. Two. Three", 11, ("One. Two. ", "Three")),
        ("line one\nline two", 14, ("line one\n", "line two")),
        ("a paragraph\n\nand. another one", 20, ("a paragraph\n\n", "and. another one")),
        ("你好。世界。", 4, ("你好。", "世界。")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
        ("x " + "y" * 20, 12, ("x yyyyyyyyyy", "yyyyyyyyyy")),
        (FAMILY * 2, 8, (FAMILY, FAMILY)),
        (FLAGS, 3, (FLAGS[:2], FLAGS[2:])),
        (THUMB * 2, 3, (THUMB, THUMB)),
        (SCOTLAND * 2, 10, (SCOTLAND, SCOTLAND)),
        ("e\u0301" * 2, 3, ("e\u0301", "e\u0301")),
        ("a\u0301\u0302\u0303", 2, ("a\u0301", "\u0302\u0303")),
    ],
)
def test_cuts_fall_where_a_reader_would_pause(text: str, limit: int, expected: tuple[str, ...]) -> None:
    """After a paragraph, else a line, a sentence, a word; a cut in the first third would leave a stub."""
    assert split(text, limit, len) == expected


def test_a_long_text_is_cut_in_time_that_grows_with_it() -> None:
    """The counter is asked a number of times that grows about as the text does, not with its square."""
    asked = [0, 0]
    for which, length in enumerate((20_000, 40_000)):

        def count(text: str, which: int = which) -> int:
            asked[which] += 1
            return len(text)

        assert "".join(split("word " * (length // 5), 160, count)) == "word " * (length // 5)
    assert asked[1] < 2.5 * asked[0]


@given(st.text())
@example("\ud800a\x00")
def test_clean_text_can_be_kept_anywhere(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert len(cleaned) == len(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    if "\x00" not in text and not re.search("[\ud800-\udfff]", text):
        assert cleaned is text


NASTY_NAMES = [
    "../../etc/passwd", "..\\..\\boot.ini", "C:\\x.txt", "/abs", "a/b\\c", "con", "CON.txt", "con .txt", "nul.",
    "com1.tar.gz", "lpt9", "aux .", " .htaccess", "\u200b.htaccess", "x\u202egnp.exe", "a\x00b", "a\nb", "\ud800",
    "." * 300, " ", "", "a" * 400 + ".jpeg", "é" * 200 + ".pdf", "a." + "b" * 200, "a. .txt", ". .con", "\ufeffcon",
    'q"u<o>t|e?*', "..con.txt", "a.b.", "con.con.con", "aux" + " " * 200 + ".txt", "x" * 150, "x" * 151, "con\u200b",
]  # fmt: skip


@given(st.text(max_size=60) | st.sampled_from(NASTY_NAMES), st.integers(12, 150))
def test_a_files_name_is_for_people_only(name: str, most: int) -> None:
    """No path, nothing invisible or turning, no device; so many bytes at most; and cleaning it again changes nothing."""
    cleaned = file_name(name, most=most)
    assert file_name(cleaned, most=most) == cleaned
    assert len(cleaned.encode()) <= most
    assert not set(cleaned) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in cleaned)
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", cleaned)
    assert cleaned == cleaned.strip(" .")
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d) *(\.|$)", cleaned)


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_no_nasty_name_survives(name: str) -> None:
    test_a_files_name_is_for_people_only.hypothesis.inner_test(name, 150)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invoice 7.pdf", "invoice 7.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("\u200b.htaccess", "htaccess"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("con.txt", "_con.txt"),
        ("con .txt", "_con.txt"),
        ("Füße.jpg", "Füße.jpg"),
        ("a" * 200 + ".jpeg", "a" * 145 + ".jpeg"),
    ],
)
def test_names_stay_readable(name: str, shown: str) -> None:
    assert file_name(name) == shown
