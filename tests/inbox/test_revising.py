"""A message that goes on: a call that rings, is answered and ends, with a recording and its words that come later."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from omnichannel.inbox.updating import _edited
from omnichannel.model import Attachment, Location, Part, System, Text, Updated
from tests.engines import HandClock
from tests.inbox.desk import LOST, Desk

RINGING = System(what="call", text="ringing")
ENDED = System(what="call", text="ended after 42 s")
VOICEMAIL = System(what="recording", text="voicemail, 12 s")
FILE = Attachment(external_id="RE1", url="https://x/1.mp3")
MARK = System(what="transcript", text="written down by a machine")


def edit(*parts: Part, at: int = 0) -> Updated:
    sent_at = datetime.fromtimestamp(at, UTC) if at else None
    return Updated(kind="edited", external_id="e", targets=("m1",), parts=parts, sent_at=sent_at)


def after(*edits: Updated, of: tuple[Part, ...]) -> list[tuple[str, str]]:
    """The parts of a message after some edits, each by its type and what tells it."""
    content: dict = {"parts": [part.model_dump(exclude_defaults=True) | {"type": part.type} for part in of]}
    for each in edits:
        content = _edited(content, each)
    return [
        (part["type"], part.get("text") or part.get("external_id") or part.get("url", ""))
        for part in content["parts"]
    ]


def test_what_was_told_is_told_anew_in_its_place() -> None:
    told = after(edit(VOICEMAIL, FILE), edit(ENDED), of=(RINGING,))
    assert told == [("system", ENDED.text), ("system", VOICEMAIL.text), ("attachment", "RE1")]


def test_words_stay_when_something_only_happened() -> None:
    told = after(edit(ENDED), edit(VOICEMAIL, FILE), of=(RINGING, Text(text="spoken")))
    assert told == [
        ("system", ENDED.text), ("text", "spoken"), ("system", VOICEMAIL.text), ("attachment", "RE1"),
    ]  # fmt: skip


def test_words_that_come_with_what_happened_take_the_place_of_words() -> None:
    told = after(edit(MARK, Text(text="one"), Text(text="two")), of=(Text(text="old"), RINGING))
    assert told == [("system", RINGING.text), ("system", MARK.text), ("text", "one"), ("text", "two")]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_it_is_told_the_same_is_known(order: tuple[int, ...]) -> None:
    edits = [edit(ENDED, at=200), edit(System(what="call", text="answered"), at=100), edit(VOICEMAIL, FILE),
             edit(MARK, Text(text="hello"))]  # fmt: skip
    told = after(*(edits[place] for place in order), of=(RINGING,))
    assert told[0] == ("system", ENDED.text)
    assert sorted(told[1:]) == sorted(
        [("system", VOICEMAIL.text), ("attachment", "RE1"), ("system", MARK.text), ("text", "hello")]
    )


def test_the_same_file_twice_is_one() -> None:
    again = FILE.model_copy(update={"name": "voicemail.mp3"})
    assert after(edit(VOICEMAIL, again), edit(VOICEMAIL, FILE), of=(RINGING,))[1:] == [
        ("system", VOICEMAIL.text), ("attachment", "RE1"),
    ]  # fmt: skip


def test_new_words_replace_old_ones_and_leave_everything_else() -> None:
    place = Location(latitude=1, longitude=2)
    told = after(edit(Text(text="new")), of=(Text(text="old"), FILE, place, RINGING))
    assert told == [("text", "new"), ("attachment", "RE1"), ("location", ""), ("system", RINGING.text)]


def test_words_that_were_taken_away_are_gone() -> None:
    assert after(edit(), of=(Text(text="old"), FILE)) == [("attachment", "RE1")]
    assert after(edit(FILE), of=(Text(text="old"), FILE)) == [("attachment", "RE1")]


def test_files_that_an_edit_adds_are_added_and_nameless_ones_never_stand_for_each_other() -> None:
    nameless = Attachment(name="a")
    told = after(edit(Text(text="new"), nameless), of=(nameless, FILE))
    assert told == [("text", "new"), ("attachment", ""), ("attachment", ""), ("attachment", "RE1")]


async def test_a_status_that_knows_both_our_mark_and_the_platforms_id_settles_a_doubt(
    clock: HandClock,
) -> None:
    """The answer was lost; the status tells that it arrived, and under which id: nothing waits for it any more."""
    desk = Desk("sqlite:///:memory:", clock)
    message = await desk.heard("hello")
    desk.far["chat"].answers = [LOST]
    desk.far["chat"].lost_after_taking = True
    reply = await desk.inbox.conversations.reply(message.conversation, "answer")
    await desk.inbox.work()
    item = {"kind": "status", "targets": ["real-1"], "correlator": f"{reply.id}/0"}
    await desk.hear({"id": "u1", "status": "sent"} | item)
    await desk.hear({"id": "u2", "status": "delivered", "kind": "status", "targets": ["real-1"]})
    (sending,) = (await desk.inbox.conversations.message(reply.id)).sendings
    assert (sending.status, sending.external_id) == ("delivered", "real-1")
    assert desk.state()["early"] == []
    await desk.inbox.close()
