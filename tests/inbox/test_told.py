"""A code that a caller reads to an agent: what the agent is told attaches, what does not work is the same whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel import Rules
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.identity.codes import new_code, spelled
from omnichannel.model import Address, Conversation
from tests.inbox.desk import Desk, at

WRONG = spelled(new_code(bytes(range(8))))


async def given(desk: Desk, conversation: str, account: str = "other") -> str:
    await desk.inbox.add_agent("zoe")
    return await desk.inbox.conversations.continue_on(conversation, account, by="code")


async def told(
    desk: Desk, code: str, sender: Address | None = None, said: str = "", on: str = "other"
) -> Conversation:
    return await desk.inbox.conversations.redeem(code, on=on, agent="zoe", sender=sender, said=said)


async def test_what_an_agent_is_told_goes_on_in_the_conversation(desk: Desk) -> None:
    """With a note of what was said, reopened if it was closed, by whom is on record; and once."""
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation)
    await desk.inbox.conversations.close(chat.conversation)
    found = await told(desk, f"she says {code}", said="It was order 7.")
    assert (found.id, found.status) == (chat.conversation, "open")
    note = (await desk.inbox.conversations.messages(found.id))[-1]
    assert (note.direction, note.text, note.agent) == ("internal", "It was order 7.", "zoe")
    (continued,) = await desk.happened("conversation.continued")
    assert (continued.actor, continued.detail) == ("zoe", {"account": "other", "by": "told to an agent"})
    with pytest.raises(NotFound):
        await told(desk, code)


async def test_the_call_that_was_begun_comes_along(desk: Desk) -> None:
    """And what the caller says later in it: it is one conversation now. The number stays a suggestion."""
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation)
    call = await desk.heard("ringing", who="+31", on="other", strength="asserted")
    assert call.conversation != chat.conversation
    await told(desk, code, sender=at("+31"))
    later = await desk.heard("and another thing", who="+31", on="other", strength="asserted")
    texts = [message.text for message in await desk.inbox.conversations.messages(chat.conversation)]
    assert texts == ["question", "ringing", "and another thing"]
    assert later.conversation == chat.conversation
    assert len(await desk.customers()) == 2, "any number can be shown"
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert {str(suggestion.one), str(suggestion.other)} == {"chat::anna", "chat:unproven:+31"}
    (claim,) = [c for c in await desk.inbox.identity.claims(chat_customer(await desk.customers())) if c.other]
    assert (claim.method, claim.strength) == ("token", "asserted")


def chat_customer(customers: list) -> str:
    return next(one.id for one in customers if str(one.addresses[0].address) == "chat::anna")


@pytest.mark.parametrize("begun", ["answered", "elsewhere", "by two"])
async def test_what_is_more_than_the_call_stays_where_it_is(desk: Desk, begun: str) -> None:
    """A conversation that we spoke in, that went on on another account, or with somebody else in it."""
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation)
    on = "letter" if begun == "elsewhere" else "other"
    call = await desk.heard("ringing", who="anna2", on=on)
    if begun == "answered":
        await desk.inbox.conversations.reply(call.conversation, "yes?")
    if begun == "by two":
        ben = await desk.heard("me too", who="ben", on="other")
        await desk.inbox.conversations.join(ben.conversation, call.conversation)
    await told(desk, code, sender=at("anna2", "letter" if on == "letter" else "chat"))
    assert (await desk.inbox.conversations.message(call.id)).conversation == call.conversation


async def test_a_number_that_was_never_seen_is_written_down_unproven(desk: Desk) -> None:
    """The exchange is not connected: the agent types the number that the telephone shows."""
    chat = await desk.heard("question")
    await told(desk, await given(desk, chat.conversation), sender=Address(kind="phone", value="+31612345678"))
    found = await desk.inbox.customers.find(Address(kind="phone", value="+31612345678"))
    assert found is not None
    assert str(found.addresses[0].address) == "phone:unproven:+31612345678"
    assert len(await desk.inbox.identity.suggestions()) == 1


@pytest.mark.parametrize(
    "spoiled", ["wrong", "used", "expired", "other account", "other workspace", "for somebody"]
)
async def test_what_does_not_work_is_the_same_whatever_it_is(
    shared_url: str, desks: Callable[..., Desk], spoiled: str
) -> None:
    """One error in one wording, and nothing attached."""
    desk, theirs = desks(shared_url), desks(shared_url, workspace="theirs")
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation, "letter" if spoiled == "other account" else "other")
    if spoiled == "wrong":
        code = WRONG
    if spoiled == "used":
        await told(desk, code)
    if spoiled == "expired":
        desk.clock.advance(days=1)
    if spoiled == "other workspace":
        code = await given(theirs, (await theirs.heard("question")).conversation)
    if spoiled == "for somebody":
        await desk.heard("hello", who="ben", on="other")
        code = await desk.inbox.conversations.continue_on(chat.conversation, "other", by="code", to=at("ben"))
    before = desk.state("tries")
    with pytest.raises(
        NotFound, match="^no such code works here now; ask for it once more, or send a new one$"
    ):
        await told(desk, code, sender=at("eve"))
    after = desk.state("tries")
    after["addresses"] = before["addresses"]  # the number that the telephone shows is known from now on
    assert after == before


async def test_what_was_misheard_is_no_try(desk: Desk) -> None:
    """The check digits notice it: the agent asks again."""
    await desk.inbox.add_agent("zoe")
    for misheard in (
        "",
        "1234",
        WRONG[:-1] + str((int(WRONG[-1]) + 1) % 10),
        f"{WRONG} or {spelled(new_code(bytes(8)))}",
    ):
        with pytest.raises(UsageError, match="ask for it once more"):
            await told(desk, misheard)
    assert desk.state()["tries"] == []


async def test_an_agent_who_is_talked_into_guessing_is_stopped(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """After so many wrong ones in a day, whoever calls; a colleague can go on, and so can customers."""
    desk = desks(desk_url, rules=Rules(wrong_codes_of_agent=3))
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation)
    for number in range(3):
        with pytest.raises(NotFound):
            await told(desk, spelled(new_code(number.to_bytes(8))))
    with pytest.raises(Conflict, match="zoe gave 3 wrong codes today"):
        await told(desk, code)
    await desk.inbox.add_agent("yves")
    found = await desk.inbox.conversations.redeem(code, on="other", agent="yves")
    assert found.id == chat.conversation


async def test_everybodys_guesses_hold_up_no_agent(desk_url: str, desks: Callable[..., Desk]) -> None:
    """Whoever floods the chat with wrong codes cannot stop the telephone."""
    desk = desks(desk_url, rules=Rules(wrong_codes_in_all=1))
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation)
    await desk.heard(WRONG, who="eve", on="other")
    assert (await told(desk, code)).id == chat.conversation


async def test_who_and_where_have_to_be_known(desk: Desk) -> None:
    chat = await desk.heard("question")
    code = await given(desk, chat.conversation)
    with pytest.raises(NotFound, match="nobody called 'yves'"):
        await desk.inbox.conversations.redeem(code, on="other", agent="yves")
    with pytest.raises(NotFound, match="fax"):
        await told(desk, code, on="fax")
