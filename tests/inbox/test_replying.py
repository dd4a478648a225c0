"""Answering: on the right channel, to the right person, or an error at once; and the rest of an agent's work."""

from __future__ import annotations

import pytest

from omnichannel import Attachment, Text
from omnichannel.errors import Conflict, NotFound, TooLarge, Unsupported, UsageError
from tests.chat import Letter
from tests.inbox.desk import Desk, at


async def test_an_answer_goes_where_the_customer_wrote_last(desk: Desk) -> None:
    message = await desk.heard("hello")
    reply = await desk.inbox.conversations.reply(message.conversation, "hi Anna")
    assert [sending.status for sending in reply.sendings] == ["queued"]
    assert (reply.direction, reply.account, reply.seq) == ("outbound", "chat", 2)
    assert reply.author is not None
    assert reply.author.address == at("anna")
    await desk.inbox.work()
    assert desk.far["chat"].said == [{"to": "anna", "text": "hi Anna"}]
    (sending,) = await desk.sendings(reply)
    assert (sending.status, sending.external_id) == ("sent", "out-1")
    await desk.heard("and here", on="other")
    await desk.inbox.conversations.reply(message.conversation, "hi there")
    await desk.inbox.work()
    assert desk.said("other") == ["hi there"]


async def test_on_names_an_account_or_a_kind_of_which_there_is_one(desk: Desk) -> None:
    message = await desk.heard("hello", who="a@b.example", on="letter")
    await desk.heard("here too", also=["letter::a@b.example"])
    box = desk.inbox.conversations
    await box.reply(message.conversation, "by account", on="other")
    paper = Letter("paper", desk.far["letter"])
    desk.inbox.channels = {
        "chat": desk.inbox.channel("chat"),
        "other": desk.inbox.channel("other"),
        "paper": paper,
    }
    await box.reply(message.conversation, "by kind", on="letter")
    await desk.inbox.work()
    assert desk.far["other"].said == [{"to": "anna", "text": "by account"}]
    assert desk.said("letter") == ["by kind"]


async def test_a_kind_with_several_accounts_is_ambiguous(desk: Desk) -> None:
    """`chat` is also the name of an account, and names win; `on` a kind with two accounts asks which."""
    message = await desk.heard("hello", on="letter")
    desk.inbox.channels = {f"{name}s": channel for name, channel in desk.inbox.channels.items()}
    with pytest.raises(Unsupported, match="name one of them: chat, other"):
        await desk.inbox.conversations.reply(message.conversation, "hi", on="chat")
    with pytest.raises(Unsupported, match="no account or kind called 'fax'"):
        await desk.inbox.conversations.reply(message.conversation, "hi", on="fax")
    with pytest.raises(Unsupported, match="no account or kind called 'letter'|letter"):
        await desk.inbox.conversations.reply(message.conversation, "hi", on="nothing")


async def test_an_answer_never_goes_to_an_address_that_is_not_proven(desk: Desk) -> None:
    """Typed in a chat, or named by the platform: whoever is there was never heard. The cure is a link."""
    message = await desk.heard("my address is a@b.example", also=["letter::a@b.example"])
    before = desk.state()
    with pytest.raises(Unsupported, match=r"continue_on\(…, 'letter'\)"):
        await desk.inbox.conversations.reply(message.conversation, "secret", on="letter")
    assert desk.state() == before


async def test_an_answer_goes_to_a_proven_address_of_the_same_customer(desk: Desk) -> None:
    await desk.heard("by letter", who="a@b.example", on="letter")
    message = await desk.heard("by chat", also=["letter::a@b.example"])
    await desk.inbox.conversations.reply(message.conversation, "on paper", on="letter")
    await desk.inbox.work()
    assert desk.far["letter"].said[0]["to"] == "a@b.example"


async def test_an_answer_follows_answer_to_and_makes_nobody_of_it(desk: Desk) -> None:
    """Reply-To says where to write, and is never who somebody is."""
    message = await desk.heard("please", who="a@b.example", on="letter", answer_to="list@b.example")
    await desk.inbox.conversations.reply(message.conversation, "done")
    await desk.inbox.work()
    assert desk.far["letter"].said[0]["to"] == "list@b.example"
    assert len(await desk.customers()) == 1


