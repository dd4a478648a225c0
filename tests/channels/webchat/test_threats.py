"""What strangers on a company's site could do to it."""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from omnichannel.channels.webchat.link import pages
from omnichannel.channels.webchat.link.asgi import Request
from omnichannel.errors import TooLarge
from omnichannel.tls import trusted
from tests.channels.webchat.given import room


async def test_t61_a_line_of_the_log_stays_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """What a stranger asks for stands in the log: they must not write lines of their own into it."""
    caplog.set_level(logging.INFO, "omnichannel")
    async with room() as on:
        assert on.ask("GET", "/nothing%0d%1b[2Kaccount%20shop:%20all%20is%20well").status_code == 404
    written = [record.getMessage() for record in caplog.records if record.name == "omnichannel"]
    assert any("all is well" in line for line in written)
    assert all(line.isprintable() for line in written)


async def test_t08_a_query_without_end_is_the_strangers_fault(caplog: pytest.LogCaptureFixture) -> None:
    """It gets an answer, and no page of the log."""
    async with room() as on:
        token = on.enter()["token"]
        assert on.ask("GET", "/messages?" + "a&" * 30, token=token).status_code == 400
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("told", "large"), [("\u00b2", False), ("9" * 5000, True), ("-1", False), ("", False)]
)
async def test_t10_a_length_that_is_none_is_not_believed(told: str, large: bool) -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"{}"}

    headers = [(b"content-length", told.encode("latin-1"))]
    request = Request({"method": "POST", "path": "/", "headers": headers}, receive)
    if large:
        with pytest.raises(TooLarge):
            await request.json(100)
    else:
        assert await request.json(100) == {}


async def test_t10_one_place_holds_so_many_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes are free: who collects them must not hold streams without end. When one closes there is room again."""
    monkeypatch.setattr(pages, "_STREAMS_OF_ONE_PLACE", 2)
    async with room() as on, httpx.AsyncClient(trust_env=False, verify=trusted(), timeout=10) as client:
        tokens = [on.enter()["token"] for _ in range(3)]

        def listen(token: str) -> AbstractAsyncContextManager[httpx.Response]:
            headers = {"authorization": f"Bearer {token}", "origin": on.origin}
            return client.stream("GET", f"{on.site.hook}/events", headers=headers)

        async with listen(tokens[0]) as first:
            assert first.status_code == 200
            async with listen(tokens[1]) as second, listen(tokens[2]) as third:
                assert (second.status_code, third.status_code) == (200, 429)
