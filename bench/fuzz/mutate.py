"""Other inputs made of one, with an eye for how it is built: JSON, forms, lines, headers, text; else bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from urllib.parse import parse_qsl, urlencode

from bench.fuzz.wire import head_and_body
from omnichannel.testing.failing import Json
from omnichannel.testing.mutations import NASTY, at, deep, load, paths, replaced, without

MOST_BYTES = 256 * 1024
"""No input is longer: what costs too much at this length costs too much at any."""

TEXTS = (
    b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r\n\r\n", b"<!--]]>", b"%00%ff%u0130", b"${{7*7}}", b"=1+1",
    b"../" * 40, b"9" * 400, b"-1e309", b"NaN", "\u202e\u2066\ufeff".encode(), "İıſﬁ😀".encode(), b"(" * 3000,
    b"=?utf-8?q?=0d=0a?=", b"=?x?b?" * 50, b"@[", b"@@", b'"\\', b";" * 999, b"<" * 999, b"[[" * 400,
    b"&#0;&#x110000;", b"> " * 200, b"xn--a", "\u0660\u0661\u00b2".encode(), b"--", b"+0", b"tel:+",
    b"-" * 5000, b"0x", b"1e400",
)  # fmt: skip
"""What reads well for one reader and badly for the next."""

_FORM = (
    "",
    "-1",
    "9" * 400,
    "\x00",
    "x" * 5000,
    "{}",
    "[",
    "+",
    "+0",
    "whatsapp:",
    "a:b",
    "NaN",
    "\u0660\u0661",
)
_URLS = (
    b"", b"http://[", b"https://a:b@hook.example/x", b"https://hook.example:99999/x", b"https://h\xf6k.example/?%zz=\x00",
    b"https://hook.example/x?" + b"&".join([b"a=b"] * 2000), b"//", b"?hub.mode=subscribe&hub.challenge=<b>",
    b"https://hook.example/x?bodySHA256=\xe9&call=\x00&step=menu",
)  # fmt: skip
_METHODS = (b"GET", b"HEAD", b"PUT", b"get", b"OPTIONS", b"")
_STATUSES = (
    b"0", b"100", b"200", b"204", b"302", b"400", b"401", b"403", b"404", b"409", b"429", b"500", b"503",
)  # fmt: skip
_VALUES = (
    b"", b"\xe9", b"v1,\xe9", b"sha256=", b"x" * 9000, b"application/json", b"text/plain; charset=utf-7", b"=,=",
    b"0", b"-1", b"99999999999999999999", b"v1,v1,v1", b"gzip", b"multipart/form-data; boundary=",
)  # fmt: skip
_NAMES = (
    b"content-type",
    b"webhook-timestamp",
    b"webhook-id",
    b"webhook-signature",
    b"retry-after",
    b"content-length",
)


def mutated(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """An input changed in one to three ways."""
    for _ in range(chance.randint(1, 3)):
        data = _once(data, others, chance)
    return data[:MOST_BYTES]


def mutated_envelope(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """A delivery or an answer: mostly its body is changed, sometimes what stands before it."""
    head, body = head_and_body(data)
    if chance.random() < 0.3:
        head = _head(head, chance)
    if chance.random() < 0.9:
        body = mutated(body, [head_and_body(other)[1] for other in others[:8]], chance)
    return b"\n".join(head) + b"\n\n" + body


def mutated_text(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Words, as UTF-8: as for bytes, and often letters that people or machines mistake for others."""
    found = mutated(data, others, chance)
    if chance.random() < 0.3:
        place = chance.randint(0, len(found))
        letters = "".join(_letter(chance) for _ in range(chance.randint(1, 6)))
        found = found[:place] + letters.encode("utf-8", "surrogatepass") + found[place:]
    return found


def _letter(chance: Random) -> str:
    low, high = chance.choice(
        ((0, 0x20), (0x20, 0x7F), (0x7F, 0x100), (0x100, 0x600), (0x600, 0x3000), (0x3000, 0x11000),
         (0x2000, 0x2070), (0xD800, 0xE000), (0xFE00, 0x10000), (0x1D400, 0x1F700), (0xE0000, 0xE0080))
    )  # fmt: skip
    return chr(chance.randrange(low, high))


