"""Posts: the same meaning whichever way and in whichever spelling they come."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from omnichannel.model import Attachment, Choice, Direction, Location, Option, Reference, Strength
from tests.channels.x.given import (
    ANNA,
    BOB,
    TOKEN,
    US,
    activity,
    bare,
    case,
    events,
    only,
    page,
    post,
)

NEW_SPELLING = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "in_reply_to_tweet_id": "in_reply_to_post_id",
    "note_tweet": "note_post",
}


def respelled(value):
    """With the names of OpenAPI 2.167."""
    if isinstance(value, dict):
        return {
            NEW_SPELLING.get(key, "posts" if key == "tweets" else key): respelled(v)
            for key, v in value.items()
        }
    return [respelled(v) for v in value] if isinstance(value, list) else value


def v1(**fields):
    """The same mention as v1.1 and account activity write it."""
    given = {
        "created_at": "Fri Jul 24 21:23:23 +0000 2026",
        "id": 2080765813578191303,
        "id_str": "2080765813578191303",
        "text": "hey @shop",
        "user": {"id": 1, "id_str": ANNA, "name": "Anna", "screen_name": "anna"},
        "entities": {"user_mentions": [{"id_str": US, "screen_name": "shop"}]},
    }
    return given | fields


WAYS = {
    "X Activity": activity("post.mention.create", post()),
    "X Activity, a list": {"data": [activity("post.mention.create", post())["data"]]},
    "polled": page(post()),
    "polled, one": page(post()) | {"data": post()},
    "new names": respelled(page(post())),
    "account activity": {"for_user_id": US, "tweet_create_events": [v1()]},
    "v1.1": [v1()],
    "v1.1 search": {"statuses": [v1()], "search_metadata": {}},
    "v1.1, one": v1(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mention_is_one_message(way):
    """Every way gives the same id, person, time, words and thread: duplicates end by the id alone."""
    found = only(events(WAYS[way]))
    assert (found.event, found.external_id, found.text) == ("received", "2080765813578191303", "hey @shop")
    assert (str(found.sender.address), found.sender.name) == (f"x::{ANNA}", "Anna")
    assert (found.strength, found.method) == (Strength.VERIFIED, "platform_id")
    assert found.sent_at == datetime(2026, 7, 24, 21, 23, 23, tzinfo=UTC)
    assert (found.thread, found.reply_to, found.public) == ("2080765813578191303", "", True)
    assert found.direction is Direction.INBOUND


@pytest.mark.parametrize("spelled", [respelled, lambda value: value])
def test_a_reply_names_what_it_answers(spelled):
    """From the field of X Activity, or from the referenced posts."""
    reply = post(id="9", conversation_id="5", in_reply_to_tweet_id="7", in_reply_to_user_id=US)
    found = only(events(spelled(activity("post.reply.create", reply))))
    assert (found.reply_to, found.thread) == ("7", "5")
    referenced = post(id="9", conversation_id="5", referenced_tweets=[{"type": "replied_to", "id": "7"}])
    assert only(events(spelled(page(referenced)))).reply_to == "7"


def test_an_old_reply_has_no_thread_of_its_own():
    """v1.1 does not name the conversation; the post that is answered leads there."""
    found = only(events([v1(in_reply_to_status_id_str="7", in_reply_to_user_id_str=US)]))
    assert (found.thread, found.reply_to) == ("", "7")


@pytest.mark.parametrize("spelled", [respelled, lambda value: value])
def test_edited(spelled):
    """Each version has an id of its own. The first one is the message, whether it was seen or not."""
    versions = ["2080765813578191303", "2080765999999999999"]
    edited = post(id=versions[1], text="hey @shop!", edit_history_tweet_ids=versions)
    received, updated = events(spelled(page(edited)))
    assert (received.external_id, received.text) == (versions[0], "hey @shop!")
    assert (updated.kind, updated.targets, updated.text) == ("edited", (versions[0],), "hey @shop!")
    assert updated.external_id == versions[1]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"text": "cut…", "extended_tweet": {"full_text": "all of it"}}, "all of it"),
        ({"full_text": "all of it"}, "all of it"),
        ({"text": "cut…", "note_tweet": {"text": "all of it"}}, "all of it"),
        ({"text": "cut…", "note_post": {"text": "all of it"}}, "all of it"),
        ({"text": "1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;eacute; &eacute;"}, "1 < 2 && 3 > 2 &eacute; &eacute;"),
        ({"text": "@shop @other two handles lead"}, "@shop @other two handles lead"),
        ({"text": ""}, ""),
    ],
)
def test_all_the_words(fields, text):
    """Long posts are cut in one place and whole in another; X escapes three characters, and only these."""
    assert only(bare(post(**fields))).text == text


def test_recorded_posts():
    """Real ones: extended mode, the stream's long post, a quoted post with a picture."""
    extended = only(bare(case("post_extended_mode.json")))
    assert extended.text.endswith("SOURCE https://t.co/JWSPztfoyt")
    assert extended.parts[1:] == (
        Attachment(
            name="CtzX2fnXEAAMAjK.jpg",
            media_type="image/jpeg",
            url="https://pbs.twimg.com/media/CtzX2fnXEAAMAjK.jpg",
            external_id="782737766455119872",
        ),
    )
    streamed = only(bare(case("post_streamed_long.json")))
    assert "…" not in streamed.text
    assert streamed.parts[1].url.startswith("http://www.amazon.com/gp/product/1782167897/")
    quoting = only(bare(case("post_quoting.json")))
    assert [(part.what, part.external_id) for part in quoting.parts[1:]] == [("post", "850408344175222784")]


