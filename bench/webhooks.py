"""Signed Messenger webhooks as Meta sends them, and an inbox that takes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from omnichannel import Delivery, Inbox, Incoming
from omnichannel.channels.messenger import Messenger
from omnichannel.toolbox import secrets_of, sign

PAGE, SECRET, ACCOUNT = "1906385232743451", "an-app-secret-of-32-characters-xx", "page"
SENDERS = 997
"""A prime, so that senders and batches do not fall into step."""
BODY_BYTES = 600

_KEY = secrets_of(SECRET, "app_secret", "")[0]
_FIRST_MS = 1_760_000_000_000
FIRST_PERSON = 7_000_000_000_000_000
_WORDS = "Where is my parcel? I have been waiting since Monday. "


class Webhook(NamedTuple):
    """What a server is handed: headers and bytes, signed as Meta signs."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


def webhooks(messages: int, per_webhook: int = 1) -> list[Webhook]:
    """So many messages of 997 people in turn, each with an id of its own, 600 bytes of JSON a message."""
    numbers = range(messages)
    return [webhook(numbers[start : start + per_webhook]) for start in range(0, messages, per_webhook)]


def webhook(numbers: Sequence[int], *, people: int = SENDERS) -> Webhook:
    """One webhook with these messages, each an entry of its own as Meta batches them."""
    entries = [_entry(number, number % people) for number in numbers]
    body = json.dumps({"object": "page", "entry": entries}).encode()
    headers = (
        ("host", "support.example.com"),
        ("user-agent", "facebookexternalua"),
        ("accept", "*/*"),
        ("content-type", "application/json"),
        ("content-length", str(len(body))),
        ("x-hub-signature-256", "sha256=" + sign(_KEY, body, form="hex")),
    )
    return Webhook(headers, body)


def _entry(number: int, person: int) -> dict[str, object]:
    sent = _FIRST_MS + number
    message = {"mid": f"m_{number:08d}" + "AbcdEfgh01" * 9, "text": ""}
    item = {
        "sender": {"id": str(FIRST_PERSON + person)},
        "recipient": {"id": PAGE},
        "timestamp": sent,
        "message": message,
    }
    entry: dict[str, object] = {"time": sent, "id": PAGE, "messaging": [item]}
    missing = BODY_BYTES - len(json.dumps({"object": "page", "entry": [entry]}))
    message["text"] = (_WORDS * 10)[:missing]
    return entry


def delivery(webhook: Webhook) -> Delivery:
    """A request as `Inbox.asgi` hands it over."""
    return Delivery(
        account=ACCOUNT,
        method="POST",
        url=f"https://support.example.com/hooks/{ACCOUNT}",
        headers=webhook.headers,
        body=webhook.body,
        received_at=datetime.now(UTC),
    )


_NOBODY = "http://127.0.0.1:9"  # the port for what is to be discarded; nothing listens there


def page() -> Messenger:
    """The Page that the webhooks are for; where Meta would be asked for names, nobody is at home."""
    return Messenger(ACCOUNT, page_id=PAGE, page_token="t", app_secret=SECRET, verify_token="v", host=_NOBODY)


def open_inbox(path: Path, *, answers: bool = False) -> Inbox:
    """An inbox on a file, with one Page; with a handler that answers every message, or without any."""
    inbox = Inbox(f"sqlite:///{path}", [page()])
    if answers:
        inbox.on_message(_answer)
    inbox.open()
    return inbox


async def _answer(incoming: Incoming) -> None:
    await incoming.reply("Thank you! We look into it and write again today.")
