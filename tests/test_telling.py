"""Logs without words: what a customer wrote is in no log, though the errors of others repeat it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from pydantic import BaseModel, ValidationError

from omnichannel import Inbox
from omnichannel.channel import AsgiApp, Delivery, Host
from omnichannel.telling import told, way_of
from tests.chat import Chat, delivery
from tests.engines import HandClock, Postgres

WORDS = "where-is-my-kastanje"
LONG = 60.0


class Number(BaseModel):
    number: int


def unreadable() -> None:
    Number.model_validate({"number": WORDS})


def refused_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TEMPORARY TABLE names (name TEXT UNIQUE)")
        for _ in range(2):
            connection.execute("INSERT INTO names VALUES (%s)", (WORDS,))


def caught(go: Callable[[], object]) -> Exception:
    try:
        go()
    except Exception as error:  # noqa: BLE001 - each kind there is
        return error
    raise AssertionError("nothing was raised")


@pytest.fixture(params=["postgres", "pydantic", "group"])
def wordy(request: pytest.FixtureRequest, postgres: Postgres) -> Exception:
    """A real error that repeats what it was given."""
    if request.param == "postgres":
        return caught(lambda: refused_row(postgres.ready()))
    error = caught(unreadable)
    return ExceptionGroup(WORDS, [error]) if request.param == "group" else error


def test_kind_and_place_are_told_and_no_words(wordy: Exception) -> None:
    def wrapped() -> None:
        try:
            raise wordy
        except Exception as error:
            raise LookupError(WORDS) from error

    found = caught(wrapped)
    assert WORDS in f"{wordy} {getattr(wordy, 'exceptions', '')}"  # or the test would prove nothing
    for shown in (told(found), way_of(found)):
        assert WORDS not in shown
        assert "LookupError" in shown
        assert f"{__file__}:" in shown
    assert type(wordy).__name__ in way_of(found)
    assert way_of(found).splitlines()[-1] == "LookupError"


def test_an_error_that_led_to_itself_ends() -> None:
    one, two = LookupError("one"), LookupError("two")
    one.__cause__, two.__cause__ = two, one
    assert way_of(one) == "LookupError\nLookupError"


def refuse(url: str, table: str) -> None:
    """From now on the database takes no row there, and says which: `DETAIL: Failing row contains (…)`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT none CHECK (false) NOT VALID".encode())


async def posted(inbox: Inbox, query: str, sent: Delivery) -> int:
    """The status that a delivery is answered with."""
    told: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    headers = [(key.lower().encode(), value.encode()) for key, value in sent.headers]
    scope = {"type": "http", "method": "POST", "path": "/chat", "query_string": query.encode()}
    await inbox.asgi()({**scope, "headers": headers}, receive, send)
    return int(told[0]["status"])


async def until(log: pytest.LogCaptureFixture, said: str) -> None:
    async with asyncio.timeout(LONG):
        while said not in log.text:
            await asyncio.sleep(0.01)


async def test_a_step_that_fails_logs_no_words(postgres: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url, stop = postgres.empty(), asyncio.Event()
    async with Inbox(url, [Chat("chat")], clock=HandClock()) as inbox:
        sent = delivery({"id": "m1", "from": "anna", "text": WORDS})
        await inbox.receive("chat", sent.model_copy(update={"url": f"https://hooks.invalid/chat?{WORDS}"}))
        refuse(url, "deliveries")
        running = asyncio.create_task(inbox.run(stop=stop))
        await until(caplog, "a step of the inbox failed")
        stop.set()
        await running
    assert "CheckViolation" in caplog.text
    assert WORDS not in caplog.text


class Talkative(Chat):
    """Its pages break over what somebody sent."""

    def site(self, host: Host) -> AsgiApp | None:
        async def visit(*_: Any) -> None:
            unreadable()

        return visit


async def test_a_delivery_that_cannot_be_kept_logs_no_words(
    postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgres.empty()
    async with Inbox(url, [Chat("chat")], clock=HandClock()) as inbox:
        refuse(url, "deliveries")
        assert await posted(inbox, WORDS, delivery({"id": "m1"})) == 503
    assert "CheckViolation" in caplog.text
    assert WORDS not in caplog.text


async def test_pages_that_break_log_no_words(caplog: pytest.LogCaptureFixture) -> None:
    """Not by us, nor by the server, which logs what it is given."""
    async with Inbox("sqlite:///:memory:", [Talkative("chat")], clock=HandClock()) as inbox:
        with pytest.raises(RuntimeError) as broken:
            await posted(inbox, "", delivery({"id": "m1"}))
    logging.getLogger("server").error("it broke", exc_info=broken.value)
    assert ValidationError.__name__ in caplog.text
    assert WORDS not in caplog.text
