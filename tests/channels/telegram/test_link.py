"""Asking Telegram: updates page by page, whether the account is well, who somebody is, the bytes of a file."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.channel import Finding
from omnichannel.channels.telegram import Telegram
from omnichannel.channels.telegram.link import ALLOWED
from omnichannel.channels.telegram.link.updates import Updates
from omnichannel.emulators.serving import Served
from omnichannel.emulators.telegram import Fault
from omnichannel.emulators.telegram import Telegram as Emulated
from omnichannel.errors import ConfigError, FetchError, WireError
from omnichannel.model import Address, Attachment
from tests.channels.telegram.given import TOKEN, account


@asynccontextmanager
async def polling(telegram: Emulated) -> AsyncIterator[Updates]:
    channel = telegram.channel()
    assert isinstance(channel, Telegram)
    source = Updates(channel.bot, "telegram")
    try:
        yield source
    finally:
        await source.close()


def numbers(body: bytes) -> list[int]:
    return [one["update_id"] for one in json.loads(body)["result"]]


async def test_an_update_stays_until_what_came_of_it_was_committed() -> None:
    """Asking from the next number on confirms those before it; asking again from the old one brings them again."""
    with Emulated(polled=True) as telegram:
        telegram.write("Anna", "One")
        async with polling(telegram) as source:
            first = await source.fetch("")
            again = await source.fetch("")
            assert numbers(first.deliveries[0].body) == numbers(again.deliveries[0].body)
            assert len(telegram.updates) == 1
            telegram.write("Anna", "Two")
            after = await source.fetch(first.cursor)
            assert numbers(after.deliveries[0].body) == [numbers(first.deliveries[0].body)[0] + 1]
            assert (first.more, (await source.fetch(after.cursor)).deliveries) == (True, ())
            assert telegram.updates == []


async def test_a_page_holds_a_hundred() -> None:
    """And the next one goes on behind it."""
    with Emulated(polled=True) as telegram:
        for number in range(130):
            telegram.write("Anna", str(number))
        async with polling(telegram) as source:
            one = await source.fetch("")
            other = await source.fetch(one.cursor)
            assert [len(numbers(batch.deliveries[0].body)) for batch in (one, other)] == [100, 30]


async def test_numbers_that_begin_anew_lose_nothing() -> None:
    """After a week of silence Telegram counts from anywhere: an old cursor far above is no obstacle."""
    with Emulated(polled=True) as telegram:
        telegram._update_ids = count(17)
        telegram.write("Anna", "One")
        telegram.write("Anna", "Two")
        async with polling(telegram) as source:
            batch = await source.fetch("900000000")
            assert (numbers(batch.deliveries[0].body), batch.cursor) == ([17, 18], "19")


async def test_waiting_ends_when_there_is_news_and_keeps_it() -> None:
    """What came while waiting is not asked for twice; after a trouble Telegram still has it."""
    with Emulated(polled=True) as telegram:
        async with polling(telegram) as source:
            empty = await source.fetch("")
            telegram.write("Anna", "Hi")
            await source.wait(30)
            asked = len(telegram.api.requests)
            batch = await source.fetch(empty.cursor)
            assert len(telegram.api.requests) == asked
            assert len(batch.deliveries) == 1
            telegram.write("Anna", "Again")
            await source.wait(30)
            await source.close()
            assert len((await source.fetch(batch.cursor)).deliveries) == 1


async def test_every_kind_of_update_is_asked_for() -> None:
    """Reactions come only if they are."""
    with Emulated(polled=True) as telegram:
        written = telegram.write("Anna", "Hi")
        telegram.react("Anna", written, "👍")
        telegram.happen("poll", {"id": "1"})
        async with polling(telegram) as source:
            body = json.loads((await source.fetch("")).deliveries[0].body)
        assert [sorted(one.keys() - {"update_id"}) for one in body["result"]] == [
            ["message"],
            ["message_reaction"],
        ]
        assert "message_reaction" in ALLOWED


@pytest.mark.parametrize(
    ("hook", "token", "error", "words"),
    [
        ({"url": "https://x"}, TOKEN, ConfigError, "deleteWebhook"),
        ({}, "1:notthistoken", ConfigError, "token"),
    ],
)
async def test_what_has_to_be_mended_is_said(hook: dict, token: str, error: type, words: str) -> None:
    """A webhook that is set, a token that is not good."""
    with Emulated(polled=True) as telegram:
        telegram.hook = hook
        source = Updates(account(token=token, host=str(telegram.settings["host"])).bot, "telegram")
        with pytest.raises(error, match=words):
            await source.fetch("")
        await source.close()


@asynccontextmanager
async def answering(status: int, body: bytes) -> AsyncIterator[Telegram]:
    """An account whose Bot API answers everything alike."""

    async def answer(_: object) -> Response:
        return Response(body, status)

    routes = [Route("/{path:path}", answer, methods=["GET", "POST"])]
    with Served(Starlette(routes=routes)) as server:
        yield account(host=server.url)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            409,
            b'{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates"}',
            "somebody",
        ),
        (500, b'{"ok":false,"error_code":500,"description":"Internal Server Error"}', "Internal"),
        (502, b"<html>", "HTTP 502"),
        (302, b"", "HTTP 302"),
    ],
)
async def test_what_may_pass_is_tried_again_later(status: int, body: bytes, words: str) -> None:
    """The runner waits with growing patience; the token is in no message."""
    async with answering(status, body) as channel:
        source = Updates(channel.bot, "bot")
        with pytest.raises(WireError, match=words) as caught:
            await source.fetch("5")
        assert TOKEN not in str(caught.value)
        await source.close()


async def test_a_page_too_large_to_be_read_is_asked_for_one_by_one() -> None:
    """Else it would be parked whole, or never be taken."""
    with Emulated(polled=True) as telegram:
        for _ in range(40):
            telegram.write("Anna", "x" * 120_000)
        async with polling(telegram) as source:
            assert len(numbers((await source.fetch("")).deliveries[0].body)) == 1


async def test_nobody_there() -> None:
    """Host and method are named, and nothing else."""
    channel = account(host="http://127.0.0.1:9")
    with pytest.raises(WireError, match=r"http://127.0.0.1:9 did not answer getUpdates: ConnectError"):
        await Updates(channel.bot, "bot").fetch("")
    (finding,) = await channel.check()
    assert (finding.ok, TOKEN in finding.what) == (False, False)
    with pytest.raises(FetchError, match="try again"):
        await channel.download(Attachment(external_id="x"))


async def findings(telegram: Emulated, **more: object) -> list[Finding]:
    way = dict(telegram.settings) | more
    return list(await Telegram("bot", **way).check())  # type: ignore[arg-type]


async def test_the_doctor_is_content() -> None:
    """Called with everything that is read, or polling with no webhook in the way."""
    with Emulated() as telegram:
        telegram.hook = {"url": "https://hook.example/bot", "allowed_updates": list(ALLOWED)}
        found = await findings(telegram)
        assert [one.ok for one in found] == [True, True, True]
        assert [one.what for one in found][0] == "token is accepted, the bot is @ShopBot"
        assert "privacy mode is on" in found[1].what
    with Emulated(polled=True) as telegram:
        assert [one.what for one in await findings(telegram)][-1] == "updates are polled"


@pytest.mark.parametrize(
    ("hook", "more", "problem", "cure"),
    [
        ({}, {}, "no webhook is set", "setWebhook"),
        ({"url": "https://x"}, {"poll": True}, "polling is refused", "deleteWebhook"),
        ({"url": "https://x"}, {"username": "OtherBot"}, "username is OtherBot", "ShopBot"),
        ({"url": "https://x"}, {}, "does not bring message_reaction", "allowed_updates"),
        ({"url": "https://x", "allowed_updates": ["message"]}, {}, "callback_query", "allowed_updates"),
        (
            {"url": "https://x", "last_error_message": "Wrong response: 401", "last_error_date": 1772998024},
            {},
            "at 2026-03-08 19:27 UTC: Wrong response: 401",
            "secret",
        ),
        (
            {"url": "https://x", "last_error_message": "Connection refused"},
            {},
            "not deliver: Connection",
            "address",
        ),
    ],
)
async def test_what_the_doctor_finds(hook: dict, more: dict, problem: str, cure: str) -> None:
    """Each with its cure."""
    with Emulated() as telegram:
        telegram.hook = hook
        telegram.write("Ann", "this waits")
        wrong = [one for one in await findings(telegram, **more) if not one.ok]
        assert any(problem in one.what and cure in one.cure for one in wrong)


async def test_an_error_of_which_nothing_waits_any_more_is_over() -> None:
    """Telegram tells of the last one for ever."""
    with Emulated() as telegram:
        telegram.hook = {"url": "https://x", "last_error_message": "Connection refused"}
        told = [one.ok for one in await findings(telegram) if "Connection refused" in one.what]
        assert told == [True]


async def test_what_telegram_says_about_delivering_is_asked_alone() -> None:
    with Emulated() as telegram:
        bot = telegram.channel()
        (found,) = await bot.delivers()
        assert (found.ok, found.stopped) == (False, True)
        telegram.hook = {"url": "https://x"}
        assert [one.stopped for one in await bot.delivers()] == [False, False]
        telegram.token = "1:another"
        (found,) = await bot.delivers()
        assert (found.ok, "not accepted" in found.what) == (False, True)


async def test_updates_that_pile_up_are_found() -> None:
    """Telegram keeps them for a day."""
    with Emulated() as telegram:
        telegram.hook = {"url": "https://x", "allowed_updates": list(ALLOWED)}
        for _ in range(101):
            telegram.write("Anna", "Hi")
        assert ["101 updates wait" in one.what for one in await findings(telegram)][-1]


async def test_a_token_that_is_not_accepted_and_no_bot_at_all() -> None:
    """The doctor says where to get another."""
    with Emulated() as telegram:
        (finding,) = await findings(telegram, token="1:notthistoken")
        assert (finding.what, finding.ok) == ("token is not accepted: 401 Unauthorized", False)
    assert not (await Telegram.bare().check())[0].ok


async def test_who_somebody_is() -> None:
    """The name that Telegram shows; nobody for whom the bot has never met."""
    with Emulated() as telegram:
        telegram.write("Anna de Vries", "Hi")
        channel = telegram.channel()
        there = Address(kind="telegram", value=str(telegram.person("Anna de Vries").id))
        found = await channel.look_up(there)
        assert found is not None
        assert (found.name, found.address) == ("Anna de Vries", there)
        assert await channel.look_up(Address(kind="telegram", value="5")) is None
        assert await channel.look_up(Address(kind="email", value="a@b.nl")) is None


async def test_an_answer_of_something_else_is_no_answer() -> None:
    """A proxy's page, say."""
    async with answering(200, b"<html>") as channel:
        with pytest.raises(WireError, match="nothing of the Bot API's"):
            await channel.look_up(Address(kind="telegram", value="5"))


