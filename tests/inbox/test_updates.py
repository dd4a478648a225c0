"""What happens to a message after it was sent: by its author alone, in whatever order it is told."""

from __future__ import annotations

from itertools import permutations

import pytest

from omnichannel import Inbox
from tests.engines import HandClock
from tests.inbox.desk import Desk


def change(kind: str, number: int = 1, **more) -> dict:
    return {"id": f"{kind}{number}", "kind": kind, "targets": ["m1"], "from": "anna"} | more


MESSAGE = {"id": "m1", "from": "anna", "text": "first words"}


async def test_an_edit_gives_new_words_and_says_so(desk: Desk) -> None:
    await desk.hear(MESSAGE)
    await desk.hear(change("edited", text="better words"))
    (message,) = await desk.named("m1")
    assert (message.text, message.edited, message.deleted) == ("better words", True, False)
    assert (await desk.inbox.raw(message.id)).body.count(b"first words"), "the first words are in the raw"


async def test_a_deletion_leaves_the_message_without_words(desk: Desk) -> None:
    await desk.hear(MESSAGE)
    await desk.hear(change("deleted"))
    (message,) = await desk.named("m1")
    assert (message.text, message.parts, message.deleted) == ("", (), True)


async def test_a_reaction_is_somebodys_and_can_be_taken_back(desk: Desk) -> None:
    await desk.hear(MESSAGE)
    await desk.hear(
        change("reaction", 1, reaction="👍"), change("reaction", 2, reaction="❤", **{"from": "ben"})
    )
    (message,) = await desk.named("m1")
    assert message.reactions == (("chat::anna", "👍"), ("chat::ben", "❤"))
    await desk.hear(
        change("reaction", 3, reaction="😡"), change("reaction", 4, removed=True, **{"from": "ben"})
    )
    (message,) = await desk.named("m1")
    assert message.reactions == (("chat::anna", "😡"),)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_edits_and_deletions_end_the_same_in_any_order(
    clock: HandClock, order: tuple[int, ...]
) -> None:
    """T20: before or after the message, the deletion stands: deleted words are never shown again."""
    desk = Desk("sqlite:///:memory:", clock)
    events = [MESSAGE, change("edited", text="better words"), change("deleted")]
    for position in order:
        await desk.hear(events[position])
    (message,) = await desk.named("m1")
    assert (message.text, message.parts, message.deleted) == ("", (), True)
    await desk.inbox.close()


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_of_several_edits_the_last_one_made_counts(clock: HandClock, order: tuple[int, ...]) -> None:
    """The platform says when each was made; the order in which we hear of them does not matter."""
    desk = Desk("sqlite:///:memory:", clock)
    events = [MESSAGE, change("edited", 1, text="second", at=100), change("edited", 2, text="third", at=200)]
    for position in order:
        await desk.hear(events[position])
    (message,) = await desk.named("m1")
    assert message.text == "third"
    await desk.inbox.close()


async def test_updates_in_one_delivery_before_their_message(desk: Desk) -> None:
    await desk.hear(change("reaction", reaction="👍"), change("edited", text="x"), MESSAGE)
    (message,) = await desk.named("m1")
    assert (message.text, message.reactions) == ("x", (("chat::anna", "👍"),))
    assert desk.state()["early"] == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["edited", "deleted"])
async def test_nobody_changes_another_persons_words(desk: Desk, kind: str, when: str) -> None:
    events = [MESSAGE, change(kind, text="I owe eve 1000", **{"from": "eve"})]
    for event in events if when == "after" else reversed(events):
        await desk.hear(event)
    (message,) = await desk.named("m1")
    assert (message.text, message.edited, message.deleted) == ("first words", False, False)
    (refused,) = await desk.happened("message.update_refused")
    assert refused.message == message.id


@pytest.mark.parametrize("kind", ["edited", "deleted"])
async def test_a_customer_does_not_change_our_words(desk: Desk, kind: str) -> None:
    """What we said stands; our own account may change it."""
    message = await desk.heard("hello")
    reply = await desk.inbox.conversations.reply(message.conversation, "no refund")
    await desk.inbox.work()
    await desk.hear(change(kind, 1, targets=["out-1"], text="full refund"))
    assert (await desk.inbox.conversations.message(reply.id)).text == "no refund"
    await desk.hear(change(kind, 2, targets=["out-1"], text="a refund", **{"from": "us"}))
    ours = await desk.inbox.conversations.message(reply.id)
    assert ours.text == ("a refund" if kind == "edited" else "")


async def test_a_platform_that_does_not_say_who_may_change_anything(desk: Desk, monkeypatch) -> None:
    """Where an update names nobody, the platform itself vouches for it."""
    from tests.chat import Chat

    real = Chat._event

    def event(self, item):
        found = real(self, item)
        return found.model_copy(update={"sender": None}) if "kind" in item else found

    monkeypatch.setattr(Chat, "_event", event)
    await desk.hear(MESSAGE, change("deleted"), change("reaction", reaction="👍"))
    (message,) = await desk.named("m1")
    assert message.deleted
    assert message.reactions == (("", "👍"),)


async def test_typing_is_nothing_and_the_platforms_own_words_are_on_record(desk: Desk) -> None:
    await desk.hear(MESSAGE)
    await desk.hear(
        change("typing"), change("handover", reason="to the bot"), change("optin", **{"from": "new"})
    )
    events = [
        (event.what, event.detail) for event in await desk.happened() if event.what.startswith("channel.")
    ]
    assert events == [("channel.handover", {"reason": "to the bot"}), ("channel.optin", {})]


async def test_a_status_for_a_customers_message_means_nothing(desk: Desk) -> None:
    await desk.hear(MESSAGE)
    before = (await desk.named("m1"))[0]
    await desk.hear({"id": "s1", "kind": "status", "status": "read", "targets": ["m1"]})
    assert (await desk.named("m1"))[0] == before
    assert desk.state()["early"] == []


async def test_an_inbox_can_be_closed_and_opened_again(tmp_path, clock: HandClock) -> None:
    inbox = Inbox(f"sqlite:///{tmp_path / 'a.db'}", clock=clock)
    for _ in range(3):
        async with inbox:
            await inbox.add_agent("zoe")
    assert len(await inbox.agents()) == 1
    await inbox.close()
    await inbox.close()
