"""Call records of a company's own exchange (CSV) as calls: the same message that a webhook would have become.

Several rows may be one call (parallel ringing, a transfer): where a column groups them they become one. A row that
cannot be read harms no other. Columns and dispositions: Asterisk's CDR, and what other exchanges export.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from omnichannel.channels.voice import columns, times
from omnichannel.channels.voice.call import KIND, PhoneCall
from omnichannel.channels.voice.recording import digest
from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Event, Ignored, Party, Strength, Unreadable
from omnichannel.platforms.twilio import numbers
from omnichannel.toolbox import clean, guarded

UTC = ZoneInfo("UTC")

_STATES: dict[str, str] = {}
for _state, _words in {
    "completed": "answered completed complete answer ok connected success beantwoord aangenomen angenommen",
    "no-answer": "noanswer missed unanswered notanswered gemist nietbeantwoord verpasst abandoned timeout",
    "busy": "busy bezet besetzt occupied rejected",
    "canceled": "canceled cancelled cancel afgebroken abgebrochen hangup",
    "failed": "failed failure congestion error chanunavail mislukt fehlgeschlagen",
    "voicemail": "voicemail vm antwoordapparaat mailbox anrufbeantworter",
}.items():
    _STATES |= dict.fromkeys(_words.split(), _state)

_OUT = frozenset(
    {"out", "outbound", "outgoing", "outboundapi", "uitgaand", "uit", "ausgehend", "dialed", "o"}
)
_IN = frozenset({"in", "inbound", "incoming", "inkomend", "eingehend", "received", "missed", "gemist", "i"})
_WITHIN = frozenset({"internal", "intern", "local"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How an exchange writes. `region` reads national numbers ("NL"), `own` are the numbers that are ours."""

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: ZoneInfo = UTC
    region: str = ""
    own: frozenset[str] = frozenset()


def events(body: bytes, layout: Layout) -> Iterator[Event]:
    """Every call of a file, in the order of its rows. Raises Malformed if it has no columns that we know."""
    table = _Table(_decoded(body), layout)
    for line, calls in table.groups():
        yield from guarded(_told, calls, f"/line/{line}")


def _told(calls: list[_Row] | Event) -> tuple[Event]:
    return (_merged(calls) if isinstance(calls, list) else calls,)


