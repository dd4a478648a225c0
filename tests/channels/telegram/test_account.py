"""Setting an account up: what is refused with its cure, who is let in, and what an answer of the Bot API means."""

from __future__ import annotations

import json

import pytest

from omnichannel.channel import Ack, Call, Delivery, Response
from omnichannel.channels.telegram import Telegram
from omnichannel.errors import ConfigError, Forged
from omnichannel.model import Deferred, Refused, Unknown
from tests.channels.telegram.given import BOT, SECRET, TOKEN, account, message, update

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"token": ""}, "token"),
        ({"token": "my-token"}, "token"),
        ({"token": "12:short"}, "token"),
        ({"secret": ""}, "secret"),
        ({"secret": ()}, "secret"),
        ({"secret": "with space"}, "secret"),
        ({"secret": "x" * 257}, "secret"),
        ({"secret": ["good", ""]}, "secret"),
        ({"host": "http://api.telegram.org"}, "host"),
        ({"host": "https://api.telegram.org/bot"}, "host"),
        ({"username": "https://t.me/ShopBot"}, "username"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_cure(settings: dict, setting: str) -> None:
    """At once, naming it."""
    with pytest.raises(ConfigError) as caught:
        account(**settings)
    assert caught.value.setting == setting
    assert caught.value.cure


def test_an_account_that_polls_needs_no_secret_and_lets_nobody_in() -> None:
    """What is posted to it came from anybody."""
    polls = Telegram("bot", token=TOKEN, poll=True)
    assert [source.name for source in polls.sources()] == ["updates"]
    assert polls.admit(Delivery(source="poll")) == Ack()
    with pytest.raises(Forged, match="polled"):
        polls.admit(Delivery(headers=((HEADER, ""),)))
    assert account().sources() == ()


def test_the_token_says_which_bot_it_is() -> None:
    """Its first part is the bot's own id."""
    assert account().own_address is not None
    assert account().own_address.value == BOT
    assert account(username="@ShopBot").start_link("octx") == "https://t.me/ShopBot?start=octx"
    assert Telegram.bare().own_address is None


def admitted(body: bytes) -> Ack:
    return account().admit(Delivery(headers=((HEADER, SECRET),), body=body))


def test_a_tapped_button_is_answered_at_once_by_what_the_webhook_answers() -> None:
    """Telegram carries out a call that it is answered, so that the button stops waiting without another request."""
    tap = {"id": "438", "from": {"id": 5}, "data": "r", "chat_instance": "1"}
    ack = admitted(update("callback_query", tap))
    assert json.loads(ack.body) == {"method": "answerCallbackQuery", "callback_query_id": "438"}
    assert dict(ack.headers) == {"content-type": "application/json"}
    assert (ack.status, ack.keep) == (200, True)


@pytest.mark.parametrize(
    "body",
    [
        update("message", message(text='{"callback_query":{"id":"438"}}')),
        update("message", message(text="Hi")),
        update("callback_query", {"data": "x"}),
        update("callback_query", 5),
        b'"callback_query"',
        b'{"callback_query": {"id": "438"',
    ],
)
def test_nothing_else_that_is_answered_is_a_call(body: bytes) -> None:
    """Whatever an answer says is done in the bot's name: nobody can write one into a message."""
    assert admitted(body) == Ack()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, {"description": "Bad Request: BUSINESS_CONNECTION_INVALID"}, "config"),
        (400, {"description": "Bad Request: message thread not found"}, "invalid"),
        (400, {"description": "Bad Request: VOICE_MESSAGES_FORBIDDEN"}, "unsupported"),
        (400, {"description": "Bad Request: CHAT_RESTRICTED"}, "policy"),
        (400, {"description": "Bad Request: PEER_ID_INVALID"}, "recipient_unavailable"),
        (400, {"description": "Bad Request: message caption is too long"}, "too_large"),
        (
            400,
            {"description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": -5}},
            "-5",
        ),
        (404, {"description": "Not Found"}, "reauth"),
        (409, {"description": "Conflict: terminated by other getUpdates request"}, "config"),
        (413, {"description": "Request Entity Too Large"}, "too_large"),
    ],
)
def test_refusals_in_our_words(status: int, body: dict, outcome: str) -> None:
    """Each says what to do."""
    whole = json.dumps({"ok": False, "error_code": status, **body}).encode()
    found = account().read(Call(url="https://x"), Response(status=status, body=whole))
    assert isinstance(found, Refused)
    assert outcome in (found.code, *found.detail.split())


@pytest.mark.parametrize(
    ("asked", "waits"),
    [({"retry_after": 5}, 5), ({"retry_after": 0}, 1), ({"retry_after": 90000}, 3600), ({}, 60)],
)
def test_how_long_to_wait(asked: dict, waits: float) -> None:
    """As long as Telegram says, within a second and an hour."""
    body = json.dumps(
        {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": asked}
    )
    found = account().read(Call(url="https://x"), Response(status=429, body=body.encode()))
    assert found == Deferred(after=waits, detail="429 Too Many Requests")


@pytest.mark.parametrize(
    "body", [b'{"ok":true,"result":true}', b'{"ok":true,"result":[{"message_id":5}]}', b"{}"]
)
def test_a_success_without_a_message_is_in_doubt(body: bytes) -> None:
    """It may have been sent, and nobody knows under which id."""
    assert isinstance(account().read(Call(url="https://x"), Response(status=200, body=body)), Unknown)
