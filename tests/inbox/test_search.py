"""Searching messages and customers: the same on both engines, and never anything that is not there any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.desk import Plan
from omnichannel.desk.search import Field, asked, match
from omnichannel.errors import ConfigError, NotFound, UsageError
from omnichannel.model import Attachment, Direction, Evidence, Purpose, Query, Strength, Term, Text, Where
from omnichannel.run import run
from omnichannel.store import Tx
from omnichannel.store.messages import content_of_parts
from omnichannel.store.search import documents
from tests.chat import delivery
from tests.desk.languages import FOUND, NOT_FOUND
from tests.inbox.desk import Desk, at


async def found(desk: Desk, words: str | Query = "", **more: object) -> list[str]:
    """The texts of the messages that are found, in their order."""
    page = await desk.inbox.search.messages(words, **more)
    assert page.waiting == 0
    return [one.message.text for one in page.found]


async def names(desk: Desk, words: str, **more: object) -> list[str]:
    """The names of the customers that are found, in their order."""
    return [one.customer.name for one in (await desk.inbox.search.customers(words, **more)).found]


# ------------------------------------------------------------------------------------------------- messages


async def test_what_was_said_is_found_the_newest_first(desk: Desk) -> None:
    for number in range(3):
        await desk.heard(f"parcel {number}")
        desk.clock.advance(seconds=1)
    await desk.heard("something else")
    assert await found(desk, "parcel") == ["parcel 2", "parcel 1", "parcel 0"]
    await desk.heard("parcel 3", who="ben")
    assert (await found(desk, "PARCEL"))[0] == "parcel 3"
    assert await found(desk, "parcels") == []


async def test_both_engines_find_the_same_in_every_language(desk: Desk) -> None:
    """Each query among all texts: what is found is just what the rules say of each text by itself."""
    texts = [*dict.fromkeys([said for said, _, _ in FOUND] + [said for said, _ in NOT_FOUND])]
    for number, text in enumerate(texts):
        await desk.hear({"id": f"m{number}", "from": "anna", "text": text})
    for query in dict.fromkeys(
        [asked_for for _, asked_for, _ in FOUND] + [asked_for for _, asked_for in NOT_FOUND]
    ):
        wanted = [text for text in texts if match(asked(query), [Field("text", text)])]
        assert sorted(await found(desk, query, most=100)) == sorted(wanted), query


async def test_pages_follow_each_other_and_end(desk: Desk) -> None:
    for number in range(25):
        await desk.heard(f"parcel {number}")
    seen: list[str] = []
    page, pages = "", 0
    while pages == 0 or page:
        got = await desk.inbox.search.messages("parcel", page=page, most=10)
        seen += [one.message.text for one in got.found]
        page, pages = got.page, pages + 1
        await desk.heard(f"parcel, later {pages}")  # what comes meanwhile is on no later page
    assert seen == [f"parcel {number}" for number in reversed(range(25))]
    assert pages == 3


async def test_the_best_first_is_one_page(desk: Desk) -> None:
    await desk.heard("about a parcel", on="letter", subject="my parcel", id="one")
    for number in range(3):
        await desk.heard(f"a parcel {number}")
    assert (await found(desk, "parcel", order="best", most=2))[0] == "about a parcel"
    with pytest.raises(UsageError, match="one page"):
        await desk.inbox.search.messages("parcel", order="best", page="x")


async def test_an_excerpt_says_where_it_stands(desk: Desk) -> None:
    await desk.heard("where is my parcel?", on="letter", subject="Order 4711")
    (one,) = (await desk.inbox.search.messages("4711 parcel")).found
    shown = [(part.place, [part.text[start:end] for start, end in part.hits]) for part in one.excerpts]
    assert shown == [("subject", ["4711"]), ("text", ["parcel"])]


async def test_a_query_can_be_given_as_a_value(desk: Desk) -> None:
    await desk.heard("parcels and more")
    assert await found(desk, Query(wanted=(Term(words=("parc",), begins=True),))) == ["parcels and more"]


@pytest.mark.parametrize("most", [0, -1, 301])
async def test_a_page_has_its_size(desk: Desk, most: int) -> None:
    with pytest.raises(UsageError, match="1 to 300"):
        await desk.inbox.search.messages("parcel", most=most)


async def test_a_page_that_was_never_handed_out_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.inbox.search.messages("parcel", page="2")


# --------------------------------------------------------------------------------------------------- narrowing


async def _several(desk: Desk) -> None:
    await desk.heard("parcel by chat", who="anna")
    desk.clock.advance(hours=1)
    await desk.heard("parcel elsewhere", who="ben", on="other")
    desk.clock.advance(hours=1)
    letter = await desk.heard("parcel by letter", who="carl", on="letter", subject="paper")
    await desk.inbox.conversations.note(letter.conversation, "parcel noted")
    await desk.inbox.conversations.reply(letter.conversation, "parcel answered")


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        (Where(account="other"), ["elsewhere"]),
        (Where(kind="chat"), ["elsewhere", "by chat"]),
        (Where(direction=Direction.INTERNAL), ["noted"]),
        (Where(direction=Direction.OUTBOUND), ["answered"]),
        (Where(account="nowhere"), []),
        (Where(files=True), []),
        (Where(files=False, account="chat"), ["by chat"]),
        (Where(assignee="zoe"), ["by chat"]),
        (Where(assignee="", kind="chat"), ["elsewhere"]),
    ],
)  # fmt: skip
async def test_a_search_is_narrowed(desk: Desk, where: Where, wanted: list[str]) -> None:
    await _several(desk)
    await desk.inbox.add_agent("zoe")
    (first,) = await desk.named("chat-anna-parcel by chat")
    await desk.inbox.conversations.assign(first.conversation, "zoe")
    assert await found(desk, "parcel", where=where) == [f"parcel {text}" for text in wanted]
    assert await found(desk, "", where=where) == [f"parcel {text}" for text in wanted]


async def test_by_when_it_came(desk: Desk) -> None:
    start = desk.clock.now()
    await _several(desk)
    hour = timedelta(hours=1)
    assert await found(desk, "parcel", where=Where(until=start + hour)) == ["parcel by chat"]
    assert await found(desk, "parcel", where=Where(since=start + hour, until=start + 2 * hour)) == [
        "parcel elsewhere"
    ]
    assert len(await found(desk, "", where=Where(since=start + 2 * hour))) == 3


async def test_within_a_conversation_or_a_customer(desk: Desk) -> None:
    await _several(desk)
    (hers,) = await desk.named("chat-anna-parcel by chat")
    (his,) = await desk.named("letter-carl-parcel by letter", on="letter")
    carl = await desk.customer("carl", "letter")
    assert await found(desk, "parcel", conversation=hers.conversation) == ["parcel by chat"]
    assert await found(desk, "parcel", who=carl.id) == ["parcel answered", "parcel noted", "parcel by letter"]
    assert await found(desk, "noted", who=carl.id) == ["parcel noted"]
    assert await found(desk, "noted", who=carl.id, conversation=hers.conversation) == []
    assert (
        await found(desk, "parcel", who=(await desk.customer("anna")).id, conversation=his.conversation) == []
    )


async def test_for_a_purpose_what_is_not_proven_is_looked_through_too(desk: Desk) -> None:
    """As the timeline does: to disclose, only what is proven to be theirs."""
    await desk.heard("parcel of a stranger", who="anna2")
    await desk.heard("hello", who="anna")
    said = Evidence(address=at("anna2"), strength=Strength.ASSERTED, method="form")
    await desk.inbox.identity.observe(at("anna"), [said], strength=Strength.VERIFIED)
    anna = (await desk.customer("anna")).id
    assert await found(desk, "parcel", who=anna) == []
    timeline = await desk.inbox.customers.timeline(anna, purpose=Purpose.ASSIST)
    wanted = [one.text for one in timeline if "parcel" in one.text]
    assert await found(desk, "parcel", who=anna, purpose=Purpose.ASSIST) == wanted


async def test_by_what_the_desk_knows(desk: Desk) -> None:
    desk.inbox.plan = Plan()
    one = await desk.heard("parcel one", who="anna")
    await desk.heard("parcel two", who="ben")
    await desk.inbox.desk.tag(one.conversation, "chair", "oak")
    assert await found(desk, "parcel", where=Where(tags=frozenset({"chair"}))) == ["parcel one"]
    assert await found(desk, "", where=Where(tags=frozenset({"chair", "desk"}))) == []
    desk.inbox.plan = None
    with pytest.raises(ConfigError, match="Plan"):
        await desk.inbox.search.messages("parcel", where=Where(team="service"))


async def test_by_the_names_of_files(desk: Desk) -> None:
    message = await desk.heard("see there")
    other = await desk.heard("invoice", who="ben")

    def attach(tx: Tx) -> None:
        for one, name in ((message, "Invoice-4711 final.PDF"), (other, "photo.jpg")):
            parts = (Text(text=one.text), Attachment(name=name))
            number = tx.ids.find("message", one.id)
            tx.run(
                "UPDATE messages SET content = ? WHERE workspace = ? AND id = ?",
                content_of_parts(parts),
                tx.ws,
                number,
            )

    await desk.inbox.run_job(attach)
    assert await found(desk, "invoice 4711") == ["see there"]
    assert await found(desk, "", where=Where(file="invoice")) == ["see there"]
    assert await found(desk, "", where=Where(file='"4711 final" pd*')) == ["see there"]
    assert await found(desk, "there", where=Where(file="photo")) == []
    assert len(await found(desk, "", where=Where(files=True))) == 2
    with pytest.raises(UsageError, match="no word"):
        await desk.inbox.search.messages("", where=Where(file="*"))


# ------------------------------------------------------------------------------------------- what became of it


async def test_edits_and_deletions_are_followed(desk: Desk) -> None:
    await desk.heard("old words")
    assert await found(desk, "old") == ["old words"]
    edit = {
        "id": "e1",
        "kind": "edited",
        "targets": ["chat-anna-old words"],
        "from": "anna",
        "text": "new ones",
    }
    await desk.hear(edit)
    assert (await found(desk, "old"), await found(desk, "new")) == ([], ["new ones"])
    await desk.hear({"id": "d1", "kind": "deleted", "targets": ["chat-anna-old words"], "from": "anna"})
    assert await found(desk, "new") == []


async def test_an_edit_that_the_index_has_not_seen_yet_shows_nothing_that_is_gone(desk: Desk) -> None:
    """The message's own words are what counts, not what was once taken in."""
    message = await desk.heard("secret words")
    assert await found(desk, "secret") == ["secret words"]

    def rewrite(tx: Tx) -> None:
        number = tx.ids.find("message", message.id)
        tx.run(
            "UPDATE messages SET content = ? WHERE workspace = ? AND id = ?", '{"parts":[]}', tx.ws, number
        )

    await desk.inbox.run_job(rewrite)
    assert await found(desk, "secret") == []


