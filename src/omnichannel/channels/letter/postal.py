"""Postal addresses: finding them in the lines of a letter, and giving each its one spelling.

Known by their postcodes: Dutch, British, American, and those of four or five digits before the town (Germany, France,
Belgium, Austria, Switzerland, Denmark, …). What nothing here recognises is no address, and that is no harm: somebody
who is not recognised is a stranger, and never somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from omnichannel.channels.letter.phrases import CLOSING, NOT_AN_ADDRESS, SALUTATION
from omnichannel.channels.letter.reading import Line
from omnichannel.model import Address, Party

KIND = "letter"
MOST_LINES = 6
"""What fits in a window (DIN 5008: six lines)."""

_TOWN = r"(?P<town>[^\W\d_][^\d,;:|]{1,40}?)"
_POSTCODES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Dutch: never SA, SD or SS (PostNL).
    ("NL", re.compile(rf"^(?:NL-?)?(?P<code>[1-9]\d{{3}}\s?(?!S[ADS])[A-Z]{{2}})[\s,]+{_TOWN}$")),
    ("GB", re.compile(rf"^(?:{_TOWN}[\s,]+)?(?P<code>[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}})$")),
    ("US", re.compile(rf"^{_TOWN},?\s+(?P<code>[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)$")),
    ("DE", re.compile(rf"^D-(?P<code>\d{{5}})\s+{_TOWN}$")),
    ("BE", re.compile(rf"^B-(?P<code>[1-9]\d{{3}})\s+{_TOWN}$")),
    ("CH", re.compile(rf"^CH-(?P<code>[1-9]\d{{3}})\s+{_TOWN}$")),
    ("AT", re.compile(rf"^A-(?P<code>[1-9]\d{{3}})\s+{_TOWN}$")),
    ("", re.compile(rf"^(?P<code>\d{{5}}|[1-9]\d{{3}})\s+(?=[^\W\d_a-z]){_TOWN}$")),
)

_COUNTRIES = {
    "nederland": "NL", "the netherlands": "NL", "netherlands": "NL", "niederlande": "NL", "pays-bas": "NL",
    "united kingdom": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "uk": "GB",
    "united states": "US", "united states of america": "US", "usa": "US", "u.s.a.": "US",
    "deutschland": "DE", "germany": "DE", "duitsland": "DE", "allemagne": "DE",
    "belgië": "BE", "belgie": "BE", "belgium": "BE", "belgique": "BE", "belgien": "BE",
    "france": "FR", "frankrijk": "FR", "frankreich": "FR",
    "österreich": "AT", "austria": "AT", "oostenrijk": "AT",
    "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "switzerland": "CH", "zwitserland": "CH",
    "luxembourg": "LU", "luxemburg": "LU", "danmark": "DK", "denmark": "DK", "denemarken": "DK",
}  # fmt: skip

_BOX = re.compile(r"(?i)^(?:postbus|p\.?\s?o\.? ?box|postfach|antwoordnummer|boîte postale|bp|freepost)\s*\d")
_STREET = re.compile(
    r"(?i)^(?=.*[^\W\d_]{2})(?:.*[^\d\s]\s*\d{1,5}\s?(?:[a-z]|[-/+]\s?\w{1,6}|bis|ter|hs|[IVX]+)?(?:\s?\w{1,3})?|\d{1,5}[a-z]?,?\s+\S.*)$"
)
_TO = re.compile(r"(?i)^(?:aan|to|an|à)\s*:?$")
_TITLE = re.compile(
    r"(?i)^(?:de heer|dhr|mevrouw|mevr|mw|mr|mrs|ms|miss|herrn?|frau|monsieur|madame|m|mme|fam|familie|family)"
    r"\.?\s+(?=\S)"
)
_SEPARATORS = re.compile(r"\s*[·•|●▪]\s*|\s+[-–—]\s+|\s*,\s+")

_BESIDE, _BELOW = 12.0, 9.0  # millimetres within which lines are of one block


@dataclass(frozen=True)
class Block:
    """One postal address in a letter. `first` and `last` are the numbers of its lines; `lines` are as printed."""

    first: int
    last: int
    x: float
    y: float
    page: int
    lines: tuple[str, ...]
    code: str
    country: str

    @property
    def name(self) -> str:
        """Who lives there, as printed: the first line."""
        return next(iter(self.lines), "")

    @property
    def in_window(self) -> bool:
        """Whether it stands where a window shows it: the recipient's place (DIN 5008, both forms, left or right)."""
        return self.page == 0 and 36.0 <= self.y <= 92.0

    @property
    def party(self) -> Party:
        """Who lives there: the address as identity compares it, the name, and the lines to write to."""
        name = _TITLE.sub("", self.name)
        return Party(address=address_of(self.lines), name=name, written="\n".join(self.lines))


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Every address in the lines of a letter, in their order."""
    found: list[Block] = []
    for number, line in enumerate(lines):
        block = _in_one_line(number, line) or _above(lines, number)
        if block is not None and not any(block.first <= known.last for known in found if known.x == block.x):
            found.append(block)
    return found


def _in_one_line(number: int, line: Line) -> Block | None:
    """A sender's address in one small row, as it stands above a window."""
    pieces = tuple(piece.strip(" .") for piece in _SEPARATORS.split(line.text) if piece.strip(" ."))
    if not 3 <= len(pieces) <= 6:
        return None
    for at in range(2, len(pieces)):
        known = _postcode(pieces[at])
        if known and _is_street(pieces[at - 1]):
            return Block(number, number, line.x, line.y, line.page, pieces[: at + 1], *known)
    return None


