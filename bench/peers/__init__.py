"""Other libraries on the same work, where they are installed: the packages of the dependency group `bench`.

`bodies` is what all are given. A module here for each library says how it reads a body and how it takes a
webhook; what runs on Node.js is `node`. None of them stores what it is given, and none of their code is here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import NamedTuple

from bench.peers import node
from bench.peers.bodies import Post

NAMES = {
    "chat-sdk": "chat_sdk",
    "aiogram": "aiogram",
    "python-telegram-bot": "telegram",
    "pywa": "pywa",
    "slack-bolt": "slack_bolt",
}
"""Each library by its package's name, and the module here that knows it."""


class Taker(ABC):
    """A library that is ready for webhooks. `handled` counts the messages that its handler was given."""

    handled = 0
    at_once = False
    """Whether everything that is handled is handled by the time that `take` returns."""

    knows_everybody = False
    """Whether everybody has written to it before, in a run before this."""

    @abstractmethod
    async def take(self, post: Post) -> None:
        """Take one webhook as its own server would hand it over; raises AssertionError if it is refused."""

    async def rest(self) -> None:  # noqa: B027 - most have nothing left to do
        """Wait until nothing is left to do with what was handled."""


class Peer(NamedTuple):
    """A library, and what it does for which kinds of body."""

    name: str
    readers: Mapping[str, Callable[[bytes], object]]
    takers: Mapping[str, Callable[[], AbstractAsyncContextManager[Taker]]]


def there() -> Iterator[Peer]:
    """Every library that is installed."""
    for module in NAMES.values():
        try:
            found: Peer = import_module(f"bench.peers.{module}").peer()
        except ImportError:
            continue
        yield found


def missing() -> str:
    """Which libraries are not installed, as a sentence; empty if all are."""
    known = {peer.name for peer in there()}
    names = [name for name in NAMES if name not in known]
    if not node.folder():
        names.append(f"on Node.js (set {node.FOLDER}) {' and '.join(node.KINDS)}")
    return f"not installed, so not measured: {', '.join(names)}" if names else ""
