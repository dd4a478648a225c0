"""Hearing ratings: what customers write is looked at before it is folded, so that a rating asks for nothing."""

from __future__ import annotations

from omnichannel.desk.ratings import Read, asks_nothing, option_of, read
from omnichannel.inbox.desk.happening import followed_by, happened
from omnichannel.model import Message
from omnichannel.store import Tx, messages
from omnichannel.store.desk import cases, ratings
from omnichannel.store.desk.ratings import Answer, Held, Said


def hear(tx: Tx, conversation: int, found: cases.Kept | None) -> bool:
    """Take the ratings out of what is new in a conversation; whether they alone opened it.

    `found` is its case as it was left. Doing it again changes nothing.
    """
    said, ours = ratings.said(tx, conversation, found.seq if found else 0)
    alone = [_heard(tx, conversation, one) for one in said]
    return bool(alone) and all(alone) and not ours and (found is None or found.closed)


def _heard(tx: Tx, conversation: int, said: Said) -> bool:
    """Whether a message is a rating and nothing else; it is written down as one."""
    held = ratings.awaited(tx, said)
    if held is None or said.message < (held.message or 0):
        return False
    found = _read(tx, held, said, conversation)
    if found is None:
        return False
    alone = asks_nothing(found.words)
    answer = Answer(found.stars, found.words, conversation, said.message, alone)
    if ratings.answer(tx, held, answer):
        tell(tx, held, answer)
    return ratings.is_alone(tx, said.message)


def _read(tx: Tx, held: Held, said: Said, conversation: int) -> Read | None:
    message = messages.message(tx, said.message)
    if message.automatic or message.deleted:
        return None
    if stars := option_of(message.parts, tx.ids.show("rating", held.id)):
        return Read(stars)
    found = read(message.text) if _words_only(message) else None
    if found and (found.bare or found.stars is None) and ratings.spoken_since(tx, held, said, conversation):
        return None  # it answers something else
    return found


def _words_only(message: Message) -> bool:
    return not any(part.type in ("attachment", "choice", "location", "contact") for part in message.parts)


def tell(tx: Tx, held: Held, answer: Answer) -> None:
    """Say what somebody answered, and ask those no more who want that."""
    detail = {"rating": tx.ids.show("rating", held.id)}
    if answer.stars is None:
        if held.peer is not None:
            ratings.spare(tx, held.conversation, held.peer, spared=True)
        what = "rating_declined"
    else:
        what, detail = "rated", detail | {"stars": str(answer.stars)}
    names = followed_by(tx, held.conversation)
    happened(tx, held.conversation, names, what, detail, message=answer.message)
