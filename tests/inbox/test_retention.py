"""What is old goes, by what it is and whose account's it is; what is not over stays; and a dry run says exactly which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from omnichannel import Attachment
from omnichannel.desk import Plan
from omnichannel.desk.retention import Aged, Keep, Retention
from omnichannel.errors import NotFound
from omnichannel.inbox.correcting import set_closed
from omnichannel.inbox.retention.going import still
from omnichannel.model import Gone
from omnichannel.store import Tx, ageing, messages
from omnichannel.store.ageing import Item
from omnichannel.store.desk import ratings
from tests.chat import delivery
from tests.engines import Postgres, wait
from tests.inbox.desk import LOST, Desk

DAY = timedelta(days=1)
ALL = Retention(conversations=30 * DAY, trail=30 * DAY)


def counted(gone: Iterable[Gone]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in gone:
        found[one.what] += one.count
    return found


async def said(desk: Desk, text: str, who: str = "anna", on: str = "chat", *, closed: bool = True) -> str:
    """Somebody writes, we answer, and it is over; the conversation."""
    message = await desk.heard(text, who, on)
    await desk.inbox.conversations.reply(message.conversation, f"answer to {text}", on=on)
    await desk.inbox.work()
    if closed:
        await desk.inbox.conversations.close(message.conversation)
    return message.conversation


async def lived(desk: Desk) -> dict[str, str]:
    """Conversations of every sort, all of them old by now; and one from today."""
    found = {
        "over": await said(desk, "kastanje"),
        "open": await said(desk, "walnoot", "ben", closed=False),
        "doubt": await _in_doubt(desk),
        "frozen": await said(desk, "eikel", "cleo"),
        "letter": await said(desk, "beuk", "dirk", "letter"),
    }
    await desk.inbox.identity.freeze((await desk.customer("cleo")).id, actor="ada")
    await desk.inbox.add_agent("zoe")
    await desk.inbox.acting_as("zoe", because="she wants her kastanje").conversations.get(found["over"])
    desk.clock.advance(days=40)
    found["today"] = await said(desk, "linde", "emma")
    return found


async def _in_doubt(desk: Desk) -> str:
    message = await desk.heard("esdoorn", "fien", "other")
    desk.far["other"].answers.append(LOST)
    await desk.inbox.conversations.reply(message.conversation, "answer to esdoorn")
    await desk.inbox.send()
    await desk.inbox.conversations.close(message.conversation)
    return message.conversation


async def kept(desk: Desk, found: dict[str, str]) -> set[str]:
    """Which of these conversations are still there, with their messages."""
    there = set()
    for name, conversation in found.items():
        try:
            await desk.inbox.conversations.get(conversation)
        except NotFound:
            continue
        assert len(await desk.inbox.conversations.messages(conversation)) == 2, name
        there.add(name)
    return there


async def test_a_dry_run_says_exactly_what_goes_and_what_is_not_over_stays(desk: Desk) -> None:
    found = await lived(desk)
    desk.inbox.retention_rules = ALL
    before = desk.state("commits", "happenings", "placed")
    foreseen = await desk.inbox.retention.foresee()
    assert desk.state("commits", "happenings", "placed") == before
    went = await desk.inbox.retention.apply()
    assert went == foreseen
    counts = counted(went)
    assert counts.pop("happenings") > 2  # up to those of whose data are frozen
    assert counts == {"deliveries": 2, "calls": 2, "messages": 4, "conversations": 2, "trail": 1}
    assert await kept(desk, found) == {"open", "doubt", "frozen", "today"}
    assert await desk.inbox.retention.foresee() == []
    after = desk.state("commits", "ageing")
    assert await desk.inbox.retention.apply() == []
    assert desk.state("commits", "ageing") == after
    assert counted(await desk.inbox.retention.gone()) == counted(went)
    assert {one.went_on for one in await desk.inbox.retention.gone()} == {desk.clock.now().date()}
    assert (await desk.inbox.trail.verify()).whole
    assert await desk.customer("anna")


async def test_what_went_is_nowhere_and_does_not_come_back(desk: Desk) -> None:
    """Not the words, the platform's ids or the reasons; the same delivery once more brings nothing."""
    await said(desk, "kastanje")
    items = [{"id": "chat-anna-kastanje", "from": "anna", "text": "kastanje"}]
    edit = {
        "id": "e1",
        "kind": "edited",
        "targets": ["chat-anna-kastanje"],
        "from": "anna",
        "text": "kastanjes",
    }
    await desk.hear(edit)
    desk.clock.advance(days=40)
    await said(desk, "linde", "emma")  # so that there is a newest happening
    desk.inbox.retention_rules = ALL
    await desk.inbox.retention.apply()
    assert not [one for one in _cells(desk) if "kastanje" in one]
    await desk.hear(*items)
    await desk.hear(edit)
    assert [message.text for message in await desk.everything()] == ["linde", "answer to linde"]
    assert not [one for one in _cells(desk) if "kastanje" in one]
    later = await desk.heard("nog een", "anna")
    assert (await desk.inbox.conversations.get(later.conversation)).status == "open"