async def test_a_letter_carries_subject_thread_and_mark(desk: Desk) -> None:
    first = await desk.heard("hi", who="a@b.example", on="letter", subject="Order 7", references=["<r0>"])
    await desk.inbox.conversations.reply(first.conversation, "one")
    await desk.inbox.conversations.reply(first.conversation, "two", subject="New subject")
    await desk.inbox.work()
    one, two = desk.far["letter"].said
    assert (one["subject"], two["subject"]) == ("Order 7", "New subject")
    assert one["reply_to"] == first.external_id
    assert one["references"] == ["<r0>", first.external_id]
    assert one["mark"].startswith("ocm")


@pytest.mark.parametrize(
    ("asked", "answered"), [(False, None), (True, None), (True, True), (True, False), (False, True)]
)
async def test_public_answers_to_public_private_to_private(
    desk: Desk, asked: bool, answered: bool | None
) -> None:
    """Unless it is said otherwise; a private answer to a public post starts no thread under it."""
    message = await desk.heard("hello", public=asked)
    reply = await desk.inbox.conversations.reply(message.conversation, "hi", public=answered)
    assert reply.public is (asked if answered is None else answered)
    assert reply.reply_to == (message.external_id if reply.public else "")


async def test_in_a_chat_an_answer_points_only_where_it_must(desk: Desk) -> None:
    """It follows what it answers; where something else was said since, it says what it is about."""

    @desk.inbox.on_message
    async def answer(incoming) -> None:
        await incoming.reply(f"re {incoming.message.text}")

    from tests.chat import delivery

    for text in ("one", "two"):
        await desk.inbox.receive("chat", delivery({"id": text, "from": "anna", "text": text}))
    await desk.inbox.work()
    replies = {m.text: m.reply_to for m in await desk.everything() if m.direction == "outbound"}
    assert replies == {"re one": "one", "re two": ""}


async def test_what_cannot_be_said_is_an_error_at_once_and_queues_nothing(desk: Desk) -> None:
    message = await desk.heard("hello")
    before = desk.state()
    box = desk.inbox.conversations
    for said, error in (
        ("x" * 101, TooLarge),
        (Attachment(content=b"x", media_type="image/png"), Unsupported),
        ([Text(text="see"), Attachment(content=b"x")], Unsupported),
        ("", UsageError),
        (" \n\t", UsageError),
        ([], UsageError),
        ([Text(text="")], UsageError),
    ):
        with pytest.raises(error):
            await box.reply(message.conversation, said)
    with pytest.raises(NotFound, match="'nobody'"):
        await box.reply(message.conversation, "hi", agent="nobody")
    assert desk.state() == before


async def test_an_attachment_is_measured(desk: Desk) -> None:
    from hashlib import sha256

    from omnichannel.inbox.composing import parts_of

    (part,) = parts_of(Attachment(content=b"abc"))
    assert isinstance(part, Attachment)
    assert (part.size, part.sha256) == (3, sha256(b"abc").hexdigest())
    (linked,) = parts_of([Attachment(url="https://x/y", size=9)])
    assert linked == Attachment(url="https://x/y", size=9)


async def test_nobody_wrote_yet_so_say_where(desk: Desk) -> None:
    """In a conversation of our own words alone there is no last channel, nor a customer to send a link to."""
    await desk.hear({"id": "o1", "to": "anna", "text": "we begin"})
    (conversation,) = await desk.conversations()
    with pytest.raises(Unsupported, match="on="):
        await desk.inbox.conversations.reply(conversation.id, "hi")
    with pytest.raises(Conflict, match="nobody wrote"):
        await desk.inbox.conversations.continue_on(conversation.id, "other")
    reply = await desk.inbox.conversations.reply(conversation.id, "hi", on="chat")
    await desk.inbox.work()
    assert desk.far["chat"].said == [{"to": "anna", "text": "hi"}]
    assert reply.because == "written on chat"


async def test_the_reply_knows_who_said_it(desk: Desk) -> None:
    await desk.inbox.add_agent("zoe", email="zoe@shop.example")
    message = await desk.heard("hello")
    reply = await desk.inbox.conversations.reply(message.conversation, "hi", agent="zoe")
    assert reply.agent == "zoe"
    (queued,) = await desk.happened("message.queued")
    assert (queued.actor, queued.message) == ("zoe", reply.id)


