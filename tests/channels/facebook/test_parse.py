"""What a change means where the cases do not look: odd shapes, files, the past, and anything at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bench.conform.facebook import DATA, report
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.channels.facebook import Facebook
from omnichannel.errors import Malformed
from omnichannel.model import Address, Attachment, Draft, Party, Text
from tests.engines import MORNING

PAGE = "100000000000001"


def page() -> Facebook:
    return Facebook("page", page_id=PAGE, page_token="t", app_secret="s", verify_token="v")


def said(*values: object, field: str = "feed", **entry: object) -> list[Any]:
    changes = [{"field": field, "value": value} for value in values]
    body = {"object": "page", "entry": [{"id": PAGE, "time": 1790000000, "changes": changes, **entry}]}
    return list(page().parse(Delivery(body=json.dumps(body).encode())))


def one(**value: object) -> Any:
    (event,) = said({"item": "comment", "verb": "add", "comment_id": "7_1", "post_id": f"{PAGE}_7", **value})
    return event


@pytest.mark.skipif(not DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_recorded_bodies_say_what_their_source_says() -> None:
    rows = report()
    assert rows
    assert [row.differing for row in rows if row.differing] == []


@pytest.mark.parametrize(
    ("parent", "thread"),
    [
        (f"{PAGE}_7", "7_1"),
        ("7", "7_1"),
        ("", "7_1"),
        ("7_5", "7_5"),
    ],
)
def test_a_comment_is_a_reply_unless_it_stands_below_the_post(parent: str, thread: str) -> None:
    """The post's id comes with the Page's before it, or without."""
    assert one(parent_id=parent, message="Hi").thread == thread


def test_a_comment_that_says_nothing_keeps_what_came() -> None:
    (part,) = one(sticker="?").parts
    assert (part.what, "sticker" in part.text) == ("unsupported:comment", True)


def test_a_moment_may_be_seconds_iso_or_the_entrys() -> None:
    assert one(created_time=1790000005).sent_at.timestamp() == 1790000005
    assert one(created_time="2026-09-21T14:13:25+0000").sent_at.year == 2026
    assert one().sent_at.timestamp() == 1790000000


def test_an_unknown_verb_and_an_unknown_reaction_are_understood_as_far_as_they_go() -> None:
    assert one(verb="block").reason == "moderation: block"
    assert one(verb="").reason == "moderation: nothing"
    (event,) = said({"item": "reaction", "verb": "add", "reaction_type": "pride", "comment_id": "7_1"})
    assert event.reaction == "pride"
    (event,) = said({"item": "reaction", "verb": "add", "reaction_type": "anger", "comment_id": "7_1"})
    assert event.reaction == "😡"
    (event,) = said({"item": "like", "verb": "add", "comment_id": "7_1"})
    assert event.reaction == "👍"


@pytest.mark.parametrize(
    ("item", "event"), [("event", "ignored"), ("milestone", "ignored"), ("post", "received")]
)
def test_what_only_the_page_can_make_is_nobodys_message(item: str, event: str) -> None:
    """Without an author a post may be a visitor's; an event on the Page never is (Graph API, Page `feed`)."""
    (found,) = said({"item": item, "verb": "add", "post_id": f"{PAGE}_7", "story": "The Page added it."})
    assert found.event == event


def test_two_changes_at_the_same_moment_are_two_and_the_same_again_is_one() -> None:
    like = {"item": "like", "verb": "add", "comment_id": "7_1", "from": {"id": "5"}}
    (first,), (again,) = said(like), said(like)
    (later,) = said(like, time=1790000009)
    assert first.external_id == again.external_id != later.external_id


def test_a_token_of_ours_in_public_is_found_but_not_in_our_own_words() -> None:
    token = "oct" + "a" * 26
    assert one(message=token, **{"from": {"id": "5"}}).tokens == (token,)
    assert one(message=token, **{"from": {"id": PAGE}}).tokens == ()


def past(**body: object) -> list[Any]:
    given = {"object": "page", "home": PAGE, **body}
    return list(page().parse(Delivery(source="history", body=json.dumps(given).encode())))


def test_what_was_attached_before_is_said_as_a_webhook_says_it() -> None:
    def attached(**attachment: object) -> Any:
        data = [{"id": "7_1", "from": {"id": "5"}, "attachment": attachment}]
        return past(of=f"{PAGE}_7", data=data)[0].parts[0]

    film = attached(
        type="video_inline", media={"source": "https://x/film", "image": {"src": "https://x/still"}}
    )
    assert (film.media_type, film.url) == ("video/*", "https://x/film")
    assert attached(type="photo", media={"image": {"src": "https://x/1"}}).media_type == "image/*"
    link = attached(type="share", media={"image": {"src": "https://x/1"}}, url="https://shop.example")
    assert (link.type, link.url) == ("reference", "https://shop.example")
    assert attached(type="").type == "system"
    assert past(data="nothing") == []


def test_a_file_may_hold_a_comment_that_was_fetched_and_nodes_that_are_none() -> None:
    def read(value: object) -> Any:
        (event,) = Facebook.bare().parse(Delivery(source="file", body=json.dumps(value).encode()))
        return event

    found = read(
        {"id": "7_1", "created_time": "2026-01-01T00:00:00+0000", "message": "Hi", "from": {"id": "5"}}
    )
    assert (found.event, found.external_id, found.text) == ("received", "7_1", "Hi")
    assert read({"id": "7", "created_time": "2026-01-01T00:00:00+0000"}).reason.startswith("not_event")
    change = {
        "field": "feed",
        "value": {"item": "post", "verb": "add", "post_id": "5_6", "from": {"id": "9"}},
    }
    assert read(change).sender.address.scope == "5"


def test_what_is_no_webhook_is_told_at_once() -> None:
    for body in (b"", b"[]", b"{}", b'{"entry":[]}', b"\xff"):
        with pytest.raises(Malformed):
            page().parse(Delivery(body=body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(
    [
        "comment",
        "post",
        "reaction",
        "like",
        "rating",
        "share",
        "add",
        "edited",
        "remove",
        "hide",
        "7_1",
        PAGE,
        "",
    ]
)
KEYS = st.sampled_from(
    [
        "item", "verb", "comment_id", "post_id", "parent_id", "from", "sender_id", "message", "photos", "link", "post",
        "created_time", "reaction_type", "open_graph_story_id",
    ]
)  # fmt: skip


@given(st.lists(st.dictionaries(KEYS, WORDS | JSON, max_size=8), max_size=3))
def test_whatever_a_change_holds_it_is_one_event(values: list[dict[str, object]]) -> None:
    assert len(said(*values)) == len(values)


def test_a_private_reply_may_carry_the_bytes_of_one_image() -> None:
    to = Party(address=Address(kind="facebook", scope=PAGE, value="5"))
    picture = Attachment(name="a.png", media_type="image/png", content=b"\x89PNG")
    draft = Draft(id="1", to=to, parts=(picture,), references=("7_1",), created_at=MORNING, heard_at=MORNING)
    (call,) = page().render(draft)
    assert b"\x89PNG" in call.body
    assert b'"comment_id": "7_1"' in call.body
    both = draft.model_copy(
        update={"parts": (picture, Text(text="below"), picture), "public": True, "reply_to": "7_1"}
    )
    assert [one.text for one in page().render(both)] == ["a.png", "below"]
