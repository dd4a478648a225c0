"""Archives: files that anybody may have written, cut into what was said. No byte of a mailbox is in no mail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.imports import desks, letters

from bench.fuzz.mutate import mutated
from bench.fuzz.target import READ, REFUSED, Hole, Target
from omnichannel.channels.email import Email
from omnichannel.errors import UsageError
from omnichannel.imports import Archive, Chatwoot, Mbox, Zammad, meaning, standing
from omnichannel.imports.archive import Item
from omnichannel.model import Received

_MAIL = Email("mail", address=letters.OWN)


def targets() -> Iterator[Target]:
    """A mailbox in one file, and the exports of both desks."""
    mails = [letters.letter("1", text=">From me"), letters.ours("2"), "Content-Length: 3\nTo: x\n\nabc\n"]
    box = "".join(f"{letters.FROM_LINE}{mail}\n" for mail in mails).encode()
    yield Target("archives/mbox", _mbox, [box, box.replace(b"\n", b"\r\n")], mutated, cost=4)
    chats = [desks.page([desks.message(1), desks.message(2, 1)]), desks.listing([desks.conversation()])]
    yield Target(
        "archives/chatwoot", _desk(Chatwoot), [json.dumps(one).encode() for one in chats], mutated, cost=4
    )
    tickets = [[desks.article(1), desks.answer(2)], [desks.ticket(), desks.DAVID, desks.article(1)]]
    yield Target(
        "archives/zammad", _desk(Zammad), [json.dumps(one).encode() for one in tickets], mutated, cost=8
    )


def _mbox(data: bytes) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.mbox"
        path.write_bytes(data)
        try:
            items = list(Mbox(path, account="mail").items(""))
        except UsageError:
            return REFUSED
    ends = [json.loads(item.cursor)["offset"] for item in items]
    if data.strip() and (ends != sorted(set(ends)) or ends[-1:] != [len(data)]):
        raise Hole("bytes of the box are in no mail")
    return _told(items)


def _desk(kind: Callable[..., Archive]) -> Callable[[bytes], str]:
    def go(data: bytes) -> str:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "a.json"
            path.write_bytes(data)
            try:
                return _told(list(kind(path, account="mail").items("")))
            except UsageError:
                return REFUSED

    return go


def _told(items: list[Item]) -> str:
    """What each means can be said, and how its conversation stood."""
    read = False
    for delivery in (item.delivery for item in items):
        for event in meaning(_MAIL, delivery) if delivery else ():
            event.model_dump_json().encode()
            read |= isinstance(event, Received)
        if delivery:
            standing(delivery)
    return READ if read else REFUSED
