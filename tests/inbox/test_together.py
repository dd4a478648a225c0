"""What ends at the same time is written by one job, and one that cannot be written takes no other down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from omnichannel import Inbox
from omnichannel.inbox.together import Together
from omnichannel.store import Tx
from tests.chat import Chat


async def test_what_ends_at_once_is_one_job_and_everybody_hears_after_it() -> None:
    jobs: list[list[str]] = []
    async with Inbox("sqlite:///:memory:", [Chat("chat")]) as inbox:
        ends = Together[str](inbox, lambda _, ended: jobs.append(list(ended)))
        await asyncio.gather(*(ends.end(name) for name in "abc"))
        assert jobs == [["a", "b", "c"]]
        await ends.end("d")
        assert jobs[1:] == [["d"]]


async def test_one_that_fails_is_told_so_and_the_others_are_written() -> None:
    written: list[str] = []

    def write(_: Tx, ended: Sequence[str]) -> None:
        if "bad" in ended:
            raise ValueError("bad")
        written.extend(ended)

    async with Inbox("sqlite:///:memory:", [Chat("chat")]) as inbox:
        ends = Together[str](inbox, write)
        found = await asyncio.gather(*(ends.end(name) for name in ("a", "bad", "b")), return_exceptions=True)
        assert [type(one) for one in found] == [type(None), ValueError, type(None)]
        assert set(written) == {"a", "b"}, "a job may run more than once"
        with pytest.raises(ValueError, match="bad"):
            await ends.end("bad")


async def test_whoever_no_longer_waits_is_written_all_the_same() -> None:
    written: list[str] = []
    async with Inbox("sqlite:///:memory:", [Chat("chat")]) as inbox:
        ends = Together[str](inbox, lambda _, ended: written.extend(ended))
        gone, there = asyncio.ensure_future(ends.end("gone")), asyncio.ensure_future(ends.end("there"))
        await asyncio.sleep(0)
        gone.cancel()
        await there
        assert gone.cancelled()
        assert written == ["gone", "there"]
