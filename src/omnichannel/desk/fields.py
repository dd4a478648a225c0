"""Fields of one's own: whether a value fits what the plan declares, and how values are compared."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from pydantic import JsonValue

from omnichannel.errors import NotFound, UsageError
from omnichannel.model.desk.fields import CustomField

_LONGEST_LINK = 500


def fitted(fields: Mapping[str, CustomField], given: Mapping[str, object]) -> dict[str, JsonValue]:
    """Values as they are kept; None takes one away.

    Raises NotFound for a field that the plan does not declare, UsageError for what does not fit.
    """
    found: dict[str, JsonValue] = {}
    for name, value in given.items():
        if value is None:
            found[name] = None
            continue
        declared = fields.get(name)
        if declared is None:
            raise NotFound(_undeclared(name, fields))
        found[name] = _fitted(name, declared, value)
    return found


def misfit(fields: Mapping[str, CustomField], name: str, value: JsonValue) -> str:
    """Why a value that is kept does not fit what is declared by now; empty if it does."""
    try:
        fitted(fields, {name: value})
    except (NotFound, UsageError) as error:
        return str(error)
    return ""


def word(value: object) -> str:
    """A value as it is compared: `true`, `7`, `2.5`, `2026-11-22`, a text as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _undeclared(name: str, fields: Mapping[str, CustomField]) -> str:
    return f"the plan declares no field {name!r} here; there are: {', '.join(sorted(fields)) or 'none'}"


def _fitted(name: str, field: CustomField, value: object) -> JsonValue:
    match field.type:
        case "text":
            return _text(name, value, field.longest)
        case "number":
            return _number(name, field, value)
        case "date":
            return _day(name, value)
        case "choice":
            return _choice(name, field, value)
        case "several":
            return _several(name, field, value)
        case "boolean":
            if not isinstance(value, bool):
                raise _wrong(name, value, "say true or false")
            return value
        case "link":
            return _link(name, value)


def _text(name: str, value: object, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, value, "give some words, or None to empty it")
    if "\0" in value or len(value) > longest:
        raise UsageError(f"{name}: it has at the most {longest} characters, none of them NUL; shorten it")
    return value


def _number(name: str, field: CustomField, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(name, value, "give a number")
    least = -math.inf if field.least is None else field.least
    most = math.inf if field.most is None else field.most
    if not max(least, -(2.0**53)) <= value <= min(most, 2.0**53):
        raise _wrong(name, value, f"give a number from {least:g} to {most:g}, of at the most 15 digits")
    return value


def _day(name: str, value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise _wrong(name, value, "give a day, such as date(2026, 11, 22) or '2026-11-22'") from None


def _choice(name: str, field: CustomField, value: object) -> str:
    if not isinstance(value, str) or value not in field.choices:
        raise _wrong(name, value, f"choose one of: {', '.join(field.choices)}")
    return value


def _several(name: str, field: CustomField, value: object) -> list[JsonValue]:
    several = list(value) if isinstance(value, list | tuple | set | frozenset) else []
    if not several or not all(one in field.choices for one in several):
        raise _wrong(name, value, f"give a list with some of: {', '.join(field.choices)}")
    return [one for one in field.choices if one in several]


def _link(name: str, value: object) -> str:
    cure = f"give an address that begins with https:// or http://, of at the most {_LONGEST_LINK} characters"
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise _wrong(name, value, cure)
    if not isinstance(value, str) or len(value) > _LONGEST_LINK or any(one <= " " for one in value):
        raise _wrong(name, value, cure)
    return value


def _wrong(name: str, value: object, cure: str) -> UsageError:
    return UsageError(f"{name}: {str(value)[:60]!r} does not fit; {cure}")
