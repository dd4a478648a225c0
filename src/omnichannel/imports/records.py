"""JSON that another desk gave, in files: pages of its API as they came, one object to a line, or a folder of both.

What a file is called does not matter: what its objects are is seen by their keys. Everything but the messages is
read first, because a message names its conversation and its customer by number; messages are read one by one.
"""

from __future__ import annotations

import base64
import binascii
import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

from omnichannel.channel import Delivery
from omnichannel.errors import Malformed, UsageError
from omnichannel.imports.archive import VOUCHED, Archive, Item, marks, unread
from omnichannel.model import Attachment
from omnichannel.toolbox import Json, is_object, load_json, obj, string

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of one file, or of one line where each object has its own. A page of an API has a thousandth of that."""

_MOST_MESSAGES = MOST_BYTES  # in one object: each takes more than a byte
_LINES = frozenset({".jsonl", ".ndjson"})
_FILES = frozenset({".json", *_LINES})

Object = dict[str, Json]


class Standing(NamedTuple):
    """How a conversation stood in the other desk: open or closed, who had it (name and e-mail), its tags."""

    thread: str
    open: bool
    assignee: str = ""
    email: str = ""
    tags: tuple[str, ...] = ()
    priority: str = ""


class _Read(NamedTuple):
    """An object in a file, or why there is none: the file, its place in it, and how much of all was read then."""

    file: str
    place: int
    share: float
    value: Json = None
    reason: str = ""


class Records(Archive):
    """Another desk's export. `accounts` maps what it calls an inbox to an account here; `account` is for the rest."""

    def __init__(
        self,
        path: str | Path,
        *,
        account: str = "",
        accounts: Mapping[str, str] | None = None,
        vouch: bool = False,
    ) -> None:
        super().__init__(path, vouch=vouch)
        self.account = account
        self.accounts_of = dict(accounts or {})

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that inboxes are mapped to, each once."""
        return tuple(dict.fromkeys(one for one in (*self.accounts_of.values(), self.account) if one))

    @abstractmethod
    def sort(self, value: Object) -> tuple[str, str] | None:
        """What an object is, and its number (`("contact", "12")`); None where that is not known."""

    def kept(self, kind: str, value: Object) -> Object:  # noqa: ARG002 - others leave something out
        """What is remembered of an object that messages name."""
        return {key: inner for key, inner in value.items() if inner not in (None, "", [], {})}

    @abstractmethod
    def gathered(self, value: Object, known: Mapping[str, dict[str, Object]]) -> Object:
        """A message with everything that says what it means, to be kept as one delivery."""

    @abstractmethod
    def account_for(self, body: Object) -> str:
        """The account that a message belongs to. Raises UsageError naming what is not mapped."""

    @abstractmethod
    def key(self, body: Object) -> str:
        """What a message is known by in the other desk."""

    message: ClassVar[str]
    """What `sort` calls that which was said."""

    def items(self, cursor: str) -> Iterator[Item]:
        """Every message behind a cursor. Raises UsageError for files without one, or an inbox without an account."""
        behind = tuple(json.loads(cursor)) if cursor else ("", -1)
        files = self._files()
        known = self._known(files)
        found = False
        for read in _objects(self.path, files):
            for place, value in self._messages(read):
                found = True
                if (read.file, place) > behind:
                    delivery = self._unread(read) if value is None else self._delivery(read, value, known)
                    yield Item(delivery, json.dumps([read.file, place]), read.share)
        if not found:
            raise UsageError(
                f"{self.path} holds no messages of {self.kind}: give it the pages of its API, as files"
            )

    def _files(self) -> list[Path]:
        if self.path.is_file():
            return [self.path]
        files = [one for one in self.path.rglob("*") if one.suffix.lower() in _FILES and one.is_file()]
        if not files:
            raise UsageError(f"{self.path} holds no .json, .jsonl or .ndjson file")
        # By the very names that cursors hold: paths have an order of their own.
        return sorted(files, key=lambda one: one.relative_to(self.path).as_posix())

    def _known(self, files: list[Path]) -> dict[str, dict[str, Object]]:
        """Everything that messages name by number, by what it is."""
        known: dict[str, dict[str, Object]] = {}
        for read in _objects(self.path, files):
            for value in walk(read.value):
                sorted_as = self.sort(value)
                if sorted_as and sorted_as[0] != self.message:
                    kind, number = sorted_as
                    held = known.setdefault(kind, {})
                    # A list tells less than the page of one; what is told anywhere counts.
                    held[number] = {**held.get(number, {}), **self.kept(kind, value)}
        return known

    def _messages(self, read: _Read) -> Iterator[tuple[int, Object | None]]:
        """The messages in an object, each with its place in the file; None for an object that is none."""
        place = read.place * _MOST_MESSAGES
        if read.reason:
            yield place, None
        for value in walk(read.value):
            sorted_as = self.sort(value)
            if sorted_as and sorted_as[0] == self.message:
                yield place, value
                place += 1

    def _unread(self, read: _Read) -> Delivery:
        account = self.accounts[0] if self.accounts else ""
        return unread(account, self.kind, f"{self.kind}:{read.file}:{read.place + 1}", read.reason)

    def _delivery(self, read: _Read, value: Object, known: Mapping[str, dict[str, Object]]) -> Delivery:
        body = self.gathered(value, known)
        written = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        return Delivery(
            account=self.account_for(body),
            source="history",
            method="GET",
            url=f"{self.kind}:{read.file}#{string(value, 'id')}",
            headers=marks(self.kind, vouched="the operator" if self.vouch else ""),
            body=written,
            key=f"{self.kind} {sha256(self.key(body).encode()).hexdigest()}",
        )


def walk(value: Json, deepest: int = 12) -> Iterator[Object]:
    """Every object in some JSON, the outer before the inner, in order."""
    if deepest == 0:
        return
    if is_object(value):
        yield value
    for inner in value.values() if is_object(value) else value if isinstance(value, list) else ():
        if isinstance(inner, dict | list):
            yield from walk(inner, deepest - 1)


def _objects(root: Path, files: list[Path]) -> Iterator[_Read]:
    """What stands in each file; a file or line that is no JSON harms no other."""
    total = sum(file.stat().st_size for file in files) or 1
    before = 0
    for file in files:
        name = file.relative_to(root).as_posix() if file != root else file.name
        read = before
        for place, raw in _pieces(file):
            read += len(raw)
            share = min(read / total, 1.0)
            try:
                yield _Read(name, place, share, load_json(raw, most=MOST_BYTES) if raw.strip() else None)
            except Malformed as error:
                yield _Read(name, place, share, reason=str(error))
        before += file.stat().st_size


def _pieces(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as opened_file:
        if file.suffix.lower() not in _LINES:
            yield 0, opened_file.read(MOST_BYTES + 1)
            return
        number = 0
        while line := opened_file.readline(MOST_BYTES + 1):
            yield number, line
            number += 1


def opened(delivery: Delivery) -> Object:
    """The JSON of a delivery that `Records` made; raises Malformed."""
    value = load_json(delivery.body, most=MOST_BYTES)
    if not is_object(value):
        raise Malformed("this is no object out of an export")
    return value


def is_vouched(delivery: Delivery) -> bool:
    """Whether an operator vouches for who is named in it."""
    return bool(delivery.header(VOUCHED))


def data_of(file: Json) -> bytes | None:
    """The bytes of a file that an export holds as base64 under `data`; None where it holds none."""
    written = string(file, "data")
    try:
        return base64.b64decode(written, validate=True) if written else None
    except (binascii.Error, ValueError):
        return None


def content_of(delivery: Delivery, attachment: Attachment) -> bytes | None:
    """The bytes of an attachment out of a delivery; None where it does not hold them."""
    message = obj(opened(delivery), "message")
    files = message.get("attachments")
    if attachment.index is None or not isinstance(files, list) or not 0 <= attachment.index < len(files):
        return None
    found = data_of(files[attachment.index])
    return found if found is not None and sha256(found).hexdigest() == attachment.sha256 else None
