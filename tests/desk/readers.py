"""Classifiers for tests: one that does as it is told, and those that fail in every way."""

from __future__ import annotations

import asyncio
from typing import Any

from omnichannel.desk.classify import Intent, Language, Likely, Reading


class Obeying:
    """Reads what stands in the text: an intent's name is that intent, `nl` is Dutch, `now` is urgent."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        self.asked.append(text)
        words = text.lower().split()
        intents = tuple(Likely(intent=one, probability=0.9) for one in Intent if one in words)
        tag = "nl" if "nl" in words else "en"
        return Reading(
            intents=intents,
            urgency=0.9 if "now" in words else 0.0,
            language=Language(tag=tag, probability=0.9),
        )


class Raising:
    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        raise RuntimeError(f"no connection while reading {text}")


class Hanging:
    """Never says anything, and does not even let itself be cancelled before the test lets it."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        while not self.let_go.is_set():
            try:
                await self.let_go.wait()
            except asyncio.CancelledError:
                continue
        return Reading()


class Cancelling:
    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        raise asyncio.CancelledError


class Talking:
    """Gives whatever it was given to say."""

    def __init__(self, said: Any) -> None:
        self.said = said

    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        return self.said  # type: ignore[no-any-return]  # no reading, on purpose


class Blunt:
    """Waits for nothing, and forgets that it has to be awaited."""

    def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        return Reading()