async def test_a_note_never_leaves(desk: Desk) -> None:
    message = await desk.heard("hello")
    note = await desk.inbox.conversations.note(message.conversation, "she is angry")
    assert (note.direction, note.author, note.sendings) == ("internal", None, ())
    await desk.inbox.work()
    assert [far.said for far in desk.far.values()] == [[], [], []]
    assert desk.state()["calls"] == []
    with pytest.raises(UsageError):
        await desk.inbox.conversations.note(message.conversation, "  ")
    with pytest.raises(NotFound, match="'nobody'"):
        await desk.inbox.conversations.note(message.conversation, "hi", agent="nobody")
    timeline = await desk.inbox.customers.timeline((await desk.customer("anna")).id)
    assert [entry.text for entry in timeline] == ["hello", "she is angry"]


async def test_assigning_closing_and_reopening_are_on_record(desk: Desk) -> None:
    await desk.inbox.add_agent("zoe")
    message = await desk.heard("hello")
    box, number = desk.inbox.conversations, message.conversation
    assert (await box.get(number)).assignee == ""
    assert (await box.assign(number, "zoe", actor="boss")).assignee == "zoe"
    assert [c.id for c in await box.open(assignee="zoe")] == [number]
    assert await box.open(assignee="") == []
    assert (await box.assign(number, "")).assignee == ""
    assert (await box.close(number, actor="zoe")).status == "closed"
    assert (await box.close(number)).status == "closed"
    assert await box.open() == []
    assert [c.id for c in await box.closed()] == [number]
    assert (await box.reopen(number)).status == "open"
    with pytest.raises(NotFound, match="'nobody'"):
        await box.assign(number, "nobody")
    events = [(e.what.partition(".")[2], e.actor) for e in await desk.happened() if e.what.startswith("conv")]
    assert events == [
        ("opened", ""), ("assigned", "boss"), ("unassigned", ""), ("closed", "zoe"), ("reopened", ""),
    ]  # fmt: skip
    await desk.heard("again")
    assert (await box.get(number)).messages == 2


async def test_a_new_message_reopens_for_some_days(desk: Desk) -> None:
    message = await desk.heard("one")
    box = desk.inbox.conversations
    await box.close(message.conversation)
    desk.clock.advance(days=2)
    again = await desk.heard("two")
    assert again.conversation == message.conversation
    assert (await box.get(message.conversation)).status == "open"
    await box.close(message.conversation)
    desk.clock.advance(days=4)
    later = await desk.heard("three")
    assert later.conversation != message.conversation
    assert (await box.get(message.conversation)).status == "closed"
    await desk.heard("four")
    assert (await desk.named("chat-anna-four"))[0].conversation == later.conversation


async def test_conversations_wait_in_line(desk: Desk) -> None:
    """The one that waited longest comes first, and no more than was asked for."""
    for who in ("anna", "ben", "cid"):
        await desk.heard("hi", who=who)
        desk.clock.advance(minutes=1)
    await desk.heard("again", who="anna")
    names = [
        (await desk.inbox.customers.get(c.customer)).addresses[0].address.value
        for c in await desk.conversations()
    ]
    assert names == ["ben", "cid", "anna"]
    assert len(await desk.inbox.conversations.open(most=2)) == 2


async def test_a_timeline_runs_over_all_channels(desk: Desk) -> None:
    """One customer, one history: in order of arrival, whatever the channel and conversation."""
    await desk.heard("letter", who="a@b.example", on="letter")
    desk.clock.advance(days=10)
    message = await desk.heard("chat", also=["letter::a@b.example"])
    desk.clock.advance(minutes=1)
    await desk.inbox.conversations.reply(message.conversation, "answer")
    await desk.inbox.conversations.note(message.conversation, "note")
    await desk.heard("stranger", who="ben")
    customer = await desk.customer("anna")
    timeline = await desk.inbox.customers.timeline(customer.id)
    assert [(m.kind, m.text) for m in timeline] == [
        ("letter", "letter"), ("chat", "chat"), ("chat", "answer"), ("", "note"),
    ]  # fmt: skip
    assert len({m.conversation for m in timeline}) == 2


async def test_messages_gives_the_last_ones_in_order(desk: Desk) -> None:
    for number in range(5):
        message = await desk.heard(str(number))
    box = desk.inbox.conversations
    assert [m.text for m in await box.messages(message.conversation, most=2)] == ["3", "4"]
    assert await box.message(message.id) == message


