"""How often a program may answer: where every loop between two machines ends, and every flood to many victims.

Machines that say so are never answered by program (`automatic`). Many do not say so; those are found by counting. And
whoever forges mail in many names makes us write to all of them: that is counted over everybody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from omnichannel.errors import Unsupported
from omnichannel.inbox.rules import Rules, span
from omnichannel.store import Tx, pace

_DAY = span(timedelta(days=1))
_HOUR = span(timedelta(hours=1))


class Limits(NamedTuple):
    """How many automatic answers somebody is given in a day, and everybody together in an hour; 0: any number.

    `chats`: how many somebody is given in a day in a chat, where people and bots say much more.
    """

    each: int = 0
    in_all: int = 0
    chats: int = 0


def limits(rules: Rules, *, letters: bool) -> Limits:
    """What holds for letters, and in chats."""
    if letters:
        return Limits(rules.automatic_mails, rules.automatic_mails_in_all)
    return Limits(chats=rules.automatic_chats)


def check(tx: Tx, address: int, limits: Limits) -> None:
    """Raise Unsupported if somebody, or everybody, was given as many automatic answers as may be."""
    if limits.each and pace.answered(tx, address, tx.now() - _DAY) >= limits.each:
        raise _enough(limits.each, "automatic_mails")
    if limits.in_all and pace.answered_in_all(tx, tx.now() - _HOUR) >= limits.in_all:
        raise Unsupported(
            f"{limits.in_all} automatic answers were given within an hour, and somebody may be making us write to "
            "others: let a person answer (automatic=False), or raise Rules.automatic_mails_in_all"
        )
    if limits.chats and pace.chatted(tx, address, tx.now() - _DAY) >= limits.chats:
        raise _enough(limits.chats, "automatic_chats")


def count(tx: Tx, address: int, limits: Limits) -> None:
    """Count one more, where there is a limit. Raises Unsupported as `check` does."""
    if limits.chats:
        if not pace.chat(tx, address, tx.now() - _DAY, limits.chats):
            raise _enough(limits.chats, "automatic_chats")
    elif any(limits):
        check(tx, address, limits)
        pace.count(tx, address, tx.now() - _DAY)


def _enough(given: int, rule: str) -> Unsupported:
    return Unsupported(
        f"they were given {given} automatic answers within a day, and may be a machine too: let a person "
        f"answer (automatic=False), or raise Rules.{rule}"
    )
