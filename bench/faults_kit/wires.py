"""Mistakes in sources and senders, planted in the channel that an emulator makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from omnichannel.channel import Batch, Call, Channel, Response, Sender, Source
from omnichannel.emulators.emulator import Emulator
from omnichannel.http import HttpSender
from omnichannel.testing.checks.links import Make

WIRE_FAULTS: dict[str, Callable[[Make], Make]] = {}
"""Every fault by its name."""

SOURCE_FAULTS: set[str] = set()
"""Those that only make sense where something is read."""


class Around:
    """A source around another."""

    def __init__(self, real: Source) -> None:
        self.real = real

    @property
    def name(self) -> str:
        return self.real.name

    async def fetch(self, cursor: str) -> Batch:
        return await self.real.fetch(cursor)

    async def wait(self, seconds: float) -> None:
        await self.real.wait(seconds)

    async def close(self) -> None:
        await self.real.close()


class Through:
    """A sender through another."""

    def __init__(self, real: Sender) -> None:
        self.real = real

    async def send(self, call: Call) -> Response:
        return await self.real.send(call)

    async def close(self) -> None:
        await self.real.close()


def _channel_with(make: Make, change: Callable[[Channel], None]) -> Make:
    def faulty() -> Emulator:
        emulator = make()
        real = emulator.channel

        def channel(name: str = "") -> Channel:
            made = real(name)
            change(made)
            return made

        emulator.channel = channel  # type: ignore[method-assign]
        return emulator

    return faulty


def source_fault(around: type[Around]) -> type[Around]:
    """Register a faulty source."""

    def plant(make: Make) -> Make:
        def change(channel: Channel) -> None:
            real: Sequence[Source] = channel.sources()
            channel.sources = lambda: [around(source) for source in real]  # type: ignore[method-assign]

        return _channel_with(make, change)

    WIRE_FAULTS[around.__name__] = plant
    SOURCE_FAULTS.add(around.__name__)
    return around


def sender_fault(through: type[Through]) -> type[Through]:
    """Register a faulty sender."""

    def plant(make: Make) -> Make:
        def change(channel: Channel) -> None:
            real = channel.sender
            channel.sender = lambda: through(real() or HttpSender(channel))  # type: ignore[method-assign]

        return _channel_with(make, change)

    WIRE_FAULTS[through.__name__] = plant
    return through


@source_fault
class SkipsTheFirst(Around):
    """After a restart the first new thing is taken for known."""

    async def fetch(self, cursor: str) -> Batch:
        batch = await self.real.fetch(cursor)
        return batch.model_copy(update={"deliveries": batch.deliveries[1:] if cursor else batch.deliveries})


@source_fault
class LosesTheLast(Around):
    """The cursor moves over something that was not brought."""

    async def fetch(self, cursor: str) -> Batch:
        batch = await self.real.fetch(cursor)
        return batch.model_copy(update={"deliveries": batch.deliveries[:-1]})


@source_fault
class RemembersForItself(Around):
    """What was fetched once is not fetched again, whether or not it was committed."""

    seen: ClassVar[set[str]] = set()

    async def fetch(self, cursor: str) -> Batch:
        batch = await self.real.fetch(cursor)
        fresh = tuple(one for one in batch.deliveries if one.key + one.url not in self.seen)
        self.seen.update(one.key + one.url for one in batch.deliveries)
        return batch.model_copy(update={"deliveries": fresh})


@source_fault
class SwallowsTrouble(Around):
    """Trouble counts as no news, and the cursor moves on."""

    async def fetch(self, cursor: str) -> Batch:
        try:
            return await self.real.fetch(cursor)
        except Exception:
            return Batch(cursor=f"{cursor}1")


@source_fault
class BringsTheNewestFirst(Around):
    """What was said last comes first."""

    async def fetch(self, cursor: str) -> Batch:
        batch = await self.real.fetch(cursor)
        return batch.model_copy(update={"deliveries": batch.deliveries[::-1]})


@source_fault
class RaisesWhenItCloses(Around):
    """Closing what is closed raises."""

    closed = False

    async def close(self) -> None:
        if self.closed:
            raise RuntimeError("closed already")
        self.closed = True
        await self.real.close()


@sender_fault
class SendsTwice(Through):
    """One call is two attempts."""

    async def send(self, call: Call) -> Response:
        await self.real.send(call)
        return await self.real.send(call)


@sender_fault
class RaisesWhenNobodyIsThere(Through):
    """Trouble is an exception."""

    async def send(self, call: Call) -> Response:
        response = await self.real.send(call)
        if response.failure:
            raise OSError(response.detail)
        return response


@sender_fault
class DoubtsWhatWasNotSent(Through):
    """A connection that was never there counts as answered with success."""

    async def send(self, call: Call) -> Response:
        response = await self.real.send(call)
        return Response(status=503) if response.failure == "not_sent" else response


@sender_fault
class SaysNothingWasSaid(Through):
    """Nothing is sent, and success is told."""

    async def send(self, call: Call) -> Response:
        del call
        return Response(status=250, detail="2.0.0 Ok", body=b'{"message_id":"m","data":{"id":"1"}}')
