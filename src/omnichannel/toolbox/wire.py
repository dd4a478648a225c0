"""Reading what arrives on a wire, within limits, and raising only our own errors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isinf
from typing import TypeGuard, TypeVar
from urllib.parse import parse_qsl

from pydantic_core import from_json, to_json

from omnichannel.errors import Malformed
from omnichannel.model import Event, Unreadable
from omnichannel.toolbox.text import clean

T = TypeVar("T")

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
"""What JSON can hold."""

MOST_BYTES = 4 * 1024 * 1024
"""No platform's webhook comes near this; Meta's largest batches are about 1 MiB."""

_DEEPEST = 64
# To make a union of them anew costs more than to ask.
_NUMBER, _NUMBER_OR_TEXT = (int, float), (int, float, str)
_MOST_OPENED = 400_000  # each takes 64 bytes of memory, and two of a body


def load_json(body: bytes, *, most: int = MOST_BYTES) -> Json:
    """Read JSON; raises Malformed for anything else, for too many bytes or values, and for too deep a nesting.

    Nothing is read by half: a key that stands twice in one object, and numbers that are none (NaN, 1e999), are
    Malformed as well. Text that no store can hold (NUL, lone surrogates) is replaced; the delivery keeps the bytes.
    """
    if len(body) > most:
        raise Malformed(f"{len(body)} bytes of JSON; at most {most} are read")
    opened = body.count(b"{") + body.count(b"[")
    if opened > _MOST_OPENED:
        raise Malformed(f"JSON of more than {_MOST_OPENED} objects and lists")
    # To look for one byte costs a tenth of looking for several: most bodies have no escape at all.
    escaped = b"\\" in body
    value: Json = None
    try:
        value = from_json(body, allow_inf_nan=False, cache_strings="keys")
        whole = _is_whole(body, value, escaped=escaped)
    except ValueError:
        whole = False
    if not whole:
        value = _load_slowly(body)
    # What has fewer brackets than levels cannot be too deep, so that most bodies need no second look.
    if opened > _DEEPEST:
        _check_depth(value)
    # NUL and halves of letters come as escapes, or to the slow reader: most bodies need no second look here either.
    return value if whole and not (escaped and b"\\u0000" in body) else _cleaned(value)


def _is_whole(body: bytes, value: Json, *, escaped: bool) -> bool:
    """Whether what was read is surely all that stands there; at a tenth of what it costs to look at each key.

    The fast reader drops a key that stands there twice, and makes infinity of 1e999. Written again, what it read has
    as many colons as the body: one for each key, and those within texts, unless a text has one as an escape.
    """
    written = to_json(value, inf_nan_mode="constants")
    return (
        written.count(b":") == body.count(b":")
        and not (b"I" in written and b"Infinity" in written)
        and not (escaped and b"\\u003" in body and b"\\u003a" in body.lower())
    )


def _load_slowly(body: bytes) -> Json:
    """Read key by key what is in doubt, or what only the standard allows: lone surrogates, a mark at the start."""
    try:
        found: Json = json.loads(
            body.decode("utf-8-sig"),
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {str(error)[:200]}") from None
    return found


def _refuse(constant: str) -> Json:
    raise Malformed(f"{constant} is not JSON")


def _finite(written: str) -> float:
    value = float(written)
    if isinf(value):
        raise Malformed(f"{written[:40]} is too large a number")
    return value


def _each_once(pairs: list[tuple[str, Json]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise Malformed(f"{twice[:100]!r} stands there twice: which of the two counts, nobody can say")
    return found


def _cleaned(value: Json) -> Json:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list) else value


def _check_depth(value: Json) -> None:
    level: list[Json] = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Malformed(f"JSON nested deeper than {_DEEPEST}")


def load_form(body: bytes, *, most: int = MOST_BYTES) -> dict[str, str]:
    """Read a form-encoded body, empty values kept. Raises Malformed, also where a name has two values."""
    if len(body) > most:
        raise Malformed(f"{len(body)} bytes of form; at most {most} are read")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise Malformed(f"not a form: {error}") from None
    # Decoding replaced what is no letter; what is left to clean is NUL, which is nearly never there.
    with_nul = b"\x00" in body or b"%00" in body
    found = {clean(key): clean(value) for key, value in pairs} if with_nul else dict(pairs)
    if len(found) < len(pairs) and len(found) < len(set(pairs)):
        raise Malformed("a name stands there twice, with two values: which of them counts, nobody can say")
    return found


def is_object(value: Json) -> TypeGuard[dict[str, Json]]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def obj(value: Json, key: str) -> dict[str, Json]:
    """The object under a key, or an empty one: platforms leave out, null and change what has no meaning."""
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def items(value: Json, key: str) -> Iterator[Json]:
    """The items of the list under a key; a lone object counts as a list of one."""
    inner = value.get(key) if isinstance(value, dict) else None
    if isinstance(inner, list):
        yield from inner
    elif isinstance(inner, dict):
        yield inner


def string(value: Json, key: str) -> str:
    """The text under a key; numbers become text (ids are always text), anything else is empty."""
    inner = value.get(key) if isinstance(value, dict) else None
    if isinstance(inner, str):
        return inner
    if inner is None or inner is True or inner is False:
        return ""
    return str(inner) if isinstance(inner, _NUMBER) else ""


def number(value: Json, key: str) -> float | None:
    """The number under a key, also when it was written as text; None if it is none."""
    inner = value.get(key) if isinstance(value, dict) else None
    if inner is None or inner is True or inner is False:
        return None
    try:
        result = float(inner) if isinstance(inner, _NUMBER_OR_TEXT) else None
    except (ValueError, OverflowError):
        return None
    return result if result is not None and abs(result) < 1e18 else None


def need(value: Json, key: str) -> str:
    """The text under a key; raises Malformed naming the key if it is missing or empty."""
    found = string(value, key)
    if not found:
        raise Malformed(f"{key} is missing")
    return found


def guarded(read: Callable[[T], Iterable[Event]], item: T, where: str) -> Sequence[Event]:
    """What one item says, or what is wrong with it, so that it never harms its siblings.

    `where` is its JSON pointer. pydantic's complaints (an id of a thousand letters) are ValueErrors.
    """
    try:
        return tuple(read(item))
    except (Malformed, ValueError) as error:
        return (Unreadable(reason=str(error)[:500], where=where),)
