"""Settings, what doctor says, files, and what was said before: asked of an emulated Page over real sockets."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from omnichannel.channel import Delivery, Source
from omnichannel.channels.facebook import Facebook
from omnichannel.emulators.facebook import FacebookPage
from omnichannel.errors import ConfigError, FetchError, Unsupported
from omnichannel.model import Address, Attachment, Event
from tests.channels.facebook.desk import desk
from tests.engines import MORNING, HandClock

GIVEN: dict = {
    "page_id": "100000000000001",
    "page_token": "t0ken-value",
    "app_secret": "s3cret-value",
    "verify_token": "v3rify",
}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("page_id", ""),
        ("page_id", "my-shop"),
        ("page_token", "two words"),
        ("verify_token", ""),
        ("app_secret", [""]),
        ("host", "http://graph.facebook.com"),
        ("version", "26"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(setting: str, value: object) -> None:
    with pytest.raises(ConfigError) as raised:
        Facebook("page", **(GIVEN | {setting: value}))
    assert raised.value.setting == setting
    assert raised.value.cure


def test_our_own_address_is_the_page() -> None:
    page = Facebook("page", **GIVEN)
    assert page.own_address == Address(kind="facebook", scope="100000000000001", value="100000000000001")
    assert Facebook.bare().own_address is None
    assert Facebook.bare().credentials(None) == {}  # type: ignore[arg-type]


async def test_doctor_says_what_is_well() -> None:
    with FacebookPage() as far:
        assert [(one.ok, one.what) for one in await far.channel().check()] == [
            (True, "page_token is accepted, the Page is 'Shop'"),
            (True, "the app is subscribed to everything that is read"),
            (True, "comments can be read"),
        ]


async def test_doctor_names_what_is_wrong_with_its_cure() -> None:
    with FacebookPage() as far:
        far.subscribed, far.readable = ["feed"], False
        _, heard, reading = await far.channel().check()
        assert not heard.ok
        assert "message_echoes" in heard.what
        assert "subscribed_fields=feed,mention,ratings,message_echoes" in heard.cure
        assert not reading.ok
        assert "pages_read_user_content" in reading.cure
        page = Facebook("page", **(far.settings | {"page_id": "5"}))  # type: ignore[arg-type]
        (other,) = await page.check()
        assert "page_id is 5" in other.what
        far.page_token = "changed"
        (token,) = await far.channel().__class__("page", **(GIVEN | {"host": far.url})).check()
        assert "not accepted: 190/0" in token.what
    (nobody,) = await Facebook("page", **(GIVEN | {"host": "http://127.0.0.1:9"})).check()
    assert "did not answer" in nobody.what
    (bare,) = await Facebook.bare().check()
    assert not bare.ok


async def test_files_come_from_metas_hosts_alone() -> None:
    page = Facebook("page", **GIVEN)
    with pytest.raises(Unsupported, match="has no address"):
        await page.download(Attachment(name="film"))
    for url in (
        "https://evil.example/x",
        "https://fbcdn.net.evil.example/x",
        "http://[",
        "https://xfbcdn.net/a",
    ):
        with pytest.raises(FetchError, match="content hosts"):
            await page.download(Attachment(url=url))


async def brought(source: Source, page: Facebook, *, steps: int = 100) -> tuple[list[Event], str]:
    """What a source brings, each batch by a source of its own: nothing is kept but the cursor."""
    events: list[Event] = []
    cursor, more = "", True
    while more and steps:
        batch = await source.fetch(cursor)
        events += [event for one in batch.deliveries for event in page.parse(one)]
        cursor, more, steps = batch.cursor, batch.more, steps - 1
        await source.close()
    assert (await source.fetch(cursor)).more is more
    await source.close()
    return events, cursor


async def test_the_past_is_what_the_webhooks_would_have_said() -> None:
    """Visitors' posts and comments on all posts, old posts too; replies below their comment; ours as ours."""
    clock = HandClock()
    async with desk(FacebookPage(clock=clock.now), clock) as it:
        far, page = it.far, it.channel
        assert isinstance(page, Facebook)
        far.write("Ann", "too old")
        quiet = far.post("Cy", "a quiet post")
        clock.advance(days=10)
        first = far.comment("Ann", "Do you ship?", photo=b"x")
        far.say("Yes.", under=first)
        far.comment("Bo", "Good", under=first)
        post = far.post("Bo", "A word")
        (source,) = page.histories(MORNING + timedelta(days=1))
        past, _ = await brought(source, page)
        await it.work()
        live = {
            one.external_id: one for one in await it.inbox.conversations.messages((await it.talks())[-1].id)
        }
        assert live
        found = {one.external_id: one for one in past if one.event == "received"}
        assert [one.text for one in found.values()] == ["A word", "Do you ship?", "Yes.", "Good"]
        assert quiet not in found
        assert found[post].thread == post
        assert (found[first].thread, found[first].sender.name, found[first].sent_at) == (
            first,
            "Ann",
            clock.now(),
        )
        assert [one.direction for one in found.values()] == ["inbound", "inbound", "outbound", "inbound"]
        assert {one.thread for one in found.values()} == {first, post}
        assert found[first].parts[1].type == "attachment"


async def test_the_past_is_brought_in_once_and_in_order() -> None:
    clock = HandClock()
    async with desk(FacebookPage(clock=clock.now), clock) as it:
        first = it.far.write("Ann", "one")
        clock.advance(minutes=1)
        it.far.say("two", under=first)
        clock.advance(minutes=1)
        it.far.write("Ann", "three")
        it.far.hook.waiting.clear()  # before the webhook was there
        for _ in range(2):
            await it.inbox.import_history("facebook", MORNING - timedelta(days=1))
        (talk,) = await it.inbox.conversations.closed()
        assert [(one.direction, one.text) for one in await it.said(talk.id)] == [
            ("inbound", "one"),
            ("outbound", "two"),
            ("inbound", "three"),
        ]


async def test_the_past_goes_on_where_it_stopped() -> None:
    clock = HandClock()
    with FacebookPage(clock=clock.now) as far:
        for number in range(250):
            far.comment("Ann", f"comment {number}")
        page = far.channel()
        assert isinstance(page, Facebook)
        (source,) = page.histories(MORNING)
        some, cursor = await brought(source, page, steps=2)
        (again,) = page.histories(MORNING)
        rest = []
        while cursor != "[]":
            batch = await again.fetch(cursor)
            rest += [event for one in batch.deliveries for event in page.parse(one)]
            cursor = batch.cursor
        await again.close()
        assert [event.text for event in (*some, *rest)] == [f"comment {number}" for number in range(250)]  # type: ignore[union-attr]
        assert len(some) == 100


async def test_trouble_with_the_past_raises_with_the_cure() -> None:
    clock = HandClock()
    with FacebookPage(clock=clock.now) as far:
        far.readable = False
        (source,) = far.channel().histories(MORNING)
        with pytest.raises(FetchError, match="pages_read_user_content"):
            await source.fetch("")
        far.readable = True
        gone = await source.fetch(json.dumps([["comments", "7_8", ""]]))
        assert (gone.deliveries, gone.more) == ((), False)
        await source.wait(0)
        await source.close()
        await source.close()


def test_what_came_from_the_past_is_read_by_item() -> None:
    body = {
        "object": "page",
        "home": "1",
        "of": "1_2",
        "data": [5, {"id": "2_3", "message": "Hi", "from": {"id": "9"}}],
    }
    bad, good = Facebook("page", **(GIVEN | {"page_id": "1"})).parse(
        Delivery(source="history", body=json.dumps(body).encode())
    )
    assert (bad.event, good.event) == ("malformed", "received")
