"""The invariants: what the store says in the end, against what the platform knows to be true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bench.simulate.census import Call, Census
from bench.simulate.decided import DECIDED, may_be_silent, traces
from bench.simulate.machine import HALF, Machine, answers
from bench.simulate.plan import NEWEST
from bench.simulate.sqlite import SimDriver
from bench.simulate.tables import neighbour_at_first, of_neighbour
from bench.simulate.world import OURS, STORE
from omnichannel.store.outbox import AGAIN, CANCELLED, FAILED, QUEUED, SENDING, SENT, UNKNOWN

_UNCLEAR = {
    "lost before",
    "lost after",
    "failed before",
    "failed after",
    "garbage",
    "hang before",
    "hang after",
    "late",
}
_RANK = {"": 0, "sent": 1, "delivered": 3, "read": 4}

QUIET = f"""
SELECT (SELECT count(*) FROM deliveries WHERE workspace = {OURS} AND state = 0)
 + (SELECT count(*) FROM todo WHERE workspace = {OURS} AND state = 0)
 + (SELECT count(*) FROM held_back WHERE workspace = {OURS} AND failed = 0)
 + (SELECT count(*) FROM blocks WHERE workspace = {OURS} AND state < 2)
 + (SELECT count(*) FROM calls AS c WHERE workspace = {OURS} AND (
  state = {SENDING} OR state = {QUEUED} AND NOT EXISTS (
   SELECT 1 FROM calls AS p WHERE p.message = c.message AND p.id < c.id AND p.state = {UNKNOWN})))
