"""Codes that people type: each wrong one counts, and who guesses too much is no longer listened to, and not told so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel import Rules
from omnichannel.errors import Conflict, NotFound, Unsupported, UsageError
from omnichannel.identity.codes import chance, find_codes, new_code, spelled
from tests.chat import Chat
from tests.engines import HandClock
from tests.inbox.desk import Desk, at

WRONG = [spelled(new_code(number.to_bytes(8))) for number in range(1, 400)]


async def code(desk: Desk, conversation: str, account: str = "letter", **more: object) -> str:
    return await desk.inbox.conversations.continue_on(conversation, account, by="code", **more)  # type: ignore[arg-type]


async def wrong(desk: Desk, times: int, who: str = "eve", on: str = "letter", start: int = 0) -> None:
    """Somebody tries so many codes that are none."""
    for number in range(start, start + times):
        await desk.heard(f"is it {WRONG[number]}", who=who, on=on)


async def test_whoever_types_the_code_goes_on_and_is_one_customer(desk: Desk) -> None:
    """The same conversation, both addresses verified; the words stay as they were typed; only a digest is kept."""
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    assert find_codes(shown) == (shown.replace("-", ""),)
    letter = await desk.heard(f"here I am: {shown}", who="a@b.example", on="letter")
    assert letter.conversation == chat.conversation
    assert letter.text == f"here I am: {shown}"
    (customer,) = await desk.customers()
    assert {reached.strength for reached in customer.addresses} == {"verified"}
    (kept,) = desk.state()["tokens"]
    assert shown.replace("-", "") not in str(kept)
    (continued,) = await desk.happened("conversation.continued")
    assert continued.detail == {"account": "letter", "address": "letter::a@b.example"}


@pytest.mark.parametrize(
    "spelling", [str, lambda shown: shown.replace("-", " "), lambda shown: shown.replace("-", "")]
)
async def test_it_may_be_written_as_people_write_numbers(desk: Desk, spelling: Callable[[str], str]) -> None:
    chat = await desk.heard("question")
    letter = await desk.heard(spelling(await code(desk, chat.conversation)), who="a@b.example", on="letter")
    assert letter.conversation == chat.conversation


async def test_it_works_for_a_day_or_as_long_as_is_said(desk: Desk) -> None:
    """A letter is days under way."""
    chat = await desk.heard("question")
    short, long = (
        await code(desk, chat.conversation),
        await code(desk, chat.conversation, life=timedelta(days=30)),
    )
    desk.clock.advance(days=1)
    assert (await desk.heard(short, who="a@b.example", on="letter")).conversation != chat.conversation
    desk.clock.advance(days=29, microseconds=-1)
    assert (await desk.heard(long, who="c@b.example", on="letter")).conversation == chat.conversation


async def test_after_five_wrong_ones_no_code_of_a_sender_is_looked_at_for_a_day(desk: Desk) -> None:
    """The right one neither; nobody tells them; on the next day it counts again. Others are not held up."""
    chat = await desk.heard("question")
    shown, another = await code(desk, chat.conversation), await code(desk, chat.conversation)
    kept = await code(desk, chat.conversation, life=timedelta(days=3))
    await wrong(desk, 5)
    assert (await desk.heard(shown, who="eve", on="letter")).conversation != chat.conversation
    (locked,) = await desk.happened("code.locked")
    assert locked.detail == {"who": "letter::eve"}
    assert (await desk.heard(another, who="anna", on="letter")).conversation == chat.conversation
    assert desk.said("letter") == []
    desk.clock.advance(days=1)
    assert (await desk.heard(kept, who="eve", on="letter")).conversation == chat.conversation


async def test_four_wrong_ones_are_forgiven(desk: Desk) -> None:
    chat = await desk.heard("question")
    await wrong(desk, 4, who="a@b.example")
    letter = await desk.heard(await code(desk, chat.conversation), who="a@b.example", on="letter")
    assert letter.conversation == chat.conversation


async def test_after_a_hundred_wrong_ones_of_anybody_no_code_is_looked_at_for_a_day(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """However many addresses a guesser has. Links, and codes for one address alone, go on working."""
    desk = desks(desk_url, rules=Rules(wrong_codes_in_all=10))
    known = await desk.heard("hello", who="a@b.example", on="letter")
    chat = await desk.heard("question")
    free = await code(desk, chat.conversation)
    bound = await code(desk, chat.conversation, to=at("a@b.example", "letter"))
    link = (await desk.inbox.conversations.continue_on(chat.conversation, "letter")).partition("ref=")[2]
    for guesser in range(10):
        await wrong(desk, 1, who=f"eve{guesser}", start=guesser)
    assert [event.detail["who"] for event in await desk.happened("code.locked")] == ["everybody"]
    assert (await desk.heard(free, who="c@b.example", on="letter")).conversation != chat.conversation
    assert (await desk.heard(bound, who="a@b.example", on="letter")).conversation == chat.conversation
    assert (await desk.heard(link, who="d@b.example", on="letter")).conversation == chat.conversation
    assert known.conversation != chat.conversation
    desk.clock.advance(days=1)
    later = await code(desk, chat.conversation)
    assert (await desk.heard(later, who="e@b.example", on="letter")).conversation == chat.conversation


async def test_a_message_is_three_tries_at_most(desk: Desk) -> None:
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    letter = await desk.heard(" or ".join((*WRONG[:3], shown)), who="eve", on="letter")
    assert letter.conversation != chat.conversation
    assert len(desk.state()["tries"]) == 3


async def test_more_codes_than_can_be_kept_safe_are_not_made(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """So that what a hundred guesses are worth is known; used and expired ones make room."""
    desk = desks(desk_url, rules=Rules(live_codes=2))
    chat = await desk.heard("question")
    first = await code(desk, chat.conversation)
    await code(desk, chat.conversation)
    with pytest.raises(Conflict, match="2 codes work on letter already"):
        await code(desk, chat.conversation)
    await code(desk, chat.conversation, "other")
    await desk.heard(first, who="a@b.example", on="letter")
    await code(desk, chat.conversation)
    desk.clock.advance(days=1)
    await code(desk, chat.conversation)


def test_with_the_rules_as_they_are_guessing_is_hopeless() -> None:
    """One in 100,000 a day for all that can be tried; NIST SP 800-63B is content with one in 10,000."""
    rules = Rules()
    assert chance(rules.wrong_codes_in_all, rules.live_codes) <= 1e-5
    assert chance(rules.wrong_codes, 1) <= 1e-9


async def test_who_was_given_a_code_may_say_it_as_often_as_they_like(desk: Desk) -> None:
    """In the chat where they got it, and again after it worked: they know it, so it is no guess."""
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    await desk.heard(f"what is {shown}?")
    await desk.heard(shown, who="a@b.example", on="letter")
    await desk.heard(f"again {shown}", who="a@b.example", on="letter")
    assert desk.state()["tries"] == []
    assert await desk.happened("conversation.link_reused") == []


async def test_a_mistyped_code_is_no_wrong_code(desk: Desk) -> None:
    """The check digits notice it, and a guesser learns nothing that anybody cannot work out."""
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    slipped = shown[:-1] + str((int(shown[-1]) + 1) % 10)
    for number in range(9):
        await desk.heard(f"{number}: {slipped}", who="a@b.example", on="letter")
    assert (await desk.heard(shown, who="a@b.example", on="letter")).conversation == chat.conversation


@pytest.mark.parametrize("how", [{"public": True}, {"automatic": "auto_reply"}])
async def test_what_everybody_reads_and_what_machines_write_is_not_looked_at(
    desk: Desk, how: dict[str, object]
) -> None:
    """Neither used up nor counted."""
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation, "other")
    said = await desk.heard(f"see {shown} {WRONG[0]}", who="anna2", on="other", **how)
    assert said.conversation != chat.conversation
    assert desk.state()["tries"] == []
    assert (await desk.heard(f"{shown}!", who="anna3", on="other")).conversation == chat.conversation


async def test_our_own_words_bring_nothing_back(desk: Desk) -> None:
    """A colleague sends the code from the platform's own app: that is us giving it, not the customer bringing it."""
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation, "other")
    echo = {"id": "e1", "from": "us", "to": "anna2", "text": f"your code: {shown}", "thread": "anna2"}
    await desk.hear(echo, on="other")
    assert (await desk.heard(shown, who="anna3", on="other")).conversation == chat.conversation


