"""Letters: scans lie in a folder that is read as any other wire, answers are put as PDFs into one that is emptied.

What stands on a scan comes with it, as our own source writes it down once it was read: how programs read paper is
tested elsewhere. Whom a letter of ours is for is read from the paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from tempfile import gettempdir
from typing import ClassVar
from urllib.parse import urlsplit

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from bench.simulate.dialects.polled import Feed, Shelf
from omnichannel.channel import Call, Channel, Delivery, Sender, Source
from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.parse import READING
from omnichannel.channels.letter.reading import Line, Reading, text_layer
from omnichannel.inbox import Rules

_US = "The Shop, Kade 1, 1011 AA Amsterdam"
_STREET = re.compile(r"Dorpsstraat \d+")


class _Letter(Letter):
    """The channel as it is, but for its folders."""

    wire: Sender
    shelf: Shelf

    def sources(self) -> Sequence[Source]:
        return (Feed(self.shelf, found),)

    def sender(self) -> Sender:
        return self.wire


class LetterDialect(Dialect):
    """One postal address."""

    kind: ClassVar[str] = "letter"
    echoes: ClassVar[bool] = False
    batches: ClassVar[bool] = False
    polled: ClassVar[bool] = True
    threads: ClassVar[bool] = True
    most_answers: ClassVar[int] = Rules().automatic_mails

    def channel(self, sender: Sender) -> Channel:
        channel = _Letter(ACCOUNT, address=_US, outbox=gettempdir())
        channel.wire = sender
        assert hasattr(sender, "look")
        channel.shelf = sender  # type: ignore[assignment]  # the worker's one wire goes both ways
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        scan = found(items[0])
        return scan.model_copy(update={"source": "webhook"}) if forged else scan

    def said(self, call: Call) -> Item:
        file = urlsplit(call.url).path.lstrip("/")
        return {"to": _addressed(call.body), "text": call.text, "mark": call.correlator, "file": file}

    def called(self, number: int, said: Item) -> str:
        """A letter is called what its file is."""
        file: str = said["file"]
        return file

    def taken(self, number: str) -> bytes:
        return number.encode()

    def words(self, number: int, text: str, who: str) -> str:
        return "\n".join((*who.split(", "), f"This is letter {number}."))

    def customer(self, number: int) -> str:
        return f"Ann de Vries, Dorpsstraat {number + 1}, 1234 AB Dorp"

    def inbound(self, number: int, who: str) -> str:
        return sha256(_scan(self.words(number, "", who))).hexdigest()

    def in_two_pieces(self, text: str) -> str:
        """A letter is never cut."""
        return f"{text}, and more"


def found(item: Item) -> Delivery:
    """A scan as it is kept, under what is in it, with the lines that stand on it."""
    rows = enumerate(item["text"].splitlines())
    lines = tuple(Line(page=0, x=25.0, y=40.0 + 5.0 * row, text=text) for row, text in rows)
    read = Reading(pages=1, lines=lines).model_dump_json()
    return Delivery(source="poll", key=item["id"], headers=((READING, read),), body=_scan(item["text"]))


def _scan(text: str) -> bytes:
    return f"%PDF-1.7 {text}".encode()


@lru_cache(maxsize=64)
def _addressed(paper: bytes) -> str:
    """Whom a letter of ours is for, as a postman reads it."""
    street = _STREET.search(text_layer(paper).text)
    return f"Ann de Vries, {street[0]}, 1234 AB Dorp" if street else "nobody"
