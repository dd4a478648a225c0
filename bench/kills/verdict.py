"""Comparing what the store says, read through the public API, with what the platform knows to be true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.kills.platform import Platform
from omnichannel import Inbox
from omnichannel.model import Delivered, Direction, Happening, Message

_SENT = ("sent", "delivered", "read")
# What the store writes beside a call that its echo settled, and beside one that the platform was asked about.
_ECHOED, _FOUND = "seen coming back", "the platform has it"
_MANY = 100_000


@dataclass
class Verdict:
    """Figures by name, and what is wrong: `broken` can never be mended any more, `missing` may still come."""

    figures: Counter[str]
    broken: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.broken, *self.missing]


@dataclass(frozen=True)
class Census:
    """Everything that is on record."""

    inbound: list[Message]
    replies: list[Message]
    happenings: list[Happening]
    parked: list[str]

    @property
    def calls(self) -> list[tuple[Message, int, Delivered]]:
        """Every call: its message, its place in it, how far it came."""
        return [(reply, place, one) for reply in self.replies for place, one in enumerate(reply.sendings)]


async def census(inbox: Inbox) -> Census:
    """Read everything there is in an inbox."""
    found = [*await inbox.conversations.open(most=_MANY), *await inbox.conversations.closed(most=_MANY)]
    messages = [m for one in found for m in await inbox.conversations.messages(one.id, most=_MANY)]
    return Census(
        inbound=[message for message in messages if message.direction is Direction.INBOUND],
        replies=[message for message in messages if message.direction is Direction.OUTBOUND],
        happenings=await inbox.events(most=_MANY),
        parked=[f"{one.what}: {one.reason}" for one in await inbox.parked()],
    )


def judge(found: Census, platform: Platform) -> Verdict:
    """Say what is wrong, and count what there is."""
    verdict = Verdict(Counter())
    _judge_messages(found, platform, verdict)
    _judge_answers(found, verdict)
    _judge_calls(found, platform, verdict)
    _judge_doubts(found, platform, verdict)
    _judge_order(found, platform, verdict)
    return verdict


async def altered(inbox: Inbox, found: Census, platform: Platform) -> list[str]:
    """Messages whose raw delivery is not, byte for byte, one that the platform sent."""
    return [
        f"{message.external_id}: its raw delivery is not what was sent"
        for message in found.inbound
        if (raw := (await inbox.raw(message.id)).body) not in platform.bodies
        or message.external_id.encode() not in raw
    ]


def _judge_messages(found: Census, platform: Platform, verdict: Verdict) -> None:
    stored = Counter(message.external_id for message in found.inbound)
    lost = [mid for mid in platform.acked if not stored[mid]]
    twice = [mid for mid, copies in stored.items() if copies > 1]
    invented = [mid for mid in stored if mid not in platform.written]
    verdict.figures.update(
        written=len(platform.written), acked=len(platform.acked), stored=len(stored), lost=len(lost),
        twice=len(twice), forged=platform.forged_taken,
    )  # fmt: skip
    verdict.missing += [f"{mid}: acknowledged, and lost" for mid in lost]
    verdict.missing += [f"parked: {reason}" for reason in found.parked]
    verdict.broken += [f"{mid}: stored {stored[mid]} times" for mid in twice]
    verdict.broken += [f"{mid}: stored, but no customer wrote it" for mid in invented]
    if platform.forged_taken:
        verdict.broken.append(f"{platform.forged_taken} forged webhooks were answered with 200")


def _judge_answers(found: Census, verdict: Verdict) -> None:
    answers = Counter(map(_answered, found.replies))
    heard = {message.external_id for message in found.inbound}
    handled = Counter(one.message for one in found.happenings if one.what == "message.handled")
    verdict.figures.update(replies=len(found.replies))
    for message in found.inbound:
        if not answers[message.external_id]:
            verdict.missing.append(f"{message.external_id}: not answered")
        elif answers[message.external_id] > 1:
            verdict.broken.append(f"{message.external_id}: answered {answers[message.external_id]} times")
        if handled[message.id] > 1:
            verdict.broken.append(f"{message.external_id}: handled for good {handled[message.id]} times")
    for reply in found.replies:
        if _answered(reply) not in heard or not reply.sendings:
            verdict.broken.append(f"{reply.id}: said outside, or an answer to nothing: {reply.because}")


def _answered(reply: Message) -> str:
    """Which message an answer is to: our handler writes its id first."""
    return reply.text.partition(":")[0]


def _judge_calls(found: Census, platform: Platform, verdict: Verdict) -> None:
    copies = platform.copies()
    recorded: set[str] = set()
    for reply, place, call in found.calls:
        correlator = f"{reply.id}/{place}"
        recorded.add(correlator)
        verdict.figures[call.status] += 1
        if call.status in _SENT and not copies[correlator]:
            verdict.figures["sent_falsely"] += 1
            verdict.broken.append(f"{correlator}: on record as sent, and the platform never had it")
        elif call.status not in (*_SENT, "unknown") and copies[correlator]:
            verdict.missing.append(f"{correlator}: the platform has it, on record as {call.status}")
        elif call.status in ("queued", "sending") and not _held(reply, place):
            verdict.missing.append(f"{correlator}: still {call.status}")
        elif call.status in ("failed", "cancelled"):
            verdict.broken.append(f"{correlator}: {call.status}: {call.detail}")
        verdict.figures["held"] += call.status == "queued" and _held(reply, place)
    twice = {correlator: number for correlator, number in copies.items() if number > 1}
    verdict.figures.update(calls=len(recorded), seen=sum(copies.values()), sent_twice=len(twice))
    verdict.broken += [f"{correlator}: sent {number} times" for correlator, number in twice.items()]
    verdict.broken += [f"{one!r}: sent, and not on record" for one in copies if one not in recorded]


def _held(reply: Message, place: int) -> bool:
    """Whether an earlier piece of the same message is in doubt: what follows it waits for a person."""
    return any(call.status == "unknown" for call in reply.sendings[:place])


def _judge_doubts(found: Census, platform: Platform, verdict: Verdict) -> None:
    """In doubt is whatever a dead process had leased; echo or platform prove what arrived, the rest stays shown."""
    copies = platform.copies()
    doubted = Counter(one.message for one in found.happenings if one.what == "message.unknown")
    for reply, place, call in found.calls:
        if call.status == "unknown" and copies[f"{reply.id}/{place}"]:
            verdict.figures["unknown_arrived"] += 1
            if platform.echoes:
                verdict.missing.append(f"{reply.id}/{place}: in doubt, although its echo proves it")
    for reply in found.replies:
        shown = sum(call.status == "unknown" for call in reply.sendings)
        echoed = sum(call.detail == _ECHOED for call in reply.sendings)
        found_there = sum(call.detail == _FOUND for call in reply.sendings)
        proven = doubted[reply.id] - shown
        verdict.figures.update(in_doubt=doubted[reply.id], proven=proven, echoed=echoed, found=found_there)
        if shown > doubted[reply.id]:
            verdict.broken.append(f"{reply.id}: in doubt, and nobody was told")
        if doubted[reply.id] > shown + echoed + found_there:
            verdict.broken.append(f"{reply.id}: a doubt ended without a proof")


def _judge_order(found: Census, platform: Platform, verdict: Verdict) -> None:
    """Every customer sees our answers in the order in which they are on record, and each piece in its place.

    Not those that were in doubt: what is held behind a doubt follows when that is resolved.
    """
    doubted = {one.message for one in found.happenings if one.what == "message.unknown"}
    calls = [(reply, number) for reply, number, _ in found.calls if reply.id not in doubted]
    place = {f"{reply.id}/{number}": (reply.seq, number) for reply, number in calls}
    conversation = {reply.id: reply.conversation for reply in found.replies}
    shown: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for _, said in platform.seen():
        if said.metadata in place:
            shown[conversation[said.metadata.partition("/")[0]]].append(place[said.metadata])
    for number, places in shown.items():
        if places != sorted(places):
            verdict.broken.append(f"conversation {number}: its answers overtook each other")
    for one, messages in _by_conversation([*found.inbound, *found.replies]):
        if sorted(message.seq for message in messages) != list(range(1, len(messages) + 1)):
            verdict.broken.append(f"conversation {one}: its numbering has gaps")


def _by_conversation(messages: Iterable[Message]) -> Iterator[tuple[str, list[Message]]]:
    found: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        found[message.conversation].append(message)
    yield from found.items()