def _cells(desk: Desk) -> list[str]:
    return [
        cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
        for rows in desk.state().values()
        for row in rows
        for cell in row
    ]


async def test_words_that_were_made_of_what_went_go_with_it(desk: Desk) -> None:
    """Though the conversation stays, and when everything was decided: questions, readings, reasons."""
    desk.inbox.plan = Plan()
    message = await desk.heard(
        "where is my kastanje, please? I want my kastanje today!", subject="my kastanje"
    )
    conversation = message.conversation
    await desk.inbox.desk.tag(conversation, "late", actor="zoe")
    await desk.inbox.desk.close(conversation, because="has the kastanje")
    assert (await desk.inbox.desk.case(conversation)).questions
    desk.clock.advance(days=10)
    await said(desk, "linde", "emma")
    desk.inbox.retention_rules = Retention(messages=7 * DAY)
    await desk.inbox.retention.apply()
    assert not [one for one in _cells(desk) if "kastanje" in one]
    case = await desk.inbox.desk.case(conversation)
    assert (case.tags, case.questions, case.conversation.subject) == (("late",), (), "")
    assert await desk.inbox.conversations.messages(conversation) == []
    assert [one.what for one in await desk.inbox.desk.decisions(conversation)][-1] == "closed"


async def test_raw_deliveries_and_calls_go_before_what_was_said(desk: Desk) -> None:
    conversation = await said(desk, "kastanje")
    [question, answer] = await desk.inbox.conversations.messages(conversation)
    desk.clock.advance(days=10)
    desk.inbox.retention_rules = Retention(deliveries=7 * DAY, calls=7 * DAY)
    went = await desk.inbox.retention.apply()
    assert [(one.what, one.account, one.count) for one in went] == [
        ("deliveries", "chat", 1),
        ("calls", "chat", 1),
    ]
    assert went[0].day == question.received_at.date()
    assert await desk.inbox.conversations.messages(conversation) == [question, answer]
    with pytest.raises(NotFound):
        await desk.inbox.raw(question.id)
    await desk.hear({"id": "s1", "kind": "status", "status": "read", "targets": ["out-1"], "from": "anna"})
    assert await desk.status(answer) == ["read"]
    assert [call for call in _cells(desk) if "answer to kastanje" in call and '"url"' in call] == []


async def test_each_account_has_its_own_times(desk: Desk) -> None:
    """A conversation on two of them stays as long as the one that keeps longest."""
    chat = await said(desk, "kastanje")
    letter = await said(desk, "beuk", "dirk", "letter")
    other = await said(desk, "esdoorn", "fien", "other")
    desk.clock.advance(days=40)
    desk.inbox.retention_rules = Retention(
        conversations=30 * DAY,
        accounts={"other": Keep(messages="ever", conversations="ever")},
        kinds={"letter": Keep(conversations=60 * DAY)},
    )
    went = await desk.inbox.retention.apply()
    assert {one.account for one in went if one.what in ("messages", "deliveries")} == {"chat"}
    assert await kept(desk, {"chat": chat, "letter": letter, "other": other}) == {"letter", "other"}
    both = await said(desk, "den", "gijs")
    await desk.inbox.conversations.join(both, letter)
    await desk.inbox.conversations.close(letter)
    desk.clock.advance(days=40)
    await desk.inbox.retention.apply()
    assert await desk.inbox.conversations.get(letter)
    desk.clock.advance(days=40)
    await desk.inbox.retention.apply()
    with pytest.raises(NotFound):
        await desk.inbox.conversations.get(letter)


