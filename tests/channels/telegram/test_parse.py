"""What an update means, where the case files cannot say it: positions, places, both ways, and files by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.telegram import Telegram
from omnichannel.channels.telegram.wording import cut
from omnichannel.errors import Malformed
from omnichannel.model import Strength
from tests.channels.telegram.given import ANNA, BOT, MARK, PRIVATE, message, parsed, said, update

CASES = Path(__file__).parent / "cases"
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Neighbours"}


@given(st.text(), st.text(min_size=1), st.text())
def test_an_entity_covers_what_was_marked_whatever_stands_before_it(
    before: str, marked: str, after: str
) -> None:
    """Positions are in UTF-16 units: a character beyond the first 65536 counts twice."""
    units = [sum(2 if ord(char) > 0xFFFF else 1 for char in text) for text in (before, marked)]
    assert cut(before + marked + after, *units) == marked


@given(st.text(), st.integers(-5, 300), st.integers(-5, 300))
def test_an_entity_that_points_nowhere_is_empty_and_never_raises(text: str, offset: int, length: int) -> None:
    """Half a character is a replacement character, nothing is an empty text."""
    assert isinstance(cut(text, offset, length), str)
    assert len(cut(text, offset, length)) <= len(text) + 1


@pytest.mark.parametrize("case", sorted(CASES.glob("receive-*.json")), ids=lambda path: path.stem)
def test_the_same_update_by_both_ways_is_the_same(case: Path) -> None:
    """A page of getUpdates means what its updates mean one by one; so one that comes both ways counts once."""
    body = json.loads(case.read_text())["delivery"]["json"]
    updates = body.get("result", [body])
    whole = [one for one in updates if isinstance(one, dict)]
    page = json.dumps({"ok": True, "result": whole}).encode()
    alone = [event for one in whole for event in parsed(json.dumps(one).encode())]

    def of(events: list) -> list:
        return [
            event.model_copy(update={"where": ""}) if event.event == "malformed" else event
            for event in events
        ]

    assert of(parsed(page, "poll")) == of(alone)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"{}", "no update_id"),
        (b"[]", "no update_id"),
        (b'{"ok": true, "result": {}}', "no update_id"),
        (b"<html>", "not JSON"),
    ],
)
def test_what_is_nothing_of_telegrams_is_malformed(body: bytes, what: str) -> None:
    """Nothing of it can be read, so the delivery is parked whole."""
    with pytest.raises(Malformed, match=what):
        parsed(body)


REPLY = {"message_id": 40, "chat": PRIVATE, "date": 1, "text": "?"}


@pytest.mark.parametrize(
    ("content", "thread", "answers"),
    [
        ({"reply_to_message": REPLY}, "500000001", "500000001:40"),
        ({"reply_to_message": {}}, "500000001", ""),
        ({"chat": GROUP, "message_thread_id": 33}, "-1001234567890", ""),
        ({"chat": GROUP, "message_thread_id": 33, "is_topic_message": True}, "-1001234567890/33", ""),
        (
            {"chat": GROUP, "message_thread_id": 33, "is_topic_message": True, "reply_to_message": REPLY},
            "-1001234567890/33",
            "-1001234567890:40",
        ),
        (
            {
                "chat": GROUP,
                "message_thread_id": 40,
                "is_topic_message": True,
                "reply_to_message": REPLY | {"forum_topic_created": {"name": "Parcels"}},
            },
            "-1001234567890/40",
            "",
        ),
        (
            {"chat": PRIVATE | {"is_forum": True}, "message_thread_id": 5, "is_topic_message": True},
            "500000001/5",
            "",
        ),
    ],
)
def test_where_it_was_said_and_what_it_answers(content: dict, thread: str, answers: str) -> None:
    """A topic is a thread; everything in a topic answers its first message, which says nothing."""
    event = said(text="Hi", **content)
    assert (event.thread, event.reply_to) == (thread, answers)


@pytest.mark.parametrize(
    ("contact", "proven"),
    [
        ({"phone_number": "+31612345678", "user_id": 500000001}, "+31612345678"),
        ({"phone_number": "31 6 1234-5678", "user_id": 500000001}, "+31612345678"),
        ({"phone_number": "+31612345678", "user_id": 500000002}, None),
        ({"phone_number": "+31612345678"}, None),
        ({"phone_number": "911", "user_id": 500000001}, None),
        ({"phone_number": "", "user_id": 500000001}, None),
    ],
)
def test_a_number_is_proven_only_if_the_card_is_the_senders_own(contact: dict, proven: str | None) -> None:
    """The card names the user whom Telegram found by the number; any other card is hearsay."""
    event = said(contact={"first_name": "Anna", **contact})
    assert [one.address.value for one in event.evidence] == ([proven] if proven else [])
    assert all(one.strength is Strength.VERIFIED for one in event.evidence)


@pytest.mark.parametrize("key", ["forward_origin", "forward_from", "via_bot"])
def test_a_card_that_somebody_else_made_proves_nothing(key: str) -> None:
    """Forwarded, or sent through another bot."""
    contact = {"phone_number": "+31612345678", "user_id": 500000001}
    assert said(contact=contact, **{key: ANNA | {"type": "user"}}).evidence == ()


def test_a_group_that_moved_has_two_ids_and_no_person_is_mixed_up_with_it() -> None:
    """The sender is the group itself, so that the administrator who did it does not become the group."""
    event = said(chat={"id": -123, "type": "group", "title": "N"}, migrate_to_chat_id=-1001234567890)
    assert event.sender.address.value == "-123"
    assert [one.address.value for one in event.evidence] == ["-1001234567890"]
    assert event.automatic == "auto_generated"


def test_our_own_bots_words_are_ours_and_bring_no_token() -> None:
    """Only from the customer's side does a token prove anything."""
    me = {"id": int(BOT), "is_bot": True, "first_name": "Shop"}
    for chat in (PRIVATE, GROUP):
        event = said(**{"from": me}, chat=chat, text=f"t.me/ShopBot?start={MARK}")
        assert (event.direction, event.tokens) == ("outbound", ())
    assert said(text=f"/start {MARK}").tokens == (MARK,)
    assert said(text=f"/start {MARK}").text == "/start"
    assert said(text=f"I was told to write {MARK}").text == f"I was told to write {MARK}"


