"""Direct messages: four shapes, one meaning; and what happens around them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from omnichannel.channels.x.private import conversation
from omnichannel.model import Attachment, Choice, Direction, Location, Option, Reference, Strength, System
from tests.channels.x.given import ANNA, BOB, TOKEN, US, activity, bare, case, events, message, only, page

THREAD = f"{US}-{ANNA}"
AT = datetime(2026, 7, 24, 21, 23, 44, 372000, tzinfo=UTC)


def dm(**fields):
    given = {
        "id": "2080765901528535096",
        "event_type": "MessageCreate",
        "text": "hello!",
        "sender_id": ANNA,
        "dm_conversation_id": THREAD,
        "created_at": "2026-07-24T21:23:44.372Z",
    }
    return given | fields


OLD = {
    "id": 2080765901528535096,
    "id_str": "2080765901528535096",
    "text": "hello!",
    "created_at": "Fri Jul 24 21:23:44 +0000 2026",
    "sender": {"id_str": ANNA, "name": "Anna", "screen_name": "anna"},
    "recipient": {"id_str": US, "name": "Shop", "screen_name": "shop"},
}

WAYS = {
    "X Activity": activity("dm.received", message()),
    "account activity": {"for_user_id": US, **message()},
    "polled": page(dm()),
    "v1.1 list of events": {"events": message()["direct_message_events"], "apps": {}},
    "v1.1 one event": {"event": message()["direct_message_events"][0]},
    "v1.1 before events": [OLD],
    "X Activity, a bare event": activity("dm.received", message()["direct_message_events"][0]),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_direct_message_is_one_message(way):
    """Every way gives the same id, person, words and thread, computed where X leaves it out."""
    found = only(events(WAYS[way]))
    assert (found.event, found.external_id, found.text) == ("received", "2080765901528535096", "hello!")
    assert (str(found.sender.address), found.thread, found.public) == (f"x::{ANNA}", THREAD, False)
    assert found.direction is Direction.INBOUND
    assert [str(party.address) for party in found.recipients] == [f"x::{US}"]
    assert found.sent_at is not None
    assert abs((found.sent_at - AT).total_seconds()) < 1


def test_names_come_along():
    """The map of users names people by its keys, wrapped or not; entries can be wrong."""
    assert only(events(WAYS["X Activity"])).sender.name == "Anna"
    assert only(events(WAYS["polled"])).sender.name == "Anna"
    assert only(bare(case("activity_message_named.json"))).sender.name == "tweetinvitest"
    wrong = only(bare(case("activity_message.json")))
    assert (str(wrong.sender.address), wrong.sender.name, wrong.app) == ("x::2", "person 1", "268278")


def test_our_own_message_comes_back():
    """Outgoing, to the other one of the two."""
    for body in (activity("dm.sent", message(sender=US, to=ANNA)), page(dm(sender_id=US))):
        found = only(events(body))
        assert (found.direction, found.thread) == (Direction.OUTBOUND, THREAD)
        assert [str(party.address) for party in found.recipients] == [f"x::{ANNA}"]


def test_two_accounts_of_ours_in_one_chat():
    """X tells each of them; the id is the same, so that each account has the message once."""
    body = {"for_user_id": US, **message()}
    assert only(events(body)).external_id == only(events(activity("dm.received", message()))).external_id


@pytest.mark.parametrize(
    ("named", "one", "other", "thread"),
    [
        ("", "20", "3", "3-20"),
        ("20-3", "", "", "3-20"),
        ("20:3", "", "", "3-20"),
        ("1578398451921985538", "20", "", "group-1578398451921985538"),
        ("", "20", "", ""),
        ("", "@a", "3", ""),
        ("g-1", "20", "", "g-1"),
    ],
)
def test_threads(named, one, other, thread):
    """Two people: smaller id first, by number. A group: marked, as posts' threads are bare numbers too."""
    assert conversation(named, one, other) == thread


def test_what_hangs_on_a_message():
    """v1.1: a picture, a place, a button that was tapped, the post it started from."""
    picture = {
        "type": "media",
        "media": {"id_str": "5", "type": "photo", "media_url_https": "https://ton.example/a.jpg"},
    }
    found = only(events(activity("dm.received", message(attachment=picture))))
    assert found.parts[1:] == (
        Attachment(name="a.jpg", media_type="image/jpeg", url="https://ton.example/a.jpg", external_id="5"),
    )
    place = {"shared_coordinate": {"coordinates": {"type": "Point", "coordinates": [4.9, 52.4]}}}
    found = only(events(activity("dm.received", message(attachment={"type": "location", "location": place}))))
    assert found.parts[1:] == (Location(latitude=52.4, longitude=4.9),)
    found = only(
        events(activity("dm.received", message(quick_reply_response={"type": "options", "metadata": "v"})))
    )
    assert found.parts[1:] == (Choice(chosen=Option(title="hello!", value="v")),)
    begun = message()
    begun["direct_message_events"][0]["message_create"]["initiated_via"] = {"tweet_id": "77"}
    assert only(events(activity("dm.received", begun))).parts[1].external_id == "77"


def test_what_hangs_on_a_polled_message():
    """v2: files by key, a shared post in either spelling and not also as a link, a token."""
    for key in ("referenced_tweets", "referenced_posts"):
        urls = [{"url": "https://t.co/a", "expanded_url": "https://x.com/b/status/77"}]
        item = dm(
            text=TOKEN, attachments={"media_keys": ["3_1"]}, entities={"urls": urls}, **{key: [{"id": "77"}]}
        )
        found = only(events(page(item)))
        assert found.tokens == (TOKEN,)
        assert found.parts[1:] == (
            Reference(what="post", url="https://x.com/i/status/77", external_id="77"),
            Attachment(media_type="image/*", external_id="3_1"),
        )


