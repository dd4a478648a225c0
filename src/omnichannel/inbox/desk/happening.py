"""What happens to a case is told with the names of those who follow it, whatever it is and whoever tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omnichannel.store import Tx, records
from omnichannel.store.desk import cases


def happened(
    tx: Tx,
    conversation: int,
    followers: Sequence[str],
    what: str,
    detail: Mapping[str, str],
    actor: str = "",
    message: int | None = None,
) -> None:
    """Tell that something happened to a case. Every `case.…` happening is written here."""
    names = {"followers": ", ".join(followers)} if followers else {}
    records.happened(
        tx,
        f"case.{what}",
        conversation=conversation,
        message=message,
        actor=actor,
        detail={**detail, **names},
    )


def followed_by(tx: Tx, conversation: int) -> tuple[str, ...]:
    """Who follows a conversation, as its case was left."""
    found = cases.find(tx, conversation)
    return found.case.followers if found else ()
