"""Chatwoot's pages: whose each message is, on which account, how conversations stood, and once."""

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
from omnichannel.channels.webchat import WebChat
from omnichannel.desk import Plan
from omnichannel.errors import NotFound, UsageError
from omnichannel.imports import Chatwoot, Mbox
from omnichannel.model import Address, Attachment, Direction, Purpose, Strength
from tests.engines import HandClock, dump
from tests.imports.desks import ANNA, INBOX, chatwoot, conversation, message, page
from tests.imports.letters import boxed, letter

PHONE = Address(kind="phone", value="+31612345678")


@pytest.fixture
def make(url: str, clock: HandClock) -> Callable[..., Inbox]:
    def opened(**more: Any) -> Inbox:
        channels = [
            Email("mail", address="support@shop.example"),
            WebChat("site", secret="s" * 40, origins=["https://shop.example"]),
        ]
        return Inbox(url, channels, clock=clock, **more)

    return opened


async def told(inbox: Inbox) -> list[Message]:
    (one,) = await inbox.conversations.closed()
    return await inbox.conversations.messages(one.id)


def everything(tmp_path: Path) -> Path:
    return chatwoot(
        tmp_path,
        [
            message(1, content="Where is it?"),
            message(2, 1, content="She is cross", private=True),
            message(3, 2, content="Zoe self-assigned this conversation", sender=None),
            message(4, 1, content="On its way", content_attributes={"in_reply_to": 1}),
            message(5, 3, content="Please rate us", sender=None),
        ],
    )