async def test_moved_and_joined_messages_are_found_where_they_are(desk: Desk) -> None:
    one = await desk.heard("parcel one", who="anna")
    two = await desk.heard("parcel two", who="ben")
    assert await found(desk, "parcel", conversation=two.conversation) == ["parcel two"]
    await desk.inbox.conversations.move(one.id, two.conversation)
    assert sorted(await found(desk, "parcel", conversation=two.conversation)) == ["parcel one", "parcel two"]
    assert await found(desk, "parcel", conversation=one.conversation) == []


async def test_what_is_frozen_stands_in_no_search_but_its_own(desk: Desk) -> None:
    hers = await desk.heard("parcel of hers", who="anna", name="Anna")
    await desk.heard("parcel of his", who="ben", name="Ben")
    await desk.inbox.conversations.note(hers.conversation, "parcel noted")
    anna = (await desk.customer("anna")).id
    await desk.inbox.identity.freeze(anna, actor="zoe")
    assert await found(desk, "parcel") == ["parcel of his"]
    assert sorted(await found(desk, "parcel", frozen=True)) == ["parcel noted", "parcel of hers"]
    assert (await names(desk, "anna"), await names(desk, "anna", frozen=True)) == ([], ["Anna"])
    await desk.inbox.identity.unfreeze(anna, actor="zoe")
    assert len(await found(desk, "parcel")) == 3