def _once(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    ways: list[Callable[[bytes, Sequence[bytes], Random], bytes]] = [
        _cut, _spliced, _turned, _inserted, _pumped, _taken_out,
    ]  # fmt: skip
    value = load(data) if data[:1] in b"{[" else None
    if value:
        ways += [lambda _, __, chance: in_json(value, chance)] * 12 + [_in_the_letters_of_json] * 3
    elif b"=" in data[:100] and b"\n" not in data:
        ways += [_in_form] * 12
    elif data.count(b"\n") > 1:
        ways += [_lines] * 6
    return chance.choice(ways)(data, others, chance)


def _cut(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _spliced(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others) if others else data
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _turned(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)) if found else ():
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _inserted(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + chance.choice(TEXTS) + data[place:]


def _taken_out(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + data[place + chance.randint(1, 20) :]


def _pumped(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    """A piece of it again and again: what looks back at each of them needs the square of the time."""
    place = chance.randint(0, len(data))
    piece = data[place : place + chance.choice((1, 2, 5, 30))] or b" "
    return data[:place] + piece * min(chance.choice((10, 300, 9000)), 60_000 // len(piece)) + data[place:]


def _lines(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Lines left out, doubled, moved, swapped for those of another, and what stands behind a colon changed."""
    lines = data.split(b"\n")
    place = chance.randrange(len(lines))
    what = chance.choice(("drop", "double", "move", "borrow", "value", "value", "fold"))
    if what == "drop":
        del lines[place]
    elif what == "double":
        lines[place:place] = [lines[place]] * chance.choice((1, 2, 50))
    elif what == "move":
        lines.insert(chance.randrange(len(lines)), lines.pop(place))
    elif what == "borrow" and others:
        lines[place] = chance.choice(chance.choice(others).split(b"\n"))
    elif what == "fold":
        lines[place] = b" " + lines[place]
    else:
        name, colon, value = lines[place].partition(b":")
        lines[place] = name + colon + chance.choice((b" " + chance.choice(TEXTS), value * 2, value[::-1]))
    return b"\n".join(lines)


_KEY = re.compile(rb'"[^"\\]{1,40}":')


def _in_the_letters_of_json(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    """What a reader of values cannot write: the same key twice, numbers that are none, a mark at the beginning."""
    keys = [found.span() for found in _KEY.finditer(data[:20_000])]
    what = chance.choice(("double", "double", "constant", "mark", "escape"))
    if what == "mark" or not keys:
        return b"\xef\xbb\xbf" + data
    begin, end = chance.choice(keys)
    if what == "double":
        return (
            data[:begin] + data[begin:end] + chance.choice((b"null,", b'"x",', b"[],", b"1,")) + data[begin:]
        )
    if what == "escape":
        return data[: begin + 1] + b"\\u0000\\ud800" + data[begin + 1 :]
    return data[:end] + chance.choice((b"NaN", b"-Infinity", b"1e999", b"-0", b"9" * 5000)) + data[end:]


def in_json(value: Json, chance: Random) -> bytes:
    """JSON with one value swapped, left out, repeated, moved, renamed or wrapped."""
    ways = list(paths(value))
    way = chance.choice(ways) if ways else ()
    what = chance.choice(("swap", "swap", "swap", "text", "drop", "many", "deepen", "move", "rename"))
    if what == "drop" and way:
        value = without(value, way)
    elif what == "many" and way and isinstance(around := at(value, way[:-1]), list):
        value = replaced(value, way[:-1], [*around, *[at(value, way)] * chance.choice((1, 3, 300))])
    elif what == "deepen":
        value = replaced(value, way, deep(chance.choice((3, 60, 300))))
    elif what == "move":
        value = replaced(value, way, at(value, chance.choice(ways)) if ways else None)
    elif what == "rename" and way and isinstance(around := at(value, way[:-1]), dict):
        value = replaced(value, way[:-1], {**around, str(chance.choice(ways)[-1]): at(value, way)})
    elif what == "text":
        value = replaced(value, way, chance.choice(TEXTS).decode("utf-8", "replace"))
    else:
        value = replaced(value, way, chance.choice(NASTY))
    return json.dumps(value).encode()


def _in_form(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    pairs = parse_qsl(data.decode("latin-1"), keep_blank_values=True) or [("a", "b")]
    place = chance.randrange(len(pairs))
    name, value = pairs[place]
    what = chance.choice(("swap", "swap", "drop", "double", "rename"))
    if what == "drop":
        del pairs[place]
    elif what == "double":
        pairs.append((name, value + "0"))
    elif what == "rename":
        pairs[place] = (chance.choice(pairs)[0], value)
    else:
        pairs[place] = (name, chance.choice(_FORM))
    return urlencode(pairs, errors="surrogatepass").encode()


def _head(lines: list[bytes], chance: Random) -> list[bytes]:
    """Another address, method or status; headers changed, left out, doubled and added."""
    first, *headers = lines
    words = first.split(b" ", 2)
    if len(words) == 3 and chance.random() < 0.5:
        words[2] = chance.choice(_URLS)
    elif len(words) == 3 and chance.random() < 0.3:
        words[1] = chance.choice(_METHODS)
    elif len(words) == 2:
        words = [chance.choice(_STATUSES), chance.choice((b"", b"", b"in_doubt", b"not_sent"))]
    what = chance.choice(("value", "drop", "double", "add"))
    if headers and what == "value":
        place = chance.randrange(len(headers))
        headers[place] = headers[place].partition(b": ")[0] + b": " + chance.choice(_VALUES)
    elif headers and what == "drop":
        del headers[chance.randrange(len(headers))]
    elif headers and what == "double":
        headers.append(chance.choice(headers))
    else:
        headers.append(chance.choice(_NAMES) + b": " + chance.choice(_VALUES))
    return [b" ".join(words), *headers]
