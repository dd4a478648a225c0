"""Going on elsewhere: a one-time token proves both ends; whatever is no working token attaches nothing."""

from __future__ import annotations

import pytest

from omnichannel.errors import NotFound, Unsupported
from tests.inbox.desk import Desk


async def link(desk: Desk, conversation: str, account: str = "letter") -> str:
    """The token in a fresh link."""
    return (await desk.inbox.conversations.continue_on(conversation, account)).partition("ref=")[2]


async def test_whoever_brings_the_token_goes_on_and_is_one_customer(desk: Desk) -> None:
    """The same conversation, with its history; both addresses verified as one customer's."""
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation)
    letter = await desk.heard(f"here I am {token}", who="a@b.example", on="letter", id="l1")
    assert letter.conversation == chat.conversation
    assert "token" in letter.because
    (customer,) = await desk.customers()
    assert {str(reached.address) for reached in customer.addresses} == {"chat::anna", "letter::a@b.example"}
    assert {reached.strength for reached in customer.addresses} == {"verified"}
    assert [m.text.partition(" oct")[0] for m in await desk.inbox.customers.timeline(customer.id)] == [
        "question", "here I am",
    ]  # fmt: skip
    await desk.inbox.conversations.reply(chat.conversation, "welcome", on="letter")
    await desk.inbox.work()
    assert desk.far["letter"].said[0]["to"] == "a@b.example"
    (issued,) = await desk.happened("conversation.link_issued")
    (continued,) = await desk.happened("conversation.continued")
    assert issued.conversation == continued.conversation == chat.conversation
    assert token not in str(desk.state("deliveries", "messages")), "only a digest of it is kept"


async def nothing_came_of_it(desk: Desk, chat: object, said: object) -> None:
    """No conversation shared, nobody merged, nothing told to whoever tried."""
    assert said.conversation != chat.conversation
    assert len(await desk.customers()) == 2
    assert "token" not in said.because
    assert desk.said() == desk.said("other") == desk.said("letter") == []


@pytest.mark.parametrize("spoiled", ["used", "expired", "wrong account", "made up", "changed"])
async def test_what_is_no_working_token_attaches_nothing(desk: Desk, spoiled: str) -> None:
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation, "other" if spoiled == "wrong account" else "letter")
    if spoiled == "used":
        await desk.heard(f"first {token}", who="first@b.example", on="letter")
        thief = await desk.heard(f"mine too {token}", who="thief@b.example", on="letter")
        assert thief.conversation != chat.conversation
        thiefs = await desk.customer("thief@b.example", "letter")
        assert [str(reached.address) for reached in thiefs.addresses] == ["letter::thief@b.example"]
        return
    if spoiled == "expired":
        desk.clock.advance(days=3)
    if spoiled == "made up":
        token = "oct" + "a" * 26
    if spoiled == "changed":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    said = await desk.heard(f"hi {token}", who="a@b.example", on="letter")
    await nothing_came_of_it(desk, chat, said)
    assert await desk.happened("conversation.continued") == []


async def test_a_token_works_until_its_last_moment_in_any_spelling(desk: Desk) -> None:
    """Mail systems fold case; three days are three days."""
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation)
    desk.clock.advance(days=3, microseconds=-1)
    letter = await desk.heard(f"<{token.upper()}>", who="a@b.example", on="letter")
    assert letter.conversation == chat.conversation


async def test_a_token_is_no_use_where_it_was_given(desk: Desk) -> None:
    """She sends it back on the channel where she got it: it was made for another account and still is."""
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation)
    await desk.heard(f"what is {token}?")
    letter = await desk.heard(token, who="a@b.example", on="letter")
    assert letter.conversation == chat.conversation


async def test_a_link_that_we_send_ourselves_brings_nobody_back(desk: Desk) -> None:
    """Somebody of ours sends it in the platform's own app: it proves nothing of whoever gets it, and still works."""
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation, "other")
    await desk.hear({"id": "echo", "from": "us", "to": "carl", "text": f"go on here: {token}"}, on="other")
    assert len(await desk.customers()) == 2
    assert not await desk.happened("conversation.continued")
    await desk.heard(f"here I am {token}", who="carl", on="other")
    assert len(await desk.customers()) == 1


async def test_a_token_with_an_unproven_sender_merges_nobody(desk: Desk) -> None:
    """Anybody can write any From: the conversation goes on, but who is named there is not made her customer."""
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation)
    letter = await desk.heard(f"hi {token}", who="victim@b.example", on="letter", strength="asserted")
    assert letter.conversation == chat.conversation
    assert len(await desk.customers()) == 2
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert suggestion.because


