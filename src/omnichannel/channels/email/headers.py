"""The header of a mail or of one of its parts: fields in their order, and the forms their values take.

Reading a value never raises; what is too long was cut by the reader (`mime`), which notes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.words import readable
from omnichannel.toolbox import from_iso

_ID = re.compile(r"<[^<>\s]{1,996}>")
_FOLDED_ID = re.compile(r"<[^<>]{1,996}>")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_WINDOWS_PATH = re.compile(r"[A-Za-z]:\\")
_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,100}/[\w!#$&^.+*-]{1,100})")
_SPLIT_NAME = re.compile(r"^(.+?)(?:\*(\d{1,2}))?(\*)?$")
# Months as programs write them that take them from the system, by their first four letters (German, French, Dutch,
# Spanish, Italian); those that begin as in English need none.
_MONTHS = {
    "janv": "Jan", "jän": "Jan", "ene": "Jan", "ener": "Jan", "gen": "Jan", "genn": "Jan", "févr": "Feb",
    "fév": "Feb",
    "mrz": "Mar", "mär": "Mar", "märz": "Mar", "mars": "Mar", "mrt": "Mar", "avr": "Apr", "avri": "Apr", "abr": "Apr",
    "mai": "May", "mei": "May", "mag": "May", "juin": "Jun", "giu": "Jun", "juil": "Jul", "lug": "Jul", "août": "Aug",
    "ago": "Aug", "set": "Sep", "okt": "Oct", "ott": "Oct", "dez": "Dec", "déc": "Dec", "dic": "Dec",
}  # fmt: skip
_MONTH = re.compile(r"(?<=\d )[^\W\d_]{3,10}\.?(?= \d{2})")
# Beside those of RFC 5322, 4.3, what mail of today has; each means one thing only.
_ZONES = {
    "CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200", "WEST": "+0100", "EET": "+0200",
    "EEST": "+0300", "MSK": "+0300", "JST": "+0900", "KST": "+0900", "HKT": "+0800", "AEST": "+1000",
    "AEDT": "+1100", "NZST": "+1200", "NZDT": "+1300",
}  # fmt: skip
_ZONE = re.compile(r" ([A-Z]{3,4})$")
_UTC_OFFSET = re.compile(r"\b(?:GMT|UTC|UT) ?([+-]\d{4})\b")
_MOST_IDS = 1000


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in their order: name in lower case, value unfolded, 8-bit bytes as surrogates."""

    fields: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str:
        """The first value of that name as it stands, empty if there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of that name as it stands, topmost first."""
        return [value for key, value in self.fields if key == name]

    def word(self, name: str) -> str:
        """The first value of that name for a machine: trimmed, lower case, without what follows a semicolon."""
        return self.first(name).partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Structured:
    """A value with parameters, such as Content-Type: `value` in lower case, parameters by lower-case name."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    def parameter(self, name: str) -> str:
        """A parameter, decoded; empty if there is none."""
        return self.parameters.get(name, "")


def structured(value: str) -> Structured:
    """Read a value with parameters (RFC 2045), continued and encoded ones (RFC 2231) put together."""
    head = value.partition(";")[0].strip().lower()
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, quoted, bare in _PARAMETER.findall(_uncommented(value))[:300]:
        split = _SPLIT_NAME.match(name.lower())
        key, number, starred = split.groups() if split else (name.lower(), None, None)
        text = _unquoted(quoted) if quoted else bare.strip()
        pieces.setdefault(key, []).append((int(number or 0), bool(starred), text))
    return Structured(head, {key: _assembled(found) for key, found in pieces.items()})


def _unquoted(text: str) -> str:
    """A quoted string without its quoting; the path of a Windows program, which never quotes, as its last name."""
    if _WINDOWS_PATH.match(text) and "\\\\" not in text:
        return text.rpartition("\\")[2]
    return re.sub(r"\\(.)", r"\1", text)


def _uncommented(value: str) -> str:
    """Parameters without trailing comments, as in `charset=utf-8 (Unicode)`; file names keep their brackets."""
    return re.sub(r"(=\s*[^\s\"();]+)\s+\([^()]*\)\s*(?=;|$)", r"\1", value) if "(" in value else value


def _assembled(found: list[tuple[int, bool, str]]) -> str:
    """One parameter out of its pieces, in the order of their numbers, the first of each number."""
    first = {number: (starred, text) for number, starred, text in reversed(found)}
    pieces = [first[number] for number in sorted(first)]
    if not any(starred for starred, _ in pieces):
        return readable("".join(text for _, text in pieces))
    charset, mark, head = pieces[0][1].partition("'")
    _, second, rest = head.partition("'")
    texts = [(pieces[0][0], rest if second else pieces[0][1]), *pieces[1:]]
    data = b"".join(
        unquote_to_bytes(text.encode("utf-8", "surrogateescape"))
        if starred
        else text.encode("utf-8", "surrogateescape")
        for starred, text in texts
    )
    return to_text(data, charset if mark and second else "")


def media_type(value: str, default: str = "text/plain") -> str:
    """The type that a Content-Type names, in lower case; the default for what is none (RFC 2045, 5.2)."""
    found = _TYPE.match(value)
    return found[1].lower() if found else default


def ids(values: Iterable[str]) -> list[str]:
    """Message ids in angle brackets, in order; a bare `a@b` is given its brackets. At most 1,000."""
    found: list[str] = []
    for value in values:
        # Some senders encode ids as words, which breaks threads elsewhere but need not here.
        text = readable(value) if "=?" in value else value
        exact = _ID.findall(text) or ["".join(one.split()) for one in _FOLDED_ID.findall(text)]
        found += exact or [
            f"<{bare}>" for bare in text.strip("<> \t").split() if "@" in bare and len(bare) < 990
        ]
    return [_storable(one) for one in found[:_MOST_IDS]]


def _storable(text: str) -> str:
    return to_text(text.encode("utf-8", "surrogateescape"))


def _english(text: str) -> str:
    """A date as RFC 5322 writes it: months in English, zones as numbers."""
    named = _MONTH.sub(lambda found: _MONTHS.get(found[0].lower()[:4].rstrip("."), found[0]), text)
    numbered = _UTC_OFFSET.sub(r"\1", named)
    zone = _ZONE.search(numbered)
    if zone and zone[1] in _ZONES:
        return f"{numbered[: zone.start(1)]}{_ZONES[zone[1]]}"
    return numbered


def moment(value: str) -> datetime | None:
    """A Date in UTC; None for what is no date, or outside the years 1990 to 2100."""
    text = " ".join(readable(value[:200]).split())
    try:
        found = from_iso(text) or parsedate_to_datetime(_english(text))
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return found if 1990 <= found.year <= 2100 else None
