"""`inbox.desk.views`: which cases somebody wants to see, counted and read a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from omnichannel.desk.plan import Plan
from omnichannel.desk.viewing import asks_whose, check_views
from omnichannel.errors import NotFound, UsageError
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.search.talks import talks_saying
from omnichannel.model.desk import View, ViewPage, Which
from omnichannel.store import Tx, agents
from omnichannel.store.desk import viewing, views
from omnichannel.store.desk.viewing import Beside

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_MOST = 500


class Meant(NamedTuple):
    """A view that was looked up, and, where it asks for words, the conversations that have them; None: any."""

    view: View
    within: Sequence[int] | None


class Views(Alone):
    """Views: the plan's, those saved for everybody, and each agent's own, which go first where names are equal.

    A view is given by name, or as a `View` or `Which`. `agent` is who looks. Cases are shown as they were left: what
    was said a moment ago is in them as soon as the desk has worked.
    """

    async def save(self, view: View, *, agent: str = "") -> View:
        """Save a view under its name, for everybody, or for one agent alone, in the place of one so called.

        Raises UsageError for what the plan does not know, and NotFound for an unknown agent.
        """
        checked(self._plan, view)

        def job(tx: Tx) -> View:
            if agent:
                agents.agent(tx, agent)
            views.save(tx, agent, view)
            return view

        return await self._inbox.run_job(job)

    async def drop(self, view: str, *, agent: str = "") -> None:
        """Forget a view that was saved for everybody, or by one agent; raises NotFound."""

        def job(tx: Tx) -> None:
            if not views.drop(tx, agent, view):
                raise NotFound(f"no view called {view!r} was saved{f' by {agent}' if agent else ''}")

        await self._inbox.run_job(job)

    async def listed(self, *, agent: str = "") -> list[View]:
        """Every view that there is for an agent, or (without one) for everybody, by name."""
        return await self._inbox.run_job(lambda tx: list(_known(tx, self._plan, agent).values()))

    async def count(self, view: View | Which | str, *, agent: str = "") -> int:
        """How many cases a view has. Raises NotFound for a name that none has, UsageError as `save`."""
        meant = await find(self._inbox, self._plan, view, agent)

        def job(tx: Tx) -> int:
            return viewing.count(tx, viewing.condition(tx, meant.view.which, agent), meant.within)

        return await self._inbox.run_job(job)

    async def page(
        self, view: View | Which | str, *, agent: str = "", page: str = "", most: int = 50
    ) -> ViewPage:
        """The first cases of a view in its order, or the next ones: at the most 500. Raises as `count`.

        A case that changes its place while one turns the pages may be met twice, or be passed.
        """
        if not 1 <= most <= _MOST:
            raise UsageError(f"a page has 1 to {_MOST} cases, not {most}; ask for the next page for more")
        meant = await find(self._inbox, self._plan, view, agent)

        def job(tx: Tx) -> ViewPage:
            wanted = viewing.condition(tx, meant.view.which, agent)
            after = _read(tx, page) if page else None
            found = viewing.page(tx, wanted, meant.view.order, after, most + 1, meant.within)
            more = _shown(tx, found[most - 1]) if len(found) > most else ""
            return ViewPage(cases=viewing.shown(tx, found[:most]), page=more)

        return await self._inbox.run_job(job)


async def find(inbox: Base, plan: Plan, view: View | Which | str, agent: str) -> Meant:
    """A view that was given, checked. Raises NotFound and UsageError."""
    if isinstance(view, str):
        name = view
        known = await inbox.run_job(lambda tx: _known(tx, plan, agent))
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise NotFound(f"no view is called {name!r}; there are: {there}")
        view = known[name]
    elif isinstance(view, Which):
        view = View(name="which", which=view)
    checked(plan, view)
    if asks_whose(view.which) and not agent:
        raise UsageError(f"view {view.name!r} asks what is mine; say who looks (agent=…)")
    return Meant(view, await talks_saying(inbox, view.text) if view.text else None)


def checked(plan: Plan, view: View) -> None:
    """Raises UsageError for what the plan does not know."""
    try:
        check_views([view], [team.name for team in plan.teams], plan.case_fields, plan.customer_fields)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _known(tx: Tx, plan: Plan, agent: str) -> dict[str, View]:
    known = {view.name: view for view in plan.views} | views.of(tx, "")
    if agent:
        known |= views.of(tx, agent)
    return dict(sorted(known.items()))


def _shown(tx: Tx, last: Beside) -> str:
    return f"{last[0]}~{tx.ids.show('view', last[1])}"


def _read(tx: Tx, page: str) -> Beside:
    by, _, shown = page.partition("~")
    try:
        return int(by), tx.ids.find("view", shown)
    except ValueError:
        raise NotFound(f"there is no page {page[:60]!r} in this workspace") from None