async def test_a_conversation_comes_with_both_sides_notes_and_authors(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    async with make() as inbox:
        done = await inbox.import_archive(Chatwoot(everything(tmp_path), account="mail"))
        assert (done.found, done.written, done.passed_over, done.unreadable) == (5, 4, 1, 0)
        said = await told(inbox)
        assert [(one.direction, one.agent, one.text) for one in said] == [
            (Direction.INBOUND, "", "Where is it?"),
            (Direction.INTERNAL, "Zoe", "She is cross"),
            (Direction.OUTBOUND, "Zoe", "On its way"),
            (Direction.OUTBOUND, "", "Please rate us"),
        ]
        assert said[1].author is None
        assert said[3].automatic == "auto_generated"
        assert said[0].external_id == "<1@home.example>"
        assert said[0].subject == "Order"
        raw = json.loads((await inbox.raw(said[0].id)).body)
        assert raw["message"]["content"] == "Where is it?"


async def test_twice_is_once_and_what_is_new_since_is_brought(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    async with make() as inbox:
        await inbox.import_archive(Chatwoot(everything(tmp_path), account="mail"))
        before = await whole(inbox)
        again = await inbox.import_archive(Chatwoot(tmp_path, account="mail"))
        assert (again.written, again.found) == (0, 5)
        assert await whole(inbox) == before
        (tmp_path / "messages-2.json").write_text(json.dumps(page([message(6, content="Thanks")])))
        assert (await inbox.import_archive(Chatwoot(tmp_path, account="mail"))).written == 1
        assert (await told(inbox))[-1].text == "Thanks"


@pytest.mark.parametrize("vouch", [True, False])
async def test_what_is_erased_is_gone_from_the_export_too(
    make: Callable[..., Inbox], tmp_path: Path, vouch: bool
) -> None:
    """Her words, ours to her, the notes about her, and what Chatwoot noted: each had her addresses beside it."""
    async with make() as inbox:
        box = everything(tmp_path)
        await inbox.import_archive(Chatwoot(box, account="mail", vouch=vouch))
        said = await told(inbox)
        assert said[0].author is not None
        customer = await inbox.customers.find(said[0].author.address)
        assert customer is not None
        await inbox.identity.erase(customer.id, actor="zoe")
        assert await _everywhere(inbox, "anna@home.example") == []
        assert await _everywhere(inbox, "Where is it?") == []
        assert (await inbox.import_archive(Chatwoot(box, account="mail", vouch=vouch))).written == 0
        assert await _everywhere(inbox, "Where is it?") == []


async def _everywhere(inbox: Inbox, words: str) -> list[str]:
    """The tables in which these words stand, raw deliveries among them."""
    found = dump(inbox.open())
    return [table for table, rows in found.items() if words in repr(rows)]


async def test_a_contact_is_asserted_and_nobody_is_merged_by_it(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    """Its other addresses are suggestions with their reason, until somebody vouches."""
    async with make() as inbox:
        await inbox.import_archive(Chatwoot(everything(tmp_path), account="mail"))
        said = await told(inbox)
        assert said[0].strength is Strength.ASSERTED
        assert said[0].author is not None
        customer = await inbox.customers.find(said[0].author.address)
        assert customer is not None
        assert customer.name == "Anna"
        assert len(customer.addresses) == 1
        claims = await inbox.identity.claims(customer.id)
        assert [one.other for one in claims if one.other] == [PHONE]
        assert {one.strength for one in claims} == {Strength.ASSERTED}
        assisting = await inbox.customers.get(customer.id, purpose=Purpose.ASSIST)
        assert {one.address.kind for one in assisting.addresses if one.unproven} >= {"phone"}


async def test_an_inbox_goes_to_the_account_that_is_named_for_it(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    """And people are reached there by what the channel calls them."""
    chat = message(7, content="Hi", inbox_id=6, conversation_id=2, source_id=None)
    box = chatwoot(tmp_path, [message(1), chat], conversation(), conversation(2, 6))
    async with make() as inbox:
        await inbox.import_archive(Chatwoot(box, accounts={"Support": "mail", "Website": "site"}, vouch=True))
        found = {
            one.account: one.author.address
            for talk in await inbox.conversations.closed()
            for one in await inbox.conversations.messages(talk.id)
            if one.author
        }
    assert found == {
        "mail": Address(kind="email", value="anna@home.example"),
        "site": Address(kind="webchat", scope="site", value="w-1"),
    }


async def test_a_mail_is_told_from_what_it_quotes(make: Callable[..., Inbox], tmp_path: Path) -> None:
    said = "Thanks!\n\nOn Mon, Mar 2, 2026 at 9:00 AM Zoe <zoe@shop.example> wrote:\n> On its way\n"
    mail = message(1, content=said, content_type="incoming_email")
    async with make() as inbox:
        await inbox.import_archive(Chatwoot(chatwoot(tmp_path, [mail]), account="mail"))
        (only,) = await told(inbox)
    assert only.text.strip() == "Thanks!"
    assert "On its way" in only.quoted


async def test_an_inbox_without_an_account_is_named(make: Callable[..., Inbox], tmp_path: Path) -> None:
    async with make() as inbox:
        with pytest.raises(
            UsageError, match=r"inbox 'Support' belongs to no account.*--inbox Support=ACCOUNT"
        ):
            await inbox.import_archive(Chatwoot(everything(tmp_path), accounts={"Website": "site"}))


async def test_mail_goes_to_an_account_of_mail_alone(make: Callable[..., Inbox], tmp_path: Path) -> None:
    async with make() as inbox:
        with pytest.raises(UsageError, match="site is an account of the kind webchat"):
            await inbox.import_archive(Mbox(boxed([letter("1")], tmp_path / "a"), account="site"))


async def test_how_a_conversation_stood_is_kept(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """Open stays open, with whoever has it where they are known here; no clock runs on what was said before."""
    box = chatwoot(tmp_path, [message(1)], conversation(status="open"))
    async with make(desk=Plan()) as inbox:
        await inbox.add_agent("Zoe Jansen", email="zoe@shop.example")
        await inbox.import_archive(Chatwoot(box, account="mail"))
        await inbox.work()
        (talk,) = await inbox.conversations.open()
        assert talk.assignee == "Zoe Jansen"
        case = await inbox.desk.case(talk.id)
        assert (case.tags, case.priority, case.asked_at, case.clocks) == (("order", "late"), "high", None, ())
        (decision,) = await inbox.desk.decisions(talk.id)
        assert decision.because == ("it came with the conversation out of another desk",)
        await inbox.conversations.close(talk.id)
        await inbox.import_archive(Chatwoot(chatwoot(tmp_path, [message(2)]), account="mail"))
        assert await inbox.conversations.open() == []


async def test_files_are_named_and_brought_where_the_export_holds_them(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    files = [
        {"id": 1, "message_id": 1, "file_type": "image", "account_id": 1, "data_url": "https://desk.example/x/a%20b.png",
         "file_size": 4},
        {"id": 2, "message_id": 1, "file_type": "file", "account_id": 1, "data_url": "https://desk.example/x/c.pdf",
         "data": base64.b64encode(b"%PDF").decode()},
        {"id": 3, "file_type": "location", "coordinates_lat": 52.1, "coordinates_long": 5.1, "fallback_title": "Here"},
    ]  # fmt: skip
    async with make() as inbox:
        await inbox.import_archive(
            Chatwoot(chatwoot(tmp_path, [message(1, attachments=files)]), account="mail")
        )
        (said,) = await told(inbox)
        _, picture, paper, place = said.parts
        assert isinstance(picture, Attachment)
        assert isinstance(paper, Attachment)
        assert (picture.name, picture.media_type, picture.size) == ("a b.png", "image/*", 4)
        assert place.type == "location"
        assert await inbox.attachment(said.id, paper) == b"%PDF"
        with pytest.raises(NotFound, match="lies at https://desk.example"):
            await inbox.attachment(said.id, picture)


async def test_what_is_wrong_in_one_file_harms_no_other(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """Lines of their own, too; and what says nothing that is known is passed over."""
    box = chatwoot(tmp_path, [message(1)], broken={"payload": [1, None, "x", {"id": 1}]})
    (box / "cut.json").write_text('{"payload": [')
    lines = [json.dumps(message(2)), "{", json.dumps(message(3))]
    (box / "more.jsonl").write_text("\n".join(lines))
    async with make() as inbox:
        done = await inbox.import_archive(Chatwoot(box, account="mail"))
        assert done.written == 3
        assert [one.where for one in done.troubles] == ["chatwoot:cut.json:1", "chatwoot:more.jsonl:2"]


def test_reading_goes_on_behind_a_cursor(tmp_path: Path) -> None:
    """Over files and folders whose names sort oddly, lines, and what cannot be read."""
    box = chatwoot(tmp_path, [message(1), message(2)])
    for number, name in enumerate(("a/b.json", "a.json", "a-1.json", "A.json"), 3):
        (box / name).parent.mkdir(exist_ok=True)
        (box / name).write_text(json.dumps(page([message(10 * number), message(10 * number + 1)])))
    (box / "a.jsonl").write_text("\n".join([json.dumps(message(3)), "{", "[", json.dumps(message(4)), "{"]))
    items = list(Chatwoot(box, account="mail").items(""))
    urls = [item.delivery.url for item in items if item.delivery]
    assert len(urls) == len(items) == len(set(urls)) == 15
    for place, item in enumerate(items):
        rest = Chatwoot(box, account="mail").items(item.cursor)
        assert [one.delivery.url for one in rest if one.delivery] == urls[place + 1 :]


@pytest.mark.parametrize(
    "odd",
    [
        {"created_at": "never"},
        {"created_at": 10**30},
        {"content": None},
        {"sender": None},
        {"sender": {"id": 9, "name": None, "email": "not an address", "phone_number": "x"}},
        {"conversation_id": 404},
        {"content_attributes": {"deleted": True}},
        {"attachments": [{"file_type": "location", "coordinates_lat": 1000}]},
        {"message_type": "incoming"},
        {"source_id": "x" * 5000},
        {"attachments": "x"},
    ],
)
async def test_whatever_stands_in_a_message_is_told_or_brought(
    clock: HandClock, tmp_path: Path, odd: dict[str, Any]
) -> None:
    async with Inbox(
        "sqlite:///:memory:", [Email("mail", address="support@shop.example")], clock=clock
    ) as inbox:
        done = await inbox.import_archive(Chatwoot(chatwoot(tmp_path, [message(1) | odd]), account="mail"))
        assert done.found == done.written + done.unreadable == 1


def test_a_folder_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no .json"):
        list(Chatwoot(tmp_path, account="mail").items(""))
    (tmp_path / "inboxes.json").write_text(json.dumps({"payload": [INBOX, ANNA]}))
    with pytest.raises(UsageError, match="no messages of chatwoot"):
        list(Chatwoot(tmp_path, account="mail").items(""))
