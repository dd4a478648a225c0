"""What other desks export, made after their published schemas: one small company's.

Chatwoot: swagger/definitions/resource and the jbuilder views of chatwoot/chatwoot. Zammad: the sample answers of
zammad/zammad-documentation, api/ticket and api/user.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ANNA = {
    "additional_attributes": {}, "availability_status": "offline", "email": "anna@home.example", "id": 12, "name": "Anna",
    "phone_number": "+31612345678", "blocked": False, "identifier": None, "thumbnail": "", "custom_attributes": {},
    "last_activity_at": 1772445600, "created_at": 1772445600,
}  # fmt: skip
ZOE = {
    "id": 3,
    "name": "Zoe",
    "available_name": "Zoe",
    "avatar_url": "",
    "type": "user",
    "availability_status": None,
}
INBOX = {
    "id": 5,
    "name": "Support",
    "channel_id": 9,
    "channel_type": "Channel::Email",
    "email": "support@shop.example",
}
WIDGET = {
    "id": 6,
    "name": "Website",
    "channel_id": 2,
    "channel_type": "Channel::WebWidget",
    "website_url": "shop.example",
}


def contact_inbox(source: str, inbox: dict[str, Any]) -> dict[str, Any]:
    return {"source_id": source, "inbox": {key: inbox[key] for key in ("id", "name", "channel_type")}}


def conversation(number: int = 1, inbox: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "meta": {
            "sender": {**ANNA, "type": "contact"},
            "channel": "Channel::Email",
            "assignee": {"id": 3, "account_id": 1, "name": "Zoe", "available_name": "Zoe", "email": "zoe@shop.example",
                         "role": "agent", "availability_status": "online"},
            "hmac_verified": False,
        },
        "id": number, "messages": [], "account_id": 1, "uuid": f"uuid-{number}",
        "additional_attributes": {"mail_subject": "Order"}, "contact_last_seen_at": 0, "agent_last_seen_at": 0,
        "can_reply": True, "custom_attributes": {}, "inbox_id": inbox, "labels": ["order", "late"], "muted": False,
        "snoozed_until": None, "status": "resolved", "created_at": 1772445600, "timestamp": 1772449200, "priority": "high",
    } | more  # fmt: skip


def message(number: int, kind: int = 0, **more: Any) -> dict[str, Any]:
    """One message: 0 incoming, 1 outgoing, 2 activity, 3 template."""
    sender = {**ANNA, "type": "contact"} if kind == 0 else ZOE if kind == 1 else None
    return {
        "id": number, "content": f"message {number}", "inbox_id": 5, "conversation_id": 1, "message_type": kind,
        "content_type": "text", "status": "sent", "content_attributes": {}, "created_at": 1772445600 + number * 60,
        "private": False, "source_id": f"{number}@home.example" if kind == 0 else None, "sender": sender,
    } | more  # fmt: skip


def page(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """An answer of `…/conversations/{id}/messages`."""
    return {
        "meta": {"labels": ["order", "late"], "contact": ANNA, "agent_last_seen_at": None},
        "payload": messages,
    }


def listing(conversations: list[dict[str, Any]]) -> dict[str, Any]:
    """An answer of `…/conversations`."""
    return {"data": {"meta": {"all_count": len(conversations)}, "payload": conversations}}


def chatwoot(
    folder: Path, messages: list[dict[str, Any]], *conversations: dict[str, Any], **more: Any
) -> Path:
    """A folder of pages."""
    contact = ANNA | {
        "contact_inboxes": [contact_inbox("anna@home.example", INBOX), contact_inbox("w-1", WIDGET)]
    }
    pages = {
        "inboxes": {"payload": [INBOX, WIDGET]},
        "contacts-1": {"meta": {"count": 1, "current_page": 1}, "payload": [contact]},
        "conversations-1": listing(list(conversations) or [conversation()]),
        "messages-1": page(messages),
    } | more
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in pages.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    return folder


DAVID = {
    "id": 10, "organization_id": None, "login": "david@example.com", "firstname": "David", "lastname": "Bell",
    "email": "david@example.com", "phone": "0033 892 12 34 56", "mobile": "+31612345678", "fax": "", "active": True,
    "verified": False, "preferences": {"tickets_open": 3}, "role_ids": [3], "created_at": "2021-11-03T11:57:17.495Z",
}  # fmt: skip
CHRIS = {"id": 3, "login": "chris@shop.example", "firstname": "Christopher", "lastname": "Miller",
         "email": "chris@shop.example", "phone": "", "mobile": "", "role_ids": [1, 2]}  # fmt: skip


def ticket(number: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "group_id": 1, "priority_id": 3, "state_id": 4, "organization_id": None, "number": f"2200{number}",
        "title": "Order 777555", "owner_id": 3, "customer_id": 10, "note": None, "article_count": 2, "type": None,
        "preferences": {}, "created_at": "2021-08-02T11:57:18.000Z", "updated_at": "2021-11-03T11:57:17.927Z",
    } | more  # fmt: skip


def article(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "ticket_id": 5, "type_id": 1, "sender_id": 2, "from": "David Bell <david@example.com>",
        "to": "support@shop.example", "cc": None, "subject": "Order", "reply_to": None,
        "message_id": f"<{number}@example.com>", "message_id_md5": None, "in_reply_to": None, "content_type": "text/html",
        "references": None, "body": f"Hi,<br>\n<br>\n<u>article {number}</u>", "internal": False, "preferences": {},
        "updated_by_id": 10, "created_by_id": 10, "origin_by_id": None, "created_at": f"2021-08-02T11:5{number}:18.068Z",
        "updated_at": "2021-08-02T11:57:18.068Z", "attachments": [], "type": "email", "sender": "Customer",
        "created_by": "david@example.com", "updated_by": "david@example.com",
    } | more  # fmt: skip


def answer(number: int, **more: Any) -> dict[str, Any]:
    """An agent's article."""
    ours = {"sender_id": 1, "sender": "Agent", "from": "Christopher Miller via Support <support@shop.example>",
            "to": "david@example.com", "created_by_id": 3, "in_reply_to": "<1@example.com>"}  # fmt: skip
    return article(number, **{**ours, **more})


def zammad(folder: Path, articles: list[dict[str, Any]], *tickets: dict[str, Any], **more: Any) -> Path:
    """A folder of answers."""
    answers = {
        "users": [DAVID, CHRIS],
        "tickets-1": list(tickets) or [ticket()],
        "articles-5": articles,
    } | more
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in answers.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    return folder
