"""What the wires of a channel keep, tried against its platform's emulator over real sockets.

No check waits for a moment to pass: whatever the network does when, in the end everything is there once.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from omnichannel import Inbox
from omnichannel.channel import Call, Channel, Response, Sender, Source
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.serving import Served
from omnichannel.http import HttpSender
from omnichannel.model import Deferred, Direction, Draft, Message, Received, Refused, Sent, Text
from omnichannel.testing.failing import Broken, fail, require

Make = Callable[[], Emulator]
"""What starts a platform."""

WHO = "Ann"
SAID = (
    "The parcel is not here",
    "It should have come on Monday",
    "Where can it be",
    "Nobody knows",
    "Please help",
)

ANSWER = "It is on its way."

PATIENCE = 60.0
"""Seconds after which something that never ends is given up; nothing that works comes near."""

TICKS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233)
"""After so many turns of the event loop something is cancelled: before, while and after it talks."""

MOST_ROUNDS = 20
"""How often what is on its way brings something new to be on its way; a conversation needs two or three."""

NO_SOURCE = "nothing is read: sources() gives none"


@contextlib.asynccontextmanager
async def connected(emulator: Emulator, folder: Path) -> AsyncIterator[Inbox]:
    """An inbox on a store that outlives it, with a new instance of the channel, served to the platform.

    A channel that reads gets no webhook: what is lost in reading must not come in by another door.
    """
    channel = emulator.channel()
    async with Inbox(f"sqlite:///{folder / 'inbox.db'}", [channel]) as inbox:
        with Served(inbox.asgi()) as server:
            if not channel.sources():
                await asyncio.to_thread(emulator.connect, f"{server.url}/{emulator.kind}")
            yield inbox


async def hear(emulator: Emulator, inbox: Inbox) -> None:
    """Let everything come in that is on its way, and what comes of it (transcripts, statuses) as well."""
    for _ in range(MOST_ROUNDS):
        pushed = await asyncio.to_thread(emulator.push)
        await inbox.poll()
        if not await inbox.work() and not pushed:
            return


async def say(emulator: Emulator, *texts: str) -> None:
    """Somebody writes."""
    for text in texts:
        await asyncio.to_thread(emulator.write, WHO, text)


async def heard(inbox: Inbox) -> list[Message]:
    """Every message of a customer, by when it was recorded."""
    conversations = [*await inbox.conversations.open(), *await inbox.conversations.closed()]
    found = [message for one in conversations for message in await inbox.conversations.messages(one.id)]
    return sorted((one for one in found if one.direction is Direction.INBOUND), key=lambda one: one.id)


async def all_once(inbox: Inbox, texts: tuple[str, ...], what: str) -> None:
    """Broken unless each text was heard once, in its order."""
    found = [message.text for message in await heard(inbox)]
    seen = [[number for number, said in enumerate(found) if text in said] for text in texts]
    require(all(len(places) == 1 for places in seen), f"{what}: of {texts} there are {found}")
    order = [places[0] for places in seen]
    require(order == sorted(order), f"{what}: heard in another order, {found}")


def run_check(make: Make, check: Callable[[Emulator, Path], object]) -> str | None:
    """Run a check on a platform of its own, in an event loop of its own."""

    async def patiently(emulator: Emulator, folder: Path) -> object:
        async with asyncio.timeout(PATIENCE):
            return await check(emulator, folder)  # type: ignore[misc]

    with tempfile.TemporaryDirectory() as folder, make() as emulator:
        found = asyncio.run(patiently(emulator, Path(folder)))
    return str(found) if found else None


def check_reading_goes_on_where_it_stopped(make: Make) -> str | None:
    """What comes while nobody listens is there afterwards, once, and in order; nothing comes twice.

    If it fails: everything that `fetch` needs to go on has to be in the cursor, which is committed with what it
    brought; a new instance starts from it.
    """

    async def check(emulator: Emulator, folder: Path) -> None:
        read = bool(emulator.channel().sources())
        for number, text in enumerate(SAID):
            # A webhook that nobody takes is the platform's to repeat; what is read waits for us.
            await say(emulator, *((text,) if read else ()))
            async with connected(emulator, folder) as inbox:
                await say(emulator, *(() if read else (text,)))
                await hear(emulator, inbox)
                await hear(emulator, inbox)
                await all_once(inbox, SAID[: number + 1], f"started for the {number + 1}. time")

    return run_check(make, check)


def check_cancelled_reading_loses_nothing(make: Make) -> str | None:
    """Reading that is cancelled anywhere loses nothing and repeats nothing, and can be begun again.

    If it fails: move on in the cursor only, never in the source or at the platform before it is committed.
    """

    async def check(emulator: Emulator, folder: Path) -> str | None:
        if not emulator.channel().sources():
            return NO_SOURCE
        await say(emulator, *SAID)
        async with connected(emulator, folder) as inbox:
            for ticks in TICKS:
                await cancelled(inbox.poll(), ticks)
            await hear(emulator, inbox)
            await all_once(inbox, SAID, "after many cancellations")
        return None

    return run_check(make, check)


def check_what_was_not_committed_comes_again(make: Make) -> str | None:
    """What was fetched and then lost, before it was committed, is fetched again from the same cursor.

    If it fails: a source remembers nothing of what it brought, and marks nothing at the platform: only the cursor
    that it is given says what is known.
    """

    async def check(emulator: Emulator, folder: Path) -> str | None:
        del folder
        if not emulator.channel().sources():
            return NO_SOURCE
        await say(emulator, *SAID)
        first, again = await _ids(emulator.channel()), await _ids(emulator.channel())
        require(first, "what somebody wrote is not fetched")
        require(first == again, f"fetched and lost, {first} become {again}")
        return None

    return run_check(make, check)


async def _ids(channel: Channel) -> list[str]:
    """The ids of all that the sources bring from the beginning."""
    found: list[str] = []
    for source in channel.sources():
        batch = await source.fetch("")
        found += [
            event.external_id
            for one in batch.deliveries
            for event in channel.parse(one)
            if isinstance(event, Received)
        ]
        await source.close()
    return found


async def cancelled(work: object, ticks: int) -> None:
    """Begin something and cancel it after so many turns of the loop; Broken if it swallows that."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    for _ in range(ticks):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def check_sources_close_quietly(make: Make) -> str | None:
    """A source can be closed before, after and twice, and fetches again afterwards; waiting ends in time.

    If it fails: `close` never raises and lets go of everything; `fetch` connects when it has to.
    """

    async def check(emulator: Emulator, folder: Path) -> str | None:
        del folder
        sources = emulator.channel().sources()
        for source in sources:
            await _quietly(source)
            batch = await source.fetch("")
            require(isinstance(batch.cursor, str), f"{source.name}: a batch without cursor")
            await source.wait(0)
            await _quietly(source)
            await source.fetch(batch.cursor)
            await _quietly(source)
        return None if sources else NO_SOURCE

    return run_check(make, check)