async def test_a_token_in_public_carries_nothing_private_there(desk: Desk) -> None:
    chat = await desk.heard("private question")
    token = await link(desk, chat.conversation, "other")
    await desk.inbox.conversations.close(chat.conversation)
    post = await desk.heard(f"look {token}", who="annas_public_name", on="other", public=True)
    assert post.conversation != chat.conversation
    assert "public" in post.because
    later = await desk.heard(f"try {token}", who="eve", on="other")
    assert later.conversation != chat.conversation, "and it is used up"


async def test_a_token_reopens_what_was_closed(desk: Desk) -> None:
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation)
    await desk.inbox.conversations.close(chat.conversation)
    await desk.heard(token, who="a@b.example", on="letter")
    assert (await desk.inbox.conversations.get(chat.conversation)).status == "open"


async def test_a_token_beats_an_open_conversation_elsewhere_but_not_in_its_own_thread(desk: Desk) -> None:
    """What is being talked about in that very chat is not torn away; the token is used up all the same."""
    chat = await desk.heard("question")
    open_there = await desk.heard("other question", who="anna2", on="other")
    token = await link(desk, chat.conversation, "other")
    again = await desk.heard(f"see {token}", who="anna2", on="other")
    assert again.conversation == open_there.conversation
    assert len(await desk.customers()) == 1


async def test_a_link_that_was_followed_without_a_word(desk: Desk) -> None:
    """The platform says that somebody came by our link: the next message goes on in that conversation."""
    chat = await desk.heard("question")
    token = await link(desk, chat.conversation, "other")
    referral = {"id": "ref1", "kind": "referral", "from": "anna2", "thread": "anna2", "ref": token}
    await desk.hear(referral, on="other")
    assert len(await desk.customers()) == 1
    message = await desk.heard("here", who="anna2", on="other")
    assert message.conversation == chat.conversation
    await desk.hear(referral | {"id": "ref2", "from": "eve", "thread": "eve"}, on="other")
    assert len(await desk.customers()) == 2
    assert (await desk.heard("me too", who="eve", on="other")).conversation != chat.conversation


