"""What every emulator of a platform is: a server on loopback that people can be made to write to.

Beside this each has whatever its platform has (edits, reactions, faults, statuses); what is here is enough to
build an application offline, and to hold a conversation with any channel there is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Self

from omnichannel.channel import Channel


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press below a message: its words, and the value that comes back; with `url` it opens a page."""

    title: str
    value: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message: its name, or its kind in brackets where it has none; `url` if it lies at an address."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One message of ours, as somebody sees it: words, buttons, files. `id` is what `press` calls it."""

    text: str
    id: str = ""
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()


def buttons_of(parts: Sequence[Mapping[str, object]]) -> tuple[Button, ...]:
    """The options of a message's parts, where they are written as our model writes them."""
    listed = [part["options"] for part in parts if isinstance(part.get("options"), list)]
    options = [one for some in listed if isinstance(some, list) for one in some if isinstance(one, dict)]
    return tuple(
        Button(str(one["title"]), str(one.get("value") or one["title"]), str(one.get("url") or ""))
        for one in options
    )


def files_of(parts: Sequence[Mapping[str, object]], kind: str) -> tuple[File, ...]:
    """The files in a message's parts: those of a type."""
    files = [part for part in parts if part.get("type") == kind]
    return tuple(File(str(one.get("name") or "[file]"), str(one.get("url") or "")) for one in files)


class Emulator(ABC):
    """One platform with one account of ours. A context manager: within it, it listens.

    Without arguments it makes an account that works; people come into being when they are named. One thread
    may script it while its server runs in another.
    """

    kind: ClassVar[str]
    takes_files: ClassVar[bool] = False
    """Whether people can send a file here (`attach`)."""

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

    def lose(self) -> int:
        """The platform gives up what is on its way, as some do after an outage; how many deliveries.

        Whoever wrote it sees it as before, and so does whoever asks the platform. Nothing where it is polled, or
        where the platform keeps it until it is taken.
        """
        return 0

    @abstractmethod
    def shown(self, who: str) -> Sequence[str]:
        """What that person sees of ours, as words, the oldest first."""

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with what is not words; words alone where the platform has neither buttons nor files."""
        return [Seen(text) for text in self.shown(who)]

    def press(self, who: str, message: str, value: str) -> str:
        """Somebody presses the button with that value below a message that they see; returns the platform's id.

        It is on its way until `push`. Raises ValueError if there is no such button.
        """
        buttons = (button for one in self.seen(who) if one.id == message for button in one.buttons)
        found = next((button for button in buttons if button.value == value and not button.url), None)
        if found is None:
            raise ValueError(f"{who} sees no button {value!r} below {message!r}")
        return self._pressed(who, message, found)

    def _pressed(self, who: str, message: str, button: Button) -> str:  # noqa: ARG002 - for those with buttons
        """What the platform does when a button is pressed that is there."""
        raise ValueError(f"{self.kind} has no buttons")

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:  # noqa: ARG002 - see above
        """Somebody sends a file; returns the platform's id. It is on its way until `push`.

        Raises ValueError where people cannot send files, or not of this kind.
        """
        raise ValueError(f"nobody can send a file on {self.kind} here")

    def channel(self, name: str = "") -> Channel:
        """The account, set up to talk to this emulator; its name is the kind if none is given."""
        from omnichannel.plugins import channel_class

        return channel_class(self.kind)(name or self.kind, **self.settings)