async def _quietly(source: Source) -> None:
    for _ in range(2):
        try:
            await source.close()
        except Exception as error:  # noqa: BLE001 - that it raises at all is what is looked for
            fail(f"{source.name}: close raised {type(error).__name__}: {error}")


def check_trouble_at_the_source_is_raised(make: Make) -> str | None:
    """A platform that is not there makes `fetch` raise: nothing is skipped, no cursor moves.

    If it fails: let the error out; the runner waits and starts again from the last committed cursor.
    """
    with make() as emulator:
        channel = emulator.channel()
    if not channel.sources():
        return NO_SOURCE

    async def gone() -> None:
        for source in channel.sources():
            try:
                async with asyncio.timeout(PATIENCE):
                    batch = await source.fetch("1")
            except TimeoutError:
                fail(f"{source.name}: fetch never ends when nobody is there")
            except Exception:  # noqa: BLE001 - whatever it is: it is told
                await source.close()
                continue
            require(
                batch.cursor == "1",
                f"{source.name}: nobody is there, and the cursor moved to {batch.cursor!r}",
            )
            require(not batch.deliveries, f"{source.name}: nobody is there, and something came")
            await source.close()

    asyncio.run(gone())
    return None


async def _first(emulator: Emulator, folder: Path) -> tuple[Channel, list[Call], Sender]:
    """Somebody writes, and is to be answered: the channel, the calls of the answer, and the wire for them."""
    await say(emulator, SAID[0])
    channel = emulator.channel()
    async with connected(emulator, folder) as inbox:
        await hear(emulator, inbox)
        for message in await heard(inbox):
            for event in channel.parse(await inbox.raw(message.id)):
                if isinstance(event, Received) and event.direction is Direction.INBOUND:
                    calls = list(channel.render(_answer(event, message)))
                    return channel, calls, channel.sender() or HttpSender(channel)
    raise Broken("what somebody wrote on the emulator was not heard")


