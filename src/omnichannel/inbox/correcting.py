"""Putting right where messages belong: carrying them over, joining conversations, closing and reopening them."""

from __future__ import annotations

from typing import Literal

from omnichannel.model import Direction
from omnichannel.store import Tx, conversations, messages, places, records
from omnichannel.threads import correct


def join(tx: Tx, source: int, target: int, actor: str) -> None:
    """Make two conversations one, later messages too, and close the emptied one."""
    conversations.hold(tx, [source, target])  # or what another worker just reads would stay behind, alone
    carry(tx, messages.numbers_in(tx, source), source, target, "joined", actor)
    conversations.join(tx, source, target)
    set_closed(tx, source, closed=True, actor=actor)


def carry(
    tx: Tx, numbers: list[int], source: int, target: int, what: Literal["moved", "joined"], actor: str
) -> None:
    """Carry messages from one conversation to another. Raises UsageError if that would change nothing."""
    of = len(messages.numbers_in(tx, source))
    correct(what, actor=actor, messages=len(numbers), of=of, source=source, target=target)
    move_all(tx, numbers, source, target, what, actor)


def move_all(tx: Tx, numbers: list[int], source: int, target: int, what: str, actor: str) -> None:
    """The messages go to the end of another conversation, and say why they are there."""
    shown = tx.ids.show("conversation", source)
    for number in numbers:
        places.move(tx, messages.held(tx, number), target, f"{what} by {actor or 'an operator'} from {shown}")
    detail = {"from": shown, "messages": str(len(numbers))}
    records.happened(tx, f"conversation.{what}", conversation=target, actor=actor, detail=detail)


def set_closed(tx: Tx, conversation: int, *, closed: bool, actor: str) -> None:
    """Close or reopen, in the caller's transaction."""
    if conversations.set_status(tx, conversation, closed=closed):
        what = "conversation.closed" if closed else "conversation.reopened"
        records.happened(tx, what, conversation=conversation, actor=actor)


def begun_alone(tx: Tx, conversation: int, account: str, address: int) -> bool:
    """Whether an address has begun a conversation on this account, and nobody else has said anything in it yet."""
    said = [messages.held(tx, number) for number in messages.numbers_in(tx, conversation)]
    theirs = [held for held in said if held.direction is Direction.INBOUND]
    return (
        bool(said) and said == theirs and {(held.account, held.peer) for held in said} == {(account, address)}
    )
