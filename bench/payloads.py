"""What the parse bench reads: one body of each kind, as its platform sends it, with the channel that reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from bench.webhooks import page, webhook
from omnichannel import Channel, Delivery
from omnichannel.channels.email import Email
from omnichannel.channels.x import X
from omnichannel.plugins import channel_class
from omnichannel.testing.cases import load

CASES = Path(__file__).parents[1] / "tests" / "channels"
RECORDED = ("instagram", "whatsapp", "telegram", "sms", "webchat", "http")
OUR_X = "2244994945"


class Payload(NamedTuple):
    """A delivery, and who reads it. `json`: the body is JSON."""

    what: str
    channel: Channel
    delivery: Delivery
    json: bool = True


def payloads() -> list[Payload]:
    """Every payload of the bench."""
    made: tuple[Callable[[], Payload], ...] = (_text, _image, _batch, _mention, _direct_message, _mail)
    return [make() for make in made] + [_recorded(kind) for kind in RECORDED]


def _recorded(kind: str) -> Payload:
    """A plain text, as the contract's case of that channel has it."""
    case = load(CASES / kind / "cases" / "receive-text.json")
    delivery = case.delivery
    is_json = delivery.body[:1] in (b"{", b"[")
    return Payload(f"{kind} text", channel_class(kind).bare(), delivery, json=is_json)


def _text() -> Payload:
    return Payload("Messenger text", page(), Delivery(account="page", body=webhook([1]).body))


def _image() -> Payload:
    body = json.loads(webhook([1]).body)
    url = "https://scontent.xx.fbcdn.net/v/t1.15752-9/1_n.jpg?_nc_cat=1&oh=03_Q7cD&oe=6789ABCD"
    message = body["entry"][0]["messaging"][0]["message"]
    message |= {"text": None, "attachments": [{"type": "image", "payload": {"url": url}}]}
    return Payload("Messenger image", page(), Delivery(account="page", body=json.dumps(body).encode()))


def _batch() -> Payload:
    return Payload("Messenger, ten at once", page(), Delivery(account="page", body=webhook(range(10)).body))


def _x() -> X:
    return X("x", user_id=OUR_X, username="shop", consumer_secret="secret", token="token", poll=())


def _x_activity(kind: str, payload: dict[str, object]) -> Delivery:
    """An event in the envelope of X Activity."""
    event = {
        "event_uuid": "1146654567674912769",
        "filter": {"user_id": OUR_X},
        "event_type": kind,
        "tag": "omnichannel",
        "payload": payload,
    }
    return Delivery(account="x", body=json.dumps({"data": event}).encode())


def _mention() -> Payload:
    post: dict[str, object] = {
        "id": "1346889436626259968",
        "text": "@shop My parcel 4711 has not come yet, and nobody answers the phone &amp; mail.",
        "author_id": "6253282",
        "conversation_id": "1346889436626259968",
        "created_at": "2026-01-06T18:40:40.000Z",
        "edit_history_tweet_ids": ["1346889436626259968"],
        "entities": {"mentions": [{"start": 0, "end": 5, "username": "shop", "id": OUR_X}]},
        "in_reply_to_user_id": OUR_X,
        "lang": "en",
    }
    users = [
        {"id": "6253282", "username": "anna_b", "name": "Anna B."},
        {"id": OUR_X, "username": "shop", "name": "The Shop"},
    ]
    return Payload(
        "X mention", _x(), _x_activity("post.mention.create", {**post, "includes": {"users": users}})
    )


def _direct_message() -> Payload:
    event = {
        "type": "message_create",
        "id": "1346889436626259970",
        "created_timestamp": "1609958440000",
        "message_create": {
            "target": {"recipient_id": OUR_X},
            "sender_id": "6253282",
            "message_data": {
                "text": "The number of my order is 4711.",
                "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
            },
        },
    }
    users = {
        "6253282": {"data": {"id": "6253282", "username": "anna_b", "name": "Anna B."}},
        OUR_X: {"data": {"id": OUR_X, "username": "shop", "name": "The Shop"}},
    }
    payload: dict[str, object] = {"direct_message_events": [event], "users": users}
    return Payload("X direct message", _x(), _x_activity("dm.received", payload))


def _mail() -> Payload:
    """An answer of 5 KB: text, its HTML alternative, a quote, and a receiving server's verdict."""
    quote = "\n".join(f"> Line {number} of what we wrote about your order." for number in range(24))
    said = "Dear shop,\n\nthe parcel came, but the blue cup is broken. " + "Could you send another one? " * 24
    quote = f"On Mon, 5 Jan 2026 at 10:00, The Shop <help@shop.example> wrote:\n{quote}\n"
    text = f"{said}\n\nKind regards\nAnna\n\n{quote}"
    lines = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    mail = EmailMessage()
    mail["Authentication-Results"] = "mx.shop.example; dmarc=pass header.from=mail.example; spf=pass"
    mail["Received"] = "from out.mail.example by mx.shop.example; Mon, 05 Jan 2026 11:00:00 +0000"
    mail["From"] = "Anna Bright <anna@mail.example>"
    mail["To"] = "The Shop <help@shop.example>"
    mail["Subject"] = "Re: Your order 4711 is on its way"
    mail["Date"] = "Mon, 05 Jan 2026 11:00:00 +0000"
    mail["Message-ID"] = "<CAJ-4711@mail.example>"
    mail["In-Reply-To"] = "<order-4711@shop.example>"
    mail["References"] = "<order-4711@shop.example>"
    mail.set_content(text)
    mail.add_alternative(f"<html><body>{lines}</body></html>", subtype="html")
    channel = Email("mail", address="help@shop.example", trusted=["mx.shop.example"])
    body = mail.as_bytes()
    return Payload(
        f"e-mail, {len(body) / 1000:.0f} KB", channel, Delivery(source="poll", body=body), json=False
    )
