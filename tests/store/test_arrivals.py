"""What came in is kept exactly as it arrived, once, together with how far its source was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel.channel import Delivery
from omnichannel.errors import NotFound
from omnichannel.store import Store, arrivals
from tests.engines import MORNING, HandClock, dump, wait

BODIES = {
    "empty": b"",
    "NUL": b"a\0b\0",
    "not UTF-8": b"\xff\xfe\x80\xc3(",
    "every byte": bytes(range(256)) * 64,
    "line ends": b"a\r\nb\nc\rd",
    "what SQL minds": b"'; DROP TABLE deliveries; -- ?%s %%",
}
HALF = "https://h/?q=\ud83d"  # half a character: no UTF-8 can write it
HEADERS = (("X-Twice", "one"), ("x-twice", "two"), ("Odd", "\xff\x00\u2028'\"\\"), ("", ""))


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_delivery_comes_back_exactly_as_it_arrived(store: Store, body: bytes) -> None:
    """Bytes, header order, spelling and repetition survive, whatever the platform sent."""
    came = Delivery(
        account="a", source="file", method="PUT", url="https://h/?q=%00é", headers=HEADERS, body=body, key="k"
    )
    number = wait(store, lambda tx: arrivals.keep(tx, came))
    kept = wait(store, lambda tx: arrivals.get(tx, number))
    assert kept == came.model_copy(update={"id": store.ids.show("delivery", number), "received_at": MORNING})
    (waiting,) = wait(store, lambda tx: arrivals.waiting(tx, 9))
    assert waiting.id == number
    assert waiting.delivery == kept.model_copy(
        update={"id": ""}
    )  # an id is worked out when it leaves the library


def test_an_address_with_half_a_character_comes_back_as_it_was(store: Store) -> None:
    """Whoever writes such a thing into an address must not cost the delivery."""
    number = wait(store, lambda tx: arrivals.keep(tx, Delivery(account="a", url=HALF, headers=HEADERS)))
    assert wait(store, lambda tx: arrivals.get(tx, number)).url == HALF


def test_a_key_is_kept_once_for_ever(store: Store, clock: HandClock) -> None:
    """The wire's own identity (UIDVALIDITY and UID) has no time limit, and counts for its own account alone."""
    mail = Delivery(account="a", source="poll", key="1/7", body=b"one")
    assert wait(store, lambda tx: arrivals.keep(tx, mail)) is not None
    clock.advance(days=400)
    again = mail.model_copy(update={"body": b"other"})
    assert wait(store, lambda tx: arrivals.keep(tx, again)) is None
    elsewhere = mail.model_copy(update={"account": "b"})
    assert wait(store, lambda tx: arrivals.keep(tx, elsewhere)) is not None


def test_a_number_that_another_worker_made_as_well_costs_no_delivery(
    shared_url: str, opened: Callable[..., Store]
) -> None:
    """After a thousand openings workers share their part of a number; the second one takes the next."""
    one, other = opened(shared_url), opened(shared_url)
    for store in (one, other):
        store.ids._worker, store.ids._last = one.ids._worker, 0
    hook = Delivery(account="a", body=b"same")
    numbers = {wait(store, lambda tx: arrivals.keep(tx, hook)) for store in (one, other)}
    assert None not in numbers
    assert len(numbers) == 2


def test_without_a_key_every_delivery_is_kept(store: Store) -> None:
    """Two webhooks with the same bytes are two deliveries: what they say tells whether they are duplicates."""
    hook = Delivery(account="a", body=b"same")
    numbers = [wait(store, lambda tx: arrivals.keep(tx, hook)) for _ in range(3)]
    assert None not in numbers
    assert numbers == sorted(set(numbers))


def test_cursor_and_deliveries_are_one_commit(store: Store) -> None:
    """A source is never read further than what is kept of it: a failure takes both back."""
    first = [Delivery(account="a", key="1"), Delivery(account="a", key="2")]
    assert wait(store, lambda tx: arrivals.keep_batch(tx, "a", "INBOX", first, "2")) == 2

    def dies(tx):
        arrivals.keep_batch(tx, "a", "INBOX", [Delivery(account="a", key="3")], "3")
        raise OSError("the power goes")

    before = dump(store)
    with pytest.raises(OSError, match="the power goes"):
        wait(store, dies)
    assert dump(store) == before
    assert wait(store, lambda tx: arrivals.cursor(tx, "a", "INBOX")) == "2"

    overlap = [Delivery(account="a", key="2"), Delivery(account="a", key="3")]
    assert wait(store, lambda tx: arrivals.keep_batch(tx, "a", "INBOX", overlap, "3")) == 1
    assert wait(store, lambda tx: arrivals.cursor(tx, "a", "INBOX")) == "3"


def test_cursors_belong_to_one_source_of_one_account(store: Store) -> None:
    wait(store, lambda tx: arrivals.keep_batch(tx, "a", "INBOX", [], "5"))
    assert wait(store, lambda tx: arrivals.cursor(tx, "a", "Sent")) == ""
    assert wait(store, lambda tx: arrivals.cursor(tx, "b", "INBOX")) == ""


def test_waiting_deliveries_come_oldest_first_and_only_when_due(store: Store, clock: HandClock) -> None:
    """What failed comes again at its time; what was read or parked does not."""
    one, two, three, four = (
        wait(store, lambda tx, body=body: arrivals.keep(tx, Delivery(account="a", body=body)))
        for body in (b"1", b"2", b"3", b"4")
    )
    wait(store, lambda tx: arrivals.done(tx, two))
    wait(store, lambda tx: arrivals.park(tx, three, "why " * 1000))
    wait(store, lambda tx: arrivals.later(tx, one, clock.micros + 5_000_000, "busy"))
    assert [arrival.id for arrival in wait(store, lambda tx: arrivals.waiting(tx, 9))] == [four]
    clock.advance(seconds=5)
    due = wait(store, lambda tx: arrivals.waiting(tx, 9))
    assert [(arrival.id, arrival.attempts) for arrival in due] == [(one, 1), (four, 0)]
    assert [arrival.id for arrival in wait(store, lambda tx: arrivals.waiting(tx, 1))] == [one]

    (parked,) = wait(store, arrivals.parked)
    assert (parked.what, parked.account, parked.attempts) == ("delivery", "a", 1)
    assert len(parked.reason) == 1000
    assert wait(store, lambda tx: arrivals.replay(tx, three))
    assert wait(store, arrivals.parked) == []
    assert three in [arrival.id for arrival in wait(store, lambda tx: arrivals.waiting(tx, 9))]


def test_a_delivery_read_meanwhile_waits_no_more(store: Store) -> None:
    number = wait(store, lambda tx: arrivals.keep(tx, Delivery(account="a")))
    assert wait(store, lambda tx: arrivals.still_waits(tx, number))
    wait(store, lambda tx: arrivals.done(tx, number))
    assert not wait(store, lambda tx: arrivals.still_waits(tx, number))


def test_a_delivery_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        wait(store, lambda tx: arrivals.get(tx, 1))
    assert not wait(store, lambda tx: arrivals.replay(tx, 1))
