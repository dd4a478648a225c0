"""A short slice of `python -m bench forge`, and that it sees a door that stands open."""

from __future__ import annotations

import dataclasses

import pytest
from bench.forge import REFUSED, forge, main
from bench.fuzz.targets.channels import subjects

from omnichannel.channel import Ack, Channel, Delivery
from omnichannel.testing.subject import Subject

KINDS = [subject.kind.kind for subject in subjects() if subject.has_webhook and subject.deliveries]


@pytest.mark.parametrize("kind", KINDS)
async def test_t01_t02_no_forgery_is_let_in(kind: str) -> None:
    (subject,) = subjects([kind])
    found = await forge(subject, 150, seed=1)
    assert found.let_in == []
    assert (found.kept, set(found.statuses) <= set(REFUSED), found.runs > 20) == (0, True, True)


def ajar(subject: Subject) -> Subject:
    """The same with a door that takes whatever bears a signature."""

    def admit(self: Channel, delivery: Delivery) -> Ack:
        return Ack()

    def make(*secrets: str) -> Channel:
        channel = subject.make(*secrets)
        channel.__class__ = type("Ajar", (type(channel),), {"admit": admit})
        return channel

    return dataclasses.replace(subject, make=make)


async def test_a_door_that_stands_open_is_seen() -> None:
    (subject,) = subjects(["messenger"])
    found = await forge(ajar(subject), 50, seed=1)
    assert (found.ok, len(found.let_in), found.kept) == (False, found.runs, found.runs)


def test_the_command_prints_a_line_for_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "40", "x", "sms"]) == 0
    lines = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert lines == ["kind", "sms", "x", "2"]
