"""What a message costs, counted rather than timed: the same on every machine, busy or not, so that tests may judge.

Everybody has written before, so that this is the cost of the usual message. All webhooks come while a commit is
under way, so that they share the next one: that is group commit without the chance in it.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.tape import record
from bench.webhooks import ACCOUNT, delivery, open_inbox, webhook
from omnichannel import Inbox
from omnichannel.model.base import Value


class Counters(NamedTuple):
    """So many of each for one message; `validations` by the model's class.

    A statement counts as often as the database is asked: once, where it is handed many rows together.
    """

    validations: dict[str, float]
    statements: float
    commits: float


def count(path: Path, messages: int = 100, per_webhook: int = 1) -> Counters:
    """Let so many people write once, and count what it costs when each of them writes again."""
    return asyncio.run(_count(path, messages, per_webhook))


async def _count(path: Path, messages: int, per_webhook: int) -> Counters:
    async with open_inbox(path) as inbox:
        await _take(inbox, range(messages), 10)
        store = inbox.open()
        tape, before = record(store), store.commits
        with validations() as validated:
            await _take(inbox, range(messages, 2 * messages), per_webhook)
        return Counters(
            {name: times / messages for name, times in validated.items()},
            len(tape) / messages,
            (store.commits - before) / messages,
        )


async def _take(inbox: Inbox, numbers: range, per_webhook: int) -> None:
    """Receive all at once, and read them all."""
    people = len(numbers)
    hooks = [
        webhook(numbers[start : start + per_webhook], people=people)
        for start in range(0, people, per_webhook)
    ]
    commit = threading.Event()
    held = asyncio.create_task(inbox.run_job(lambda _: commit.wait(60)))
    waiting = [asyncio.create_task(inbox.receive(ACCOUNT, delivery(each))) for each in hooks]
    await asyncio.sleep(0)  # each of them runs until it waits for its commit
    commit.set()
    await asyncio.gather(held, *waiting)
    while await inbox.read():
        pass


@contextmanager
def validations() -> Iterator[Counter[str]]:
    """Counts how often each class of the model is validated, while inside."""
    found: Counter[str] = Counter()
    validators = {one: one.__pydantic_validator__ for one in _classes(Value)}
    for one, validator in validators.items():
        one.__pydantic_validator__ = _Counting(one.__name__, validator, found)  # type: ignore[assignment]
    try:
        yield found
    finally:
        for one, validator in validators.items():
            one.__pydantic_validator__ = validator


class _Counting:
    """A validator that says when it is used."""

    def __init__(self, name: str, validator: Any, found: Counter[str]) -> None:
        self._name = name
        self._validator = validator
        self._found = found

    def __getattr__(self, attribute: str) -> Any:
        used = getattr(self._validator, attribute)
        if attribute.startswith("validate_"):
            self._found[self._name] += 1
        return used


def _classes(base: type[Value]) -> list[type[Value]]:
    return [base, *(inner for one in base.__subclasses__() for inner in _classes(one))]
