"""Looking at lists over real sockets: where a look goes on, what stops it, and what it costs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from omnichannel.channels.x import X
from omnichannel.channels.x.link.account import check
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x import Network
from omnichannel.errors import WireError
from omnichannel.model import Address
from tests.channels.x.given import only
from tests.channels.x.stage import look, stage


def test_looks_continue_where_the_last_one_ended():
    """Nothing twice while nothing is new, nothing missed when something is, oldest first."""
    with stage() as (network, x):
        anna = network.join("anna")
        network.post(anna, "@shop 0")
        events, cursor = look(x, "mentions")
        assert [event.text for event in events] == ["@shop 0"]
        assert look(x, "mentions", cursor) == ([], cursor)
        for number in range(1, 4):
            network.post(anna, f"@shop {number}")
            network.dm(anna, str(number))
        events, after = look(x, "mentions", cursor)
        assert [event.text for event in events][-3:] == ["@shop 1", "@shop 2", "@shop 3"]
        assert look(x, "mentions", after) == ([], after)
        events, cursor = look(x, "dms")
        assert [event.text for event in events] == ["1", "2", "3"]
        assert look(x, "dms", cursor) == ([], cursor)


def test_the_first_look_takes_one_page():
    """The last 100; older ones stay where they are, as each costs money."""
    with stage() as (network, x):
        anna = network.join("anna")
        for number in range(130):
            network.dm(anna, str(number))
        assert [event.text for event in look(x, "dms")[0]] == [str(number) for number in range(30, 130)]


@pytest.mark.parametrize("name", ["mentions", "dms"])
def test_many_at_once(name):
    """Page after page until what is known, oldest page first."""
    now = [datetime(2026, 7, 24, 12, tzinfo=UTC)]
    network = Network(clock=lambda: now[0])
    with Served(network.app) as served:
        x = X(
            "x", user_id=network.account.id, consumer_secret="s", token=network.keys.bearer, host=served.url
        )
        anna = network.join("anna")
        say = network.dm if name == "dms" else network.post
        say(anna, "@shop first")
        cursor = look(x, name)[1]
        now[0] += timedelta(hours=1)
        for number in range(250):
            say(anna, f"@shop {number}")
        events, cursor = look(x, name, cursor)
        news = [event.text for event in events if event.text != "@shop first"]
        assert news == [f"@shop {number}" for number in range(250)]
        assert look(x, name, cursor)[0] == []


def test_what_x_shows_late():
    """A post that appears after a younger one is not missed: every look reaches back ten minutes."""
    with stage() as (network, x):
        anna = network.join("anna")
        late, early = network.post(anna, "@shop late"), network.post(anna, "@shop early")
        network.posts.remove(late)
        events, cursor = look(x, "mentions")
        assert [event.external_id for event in events] == [early.id]
        network.posts.insert(0, late)
        assert late.id in [event.external_id for event in look(x, "mentions", cursor)[0]]


def test_a_rate_limit_while_looking():
    """The look goes on where it was stopped, when X allows it; the cursor stays until it is complete."""
    with stage() as (network, x):
        anna = network.join("anna")
        network.dm(anna, "first")
        cursor = look(x, "dms")[1]
        for number in range(150):
            network.dm(anna, str(number))

        async def run():
            (source,) = (source for source in x.sources() if source.name == "dms")
            network.left["dm_events"] = 1
            stopped = await source.fetch(cursor)
            early = await source.fetch(cursor)
            asked = len(network.requests)
            network.left["dm_events"] = 5
            source._not_before = 0.0
            return stopped, early, asked, await source.fetch(cursor)

        stopped, early, asked, complete = asyncio.run(run())
        assert (stopped.deliveries, stopped.cursor, early.deliveries) == ((), cursor, ())
        assert len(network.requests) == asked + 1
        assert len(complete.deliveries) == 2
        texts = [event.text for delivery in complete.deliveries for event in x.parse(delivery)]
        assert texts == ["first", *(str(number) for number in range(150))]


def test_a_source_keeps_its_pace():
    """However often it is asked: one look in `poll_seconds`, and waiting ends in time."""
    with stage() as (network, x):

        async def run():
            (source,) = (source for source in x.sources() if source.name == "mentions")
            batches = [await source.fetch("") for _ in range(3)]
            await source.wait(0.01)
            source._not_before = 0.0
            await source.wait(3600)
            await source.close()
            return batches

        batches = asyncio.run(run())
        assert [batch.cursor for batch in batches] == ["", "", ""]
        assert len(network.requests) == 1


@pytest.mark.parametrize(
    ("refused", "left"),
    [
        ({"tweet.fields"}, "post.fields"),
        ({"note_tweet"}, "author_id"),
        ({"tweet.fields", "referenced_posts", "note_post"}, "author_id"),
        ({"media.fields", "referenced_tweets.id"}, "author_id"),
    ],
)
def test_a_field_that_x_no_longer_knows(refused, left):
    """Asked once, then never again; the rest is still asked for, in the new spelling if it must be."""
    with stage() as (network, x):
        network.refused = refused
        network.post(network.join("anna", name="Anna"), "@shop hi")

        async def run():
            (source,) = (source for source in x.sources() if source.name == "mentions")
            batch = await source.fetch("")
            source._not_before = 0.0
            asked = len(network.requests)
            await source.fetch(batch.cursor)
            return batch, len(network.requests) - asked

        batch, again = asyncio.run(run())
        assert again == 1
        assert left in batch.deliveries[0].url
        assert only(list(x.parse(batch.deliveries[0]))).sender.name == "Anna"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"title": "Unauthorized"}, "reauth"),
        (400, {"title": "Invalid Request", "detail": "no"}, "invalid"),
        (503, "<html>", "HTTP 503"),
    ],
)
def test_trouble_while_looking(status, body, words):
    """Raised with what X says, for whoever runs it to wait and start again; nothing is skipped."""
    with stage() as (network, x):
        network.fail_next(status, body)
        with pytest.raises(WireError, match=words):
            look(x, "mentions")


def test_doctor():
    """Whose credentials they are, whether X accepts them, and whether direct messages are visible at all."""
    with stage() as (network, x):
        first, second = asyncio.run(x.check())
        assert (first.ok, second.ok, "chat.received" in second.cure) == (True, False, True)
        network.dm(network.join("anna"), "hi")
        assert [finding.ok for finding in asyncio.run(x.check())] == [True, True]
        network.fail_next(200, {"data": {"id": network.account.id}})
        network.fail_next(403, {"title": "Forbidden", "detail": "Forbidden"})
        assert [finding.ok for finding in asyncio.run(x.check())] == [True, False]
        network.fail_next(401, {"title": "Unauthorized"})
        assert "credentials" in only(list(asyncio.run(x.check()))).what
        (other,) = asyncio.run(check(x._is.access, "5", private=True))
        assert network.account.id in other.cure


def test_names():
    """What a nameless person calls themselves; nothing for who does not exist, or is nobody."""
    with stage() as (network, x):
        anna = network.join("anna", name="Anna")

        def name(**address) -> str | None:
            found = asyncio.run(x.look_up(Address(**address)))
            return found.name if found else None

        assert name(kind="x", value=anna.id) == "Anna"
        assert name(kind="x", value="5") is None
        assert name(kind="x", scope="unknown", value=anna.id) is None
        assert name(kind="email", value="a@b.example") is None
