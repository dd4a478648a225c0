"""Text as channels count it, and cutting it into pieces without losing or breaking anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from omnichannel.model import Measure

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("\f^{}\\[~]|€")

# Where a piece may end, best first: paragraph, line, sentence, word. Each match ends where the cut falls.
_BREAKS = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<![.!?…。！？])[.!?…。！？]+[)\"'»”’]*(?:\s|(?<=[。！？]))"),
    re.compile(r"\s"),
)

_JOINER = "\u200d"
_JOINERS = "\u200c\u200d\uff9e\uff9f"
# A Korean syllable written in letters: leading ones, vowels, trailing ones (UAX 29, rules GB6 to GB8).
_HANGUL = re.compile(
    "[\u1100-\u115f\ua960-\ua97c][\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3]"
    "|[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7fb][\u1160-\u11ff\ud7b0-\ud7fb]"
)
_REGIONAL = range(0x1F1E6, 0x1F200)


def size(text: str, measure: Measure) -> int:
    """How long a text is: code points, UTF-16 units, UTF-8 bytes or GSM-7 septets.

    A text that GSM-7 cannot write is counted in UTF-16 units, as SMS then sends UCS-2. `x_weighted` is X's
    own business: ask that channel (`X.size`); asking here raises ValueError.
    """
    if measure == "chars":
        return len(text)
    if measure == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    if measure == "bytes":
        return len(text.encode("utf-8", "surrogatepass"))
    if measure == "gsm7":
        if all(char in _GSM7 or char in _GSM7_EXTENDED for char in text):
            return sum(1 if char in _GSM7 else 2 for char in text)
        return size(text, "utf16")
    raise ValueError(f"{measure} is counted by its channel, not here")


# What has so many times more code points than the limit is cut unmeasured: to count all of the rest for each piece
# takes the square of its length.
_SURELY = 16

_GUESSES = 4  # then halves are tried: a text can weigh most where one looks last


def split(text: str, limit: int, count: Callable[[str], int]) -> tuple[str, ...]:
    """Cut a text into pieces of at most `limit` by `count`; joined again they are the text, exactly.

    Cuts fall after a paragraph, else a line, a sentence, a word, else between two user-perceived characters:
    never inside one, unless a single one is longer than the limit.
    """
    pieces: list[str] = []
    rest = text
    while rest and (len(rest) > _SURELY * limit or count(rest) > limit):
        cut = _cut(rest, limit, count)
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return (*pieces, rest) if rest or not pieces else tuple(pieces)


def _cut(text: str, limit: int, count: Callable[[str], int]) -> int:
    """Where the first piece of a text that is too long ends."""
    longest = _longest(text, limit, count)
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, 0, longest)]
        # A cut in the first third would leave a stub: a lesser break further on reads better.
        for end in reversed(ends):
            if end < longest // 3:
                break
            if count(text[:end]) <= limit and not _glued(text, end):
                return end
    return _between_characters(text, longest, lambda cut: count(text[:cut]) <= limit)


def _longest(text: str, limit: int, count: Callable[[str], int]) -> int:
    """The most code points that fit; at least one, or nothing would ever be sent.

    The first tries are where they would be if all weighed the same, which is mostly so: to count is dear.
    """
    low, fits, high = 1, 1, max(2, limit)
    while (over := count(text[:high])) <= limit:
        if high >= len(text):
            return len(text)
        low, fits, high = high, over, high * 2
    high, tries = min(high, len(text)), 0
    while high - low > 1:
        share = (limit - fits) / max(over - fits, 1) if tries < _GUESSES else 0.5
        middle = min(max(low + int((high - low) * share), low + 1), high - 1)
        weight, tries = count(text[:middle]), tries + 1
        if weight <= limit:
            low, fits = middle, weight
        else:
            high, over = middle, weight
    return low


def _between_characters(text: str, at: int, fits: Callable[[int], bool]) -> int:
    """The last boundary between user-perceived characters at or before `at`; `at` itself if there is none.

    It has to fit as well: in GSM-7 less text can be longer, when what forced another alphabet falls away.
    """
    for cut in range(at, max(0, at - 64), -1):
        if not _glued(text, cut) and (cut == at or fits(cut)):
            return cut
    return at


def _glued(text: str, at: int) -> bool:
    """Whether the code points on both sides of a cut belong to one user-perceived character."""
    if at <= 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if before == _JOINER or (before == "\r" and after == "\n"):
        return True
    if after in _JOINERS or unicodedata.category(after) in ("Mn", "Mc", "Me"):
        return True
    code = ord(after)
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return True
    if _HANGUL.fullmatch(before + after):
        return True
    if code in _REGIONAL and ord(before) in _REGIONAL:
        start = at
        while start > 0 and ord(text[start - 1]) in _REGIONAL:
            start -= 1
        return (at - start) % 2 == 1
    return False


_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what no store can hold: NUL and lone surrogates become U+FFFD; the raw bytes stay."""
    return _UNSPEAKABLE.sub("\ufffd", text) if _UNSPEAKABLE.search(text) else text


_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSAFE_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")


def file_name(name: str, *, most: int = 150) -> str:
    """A name for people only: no path, control, invisible or turning characters, at most so many bytes (from 12).

    Cleaning a clean name changes nothing. Never use it as a place to write to.
    """
    while (cleaner := _cleaned_name(name, most)) != name:
        name = cleaner
    return name


def _cleaned_name(name: str, most: int) -> str:
    """Cleaned once: what was taken away may have hidden something else that has to go."""
    bare = _UNSAFE_IN_NAMES.sub("_", _HIDDEN.sub("", name)).strip(" .")
    if _RESERVED.match(bare):
        bare = "_" + bare
    stem, dot, ending = bare.rpartition(".")
    tail = dot + ending if dot and len(ending.encode()) <= 10 else ""
    head = stem if tail else bare
    head = head.encode()[: max(0, most - len(tail.encode()))].decode("utf-8", "ignore")
    return (head.rstrip(" .") + tail).strip(" .")
