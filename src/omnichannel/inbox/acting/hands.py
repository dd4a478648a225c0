"""What `inbox.acting_as(…)` gives: the inbox, in the hands of one of us."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from omnichannel.desk.access import may
from omnichannel.desk.access.deciding import sees_all
from omnichannel.errors import Forbidden
from omnichannel.inbox.acting import subjects
from omnichannel.inbox.acting.needs import FIRST, NEEDS, OF_THEIRS, OURS, READING, Need
from omnichannel.inbox.acting.scene import Scene
from omnichannel.model import Permission, Purpose, Verdict
from omnichannel.model.desk import Case
from omnichannel.store import Tx, agents, conversations, trail
from omnichannel.store.desk import cases
from omnichannel.store.trail import CONVERSATION, Deed, Subject

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core

_PARTS = {name.rpartition(".")[0] for name in NEEDS} | {""}
_Method = Callable[..., Coroutine[object, object, object]]


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: who makes it and why, which method, the permissions that it needs, and what it is about."""

    actor: str
    because: str
    method: str
    needs: tuple[Permission, ...]
    lists: bool
    about: frozenset[Subject] = frozenset()

    @property
    def first(self) -> bool:
        """Whether it is written down before it is done."""
        return self.needs[0] in FIRST

    @property
    def last(self) -> bool:
        """Whether it is written down when it is known what it shows, and before anybody sees that."""
        return self.lists and self.needs[0] in READING

    def deed(self, about: frozenset[Subject], *, allowed: bool = True) -> Deed:
        """What is written down of it."""
        return Deed(self.actor, self.method, self.needs[0], self.because, tuple(sorted(about)), allowed)


class Hands:
    """An inbox, or a part of it, that does for somebody what they may, and writes it down."""

    def __init__(self, inbox: Core, actor: str, because: str, part: str = "") -> None:
        self._inbox = inbox
        self._actor = actor
        self._because = because
        self._part = part

    def __getattr__(self, name: str) -> object:
        path = f"{self._part}.{name}" if self._part else name
        if path in NEEDS:
            method: _Method = attrgetter(path)(self._inbox)
            return partial(self._call, path, inspect.signature(method))
        if path in _PARTS:
            attrgetter(path)(self._inbox)  # a desk without a plan says so now
            return Hands(self._inbox, self._actor, self._because, path)
        cure = "call it on the inbox itself" if path in OURS else "no permission is named for it"
        raise AttributeError(f"{path} is not to be had in somebody's hands: {cure}")

    async def _call(self, path: str, signature: inspect.Signature, *args: object, **given: object) -> object:
        """Check, do, write down; what is shown is cut to what they may see."""
        bound = signature.bind_partial(*args, **given)
        call = self._ask(path, signature, bound)
        call = await self._checked(call, bound)
        scene = Scene(self._inbox, partial(self._note, call, call.about), noted=call.first or call.last)
        method = cast("_Method", scene.part(path))
        result = await method(*bound.args, **bound.kwargs)
        if not scene.noted:  # it needed nothing of the store
            await scene.run_job(lambda _tx: None)
        return await self._shown(call, result)

    # ------------------------------------------------------------------------------------------- before

    def _ask(self, path: str, signature: inspect.Signature, bound: inspect.BoundArguments) -> _Call:
        """What is called, with who acts filled in. Raises Forbidden for who speaks as somebody else."""
        need = NEEDS[path]
        permissions: list[Permission] = [need.permission]
        for parameter in filter(signature.parameters.__contains__, ("actor", need.himself)):
            named = bound.arguments.get(parameter)
            if not named:
                bound.arguments[parameter] = self._actor
            elif named != self._actor:
                permissions.append(self._for_others(need, parameter, str(named)))
        purpose = bound.arguments.get("purpose", Purpose.DISCLOSE)
        if purpose != Purpose.DISCLOSE:
            permissions.append("likely")
        returns = str(signature.return_annotation)
        lists = returns.startswith(subjects.LISTS) or path in OF_THEIRS
        return _Call(self._actor, self._because, path, tuple(permissions), lists)

    def _for_others(self, need: Need, parameter: str, name: str) -> Permission:
        if parameter == "actor" or need.others is None:
            raise Forbidden(f"this is {self._actor}, and cannot be done as {name!r}; leave {parameter} out")
        return need.others

    async def _checked(self, call: _Call, bound: inspect.BoundArguments) -> _Call:
        """The call with what it is about. Raises Forbidden, which stands on the trail then, and NotFound."""

        def job(tx: Tx) -> tuple[_Call, Verdict]:
            about = frozenset(subjects.named(tx, bound.arguments))
            asked = replace(call, about=about)
            verdict = self._verdict(tx, asked)
            if not verdict or call.first:
                trail.write(tx, self._key(tx), asked.deed(about, allowed=verdict.allowed))
            return asked, verdict

        asked, verdict = await self._inbox.run_job(job)
        if not verdict:
            raise Forbidden(f"{call.method}: {verdict.because}")
        return asked

    def _verdict(self, tx: Tx, call: _Call) -> Verdict:
        agent = agents.agent(tx, self._actor)
        numbers = sorted(number for what, number in call.about if what == CONVERSATION)
        about: Sequence[Case | None] = list(cases_of(tx, numbers).values()) or [None]
        verdicts = [
            may(self._inbox.access_rules, agent, permission, case, theirs=call.lists)
            for permission in call.needs
            for case in about
        ]
        return next((one for one in verdicts if not one), verdicts[0])

    # ------------------------------------------------------------------------------------------- behind

    def _note(self, call: _Call, about: frozenset[Subject], tx: Tx) -> None:
        trail.write(tx, self._key(tx), call.deed(about))

    async def _shown(self, call: _Call, result: object) -> object:
        """What they may see of a result; that they saw it is on the trail before they do."""
        if not call.last and subjects.shown(self._inbox.open().ids, result) <= call.about:
            return result

        def job(tx: Tx) -> object:
            seen = self._cut(tx, call, result)
            fresh = frozenset(subjects.shown(tx.ids, seen)) - call.about
            if call.last:
                self._note(call, fresh | call.about, tx)
            elif fresh:
                self._note(call, fresh, tx)
            return seen

        return await self._inbox.run_job(job)

    def _cut(self, tx: Tx, call: _Call, result: object) -> object:
        agent, rules = agents.agent(tx, self._actor), self._inbox.access_rules
        entries = subjects.entries(result)
        if not entries or sees_all(rules, agent, call.needs[0]):
            return result
        about = [
            {n for what, n in subjects.shown(tx.ids, entry) if what == CONVERSATION} for entry in entries
        ]
        found = cases_of(tx, sorted(set().union(*about)))
        seen = {number for number, case in found.items() if may(rules, agent, call.needs[0], case)}
        return subjects.cut(result, [not numbers or bool(numbers & seen) for numbers in about])

    def _key(self, tx: Tx) -> bytes:
        return trail.keys_of(tx, self._inbox.access_rules.secrets)[0]


def cases_of(tx: Tx, numbers: Sequence[int]) -> dict[int, Case]:
    """Conversations as the desk has them; what it has not seen is no team's, and what is not there is left out."""
    known = cases.several(tx, numbers)
    unseen = [number for number in numbers if number not in known]
    return known | {
        number: Case(conversation=talk) for number, talk in conversations.of_numbers(tx, unseen).items()
    }


def in_the_hands_of(inbox: Core, actor: str, because: str) -> Hands:
    """An inbox in somebody's hands."""
    return Hands(inbox, actor, because)
