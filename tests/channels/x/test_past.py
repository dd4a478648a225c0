"""What was said on X before, brought into an inbox over real sockets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from omnichannel import Inbox
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x import Network
from omnichannel.errors import WireError
from tests.channels.x.stage import stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def test_question_and_answer_come_back_as_one_closed_conversation(tmp_path: Path) -> None:
    """Posts of both sides and direct messages, in order, back to the moment and not further."""
    with stage() as (network, x):
        moment = [NOW - timedelta(days=20)]
        network.clock = lambda: moment[0]
        anna = network.join("anna")
        network.dm(anna, "long ago")
        moment[0] = NOW - timedelta(days=2)
        question = network.post(anna, "@shop where is my order?")
        moment[0] += timedelta(hours=1)
        network.post(network.account, "@anna on its way", in_reply_to=question)
        moment[0] += timedelta(hours=1)
        network.dm(anna, "thank you")
        async with Inbox(f"sqlite:///{tmp_path / 'a.db'}", [x]) as inbox:
            done = await inbox.import_history("x", NOW - timedelta(days=7))
            talks = [
                [
                    (message.direction.value, message.text)
                    for message in await inbox.conversations.messages(one.id)
                ]
                for one in await inbox.conversations.closed()
            ]
            assert await inbox.conversations.open() == []
            again = await inbox.import_history("x", NOW - timedelta(days=7))
    assert done.deliveries == 3
    assert again.deliveries == 0
    assert [("inbound", "@shop where is my order?"), ("outbound", "@anna on its way")] in talks
    assert ("inbound", "thank you") in [said for talk in talks for said in talk]


async def test_page_after_page_until_the_moment() -> None:
    """A page costs: the one that reaches the moment is the last that is asked for."""
    with stage() as (network, x):
        moment = [NOW]
        network.clock = lambda: moment[0]
        anna = network.join("anna")
        for number in range(350):
            moment[0] += timedelta(minutes=1)
            network.dm(anna, str(number))
        dms = x.histories(NOW + timedelta(minutes=200))[-1]
        cursor, heard = "", []
        while True:
            batch = await dms.fetch(cursor)
            heard += [event.text for delivery in batch.deliveries for event in x.parse(delivery)]
            cursor = batch.cursor
            if not batch.more:
                break
        assert len(heard) == 200
        assert [request for request in network.requests if "dm_events" in request] == ["GET /2/dm_events"] * 2
        assert (await dms.fetch(cursor)).deliveries == ()


async def test_a_limit_says_how_long_to_wait() -> None:
    network = Network()
    with Served(network.app), stage() as (other, x):
        other.fail_next(429, {"title": "Too Many Requests"}, (("retry-after", "60"),))
        with pytest.raises(WireError, match="go on in"):
            await x.histories(NOW)[0].fetch("")
        other.fail_next(403, {"title": "Forbidden", "detail": "not on this plan"})
        with pytest.raises(WireError, match="not on this plan"):
            await x.histories(NOW)[0].fetch("")