def test_what_hangs_on_a_post():
    """Links lead where they lead, files and polls stand for themselves, a quoted post is a pointer with its words."""
    body = page(
        post(
            entities={
                "mentions": [{"id": US}],
                "urls": [
                    {
                        "url": "https://t.co/a",
                        "expanded_url": "https://a.example/",
                        "display_url": "a.example",
                    },
                    {"url": "https://t.co/a", "expanded_url": "https://a.example/"},
                    {"url": "https://t.co/b", "expanded_url": "https://x.com/b/status/77?s=20"},
                    {
                        "url": "https://t.co/c",
                        "expanded_url": "https://x.com/c/status/9/photo/1",
                        "media_key": "3_1",
                    },
                ],
            },
            attachments={"media_keys": ["3_1", "7_2", "3_9"], "poll_ids": ["p"]},
            referenced_tweets=[{"type": "quoted", "id": "77"}],
            geo={"coordinates": {"type": "Point", "coordinates": [4.9, 52.4]}},
        )
    )
    body["includes"] |= {
        "tweets": [{"id": "77", "text": "ours", "author_id": US}],
        "polls": [{"id": "p", "options": [{"position": 1, "label": "Yes"}]}],
        "media": [
            {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/A.png"},
            {
                "media_key": "7_2",
                "type": "video",
                "preview_image_url": "https://pbs.twimg.com/p.jpg",
                "variants": [
                    {"content_type": "video/mp4", "bit_rate": 1, "url": "https://video.twimg.com/low.mp4"},
                    {
                        "content_type": "video/mp4",
                        "bit_rate": 9,
                        "url": "https://video.twimg.com/high.mp4?tag=1",
                    },
                    {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/a.m3u8"},
                ],
            },
        ],
    }
    assert only(events(body)).parts[1:] == (
        Reference(what="link", url="https://a.example/", title="a.example"),
        Reference(what="post", url="https://x.com/i/status/77", title="Shop", text="ours", external_id="77"),
        Attachment(
            name="A.png", media_type="image/png", url="https://pbs.twimg.com/media/A.png", external_id="3_1"
        ),
        Attachment(
            name="high.mp4",
            media_type="video/mp4",
            url="https://video.twimg.com/high.mp4?tag=1",
            external_id="7_2",
        ),
        Attachment(media_type="image/*", external_id="3_9"),
        Choice(options=(Option(title="Yes"),)),
        Location(latitude=52.4, longitude=4.9),
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"entities": {}, "text": "about @shopping"}, "not_addressed"),
        ({"entities": {}, "text": "mail me@shop"}, "not_addressed"),
        ({"entities": {"mentions": [{"id": BOB, "username": "bob"}]}, "text": "hi @bob"}, "not_addressed"),
        ({"referenced_tweets": [{"type": "retweeted", "id": "5"}]}, "repost"),
        ({"referenced_posts": [{"type": "reposted", "id": "5"}]}, "repost"),
        ({"retweeted_status": {"id": 5}}, "repost"),
        ({"author_id": US}, "own_post"),
    ],
)
def test_what_is_not_for_us(fields, reason):
    """Ignored, with the reason; who only repeats us says nothing to us."""
    found = only(events(page(post(**fields))))
    assert (found.event, found.reason, found.external_id) == ("ignored", reason, "2080765813578191303")


