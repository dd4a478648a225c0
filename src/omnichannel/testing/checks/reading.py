"""What a delivery means: always the same, of nobody's mood, with ids and times that hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from omnichannel.channel import Channel, Delivery
from omnichannel.model import Direction, Event, Ignored, Received, Unreadable, Updated
from omnichannel.testing.batches import Batch, batches
from omnichannel.testing.cases import Case, found_events
from omnichannel.testing.failing import Json, require, same
from omnichannel.testing.shapes import told
from omnichannel.testing.subject import Subject
from omnichannel.testing.watching import watched

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)

OLDEST, NEWEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between these lies whatever a platform of ours ever said: a time outside was read in the wrong unit."""


def _told(events: list[Event]) -> list[Json]:
    return [told(event) for event in events]


def check_parse_is_pure(subject: Subject) -> str | None:
    """Reading a delivery touches no clock, no chance, no file, no socket, no log.

    If it fails: take times and ids out of the delivery. What is missing there stays empty; ids that the platform does
    not give are hashes of what the item says.
    """
    channel = subject.channel()
    for case in subject.received:
        found_events(case, channel)
        watched(lambda case=case: found_events(case, channel), "parse", case.name)  # type: ignore[misc]
    return None


def check_parse_repeats(subject: Subject) -> str | None:
    """The same delivery means the same, again, in another instance, and after all others in any order.

    If it fails: keep no state in the channel or its modules; what belongs together is put together by the inbox.
    """
    channel = subject.channel()
    first = {case.name: _told(found_events(case, subject.channel())) for case in subject.received}
    for case in (*subject.received, *reversed(subject.received)):
        found = _told(found_events(case, channel))
        same(
            list(first[case.name]), list(found), "the same delivery means something else now", case=case.name
        )
    return None


def check_redelivery_means_the_same(subject: Subject) -> str | None:
    """Delivered again (later, by another way, signed anew) it has the same ids and says the same.

    If it fails: take external ids from the body alone: not from headers, not from the moment it came.
    """
    channel = subject.channel()
    for case in subject.received:
        seen, expected = case.seen_by(channel), _told(found_events(case, channel))
        for again in _redelivered(subject, case):
            found = _told(list(seen.parse(again)))
            same(
                list(expected),
                list(found),
                f"redelivered ({again!r}) it means something else",
                case=case.name,
            )
    return None


def _redelivered(subject: Subject, case: Case) -> Iterator[Delivery]:
    given = case.delivery
    noise = (
        ("date", "Mon, 02 Mar 2026 09:00:00 GMT"),
        ("x-request-id", "7"),
        ("x-forwarded-for", "192.0.2.1"),
    )
    yield given.model_copy(update={"id": "another", "headers": (*given.headers, *noise)})
    yield given.model_copy(update={"headers": tuple(reversed(given.headers))})
    for moment in (OLDEST, NEWEST - timedelta(days=1)):
        yield given.model_copy(update={"received_at": moment, "id": str(moment)})
    if subject.has_webhook and given.source == "webhook":
        yield subject.sign(given, subject.secret(1))


def check_ids_are_unique_in_a_delivery(subject: Subject) -> str | None:
    """Two messages of one delivery have two ids, and so have two happenings of one kind.

    If it fails: use the platform's id of the item, not of the batch; where it gives none, a hash of what it says.
    """
    channel = subject.channel()
    for case in subject.received:
        seen: dict[tuple[str, str], Event] = {}
        for event in found_events(case, channel):
            if isinstance(event, Received | Updated):
                key = ("message" if isinstance(event, Received) else event.kind, event.external_id)
                other = seen.setdefault(key, event)
                require(other is event, f"two events have the id {event.external_id!r}", case=case.name)
    return None


def check_later_happenings_have_their_own_ids(subject: Subject) -> str | None:
    """Two happenings that say different things have different ids: the inbox takes the second for a repetition.

    If it fails: put what tells them apart into `external_id` (the status, the emoji, the number of the edit), e.g.
    `f"{message_id}:{status}"`; the message that it is about stands in `targets`.
    """
    seen: dict[tuple[str, str], tuple[str, Json]] = {}
    for case, update in subject.updates():
        says: Json = [update.status, update.text, update.reaction, update.removed, list(update.targets)]
        before = seen.setdefault((update.kind, update.external_id), (case.name, says))
        require(
            before[1] == says,
            f"its id {update.external_id!r} is that of another {update.kind} ({before[0]}): {before[1]} and {says}",
            case=case.name,
        )
    return None


