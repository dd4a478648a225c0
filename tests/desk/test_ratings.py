"""Ratings: asked once for each resolution, in the channel's own way; the answer is heard and asks for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest

from omnichannel import Address, Inbox
from omnichannel.channel import Call
from omnichannel.desk import Plan, Ratings, Team
from omnichannel.emulators.serving import Served
from omnichannel.inbox.desk import rating as asking
from omnichannel.model import Capabilities, Choice, Draft, Event, Option, Received, TextLimit
from omnichannel.model.desk import Rating
from omnichannel.store import Tx
from omnichannel.store.desk import ratings
from tests.chat import Chat
from tests.desk.room import Room
from tests.engines import HandClock

PAGE = "https://shop.example/hooks"


def plan(**more: Any) -> Plan:
    return Plan(
        teams=(Team(name="service"),),
        default_team="service",
        ratings=Ratings.model_validate({"after": timedelta(), "page": PAGE} | more),
    )


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms(plan())


async def resolved(room: Room, who: str = "rosa", on: str = "chat", text: str = "Where is my chair?") -> str:
    """Somebody asks, Ann answers, and closes it."""
    if not any(agent.name == "Ann" for agent in await room.inbox.agents()):
        await room.hire("Ann")
    conversation = await room.hears(who, text, on=on)
    await room.says(conversation, "Ann")
    await room.inbox.desk.close(conversation)
    await room.inbox.work()
    return conversation


async def rating(room: Room, conversation: str) -> Rating:
    [found] = await room.inbox.desk.ratings.of(conversation)
    return found


async def happened(room: Room, what: str) -> list[dict[str, str]]:
    return [one.detail for one in await room.inbox.events() if one.what == what]


async def test_asked_once_when_it_is_resolved_and_the_answer_opens_nothing(room: Room) -> None:
    conversation = await resolved(room)
    asked = await rating(room, conversation)
    assert (asked.state, asked.way, asked.agent, asked.team) == ("asked", "digit", "Ann", "service")
    assert room.far["chat"].said[-1]["text"].startswith("How did we do?")
    await room.hears("rosa", "4!")
    rated = await rating(room, conversation)
    assert (rated.state, rated.stars, rated.words) == ("rated", 4, "")
    case = await room.case(conversation)
    assert (case.open, case.asked_at, case.reopened, case.queued_at) == (False, None, 0, None)
    assert len(room.far["chat"].said) == 2, "one answer, one question"
    assert await happened(room, "case.rating_asked") == [{"rating": rated.id, "way": "digit", "agent": "Ann"}]
    assert await happened(room, "case.rated") == [{"rating": rated.id, "stars": "4"}]
    assert (await room.messages("rosa"))[-1].text == "4!"


async def test_not_every_message_is_asked_about_and_nobody_again_within_the_time(room: Room) -> None:
    conversation = await resolved(room)
    for _ in range(3):
        await room.hears("rosa", f"And another thing {room.clock.now()}")
        room.clock.advance(days=1)
        await room.says(conversation, "Ann")
        await room.inbox.desk.close(conversation)
        await room.inbox.work()
    states = [one.state for one in await room.inbox.desk.ratings.of(conversation)]
    assert states == ["asked", "dropped", "dropped", "dropped"]
    room.clock.advance(days=30)
    later = await resolved(room, text="Do you sell lamps?")
    assert (await room.inbox.desk.ratings.of(later))[-1].state == "asked"


async def test_a_changed_mind_counts_and_the_old_one_is_kept(room: Room) -> None:
    conversation = await resolved(room)
    await room.hears("rosa", "2, nobody called")
    assert (await room.case(conversation)).open, "words beside it are for somebody to read"
    await room.hears("rosa", "5 thanks")
    found = await rating(room, conversation)
    assert [(one.stars, one.words) for one in found.given] == [(2, "nobody called"), (5, "thanks")]
    [score] = await room.inbox.desk.ratings.scores()
    assert (score.name, score.asked, score.rated, score.stars) == ("Ann", 1, 1, (0, 0, 0, 0, 1))
    assert (score.mean, score.content) == (5.0, 1.0)


async def test_what_is_plainly_something_else_goes_to_the_agent(room: Room) -> None:
    conversation = await resolved(room)
    await room.hears("rosa", "4 chairs are missing")
    case = await room.case(conversation)
    assert (case.open, case.reopened, (await rating(room, conversation)).stars) == (True, 1, None)
    await room.says(conversation, "Ann", "How many exactly?")
    await room.hears("rosa", "3")
    assert (await rating(room, conversation)).stars is None, "that answered Ann"
    assert (await room.case(conversation)).asked_at is not None
    await room.hears("rosa", "3/5")
    assert (await rating(room, conversation)).stars == 3


async def test_after_its_time_a_digit_is_a_message(room: Room) -> None:
    conversation = await resolved(room)
    room.clock.advance(days=8)
    latest = await room.hears("rosa", "5")
    assert (await rating(room, conversation)).stars is None
    assert (await room.case(latest)).asked_at is not None


async def test_nobody_is_asked_where_it_would_be_wrong(room: Room) -> None:
    spam = await room.hears("mallory", "Pills!")
    await room.hire("Ann")
    await room.inbox.desk.spam(spam)
    unanswered = await room.hears("ben")
    await room.inbox.desk.close(unanswered)
    public = await room.hears("rosa", "A disgrace!", public=True)
    await room.says(public, "Ann")
    await room.inbox.desk.close(public)
    await room.inbox.work()
    reasons = [(await rating(room, one)).because for one in (spam, unanswered, public)]
    assert reasons == ["it is spam", "nobody of ours answered", "some of it was said in public"]
    assert await happened(room, "case.rating_asked") == []


async def test_who_wants_to_be_asked_no_more_is_not(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(every=timedelta()))
    conversation = await resolved(room)
    await room.hears("rosa", "stop")
    assert not (await room.case(conversation)).open
    room.clock.advance(days=1)
    await room.hears("rosa", "Do you sell lamps?")
    await room.says(conversation, "Ann")
    await room.inbox.desk.close(conversation)
    await room.inbox.work()
    found = await room.inbox.desk.ratings.of(conversation)
    assert [one.because for one in found if one.state == "dropped"] == [
        "this customer wants to be asked no more"
    ]
    await room.inbox.desk.ratings.spare(conversation, spared=False)
    await room.inbox.desk.reopen(conversation)
    await room.inbox.desk.close(conversation)
    await room.inbox.work()
    assert (await room.inbox.desk.ratings.of(conversation))[-1].state == "asked"


async def test_it_waits_and_is_not_asked_if_it_was_opened_again(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(after=timedelta(minutes=5)))
    conversation = await resolved(room)
    assert (await rating(room, conversation)).state == "waits"
    await room.inbox.desk.reopen(conversation)
    room.clock.advance(minutes=5)
    await room.inbox.work()
    assert (await rating(room, conversation)).because == "it was opened again"
    await room.inbox.desk.close(conversation)
    await room.inbox.work()
    room.clock.advance(minutes=5)
    await room.inbox.work()
    assert (await rating(room, conversation)).state == "asked"


async def test_the_one_with_most_of_the_answers_helped(room: Room) -> None:
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    for agent in ("Ben", "Ann", "Ben", "Ann"):
        await room.says(conversation, agent)
    await room.inbox.desk.close(conversation)
    await room.inbox.work()
    assert (await rating(room, conversation)).agent == "Ann", "as many as Ben, and the last one"


async def test_a_store_that_is_read_anew_has_the_same_case(room: Room) -> None:
    conversation = await resolved(room)
    await room.hears("rosa", "5")
    before = await room.case(conversation)
    stray = await room.hears("rosa", "And where is the lamp?")
    said = (await room.messages("rosa"))[-1]
    elsewhere = await room.hears("ben")
    await room.inbox.conversations.move(said.id, elsewhere)
    await room.inbox.work()
    after = await room.case(stray)
    assert (after.asked_at, after.answered_at) == (before.asked_at, before.answered_at)


async def test_two_workers_ask_once(shared_url: str, clock: HandClock) -> None:
    room = Room(shared_url, clock, plan(after=timedelta(minutes=5)))
    conversation = await resolved(room)
    first = room.inbox
    other = room.again(plan())
    clock.advance(minutes=5)
    await asyncio.gather(first.dispatch(), other.dispatch())
    await asyncio.gather(first.work(), other.work())
    assert [one.state for one in await other.desk.ratings.of(conversation)] == ["asked"]
    assert sum("How did we do" in one["text"] for one in room.far["chat"].said) == 1
    await room.close()


# ------------------------------------------------------------------------------------------------- buttons


class Tapped(Chat):
    """A chat with buttons."""

    can = Capabilities(
        text=TextLimit(size=100),
        parts_in=frozenset({"text", "choice"}),
        parts_out=frozenset({"text", "choice"}),
        max_options=5,
    )

    def render(self, draft: Draft) -> Sequence[Call]:
        words = draft.model_copy(update={"parts": tuple(one for one in draft.parts if one.type == "text")})
        self.offered = [one for part in draft.parts if part.type == "choice" for one in part.options]
        return super().render(words)

    def _event(self, item: dict[str, Any]) -> Event:
        event = super()._event(item)
        if "tapped" in item and isinstance(event, Received):
            chosen = Choice(chosen=Option(title="a star", value=item["tapped"]))
            return event.model_copy(update={"parts": (chosen,)})
        return event


async def test_a_death_in_the_middle_leaves_it_to_be_asked_once(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(after=timedelta(minutes=5), every=timedelta()))
    conversation = await resolved(room)
    room.clock.advance(minutes=5)

    def dies(tx: Tx) -> None:
        [number] = ratings.due(tx, 10)
        assert room.inbox.plan is not None
        asking.ask(tx, room.inbox, room.inbox.plan, number, "secret")
        raise RuntimeError("the worker dies before its commit")

    with pytest.raises(RuntimeError, match="dies"):
        await room.inbox.run_job(dies)
    shown = await rating(room, conversation)
    assert shown.state == "waits"
    assert len(room.far["chat"].said) == 1
    await room.inbox.work()
    await room.inbox.work()
    assert (await rating(room, conversation)).state == "asked"
    again = room.inbox.plan
    assert again is not None
    number = await room.inbox.run_job(lambda tx: tx.ids.find("rating", shown.id))
    await room.inbox.run_job(lambda tx: asking.ask(tx, room.inbox, again, number, "secret"))
    await room.inbox.work()
    assert len(room.far["chat"].said) == 2, "a worker that comes late asks nobody"


async def test_buttons_where_there_are_some(room: Room) -> None:
    chat = Tapped("chat", room.far["chat"])
    room.inbox = Inbox(room.url, [chat], clock=room.clock, desk=plan())
    room.opened.append(room.inbox)
    conversation = await resolved(room)
    assert (await rating(room, conversation)).way == "buttons"
    offered = chat.offered
    assert [one.title for one in offered] == ["⭐" * stars for stars in (5, 4, 3, 2, 1)]
    await room.says(conversation, "Ann", "One thing more: your parcel is there.")
    await room.hears("rosa", "", tapped=offered[1].value)
    assert (await rating(room, conversation)).stars == 4, "a button says what it is about"
    await room.hears("rosa", "", tapped="rating:1:another", id="other")
    assert (await rating(room, conversation)).stars == 4


# ---------------------------------------------------------------------------------------------------- page


@pytest.fixture
def served(room: Room) -> Iterator[str]:
    with Served(room.inbox.asgi()) as server:
        yield server.url


async def asked_by_letter(room: Room, served: str) -> tuple[str, str]:
    """The conversation, and where its link leads on our own server."""
    conversation = await resolved(room, on="letter")
    assert (await rating(room, conversation)).way == "link"
    [link] = [word for word in room.far["letter"].said[-1]["text"].split() if word.startswith(PAGE)]
    assert "rosa" not in link
    return conversation, link.replace(PAGE, served)


async def test_a_link_to_a_page_that_works_once(room: Room, served: str) -> None:
    conversation, link = await asked_by_letter(room, served)
    async with httpx.AsyncClient() as client:
        for _ in range(2):
            looked = await client.get(link)
            assert (looked.status_code, looked.text.count('type="radio"')) == (200, 5)
        assert looked.headers["referrer-policy"] == "no-referrer"
        assert (await rating(room, conversation)).stars is None, "looking changes nothing"
        assert (await client.post(link, data={"stars": "6"})).status_code == 200
        assert (await rating(room, conversation)).stars is None
        thanked = await client.post(link, data={"stars": "4", "words": " <b>quick</b> "})
        assert "Thank you" in thanked.text
        again = await client.post(link, data={"stars": "1"})
        assert (again.status_code, (await client.get(link)).status_code) == (410, 410)
        assert (await client.put(link)).status_code == 405
        assert (await client.get(f"{served}/~rating/made-up")).status_code == 410
    found = await rating(room, conversation)
    assert [(one.stars, one.words, one.message) for one in found.given] == [(4, "<b>quick</b>", "")]
    assert not (await room.case(conversation)).open


async def test_a_link_expires(room: Room, served: str) -> None:
    conversation, link = await asked_by_letter(room, served)
    room.clock.advance(days=7)
    async with httpx.AsyncClient() as client:
        assert (await client.post(link, data={"stars": "4"})).status_code == 410
    assert (await rating(room, conversation)).state == "asked"


# ------------------------------------------------------------------------------------- rights, and the plan


async def test_listed_and_counted_by_period_and_group(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    first = await resolved(room, "rosa")
    await room.hears("rosa", "5")
    start = room.clock.now()
    room.clock.advance(hours=1)
    await resolved(room, "ben", on="letter")
    found = room.inbox.desk.ratings
    assert [one.kind for one in await found.asked()] == ["letter", "chat"]
    assert [one.conversation for one in await found.asked(kind="chat", agent="Ann")] == [first]
    assert [one.name for one in await found.scores("kind", since=start + timedelta(minutes=1))] == ["letter"]
    assert [(one.name, one.asked, one.rated) for one in await found.scores("team")] == [("service", 2, 1)]
    assert await found.asked(until=start) == []


async def test_erased_and_exported_with_the_customer(room: Room) -> None:
    await resolved(room)
    await room.hears("rosa", "3, kastanje")
    customer = await room.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert customer is not None
    export = await room.inbox.identity.export(customer.id, actor="Ann")
    assert [(one.stars, one.words) for one in export.ratings] == [(3, "kastanje")]
    proof = await room.inbox.identity.erase(customer.id, actor="Ann")
    assert (proof.removed["ratings"], proof.removed["rated"]) == (1, 1)
    assert await room.inbox.desk.ratings.asked() == []


async def test_erased_also_where_its_conversation_was_joined_to_another(room: Room) -> None:
    first = await resolved(room)
    second = await room.hears("rosa", "A lamp, too.", on="letter", also=["chat::rosa"])
    if second == first:
        second = (await room.inbox.conversations.split((await room.messages("rosa"))[-1].id)).id
    await room.inbox.conversations.join(first, second)
    await room.inbox.work()
    customer = await room.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert customer is not None
    assert len(await room.inbox.desk.ratings.asked()) == 1
    await room.inbox.identity.erase(customer.id, actor="Ann")
    assert await room.inbox.desk.ratings.asked() == []


async def test_nobody_is_spared_where_nobody_wrote(room: Room) -> None:
    conversation = await resolved(room)
    await room.inbox.desk.ratings.spare(conversation)
    await room.inbox.desk.ratings.spare(conversation)
    assert [one.state for one in await room.inbox.desk.ratings.of(conversation)] == ["asked", "declined"]


def test_settings_say_what_is_wrong_with_them() -> None:
    with pytest.raises(ValueError, match="no address with https"):
        Ratings(page="shop.example")
    with pytest.raises(ValueError, match="no words to ask with"):
        Ratings(wordings={})
    assert plan().fingerprint == plan().fingerprint != Plan().fingerprint


async def test_the_time_counts_from_the_closing_however_late_the_desk_looks(
    rooms: Callable[..., Room],
) -> None:
    """As with a script that works every hour: who has waited long enough by then is asked then, not an hour later."""
    room = rooms(plan(after=timedelta(minutes=5)))
    await room.hire("Ann")
    conversation = await room.hears("rosa", "Where is my chair?")
    await room.says(conversation, "Ann")
    await room.inbox.desk.close(conversation)
    room.clock.advance(minutes=6)
    await room.inbox.work()
    assert (await rating(room, conversation)).state == "asked"
