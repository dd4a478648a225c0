"""What every emulator of a platform is: a server on loopback that people can be made to write to.

Beside this each has whatever its platform has (edits, reactions, faults, statuses); what is here is enough to
build an application offline, and to hold a conversation with any channel there is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import ClassVar, Self

from omnichannel.channel import Channel


class Emulator(ABC):
    """One platform with one account of ours. A context manager: within it, it listens.

    Without arguments it makes an account that works; people come into being when they are named. One thread
    may script it while its server runs in another.
    """

    kind: ClassVar[str]

    @abstractmethod
    def __enter__(self) -> Self:
        """Start listening on loopback."""

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""

    @property
    @abstractmethod
    def settings(self) -> dict[str, object]:
        """The account's settings, as they stand in `omnichannel.toml`, so that it talks to this emulator."""

    def connect(self, hook: str) -> None:  # noqa: B027 - polled platforms have none
        """Set the account's webhook, with the platform's own challenge where it has one; nothing where it is polled.

        Raises ValueError if the challenge was not answered.
        """

    @abstractmethod
    def write(self, who: str, text: str) -> str:
        """Somebody by that name writes to the account; returns the platform's id. It is on its way until `push`."""

    def push(self) -> Sequence[int]:
        """Deliver what is on its way to the webhook; the statuses it got (0: no answer).

        What was not taken stays on its way and comes again, as the platform does it. Nothing where it is polled.
        """
        return ()

    @abstractmethod
    def shown(self, who: str) -> Sequence[str]:
        """What that person sees of ours, as words, the oldest first."""

    def channel(self, name: str = "") -> Channel:
        """The account, set up to talk to this emulator; its name is the kind if none is given."""
        from omnichannel.plugins import channel_class

        return channel_class(self.kind)(name or self.kind, **self.settings)
