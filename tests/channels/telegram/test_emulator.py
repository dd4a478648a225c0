"""The emulated Telegram is as strict as Telegram, so that nothing passes here that would not pass there."""

from __future__ import annotations

import json

import httpx
import pytest

from omnichannel.emulators.telegram import Telegram as Emulated
from omnichannel.emulators.telegram_world import called, words
from omnichannel.tls import trusted


def call(telegram: Emulated, method: str, *, token: str = "", **fields: object) -> dict:
    url = f"{telegram.settings['host']}/bot{token or telegram.token}/{method}"
    return httpx.post(url, json=fields, trust_env=False, verify=trusted()).json()


@pytest.fixture(scope="module")
def telegram():
    with Emulated(per_second=1000) as telegram:
        telegram.write("Anna", "Hi")
        telegram.private("Bo")
        telegram.write("Blocked", "Hi")
        telegram.block("Blocked")
        yield telegram


KEYBOARD = {"inline_keyboard": [[{"text": "Red", "callback_data": "r"}]]}
ALBUM = [{"type": "photo", "media": "https://x/a.png"}, {"type": "photo", "media": "https://x/b.png"}]


@pytest.mark.parametrize(
    ("method", "fields", "code", "words"),
    [
        ("sendMessage", {"chat_id": 5, "text": "Hi"}, 400, "chat not found"),
        ("sendMessage", {"chat_id": "{Bo}", "text": "Hi"}, 403, "can't initiate conversation"),
        ("sendMessage", {"chat_id": "{Blocked}", "text": "Hi"}, 403, "blocked by the user"),
        ("sendMessage", {"text": " "}, 400, "text is empty"),
        ("sendMessage", {"text": "x" * 4097}, 400, "too long"),
        (
            "sendMessage",
            {"text": "Hi", "business_connection_id": "none"},
            400,
            "business connection not found",
        ),
        (
            "sendMessage",
            {"text": "Hi", "reply_parameters": {"message_id": 5}},
            400,
            "to be replied not found",
        ),
        ("sendMessage", {"text": "Hi", "reply_markup": 5}, 400, "reply markup"),
        (
            "sendMessage",
            {"text": "Hi", "reply_markup": {"inline_keyboard": [[{"text": " "}]]}},
            400,
            "unallowed",
        ),
        (
            "sendMessage",
            {"text": "Hi", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
            400,
            "BUTTON_DATA",
        ),
        ("sendPhoto", {"photo": "nothing"}, 400, "no photo"),
        ("sendPhoto", {"photo": "https://x/a.png", "caption": "x" * 1025}, 400, "caption is too long"),
        ("sendDocument", {"document": "https://x/a.docx"}, 400, "wrong type"),
        ("sendMediaGroup", {"media": ALBUM[:1]}, 400, "group send failed"),
        ("sendMediaGroup", {"media": "none"}, 400, "group send failed"),
        ("sendMediaGroup", {"media": [ALBUM[0], ALBUM[1] | {"type": "document"}]}, 400, "specified type"),
        (
            "sendMediaGroup",
            {"media": [ALBUM[0] | {"type": "voice"}, ALBUM[1] | {"type": "voice"}]},
            400,
            "type",
        ),
        ("sendLocation", {"latitude": "north"}, 400, "latitude"),
        ("sendVenue", {"latitude": 1, "longitude": 2, "title": "Shop"}, 400, "address is empty"),
        ("sendContact", {"first_name": "Bo"}, 400, "phone number"),
        ("sendTelepathy", {}, 404, "method not found"),
        ("getChat", {"chat_id": 5}, 400, "chat not found"),
    ],
)
def test_what_telegram_refuses(telegram: Emulated, method: str, fields: dict, code: int, words: str) -> None:
    """In its own words, which the channel reads."""
    chat = str(fields.pop("chat_id", "{Anna}"))
    number = telegram.person(chat.strip("{}")).id if chat.startswith("{") else int(chat)
    found = call(telegram, method, chat_id=number, **fields)
    assert (found["ok"], found["error_code"]) == (False, code)
    assert words in found["description"]


def test_a_wrong_token_and_no_json(telegram: Emulated) -> None:
    """Before anything else is looked at."""
    assert call(telegram, "getMe", token="1:x")["error_code"] == 401
    url = f"{telegram.settings['host']}/bot{telegram.token}/getMe"
    headers = {"content-type": "application/json"}
    assert (
        httpx.post(url, content=b"{", headers=headers, trust_env=False, verify=trusted()).json()["error_code"]
        == 400
    )
    assert (
        httpx.get(
            f"{telegram.settings['host']}/file/bot1:x/documents/a", trust_env=False, verify=trusted()
        ).status_code
        == 404
    )


def test_forms_carry_files_and_no_more_than_telegram_takes(telegram: Emulated) -> None:
    """Empty files and too large ones are refused."""
    url = f"{telegram.settings['host']}/bot{telegram.token}/sendPhoto"
    fields = {"chat_id": str(telegram.person("Anna").id), "reply_markup": json.dumps(KEYBOARD), "x": "{"}

    def send(content: bytes) -> dict:
        files = {"photo": ("a.png", content, "image/png")}
        return httpx.post(url, data=fields, files=files, trust_env=False, verify=trusted()).json()

    assert send(b"png")["result"]["reply_markup"] == KEYBOARD
    assert send(b"")["error_code"] == 400
    assert send(bytes(10 * 1024 * 1024 + 1))["error_code"] == 413


def test_a_file_that_is_known_goes_by_its_id(telegram: Emulated) -> None:
    """Without its bytes."""
    known = telegram.file(b"pdf")["file_id"]
    sent = call(telegram, "sendDocument", chat_id=telegram.person("Anna").id, document=known)["result"]
    assert telegram.files[sent["document"]["file_id"]] == b"pdf"
    sent = call(telegram, "sendPhoto", chat_id=telegram.person("Anna").id, photo=known)["result"]
    assert telegram.files[sent["photo"][0]["file_id"]] == b"pdf"


def test_webhook_and_polling_exclude_each_other() -> None:
    """Setting the one stops the other; so does `setWebhook` with nothing undo it."""
    with Emulated() as telegram:
        assert call(telegram, "setWebhook", url="https://hook.example/")["result"] is True
        assert call(telegram, "getUpdates")["error_code"] == 409
        assert call(telegram, "setWebhook", url="")["result"] is True
        assert call(telegram, "getUpdates", timeout=1) == {"ok": True, "result": []}
        assert call(telegram, "deleteWebhook")["result"] is True
        telegram.happen("chat_member", {})
        telegram.happen("message", {})
        assert [sorted(one) for one in call(telegram, "getUpdates")["result"]] == [["message", "update_id"]]


def test_pushing_to_nobody(telegram: Emulated) -> None:
    """What was not taken stays on its way, and nothing is pushed without a webhook."""
    with Emulated() as alone:
        assert alone.push() == ()
        alone.connect("http://127.0.0.1:9/hook")
        alone.write("Anna", "Hi")
        assert alone.push() == [0]
        assert len(alone.updates) == 1
    with Emulated(polled=True) as polled:
        polled.connect("http://127.0.0.1:9/hook")
        assert polled.hook == {}


def test_what_a_webhook_answers_is_done_only_if_it_is_a_call(telegram: Emulated) -> None:
    """Whatever else it says is nobody's business, and a refusal is told to nobody."""
    for answer in (b"", b"ok", b"[]", b'{"method":"sendTelepathy"}'):
        telegram.api.from_webhook(answer)
    telegram.api.from_webhook(b'{"method":"answerCallbackQuery","callback_query_id":"9"}')
    assert telegram.answered == ["9"]


def test_nobody_edits_another_persons_words(telegram: Emulated) -> None:
    """Nor is there a message that nobody wrote."""
    written = telegram.write("Anna", "Hi")
    with pytest.raises(ValueError, match="did not write"):
        telegram.edit("Bo", written, "Ho")
    with pytest.raises(KeyError):
        telegram.message("5:5")


def test_what_a_person_reads() -> None:
    """The kind of what is shown, and its words."""
    assert words({"photo": [], "caption": "Red"}) == "[photo] Red"
    assert words({"contact": {}}) == "[contact]"
    assert called({"message_id": 5, "chat": {"id": -7}, "business_connection_id": "c"}) == "c@-7:5"
