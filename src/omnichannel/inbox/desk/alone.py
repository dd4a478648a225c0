"""Working on the desk: one worker at a time, on cases as they are by now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from omnichannel.desk.plan import Plan
from omnichannel.errors import OmnichannelError
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.refreshing import Desked, refresh
from omnichannel.store import Tx
from omnichannel.store.desk import place

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

T = TypeVar("T")


def take_desk(tx: Tx, inbox: Base) -> None:
    """Have the desk to oneself until the commit, if there is one."""
    if inbox.plan is not None:
        place.take(tx, inbox.plan.fingerprint)


def why(error: Exception) -> str:
    """What is written down of why something could not be sent: of a stranger's mistake its kind alone."""
    return str(error) if isinstance(error, OmnichannelError) else type(error).__name__


class Alone:
    """A part of the desk. Nobody else works on the desk while it does."""

    def __init__(self, inbox: Base, plan: Plan) -> None:
        self._inbox = inbox
        self._plan = plan

    async def _alone(self, job: Callable[[Tx], T]) -> T:
        """Do something on the desk."""

        def whole(tx: Tx) -> T:
            place.take(tx, self._plan.fingerprint)
            return job(tx)

        return await self._inbox.run_job(whole)

    async def _on(self, conversation: str, job: Callable[[Tx, Desked], T]) -> T:
        """Do something with a case as it is by now."""
        done = await self._alone(lambda tx: job(tx, refresh(tx, self._plan, number_of(tx, conversation))))
        self._inbox.ring()
        return done
