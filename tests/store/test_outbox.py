"""What waits to be sent: in order, never twice by itself, and its status only goes forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from omnichannel.channel import Call
from omnichannel.model import Delivered, Direction, Party, Strength
from omnichannel.store import Store, Tx, conversations, meant, messages, outbox, people
from omnichannel.store.outbox import FAILED, SENT, UNKNOWN, Leased
from tests.chat import party
from tests.engines import MORNING, HandClock, wait

LEASE = 120_000_000


def queue_message(store: Store, conversation: int, *calls: Call, peer: int | None = None) -> int:
    """A message of ours with these calls; its number."""

    def job(tx: Tx) -> int:
        number = tx.ids.new()
        said = messages.Saying(
            "chat", "chat", Direction.OUTBOUND, False, peer, "", "", tx.now(), "", None, "", '{"parts":[]}'
        )
        messages.write(tx, conversation, number, said, received_at=tx.now())
        outbox.add(tx, conversation, number, "chat", calls)
        return number

    return wait(store, job)


def talk(store: Store, who: Party | None = None) -> tuple[int, int]:
    """A conversation and the number of whoever takes part."""

    def job(tx: Tx) -> tuple[int, int]:
        person = people.meet(tx, who or party("anna"), Strength.VERIFIED, "platform_id", None, tx.now())
        return conversations.open_conversation(tx, "", person.id, tx.now()), person.id

    return wait(store, job)


def call(text: str = "hi", **more) -> Call:
    return Call(url="https://x/", text=text, **more)


def lease(store: Store, clock: HandClock, most: int = 9) -> list[Leased]:
    return wait(store, lambda tx: outbox.lease(tx, most, clock.micros + LEASE))


def said(leased: list[Leased]) -> list[str]:
    return [one.call.text for one in leased]


def settle(store: Store, one: Leased, state: int, external_id: str = "", detail: str = "") -> bool:
    return wait(store, lambda tx: outbox.settle(tx, one.id, state, external_id, detail))


def shown(store: Store, message: int) -> list[Delivered]:
    return wait(store, lambda tx: outbox.of_messages(tx, [message])).get(message, [])


def test_a_call_survives_the_store_exactly(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    given = call(
        body=b"\x00\xff", headers=(("A", "b"),), chain="/a/0", correlator="c", prepares=True, timeout=5
    )
    queue_message(store, conversation, given)
    (leased,) = lease(store, clock)
    assert leased.call == given
    assert (leased.account, leased.conversation, leased.attempts) == ("chat", conversation, 0)


def test_calls_of_a_conversation_leave_one_after_the_other(store: Store, clock: HandClock) -> None:
    """An answer never overtakes an earlier one, over several messages; other conversations do not wait."""
    one, _ = talk(store)
    two, _ = talk(store, party("ben"))
    queue_message(store, one, call("1a"), call("1b"))
    queue_message(store, one, call("2"))
    queue_message(store, two, call("other"))
    seen = []
    while leased := lease(store, clock):
        assert len({each.conversation for each in leased}) == len(leased)
        for each in leased:
            seen.append(each.call.text)
            settle(store, each, SENT, "id-" + each.call.text)
    assert [text for text in seen if text != "other"] == ["1a", "1b", "2"]
    assert seen.index("other") == 1


def test_an_answer_of_a_worker_whose_clock_is_behind_waits_its_turn(
    shared_url: str, opened: Callable[..., Store], clock: HandClock
) -> None:
    """Clocks of workers differ, or are set back; whoever was asked later still answers later."""
    late = HandClock(MORNING - timedelta(seconds=30))
    ahead, behind = opened(shared_url), opened(shared_url, clock=late)
    conversation, _ = talk(ahead)
    queue_message(ahead, conversation, call("1"))
    queue_message(behind, conversation, call("2"))
    for text in ("1", "2"):
        (leased,) = lease(ahead, clock)
        assert leased.call.text == text
        settle(ahead, leased, SENT)


def test_a_piece_is_told_the_id_of_the_one_before_it(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    queue_message(store, conversation, call("a"), call("b"))
    (first,) = lease(store, clock)
    assert first.before == ""
    settle(store, first, SENT, "ID-A")
    (second,) = lease(store, clock)
    assert second.before == "ID-A"


def test_what_is_put_off_waits_and_holds_what_follows(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    queue_message(store, conversation, call("1"))
    queue_message(store, conversation, call("2"))
    (first,) = lease(store, clock)
    wait(store, lambda tx: outbox.defer(tx, first.id, clock.micros + 30_000_000, "busy"))
    assert lease(store, clock) == []
    clock.advance(seconds=30)
    (again,) = lease(store, clock)
    assert (again.call.text, again.attempts) == ("1", 1)


def test_what_is_in_doubt_holds_only_the_rest_of_its_own_message(store: Store, clock: HandClock) -> None:
    """Nobody knows whether piece one arrived: piece two waits, the next answer does not."""
    conversation, _ = talk(store)
    first = queue_message(store, conversation, call("1a"), call("1b"))
    queue_message(store, conversation, call("2"))
    (one,) = lease(store, clock)
    settle(store, one, UNKNOWN, detail="lost")
    assert said(lease(store, clock)) == ["2"]
    assert [piece.status for piece in shown(store, first)] == ["unknown", "queued"]
    assert wait(store, outbox.in_doubt) == [(one.id, first)]
    settle(store, one, SENT, "ID")
    assert said(lease(store, clock)) == ["1b"]


def test_a_failed_piece_takes_the_rest_of_its_message_with_it(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    first = queue_message(store, conversation, call("1a"), call("1b"))
    queue_message(store, conversation, call("2"))
    (one,) = lease(store, clock)
    settle(store, one, FAILED, detail="no")
    wait(store, lambda tx: outbox.cancel_rest(tx, first, "the first failed"))
    assert [(piece.status, piece.detail) for piece in shown(store, first)] == [
        ("failed", "no"),
        ("cancelled", "the first failed"),
    ]
    assert said(lease(store, clock)) == ["2"]


def test_the_calls_of_the_dead_are_found_when_their_time_is_up(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    queue_message(store, conversation, call("1"))
    (one,) = lease(store, clock)
    assert wait(store, outbox.expired) == []
    clock.advance(seconds=120)
    assert wait(store, outbox.expired) == [(one.id, one.call)]
    assert lease(store, clock) == [], "it is never simply taken again"


def test_a_settled_call_stays_settled(store: Store, clock: HandClock) -> None:
    """Only what is under way or in doubt can be settled: the slow loser of a race changes nothing."""
    conversation, _ = talk(store)
    message = queue_message(store, conversation, call("1"))
    (one,) = lease(store, clock)
    assert settle(store, one, UNKNOWN, detail="the sender died")
    assert settle(store, one, SENT, "ID", "ok after all")
    assert not settle(store, one, FAILED, detail="too late")
    assert not settle(store, one, UNKNOWN, detail="too late")
    (piece,) = shown(store, message)
    assert (piece.status, piece.external_id, piece.detail) == ("sent", "ID", "ok after all")


def test_uploads_are_nobodys_business(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    message = queue_message(store, conversation, call("up", prepares=True), call("say"))
    assert len(shown(store, message)) == 1
    assert said(lease(store, clock)) == ["up"]


STATUSES = ("sent", "delivered", "read", "failed")


def best(several: tuple[str, ...]) -> str:
    """What all of these say together: proof that it arrived beats everything, failure beats having been sent."""
    return max(several, key=("sent", "failed", "delivered", "read").index)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_statuses_in_any_order_end_the_same(store: Store, clock: HandClock, length: int) -> None:
    """T17: every order, with repetition, of what a platform may say, ends as the sorted one does."""
    conversation, _ = talk(store)

    def job(tx: Tx) -> dict[tuple[str, ...], list[str]]:
        found = {}
        for order in product(STATUSES, repeat=length):
            tx.run("DELETE FROM calls WHERE workspace = ?", tx.ws)
            outbox.add(tx, conversation, 7, "chat", [call()])
            (one,) = outbox.lease(tx, 1, tx.now() + LEASE)
            outbox.settle(tx, one.id, SENT, "ID", "")
            steps = []
            for status in order:
                outbox.advance(tx, one.id, status, "")
                steps.append(outbox.of_messages(tx, [7])[7][0].status)
            found[order] = steps
        return found

    for order, steps in wait(store, job).items():
        assert steps == [best(("sent", *order[:position])) for position in range(1, length + 1)], order


def test_a_status_is_moved_only_once(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    queue_message(store, conversation, call())
    (one,) = lease(store, clock)
    settle(store, one, SENT, "ID")
    moved = [wait(store, lambda tx: outbox.advance(tx, one.id, "read", "")) for _ in range(3)]
    assert moved == [True, False, False]
    assert not wait(store, lambda tx: outbox.advance(tx, 12345, "read", ""))


def test_a_status_proves_that_a_call_in_doubt_arrived(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    message = queue_message(store, conversation, call())
    (one,) = lease(store, clock)
    settle(store, one, UNKNOWN, detail="lost")
    assert wait(store, lambda tx: outbox.advance(tx, one.id, "delivered", ""))
    assert [piece.status for piece in shown(store, message)] == ["delivered"]


def test_a_watermark_counts_for_one_person_on_one_account_up_to_a_moment(
    store: Store, clock: HandClock
) -> None:
    """Everything that was on its way to her by then, however late we hear of it; nobody else's, nothing newer."""
    hers, anna = talk(store)
    his, ben = talk(store, party("ben"))
    early = queue_message(store, hers, call("early"), peer=anna)
    other = queue_message(store, his, call("other"), peer=ben)
    for one in lease(store, clock):
        settle(store, one, SENT, "id-" + one.call.text)
    clock.advance(seconds=1)
    mark = clock.micros
    clock.advance(seconds=1)
    late = queue_message(store, hers, call("late"), peer=anna)
    (one,) = lease(store, clock)
    settle(store, one, SENT, "id-late")
    # The platform's word that it was delivered comes late; that makes the message no newer.
    number, *_ = wait(store, lambda tx: meant.find(tx, "chat", external_id="id-early"))
    wait(store, lambda tx: outbox.advance(tx, number, "delivered", ""))

    found = wait(store, lambda tx: meant.sent_to(tx, "chat", anna, mark))
    assert [message for _, message in found] == [early]
    assert wait(store, lambda tx: meant.sent_to(tx, "elsewhere", anna, mark)) == []
    for number, _ in found:
        wait(store, lambda tx, number=number: outbox.advance(tx, number, "read", ""))
    assert wait(store, lambda tx: meant.sent_to(tx, "chat", anna, mark)) == []
    status = {message: shown(store, message)[0].status for message in (early, late, other)}
    assert status == {early: "read", late: "sent", other: "sent"}


