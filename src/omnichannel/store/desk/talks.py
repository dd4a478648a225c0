"""What was said, as a bot may be shown it and training may use it: words alone, never notes, by whose they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.model.desk import Spoken
from omnichannel.store.desk import words
from omnichannel.store.tx import Tx

_MOST = 200  # messages of one conversation: the last ones


class Talk(NamedTuple):
    """One message: `peer` is who wrote it, or whom it was written to.

    `machine`: a program wrote it by itself; of ours, one that is no bot, so that it answers nothing.
    """

    message: int
    seq: int
    inbound: bool
    peer: int
    public: bool
    machine: bool
    spoken: Spoken


def said(tx: Tx, conversation: int, whose: Collection[int] = (), *, most: int = _MOST) -> list[Talk]:
    """The last things said in a conversation, in order: by and to these addresses (none: anybody's)."""
    rows = tx.all(
        "SELECT m.id, m.seq, m.direction, m.peer, m.public, m.kind, m.sent_at, m.received_at, m.content, a.role"
        " FROM messages AS m LEFT JOIN agents AS a ON a.workspace = m.workspace AND a.name = m.agent"
        " WHERE m.workspace = ? AND m.conversation = ? AND m.direction IN (0, 1) AND m.peer IS NOT NULL"
        f" ORDER BY m.seq DESC LIMIT {int(most)}",
        tx.ws, conversation,
    )  # fmt: skip
    return list(_talks(reversed(rows), whose))


def _talks(rows: Iterator[tuple[object, ...]], whose: Collection[int]) -> Iterator[Talk]:
    for number, seq, direction, peer, public, kind, sent_at, received_at, content, role in rows:
        if (whose and peer not in whose) or words.deleted(str(content)):
            continue
        inbound, machine = direction == 0, words.of_program(str(content))
        ours = "bot" if role == "bot" or machine else "agent"
        spoken = Spoken(
            by="customer" if inbound else ours,
            text=words.text(str(content)),
            at=moment(cast("int", received_at if inbound else sent_at)),
            kind=str(kind),
            files=sum(part["type"] == "attachment" for part in json.loads(str(content))["parts"]),
        )
        yield Talk(
            cast("int", number),
            cast("int", seq),
            inbound,
            cast("int", peer),
            bool(public),
            machine and role != "bot",
            spoken,
        )


def newest(tx: Tx, conversation: int) -> int:
    """The place of the last thing that anybody said in a conversation, notes apart; 0 for none."""
    row = tx.one(
        "SELECT MAX(seq) FROM messages WHERE workspace = ? AND conversation = ? AND direction IN (0, 1)",
        tx.ws, conversation,
    )  # fmt: skip
    return cast("int", (row[0] if row else 0) or 0)
