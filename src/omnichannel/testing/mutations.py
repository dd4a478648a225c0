"""What becomes of bodies on the way, or in hostile hands: cut, spliced, bits turned, values swapped and left out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import cast
from urllib.parse import parse_qsl, urlencode

from hypothesis import strategies as st

from omnichannel.testing.failing import Json

Path = tuple[str | int, ...]
"""The way to a value: keys and positions."""

NASTY: tuple[Json, ...] = (
    None, True, 0, -1, 1e300, 10**30, "", "x" * 5000, "a:b", "é\u0000", "\ud800", "2026-13-45T99:99:99Z",
    [], {}, [None], {"x": []}, [["x"]],
)  # fmt: skip
"""What a value can turn into when a platform changes its mind, or somebody means harm."""

_DEEPEST_BUILT = 400


def paths(value: Json, way: Path = (), deepest: int = 8) -> Iterator[Path]:
    """The way to every value inside, outer ones first."""
    if len(way) >= deepest:
        return
    inner: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, _ in inner:
        yield (*way, key)
    for key, one in inner:
        yield from paths(one, (*way, key), deepest)


def at(value: Json, way: Path) -> Json:
    """The value at the end of a way."""
    for key in way:
        value = value[key]  # type: ignore[index]  # the way leads there
    return value


def replaced(value: Json, way: Path, other: Json) -> Json:
    """A copy with another value at the end of a way."""
    if not way:
        return other
    found = copy.deepcopy(value)
    at(found, way[:-1])[way[-1]] = other  # type: ignore[index]
    return found


def without(value: Json, way: Path) -> Json:
    """A copy without what is at the end of a way."""
    found = copy.deepcopy(value)
    del at(found, way[:-1])[way[-1]]  # type: ignore[union-attr, arg-type]
    return found


OTHERS: tuple[Json, ...] = (None, 7, "a\u0000\ud800", [], {}, [None], "x" * 2000)
"""What a value of another type is."""


def spoiled(item: Json, most: int) -> Iterator[Json]:
    """An item in so many ways that something in it is missing or of another type; spread over all of it."""
    ways = list(paths(item, deepest=5))
    changes = len(ways) * (1 + len(OTHERS))
    for number in range(0, changes, max(1, changes // most)):
        way, which = ways[number // (1 + len(OTHERS))], number % (1 + len(OTHERS))
        yield replaced(item, way, OTHERS[which - 1]) if which else without(item, way)


def peppered(body: bytes, most: int) -> Iterator[bytes]:
    """A body that is no JSON, with what does not belong there in many places."""
    for number in range(most):
        place = len(body) * number // most
        yield body[:place] + (b"\x00", b"\xff\xfe", b"\r\n", b"%00%ff", b"<", b"&")[number % 6] + body[place:]


def deep(levels: int = _DEEPEST_BUILT) -> Json:
    """Lists within lists."""
    found: Json = []
    for _ in range(levels):
        found = [found]
    return found


def load(body: bytes) -> Json | None:
    """The body as JSON; None if it is none, too deep to be read, or nothing with an inside."""
    try:
        found: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


@st.composite
def damaged(draw: st.DrawFn, bodies: tuple[bytes, ...]) -> bytes:
    """One of the bodies, damaged in one to three ways."""
    body = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(1, 3))):
        body = draw(_once(body, bodies))
    return body


def _once(body: bytes, bodies: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    ways = [_cut(body), _spliced(body, bodies), _turned(body)]
    value = load(body)
    if value:
        ways += [_in_json(value)] * 3
    elif b"=" in body and b"\n" not in body:
        ways += [_in_form(body)] * 3
    return st.one_of(ways)


def _cut(body: bytes) -> st.SearchStrategy[bytes]:
    return st.integers(0, len(body)).map(lambda at: body[:at])


@st.composite
def _spliced(draw: st.DrawFn, body: bytes, bodies: tuple[bytes, ...]) -> bytes:
    other = draw(st.sampled_from(bodies))
    return body[: draw(st.integers(0, len(body)))] + other[draw(st.integers(0, len(other))) :]


@st.composite
def _turned(draw: st.DrawFn, body: bytes) -> bytes:
    found = bytearray(body)
    for _ in range(draw(st.integers(1, 4))) if found else ():
        found[draw(st.integers(0, len(found) - 1))] = draw(st.integers(0, 255))
    return bytes(found)


@st.composite
def _in_json(draw: st.DrawFn, value: Json) -> bytes:
    ways = list(paths(value))
    way = draw(st.sampled_from(ways)) if ways else ()
    what = draw(st.sampled_from(["swap", "swap", "swap", "drop", "double", "deepen", "move"]))
    if what == "drop" and way:
        value = without(value, way)
    elif what == "double" and way and isinstance(at(value, way[:-1]), list):
        around = copy.deepcopy(at(value, way[:-1]))
        value = replaced(value, way[:-1], [*cast("list[Json]", around), at(value, way)])
    elif what == "deepen":
        value = replaced(value, way, deep())
    elif what == "move":
        value = replaced(value, way, at(value, draw(st.sampled_from(ways)) if ways else ()))
    else:
        value = replaced(value, way, draw(st.sampled_from(NASTY)))
    return json.dumps(value).encode()


@st.composite
def _in_form(draw: st.DrawFn, body: bytes) -> bytes:
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True) or [("a", "b")]
    at_ = draw(st.integers(0, len(pairs) - 1))
    what = draw(st.sampled_from(["swap", "drop", "double", "rename"]))
    name, value = pairs[at_]
    if what == "swap":
        pairs[at_] = (
            name,
            str(draw(st.sampled_from(["", "-1", "9" * 400, "\x00", "é\udc80", "x" * 5000, "{}", "["]))),
        )
    elif what == "drop":
        del pairs[at_]
    elif what == "double":
        pairs.append((name, value + "0"))
    else:
        pairs[at_] = (name + "0", value)
    return urlencode(pairs, errors="surrogatepass").encode()
