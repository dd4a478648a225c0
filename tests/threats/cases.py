"""What a case is: a number, a sentence, an attack that says whether it succeeded, and its defence taken away."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from unittest.mock import patch

from _pytest.outcomes import Failed

from omnichannel.testing.failing import Broken
from tests.threats.room import Room

NUMBERS = (*(f"T{number:02}" for number in range(1, 69)), *(f"B{number:02}" for number in range(1, 7)))
"""Every threat there is; each has a place on the page. B: of what is only here, people who are blocked."""

SECTIONS = (
    "webhooks",
    "repeats",
    "outages",
    "mail",
    "floods",
    "mime",
    "markup",
    "files",
    "tenants",
    "mailbox",
    "blocked",
)

ENGINES = ("memory", "file", "postgres")
NOWHERE = ("no store",)

Outcome = bool | Sequence[bool]
Attack = Callable[..., Outcome | Awaitable[Outcome]]
Defence = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Case:
    """One attack on one threat. `without` takes the defence away, in the real code, until the end of a block."""

    number: str
    what: str
    attack: Attack
    without: tuple[Defence, ...]
    engines: tuple[str, ...]

    @property
    def stored(self) -> bool:
        """Whether it touches the store, so that it has to fail on every engine."""
        return bool(inspect.signature(self.attack).parameters)

    @property
    def name(self) -> str:
        """Its name in a report."""
        return f"{self.number} {self.what}"

    def succeeds(self, room: Room) -> list[bool]:
        """Whether the attack succeeded: once for each way in which it was tried."""
        try:
            found = self.attack(*((room,) if self.stored else ()))
            outcome = asyncio.run(_awaited(found)) if inspect.isawaitable(found) else found
        finally:
            room.close()
        return [outcome] if isinstance(outcome, bool) else list(outcome)

    @contextmanager
    def undefended(self) -> Iterator[None]:
        """The code without the defence."""
        with ExitStack() as stack:
            for defence in self.without:
                stack.enter_context(defence())
            yield


CASES: list[Case] = []
"""Every case, filled by the modules of this package."""


def threat(
    number: str, what: str, *without: Defence, engines: tuple[str, ...] = ENGINES
) -> Callable[[Attack], Attack]:
    """Register an attack. Tried in several ways, none may succeed with the defence, and all have to without it.

    `engines`: where the store is that it touches, if it does.
    """
    assert number in NUMBERS
    assert without, "an attack without a defence shows nothing"

    def add(attack: Attack) -> Attack:
        where = engines if inspect.signature(attack).parameters else NOWHERE
        CASES.append(Case(number, what, attack, without, where))
        return attack

    return add


def put(owner: object, name: str, value: object) -> Defence:
    """A defence taken away: a name in the real code means something else."""
    return lambda: patch.object(owner, name, value)


def everywhere(original: Any, instead: Any) -> Defence:
    """A defence that many modules know by the same name, taken away from all of them."""

    def defence() -> AbstractContextManager[object]:
        stack, name = ExitStack(), original.__name__
        for module in [found for key, found in sys.modules.items() if key.startswith("omnichannel")]:
            if vars(module).get(name) is original:
                stack.enter_context(patch.object(module, name, instead))
        return stack

    return defence


async def _awaited(found: Awaitable[Outcome]) -> Outcome:
    return await found


def fails(check: Callable[..., Any], *given: Any, **more: Any) -> bool:
    """Whether a check that exists already no longer holds: then the attack that it is about succeeded."""
    try:
        found = check(*given, **more)
        if inspect.isawaitable(found):
            asyncio.run(_awaited(found))
    except (AssertionError, Broken, Failed):
        return True
    return False


def raises(wrong: type[BaseException], go: Callable[..., object], *given: object) -> bool:
    """Whether this raises such an error."""
    try:
        go(*given)
    except wrong:
        return True
    return False


def all_cases() -> list[Case]:
    """Every case of every section, in the order of the numbers."""
    for section in SECTIONS:
        import_module(f"tests.threats.{section}")
    return sorted(CASES, key=lambda case: NUMBERS.index(case.number))