# ------------------------------------------------------------------------------------------------ keeping it


async def test_nobody_pays_who_never_searches(desk: Desk) -> None:
    await desk.heard("parcel")
    assert await desk.inbox.index() == 0
    assert not (await desk.inbox.search.progress()).begun
    assert desk.state()["sought"] == desk.state()["indexed"] == []


async def test_what_was_there_before_is_taken_in_the_newest_first(
    shared_url: str, desks: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bit at each search, the rest by whoever works; an interruption costs nothing, and it says how far it is."""
    desk = desks(shared_url)
    monkeypatch.setattr("omnichannel.inbox.search.indexing.SOME", 4)
    monkeypatch.setattr("omnichannel.inbox.search.indexing.index.__defaults__", (4,))
    for number in range(10):
        await desk.heard(f"parcel {number}")
        desk.clock.advance(seconds=1)
    first = await desk.inbox.search.messages("parcel")
    assert first.waiting > 0
    assert len(first.found) < 10
    while (await desk.inbox.search.progress()).back_to is None:
        assert await desk.inbox.index()
    some = await desk.inbox.search.messages("parcel")
    assert [one.message.text for one in some.found][:2] == ["parcel 9", "parcel 8"]
    desk.again()  # whoever did it died
    while await desk.inbox.index():
        pass
    assert await found(desk, "parcel") == [f"parcel {number}" for number in reversed(range(10))]
    progress = await desk.inbox.search.progress()
    assert (progress.begun, progress.waiting, progress.back_to) == (True, 0, None)


async def test_another_process_begins_to_take_in_when_somebody_searched(
    shared_url: str, desks: Callable[..., Desk]
) -> None:
    desk = desks(shared_url)
    await desk.heard("parcel")
    server = desk.inbox
    await server.index()
    desk.again()
    await desk.inbox.search.messages("parcel")
    await desk.inbox.receive("chat", delivery({"id": "m2", "from": "anna", "text": "another parcel"}))
    await server.read()
    assert await server.index() == 0  # it asked just now
    desk.clock.advance(minutes=2)
    assert await server.index() > 0
    assert (await desk.inbox.search.progress()).waiting == 0


async def test_where_happenings_were_let_go_unseen_all_is_looked_at_again(desk: Desk) -> None:
    await found(desk, "parcel")
    for number in range(3):
        await desk.heard(f"parcel {number}")

    def forget(tx: Tx) -> None:
        tx.run("DELETE FROM sought WHERE workspace = ?", tx.ws)
        (last,) = tx.one("SELECT MAX(position) FROM happenings WHERE workspace = ?", tx.ws) or (0,)
        tx.run("UPDATE indexed SET position = 1 WHERE workspace = ?", tx.ws)
        tx.run("INSERT INTO let_go (workspace, position, happening, at) VALUES (?, ?, 1, 0)", tx.ws, last)

    await desk.inbox.run_job(forget)
    await desk.inbox.work()
    assert len(await found(desk, "parcel")) == 3


async def test_other_rules_make_another_index(desk: Desk) -> None:
    """What was taken in by older rules is taken in anew, each in its place."""
    await desk.heard("parcel")
    await found(desk, "parcel")

    def older(tx: Tx) -> None:
        tx.run("UPDATE sought SET words = '1:other' WHERE workspace = ?", tx.ws)
        tx.run("UPDATE indexed SET folding = 0 WHERE workspace = ?", tx.ws)

    before = desk.state()
    await desk.inbox.run_job(older)
    assert await found(desk, "parcel") == ["parcel"]
    assert desk.state() == before


async def test_messages_of_one_moment_have_places_of_their_own(desk: Desk) -> None:
    """The clock stands still: every one is found, in the order in which they came."""
    await found(desk, "parcel")
    for start in range(0, 40, 10):
        await desk.hear(
            *({"id": f"m{n}", "from": f"p{n}", "text": f"parcel {n}"} for n in range(start, start + 10))
        )
    assert len(await found(desk, "parcel", most=100)) == 40
    docs = [row[1] for row in desk.state()["sought"]]
    assert len(set(docs)) == len(docs) == 80


async def test_two_workspaces_find_their_own(shared_url: str, desks: Callable[..., Desk]) -> None:
    ours, theirs = desks(shared_url), desks(shared_url, workspace="theirs")
    await theirs.heard("secret parcel", who="anna", name="Anna")
    await ours.heard("our parcel", who="ben", name="Ben")
    assert await found(theirs, "parcel") == ["secret parcel"]
    assert await found(ours, "parcel") == ["our parcel"]
    assert await found(ours, "secret") == await names(ours, "anna") == []
    for where in (Where(account="chat"), Where(direction=Direction.INBOUND), Where(files=False)):
        assert await found(ours, "", where=where) == ["our parcel"]


async def test_a_long_text_is_found_by_its_beginning(desk: Desk) -> None:
    """Far more words than an engine takes: the first ones are found, and nothing fails."""
    message = await desk.heard("x")
    words = " ".join(f"word{number}é" * 6 for number in range(20_000))

    def grow(tx: Tx) -> None:
        number = tx.ids.find("message", message.id)
        content = content_of_parts((Text(text=words),))
        tx.run("UPDATE messages SET content = ? WHERE workspace = ? AND id = ?", content, tx.ws, number)

    await desk.inbox.run_job(grow)
    assert len(await found(desk, "word1é" * 6)) == 1
    assert max(len(str(row[4])) for row in desk.state()["sought"]) <= documents._MOST_BYTES


# --------------------------------------------------------------------------------------------------- customers


async def test_customers_are_found_by_name_and_address(desk: Desk) -> None:
    await desk.heard("hi", who="anna-77", name="Anna de Wit")
    await desk.heard("hi", who="ben-88", name="Ben Groen")
    assert await names(desk, "wit") == ["Anna de Wit"]
    assert await names(desk, '"anna de"') == ["Anna de Wit"]
    assert await names(desk, "ben-88") == ["Ben Groen"]
    assert await names(desk, "an*") == ["Anna de Wit"]
    assert await names(desk, "anna groen") == []
    (one,) = (await desk.inbox.search.customers("wit")).found
    assert [(part.place, part.text, part.hits) for part in one.excerpts] == [
        ("name", "Anna de Wit", ((8, 11),))
    ]
    with pytest.raises(UsageError, match="no word"):
        await desk.inbox.search.customers("!")


async def test_what_was_said_of_customers_counts_for_a_purpose(desk: Desk) -> None:
    await desk.heard("hi", who="anna", name="Anna")
    await desk.inbox.identity.observe(
        at("anna"), facts={"street": "Dorpsstraat 5"}, strength=Strength.ASSERTED
    )
    await desk.inbox.work()
    assert await names(desk, "dorpsstraat") == []
    assert await names(desk, "dorpsstraat", purpose=Purpose.ASSIST) == ["Anna"]
    await desk.inbox.identity.observe(
        at("anna"), facts={"street": "Dorpsstraat 5"}, strength=Strength.VERIFIED
    )
    assert await names(desk, "dorpsstraat") == ["Anna"]


async def test_a_merged_customer_is_found_once(desk: Desk) -> None:
    await desk.heard("hi", who="anna", name="Anna Wit")
    await desk.heard("hi", who="annie", name="Annie Wit")
    assert len(await names(desk, "wit")) == 2
    await desk.inbox.identity.merge(at("anna"), at("annie"), actor="zoe")
    assert len(await names(desk, "wit")) == 1


# -------------------------------------------------------------------------------------------------- properties

_SAID = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=30
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(_SAID, min_size=1, max_size=4), query=st.data())
def test_an_engine_finds_what_the_rules_find(desk: Desk, texts: list[str], query: st.DataObject) -> None:
    """Any texts, and any piece of one of them as the query: found is what the rules say of each."""
    one = query.draw(st.sampled_from(texts))
    start = query.draw(st.integers(0, len(one)))
    piece = one[start : start + query.draw(st.integers(1, 12))]
    try:
        wanted_query = asked(piece)
    except UsageError:
        return

    async def check() -> None:
        base = len(await desk.everything())
        for number, text in enumerate(texts):
            await desk.hear({"id": f"m{base + number}", "from": "anna", "text": text})
        if wanted_query.wanted:
            every = [message.text for message in await desk.everything()]
            wanted = [text for text in every if match(wanted_query, [Field("text", text)])]
            assert sorted(await found(desk, piece, most=300)) == sorted(wanted)
        await desk.inbox.close()

    asyncio.run(check())


async def test_a_server_keeps_it_up_to_date_by_itself(desk: Desk) -> None:
    """Nobody searches, nobody works on it but the loops."""
    await found(desk, "parcel")
    stop = asyncio.Event()
    running = asyncio.create_task(run(desk.inbox, stop))
    await desk.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "a parcel"}))
    while not any("parcel" in str(row[4]) for row in desk.state()["sought"]):
        await asyncio.sleep(0.01)
    stop.set()
    await running
    assert await found(desk, "parcel") == ["a parcel"]


@pytest.mark.parametrize("limit", ["MOST_READ", "MOST_TEXT"])
async def test_a_call_reads_so_much_and_leaves_the_rest_to_the_next_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Words that stand everywhere, in a row that stands once: pages without any, and none of it is lost."""
    monkeypatch.setattr("omnichannel.inbox.search.looking.AT_ONCE", 5)
    monkeypatch.setattr(f"omnichannel.inbox.search.looking.{limit}", 10)
    await desk.heard("a parcel of mine")
    for number in range(30):
        await desk.heard(f"mine of a parcel {number}")
    seen, pages, page = [], 0, ""
    while pages == 0 or page:
        got = await desk.inbox.search.messages('"parcel of mine"', page=page)
        seen.append([one.message.text for one in got.found])
        pages, page = pages + 1, got.page
    assert seen[0] == []
    assert seen[-1] == ["a parcel of mine"]
    assert pages > 3


async def test_what_follows_a_frequent_word_is_walked_on_postgres(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little is walked at first, everything is found, once, and in order."""
    monkeypatch.setattr("omnichannel.store.search.looking._LAST", 2)
    for number in range(12):
        await desk.heard(f"{'parcel' if number % 3 else 'letter'} {number}")
    wanted = [f"parcel {number}" for number in reversed(range(12)) if number % 3]
    for most in (1, 3, 20):
        assert await found(desk, "parcel", most=most) == wanted[:most]


async def test_what_means_something_to_an_engine_is_words_to_us(desk: Desk) -> None:
    """Operators, quotes, marks of ours and nonsense: nothing fails, and nothing is found by it that has no such words."""
    await desk.heard("parcel")
    for typed in (
        "parcel OR letter", "NEAR(parcel letter)", '" OR "1:parcel', "1:parcel", "1:par*", "words:parcel", "^parcel x",
        "parcel' | 'letter", "parcel \\ letter", "parcel:* & !letter", "par%", "'; DROP TABLE sought; --", "{x} parcel y",
        "\x00parcel\x00x", "1/inbound", "1@chat", "*parcel z", "parcel ﻿x", "½ ⑴ ﷺ",
    ):  # fmt: skip
        assert await found(desk, typed) == [], typed
    assert await found(desk, "(parcel)") == await found(desk, "^parcel") == ["parcel"]
