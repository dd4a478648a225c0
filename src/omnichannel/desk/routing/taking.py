"""Which rule takes a question: the first that fits, with what it does, and why not those before it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from omnichannel.desk.routing.holding import hindrance
from omnichannel.desk.routing.rules import Route, Then
from omnichannel.desk.routing.seen import Seen
from omnichannel.model import Value


class Passed(Value):
    """A rule that did not fit, and the first thing that did not hold."""

    route: str
    because: str


class Routed(Value):
    """The rule that took a question (empty: none did), what it does, and those that were passed over before it."""

    route: str = ""
    then: Then = Field(default_factory=Then)
    passed: tuple[Passed, ...] = ()


def route(seen: Seen, routes: Sequence[Route]) -> Routed:
    """Take the first rule that fits. The same question and rules always come to the same."""
    passed: list[Passed] = []
    for one in routes:
        hindered = hindrance(one.when, seen)
        if not hindered:
            return Routed(route=one.name, then=one.then, passed=tuple(passed))
        passed.append(Passed(route=one.name, because=hindered))
    return Routed(passed=tuple(passed))
