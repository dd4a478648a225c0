"""What is somebody's: their addresses while they had them, what was said to and by them, where it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from omnichannel.channel import Channel
from omnichannel.inbox.placing import thread_key
from omnichannel.inbox.rights import sorting
from omnichannel.model import Event, Ignored, Unreadable, Updated
from omnichannel.store import Tx, belongings, conversations, erased, holds, people
from omnichannel.store.arrivals import Arrival
from omnichannel.store.belongings import Spoken
from omnichannel.store.marking import address_mark, item_mark
from omnichannel.store.people import NEVER, Person

_TELLING = 6  # characters: a shorter word is met by chance

Window = tuple[int, int]
"""From when to when somebody had an address, in microseconds since 1970, both included."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything of some people. `whole` are conversations that are theirs alone, `mixed` those that others are in.

    `windows` are their addresses' marks with their times, `items` the marks of what was said and sent.
    """

    persons: tuple[Person, ...]
    windows: Mapping[str, Sequence[Window]]
    whole: tuple[int, ...]
    mixed: tuple[int, ...]
    messages: tuple[Spoken, ...]
    items: frozenset[str] = field(repr=False)

    @property
    def numbers(self) -> list[int]:
        """The addresses' numbers."""
        return [person.id for person in self.persons]

    @property
    def message_numbers(self) -> list[int]:
        """The messages' numbers."""
        return [message.id for message in self.messages]

    def words(self) -> set[str]:
        """Every way in which their addresses are written."""
        return {
            word
            for person in self.persons
            for word in (str(person.address), person.value, person.value.lstrip("+"), person.written)
            if word
        }

    def telling(self) -> set[str]:
        """Those of them that stand for nobody else wherever they are found."""
        return {word for word in self.words() if len(word) >= _TELLING}

    def deliveries(self, tx: Tx) -> list[int]:
        """The raw deliveries that hold an item of theirs."""
        return holds.deliveries(tx, [*self.windows, *self.items])

    def threads(self) -> Iterator[tuple[int, str, str]]:
        """The keys (conversation, account, key) under which the platforms' threads are remembered for them."""
        by_number = {person.id: person for person in self.persons}
        for message in self.messages:
            thread, person = str(message.content.get("thread", "")), by_number.get(message.peer or 0)
            if thread and person:
                yield message.conversation, message.account, thread_key(thread, person, public=message.public)


def gather(tx: Tx, persons: Iterable[Person]) -> Belongings:
    """Everything of these people."""
    found = tuple(sorted(set(persons)))
    numbers = {person.id for person in found}
    whole: list[int] = []
    mixed: list[int] = []
    messages: list[Spoken] = []
    for number in conversations.conversations_of(tx, sorted(numbers)):
        said = belongings.spoken(tx, number)
        alone = {message.peer for message in said} <= {None, *numbers} and (
            belongings.asker(tx, number) in numbers
        )
        (whole if alone else mixed).append(number)
        messages += [message for message in said if alone or message.peer in numbers]
    return Belongings(
        found, _windows(tx, found), tuple(whole), tuple(mixed), tuple(messages), items_of(tx, messages)
    )


def _windows(tx: Tx, persons: Sequence[Person]) -> dict[str, list[Window]]:
    windows: dict[str, list[Window]] = {}
    for person in persons:
        if person.since < NEVER:
            began = sorted(one.since for one in people.family(tx, [person.root]))
            until = next((since - 1 for since in began if since > person.since), NEVER)
            windows.setdefault(address_mark(tx, person.address), []).append((person.since, until))
    return windows


def items_of(tx: Tx, messages: Sequence[Spoken]) -> frozenset[str]:
    """The marks of everything that the platforms call these messages, and of their calls."""
    numbers = [message.id for message in messages]
    found: set[str] = set()
    for account, what, external_id, fingerprint in belongings.externals(tx, numbers):
        # Where ids can be forged, a repetition bears the same bytes; what is about a message names its id alone.
        plain = external_id.removesuffix(f"#{fingerprint[:16]}") if fingerprint else external_id
        found |= {item_mark(tx, account, what, plain, fingerprint), item_mark(tx, account, what, plain)}
    for account, external_id, correlator in belongings.calls(tx, numbers):
        found |= {item_mark(tx, account, "message", external_id)} if external_id else set()
        if correlator:  # by which an update may name the message too, as long as it has no other id
            found |= {item_mark(tx, account, what, correlator) for what in ("call", "message")}
    return frozenset(found)


class Judge:
    """Says of the items of a delivery whether they are these people's, or were erased before."""

    def __init__(self, tx: Tx, channel: Channel, arrival: Arrival, theirs: Belongings) -> None:
        self._tx = tx
        self._channel = channel
        self._arrival = arrival
        self._theirs = theirs
        self._by_time = sorting.tells_by_time(tx, arrival)

    def said(self, event: Event) -> bool:
        """Whether it is from them, or from us to them."""
        at = sorting.came_at(self._tx, self._arrival, event)
        speakers = sorting.parties(self._channel, event)
        if isinstance(event, Updated) and event.sender is not None:
            speakers = speakers[:1]
        if any(self._had(address_mark(self._tx, address), at) for address in speakers):
            return True
        return not speakers and self._about(event)

    def concerns(self, event: Event) -> bool:
        """Whether it is from them, to them, about what was said to or by them, or of somebody erased before."""
        at = sorting.came_at(self._tx, self._arrival, event)
        then = sorting.counts_at(self._tx, self._arrival, event, by_time=self._by_time)
        marks = list(sorting.marks(self._tx, self._channel, event))
        return any(
            self._had(mark, at) or mark in self._theirs.items or erased.covers(self._tx, mark, then)
            for mark in marks
        ) or sorting.comes_back(self._tx, self._channel.name, event, at)

    @staticmethod
    def anybodys(event: Event) -> bool:
        """Whether an item is somebody's at all, or may be."""
        return not isinstance(event, Ignored) or event.sender is not None

    @staticmethod
    def somebodys(event: Event) -> bool:
        """Whether it can be told whose an item is."""
        return Judge.anybodys(event) and not isinstance(event, Unreadable)

    def _had(self, mark: str, at: int) -> bool:
        return any(since <= at <= until for since, until in self._theirs.windows.get(mark, ()))

    def _about(self, event: Event) -> bool:
        return any(mark in self._theirs.items for mark in sorting.items(self._tx, self._channel.name, event))