@pytest.mark.parametrize(
    ("file_id", "content", "words"),
    [("unknown", b"", "wrong file_id"), ("large", bytes(20 * 1024 * 1024 + 1), "20 MB at most")],
)
async def test_a_file_that_cannot_be_had(file_id: str, content: bytes, words: str) -> None:
    """Said with the reason, and without the address that has the token in it."""
    with Emulated() as telegram:
        if content:
            telegram.files[file_id] = content
        with pytest.raises(FetchError, match=words) as caught:
            await telegram.channel().download(Attachment(external_id=file_id))
        assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"ok":true,"result":{"file_path":"/var/lib/bot/file"}}', "--local"),
        (b'{"ok":true,"result":{}}', "no path"),
        (b'{"ok":true,"result":{"file_path":"a b"}}', "."),
    ],
)
async def test_where_a_file_lies(body: bytes, words: str) -> None:
    """On the server's own disk it cannot be fetched; a path is quoted."""
    async with answering(200, body) as channel:
        if words == ".":
            assert await channel.download(Attachment(external_id="x")) == body
            return
        with pytest.raises(FetchError, match=words):
            await channel.download(Attachment(external_id="x"))


async def test_a_fault_does_not_touch_questions() -> None:
    """The emulator's faults are for what is sent."""
    with Emulated() as telegram:
        telegram.faults = [Fault(500, "x")]
        assert (await findings(telegram))[0].ok
        assert len(telegram.faults) == 1
