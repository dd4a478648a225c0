"""Settings, links, names, what doctor says, and what was said before: asked of an emulated account."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.instagram import Instagram
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.errors import ConfigError, FetchError, Malformed, Unsupported
from omnichannel.model import Address, Attachment, Draft, Party, Text
from tests.channels.facebook.desk import desk
from tests.engines import MORNING, HandClock

ACCOUNT = "17841400000000001"
GIVEN: dict[str, Any] = {
    "account_id": ACCOUNT,
    "token": "t0ken-value",
    "app_secret": "s3cret-value",
    "verify_token": "v3rify-value",
}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("account_id", ""),
        ("account_id", "@shop"),
        ("page_id", "shop"),
        ("token", ""),
        ("username", "https://instagram.com/shop"),
        ("verify_token", "two words"),
        ("app_secret", ""),
        ("host", "graph.instagram.com"),
        ("version", "latest"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(setting: str, value: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Instagram("insta", **(GIVEN | {setting: value}))
    assert raised.value.setting == setting
    assert raised.value.cure


def test_each_login_has_its_host_and_its_node() -> None:
    alone, linked = Instagram("a", **GIVEN), Instagram("b", **(GIVEN | {"page_id": "100000000000001"}))
    assert alone.edge.startswith("https://graph.instagram.com/v")
    assert linked.edge.startswith("https://graph.facebook.com/v")
    draft = Draft(
        id="1", to=Party(address=Address(kind="instagram", scope=ACCOUNT, value="2")), parts=(Text(text="Hi"),),
        thread="2", created_at=MORNING, heard_at=MORNING,
    )  # fmt: skip
    assert [channel.render(draft)[0].url.split("/")[-2] for channel in (alone, linked)] == [
        ACCOUNT,
        "100000000000001",
    ]
    assert Instagram.bare().render(draft)[0].url.split("/")[-2] == ACCOUNT


def test_our_own_address_is_the_account() -> None:
    assert Instagram("a", **GIVEN).own_address == Address(kind="instagram", scope=ACCOUNT, value=ACCOUNT)
    assert Instagram.bare().own_address is None
    assert Instagram.bare().credentials(None) == {}  # type: ignore[arg-type]


def test_a_link_needs_the_accounts_name() -> None:
    assert (
        Instagram("a", **GIVEN, username="@my.shop_1").start_link("oct1")
        == "https://ig.me/m/my.shop_1?ref=oct1"
    )
    with pytest.raises(Unsupported, match="username"):
        Instagram("a", **GIVEN).start_link("oct1")


async def test_names_are_asked_for_where_meta_tells_them() -> None:
    with InstagramAccount() as far:
        far.write("Ann Berg", "Hi")
        far.comment("Cy", "never wrote a message")
        channel = far.channel()

        def address(who: str) -> Address:
            return Address(kind="instagram", scope=far.account_id, value=far.person(who).id)

        found = await channel.look_up(address("Ann Berg"))
        assert found is not None
        assert found.name == "Ann Berg"
        assert await channel.look_up(address("Cy")) is None
        assert (
            await channel.look_up(Address(kind="instagram", scope=far.account_id, value="comment:1")) is None
        )
        assert await channel.look_up(Address(kind="messenger", scope=far.account_id, value="1")) is None


@pytest.mark.parametrize("login", ["instagram", "facebook"])
async def test_doctor_says_what_is_well(login: Any) -> None:
    with InstagramAccount(login=login) as far:
        far.subscribed = [
            "messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit",
            "messaging_referral", "comments", "live_comments",
        ]  # fmt: skip
        assert [(one.ok, one.what) for one in await far.channel().check()] == [
            (True, "token is accepted, the account is 'shop'"),
            (True, "the app is subscribed to everything that is read"),
            (True, "messages can be read"),
        ]


@pytest.mark.parametrize("login", ["instagram", "facebook"])
async def test_doctor_names_what_is_wrong_with_its_cure(login: Any) -> None:
    with InstagramAccount(login=login) as far:
        settings: Any = far.settings
        _, heard, _ = await far.channel().check()
        assert not heard.ok
        assert "not subscribed to messages" in heard.what
        (other,) = await Instagram("a", **(settings | {"account_id": "5"})).check()
        assert "account_id is 5" in other.what
        (token,) = await Instagram("a", **(settings | {"token": "wrong"})).check()
        assert "not accepted: 190/0" in token.what
    (nobody,) = await Instagram("a", **(GIVEN | {"host": "http://127.0.0.1:9"})).check()
    assert "did not answer" in nobody.what
    (bare,) = await Instagram.bare().check()
    assert not bare.ok


async def test_doctor_tells_when_messages_cannot_be_read() -> None:
    with InstagramAccount(login="facebook") as far:
        far.subscribed = ["messages"]
        settings: Any = far.settings
        channel = Instagram("a", **settings)
        channel.page_id = ""  # the token is the Page's, the account's own edge is not there
        channel.edge = f"{far.url}/v26.0"
        (token,) = await channel.check()
        assert not token.ok


async def test_files_that_are_only_there_cannot_be_had() -> None:
    channel = Instagram("a", **GIVEN)
    with pytest.raises(Unsupported, match="no address"):
        await channel.download(Attachment())
    with pytest.raises(FetchError, match="content hosts"):
        await channel.download(Attachment(url="https://evil.example/lookaside.fbsbx.com"))


@pytest.mark.parametrize("login", ["instagram", "facebook"])
async def test_the_past_of_messages_and_comments(login: Any) -> None:
    """Both in order, each in its conversation; what a webhook brought already is not there twice."""
    clock = HandClock()
    async with desk(InstagramAccount(login=login, clock=clock.now), clock) as it:
        far = it.far
        far.write("Ann", "too old")
        old = far.comment("Cy", "an old comment")
        clock.advance(days=3)
        far.write("Ann", "one")
        clock.advance(minutes=1)
        far.answer("a new answer to an old comment", under=old)
        first = far.comment("Bo", "In red?")
        clock.advance(minutes=1)
        far.answer("Yes.", under=first)
        clock.advance(minutes=1)
        far.comment("Bo", "Great", under=first)
        far.hook.waiting.clear()
        far.write("Ann", "two")
        await it.work()
        for _ in range(2):
            await it.inbox.import_history("instagram", MORNING + timedelta(days=1))
        past = {
            tuple(one.text for one in await it.said(talk.id))
            for talk in await it.inbox.conversations.closed()
        }
        assert past == {("one",), ("In red?", "Yes.", "Great")}
        assert [one.text for one in await it.said()] == ["two"]


async def test_only_the_last_twenty_messages_are_told() -> None:
    """Older ones Meta does not show: what cannot be had is not made up."""
    clock = HandClock()
    with InstagramAccount(clock=clock.now) as far:
        for number in range(25):
            far.write("Ann", f"message {number}")
        for number in range(12):
            far.write(f"Person {number}", "Hi")
        channel = far.channel()
        talk, _ = channel.histories(MORNING)
        texts, cursor, more = [], "", True
        while more:
            batch = await talk.fetch(cursor)
            texts += [event.text for one in batch.deliveries for event in channel.parse(one)]  # type: ignore[union-attr]
            cursor, more = batch.cursor, batch.more
        await talk.close()
        assert [text for text in texts if text != "Hi"] == [f"message {number}" for number in range(5, 25)]
        assert texts.count("Hi") == 12


def told(value: object, **settings: Any) -> list:
    channel = Instagram("a", **GIVEN, **settings) if settings else Instagram.bare()
    return list(channel.parse(Delivery(source="file", body=json.dumps(value).encode())))


def test_a_file_may_hold_what_the_graph_api_answered() -> None:
    (profile,) = told({"id": "5", "username": "ann", "biography": "x"})
    assert profile.reason.startswith("not_event")
    (picture,) = told({"id": "5", "caption": "x", "timestamp": "2026-01-01T00:00:00+0000"})
    assert picture.reason.startswith("not_event")
    (comment,) = told({"id": "5", "text": "Hi", "timestamp": "2026-01-01T00:00:00+0000", "username": "ann"})
    assert (comment.event, comment.sender.name, comment.method) == ("received", "ann", "author_missing")
    (ours,) = told(
        {"id": "5", "text": "Hi", "timestamp": "2026-01-01T00:00:00+0000", "username": "shop"},
        username="shop",
    )
    assert ours.direction == "outbound"


def test_our_own_name_tells_our_own_messages_in_the_past() -> None:
    """Instagram knows an account by several ids, and by one name."""
    message = {
        "id": "mid.1", "created_time": "2026-01-01T00:00:00+0000", "message": "Hi", "sticker": "https://s.example/1",
        "from": {"id": "9900000000000001", "username": "shop"}, "to": {"data": [{"id": "2", "username": "ann"}]},
        "attachments": {"data": [
            {"id": "7", "mime_type": "image/png", "name": "a.png", "size": 3, "image_data": {"url": "https://x/1"}},
            {"id": "8", "video_data": {"url": "https://x/2"}}, {"file_url": "https://x/3"},
        ]},
        "shares": {"data": [{"link": "https://x/4", "name": "Shoe"}]}, "story": {"mention": {"link": "https://x/5"}},
    }  # fmt: skip
    (found,) = told(message, username="shop")
    assert (found.direction, found.thread, found.recipients[0].name) == ("outbound", "2", "ann")
    assert [part.type for part in found.parts] == [
        "text",
        "attachment",
        "attachment",
        "attachment",
        "attachment",
        "reference",
        "reference",
    ]
    (nobody,) = told({"id": "m", "created_time": "2026-01-01T00:00:00+0000", "to": {"data": []}})
    assert (nobody.event, nobody.reason) == ("malformed", "the message does not say who the other side is")
    with pytest.raises(Malformed):
        Instagram.bare().parse(Delivery(body=b'{"entry":[]}'))


def test_who_is_unknown_is_answered_in_public_or_as_the_reply_that_they_may_get() -> None:
    to = Party(address=Address(kind="instagram", scope=ACCOUNT, value="comment:5"))
    given: Any = {
        "id": "1",
        "to": to,
        "parts": (Text(text="Hi"),),
        "created_at": MORNING,
        "heard_at": MORNING,
    }
    channel = Instagram("a", **GIVEN)
    with pytest.raises(Unsupported, match="did not say who"):
        channel.render(Draft(**given))
    (call,) = channel.render(Draft(**given, references=("5",)))
    assert b'"comment_id": "5"' in call.body
    with pytest.raises(Unsupported, match="nothing to say"):
        channel.render(Draft(**(given | {"parts": (Text(text=" "),)}), public=True, reply_to="5"))
    document = Attachment(name="a.zip", media_type="application/zip", url="https://x.example/a.zip")
    with pytest.raises(Unsupported, match="no application/zip"):
        channel.render(Draft(**(given | {"parts": (document,)}), references=("5",)))


def test_a_story_and_a_moving_picture_of_the_past_are_told() -> None:
    """Meta, "Message" of the Graph API: a story that was answered, and a GIF that has no still picture."""
    message = {
        "id": "mid.2", "created_time": "2026-01-01T00:00:00+0000", "message": "Nice!",
        "from": {"id": "2", "username": "ann"}, "to": {"data": [{"id": "9", "username": "shop"}]},
        "attachments": {"data": [{"id": "7", "image_data": {"animated_gif_url": "https://x.example/7.gif"}}]},
        "story": {"reply_to": {"link": "https://x.example/story", "id": "17900000000000003"}},
    }  # fmt: skip
    (found,) = told(message, username="shop")
    _, moving, story = found.parts
    assert (moving.media_type, moving.url) == ("image/*", "https://x.example/7.gif")
    assert (story.what, story.url, story.external_id) == (
        "story",
        "https://x.example/story",
        "17900000000000003",
    )