async def test_where_no_token_can_go_nothing_is_issued(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await desk.heard("question")
    before = desk.state()
    with pytest.raises(NotFound):
        await desk.inbox.conversations.continue_on(chat.conversation, "fax")
    from omnichannel.channel import Channel
    from tests.chat import Chat

    monkeypatch.setattr(Chat, "start_link", Channel.start_link)
    with pytest.raises(Unsupported, match="cannot carry a token"):
        await desk.inbox.conversations.continue_on(chat.conversation, "other")
    assert desk.state() == before


# ------------------------------------------------------------------------------------------- marks in letters


async def answered(desk: Desk) -> tuple[str, str, str]:
    """A letter that we answered: its conversation, the mark in our answer, the platform's id of it."""
    first = await desk.heard("order?", who="a@b.example", on="letter", subject="Order 7")
    await desk.inbox.conversations.reply(first.conversation, "here")
    await desk.inbox.work()
    return first.conversation, desk.far["letter"].said[-1]["mark"], f"out-{len(desk.far['letter'].said)}"


@pytest.mark.parametrize("strength", ["verified", "asserted"])
async def test_the_mark_of_our_letter_brings_its_answer_back(desk: Desk, strength: str) -> None:
    conversation, mark, _ = await answered(desk)
    back = await desk.heard(f"thanks {mark.upper()}", who="a@b.example", on="letter", strength=strength)
    if strength == "verified":
        assert back.conversation == conversation
        assert "mail that we sent" in back.because


async def test_a_mark_is_worth_nothing_to_whom_the_letter_was_forwarded(desk: Desk) -> None:
    """T22: right mark, other sender; and marks that were changed or made up."""
    conversation, mark, _ = await answered(desk)
    for number, token in enumerate((mark, mark[:-1] + "a", "ocm" + "b" * 40)):
        said = await desk.heard(f"{number} {token}", who=f"eve{number}@b.example", on="letter")
        assert said.conversation != conversation


async def test_an_answer_to_our_letter_is_found_by_what_it_answers(desk: Desk) -> None:
    """References count for whoever takes part; a stranger with them sees and changes nothing."""
    conversation, _, external_id = await answered(desk)
    back = await desk.heard("thanks", who="a@b.example", on="letter", reply_to=external_id)
    assert back.conversation == conversation
    older = await desk.heard("again", who="a@b.example", on="letter", references=["<x>", external_id, "<y>"])
    assert older.conversation == conversation
    stranger = await desk.heard("me too", who="eve@b.example", on="letter", reply_to=external_id)
    assert stranger.conversation != conversation
    (opened,) = [
        event
        for event in await desk.happened("conversation.opened")
        if event.conversation == stranger.conversation
    ]
    assert opened.detail["reason"] == "stranger"
    assert opened.detail["suggested"] == conversation


async def test_a_subject_never_decides(desk: Desk) -> None:
    """T23: the same subject, with the number of somebody's order, from a stranger or from the customer."""
    conversation, _, _ = await answered(desk)
    for who in ("eve@b.example", "a@b.example"):
        said = await desk.heard(f"re {who}", who=who, on="letter", subject="Re: Order 7")
        assert said.conversation != conversation


async def test_an_answer_long_after_the_end_is_a_new_question(desk: Desk) -> None:
    conversation, _, external_id = await answered(desk)
    await desk.inbox.conversations.close(conversation)
    desk.clock.advance(days=29)
    back = await desk.heard("thanks", who="a@b.example", on="letter", reply_to=external_id)
    assert back.conversation == conversation
    await desk.inbox.conversations.close(conversation)
    desk.clock.advance(days=31)
    late = await desk.heard("by the way", who="a@b.example", on="letter", reply_to=external_id)
    assert late.conversation != conversation


async def test_a_bounce_belongs_to_what_bounced_and_marks_it_failed(desk: Desk) -> None:
    """Whoever signs it: only who got our letter knows its id."""
    first = await desk.heard("order?", who="a@b.example", on="letter")
    reply = await desk.inbox.conversations.reply(first.conversation, "here")
    await desk.inbox.work()
    correlator = f"{reply.id}/0"
    bounce, failed = await desk.hear(
        {"id": "<b1>", "from": "mailer-daemon@b.example", "text": "no such user", "automatic": "bounce"},
        {"id": "<s1>", "kind": "failed", "status": "failed", "targets": [correlator], "reason": "5.1.1"},
        on="letter",
    ) + [None]
    assert bounce.conversation == first.conversation
    (sending,) = await desk.sendings(reply)
    assert (sending.status, sending.detail) == ("failed", "5.1.1")
    forged = await desk.heard(
        "no such user", who="mailer-daemon@c.example", on="letter", automatic="bounce", reply_to="<never>"
    )
    assert forged.conversation != first.conversation


async def test_a_token_given_to_an_unproven_sender_merges_nobody(desk: Desk) -> None:
    """Who only says that she is the victim gets a link, and uses it: the victim's mail must not become hers."""
    letter = await desk.heard(
        "it is me", who="victim@b.example", on="letter", strength="asserted", answer_to="eve@x.example"
    )
    chat = await desk.heard(await link(desk, letter.conversation, "chat"), who="eve")
    assert chat.conversation == letter.conversation, "it goes on: she has the link"
    eve = await desk.customer("eve")
    assert [str(reached.address) for reached in eve.addresses] == ["chat::eve"]
    assert len(await desk.inbox.identity.suggestions()) == 1


async def test_answers_to_a_mail_that_is_not_here_are_one_conversation(desk: Desk) -> None:
    """Two answers to the same mail, which another desk sent say, belong together; those of others do not."""
    first = await desk.heard("one", who="a@b.example", on="letter", references=["<root>", "<gone>"])
    second = await desk.heard("two", who="a@b.example", on="letter", reply_to="<gone>")
    third = await desk.heard("three", who="a@b.example", on="letter", references=["<root>"])
    other = await desk.heard("me too", who="eve@b.example", on="letter", references=["<root>", "<gone>"])
    again = await desk.heard("four", who="a@b.example", on="letter", reply_to="<gone>")
    assert {one.conversation for one in (second, third, again)} == {first.conversation}
    assert other.conversation != first.conversation
    assert (await desk.inbox.conversations.message(second.id)).because == (
        "it answers a message of a conversation that the sender takes part in"
    )


async def test_a_mail_that_comes_after_its_answer_stands_beside_it(desk: Desk) -> None:
    answer = await desk.heard("two", who="a@b.example", on="letter", reply_to="<one>")
    item = {"id": "<one>", "from": "a@b.example", "text": "one"}
    (asked,) = await desk.hear(item, on="letter")
    (strangers,) = await desk.hear(item | {"id": "<x>", "from": "eve@b.example"}, on="letter")
    assert asked.conversation == answer.conversation
    assert strangers.conversation != answer.conversation


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
async def test_mails_that_name_their_whole_thread_are_one_conversation_in_any_order(
    desk: Desk, order: tuple[int, ...]
) -> None:
    ids = [f"<m{number}>" for number in range(4)]
    for number in order:
        item = {"id": ids[number], "from": "a@b.example", "text": str(number), "references": ids[:number]}
        await desk.hear(item, on="letter")
    assert len({one.conversation for one in await desk.named(*ids, on="letter")}) == 1