async def test_a_delivery_of_which_something_stays_is_cut(desk: Desk) -> None:
    """Two wrote in one webhook; what one of them said may go, and the other's conversation is open."""
    hers, his = await desk.hear(
        {"id": "m1", "from": "anna", "text": "kastanje"}, {"id": "m2", "from": "ben", "text": "walnoot"}
    )
    await desk.inbox.conversations.close(hers.conversation)
    desk.clock.advance(days=40)
    desk.inbox.retention_rules = ALL
    counts = counted(await desk.inbox.retention.apply())
    assert (counts["deliveries"], counts["messages"], counts["conversations"]) == (0, 1, 1)
    raw = await desk.inbox.raw(his.id)
    assert b"walnoot" in raw.body
    assert b"kastanje" not in raw.body


async def test_files_go_and_their_names_stay(desk: Desk) -> None:
    conversation = await said(desk, "kastanje")
    answer = (await desk.inbox.conversations.messages(conversation))[-1]
    await desk.inbox.run_job(partial(_with_a_file, message=answer.id))
    desk.clock.advance(days=10)
    desk.inbox.retention_rules = Retention(files=7 * DAY)
    assert counted(await desk.inbox.retention.apply()) == {"files": 1}
    kept = (await desk.inbox.conversations.message(answer.id)).parts
    assert [part.name for part in kept if isinstance(part, Attachment)] == ["offer.pdf"]
    assert [part.content for part in kept if isinstance(part, Attachment)] == [None]
    assert await desk.inbox.retention.foresee() == []


def _with_a_file(tx: Tx, message: str) -> None:
    """As a channel that carries files has it."""
    held = messages.held(tx, tx.ids.find("message", message))
    file = Attachment(name="offer.pdf", media_type="application/pdf", content=b"%PDF-kastanje")
    messages.rewrite(
        tx, held, held.content | {"parts": [*held.content["parts"], file.model_dump(mode="json")]}
    )


async def test_the_words_of_ratings_go_and_the_stars_stay(desk: Desk) -> None:
    desk.inbox.plan = Plan()
    conversation = await said(desk, "kastanje")
    await desk.inbox.run_job(partial(_rated, conversation=conversation))
    desk.clock.advance(days=10)
    desk.inbox.retention_rules = Retention(ratings=7 * DAY)
    assert counted(await desk.inbox.retention.apply()) == {"ratings": 1}
    [rating] = await desk.inbox.desk.ratings.of(conversation)
    assert rating.stars == 4
    assert not [one for one in _cells(desk) if one == "very kind"]


def _rated(tx: Tx, conversation: str) -> None:
    number = tx.ids.find("conversation", conversation)
    last = messages.last_heard(tx, number)
    assert last is not None
    assert last.peer is not None
    ratings.wait(tx, number, 0, tx.now())
    [waiting] = ratings.due(tx, 1)
    asked = (last.peer, last.account, last.kind, "zoe", "", "en", "digit", last.id, tx.now() + 3_600_000_000)
    ratings.ask(tx, waiting, ratings.Request(*asked))
    ratings.answer(tx, ratings.find(tx, waiting), ratings.Answer(4, "very kind", number, last.id))


async def test_who_wants_to_be_asked_no_more_is_not(desk: Desk) -> None:
    desk.inbox.plan = Plan()
    conversation = await said(desk, "kastanje")
    await desk.inbox.desk.ratings.spare(conversation)
    desk.clock.advance(days=40)
    desk.inbox.retention_rules = ALL
    await desk.inbox.retention.apply()
    peer = (await desk.inbox.run_job(lambda tx: tx.all("SELECT peer FROM ratings")))[0][0]
    assert (await desk.inbox.run_job(lambda tx: ratings.before(tx, int(str(peer)))))[1]


