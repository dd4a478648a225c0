"""The steps of the desk: what happened is looked at, what was written is read and sorted, what waits is given out.

[happenings] → dispatch → [words] → classify → [cases] → dispatch → [turns] → converse
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from omnichannel.inbox.desk import counting, dispatching, proposing, rating, sorting, speaking
from omnichannel.inbox.desk.asking import Asking
from omnichannel.inbox.desk.batching import work_on
from omnichannel.inbox.desk.noticing import send_notices
from omnichannel.inbox.desk.sorting import Made
from omnichannel.inbox.rules import span
from omnichannel.inbox.telling import Telling
from omnichannel.inbox.together import Together
from omnichannel.store import Tx
from omnichannel.store.desk import turns, unread
from omnichannel.store.desk.turns import Begun
from omnichannel.store.desk.unread import Words

_SPARE = timedelta(minutes=1)
"""How much longer than a classifier or a bot may take, what it was given is left alone by other workers."""


_SETTLED = timedelta(minutes=1)
"""After this a conversation is counted, however much goes on in it."""


class Desking(Telling):
    """What the desk does by itself; whoever calls the steps decides when. Without a plan there is nothing to do."""

    async def dispatch(self) -> int:
        """Look at what happened as the desk's plan says, give out what waits, go on with batches; how much."""
        plan = self.plan
        if plan is None:
            return 0
        done = await self.run_job(lambda tx: dispatching.dispatch(tx, plan)) + await rating.ask_all(self)
        return done + await work_on(self, plan)

    async def classify(self) -> int:
        """Let the plan's classifier read what was written, and its rules say where that goes; how much there was."""
        words = await self.claim_words(self.rules.at_once)
        await asyncio.gather(*(self.read_words(one) for one in words))
        return len(words)

    async def claim_words(self, most: int) -> list[Words]:
        """Take words that wait to be read, for `read_words`, after sending what the desk says by itself."""
        plan = self.plan
        if plan is None:
            return []
        await proposing.send_all(self)
        await send_notices(self, plan)
        until = span(plan.patience + _SPARE)
        return await self.run_job(lambda tx: unread.claim(tx, most, tx.now() + until))

    async def read_words(self, words: Words) -> None:
        """Let a classifier read words, with no lock held, and commit what was made of them, once."""
        if self.plan is not None:
            reading = await self._asking.reading(self.plan, words.text, channel=words.kind)
            await self._sorted.end(Made(words, reading))

    async def count(self) -> int:
        """Count for reports what changed a minute ago, or longer; in how many conversations.

        Whoever asks for a report counts what is left: this keeps that little, and counts nothing at each word.
        """
        plan = self.plan
        if plan is None:
            return 0
        return await self.run_job(lambda tx: counting.count(tx, plan, tx.now() - span(_SETTLED)))

    async def converse(self) -> int:
        """Let the plan's bots speak where it is their turn; how many turns there were."""
        begun = await self.claim_turns(self.rules.at_once)
        await asyncio.gather(*(self.take_turn(one) for one in begun))
        return len(begun)

    async def claim_turns(self, most: int) -> list[Begun]:
        """Begin bots' turns, for `take_turn`; none without bots."""
        plan = self.plan
        if plan is None or not plan.bots:
            return []
        until = span(max(bot.patience for bot in plan.bots) + _SPARE)
        return await self.run_job(lambda tx: turns.claim(tx, most, tx.now() + until))

    async def take_turn(self, begun: Begun) -> None:
        """Let a bot have its turn, with no lock held, and commit what it said, once."""
        if self.plan is not None:
            await speaking.speak(self, self.plan, begun)

    @cached_property
    def _asking(self) -> Asking:
        """Whoever asks the classifier, for this process."""
        return Asking(self.clock)

    @cached_property
    def _sorted(self) -> Together[Made]:
        """Words that were read."""
        return Together(self, self._sort)

    def _sort(self, tx: Tx, made: Sequence[Made]) -> None:
        if self.plan is not None:
            sorting.sort(tx, self.plan, self.channels, made)
