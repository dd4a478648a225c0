"""`python -m bench fuzz [--runs N] [--seed S] [KIND …]`: recorded deliveries in hostile hands, as many as you like.

Each run changes a recorded delivery (its body with an eye for its structure, its headers, address or method) and
gives it to `admit`, bare and signed anew, and to `parse`. Nothing but Forged and Malformed may be raised, nothing
that nobody signed may be kept, and every event can be stored. The same seed makes the same runs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from bench.contract import files
from omnichannel.channel import Channel, Delivery
from omnichannel.errors import Forged, Malformed
from omnichannel.testing.cases import Case
from omnichannel.testing.discover import contracts
from omnichannel.testing.failing import Json
from omnichannel.testing.mutations import NASTY, at, deep, load, paths, replaced, without
from omnichannel.testing.subject import Subject

RUNS = 2_000
"""Of each kind, if nobody says how many: some seconds each."""

SLOW = 1.0
"""Seconds of CPU for one small delivery: what takes longer is a fault, too."""

_TEXTS = (
    b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r\n\r\n", b"<!--]]>", b"%00%ff%u0130", b"${{7*7}}", b"=1+1",
    b"../" * 40, b"9" * 400, b"-1e309", b"NaN", "\u202e\u2066\ufeff".encode(), "İıſﬁ😀".encode(), b"(" * 3000,
)  # fmt: skip
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
    "", "http://[", "https://a:b@hook.example/x", "https://hook.example:99999/x", "https://hök.example/é?%zz=\x00",
    "https://hook.example/x?" + "&".join("a=b" for _ in range(2000)), "//", "?hub.mode=subscribe&hub.challenge=<b>",
    "https://hook.example/x?bodySHA256=é&call=\x00&step=menu",
)  # fmt: skip


@dataclass
class Tally:
    """What became of the runs of one kind."""

    kind: str
    runs: int = 0
    refused: int = 0
    read: int = 0
    events: int = 0
    worst: float = 0.0
    slowest: bytes = field(default=b"", repr=False)
    holes: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing gave way."""
        return not self.holes and self.worst < SLOW

    def hole(self, what: str, delivery: Delivery) -> None:
        """Remember the first delivery that shows it."""
        shown = f"{delivery.method} {delivery.url[:200]} {delivery.headers!r:.300} {delivery.body[:600]!r}"
        self.holes.setdefault(what, shown)


def subjects(kinds: Sequence[str]) -> Iterator[Subject]:
    """The contract of each kind that is asked for; of all without one."""
    known: set[str] = set()
    for file in files():
        for contract in contracts(file):
            subject = contract().subject()
            kind = subject.kind.kind
            if kind not in known and (kind in kinds or not kinds) and subject.received:
                known.add(kind)
                yield subject


def fuzz(subject: Subject, runs: int, seed: int) -> Tally:
    """So many changed deliveries, for one kind."""
    chance = random.Random(f"{seed} {subject.kind.kind}")
    tally, channel = Tally(subject.kind.kind), subject.channel()
    bodies = [case.delivery.body for case in subject.received]
    for _ in range(runs):
        case = chance.choice(subject.received)
        delivery = _changed(case.delivery, bodies, chance)
        tally.runs += 1
        started = time.process_time()
        _parse(tally, case, channel, delivery)
        if subject.has_webhook:
            _admit(tally, subject, channel, delivery)
        took = time.process_time() - started
        if took > tally.worst:
            tally.worst, tally.slowest = took, delivery.body
    return tally


def _parse(tally: Tally, case: Case, channel: Channel, delivery: Delivery) -> None:
    try:
        events = list(case.seen_by(channel).parse(delivery))
        for event in events:
            event.model_dump_json().encode()
    except Malformed:
        tally.refused += 1
    except Exception as error:
        tally.hole(f"parse raised {type(error).__name__}: {str(error)[:150]}", delivery)
    else:
        tally.read += 1
        tally.events += len(events)


