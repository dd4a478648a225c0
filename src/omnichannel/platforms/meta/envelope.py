"""From the bytes of a webhook (of a file, of an answer about the past) to what a channel reads one by one.

Envelope and semantics: Meta's "Webhooks for Messenger", "Webhooks for Instagram" and the generic Graph page.
Entries may mix several Pages, one entry may hold `messaging`, `standby`, `changes` and `calls`, Instagram also puts
`field` and `value` into the entry itself, and whether we may call somebody is an item in an entry's place ("Calling
webhooks", 23 March 2026). One bad item never harms its siblings. Pure: no socket, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from omnichannel.channel import Delivery
from omnichannel.errors import Malformed
from omnichannel.model import Event, Ignored, Unreadable
from omnichannel.platforms.meta import files
from omnichannel.toolbox import Json, guarded, is_object, load_json, number, obj, string

Body = dict[str, Json]

NOT_ASKED_FOR = "not_event: an answer of the Graph API"

_SAID = ("sender", "recipient", "message")
"""Objects that only an item has: in a change it is one, whatever the field is called (`send_cart`, …)."""


class Place(NamedTuple):
    """Where something stood: whose entry (empty in a file without one), its time, and in stand-by or not."""

    home: str
    time: float | None = None
    standby: bool = False


@dataclass(frozen=True, slots=True)
class Readers:
    """What a channel makes of what an envelope holds.

    `object` is the webhook's own word for whom it is about, `noun` ours in sentences. `home` are the ids that
    are ours; empty takes everybody's (reading files). `item` reads one of `messaging[]`, `change` a field that
    changed and is no message, `past` one thing of which an answer about the past told; its place names what it
    belongs to, if anything.
    """

    kind: str
    object: str
    noun: str
    home: tuple[str, ...]
    item: Callable[[Body, Place], Event]
    change: Callable[[Body, Place], Event]
    past: Callable[[Body, Place, str], Iterable[Event]]

    def events(self, delivery: Delivery) -> Iterator[Event]:
        """What a delivery says. Raises Malformed, at once, if it is not JSON or no webhook at all."""
        body = load_json(delivery.body)
        if delivery.source == "file":
            return self._file(body)
        if not is_object(body) or not string(body, "object"):
            raise Malformed("not a webhook: no JSON object with `object` and `entry`")
        if delivery.past:
            return self._past(body)
        return self._webhook(body, "")

    def _past(self, body: Body) -> Iterator[Event]:
        """An answer that `link.history` fetched: `home`, what its `data` belongs to (`of`), and the data."""
        place, data = Place(string(body, "home")), body.get("data")
        for index, one in enumerate(data if isinstance(data, list) else ()):
            yield from guarded(_of_the_past(self, place, string(body, "of")), one, f"/data/{index}")

    def _file(self, body: Json) -> Iterator[Event]:
        for where, piece in files.pieces(body):
            yield from self._piece(piece, where)

    def _piece(self, piece: files.Piece, where: str) -> Iterator[Event]:
        data, place = piece.data, Place(self.home[0] if self.home else "")
        if piece.shape == "webhook":
            yield from self._webhook(data, where)
        elif piece.shape == "entry" and "id" in data:
            yield from self._entry_of_ours(data, where)
        elif piece.shape == "entry":
            yield from self._entry(data, place.home, where)
        elif piece.shape in ("item", "change"):
            field = "messaging" if piece.shape == "item" else "changes"
            yield from guarded(_one(self, field, place), data, where)
        elif piece.shape == "past":
            yield from guarded(_of_the_past(self, place, ""), data, where)
        elif piece.shape == "answer":
            yield Ignored(reason=NOT_ASKED_FOR, kind="answer")
        else:
            yield Unreadable(reason="neither a webhook, nor an entry, nor an item of one", where=where)

    def _webhook(self, body: Body, where: str) -> Iterator[Event]:
        entries, about = body.get("entry"), string(body, "object")
        if about not in (self.object, ""):
            yield Ignored(reason=f"not_{self.kind}: object {about}", kind=about)
        elif not isinstance(entries, list) or not entries:
            yield Unreadable(reason="entry is not a list with something in it", where=f"{where}/entry")
        else:
            for index, entry in enumerate(entries):
                yield from self._entry_of_ours(entry, f"{where}/entry/{index}")

    def _entry_of_ours(self, entry: Json, where: str) -> Iterator[Event]:
        """Read an entry only if it is ours: one app's secret signs for all of its Pages and accounts."""
        found = string(entry, "id") or string(obj(entry, "recipient"), "id")
        if not is_object(entry):
            yield Unreadable(reason="entry is not an object", where=where)
        elif not self.home or found in self.home:
            yield from self._entry(entry, self.home[0] if self.home else found, where)
        elif found == "0":
            reason = "dashboard_test: it arrived, and its signature is right"
            yield Ignored(reason=reason, kind="dashboard_test")
        else:
            noun = self.noun
            yield Unreadable(
                reason=f"account_mismatch: this is {noun} {found or '(none)'}'s, we are {noun} {self.home[0]}. "
                f"Point that {noun}'s webhook at its own account",
                where=where,
            )

    def _entry(self, entry: Body, home: str, where: str) -> Iterator[Event]:
        place = Place(home, number(entry, "time"))
        known = "field" in entry and "value" in entry
        if known:
            yield from guarded(_one(self, "changes", place), entry, where)
        elif "sender" in entry:
            known = True
            yield from guarded(_one(self, "messaging", place), _without_entry(entry), where)
        for field in ("messaging", "standby", "changes", "calls"):
            if entry.get(field) is None:
                continue
            known = True
            read = _one(self, field, place)
            for index, data in enumerate(_listed(entry[field])):
                yield from guarded(read, data, f"{where}/{field}/{index}")
        if not known:
            fields = ", ".join(sorted(set(entry) - {"id", "time"})) or "nothing"
            yield Ignored(reason=f"not_{self.kind}: the entry holds {fields}"[:200], kind="entry")


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _without_entry(entry: Body) -> Body:
    """An item that stands in an entry's place, without what is the entry's."""
    return {key: value for key, value in entry.items() if key not in ("id", "time")}


def _call(data: Body, home: str) -> Body:
    """A call as other items are written; when it ends nobody is named any more."""
    called = string(data, "recipient_id")
    people = (home, called) if called else (string(data, "from"), string(data, "to"))
    sides: Body = {
        side: {"id": who} for side, who in zip(("sender", "recipient"), people, strict=True) if who
    }
    return {**sides, "timestamp": data.get("timestamp"), "call": data}


def _one(readers: Readers, field: str, place: Place) -> Callable[[Json], Iterable[Event]]:
    """How to read one item or change; what is said in a change is an item (the dashboard's test button, too)."""
    here = Place(place.home, place.time, standby=True) if field == "standby" else place

    def read(data: Json) -> Iterable[Event]:
        if not is_object(data):
            raise Malformed("not an object")
        if field == "calls":
            return (readers.item(_call(data, place.home), here),)
        if field != "changes":
            return (readers.item(data, here),)
        name, value = string(data, "field"), obj(data, "value")
        if name == "standby" or any(is_object(value.get(key)) for key in _SAID):
            return (readers.item(value, Place(place.home, place.time, standby=name == "standby")),)
        return (readers.change(data, place),)

    return read


def _of_the_past(readers: Readers, place: Place, of: str) -> Callable[[Json], Iterable[Event]]:
    def read(data: Json) -> Iterable[Event]:
        if not is_object(data):
            raise Malformed("not an object")
        return tuple(readers.past(data, place, of))

    return read