async def test_a_code_for_one_address_has_to_be_one_of_that_channel(desk: Desk) -> None:
    chat = await desk.heard("question")
    await desk.heard("hello", who="a@b.example", on="letter")
    with pytest.raises(UsageError, match="no address of letter"):
        await code(desk, chat.conversation, to=at("anna"))
    with pytest.raises(NotFound, match="never wrote"):
        await code(desk, chat.conversation, to=at("nobody@b.example", "letter"))
    assert await desk.happened("conversation.link_issued") == []


async def test_where_nobody_can_type_in_private_no_code_is_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await desk.heard("question")
    monkeypatch.setattr(Chat, "can", Chat.can.model_copy(update={"hears": False}))
    with pytest.raises(Unsupported, match="choose another account"):
        await code(desk, chat.conversation, "other")


@pytest.mark.parametrize("by", ["link", "code"])
async def test_a_life_has_to_be_to_come(desk: Desk, by: str) -> None:
    chat = await desk.heard("question")
    with pytest.raises(UsageError, match="would never work"):
        await desk.inbox.conversations.continue_on(chat.conversation, "letter", by=by, life=timedelta(0))  # type: ignore[arg-type]


async def test_an_account_may_be_named_by_its_kind_if_it_is_the_only_one(desk: Desk) -> None:
    chat = await desk.heard("question")
    assert "letter" in await desk.inbox.conversations.continue_on(chat.conversation, "letter")
    with pytest.raises(NotFound, match="fax"):
        await code(desk, chat.conversation, "fax")