async def test_agents_are_people_or_bots(desk: Desk) -> None:
    from omnichannel.errors import ConfigError

    await desk.inbox.add_agent("zoe", email="z@shop.example")
    await desk.inbox.add_agent("robo", role="bot")
    assert [(agent.name, agent.role) for agent in await desk.inbox.agents()] == [
        ("robo", "bot"),
        ("zoe", "person"),
    ]
    with pytest.raises(ConfigError, match="'person' or 'bot'"):
        await desk.inbox.add_agent("x", role="cat")
    with pytest.raises(UsageError, match="name"):
        await desk.inbox.add_agent(" ")


async def test_events_are_followed_from_where_one_stopped(desk: Desk) -> None:
    await desk.heard("one")
    first = await desk.inbox.events()
    assert [event.what for event in first] == ["conversation.opened", "message.received"]
    assert await desk.inbox.events(first[-1].id) == []
    message = await desk.heard("two")
    (event,) = await desk.inbox.events(first[-1].id)
    assert (event.what, event.message) == ("message.received", message.id)
    assert len(await desk.inbox.events(most=1)) == 1
    with pytest.raises(NotFound):
        await desk.inbox.events("nonsense")


async def test_an_answer_goes_to_the_customer_and_not_to_the_machine_that_spoke_last(desk: Desk) -> None:
    """A bounce belongs to the conversation, and nobody wants to be answered by whoever reports it."""
    message = await desk.heard("please", who="a@b.example", on="letter")
    await desk.inbox.conversations.reply(message.conversation, "first")
    await desk.inbox.work()
    row = await desk.inbox.run_job(lambda tx: tx.one("SELECT correlator FROM calls"))
    assert row is not None
    bounce = await desk.heard(
        'undeliverable, "automatic":true',
        who="daemon@mx.example",
        on="letter",
        automatic="bounce",
        reply_to=row[0],
    )
    assert bounce.conversation == message.conversation
    await desk.inbox.conversations.reply(message.conversation, "second")
    await desk.inbox.work()
    assert [said["to"] for said in desk.far["letter"].said] == ["a@b.example", "a@b.example"]


async def test_where_only_a_machine_spoke_it_is_answered(desk: Desk) -> None:
    """A person may decide to; a program may not."""
    message = await desk.heard("your order", who="noreply@b.example", on="letter", automatic="auto_generated")
    await desk.inbox.conversations.reply(message.conversation, "is anybody there?")
    await desk.inbox.work()
    assert desk.far["letter"].said[0]["to"] == "noreply@b.example"


async def test_a_link_that_proves_who_somebody_is_never_goes_out_in_public(desk: Desk) -> None:
    """Anybody could follow it, and would be the same customer."""
    message = await desk.heard("hello", public=True)
    link = await desk.inbox.conversations.continue_on(message.conversation, "letter")
    with pytest.raises(Unsupported, match="public=False"):
        await desk.inbox.conversations.reply(message.conversation, f"go on here: {link}")
    await desk.inbox.conversations.reply(message.conversation, f"go on here: {link}", public=False)
    await desk.inbox.work()
    assert desk.said() == [f"go on here: {link}"]


@pytest.mark.parametrize("strength", ["verified", "asserted"])
async def test_a_forged_sender_diverts_no_conversation(desk: Desk, strength: str) -> None:
    """Who saw our letter has its mark, can write her address as theirs, and asks to be answered elsewhere."""
    message = await desk.heard("secret matter", who="her@b.example", on="letter", strength=strength)
    await desk.inbox.conversations.reply(message.conversation, "first")
    await desk.inbox.work()
    mark = desk.far["letter"].said[0]["mark"]
    forged = await desk.heard(
        f"tell me {mark}", who="her@b.example", on="letter", strength="asserted", answer_to="eve@x.example"
    )
    assert forged.conversation == message.conversation
    await desk.inbox.conversations.reply(message.conversation, "second")
    await desk.inbox.work()
    assert [said["to"] for said in desk.far["letter"].said] == ["her@b.example", "her@b.example"]


async def test_an_unproven_sender_may_ask_for_it_from_the_beginning(desk: Desk) -> None:
    """A contact form writes for somebody; what she goes on to say asks for the same."""
    more = {"who": "form@shop.example", "on": "letter", "strength": "asserted", "answer_to": "her@b.example"}
    first = await desk.heard("by the form", **more)
    await desk.heard("and again", reply_to=first.external_id, **more)
    await desk.inbox.conversations.reply(first.conversation, "hello")
    await desk.inbox.work()
    assert [said["to"] for said in desk.far["letter"].said] == ["her@b.example"]
