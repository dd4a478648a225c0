"""Mistakes about what an operator decides: who is one customer, who is erased, whose data are frozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.simulate.faults.memory import memory, taken
from omnichannel.channels.webchat import render
from omnichannel.inbox import composing, identity, merging, recording
from omnichannel.inbox.identity import Identity
from omnichannel.inbox.incoming import Incoming
from omnichannel.inbox.rights import belongings, dropping, erasing, freezing, sorting, surface
from omnichannel.model import Address
from omnichannel.store import Tx, erased, people
from omnichannel.store import belongings as statements
from omnichannel.store import erasing as erasures
from omnichannel.store import freezing as frozen
from omnichannel.store.people import Person
from omnichannel.store.sqlite import SqliteDriver


def merged_in_two_commits() -> None:
    """A merge is written down in one commit, and who is one customer is worked out in the next."""
    merge, regroup = Identity.merge, merging.regroup
    identity.regroup = lambda tx, start, **more: memory("ends").append((start, more))  # type: ignore[attr-defined]

    async def merge_then_regroup(self: Identity, one: Address, other: Address, **more: object) -> object:
        found = await merge(self, one, other, **more)  # type: ignore[arg-type]
        ends = taken("ends")
        await self._run(lambda tx: [regroup(tx, start, **said) for start, said in ends])
        return found

    Identity.merge = merge_then_regroup  # type: ignore[method-assign,assignment]


def merging_moves_messages() -> None:
    """Whoever is merged gives their messages to the other, and nobody knows any more whose they were."""
    assign = people.assign

    def assign_all(tx: Tx, customers: Iterable[tuple[int, int]]) -> None:
        for number, its in list(customers):
            assign(tx, [(number, its)])
            tx.run("UPDATE messages SET peer = ? WHERE workspace = ? AND peer = ?", its, tx.ws, number)

    people.assign = assign_all


def parting_takes_nothing_back() -> None:
    """An operator parts two customers, and nothing is written down."""
    identity.unmerge = lambda *_, **__: []  # type: ignore[attr-defined]


def undoing_undoes_nothing() -> None:
    """An operator takes a decision back, and nothing is written down."""
    identity.undo = lambda *_, **__: []  # type: ignore[attr-defined]


def customers_only_grow() -> None:
    """Who was one customer once is so for ever."""
    assign = people.assign

    def join(tx: Tx, customers: Iterable[tuple[int, int]]) -> None:
        assign(tx, [(number, its) for number, its in customers if its < number])

    people.assign = join


def answered_where_the_customer_began() -> None:
    """An answer goes to the customer's first address, whichever they asked from."""
    recipient = composing._recipient

    def first(tx: Tx, *given: object) -> object:
        peer, _ = recipient(tx, *given)  # type: ignore[arg-type]
        began = people.get(tx, people.get(tx, peer).customer)
        return began.id, began.party

    composing._recipient = first  # type: ignore[assignment]


def erased_by_the_clock() -> None:
    """What came before an erasure is told by the time it bears."""
    sorting.tells_by_time = lambda tx, arrival: True


def erased_and_not_remembered() -> None:
    """Nobody knows the ids of what was erased, when it comes again."""
    erased.remember = lambda tx, marks: None


def erased_for_everybody() -> None:
    """Whoever erases one customer erases everybody."""

    def everybody(tx: Tx, customer: int) -> list[Person]:
        return people.met_by(tx, 1 << 62)

    surface.people.members = everybody  # type: ignore[attr-defined]


def raw_deliveries_stay() -> None:
    """The messages of whoever was erased are gone, and not what they were read from."""
    erasing.dropping.drop = lambda *_: dropping.Dropped()  # type: ignore[attr-defined]


def whole_delivery_goes() -> None:
    """A delivery with an item of somebody erased is deleted, whoever else wrote in it."""
    dropping.trim = lambda tx, channel, arrival, events, judge, words, done: dropping._delete(
        tx, arrival, done
    )


def calls_stay() -> None:
    """What waits to be sent to whoever is erased is sent, and stays on record."""
    _but("calls")


def ids_stay() -> None:
    """The platforms' ids of what was erased stay in the table by which duplicates are known."""
    _but("externals")


def _but(spared: str) -> None:
    delete = erasures.delete

    def delete_others(tx: Tx, table: str, column: str, values: Sequence[int]) -> int:
        return 0 if table == spared else delete(tx, table, column, values)

    erasures.delete = delete_others


def happenings_keep_their_words() -> None:
    """What happened to whoever was erased keeps their address."""
    erasures.empty_happenings = lambda *_: 0


def words_come_back() -> None:
    """Where nothing can be planted, our words to somebody erased meanwhile come back as news."""
    statements.nameless = lambda tx, messages, since: []


def planted_is_no_name() -> None:
    """A message that has no id yet is known by what was planted in it, and not after its erasure."""
    items = belongings.items_of

    def named(tx: Tx, messages: Sequence[statements.Spoken]) -> frozenset[str]:
        calls, statements.calls = statements.calls, lambda tx, messages: []
        try:
            return items(tx, messages)
        finally:
            statements.calls = calls

    belongings.items_of = named


def scrubbed_is_not_overwritten() -> None:
    """A row that is deleted is free to be written over, some day."""
    secure = SqliteDriver._secure

    def careless(self: SqliteDriver) -> None:
        secure(self)
        self._connection.execute("PRAGMA secure_delete=OFF")

    SqliteDriver._secure = careless  # type: ignore[method-assign]
    SqliteDriver.scrub = lambda self: []  # type: ignore[method-assign]


def coming_over_unseen() -> None:
    """Nobody sees that whoever was answered in private goes on in the chat."""
    recording.came_over = lambda *_: False  # type: ignore[attr-defined]


def private_is_public() -> None:
    """What is to be said in private is said where it was asked."""
    reply = Incoming.reply
    Incoming.reply = lambda self, said, **_: reply(self, said)  # type: ignore[method-assign,assignment,misc]


def web_chat_in_doubt() -> None:
    """An answer in the web chat whose worker died is in doubt, though it lies in the store, where it is read."""
    call = render._call
    render._call = lambda *given: call(*given).model_copy(update={"repeatable": False})


def frozen_are_answered() -> None:
    """Handlers see what is frozen, and answer it."""
    freezing.hold_back = lambda tx, tasks: list(tasks)
    freezing.check = lambda tx, address: None


def frozen_on_the_way_goes_on() -> None:
    """A call that is put off goes out when it is time, though its customer's data were frozen meanwhile."""
    freezing.stop = lambda tx, message: None


def frozen_for_ever() -> None:
    """What was held back stays so when nobody is frozen any more."""
    frozen.release = lambda tx: 0


def frozen_is_erased() -> None:
    """Nobody asks whether data are to be kept before they are erased."""
    erasing.freezing.frozen_at = lambda tx, customer: None  # type: ignore[attr-defined]


FAULTS = (
    merged_in_two_commits, merging_moves_messages, parting_takes_nothing_back, undoing_undoes_nothing,
    customers_only_grow, answered_where_the_customer_began, erased_by_the_clock, erased_and_not_remembered,
    erased_for_everybody, raw_deliveries_stay, whole_delivery_goes, calls_stay, ids_stay,
    happenings_keep_their_words, words_come_back, planted_is_no_name, scrubbed_is_not_overwritten,
    coming_over_unseen, private_is_public, web_chat_in_doubt, frozen_are_answered,
    frozen_on_the_way_goes_on, frozen_for_ever, frozen_is_erased,
)  # fmt: skip
