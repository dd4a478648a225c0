"""The bodies that ours and the others are given: signed as the platforms sign, each message with an id of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import NamedTuple

from bench.webhooks import SECRET, webhook
from omnichannel.toolbox import secrets_of, sign

TOKEN, HIDDEN = "4839574812:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "a-secret-token-of-telegram"
NUMBER, WABA, APP_SECRET, VERIFY = (
    "10634295353625",
    "101809759215303",
    "a-secret-of-the-app-xxxxxxxxxxxx",
    "v",
)
SIGNING = "a-signing-secret-of-slack-xxxxxx"
PEOPLE = 997
_KEY = secrets_of(APP_SECRET, "app_secret", "")[0]
_SLACK = secrets_of(SIGNING, "signing_secret", "")[0]
_SECOND = 1_760_000_000
_GIVEN = ("Anna", "Bilal", "Chloe", "Daan", "Emeka", "Fatima", "Giorgos", "Hanna", "Ivo", "Jun", "Kofi")
_FAMILY = (
    "Bright",
    "Okafor",
    "Jansen",
    "Moreau",
    "Silva",
    "Kowal",
    "Larsen",
    "Novak",
    "Haddad",
    "Tanaka",
    "Ruiz",
    "Weber",
    "Yilmaz",
)
_ENDS = ("", "s", "en", "son", "ski", "ova", "man", "berg")


class Post(NamedTuple):
    """What a server is handed; `messages` is how many it holds."""

    headers: dict[str, str]
    body: bytes
    messages: int = 1


def _name(person: int) -> str:
    """Hardly two people with one name."""
    return (
        f"{_GIVEN[person % len(_GIVEN)]} {_FAMILY[person % len(_FAMILY)]}{_ENDS[person // 140 % len(_ENDS)]}"
    )


def _telegram(number: int, said: dict[str, object]) -> Post:
    person = number % PEOPLE
    given, family = _name(person).split()
    who = {
        "id": 7_000_000 + person,
        "first_name": given,
        "last_name": family,
        "username": f"{given}_{person}",
    }
    message = {
        "message_id": 1000 + number,
        "from": {**who, "is_bot": False, "language_code": "en"},
        "chat": {**who, "type": "private"},
        "date": _SECOND + number,
        **said,
    }
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": HIDDEN}
    return Post(headers, json.dumps({"update_id": 5000 + number, "message": message}).encode())


def telegram_text(number: int) -> Post:
    """Words to a bot."""
    return _telegram(number, {"text": f"Where is my parcel number {number}? I have waited since Monday."})


def telegram_photo(number: int) -> Post:
    """A photo in four sizes, with words under it."""
    sizes = [
        {"file_id": f"AgAD{size}{number}", "file_unique_id": f"Q{size}{number}", "width": size, "height": size,
         "file_size": size * 90}
        for size in (90, 320, 800, 1280)
    ]  # fmt: skip
    return _telegram(number, {"photo": sizes, "caption": "It came broken."})


def _whatsapp(numbers: range, said: Callable[[int], dict[str, object]]) -> Post:
    people = {number: f"3161{number % PEOPLE:07d}" for number in numbers}
    messages = [
        {"from": people[number], "from_user_id": f"NL.{people[number]}", "id": f"wamid.HBgLMzE2{number:08d}",
         "timestamp": str(_SECOND + number), **said(number)}
        for number in numbers
    ]  # fmt: skip
    contacts = [
        {"profile": {"name": _name(number % PEOPLE)}, "wa_id": who, "user_id": f"NL.{who}"}
        for number, who in people.items()
    ]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31201234567", "phone_number_id": NUMBER},
        "contacts": contacts,
        "messages": messages,
    }
    change = {"value": value, "field": "messages"}
    body = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]}
    ).encode()
    headers = {
        "content-type": "application/json",
        "x-hub-signature-256": "sha256=" + sign(_KEY, body, form="hex"),
    }
    return Post(headers, body, len(numbers))


def _words(number: int) -> dict[str, object]:
    return {
        "type": "text",
        "text": {"body": f"Where is my parcel number {number}? I have waited since Monday."},
    }


def whatsapp_text(number: int) -> Post:
    """Words on WhatsApp."""
    return _whatsapp(range(number, number + 1), _words)


def whatsapp_image(number: int) -> Post:
    """A picture with words under it."""
    image = {
        "mime_type": "image/jpeg",
        "sha256": "q83v" * 11,
        "id": f"{number:016d}",
        "caption": "It came broken.",
    }
    return _whatsapp(range(number, number + 1), lambda _: {"type": "image", "image": image})


def whatsapp_ten(number: int) -> Post:
    """Ten messages of ten people at once, as Meta sends them after an outage."""
    return _whatsapp(range(number * 10, number * 10 + 10), _words)


def messenger_text(number: int) -> Post:
    """Words to a Page."""
    made = webhook([number])
    return Post(dict(made.headers), made.body)


def messenger_ten(number: int) -> Post:
    """Ten messages of ten people at once."""
    made = webhook(range(number * 10, number * 10 + 10))
    return Post(dict(made.headers), made.body, 10)


def slack_text(number: int) -> Post:
    """Words in a channel of Slack."""
    event = {
        "type": "message", "channel": "C0123456789", "channel_type": "channel", "team": "T0123456789",
        "user": f"U{number % PEOPLE:09d}", "client_msg_id": f"{number:032d}", "ts": f"{_SECOND + number}.000100",
        "event_ts": f"{_SECOND + number}.000100", "text": "Where is my parcel? I have waited since Monday.",
    }  # fmt: skip
    body = json.dumps({
        "token": "none", "team_id": "T0123456789", "api_app_id": "A0123456789", "event": event,
        "type": "event_callback", "event_id": f"Ev{number:010d}", "event_time": _SECOND + number,
    }).encode()  # fmt: skip
    at = str(int(time.time()))
    signature = "v0=" + sign(_SLACK, f"v0:{at}:".encode() + body, form="hex")
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": at,
        "x-slack-signature": signature,
    }
    return Post(headers, body)


KINDS: dict[str, Callable[[int], Post]] = {
    "Telegram text": telegram_text,
    "Telegram photo": telegram_photo,
    "WhatsApp text": whatsapp_text,
    "WhatsApp image": whatsapp_image,
    "WhatsApp, ten at once": whatsapp_ten,
    "Messenger text": messenger_text,
    "Messenger, ten at once": messenger_ten,
}
"""What we read too; Slack we do not: its body is for a library that reads nothing else."""

__all__ = ["KINDS", "SECRET", "Post"]
