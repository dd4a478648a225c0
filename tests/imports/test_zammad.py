"""Zammad's answers: tickets and articles, in lists or as assets, whose each is, and once."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench.imports.whole import whole

from omnichannel import Inbox, Message
from omnichannel.channels.email import Email
from omnichannel.desk import Plan
from omnichannel.errors import UsageError
from omnichannel.imports import Zammad
from omnichannel.model import Address, Attachment, Direction
from tests.engines import HandClock
from tests.imports.desks import CHRIS, DAVID, answer, article, ticket, zammad


@pytest.fixture
def make(url: str, clock: HandClock) -> Callable[..., Inbox]:
    def opened(**more: Any) -> Inbox:
        return Inbox(url, [Email("mail", address="support@shop.example")], clock=clock, **more)

    return opened


async def told(inbox: Inbox) -> list[Message]:
    (one,) = await inbox.conversations.closed()
    return await inbox.conversations.messages(one.id)


ARTICLES = [
    article(1),
    answer(2, body="<div>She is cross</div>", internal=True, type="note", message_id=None, in_reply_to=None),
    answer(3, body="On its way<br><blockquote type='cite'>Hi</blockquote>"),
    article(4, sender="System", sender_id=3, internal=True, type="note", body="escalated", message_id=None),
]


async def test_a_ticket_comes_with_both_sides_notes_and_authors(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    async with make() as inbox:
        done = await inbox.import_archive(Zammad(zammad(tmp_path, ARTICLES), account="mail"))
        assert (done.found, done.written, done.passed_over, done.unreadable) == (4, 3, 1, 0)
        said = await told(inbox)
        assert [(one.direction, one.agent) for one in said] == [
            (Direction.INBOUND, ""),
            (Direction.INTERNAL, "Christopher Miller"),
            (Direction.OUTBOUND, "Christopher Miller"),
        ]
        assert said[0].text.split() == ["Hi,", "article", "1"]
        assert said[2].text.strip() == "On its way"
        assert said[2].quoted.strip() == "Hi"
        assert (said[0].external_id, said[2].reply_to) == ("<1@example.com>", "<1@example.com>")
        before = await whole(inbox)
        assert (await inbox.import_archive(Zammad(tmp_path, account="mail"))).written == 0
        assert await whole(inbox) == before


async def test_assets_say_the_same_as_lists(clock: HandClock, tmp_path: Path) -> None:
    """`GET /api/v1/tickets/{id}?all=true`: objects by number, and the tags beside them."""
    assets = {
        "ticket_id": 5,
        "ticket_article_ids": [1, 2, 3, 4],
        "assets": {
            "Ticket": {"5": ticket()},
            "TicketArticle": {str(one["id"]): one for one in ARTICLES},
            "User": {"10": DAVID, "3": CHRIS},
        },
        "tags": ["americano", "complaint"],
    }
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/5.json").write_text(json.dumps(assets))
    found = []
    for box in (tmp_path / "assets", zammad(tmp_path / "lists", ARTICLES)):
        async with Inbox(
            "sqlite:///:memory:", [Email("mail", address="support@shop.example")], clock=clock, desk=Plan()
        ) as inbox:
            await inbox.import_archive(Zammad(box, account="mail"))
            found.append([(one.text, one.agent, one.direction) for one in await told(inbox)])
            (talk,) = await inbox.conversations.closed()
            case = await inbox.desk.case(talk.id)
            assert case.tags == (("americano", "complaint") if box.name == "assets" else ())
            assert case.priority == "high"
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("stood", "is_open"),
    [
        ({"state_id": 4}, False),
        ({"state_id": 5}, False),
        ({"state_id": 2}, True),
        ({"state_id": 3}, True),
        ({"state_id": 20, "state": "closed"}, False),
        ({"state_id": 20, "state": "waiting for parts"}, True),
    ],
)
async def test_how_a_ticket_stood_is_kept(
    clock: HandClock, tmp_path: Path, stood: dict[str, Any], is_open: bool
) -> None:
    async with Inbox(
        "sqlite:///:memory:", [Email("mail", address="support@shop.example")], clock=clock
    ) as inbox:
        await inbox.add_agent("Christopher Miller")
        await inbox.import_archive(Zammad(zammad(tmp_path, [article(1)], ticket(**stood)), account="mail"))
        (talk,) = await (inbox.conversations.open() if is_open else inbox.conversations.closed())
        assert talk.assignee == "Christopher Miller"


async def test_states_of_ones_own_are_looked_up(clock: HandClock, tmp_path: Path) -> None:
    states = [{"id": 9, "state_type_id": 5, "name": "solved", "active": True}]
    box = zammad(tmp_path, [article(1)], ticket(state_id=9), states=states)
    async with Inbox(
        "sqlite:///:memory:", [Email("mail", address="support@shop.example")], clock=clock
    ) as inbox:
        await inbox.import_archive(Zammad(box, account="mail"))
        assert len(await inbox.conversations.closed()) == 1


async def test_people_are_known_by_all_their_addresses(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """A telephone number without a country is none."""
    async with make() as inbox:
        await inbox.import_archive(Zammad(zammad(tmp_path, [article(1)]), account="mail", vouch=True))
        customer = await inbox.customers.find(Address(kind="email", value="david@example.com"))
        assert customer is not None
        assert customer.name == "David Bell"
        claims = await inbox.identity.claims(customer.id)
        assert [str(one.other) for one in claims if one.other] == ["phone::+31612345678"]


async def test_files_are_named_and_brought_where_the_export_holds_them(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    files = [
        {"id": 123, "filename": "some_file1.txt", "size": "3", "preferences": {"Mime-Type": "text/plain"}},
        {"id": 124, "filename": "a.pdf", "preferences": {"Mime-Type": "application/pdf"},
         "data": base64.b64encode(b"%PDF").decode()},
    ]  # fmt: skip
    async with make() as inbox:
        await inbox.import_archive(Zammad(zammad(tmp_path, [article(1, attachments=files)]), account="mail"))
        (said,) = await told(inbox)
        text, paper = (part for part in said.parts if isinstance(part, Attachment))
        assert (text.name, text.media_type, text.size) == ("some_file1.txt", "text/plain", 3)
        assert text.external_id == "/api/v1/ticket_attachment/5/1/123"
        assert await inbox.attachment(said.id, paper) == b"%PDF"


async def test_a_type_without_an_account_is_named(make: Callable[..., Inbox], tmp_path: Path) -> None:
    async with make() as inbox:
        with pytest.raises(UsageError, match=r"articles of type 'email'.*--inbox email=ACCOUNT"):
            await inbox.import_archive(Zammad(zammad(tmp_path, [article(1)]), accounts={"sms": "mail"}))