def _answer(event: Received, message: Message) -> Draft:
    return Draft(
        id="0199-kit",
        to=event.answer_to or event.sender,
        parts=(Text(text=ANSWER),),
        subject=event.subject,
        thread=event.thread,
        reply_to=event.external_id if event.public else "",
        public=event.public,
        created_at=message.received_at,
        heard_at=message.received_at,
    )


def check_an_answer_arrives_once(make: Make) -> str | None:
    """An answer is taken by the platform and named, and the person sees it once, also when all is looked at again.

    If it fails: `send` does the one request and gives back what came; it never repeats and never raises.
    """

    async def check(emulator: Emulator, folder: Path) -> None:
        await say(emulator, SAID[0])
        async with connected(emulator, folder) as inbox:
            await hear(emulator, inbox)
            asked = next(one for one in await heard(inbox) if SAID[0] in one.text)
            answer = await inbox.conversations.reply(asked.conversation, ANSWER)
            await hear(emulator, inbox)
            await hear(emulator, inbox)
            sendings = (await inbox.conversations.message(answer.id)).sendings
            shown = await asyncio.to_thread(emulator.shown, WHO)
        require(all(one.external_id for one in sendings), f"the platform's ids are missing: {sendings}")
        count = sum(ANSWER in text for text in shown)
        require(count == 1, f"the person sees the answer {count} times: {shown}; {sendings}")

    return run_check(make, check)


def check_nobody_there_is_not_sent(make: Make) -> str | None:
    """A platform that cannot be reached is a `Response` with `not_sent`, which means: later.

    If it fails: turn what connecting raises into `Response(failure="not_sent")`; raise nothing in a sender.
    """
    with tempfile.TemporaryDirectory() as folder, make() as emulator:
        if type(emulator.channel()).site is not Channel.site:
            return "its answers are shown on pages of its own: site()"
        channel, calls, sender = asyncio.run(_first(emulator, Path(folder)))
        asyncio.run(sender.close())
    found: list[Response] = []

    async def send() -> None:
        other = channel.sender() or HttpSender(channel)
        async with asyncio.timeout(PATIENCE):
            found.append(await other.send(calls[0]))
        await other.close()

    try:
        asyncio.run(send())
    except Exception as error:  # noqa: BLE001 - that it raises at all is what is looked for
        fail(f"send raised {type(error).__name__}: {error}; trouble is a Response with a failure")
    receipt = channel.read(calls[0], found[0])
    require(
        isinstance(receipt, Deferred),
        f"nobody is there: the wire says {found[0]!r}, and the call is {receipt!r}",
    )
    return None


def check_cancelled_sending_lets_go(make: Make) -> str | None:
    """Sending that is cancelled anywhere leaves a wire that works: the next call goes out as ever.

    If it fails: give back or close the connection of a call that was cancelled; never leave half a request in it.
    """

    async def check(emulator: Emulator, folder: Path) -> None:
        channel, calls, sender = await _first(emulator, folder)
        call = next(call for call in calls if not call.chain)
        for ticks in TICKS[:-2]:
            await cancelled(sender.send(call), ticks)
        receipt = channel.read(call, await sender.send(call))
        await sender.close()
        require(isinstance(receipt, Sent | Refused), f"after cancellations a call is {receipt!r}")

    return run_check(make, check)


LINK_CHECKS = (
    check_reading_goes_on_where_it_stopped,
    check_cancelled_reading_loses_nothing,
    check_what_was_not_committed_comes_again,
    check_sources_close_quietly,
    check_trouble_at_the_source_is_raised,
    check_an_answer_arrives_once,
    check_nobody_there_is_not_sent,
    check_cancelled_sending_lets_go,
)