def check_times_are_utc_and_in_our_days(subject: Subject) -> str | None:
    """Every moment that is recorded is in UTC and lies between 2000 and 2100.

    If it fails: use `toolbox.from_epoch` (seconds or milliseconds) and `toolbox.from_iso`.
    """
    for case, event in subject.events():
        moments = [event.sent_at] if not isinstance(event, Unreadable) else []
        moments += [event.until] if isinstance(event, Updated) else []
        for moment in filter(None, moments):
            require(moment.tzinfo is UTC, f"{moment} is not in UTC", case=case.name)
            require(OLDEST < moment < NEWEST, f"{moment}: read in the wrong unit?", case=case.name)
    return None


def check_messages_say_when(subject: Subject) -> str | None:
    """Somewhere the platform says when a message was sent, and the channel reads it.

    If it fails: fill in `sent_at`. If the platform never says, record nothing but deliveries without any time.
    """
    texts = [case.delivery.body for case, _ in subject.messages()]
    if not any(
        word in text.lower()
        for text in texts
        for word in (b"timestamp", b"created_at", b"\ndate:", b'"date"')
    ):
        return "no recorded message says when it was sent"
    require(any(message.sent_at for _, message in subject.messages()), "no message has its sent_at")
    return None


def check_we_are_not_our_own_customer(subject: Subject) -> str | None:
    """Nothing inbound is from our own address, and nothing of ours is from anybody else's account.

    If it fails: an echo was taken for a customer's message. Answered by a program, it would be answered for ever.
    """
    own = subject.channel().own_address
    for case, message in subject.messages():
        if message.direction is Direction.INBOUND:
            require(
                own is None or case.bare or message.sender.address != own,
                "is from us, and inbound",
                case=case.name,
            )
        elif own is not None and not case.bare and message.recipients:
            require(
                message.recipients[0].address != own,
                "is ours, and to ourselves: recipients name the customer",
                case=case.name,
            )
    return None


def check_events_survive_storage(subject: Subject) -> str | None:
    """Every event is the same after it was JSON, and holds no character that a database cannot.

    If it fails: use `toolbox.clean` on text that was not read with `load_json` or `load_form`.
    """
    channel = subject.channel()
    for case in subject.received:
        for event in found_events(case, channel):
            storable(event, case.name)
    return None


def storable(event: Event, case: str) -> None:
    """Broken unless the event can be written down and read again."""
    require(isinstance(event, Received | Updated | Ignored | Unreadable), f"{event!r} is no event", case=case)
    try:
        written = event.model_dump_json()
        written.encode()
    except ValueError as error:
        require(condition=False, why=f"it cannot be written down: {error}", case=case)
        return
    require("\\u0000" not in written, f"it holds NUL, which PostgreSQL refuses: {written[:300]}", case=case)
    require(_EVENT.validate_json(written) == event, "it is not the same after it was JSON", case=case)


def check_order_is_kept(subject: Subject) -> str | None:
    """Of two items of one delivery the first is told first.

    If it fails: yield events in the order in which the items stand.
    """
    channel = subject.channel()
    found = list(batches(subject.received, channel))
    tried = 0
    for batch in found:
        for other in found:
            if (
                other.way == batch.way
                and other.events != batch.events
                and type(other.item) is type(batch.item)
            ):
                tried += _in_order(batch, channel, (batch.item, other.item))
    if not tried:
        return "no two recorded deliveries have items for the same list"
    return None


def _in_order(batch: Batch, channel: Channel, items: tuple[Json, Json]) -> int:
    seen = batch.case.seen_by(channel)
    one, other = _ids(batch.read(seen, items[:1])), _ids(batch.read(seen, items[1:]))
    found = _ids(batch.read(seen, items))
    require(
        found != other + one or one == other,
        "items are told in the reverse of their order",
        case=batch.case.name,
    )
    require(
        found == one + other, f"two items are {found}, alone they are {one} and {other}", case=batch.case.name
    )
    return 1


def _ids(events: list[Event]) -> list[str]:
    """What tells events apart: the rest may depend on what else a delivery brings (names, for instance)."""
    return [getattr(event, "external_id", "") or event.event for event in events]


CHECKS = (
    check_parse_is_pure,
    check_parse_repeats,
    check_redelivery_means_the_same,
    check_ids_are_unique_in_a_delivery,
    check_later_happenings_have_their_own_ids,
    check_times_are_utc_and_in_our_days,
    check_messages_say_when,
    check_we_are_not_our_own_customer,
    check_events_survive_storage,
    check_order_is_kept,
)
