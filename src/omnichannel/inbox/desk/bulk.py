"""`inbox.desk.bulk`: one thing done with many cases, and taken back at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from omnichannel.desk.acting import changes
from omnichannel.desk.fields import fitted
from omnichannel.errors import Conflict, UsageError
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.batching import work_on
from omnichannel.inbox.desk.follow_ups import coming
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.inbox.desk.views import find
from omnichannel.model.desk import Action, Batch, Case, Foreseen, Leftover, View, Which, WhichCases
from omnichannel.store import Tx, agents
from omnichannel.store.desk import batches, cases, viewing
from omnichannel.store.desk.viewing import Beside

MOST_NAMED = 10_000
"""Cases that one may name one by one; a view may have any number."""

_AT_ONCE = 200


class Bulk(Alone):
    """Actions on many cases. Whoever works on the inbox (`run`, `work`) does them, twenty in a transaction.

    A batch begins with writing down which cases are meant; what fits later is not taken in. Each case is changed
    together with its decision and its place in the batch, so that no death does anything twice.
    """

    async def foresee(
        self, which: WhichCases, action: Action, *, agent: str = "", most: int = 20
    ) -> Foreseen:
        """What an action would do with which cases; changes nothing, and reads some cases at a time.

        The first `most` that would change are in the result. Raises as `begin` does.
        """
        action = await self._checked(action)
        after: Beside | None = None
        named, looked = await self._meant(which, agent)
        count, changing = 0, 0
        examples: list[Case] = []
        while True:
            found = await self._inbox.run_job(
                partial(_next, which=looked, me=agent, after=after, within=named)
            )
            if not found:
                return Foreseen(cases=count, changing=changing, examples=tuple(examples))
            after = found[-1]
            for case in await self._inbox.run_job(partial(viewing.shown, found=found)):
                count += 1
                if changes(action, case):
                    changing += 1
                    examples += [case] if len(examples) < most else []

    async def begin(
        self, which: WhichCases, action: Action, *, agent: str = "", actor: str = "", because: str = ""
    ) -> Batch:
        """Begin to do something with many cases; `progress` tells how far it has come.

        `agent` is who looks at the view. Raises NotFound for an unknown view, conversation, agent, team or field;
        UsageError for what cannot be done, or a list of more than 10,000.
        """
        action = await self._checked(action)
        named, looked = await self._meant(which, agent)

        def job(tx: Tx) -> Batch:
            number = batches.begin(tx, action, actor, because, None if named is not None else looked, agent)
            if named is not None:
                wanted = viewing.condition(tx, looked, agent)
                found = viewing.page(tx, wanted, "oldest", None, len(named) + 1, named)
                batches.add(tx, number, [one for _, one in found])
            return batches.shown(tx, number)

        begun = await self._alone(job)
        self._inbox.ring()
        return begun

    async def work(self, batch: str) -> Batch:
        """Work until a batch is done, or taken back, and what was begun before it; raises NotFound."""
        number = await self._inbox.run_job(lambda tx: batches.find(tx, tx.ids.find("batch", batch)).id)
        while True:
            shown = await self._inbox.run_job(lambda tx: batches.shown(tx, number))
            if shown.state in ("done", "undone") or not await work_on(self._inbox, self._plan):
                self._inbox.ring()
                return shown

    async def progress(self, batch: str) -> Batch:
        """How far a batch has come; raises NotFound."""
        return await self._inbox.run_job(lambda tx: batches.shown(tx, tx.ids.find("batch", batch)))

    async def leftovers(self, batch: str, *, most: int = 1000) -> list[Leftover]:
        """The cases that a batch left as they were, or that stayed changed, and why. Raises NotFound."""

        def job(tx: Tx) -> list[Leftover]:
            return batches.leftovers(tx, batches.find(tx, tx.ids.find("batch", batch)).id, most)

        return await self._inbox.run_job(job)

    async def latest(self, *, most: int = 20) -> list[Batch]:
        """The last batches, the newest first."""
        return await self._inbox.run_job(
            lambda tx: [batches.shown(tx, number) for number in batches.latest(tx, most)]
        )

    async def undo(self, batch: str, *, actor: str = "") -> Batch:
        """Begin to take a whole batch back, also one that is not done; what was changed since is kept, and told.

        Raises NotFound, and Conflict where that was begun before.
        """

        def job(tx: Tx) -> Batch:
            held = batches.find(tx, tx.ids.find("batch", batch))
            if held.state in (batches.UNDOING, batches.UNDONE):
                raise Conflict("this batch is being taken back, or was; begin another one to do it again")
            batches.turn(tx, held.id, batches.UNDOING, actor)
            return batches.shown(tx, held.id)

        shown = await self._alone(job)
        self._inbox.ring()
        return shown

    async def _checked(self, action: Action) -> Action:
        """The action with its fields as they are kept. Raises what would become of every single case."""
        if action.team is not None:
            self._plan.known_team(action.team)
        fields = fitted(self._plan.case_fields, action.fields)
        if action.snoozed_until and action.snoozed_until <= self._inbox.clock.now():
            raise UsageError(f"{action.snoozed_until:%Y-%m-%d %H:%M %Z} is over: give a moment to come")
        said = action.model_dump(exclude_unset=True) | {"fields": fields}
        if wanted := action.follow_up:
            said["follow_up"] = coming(wanted.at, self._inbox.clock.now(), wanted.note, wanted.agent)
        for name in filter(None, (action.assignee, wanted.agent if wanted else "")):
            await self._inbox.run_job(partial(agents.agent, name=name))
        return Action.model_validate(said)

    async def _meant(self, which: WhichCases, agent: str) -> tuple[list[int] | None, Which]:
        """The conversations that were named, or have the words of a view (None: any), and what they are to be."""
        if isinstance(which, View | Which | str):
            meant = await find(self._inbox, self._plan, which, agent)
            return None if meant.within is None else list(meant.within), meant.view.which
        if len(which) > MOST_NAMED:
            raise UsageError(f"{len(which)} cases were named, at the most {MOST_NAMED} can be; give a view")
        named = list(which)

        def job(tx: Tx) -> list[int]:
            numbers = sorted({number_of(tx, one) for one in named})
            for number in sorted(set(numbers) - cases.several(tx, numbers).keys()):
                refresh(tx, self._plan, number)  # the desk has not seen it yet
            return numbers

        return await self._alone(job), Which()


def _next(tx: Tx, which: Which, me: str, after: Beside | None, within: Sequence[int] | None) -> list[Beside]:
    return viewing.page(tx, viewing.condition(tx, which, me), "oldest", after, _AT_ONCE, within)
