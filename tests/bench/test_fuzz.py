"""A short slice of `python -m bench fuzz`, and that it finds what it is there for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from bench.fuzz import Tally, fuzz, main, subjects

from omnichannel.channel import Ack, Channel, Delivery
from omnichannel.model import Event
from omnichannel.plugins import own_kinds
from omnichannel.testing.subject import Subject

SOME = 120


@pytest.mark.parametrize("kind", sorted(own_kinds()))
def test_t08_t09_nothing_that_arrives_breaks_a_channel(kind: str) -> None:
    """Changed in any way, a delivery is read, refused, or set aside; and never kept unsigned."""
    (subject,) = subjects([kind])
    found = fuzz(subject, SOME, seed=1)
    assert found.holes == {}
    assert (found.runs, found.read > 0, found.events > 0) == (SOME, True, True)


def test_the_same_seed_makes_the_same_runs() -> None:
    (subject,) = subjects(["sms"])
    one, same, other = (fuzz(subject, SOME, seed) for seed in (1, 1, 2))
    assert counts(one) == counts(same) != counts(other)


def counts(tally: Tally) -> tuple[int, ...]:
    return (tally.runs, tally.refused, tally.read, tally.events)


def faulty(subject: Subject, **methods: object) -> Subject:
    """The same with another implementation of some methods."""

    def make(*secrets: str) -> Channel:
        channel = subject.make(*secrets)
        channel.__class__ = type("Faulty", (type(channel),), methods)
        return channel

    return dataclasses.replace(subject, make=make)


def careless(self: Channel, delivery: Delivery) -> Iterator[Event]:
    raise KeyError("message")


def trusting(self: Channel, delivery: Delivery) -> Ack:
    return Ack()


def clumsy(self: Channel, delivery: Delivery) -> Ack:
    raise TypeError("not for bytes")


@pytest.mark.parametrize(
    ("methods", "hole"),
    [
        ({"parse": careless}, "parse raised KeyError"),
        ({"admit": trusting}, "admit kept what nobody signed"),
        ({"admit": clumsy}, "admit of what is signed raised TypeError"),
    ],
)
def test_a_fault_is_found(methods: dict[str, object], hole: str) -> None:
    (subject,) = subjects(["telegram"])
    found = fuzz(faulty(subject, **methods), 20, seed=1)
    assert any(what.startswith(hole) for what in found.holes)
    assert not found.ok


def test_the_command_prints_a_line_for_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "20", "--seed", "3", "http"]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["kind", "runs"]
    assert line.split()[:2] == ["http", "20"]
