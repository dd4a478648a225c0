"""What a customer could make us believe, or keep us busy with, on Telegram."""

from __future__ import annotations

import json
import time

import pytest

from omnichannel.channels.telegram import Telegram
from omnichannel.channels.telegram.contact import card
from omnichannel.channels.telegram.link.account import _openness
from omnichannel.errors import ConfigError
from omnichannel.model import Event, Received, Unreadable
from omnichannel.model.event import Direction
from tests.channels.telegram.given import ANNA, PRIVATE, account, message, parsed, update


def test_t40_a_card_is_looked_through_once() -> None:
    """An address that never ends took half a minute; with four times as much it would have been eight."""
    vcard = "EMAIL:a@" + "." * 200_000 + " @"
    start = time.process_time()
    assert card({"first_name": "Eve", "vcard": vcard}).addresses == ()
    assert time.process_time() - start < 5  # far from both


def test_addresses_on_a_card_are_found() -> None:
    vcard = "BEGIN:VCARD\r\nEMAIL;TYPE=home: Ann.B@mail.home.example \r\nitem1.EMAIL:x@y.example\r\nEND:VCARD"
    found = [one.value for one in card({"first_name": "Ann", "vcard": vcard}).addresses]
    assert found == ["ann.b@mail.home.example", "x@y.example"]


def by(connection: str, **setting: object) -> list[Event]:
    said = message(7, business_connection_id=connection, text="We are closing down")
    said["from"] = {"id": 666, "is_bot": False, "first_name": "Eve"}
    return parsed(update("business_message", said), channel=account(**({"businesses": ["ours"]} | setting)))


def test_t26_a_strangers_business_account_does_not_speak_for_us() -> None:
    """Anybody may connect a bot in Business Mode to their own account: what they write there is not said by us."""
    (forged,), (own,) = by("a-strangers"), by("ours")
    assert isinstance(forged, Unreadable)
    assert "a-strangers" in forged.reason
    assert isinstance(own, Received)
    assert own.direction is Direction.OUTBOUND


def test_without_the_setting_no_business_account_speaks() -> None:
    """Closed until it is opened; the reason names the setting and the connection that it may name."""
    (parked,) = by("a-strangers", businesses=())
    assert isinstance(parked, Unreadable)
    assert "the business connection a-strangers" in parked.reason
    assert "setting businesses" in parked.reason


def test_a_file_and_an_instance_without_an_account_know_no_stranger() -> None:
    """Who reads recordings knows whose they are; an instance that knows no bot knows no connections either."""
    body = update("business_message", message(business_connection_id="any", text="Hi"))
    assert [type(one) for one in parsed(body, "file")] == [Received]
    assert [type(one) for one in parsed(body, channel=Telegram.bare())] == [Received]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("business_connection", {"id": "a-strangers", "user": {"id": 666}, "user_chat_id": 666, "date": 1}),
        (
            "deleted_business_messages",
            {"business_connection_id": "a-strangers", "chat": PRIVATE, "message_ids": [1]},
        ),
        ("edited_business_message", message(business_connection_id="a-strangers", text="Hi")),
        (
            "callback_query",
            {"id": "1", "from": ANNA, "data": "x", "message": message(business_connection_id="a-strangers")},
        ),
    ],
)
def test_t26_nor_does_anything_else_from_there(kind: str, body: dict[str, object]) -> None:
    (found,) = parsed(update(kind, body), channel=account(businesses=["ours"]))
    assert isinstance(found, Unreadable)
    page = json.dumps({"ok": True, "result": [json.loads(update(kind, body))]}).encode()
    assert [type(one) for one in parsed(page, "poll", account(businesses=["ours"]))] == [Unreadable]


def test_who_writes_to_the_bot_itself_is_heard() -> None:
    (found,) = parsed(update("message", message(text="Hi")), channel=account(businesses=["ours"]))
    assert isinstance(found, Received)


@pytest.mark.parametrize(("businesses", "well"), [((), False), (["ours"], True)])
def test_doctor_tells_that_business_accounts_are_not_taken(businesses: list[str], well: bool) -> None:
    found = list(_openness({"can_connect_to_business": True}, frozenset(businesses)))
    assert all(one.ok for one in found) is well
    assert list(_openness({}, frozenset())) == []


def test_a_connection_that_is_none_is_told() -> None:
    with pytest.raises(ConfigError, match="businesses"):
        account(businesses=["no connection"])