async def test_two_codes_are_never_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first stays as it is; chance that fails altogether is said to have failed."""
    chat = await desk.heard("question")
    draws = iter([bytes(16)] * 4 + [bytes(16)] * 2 + [bytes([1] * 16)] * 2 + [bytes(16)] * 4)
    monkeypatch.setattr(desk.clock, "random", lambda size: next(draws)[:size])
    first, second = await code(desk, chat.conversation), await code(desk, chat.conversation)
    assert first != second
    with pytest.raises(Conflict, match="try again"):
        await code(desk, chat.conversation)
    letter = await desk.heard(first, who="a@b.example", on="letter")
    assert letter.conversation == chat.conversation


class Listener:
    """The rules in a few lines: what one sender types, and whether it is listened to."""

    def __init__(self) -> None:
        self.wrong, self.used = 0, False

    def attaches(self, said: str) -> bool:
        locked = self.wrong >= 5
        if said == "wrong" and not locked:
            self.wrong += 1
        attached = said == "right" and not locked and not self.used
        self.used |= attached
        return attached


SAID = st.lists(st.sampled_from(["right", "wrong", "wrong", "slip", "words"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(SAID)
def test_whatever_somebody_types_the_rules_hold(said: list[str]) -> None:
    """Any order of right and wrong codes, slips and words: only a right one that is listened to attaches."""

    async def story() -> None:
        desk = Desk("sqlite:///:memory:", HandClock())
        chat = await desk.heard("question")
        shown = await code(desk, chat.conversation)
        slip = shown[:-1] + str((int(shown[-1]) + 1) % 10)
        model, attached = Listener(), False
        for number, what in enumerate(said):
            words = {"right": shown, "wrong": WRONG[number], "slip": slip, "words": "hello"}[what]
            await desk.heard(f"{number}. {words}", who="eve", on="letter")
            attached |= model.attaches(what)
            assert (len(await desk.happened("conversation.continued")) == 1) is attached
            assert len(desk.state()["tries"]) == model.wrong
        await desk.inbox.close()

    asyncio.run(story())
