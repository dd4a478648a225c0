"""Faults that are planted in real channels on purpose, to see that the contract kit finds them.

Each is a plausible mistake of somebody who writes a channel, made by a subclass of the channel (or, for a mistake
within a function, by another function in its module). A kit that finds none proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from omnichannel.channel import Channel
from omnichannel.testing.subject import Subject


@dataclass(frozen=True)
class Fault:
    """A mistake: what it is called, where it makes sense, and how the channel looks with it."""

    name: str
    area: str
    plant: Callable[[Subject], Subject]
    meant: Callable[[Subject], bool]
    within: Callable[[Subject], AbstractContextManager[object]] = lambda _: nullcontext()


FAULTS: list[Fault] = []
"""Every fault there is, filled by the modules of this package."""


def always(_: Subject) -> bool:
    """A fault for every channel."""
    return True


def fault(
    area: str,
    when: Callable[[Subject], bool] = always,
    within: Callable[[Subject], AbstractContextManager[object]] = lambda _: nullcontext(),
) -> Callable[[Callable[[Subject], Subject]], Callable[[Subject], Subject]]:
    """Register a function that plants a fault."""

    def register(plant: Callable[[Subject], Subject]) -> Callable[[Subject], Subject]:
        FAULTS.append(Fault(plant.__name__, area, plant, when, within))
        return plant

    return register


def webhook(subject: Subject) -> bool:
    """A fault for channels with a webhook."""
    return subject.has_webhook


def http(subject: Subject) -> bool:
    """A fault for channels whose calls are HTTP."""
    return any(
        call.method in ("POST", "PUT") for case in subject.sent if not case.raises for call in case.calls
    )


def of(subject: Subject, **members: Any) -> Subject:
    """The subject with a channel that has other methods. Those that are given know the real class by closure."""
    faulty: type[Channel] = type(subject.kind.__name__, (subject.kind,), members)

    def make(*secrets: str) -> Channel:
        channel = subject.make(*secrets)
        channel.__class__ = faulty
        return channel

    return replace(subject, make=make)


def parsing(subject: Subject, change: Callable[[list[Any], Any], list[Any]]) -> Subject:
    """The subject with a channel whose events are changed; `change` gets the events and the delivery."""
    real = subject.kind

    def parse(self: Channel, delivery: Any) -> Iterator[Any]:
        yield from change(list(real.parse(self, delivery)), delivery)

    return of(subject, parse=parse)


def rendering(subject: Subject, change: Callable[[list[Any], Any], list[Any]]) -> Subject:
    """The subject with a channel whose calls are changed; `change` gets the calls and the draft."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> list[Any]:
        return change(list(real.render(self, draft)), draft)

    return of(subject, render=render)


def reading(subject: Subject, change: Callable[[Any, Any], Any]) -> Subject:
    """The subject with a channel whose receipts are changed; `change` gets the receipt and the response."""
    real = subject.kind

    def read(self: Channel, call: Any, response: Any) -> Any:
        return change(real.read(self, call, response), response)

    return of(subject, read=read)


def says(subject: Subject, /, **changes: Any) -> Subject:
    """The subject with a channel that says something else about what it can."""
    return of(subject, can=subject.kind.can.model_copy(update=changes))


def _load() -> None:
    from bench.faults_kit import admission, answers, declared, reading_in, rendering_out  # noqa: F401


_load()