@pytest.mark.parametrize(
    "fields",
    [
        {"entities": {}, "text": "hi @SHOP"},
        {"entities": {"mentions": [{"username": "Shop"}]}, "text": "hi"},
        {"entities": {}, "text": "yes", "in_reply_to_user_id": US},
        {"entities": {}, "text": "yes", "referenced_tweets": [{"type": "replied_to", "id": "77"}]},
        {"entities": {}, "text": "see", "referenced_tweets": [{"type": "quoted", "id": "77"}]},
        {"entities": {}, "text": "see", "quoted_status": {"id": 77, "user": {"id_str": US}}},
    ],
)
def test_what_is_for_us(fields):
    """Who names us, answers us or quotes us; in any list, also one that holds other posts."""
    body = page(post(**fields))
    body["includes"]["tweets"] = [{"id": "77", "text": "ours", "author_id": US}]
    assert only(events(body)).event == "received"


def test_x_says_who_is_meant():
    """What stands in the mentions list is for us, also where deep in a thread nobody is named."""
    quiet = page(post(entities={}, text="and now?"))
    polled = events(quiet, source="poll", method="GET", url=f"https://api.x.com/2/users/{US}/mentions?a=b")
    assert only(polled).event == "received"
    assert only(events(quiet)).reason == "not_addressed"
    assert only(events(activity("post.quote.create", post(entities={}, text="hm")))).event == "received"


def test_our_own_answer_comes_back():
    """It is outgoing, to whom it answers, in our own words without the names that X puts in front."""
    echo = v1(
        text="@anna Sorry!",
        display_text_range=[6, 12],
        user={"id_str": US, "name": "Shop"},
        in_reply_to_status_id_str="7",
        in_reply_to_user_id_str=ANNA,
    )
    found = only(events({"for_user_id": US, "tweet_create_events": [echo]}))
    assert (found.direction, found.text, found.reply_to) == (Direction.OUTBOUND, "Sorry!", "7")
    assert [str(party.address) for party in found.recipients] == [f"x::{ANNA}"]


def test_a_token_comes_back():
    """Tokens of ours are found in the words."""
    assert only(events(page(post(text=f"@shop {TOKEN}")))).tokens == (TOKEN,)


def test_without_an_author():
    """X leaves out what was not asked for: the post is there, from somebody who is nobody else's customer."""
    found = bare(case("mentions.json"))
    assert len({str(event.sender.address) for event in found}) == len(found) == 10
    assert {(event.strength, event.method, event.sender.address.scope) for event in found} == {
        (Strength.ASSERTED, "author_missing", "unknown")
    }


def test_the_oldest_comes_first():
    """Lists are newest first where we polled them; what is handed to us keeps its order."""
    body = page(post(id="22"), post(id="11"))
    for entry in body["data"]:
        entry["edit_history_tweet_ids"] = [entry["id"]]
    polled = events(body, source="poll", url=f"https://api.x.com/2/users/{US}/mentions")
    assert [event.external_id for event in polled] == ["11", "22"]
    assert [event.external_id for event in bare(body)] == ["22", "11"]