def test_who_hands_on_a_token_does_not_bring_it_back() -> None:
    """Else whoever gets a customer to forward or quote their link would become that customer."""
    link = f"https://t.me/ShopBot?start={MARK}"
    assert said(text=link, forward_origin={"type": "user", "sender_user": ANNA}).tokens == ()
    assert said(text="This?", quote={"text": link, "position": 0}).tokens == ()
    assert said(text=link).tokens == (MARK,)


def test_what_is_not_there_makes_no_difference() -> None:
    """null, false, 0 and empty lists are how libraries write that a field is missing."""
    nothing = {"photo": None, "delete_chat_photo": False, "migrate_to_chat_id": 0, "new_chat_members": []}
    assert said(text="Hi", **nothing) == said(text="Hi")


def test_a_reaction_that_comes_and_goes_within_a_second_is_three_happenings() -> None:
    """Each update has its number; without it the third would be taken for the first."""
    like = [{"type": "emoji", "emoji": "👍"}]
    body = {"chat": PRIVATE, "message_id": 40, "user": ANNA, "date": 1772998030}
    there = body | {"old_reaction": [], "new_reaction": like}
    gone = body | {"old_reaction": like, "new_reaction": []}
    several = [
        parsed(update("message_reaction", one, number))[0] for number, one in enumerate((there, gone, there))
    ]
    assert len({event.external_id for event in several}) == 3
    assert [(event.reaction, event.removed) for event in several] == [
        ("👍", False),
        ("👍", True),
        ("👍", False),
    ]


