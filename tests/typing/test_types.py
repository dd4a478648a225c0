"""Type tests: never run, only checked by mypy and pyright. What is wrong must be flagged, or the check fails."""

from __future__ import annotations

from typing import assert_never, assert_type

from omnichannel import (
    Ack,
    Address,
    Agent,
    Attachment,
    Capabilities,
    Channel,
    Claim,
    Conversation,
    Customer,
    Delivery,
    Direction,
    Inbox,
    Incoming,
    Message,
    Part,
    Party,
    Receipt,
    Rules,
    Strength,
    Suggestion,
    Text,
)
from omnichannel.channel import Batch, Call, Finding, Response, Sender, Source
from omnichannel.model import (
    Deferred,
    Delivered,
    Event,
    Happening,
    Ignored,
    Parked,
    Received,
    Refused,
    Sent,
    Unknown,
    Unreadable,
    Updated,
)
from omnichannel.toolbox import Json, load_json, need, obj, split, trouble


async def an_inbox(inbox: Inbox, delivery: Delivery) -> None:
    async with inbox as entered:
        assert_type(entered, Inbox)
    assert_type(await inbox.receive("page", delivery), Ack)
    assert_type(await inbox.work(), int)
    assert_type(await inbox.run(), None)
    assert_type(await inbox.parked(), list[Parked])
    assert_type(await inbox.events(most=5), list[Happening])
    assert_type(await inbox.raw("id"), Delivery)
    assert_type(await inbox.add_agent("zoe", role="bot"), Agent)
    assert_type(inbox.channel("page"), Channel)
    await inbox.receive(delivery)  # type: ignore[call-arg, arg-type]
    await inbox.events(most="5")  # type: ignore[arg-type]
    await inbox.add_agent(7)  # type: ignore[arg-type]
    Inbox("sqlite:///a.db", ["page"])  # type: ignore[list-item]
    Inbox("sqlite:///a.db", [], "shop")  # type: ignore[call-arg]
    Inbox("sqlite:///a.db", rules=Rules(at_once="many"))  # type: ignore[arg-type]


async def conversations(inbox: Inbox) -> None:
    box = inbox.conversations
    assert_type(await box.get("id"), Conversation)
    assert_type(await box.open(assignee="zoe"), list[Conversation])
    assert_type(await box.messages("id"), list[Message])
    assert_type(await box.reply("id", "words", on="page", public=False), Message)
    assert_type(await box.reply("id", Attachment(url="https://x/")), Message)
    assert_type(await box.reply("id", [Text(text="see"), Attachment(url="https://x/")]), Message)
    assert_type(await box.note("id", "words"), Message)
    assert_type(await box.assign("id", "zoe"), Conversation)
    assert_type(await box.continue_on("id", "page"), str)
    assert_type(await box.move("id", "id"), Message)
    assert_type(await box.split("id"), Conversation)
    await box.reply("id")  # type: ignore[call-arg]
    await box.reply("id", b"bytes")  # type: ignore[arg-type]
    await box.reply("id", "words", "zoe")  # type: ignore[call-arg]
    await box.reply("id", ["words"])  # type: ignore[list-item]


async def customers(inbox: Inbox, address: Address) -> None:
    box = inbox.customers
    assert_type(await box.get("id"), Customer)
    assert_type(await box.find(address), Customer | None)
    assert_type(await box.timeline("id"), list[Message])
    await box.find("email::a@b.nl")  # type: ignore[arg-type]
    len((await box.find(address)).name)  # type: ignore[union-attr]


async def identity(inbox: Inbox, address: Address) -> None:
    box = inbox.identity
    assert_type(await box.claims("id"), list[Claim])
    assert_type(await box.suggestions(), list[Suggestion])
    assert_type(await box.merge(address, address, actor="zoe"), Customer)
    assert_type(await box.unmerge(address, address, actor="zoe"), list[str])
    await box.merge(address, address)  # type: ignore[call-arg]


def handlers(inbox: Inbox) -> None:
    @inbox.on_message
    async def good(incoming: Incoming) -> None:
        assert_type(incoming.message, Message)
        assert_type(incoming.message.text, str)
        assert_type(incoming.conversation, Conversation)
        assert_type(incoming.customer, Customer)
        assert_type(await incoming.reply("words"), None)
        assert_type(await incoming.continue_on("page"), str)

    @inbox.on_message  # type: ignore[arg-type]
    def not_async(incoming: Incoming) -> None: ...

    @inbox.on_message  # type: ignore[arg-type]
    async def of_something_else(incoming: str) -> None: ...


def without_await(inbox: Inbox) -> None:
    with inbox.sync() as box:
        assert_type(box.conversations.open(), list[Conversation])
        assert_type(box.conversations.reply("id", "words"), Message)
        assert_type(box.customers.find(Address.of("a::b")), Customer | None)
        assert_type(box.wait_for(inbox.work()), int)
        box.conversations.reply("id")  # type: ignore[call-arg]


def values(message: Message, part: Part) -> None:
    assert_type(message.direction, Direction)
    assert_type(message.author, Party | None)
    assert_type(message.sendings, tuple[Delivered, ...])
    assert_type(message.strength, Strength | None)
    assert_type(Address.of("a::b"), Address)
    message.subject = "new"  # type: ignore[misc]
    Address(kind="a")  # type: ignore[call-arg]
    if part.type == "text":
        assert_type(part, Text)
    elif part.type == "attachment":
        assert_type(part.content, bytes | None)


def every_event(event: Event) -> str:
    """The union is closed: a match over its four members is complete."""
    match event:
        case Received():
            return event.text
        case Updated():
            return event.kind
        case Ignored() | Unreadable():
            return event.reason
        case _:
            assert_never(event)


def every_receipt(receipt: Receipt) -> str:
    match receipt:
        case Sent():
            return receipt.external_id
        case Refused():
            return receipt.code
        case Deferred():
            return str(receipt.after)
        case Unknown():
            return receipt.detail
        case _:
            assert_never(receipt)


def a_receipt_forgotten(receipt: Receipt) -> str:
    match receipt:
        case Sent() | Refused() | Deferred():
            return receipt.detail
        case _:
            assert_never(receipt)  # type: ignore[arg-type]


class Wire:
    """What a channel author writes for a wire that is not HTTP."""

    name = "INBOX"

    async def fetch(self, cursor: str) -> Batch:
        return Batch(cursor=cursor)

    async def wait(self, seconds: float) -> None: ...

    async def send(self, call: Call) -> Response:
        return Response(status=200)

    async def close(self) -> None: ...


def protocols(channel: Channel, wire: Wire) -> None:
    source: Source = wire
    sender: Sender = wire
    assert_type(source.name, str)
    print(sender)
    wrong: Sender = channel  # type: ignore[assignment]
    print(wrong)
    assert_type(channel.can, Capabilities)
    assert_type(channel.sender(), Sender | None)


async def a_check(channel: Channel) -> None:
    for finding in await channel.check():
        assert_type(finding, Finding)


def toolbox(body: bytes, response: Response) -> None:
    value = load_json(body)
    assert_type(need(value, "id"), str)
    assert_type(obj(value, "entry"), dict[str, Json])
    assert_type(split("text", 5, len), tuple[str, ...])
    assert_type(trouble(response), Receipt | None)
