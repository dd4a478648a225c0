"""Two answer the same customer: whoever says what they saw is told, before anything is sent, what was said since."""

from __future__ import annotations

from omnichannel.errors import Conflict
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import writing
from omnichannel.store.desk.writing import Newer


def check_seen(tx: Tx, conversation: int, seen: int, agent: str) -> None:
    """Raise Conflict if the customer, or another of ours, said something after a message, or that is not there.

    Its words name what was said. Nobody says anything more until the commit.
    """
    conversations.hold(tx, [conversation])
    newer = writing.newer(tx, conversation, seen, agent)
    if newer is None:
        raise Conflict("what was seen last is not in this conversation any more: look at it again")
    if newer:
        told = ", ".join(map(_told, newer))
        raise Conflict(f"something was said since: {told}; look at it, and say seen={newer[-1].message!r}")


def _told(one: Newer) -> str:
    who = "the customer wrote" if one.inbound else f"{one.agent or 'one of ours'} answered"
    return f"{who} ({one.message})"