"""
"""How much is left to do that nobody but the workers can do."""


def check(machine: Machine) -> None:
    """Compare; whatever is wrong is noted in the world."""
    world = machine.world
    life = world.born("judge")
    try:
        driver = SimDriver(STORE, life, wal=world.plan.wal)
        found = Census(driver, machine.platform.dialect)
        neighbour = of_neighbour(driver) if world.plan.tables == NEWEST else {}
        left = traces(driver, machine)
        driver.close()
    except Exception as error:
        world.wrong(f"I1 the store cannot be read: {type(error).__name__}: {error}")
        return
    for table, rows in neighbour.items():
        if rows != neighbour_at_first(world.plan.wal)[table]:
            world.wrong(f"I11 another workspace was touched: its {table}")
    if found.integrity != "ok":
        world.wrong(f"I1 the store is damaged: {found.integrity}")
    for rule in (_messages, _answers, _calls, _order, _numbers, *DECIDED):
        for wrong in rule(found, machine):
            world.wrong(wrong)
    if any(what == HALF for what, _ in found.happened):
        world.wrong("I1 a job that failed left something behind")
    for wrong in (*_turns(found, machine), *left):
        world.wrong(wrong)


def _messages(found: Census, machine: Machine) -> Iterator[str]:
    truth = machine.platform.truth
    stored = Counter(message.external_id for message in found.messages if message.direction == 0)
    for number in sorted(truth.acked & truth.written.keys()):
        fate = machine.operator.fate(number)
        if stored[number] > 1 or (fate == "kept" and not stored[number]):
            yield f"I1 {number}: acknowledged, and stored {stored[number]} times"
        if fate == "gone" and stored[number]:
            yield f"R1 {number}: whoever wrote it was erased, and it is here"
    yield from (f"I2 {one}: stored, but no customer wrote it" for one in stored if one not in truth.written)
    kept = Counter(body for _, body in found.deliveries.values())
    yield from (
        f"I1 acknowledged, and not kept as it came: {body!r}"
        for body in truth.bodies
        if not kept[body] and machine.operator.is_kept(body)
    )
    if machine.platform.dialect.polled and machine.platform.dialect.keyed:
        yield from (f"I1 kept twice under one key: {body!r}" for body, times in kept.items() if times > 1)
    for message in found.messages:
        if message.direction == 0 and truth.written.get(message.external_id, {}).get("text") != message.text:
            yield f"I1 {message.external_id}: it says {message.text!r}"
        raw = found.deliveries.get(message.delivery, (0, b""))[1]
        if message.direction == 0 and not machine.platform.dialect.tells(raw, message.text):
            yield f"I1 {message.external_id}: its raw delivery is another"
    for state, body in found.deliveries.values():
        if state == 0 and body not in truth.bodies and machine.world.fell["sync failed"]:
            continue  # its commit failed, and is there after the last death all the same: nobody was told
        if state != (2 if b'"odd"' in body else 1):
            yield f"I3 neither read, nor set aside because of what is odd in it (state {state}): {body!r}"
    for forged in truth.forged:
        if any(machine.platform.dialect.tells(body, forged) for _, body in found.deliveries.values()):
            yield f"I2 {forged}: nobody signed it, and it is kept"


def _answers(found: Census, machine: Machine) -> Iterator[str]:
    said: defaultdict[str, list[str]] = defaultdict(list)
    for message in sorted((one for one in found.messages if one.direction == 1), key=lambda one: one.id):
        said[message.text.partition(" - ")[0]].append(message.text)
    heard = {message.external_id: message for message in found.messages if message.direction == 0}
    most, given = machine.platform.dialect.most_answers, Counter[str]()
    for number in heard:
        given[_writer(machine, number)] += len(said[number])
    enough = {who: 0 < most <= times + 1 for who, times in given.items()}
    yield from (f"I13 {who}: given {n} answers, at most {most}" for who, n in given.items() if 0 < most < n)
    for number, message in heard.items():
        wanted = answers(machine.platform.dialect, number)
        if message.id in found.held:
            wanted = []
        elif message.id in found.parked:
            wanted = []
            # A try that its worker never came back from counts, or what kills workers would be tried for ever.
            tries = machine.failures[number] + machine.world.deaths + machine.world.stalls
            if tries < 5 and not enough[_writer(machine, number)]:
                yield f"I5 {number}: set aside after {machine.failures[number]} failures of its handler"
        elif found.happened["message.handled", message.id] != 1:
            yield f"I5 {number}: handled {found.happened['message.handled', message.id]} times"
        if said[number] != wanted:
            yield f"I5 {number}: answered {said[number]}, not {wanted}"
    yield from (f"I5 an answer to nothing: {texts}" for number, texts in said.items() if number not in heard)
    pieces: defaultdict[int, str] = defaultdict(str)
    for call in found.calls:
        pieces[call.message] += call.text
    for message in found.messages:
        if message.direction == 1 and _letters(pieces[message.id]) != _letters(message.text):
            yield f"I4 {message.text!r}: on record as ours, and to be sent for it is {pieces[message.id]!r}"
    yield from (
        f"I4 {c.mark}: of no message" for c in found.calls if c.message not in {m.id for m in found.messages}
    )


def _writer(machine: Machine, number: str) -> str:
    """Who wrote a message."""
    return str(machine.platform.truth.written.get(number, {}).get("from", ""))


def _letters(text: str) -> str:
    """A text without what may be lost where it is cut."""
    return "".join(text.replace("|", "").split())


def _calls(found: Census, machine: Machine) -> Iterator[str]:
    truth = machine.platform.truth
    copies = truth.copies()
    for call in found.calls:
        mark, seen, news = call.mark, copies[call.mark], truth.news.get(call.mark, set())
        if call.state == SENT and not seen:
            yield f"I6 {mark}: on record as sent, and the platform never had it"
        cut_short = machine.platform.dialect.repeats and may_be_silent(call, found, machine)
        if seen and call.state not in (SENT, UNKNOWN) and not cut_short and not _unseen(mark, machine):
            yield f"I6 {mark}: the platform has it, on record as {call.state}"
        proven = news and machine.platform.dialect.proving
        if seen and ("echo" in news or proven) and call.state != SENT:
            yield f"I8 {mark}: in doubt, although {sorted(news)} proves it"
        if max((_RANK.get(word, 0) for word in news), default=0) > _RANK[call.status]:
            yield f"I12 {mark}: {sorted(news)} was acknowledged, and it says {call.status!r}"
        yield from _ends(call, found, machine)
    marks = {call.mark for call in found.calls}
    told = {call.mark for call in found.calls if call.resent == AGAIN}
    to = {one["mark"]: one["to"] for one in truth.said}
    for mark, seen in copies.items():
        if seen > 1 and mark not in told and not _unseen(mark, machine):
            yield f"I7 {mark}: sent {seen} times, and nobody is told"
        if mark not in marks and to[mark] not in machine.operator.erasing:
            yield f"I4 {mark}: sent, and not on record"


def _untold(machine: Machine) -> bool:
    """Whether what came of a call could have been forgotten: its maker died, or could not write it down."""
    world = machine.world
    return bool(
        world.deaths or world.fell["disk full"] or world.fell["sync failed"] or world.fell["read failed"]
    )


def _unseen(mark: str, machine: Machine) -> bool:
    """Whether its maker stood still with it on the way to the wire, and never heard what came of it."""
    truth = machine.platform.truth
    return mark in truth.unseen and (_untold(machine) or not truth.fates[mark].isdisjoint(_UNCLEAR))


def _merely_late(mark: str, machine: Machine) -> bool:
    """Whether its answer came, slower than the lease on the call, to the only worker, which lived."""
    return machine.platform.truth.fates[mark] == {"late"} and not _untold(machine)


def _vouched(before: Sequence[Call], machine: Machine) -> bool:
    """Whether a person said that the piece before arrived: under an id that nobody knew; so none could follow."""
    return bool(before) and before[-1].mark in machine.operator.vouched


def _ends(call: Call, found: Census, machine: Machine) -> Iterator[str]:
    """Whether a call ended as it may, and whoever follows the inbox was told."""
    truth, mark = machine.platform.truth, call.mark
    before = [one for one in found.calls if one.message == call.message and one.id < call.id]
    if call.state == UNKNOWN:
        if not found.happened["message.unknown", call.message]:
            yield f"I8 {mark}: in doubt, and nobody was told"
        again = machine.platform.dialect.repeats
        clear = truth.fates[mark].isdisjoint(_UNCLEAR)
        if clear and (again or not (machine.world.stalls or _untold(machine))):
            yield f"I8 {mark}: in doubt, although the platform was clear and nobody died"
    elif machine.world.plan.workers == 1 and _merely_late(mark, machine) and call.id in machine.world.doubted:
        yield f"I8 {mark}: was in doubt while its own sender still waited for the answer"
    elif call.state == FAILED:
        if mark not in truth.rejected_ever and not _vouched(before, machine):
            yield f"I5 {mark}: failed, and the platform never said so"
        if not found.happened["message.failed", call.message]:
            yield f"I5 {mark}: failed, and nobody was told"
    elif call.state == SENT:
        if not found.happened["message.sent", call.message]:
            yield f"I5 {mark}: sent, and nobody was told"
    elif call.state == CANCELLED:
        if not any(one.state == FAILED for one in before) and not may_be_silent(call, found, machine):
            yield f"I5 {mark}: given up, though nothing before it failed"
    elif call.state == SENDING or not any(one.state == UNKNOWN for one in before):
        yield f"I5 {mark}: never sent (state {call.state})"


def _order(found: Census, machine: Machine) -> Iterator[str]:
    """Answers reach a customer in the order in which they are on record, but for what waits behind a doubt."""
    place = {call.mark: call for call in found.calls}
    doubted = {message for (what, message), _ in found.happened.items() if what == "message.unknown"}
    seq = {message.id: message.seq for message in found.messages}
    shown: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for said in machine.platform.truth.said:
        call = place.get(said["mark"])
        if call is None:
            continue
        if said["text"] != call.text:
            yield f"I6 {call.mark}: the customer sees {said['text']!r}, not {call.text!r}"
        if call.message not in doubted:
            shown[call.conversation].append((seq.get(call.message, 0), call.position))
    for conversation, calls in shown.items():
        if calls != sorted(calls):
            yield f"I10 conversation {conversation}: its answers overtook each other"


def _turns(found: Census, machine: Machine) -> Iterator[str]:
    """Each conversation's messages are handled one after the other, as they came."""
    by_id = {message.id: message for message in found.messages}
    last: dict[int, int] = {}
    for number in found.handled:
        message = by_id.get(number)
        if message is None and number in machine.world.gone:
            continue
        if message is None:
            yield f"I5 handled, and not on record: {number}"
            continue
        if message.seq < last.get(message.conversation, 0):
            yield f"I10 {message.external_id}: handled after what came later in its conversation"
        last[message.conversation] = message.seq


def _numbers(found: Census, machine: Machine) -> Iterator[str]:
    by_conversation: defaultdict[int, list[int]] = defaultdict(list)
    writer: defaultdict[str, set[int]] = defaultdict(set)
    for message in found.messages:
        by_conversation[message.conversation].append(message.seq)
        written = machine.platform.truth.written.get(message.external_id)
        if written:
            writer[written["from"]].add(message.conversation)
    for conversation, numbers in by_conversation.items():
        cut = conversation in machine.world.gone.values()
        if sorted(numbers) != list(range(1, len(numbers) + 1)) and not cut:
            yield f"I10 conversation {conversation}: its numbering has gaps: {sorted(numbers)}"
    several = machine.platform.dialect.threads or machine.world.plan.decisions
    torn = () if several else writer.items()
    yield from (f"I10 {who}: torn into {len(some)} conversations" for who, some in torn if len(some) > 1)