def test_a_paid_or_unknown_reaction_is_named() -> None:
    """What has no emoji is named by its kind."""
    body = {"chat": GROUP, "message_id": 40, "actor_chat": GROUP, "date": 1772998030, "old_reaction": []}
    (event,) = parsed(
        update("message_reaction", body | {"new_reaction": [{"type": "paid"}, {"type": "new"}]})
    )
    assert (event.reaction, event.sender.address.value) == ("paid new", "-1001234567890")


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("message", {"chat": PRIVATE}, "message_id"),
        ("message", {"message_id": 1}, "chat.id"),
        ("message", 5, "not an object"),
        ("callback_query", {"id": "1", "data": "x"}, "id is missing"),
        (
            "callback_query",
            {"id": "1", "data": "x", "from": {"is_bot": False}, "message": {"chat": PRIVATE}},
            "from.id",
        ),
        ("deleted_business_messages", {"chat": PRIVATE, "message_ids": 5}, "message_ids"),
        ("chat_join_request", {"chat": GROUP}, "from.id"),
    ],
)
def test_what_lacks_the_needful_is_unreadable_and_says_what(kind: str, body: object, reason: str) -> None:
    """The delivery is parked with the reason, and can be replayed."""
    (event,) = parsed(update(kind, body))
    assert event.event == "malformed"
    assert reason in event.reason


REACTION = {
    "chat": GROUP, "message_id": 5, "user": ANNA, "date": 1, "old_reaction": [],
    "new_reaction": [{"type": "emoji", "emoji": "👍"}],
}  # fmt: skip
"""As an update holds it (Bot API, `MessageReactionUpdated`)."""


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (message(text="Hi"), ["received"]),
        ({"body": {"update_id": 1, "message": message(text="Hi")}}, ["received"]),
        ([message(41, text="Hi"), message(42, text="you")], ["received", "received"]),
        ({"message": message(text="Hi")}, ["received"]),
        ({"id": "1", "from": ANNA, "chat_instance": "2", "data": "x"}, ["received"]),
        (REACTION, ["updated"]),
        ({"chat": GROUP, "message_id": 5, "date": 1, "reactions": []}, ["ignored"]),
        (
            {
                "chat": GROUP,
                "from": ANNA,
                "date": 1,
                "old_chat_member": {},
                "new_chat_member": {"user": ANNA},
            },
            ["updated"],
        ),
        ({"business_connection_id": "b", "chat": GROUP, "message_ids": [5]}, ["updated"]),
        ({"chat": GROUP, "message_id": 5, "date": 0}, ["ignored"]),
        ({"chat": GROUP, "message_id": 5, "date": 1}, ["received"]),
        ({"ok": True, "result": message(text="Hi")}, ["received"]),
        ({"ok": True, "result": [{"update_id": 1, "message": message(text="Hi")}]}, ["received"]),
        ({"ok": True, "result": True}, ["ignored"]),
        ({"ok": False, "error_code": 400, "description": "Bad Request"}, ["ignored"]),
        ({"type": "channel", "chat": GROUP, "message_id": 5, "date": 1}, ["ignored"]),
        ({"offset": 1, "length": 2, "type": "bold"}, ["ignored"]),
        ([], ["ignored"]),
        ([[[[message(text="Hi")]]]], ["ignored"]),
        (5, ["malformed"]),
    ],
)
def test_a_file_may_hold_less_or_more_than_an_update(value: object, found: list[str]) -> None:
    """What is of the Bot API and nothing that happened is ignored with a reason; a webhook is never guessed at."""
    assert [event.event for event in parsed(json.dumps(value).encode(), "file", Telegram.bare())] == found


