"""`inbox.desk.routes`: what was made of customers' words, which rule takes them, and what others would have done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from omnichannel.clock import micros, moment
from omnichannel.desk.plan import Plan
from omnichannel.desk.routing import Route, Routed, Trial, Tried, route
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.inbox.desk.seeing import seen
from omnichannel.inbox.desk.trying import Period, try_out
from omnichannel.model.desk import Reading
from omnichannel.store import Tx
from omnichannel.store.desk import readings

_LAST = (1 << 62) - 1


class Routes(Alone):
    """Which rule takes what, and why. Conversations are named by `Conversation.id`."""

    async def explain(self, conversation: str) -> Routed:
        """Which rule would take a conversation as it is by now, and why not each rule before it. Changes nothing.

        Raises NotFound.
        """

        def job(tx: Tx) -> Routed:
            number = number_of(tx, conversation)
            case = refresh(tx, self._plan, number).case
            what = seen(tx, self._plan, number, case, case.reading or Reading(), moment(tx.now()))
            return route(what, self._plan.routes)

        return await self._alone(job)

    async def readings(self, conversation: str) -> list[Reading]:
        """Everything that was made of a customer's words, in order, with the evidence. Raises NotFound."""

        def job(tx: Tx) -> list[Reading]:
            return [made.reading for made in readings.of_conversations(tx, [number_of(tx, conversation)])]

        return await self._inbox.run_job(job)

    async def intents(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> dict[str, int]:
        """How often customers wanted what, by what was read in a time: compliments, complaints and the rest.

        Under the empty name is what had no intent that is likelier than not.
        """
        begin, end = _between(since, until)
        return await self._inbox.run_job(lambda tx: readings.intents(tx, begin, end))

    async def try_out(
        self,
        rules: Plan | Sequence[Route] | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        most: int | None = None,
        examples: int = 100,
        told: Callable[[Tried], None] | None = None,
    ) -> Trial:
        """Try rules out on what was asked before: what would have gone where, and why. Writes nothing.

        `rules` are a plan, or rules in the place of this plan's; without, this plan's own. Asked is about the first
        question of every conversation that was opened between two moments, of the oldest so many (`most`); what was
        made of it then counts, and what was never read is read now. What is known of customers is what is known by
        now, but of their earlier conversations what there was then. `told` hears of every conversation; of those that
        went otherwise the first `examples` are in the result.
        The store is read some hundred conversations at a time, so that nobody has to wait for it.
        """
        if rules is None:
            plan = self._plan
        elif isinstance(rules, Plan):
            plan = rules
        else:
            plan = self._plan.with_routes(rules)
        period = Period(*_between(since, until), most, examples)
        return await try_out(self._inbox, plan, period, told)


def _between(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    return (micros(since) if since else 0, micros(until) if until else _LAST)