def _admit(tally: Tally, subject: Subject, channel: Channel, delivery: Delivery) -> None:
    """Nobody signed it; and signed as the platform would sign it, for what is looked at only then."""
    try:
        if channel.admit(delivery).keep and delivery.source == "webhook":
            tally.hole("admit kept what nobody signed", delivery)
    except (Forged, Malformed):
        pass
    except Exception as error:
        tally.hole(f"admit raised {type(error).__name__}: {str(error)[:150]}", delivery)
    try:
        proven = subject.sign(delivery, subject.secret(0))
    except Exception:
        return  # the platform could not have sent this
    try:
        channel.admit(proven)
    except (Forged, Malformed):
        pass
    except Exception as error:
        tally.hole(f"admit of what is signed raised {type(error).__name__}: {str(error)[:150]}", proven)


def _changed(delivery: Delivery, bodies: Sequence[bytes], chance: random.Random) -> Delivery:
    body = delivery.body
    for _ in range(chance.randint(1, 3)):
        body = _damaged(body, bodies, chance)
    changes: dict[str, object] = {"body": body}
    if chance.random() < 0.15:
        changes["url"] = chance.choice(_URLS)
    if chance.random() < 0.1:
        changes["method"] = chance.choice(("GET", "HEAD", "PUT", "get", "OPTIONS", ""))
    if chance.random() < 0.2:
        changes["headers"] = _headers(delivery, chance)
    return delivery.model_copy(update=changes)


def _headers(delivery: Delivery, chance: random.Random) -> tuple[tuple[str, str], ...]:
    nasty = (
        "",
        "é",
        "v1,é",
        "sha256=",
        "x" * 9000,
        "application/json",
        "text/plain; charset=utf-7",
        "=,=",
    )
    found = [
        (name, chance.choice(nasty) if chance.random() < 0.5 else value) for name, value in delivery.headers
    ]
    return (*found, ("content-type", chance.choice(nasty)), ("webhook-timestamp", chance.choice(nasty)))


def _damaged(body: bytes, bodies: Sequence[bytes], chance: random.Random) -> bytes:
    ways: list[Callable[[], bytes]] = [
        lambda: body[: chance.randint(0, len(body))],
        lambda: _spliced(body, chance.choice(bodies), chance),
        lambda: _turned(body, chance),
        lambda: _inserted(body, chance),
    ]
    value = load(body)
    if value:
        ways += [lambda: _in_json(value, chance)] * 12
    elif b"=" in body[:100] and b"\n" not in body:
        ways += [lambda: _in_form(body, chance)] * 12
    return chance.choice(ways)()


def _spliced(body: bytes, other: bytes, chance: random.Random) -> bytes:
    return body[: chance.randint(0, len(body))] + other[chance.randint(0, len(other)) :]


def _turned(body: bytes, chance: random.Random) -> bytes:
    found = bytearray(body)
    for _ in range(chance.randint(1, 4)) if found else ():
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _inserted(body: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(body))
    return body[:place] + chance.choice(_TEXTS) + body[place:]


def _in_json(value: Json, chance: random.Random) -> bytes:
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
        value = replaced(value, way, chance.choice(_TEXTS).decode("utf-8", "replace"))
    else:
        value = replaced(value, way, chance.choice(NASTY))
    return json.dumps(value).encode()


def _in_form(body: bytes, chance: random.Random) -> bytes:
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True) or [("a", "b")]
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


def line(tally: Tally) -> str:
    """One line of the report."""
    return (
        f"{tally.kind:<11}{tally.runs:>8}{tally.read:>9}{tally.refused:>9}{tally.events:>9}"
        f"{tally.worst * 1000:>10.1f}{len(tally.holes):>7}"
    )


def main(argv: Sequence[str]) -> int:
    """Print what became of each kind; 1 if anything gave way."""
    options = argparse.ArgumentParser(prog="python -m bench fuzz", description=__doc__)
    options.add_argument("--runs", type=int, default=RUNS, help="of each kind")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--slowest", action="store_true", help="show the slowest body of each kind")
    options.add_argument("kinds", metavar="KIND", nargs="*")
    given = options.parse_args(argv)
    print(f"{'kind':<11}{'runs':>8}{'read':>9}{'refused':>9}{'events':>9}{'worst ms':>10}{'holes':>7}")
    good = True
    for subject in subjects(given.kinds):
        tally = fuzz(subject, given.runs, given.seed)
        good = good and tally.ok
        print(line(tally), flush=True)
        for what, shown in tally.holes.items():
            print(f"  {what}\n    {shown}")
        if given.slowest:
            print(f"  slowest: {tally.slowest[:300]!r} ({len(tally.slowest)} bytes)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