def test_a_rich_message_is_read_line_by_line() -> None:
    """Every kind of block: lists, tables, quotes, details, pictures with captions, maps; links are pointed at."""
    link = {"type": "url", "url": "https://shop.example/", "text": ["our ", {"type": "bold", "text": "shop"}]}
    blocks = [
        {"type": "heading", "text": "Parcels", "size": 1},
        {"type": "paragraph", "text": ["See ", link, {"type": "custom_emoji", "alternative_text": "👍"}]},
        {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "Red"}]}]},
        {"type": "details", "summary": "More", "blocks": [{"type": "paragraph", "text": "Blue"}]},
        {"type": "block_quotation", "blocks": [{"type": "paragraph", "text": "Soon"}], "credit": "Bo"},
        {"type": "table", "cells": [[{"text": "a"}, {"text": "b"}], "odd"], "caption": "Table 1"},
        {"type": "mathematical_expression", "expression": "x^2"},
        {
            "type": "photo",
            "photo": [{"file_id": "p", "width": 1, "height": 1}],
            "caption": {"text": "A shoe"},
        },
        {"type": "voice_note", "voice_note": {"file_id": "v", "duration": 1}},
        {"type": "map", "location": {"latitude": 52.37, "longitude": 4.9}},
        "odd",
    ]
    event = said(rich_message={"blocks": blocks})
    assert event.text.split("\n") == [
        "Parcels", "See our shop👍", "1. Red", "More", "Blue", "Soon", "Bo", "a | b", "odd", "Table 1", "x^2", "A shoe",
    ]  # fmt: skip
    assert [part.external_id for part in event.parts if part.type == "attachment"] == ["p", "v"]
    assert [part.title for part in event.parts if part.type == "reference"] == ["our shop"]
    assert [part.latitude for part in event.parts if part.type == "location"] == [52.37]


@pytest.mark.parametrize(
    ("sticker", "media_type"),
    [
        ({}, "image/webp"),
        ({"is_animated": True}, "application/x-tgsticker"),
        ({"is_video": True}, "video/webm"),
    ],
)
def test_a_sticker_is_a_picture_a_film_or_a_drawing_that_moves(sticker: dict, media_type: str) -> None:
    """Told by its flags, because Telegram gives no media type."""
    (part,) = said(sticker={"file_id": "s", "emoji": "👍", **sticker}).parts
    assert (part.media_type, part.name, part.external_id) == (media_type, "sticker 👍", "s")


def test_names_of_files_are_for_people_only() -> None:
    """No path, no size below nothing, the title where there is no name."""
    (part,) = said(document={"file_id": "d", "file_name": "../../etc/passwd", "file_size": -5}).parts
    assert (part.name, part.size) == ("_.._etc_passwd", None)
    (part,) = said(audio={"file_id": "a", "performer": "Bo", "title": "Rain"}).parts
    assert part.name == "Bo - Rain"


def test_a_live_photo_without_a_still_has_its_own() -> None:
    """Older programs get the still as a photo beside it; then it counts once."""
    live = {"file_id": "live", "photo": [{"file_id": "still", "width": 1, "height": 1}]}
    assert [part.external_id for part in said(live_photo=live).parts] == ["still", "live"]
    assert [part.external_id for part in said(live_photo=live, photo=live["photo"]).parts] == [
        "still",
        "live",
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ({"status": "left"}, {"status": "member"}, "joined"),
        ({"status": "member"}, {"status": "administrator"}, "membership"),
        ({"status": "restricted", "is_member": True}, {"status": "kicked"}, "left"),
        ({"status": "restricted", "is_member": False}, {"status": "restricted", "is_member": True}, "joined"),
    ],
)
def test_who_came_and_who_went(old: dict, new: dict, kind: str) -> None:
    """By whether they are there before and after, not by the word for it."""
    body = {"chat": GROUP, "from": ANNA, "date": 1772998024, "old_chat_member": old | {"user": ANNA}}
    (event,) = parsed(update("chat_member", body | {"new_chat_member": new | {"user": ANNA}}))
    assert event.kind == kind


def test_links_of_posts_only_where_there_are_any() -> None:
    """A channel without a name has no address for its posts; a person who forwards has none either."""
    origin = {
        "type": "channel",
        "chat": {"id": -1, "title": "News"},
        "message_id": 7,
        "author_signature": "Bo",
    }
    (reference, _) = said(text="Hi", forward_origin=origin).parts
    assert (reference.url, reference.title, reference.text, reference.external_id) == ("", "News", "Bo", "-1")
    (reference, _) = said(text="Hi", forward_sender_name="Somebody").parts
    assert (reference.what, reference.title) == ("forward", "Somebody")
