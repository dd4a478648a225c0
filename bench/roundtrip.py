"""`python -m bench roundtrip [KIND …]`: a conversation there and back on every channel, over real sockets.

A person writes on the emulated platform, the platform tells the inbox (webhook, polling, IMAP, a folder), a handler
answers, the answer travels to the platform, the person sees it and writes again: in the same conversation.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from omnichannel import Inbox, Incoming, Message
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.serving import Served
from omnichannel.plugins import EMULATORS, kinds, offered

QUESTION, ANSWER, THANKS = "Where is my order?", "It is on its way", "Thank you!"
_PATIENCE = 60.0


class Talk(NamedTuple):
    """How a conversation went: what each side has of it."""

    kind: str
    heard: tuple[str, ...]
    shown: tuple[str, ...]
    conversations: int
    seconds: float

    @property
    def whole(self) -> bool:
        """Whether both heard everything, in one conversation."""
        both = any(QUESTION in text for text in self.heard) and any(THANKS in text for text in self.heard)
        return both and any(ANSWER in text for text in self.shown) and self.conversations == 1


async def converse(emulator: Emulator, folder: Path) -> Talk:
    """One conversation on a platform that is running. Raises TimeoutError naming what did not happen."""
    started = time.perf_counter()
    inbox = Inbox(f"sqlite:///{folder / 'inbox.db'}", [emulator.channel()])
    heard: list[Message] = []

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        heard.append(incoming.message)
        if QUESTION in incoming.message.text:
            await incoming.reply(f"{ANSWER}.", automatic=False)

    async with inbox:
        stop = asyncio.Event()
        running = asyncio.create_task(inbox.run(stop=stop))
        try:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(emulator.connect, f"{server.url}/{emulator.kind}")
                await _exchange(emulator, heard)
                shown = tuple(await asyncio.to_thread(emulator.shown, "Ann"))
        finally:
            stop.set()
            await running
        threads = {message.conversation for message in heard}
        texts = tuple(message.text for message in heard)
    return Talk(emulator.kind, texts, shown, len(threads), time.perf_counter() - started)


async def _exchange(emulator: Emulator, heard: list[Message]) -> None:
    await _say(emulator, QUESTION)

    async def seen() -> bool:
        # Statuses and echoes of the answer come as they do on the platform.
        await asyncio.to_thread(emulator.push)
        return any(ANSWER in text for text in await asyncio.to_thread(emulator.shown, "Ann"))

    async def thanked() -> bool:
        return any(THANKS in message.text for message in heard)

    await _until(seen, f"{emulator.kind}: the answer was not shown; heard {[one.text for one in heard]}")
    await _say(emulator, THANKS)
    await _until(thanked, f"{emulator.kind}: the second message was not heard")


async def _say(emulator: Emulator, text: str) -> None:
    await asyncio.to_thread(emulator.write, "Ann", text)
    await asyncio.to_thread(emulator.push)


async def _until(look: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            while not await look():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise TimeoutError(what) from None


def talk(kind: str) -> Talk:
    """Start the platform of a kind, and hold a conversation on it."""
    made = offered(EMULATORS, kind, Emulator)  # type: ignore[type-abstract]  # what is offered is concrete
    with tempfile.TemporaryDirectory() as folder, made() as emulator:
        return asyncio.run(converse(emulator, Path(folder)))


def main(argv: Sequence[str]) -> int:
    """Print one line for each kind; 1 if one of the conversations is not whole."""
    failed = 0
    for kind in argv or kinds(EMULATORS):
        try:
            found = talk(kind)
        except Exception as error:
            print(f"{kind:<10} FAILED  {type(error).__name__}: {error}")
            failed += 1
            continue
        failed += not found.whole
        verdict = "whole " if found.whole else "BROKEN"
        print(f"{kind:<10} {verdict}  heard {found.heard}, shown {found.shown}, {found.seconds:.1f} s")
    print(f"\n{failed} of {len(argv or kinds(EMULATORS))} conversations are not whole")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