def test_without_a_sender():
    """A page without `sender_id`: the words are there, and nobody is mistaken for somebody."""
    found = bare(case("dm_events.json"))
    assert [event.text for event in found] == ["Testing 2", "Testing 1"]
    assert {(event.strength, event.sender.address.scope) for event in found} == {
        (Strength.ASSERTED, "unknown")
    }
    assert len({event.sender.address for event in found}) == 2
    assert only(bare(case("dm_events_empty.json"))).reason == "empty"


def test_recorded_old_messages():
    """Both sides as objects, or only by name."""
    found = only(bare(case("messages_old.json")))
    assert (found.text, found.sender.name) == ("Sounds good. Meeting Tuesday is fine.", "Erik Berlin")
    named = {"sender_screen_name": "dewitt", "recipient_screen_name": "kesuke", "text": "hi", "id": 3496202}
    found = only(bare(named))
    assert (str(found.sender.address), found.sender.name, found.sent_at) == ("x::@dewitt", "@dewitt", None)


@pytest.mark.parametrize("kind", ["chat.received", "chat.sent"])
def test_encrypted(kind):
    """Nobody but the people's devices can read it, but somebody should see that it is there."""
    sender, told = (ANNA, US) if kind == "chat.received" else (US, ANNA)
    payload = {
        "id": "e4f4d3fc-8bbf",
        "created_at_msec": "1784841183370",
        "sender_id": sender,
        "conversation_id": f"{ANNA}:{US}",
        "encoded_event": "CwAB",
    }
    found = only(events(activity(kind, payload)))
    assert (found.event, found.external_id, found.thread, found.text) == (
        "received",
        "e4f4d3fc-8bbf",
        THREAD,
        "",
    )
    assert [str(party.address) for party in found.recipients] == [f"x::{told}"]
    assert isinstance(found.parts[0], System)
    assert found.parts[0].what == "encrypted"


def test_typing():
    """Recorded from account activity; by X Activity in the same shape, alone or in its list."""
    found = only(bare(case("activity_typing.json")))
    assert (found.kind, str(found.sender.address)) == ("typing", "x::3284025577")
    item = {"created_timestamp": "1784928224372", "sender_id": ANNA, "target": {"recipient_id": US}}
    for payload in (item, {"direct_message_indicate_typing_events": [item]}):
        found = only(events(activity("dm.indicate_typing", payload)))
        assert (found.kind, found.thread, found.sent_at) == ("typing", THREAD, AT)


def test_read():
    """Everything up to that moment was read; without a moment, up to that of the last message."""
    item = {"created_timestamp": "1784928224372", "sender_id": ANNA, "target": {"recipient_id": US}, "last_read_event_id": "77"}  # fmt: skip
    for body in (activity("dm.read", item), {"for_user_id": US, "direct_message_mark_read_events": [item]}):
        found = only(events(body))
        assert (found.kind, found.status, found.until) == ("read", "read", AT)
        assert (str(found.sender.address), found.external_id) == (f"x::{ANNA}", f"read-{ANNA}-77")
    bare_item = {"sender_id": ANNA, "last_read_event_id": "2080765901528535096"}
    assert only(events(activity("dm.read", bare_item))).until.date() == AT.date()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (page(dm(event_type="ParticipantsJoin", participant_ids=[BOB])), "ParticipantsJoin"),
        (page(dm(event_type="SomethingNew")), "SomethingNew"),
        ({"for_user_id": US, "direct_message_events": [{"type": "new_kind", "id": "5"}]}, "new_kind"),
        (case("dm_sent.json"), "sending"),
    ],
)
def test_no_messages(body, kind):
    """People who join, and kinds of events that are no message."""
    found = only(events(body))
    assert (found.event, found.kind) == ("ignored", kind)


def test_the_link_that_x_writes_for_a_file_is_no_link():
    """developer.x.com, "Message create object": the words end in the address of the attached media."""
    own = {
        "url": "https://t.co/p",
        "expanded_url": "https://twitter.com/messages/media/20",
        "display_url": "pic.x",
    }
    other = {
        "url": "https://t.co/o",
        "expanded_url": "https://customer.example/",
        "display_url": "customer.example",
    }
    file = {
        "id_str": "5",
        "url": "https://t.co/p",
        "type": "photo",
        "media_url_https": "https://ton.example/a.jpg",
    }
    body = message(
        text="see https://t.co/o https://t.co/p",
        entities={"urls": [other, own]},
        attachment={"type": "media", "media": file},
    )
    parts = only(events(activity("dm.received", body))).parts
    assert [part.url for part in parts if isinstance(part, Reference)] == ["https://customer.example/"]
    assert [part.name for part in parts if isinstance(part, Attachment)] == ["a.jpg"]


def test_what_we_offered_stands_in_our_own_message():
    """developer.x.com, "Quick replies" and "Customer feedback": what another program of ours sent, comes back."""
    body = message(
        sender=US,
        to=ANNA,
        quick_reply={
            "type": "options",
            "options": [{"label": "Red", "metadata": "r", "description": "dark"}],
        },
        ctas=[{"type": "web_url", "label": "Shop", "url": "https://shop.example/"}],
    )
    (choice,) = (part for part in only(events(activity("dm.sent", body))).parts if isinstance(part, Choice))
    assert choice.options == (
        Option(title="Red", value="r", text="dark"),
        Option(title="Shop", url="https://shop.example/"),
    )