async def test_an_interrupted_walk_goes_on_where_it_was(
    desks: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, each with another worker that dies after it: the same in the end, and counted once."""
    monkeypatch.setattr(ageing, "_PAGE", 1)
    desk = desks(f"sqlite:///{tmp_path}/a.db")
    for who in ("anna", "ben"):
        await said(desk, f"kastanje of {who}", who)
    desk.clock.advance(days=40)
    await said(desk, "linde", "emma")
    desk.inbox.retention_rules = ALL
    foreseen = counted(await desk.inbox.retention.foresee())
    steps = 0
    while await _step(desk):
        steps += 1
        await desk.inbox.close()
        desk.again()
    assert steps > 15
    assert counted(await desk.inbox.retention.gone()) == foreseen
    assert foreseen["messages"] == 4
    assert len(await desk.everything()) == 2


async def _step(desk: Desk) -> int:
    desk.inbox.retention_rules = ALL
    return await desk.inbox.age()


async def test_what_is_opened_again_meanwhile_stays(
    desks: Callable[..., Desk], postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker does so between the look and the leaving."""
    url = postgres.ready()
    desk, other = desks(url), desks(url)
    conversation = await said(desk, "kastanje")
    desk.clock.advance(days=40)
    number = desk.inbox.open().ids.find("conversation", conversation)

    def meanwhile(tx: Tx, what: Aged, going: list[Item]) -> list[Item]:
        if what == "messages" and going:
            wait(other.inbox.open(), lambda tx: set_closed(tx, number, closed=False, actor="mia"))
        return still(tx, what, going)

    monkeypatch.setattr("omnichannel.inbox.retention.walk.still", meanwhile)
    desk.inbox.retention_rules = ALL
    assert counted(await desk.inbox.retention.foresee())["messages"] == 2
    assert not {"messages", "conversations"} & set(counted(await desk.inbox.retention.apply()))
    assert len(await desk.inbox.conversations.messages(conversation)) == 2


async def test_it_is_done_once_a_day_and_only_where_it_is_wanted(desks: Callable[..., Desk]) -> None:
    desk = desks("sqlite:///:memory:")
    conversation = await said(desk, "kastanje")
    desk.clock.advance(days=40)
    assert await desk.inbox.age() == 0
    assert await desk.inbox.retention.foresee() == []
    desk.inbox.retention_rules = Retention(messages=90 * DAY)
    await desk.inbox.work()
    desk.inbox.retention_rules = ALL
    await desk.inbox.work()
    assert await desk.inbox.conversations.get(conversation)
    desk.clock.advance(hours=25)
    await desk.inbox.work()
    with pytest.raises(NotFound):
        await desk.inbox.conversations.get(conversation)


async def test_what_waits_for_a_person_stays(desks: Callable[..., Desk]) -> None:
    """Parked deliveries, and messages that no handler could take."""
    desk = desks("sqlite:///:memory:")

    @desk.inbox.on_message
    async def fail(incoming: object) -> None:
        raise RuntimeError("not today")

    await desk.inbox.receive("chat", delivery({"unreadable": True, "id": "x"}))
    for _ in range(12):
        await desk.heard("kastanje")
        desk.clock.advance(hours=1)
    parked = await desk.inbox.parked()
    assert {one.what for one in parked} == {"delivery", "handler"}
    [message] = await desk.everything()
    await desk.inbox.conversations.close(message.conversation)
    desk.clock.advance(days=40)
    desk.inbox.retention_rules = ALL
    went = counted(await desk.inbox.retention.apply())
    assert went["messages"] == went["conversations"] == 0
    assert await desk.inbox.parked() == parked


async def test_what_was_held_back_is_kept_as_messages_are(desk: Desk) -> None:
    """Its words stand in the delivery alone."""
    desk.inbox.plan = Plan()
    conversation = await said(desk, "kastanje")
    await desk.inbox.desk.blocks.block(conversation, reason="threats", actor="zoe")
    await desk.inbox.receive("chat", delivery({"id": "m9", "from": "anna", "text": "boze eik"}))
    await desk.inbox.work()
    desk.clock.advance(days=10)
    desk.inbox.retention_rules = Retention(deliveries=7 * DAY)
    assert counted(await desk.inbox.retention.apply())["deliveries"] == 1
    assert [one for one in _cells(desk) if "boze eik" in one]
    desk.inbox.retention_rules = Retention(messages=7 * DAY)
    assert counted(await desk.inbox.retention.apply())["deliveries"] == 1
    assert not [one for one in _cells(desk) if "boze eik" in one]
    assert desk.state()["held_back"] == []


def test_without_await(desks: Callable[..., Desk]) -> None:
    desk = desks("sqlite:///:memory:")
    desk.inbox.retention_rules = ALL
    with desk.inbox.sync() as box:
        assert box.retention.foresee() == box.retention.apply() == box.retention.gone() == []