@pytest.mark.parametrize(
    "body",
    [
        {"for_user_id": US, "tweet_delete_events": [{"status": {"id": "60", "user_id": ANNA}, "timestamp_ms": "1432228155593"}]},
        activity("post.delete", {"id": "60", "author_id": ANNA}),
        {"delete": {"status": {"id": 60, "id_str": "60", "user_id_str": ANNA}}},
    ],
)  # fmt: skip
def test_deleted(body):
    """The post is named, and who took it back; each way gives the same id."""
    found = only(events(body))
    assert (found.kind, found.targets, found.external_id) == ("deleted", ("60",), "deleted-60")
    assert str(found.sender.address) == f"x::{ANNA}"


def test_liked():
    """A reaction to the post, by whoever liked it."""
    like = {
        "id": "like-1",
        "created_at": "Fri Jul 24 21:23:23 +0000 2026",
        "timestamp_ms": 1784928203000,
        "favorited_status": v1(id_str="70"),
        "user": {"id_str": ANNA, "screen_name": "anna"},
    }
    found = only(events({"for_user_id": US, "favorite_events": [like]}))
    assert (found.kind, found.reaction, found.targets, found.sender.name) == (
        "reaction",
        "like",
        ("70",),
        "@anna",
    )
    del like["id"]
    assert only(events({"for_user_id": US, "favorite_events": [like]})).external_id == f"like-{ANNA}-70"


@pytest.mark.parametrize("blocked", [True, "true"])
def test_blocked_people_are_not_heard(blocked):
    """Account activity says when the account blocked the author, as a flag or as a word."""
    body = {"for_user_id": US, "user_has_blocked": blocked, "tweet_create_events": [v1()]}
    assert only(events(body)).reason == "blocked"
    assert only(events(body | {"user_has_blocked": "false"})).event == "received"


def test_recorded_activity():
    """Real bodies, with the outcome that their sources expect."""
    mention = only(bare(case("activity_mention.json")))
    assert (mention.sender.name, mention.text) == (
        "SurveyJoy",
        "@chatwootapp Testing a sample tweet with Twitter client",
    )
    assert only(bare(case("activity_blocked.json"))).reason == "blocked"
    deleted = only(bare(case("activity_deleted.json")))
    assert (deleted.kind, deleted.targets) == ("deleted", ("601430178305220608",))
    assert deleted.sent_at == datetime(2015, 5, 21, 17, 9, 15, 593000, tzinfo=UTC)


def test_everything_by_several_lines():
    """A saved stream has a JSON text on each line, with empty ones between them."""
    lines = b"\r\n\r\n".join(json.dumps(v1(id_str=number)).encode() for number in ("1", "2"))
    assert [event.external_id for event in bare(lines)] == ["1", "2"]


def test_bare_takes_everything():
    """Without an account every post is a message, ours by the account that the body names."""
    found = only(bare(post(entities={})))
    assert found.event == "received"
    ours = only(bare({"for_user_id": ANNA, "tweet_create_events": [v1()]}))
    assert ours.direction is Direction.OUTBOUND


def test_an_edit_by_account_activity_is_the_same_message():
    """v1.1 keeps the versions in `edit_history` (docs.x.com, "Edit Posts", enterprise)."""
    versions = ["2080765813578191303", "2080765813578191999"]
    history = {"initial_tweet_id": versions[0], "edit_tweet_ids": versions}
    edited = v1(id_str=versions[1], id=int(versions[1]), text="hey @shop!", edit_history=history)
    received, updated = events({"for_user_id": US, "tweet_create_events": [edited]})
    assert received.external_id == versions[0]
    assert (updated.kind, updated.external_id, updated.targets) == ("edited", versions[1], (versions[0],))
