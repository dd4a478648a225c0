"""The inbox during one call of somebody's: the first commit of the call holds the act, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from omnichannel.store import Tx

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core

T = TypeVar("T")

_OWN = {"inbox", "note", "noted"}


class Scene:
    """Everything of an inbox, but for one thing: with the first job that succeeds `note` is done in its commit."""

    inbox: Core
    note: Callable[[Tx], None]
    noted: bool

    def __init__(self, inbox: Core, note: Callable[[Tx], None], *, noted: bool) -> None:
        self.inbox = inbox
        self.note = note
        self.noted = noted

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self.inbox, name)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if name in _OWN:
            object.__setattr__(self, name, value)
        else:
            setattr(self.inbox, name, value)

    async def run_job(self, job: Callable[[Tx], T]) -> T:
        """Run a job of the store."""
        if self.noted:
            return await self.inbox.run_job(job)

        def noting(tx: Tx) -> T:
            result = job(tx)
            self.note(tx)
            return result

        result = await self.inbox.run_job(noting)
        self.noted = True
        return result

    def part(self, name: str) -> object:
        """A part or method of the inbox, as it is in this scene."""
        first, _, rest = name.partition(".")
        found: object = _bound(self, first)
        for step in rest.split(".") if rest else ():
            found = getattr(found, step)
        return found


def _bound(scene: Scene, name: str) -> object:
    """A property or method of the inbox's class, with the scene in the place of the inbox."""
    for cls in type(scene.inbox).__mro__:
        if name in vars(cls):
            found: object = vars(cls)[name].__get__(scene, type(scene.inbox))
            return found
    raise AttributeError(name)