def _above(lines: Sequence[Line], number: int) -> Block | None:
    """The address that ends in this line: its postcode, the street above it, and who lives there."""
    end = lines[number]
    known = _postcode(end.text)
    if known is None:
        return None
    above = list(_upwards(lines, number))
    street = next((at for at, index in enumerate(above[:3]) if _is_street(lines[index].text)), None)
    if street is None:
        return None
    rows = [*reversed(above[: street + 3]), number]
    below = _downwards(lines, number)
    country = _COUNTRIES.get(lines[below].text.lower().strip(" .,"), "") if below is not None else ""
    if below is not None and country:
        rows.append(below)
    first = lines[rows[0]]
    written = tuple(lines[index].text.strip(" ,") for index in rows)
    return Block(rows[0], rows[-1], first.x, first.y, first.page, written, known[0], country or known[1])


def _upwards(lines: Sequence[Line], number: int) -> Iterator[int]:
    """The lines of the same block above one, from the nearest up."""
    last = lines[number]
    for index in range(number - 1, -1, -1):
        line = lines[index]
        if line.page != last.page or last.y - line.y > _BELOW:
            return
        if abs(line.x - lines[number].x) > _BESIDE or last.y - line.y < 1.0:
            continue
        if _ends_a_block(line.text) or _in_one_line(index, line):
            return
        yield index
        last = line


def _downwards(lines: Sequence[Line], number: int) -> int | None:
    """The line of the same block right below one."""
    at = lines[number]
    for index in range(number + 1, min(number + 4, len(lines))):
        line = lines[index]
        if line.page == at.page and 1.0 < line.y - at.y <= _BELOW and abs(line.x - at.x) <= _BESIDE:
            return index
    return None


def _ends_a_block(text: str) -> bool:
    found = NOT_AN_ADDRESS.search(text) or SALUTATION.match(text) or CLOSING.match(text) or _TO.match(text)
    return bool(found) or len(text) > 60 or _postcode(text) is not None


def _is_street(text: str) -> bool:
    return (
        len(text) <= 60 and bool(_BOX.match(text) or _STREET.match(text)) and not NOT_AN_ADDRESS.search(text)
    )


def _postcode(text: str) -> tuple[str, str] | None:
    """The postcode that a line is about, in one spelling, and its country if that is sure."""
    bare = text.strip(" .,")
    for country, pattern in _POSTCODES:
        match = pattern.match(bare)
        if match:
            return re.sub(r"\s", "", match["code"]), country
    return None


def address_of(lines: Sequence[str]) -> Address:
    """The one spelling of an address: titles, case, spaces and punctuation make no difference, all else does."""
    rows = [row for row in (line.strip() for line in lines) if row]
    country = ""
    if len(rows) > 1 and (code := _COUNTRIES.get(rows[-1].lower().strip(" .,"))):
        country, rows = code, rows[:-1]
    written = [_plain(_TITLE.sub("", rows[0])), *(_plain(row) for row in rows[1:])] if rows else []
    known = _postcode(rows[-1]) if rows else None
    if known:
        written[-1] = _town_first(rows[-1], known[0])
        country = country or known[1]
    return Address(
        kind=KIND, value=", ".join([*filter(None, written), *([country] if country else [])])[:1024]
    )


_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def _plain(text: str) -> str:
    # Only ASCII is folded: other letters that look alike are other people's (see `identity.addresses`).
    return re.sub(r"[\s.,;:'’`]+", " ", text.translate(_LOWER)).strip()


def _town_first(text: str, code: str) -> str:
    """`3511 LX Utrecht` and `3511LX  UTRECHT` are one."""
    for _, pattern in _POSTCODES:
        match = pattern.match(text.strip(" .,"))
        if match:
            return f"{code} {_plain(match['town'] or '')}".strip()
    return _plain(text)


def names_nobody(line: str) -> bool:
    """Whether an address begins with its street, so that it says where and not who."""
    return _is_street(line)


_LONGEST_LINE = 200


def same_place(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two addresses are of the same house, as OCR makes one out of the other; for our own address alone."""
    street, town = (next((row for row in other if test(row)), "") for test in (_is_street, _postcode))
    return bool(street and town) and all(any(same_name(row, line) for line in one) for row in (street, town))


def same_name(one: str, other: str) -> bool:
    """Whether two lines are nearly the same, as OCR makes one out of the other; for our own address alone."""
    return _likeness(_plain(one), _plain(other)) >= 0.85


def _likeness(one: str, other: str) -> float:
    if max(len(one), len(other)) > _LONGEST_LINE:
        return float(one == other)  # comparing takes the square of the length, and no line of ours is so long
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
