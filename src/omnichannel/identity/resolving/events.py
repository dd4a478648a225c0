"""Reading a stream of events: who wrote on which channel, by which identifiers, and how well each is proven.

Two layouts are read: one JSON object a line (`record_id`, `ts`, `channel`, `ids` of `type`, `value` and `strength`,
`name`, `address`), and a table whose identifiers have a column for the value and one called `…_strength` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from omnichannel.identity import tables
from omnichannel.model import Strength

PLACE = ("street", "city", "postcode", "country")
"""What a postal address is made of, in both layouts."""

_SUFFIX = "_strength"
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier in an event, as it was written, and how well its control by the sender is proven."""

    type: str
    value: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Event:
    """One message, call, visit or order. `at` is in microseconds since 1970 (UTC).

    `name` is what the sender calls themselves ("" for nothing). `place` holds those of `PLACE` that are said.
    """

    id: str
    at: int
    channel: str = ""
    identifiers: tuple[Identifier, ...] = ()
    name: str = ""
    place: tuple[tuple[str, str], ...] = ()


def without(events: Iterable[Event], dropped: Collection[str]) -> list[Event]:
    """The events without what these say: identifiers by their type, the `name`, the `address`.

    Raises ValueError for what no event has.
    """
    several = list(events)
    known = {"address", "name", *(one.type for event in several for one in event.identifiers)}
    if unknown := set(dropped) - known:
        raise ValueError(f"no event has {min(unknown)}; there are {', '.join(sorted(known))}")
    return [_without(event, dropped) for event in several] if dropped else several


def _without(event: Event, dropped: Collection[str]) -> Event:
    return replace(
        event,
        identifiers=tuple(one for one in event.identifiers if one.type not in dropped),
        name="" if "name" in dropped else event.name,
        place=() if "address" in dropped else event.place,
    )


def is_event_table(headings: Sequence[str]) -> bool:
    """Whether a table with these headings holds events: identifiers with a strength, in the order of time."""
    return "ts" in headings and any(_value_of(heading) in headings for heading in headings)


def read_lines(lines: Iterable[str]) -> Iterator[Event]:
    """Events from JSON lines; empty lines are passed over. Raises ValueError, naming the line, for what is none."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _from_json(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise ValueError(f"line {number} is no event: {_reason(error)}") from None


def read_table(lines: Iterable[str]) -> Iterator[Event]:
    """Events from a table with headings (CSV). Raises ValueError, naming the row, for what is none."""
    found = tables.rows(lines)
    _, headings = next(found, (0, []))
    types = [_value_of(heading) for heading in headings if _value_of(heading)]
    for number, cells in enumerate((cells for _, cells in found if cells), 1):
        try:
            yield _from_row(dict(zip(headings, cells, strict=False)), types)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"row {number} is no event: {_reason(error)}") from None


def _value_of(heading: str) -> str:
    return heading.removesuffix(_SUFFIX) if heading.endswith(_SUFFIX) else ""


def _reason(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def _from_json(said: Mapping[str, object]) -> Event:
    ids, place = said.get("ids") or [], said.get("address") or {}
    if not isinstance(ids, list) or not isinstance(place, dict):
        raise TypeError("ids is a list of objects, and address an object")
    return Event(
        _text(said["record_id"]),
        _moment(_text(said["ts"])),
        _text(said.get("channel")),
        tuple(_identifier(one) for one in ids),
        _text(said.get("name")),
        _place(place),
    )


def _identifier(said: Mapping[str, object]) -> Identifier:
    return Identifier(_text(said["type"]), _text(said["value"]), _strength(_text(said["strength"])))


def _from_row(row: Mapping[str, str], types: Sequence[str]) -> Event:
    ids = tuple(
        Identifier(name, row[name].strip(), _strength(row[name + _SUFFIX])) for name in types if row.get(name)
    )
    return Event(
        row["record_id"],
        _moment(row["ts"]),
        row.get("channel") or "",
        ids,
        row.get("name") or "",
        _place(row),
    )


def _strength(word: str) -> Strength:
    try:
        return Strength(word.strip().lower())
    except ValueError:
        known = ", ".join(Strength)
        raise ValueError(f"{word!r} is no strength; there are {known}") from None


def _place(said: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((part, _text(said[part])) for part in PLACE if _text(said.get(part)))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _moment(text: str) -> int:
    """ISO 8601; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no moment; write 2026-03-01T09:30:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * _SECOND)