def test_a_call_is_found_by_what_it_planted_or_was_given(store: Store, clock: HandClock) -> None:
    conversation, _ = talk(store)
    message = queue_message(store, conversation, call(correlator="mine"))
    (one,) = lease(store, clock)
    found = wait(store, lambda tx: meant.find(tx, "chat", correlator="mine"))
    assert found == (one.id, message, outbox.SENDING)
    settle(store, one, SENT, "ID")
    assert wait(store, lambda tx: meant.find(tx, "chat", external_id="ID")) == (one.id, message, SENT)
    assert wait(store, lambda tx: meant.find(tx, "chat")) is None
    assert wait(store, lambda tx: meant.find(tx, "other", correlator="mine")) is None
    assert wait(store, lambda tx: outbox.message_of(tx, one.id)) == message
    assert wait(store, lambda tx: outbox.queued_at(tx, one.id)) == clock.micros


def test_words_find_a_call_only_while_it_is_open(store: Store, clock: HandClock) -> None:
    """Where nothing can be planted the words to this person are all there is: spaces aside, exactly these."""
    conversation, anna = talk(store)
    message = queue_message(store, conversation, call("good  morning"), peer=anna)

    def seen(words: str, who: int = anna) -> bool:
        return wait(store, lambda tx: meant.unsettled_like(tx, "chat", who, words)) != []

    assert not seen("good morning"), "it has not been sent yet"
    (one,) = lease(store, clock)
    assert seen("good morning")
    assert not seen("good evening")
    assert not seen("good morning", who=anna + 1)
    settle(store, one, UNKNOWN)
    assert seen("good morning ")
    settle(store, one, SENT, "ID")
    assert not seen("good morning")
    assert wait(store, lambda tx: meant.nameless_like(tx, "chat", anna, "good morning")) == []
    assert shown(store, message)
