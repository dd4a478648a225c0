"""`python -m bench parse`: bytes to events, beside one bare validation of the same result.

Ours is `list(channel.parse(delivery))`: JSON or MIME, limits, every rule of the channel, the model. The
reference is what no typed library can do without: `Received.model_validate` of a plain dict with the same
values, once for each message; and that with `json.loads` of the same bytes before it. Then the bodies that other
libraries read too, beside all of them that are installed, and beside the fastest JSON with one validation. All
take turns, round by round.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from bench import readers
from bench.interleave import Lap, ratio, rounds, table, timed
from bench.outcome import finish
from bench.payloads import Payload, payloads
from bench.peers import missing
from bench.peers.bodies import KINDS
from bench.readers import Beside
from omnichannel.model import Received


class Measured(NamedTuple):
    """Microseconds for one delivery, and how fast ours is beside each reference (1: as fast)."""

    what: str
    messages: int
    size: int
    ours: float
    bare: float
    beside_bare: float
    beside_json: float | None


def plain(event: Received) -> dict[str, Any]:
    """The same message as a plain dict: what was set, and the words that tell parts apart."""
    fields = event.model_dump(exclude_unset=True)
    parts = zip(fields.get("parts", ()), event.parts, strict=True)
    return {**fields, "parts": [{**values, "type": part.type} for values, part in parts]}


def read(payload: Payload) -> list[Received]:
    """The messages of a payload; raises AssertionError if anything in it is no message."""
    events = list(payload.channel.parse(payload.delivery))
    received = [event for event in events if isinstance(event, Received)]
    assert received, payload.what
    assert len(received) == len(events), events
    return received


def measure(payload: Payload, count_of_rounds: int, times: int) -> Measured:
    """Let ours and the references take turns."""
    received = read(payload)
    dicts = [plain(event) for event in received]
    assert [Received.model_validate(each) for each in dicts] == received
    body, parse, delivery = payload.delivery.body, payload.channel.parse, payload.delivery

    def ours() -> None:
        list(parse(delivery))

    def bare() -> None:
        for each in dicts:
            Received.model_validate(each)

    def with_json() -> None:
        json.loads(body)
        bare()

    works: dict[str, Callable[[], None]] = {"ours": ours, "bare": bare}
    if payload.json:
        works["json"] = with_json
    laps = rounds({name: partial(timed, work, times) for name, work in works.items()}, count_of_rounds)
    return Measured(
        payload.what,
        len(received),
        len(body),
        _each(laps["ours"], times),
        _each(laps["bare"], times),
        ratio(laps["ours"], laps["bare"]).cpu,
        ratio(laps["ours"], laps["json"]).cpu if payload.json else None,
    )


def _each(laps: Sequence[Lap], times: int) -> float:
    """Microseconds of CPU for one delivery, in the best round: what the others add is the machine's."""
    return min(lap.cpu for lap in laps) / times * 1e6


HEAD = (
    "payload", "bytes", "messages", "µs", "messages/s", "bare µs", "beside bare", "beside json.loads + bare",
)  # fmt: skip


def row(measured: Measured) -> tuple[str, ...]:
    """One line of the table."""
    return (
        measured.what,
        str(measured.size),
        str(measured.messages),
        f"{measured.ours:.1f}",
        f"{measured.messages / measured.ours * 1e6:,.0f}",
        f"{measured.bare:.1f}",
        f"{measured.beside_bare:.2f}",
        "" if measured.beside_json is None else f"{measured.beside_json:.2f}",
    )


BESIDE_HEAD = ("body", "reader", "µs", "ours is x times as fast", "goal")


def beside_row(one: Beside) -> tuple[str, ...]:
    """One line of the table of other libraries."""
    other = one.reader != "ours"
    shown, goal = (f"{one.ratio:.2f}", str(readers.GOALS[one.reader])) if other else ("", "")
    return (one.kind, one.reader, f"{one.each:.1f}", shown, goal)


def main(argv: Sequence[str]) -> int:
    """Print both tables; 1 if ours is not as far ahead of another library as it should be."""
    options = argparse.ArgumentParser(prog="python -m bench parse", description=__doc__)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--times", type=int, default=1000, help="deliveries of each kind in a round")
    given = options.parse_args(argv)
    found = [measure(payload, given.rounds, given.times) for payload in payloads()]
    beside = [one for kind in KINDS for one in readers.measure(kind, given.times, given.rounds)]
    lines = [
        f"medians of {given.rounds} rounds, all in turn, by CPU; {given.times} deliveries each",
        table(HEAD, [row(measured) for measured in found]),
        "",
        table(BESIDE_HEAD, [beside_row(one) for one in beside]),
        missing(),
    ]
    return finish("parse", "\n".join(lines).rstrip(), [one.goal for one in beside if one.reader != "ours"])


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
