"""Each kind of channel, by its contract: what it admits, parses, answers, is answered, writes, and what is stored.

KIND/parse    a delivery into events        KIND/admit   a delivery at the door, bare and signed anew
KIND/read     the platform's answer         KIND/render  words that people wrote, as calls
KIND/inbox    a delivery that is kept and read by an inbox: the bytes are all there, whatever it says
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from bench.contract import files
from bench.fuzz.mutate import mutated_envelope, mutated_text
from bench.fuzz.shared import Shared
from bench.fuzz.target import READ, REFUSED, Hole, Target
from bench.fuzz.wire import delivery_of, response_of, written_delivery, written_response
from omnichannel import Inbox
from omnichannel.channel import Channel, Delivery
from omnichannel.errors import Forged, Malformed, UsageError
from omnichannel.model import Draft, Text
from omnichannel.store import Tx, arrivals
from omnichannel.testing.discover import contracts
from omnichannel.testing.subject import Subject

_MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def subjects(kinds: Sequence[str] = ()) -> Iterator[Subject]:
    """The contract of each kind that is asked for; of all without one."""
    known: set[str] = set()
    for file in files():
        for contract in contracts(file):
            subject = contract().subject()
            kind = subject.kind.kind
            if kind not in known and (kind in kinds or not kinds) and subject.received:
                known.add(kind)
                yield subject


def targets() -> Iterator[Target]:
    """All that can be done to every kind."""
    for subject in subjects():
        yield from of(subject)


def of(subject: Subject) -> Iterator[Target]:
    """All that can be done to one kind."""
    kind, channel = subject.kind.kind, subject.channel()
    arrived = [written_delivery(case.delivery) for case in subject.received if not case.bare]
    strange = [written_delivery(case.delivery) for case in subject.received if case.bare]
    if arrived:
        yield Target(f"{kind}/parse", _parse(channel), arrived, mutated_envelope)
        shared = Shared(lambda: Inbox("sqlite:///:memory:", [channel]), uses=200)
        yield Target(
            f"{kind}/inbox", _kept(channel, shared), arrived, mutated_envelope, cost=8, close=shared.close
        )
    if strange:
        yield Target(f"{kind}/bare", _parse(subject.kind.bare(kind)), strange, mutated_envelope)
    if subject.has_webhook:
        yield Target(f"{kind}/admit", _admit(subject, channel), arrived or strange, mutated_envelope)
    if subject.answered:
        yield Target(f"{kind}/read", _answered(subject, channel), _answers(subject), mutated_envelope)
    drafts = [case.draft for case in subject.sent if not case.raises and not case.bare]
    if drafts:
        texts = [draft.text.encode() for draft in drafts if draft.text] or [b"Hello"]
        yield Target(f"{kind}/render", _render(channel, drafts), texts, mutated_text, cost=2)


def _parse(channel: Channel) -> Callable[[bytes], str]:
    def go(data: bytes) -> str:
        try:
            events = list(channel.parse(delivery_of(data)))
        except Malformed:
            return REFUSED
        for event in events:
            event.model_dump_json().encode()
        return READ

    return go


def _admit(subject: Subject, channel: Channel) -> Callable[[bytes], str]:
    """Nobody signed it; and signed as the platform would sign it, for what is looked at only then."""

    def go(data: bytes) -> str:
        delivery = delivery_of(data)
        try:
            if channel.admit(delivery).keep and delivery.source == "webhook":
                raise Hole("admit kept what nobody signed")
        except (Forged, Malformed):
            pass
        try:
            proven = subject.sign(delivery, subject.secret(0))
        except Exception:
            return REFUSED  # the platform could not have sent this
        try:
            channel.admit(proven)
        except (Forged, Malformed):
            return REFUSED
        return READ

    return go


def _answers(subject: Subject) -> list[bytes]:
    return [written_response(case.response) for case in subject.answered if not case.bare]


def _answered(subject: Subject, channel: Channel) -> Callable[[bytes], str]:
    """The answer to one of the recorded calls, whichever its length says: `read` never raises."""
    calls = [case.call for case in subject.answered if not case.bare]

    def go(data: bytes) -> str:
        call = calls[len(data) % len(calls)]
        channel.read(call, response_of(data)).model_dump_json().encode()
        return READ

    return go


def _render(channel: Channel, drafts: Sequence[Draft]) -> Callable[[bytes], str]:
    """A recorded draft with other words: which one depends on how many there are."""

    def go(data: bytes) -> str:
        text = data.decode("utf-8", "replace")
        draft = drafts[len(data) % len(drafts)]
        parts = tuple(Text(text=text) if part.type == "text" else part for part in draft.parts)
        try:
            for call in channel.render(draft.model_copy(update={"parts": parts})):
                call.model_dump_json(exclude={"body"}).encode()
        except UsageError:
            return REFUSED
        return READ

    return go


def _kept(channel: Channel, shared: Shared) -> Callable[[bytes], str]:
    """An inbox keeps and reads it, and then what is there of it is looked at."""

    async def through(inbox: Inbox, delivery: Delivery) -> str:
        held = delivery.model_copy(update={"account": channel.name, "received_at": _MOMENT})
        number = await inbox.run_job(lambda tx: arrivals.keep(tx, held))
        assert number is not None
        while await inbox.read():
            pass
        return await inbox.run_job(lambda tx: _what_became(tx, number, held))

    def go(data: bytes) -> str:
        delivery = delivery_of(data)
        return shared.use(lambda inbox: through(inbox, delivery))

    return go


def _what_became(tx: Tx, number: int, held: Delivery) -> str:
    """Read, or parked with a reason; and every byte of it is there."""
    found = arrivals.arrival(tx, number)
    assert found is not None
    if found.delivery != held:
        raise Hole("what was kept is not what came")
    row = tx.one("SELECT state, reason FROM deliveries WHERE workspace = ? AND id = ?", tx.ws, number)
    assert row is not None
    if row[0] == arrivals.WAITING:
        raise Hole(f"reading it broke: {str(row[1])[:200]}")
    if row[0] == arrivals.PARKED and not row[1]:
        raise Hole("parked without a reason")
    return READ if row[0] == arrivals.READ else REFUSED