def _decoded(body: bytes) -> str:
    """The text: with a byte order mark as that says, else UTF-8, else as Windows writes it in the West."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if body.startswith(mark):
            return clean(body.decode(encoding, "replace"))
    try:
        return clean(body.decode())
    except UnicodeDecodeError:
        return clean(body.decode("cp1252", "replace"))


def _delimiter(text: str) -> str:
    """What parts the columns: whatever the first line has most of, outside quotes."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(piece for place, piece in enumerate(line.split('"')) if place % 2 == 0)
    return max(",;\t|", key=lambda mark: (bare.count(mark), mark == ","))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file, by field."""

    group: str
    id: str
    call: PhoneCall
    recording: str


class _Table:
    """A file of call records, with what its header says."""

    def __init__(self, text: str, layout: Layout) -> None:
        self._layout = layout
        text = text.removeprefix("sep=;").removeprefix("sep=,").lstrip("\r\n")
        self._reader = csv.reader(
            text.splitlines(keepends=True), delimiter=_delimiter(text), skipinitialspace=True
        )
        rows = list(self._rows())
        first = next((row for _, row in rows if isinstance(row, list)), [])
        found = columns.header(first, layout.columns)
        self._body = rows[1:] if found else rows
        self._places = found or columns.without_header(first) or {}
        if not self._places:
            raise Malformed(
                "no column is a call's time and number: the header has "
                f"{', '.join(first)[:200] or 'nothing'}. Say with the setting columns which is which "
                '({"start": "Datum", "from": "Van", …})'
            )
        starts = [self._when(row) for _, row in self._body if isinstance(row, list)]
        self._month_first = times.month_first(starts)

    def _rows(self) -> Iterator[tuple[int, list[str] | str]]:
        """Every row that has something in it, with its number; what is no row is its problem, in words."""
        while True:
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._reader.line_num, str(error)
                continue
            if any(cell.strip() for cell in row):
                yield self._reader.line_num, row

    def groups(self) -> Iterator[tuple[int, list[_Row] | Event]]:
        """The rows of each call together, with its first row's line; what is no call in its own place."""
        grouped: dict[str, list[_Row]] = {}
        order: list[tuple[int, str | Event]] = []
        for number, row in self._body:
            try:
                read = self._row(row)
            except (Malformed, ValueError) as error:
                order.append((number, Unreadable(reason=str(error)[:500], where=f"/line/{number}")))
                continue
            if isinstance(read, Ignored):
                order.append((number, read))
            elif read.group in grouped:
                # The same row twice is one leg told twice.
                grouped[read.group] += [read] if read not in grouped[read.group] else []
            else:
                grouped[read.group] = [read]
                order.append((number, read.group))
        for number, one in order:
            yield number, grouped[one] if isinstance(one, str) else one

    def _value(self, row: Sequence[str], field: str) -> str:
        place = self._places.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _when(self, row: Sequence[str]) -> str:
        """Date and time, also where they stand in two columns."""
        date, clock = self._value(row, "start"), self._value(row, "time")
        apart = self._places.get("time", self._places["start"]) != self._places["start"]
        return f"{date} {clock}".strip() if apart else date

    def _row(self, row: list[str] | str) -> _Row | Ignored:
        if isinstance(row, str):
            raise Malformed(row)
        start = self._when(row)
        at = times.moment(start, self._layout.zone, month_before_day=self._month_first)
        if at is None:
            raise Malformed(f"{start[:40]!r} is no time; the row has {len(row)} columns")
        sid = self._value(row, "id") or digest("\x1f".join(row))
        group = self._value(row, "call") or sid
        ends = self._value(row, "from"), self._value(row, "to")
        direction = self._direction(row, *ends)
        if direction == "within":
            return Ignored(
                reason="internal: a call among ourselves", kind="internal", external_id=sid, sent_at=at
            )
        call = PhoneCall(
            sid=group,
            outgoing=direction == "out",
            caller=self._party(ends[0], self._value(row, "name")) or numbers.nobody(KIND, group),
            called=self._party(ends[1]),
            state=self._state(row),
            strength=Strength.ASSERTED,
            seconds=self._seconds(row),
            at=at,
        )
        return _Row(group, sid, call, self._value(row, "recording"))

    def _party(self, written: str, name: str = "") -> Party | None:
        shown = name.partition("<")[0].strip().strip('"').strip() if not numbers.is_withheld(name) else ""
        return numbers.party(
            written, KIND, "", name="" if shown == written else shown, region=self._layout.region
        )

    def _direction(self, row: Sequence[str], caller: str, called: str) -> str:
        """Who called whom: as the row says, else by what is ours, else by what is no number of the world."""
        said = columns.fold(self._value(row, "direction"))
        for words, direction in ((_OUT, "out"), (_WITHIN, "within"), (_IN, "in")):
            if said in words:
                return direction
        own = self._layout.own
        ours = [end in own or self._number(end) in own for end in (caller, called)]
        inside = [
            mine or (end.isdigit() and len(end) < 6) for mine, end in zip(ours, (caller, called), strict=True)
        ]
        if all(inside):
            return "within"
        return "out" if inside[0] else "in"

    def _number(self, written: str) -> str:
        found = numbers.phone(written, self._layout.region)
        return found.value if found else ""

    def _state(self, row: Sequence[str]) -> str:
        said = columns.fold(self._value(row, "status"))
        if said in _STATES:
            return _STATES[said]
        if columns.fold(self._value(row, "direction")) in ("missed", "gemist"):
            return "no-answer"
        talked = self._value(row, "answered") or (self._seconds(row) or 0) > 0
        return "completed" if talked else "no-answer"

    def _seconds(self, row: Sequence[str]) -> int | None:
        """How long people spoke, where that is told apart from ringing."""
        talk = times.seconds(self._value(row, "talk"))
        return talk if talk is not None else times.seconds(self._value(row, "duration"))


_WORTH = ("failed", "canceled", "busy", "no-answer", "voicemail", "completed")
"""What wins where several rows are one call: somebody answered, though elsewhere it rang in vain."""


def _merged(rows: list[_Row]) -> Event:
    """One call of all its rows: from its beginning, with the best that became of it and all that was spoken."""
    first = min(rows, key=lambda row: row.call.at.timestamp() if row.call.at else 0)
    best = max(rows, key=lambda row: _WORTH.index(row.call.state))
    spoken = sum(row.call.seconds or 0 for row in rows if row.call.state == best.call.state)
    answered = best.call.state in ("completed", "voicemail")
    call = replace(first.call, state=best.call.state, seconds=spoken if answered else None)
    files = [row.recording for row in rows if row.recording]
    recordings = tuple(_recording(name) for name in dict.fromkeys(files))
    return call.received(parts=(*call.parts, *recordings))


def _recording(written: str) -> Attachment:
    """A recording as the exchange names it: an address, or a file that it keeps."""
    url = written if written.startswith(("https://", "http://")) else ""
    name = written.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kind = (
        "audio/mpeg"
        if name.lower().endswith(".mp3")
        else "audio/wav"
        if name.lower().endswith(".wav")
        else "audio/*"
    )
    return Attachment(name=name[:150], media_type=kind, url=url, external_id=written[:1024])
