"""How customers took standard answers, written down when they write next."""

from __future__ import annotations

from omnichannel.desk.answers import reacted
from omnichannel.model.desk import Reading
from omnichannel.store import Tx, records
from omnichannel.store.desk import lately, uses


def react(tx: Tx, conversation: int, reading: Reading) -> None:
    """Look at what was written behind the answers of a conversation, each once."""
    for one in uses.untold(tx, conversation):
        said = lately.said_since(tx, conversation, one.seq, one.peer)
        if said is None:
            continue
        reaction, because = reacted(one.question, said, reading)
        uses.react(tx, one.number, reaction, because)
        if reaction:
            detail = {"answer": one.answer, "use": tx.ids.show("use", one.number)}
            records.happened(tx, f"answer.{reaction}", conversation=conversation, detail=detail)
