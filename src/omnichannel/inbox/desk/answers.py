"""`inbox.desk.answers`: standard answers, found, suggested, phrased for a customer, sent, and counted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from pydantic_core import to_jsonable_python

from omnichannel.clock import micros
from omnichannel.desk.answers import add_up
from omnichannel.errors import UsageError
from omnichannel.inbox.apologies import remarks
from omnichannel.inbox.composing import reach
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.answering import Saying, Wish, languages_of, prepare, say, told
from omnichannel.inbox.desk.refreshing import Desked
from omnichannel.inbox.given import purpose_of
from omnichannel.inbox.ordering import key_of
from omnichannel.model import Message, Purpose
from omnichannel.model.desk import AwayNotice, FieldValue, Found, Prepared, Remark, Suggested, Tally, Use
from omnichannel.store import Tx, agents, messages, orders
from omnichannel.store.desk import lately, notices, uses
from omnichannel.store.desk.lately import LastWords
from omnichannel.store.desk.uses import Learnt

T = TypeVar("T")

_EVER = (1 << 63) - 1


class Answers(Alone):
    """The standard answers of the plan. Ids are those of `Conversation.id`; answers and agents go by their names."""

    # -------------------------------------------------------------------------------------------- finding

    async def find(self, typed: str, *, conversation: str = "", most: int = 10) -> list[Found]:
        """The answers in which these words stand, best first: while they are typed, with a slip in them or not.

        In a conversation, only those meant for the channel that the customer last wrote on. Raises NotFound.
        """
        book = self._plan.book
        kind = await self._inbox.run_job(lambda tx: self._kind(tx, conversation)) if conversation else ""
        meant = {answer.name for answer in (book.on(kind) if kind else book.answers.values())}
        found = book.finder.find(typed, len(book.answers))
        return [one for one in found if one.answer in meant][:most]

    async def suggest(
        self, conversation: str, *, most: int = 3, purpose: Purpose = Purpose.DISCLOSE
    ) -> list[Suggested]:
        """The answers that may suit what the customer asks and nobody answered yet, best first; none if nothing is.

        By the questions of all customers that they were good for before, and by what the answers say of themselves.
        The reasons repeat no customer's words, so that they can be shown to anybody; with the purpose `assist`
        they do, for an agent's eyes. Raises NotFound.
        """
        purpose = purpose_of(purpose)

        def job(tx: Tx) -> tuple[LastWords | None, str, list[Learnt]]:
            number = number_of(tx, conversation)
            return lately.latest(tx, number), self._kind(tx, conversation), self._inbox.learned.news(tx)

        asked, kind, news = await self._inbox.run_job(job)
        if asked is None or asked.answered:
            return []
        book = self._plan.book
        meant = {answer.name for answer in (book.on(kind) if kind else book.answers.values())}
        found = await asyncio.to_thread(
            self._inbox.learned.suggest, book, news, asked.text, most, meant,
            quoted=purpose is Purpose.ASSIST,
        )  # fmt: skip
        return list(found)

    # -------------------------------------------------------------------------------------------- sending

    async def phrase(
        self,
        conversation: str,
        answer: str,
        agent: str,
        *,
        values: Mapping[str, FieldValue] | None = None,
        languages: Sequence[str] = (),
        on: str | None = None,
        public: bool | None = None,
    ) -> Prepared:
        """An answer as an agent would say it to the customer, to be looked at. Sends nothing.

        In the customer's language, or the first of these `languages`, in the wording that they heard least, with
        these `values` for fields of your own, signed as the channel wants. `on` and `public` are those of
        `conversations.reply`, and so is what it raises; NotFound for an unknown answer, or one that is not there in
        a language, and Unfilled where a value is missing.
        """
        wish = Wish(answer, agent, values or {}, languages, on, public)
        return await self._on(
            conversation, lambda tx, desked: prepare(tx, self._inbox, self._plan, desked, wish)
        )

    async def say(
        self,
        conversation: str,
        answer: str,
        agent: str,
        *,
        text: str = "",
        values: Mapping[str, FieldValue] | None = None,
        languages: Sequence[str] = (),
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
        seen: str = "",
        idempotency_key: str = "",
    ) -> Message:
        """Send an answer as an agent's reply, and count that it was used, in one commit; the queued message.

        What `phrase` shows is sent, unless something was said meanwhile; or `text`, exactly as it is: what `phrase`
        gave, edited by the agent or not. Under the same `idempotency_key` it is sent once; `seen` is that of
        `conversations.reply`. Raises what `phrase` and `conversations.reply` raise, and UsageError for an apology
        that says nothing else where the plan refuses it.
        """
        wish = Wish(answer, agent, values or {}, languages, on, public)
        given = to_jsonable_python(wish.values)
        key = key_of(
            idempotency_key,
            "say",
            conversation,
            answer,
            agent,
            text,
            given,
            [*languages],
            on,
            public,
            subject,
        )
        saying = Saying(wish, text, subject, key, seen)

        def job(tx: Tx, desked: Desked) -> Message:
            number = orders.known(tx, key)
            if number is None:
                number = say(tx, self._inbox, self._plan, desked, saying)
            return messages.message(tx, number)

        return await self._on(conversation, job)

    async def refuse(self, conversation: str, answer: str, *, agent: str = "") -> Use:
        """Say that an answer does not suit what the customer asked last: it counts, and is learnt from no more.

        Raises NotFound for an unknown conversation, answer or agent, and UsageError where nothing was asked.
        """
        known = self._plan.book.answer(answer)

        def job(tx: Tx, desked: Desked) -> Use:
            if agent:
                agents.agent(tx, agent)
            asked = lately.latest(tx, desked.number)
            if asked is None:
                raise UsageError("nothing was asked in this conversation that an answer could be refused for")
            language = (languages_of(desked.case) or tuple(known.texts))[0]
            one = uses.Offered(
                known.name, language, "", desked.number, asked.message, asked.message, agent, "refused"
            )
            number = uses.write(tx, one)
            told(tx, desked, "refused", number, Wish(answer, agent))
            return uses.uses(tx, conversation=desked.number, most=1)[0]

        return await self._on(conversation, job)

    async def check(self, text: str, *, conversation: str = "", language: str = "") -> list[Remark]:
        """What to look at before a text is sent: formal apologies without a next step. None where all is well.

        In a `language` (`nl`), or, for a conversation, in that of the words, or its customer's where they are too few
        to tell; in one without a list nothing is found.
        Raises UsageError where neither is given, and NotFound.
        """
        if not (conversation or language):
            raise UsageError("an apology is judged in its language: give language='nl', or the conversation")
        if language:
            return list(self._plan.check_apology(text, language))
        plan = self._plan
        return list(await self._on(conversation, lambda tx, desked: remarks(tx, plan, desked.number, text)))

    # ------------------------------------------------------------------------------------------- counting

    async def tally(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Tally]:
        """How often each answer and each of its wordings was used between two moments, and how it was taken.

        What was said to somebody who was erased still counts.
        """
        first, last = micros(since) if since else 0, micros(until) if until else _EVER
        return list(add_up(await self._inbox.run_job(lambda tx: uses.counted(tx, first, last))))

    async def uses(
        self,
        conversation: str = "",
        *,
        answer: str = "",
        since: datetime | None = None,
        most: int = 100,
    ) -> list[Use]:
        """What answers were used for, the newest first: in one conversation or all, of one answer or all.

        What customers asked is not repeated: `Use.asked` names the message. Raises NotFound.
        """

        def job(tx: Tx) -> list[Use]:
            number = number_of(tx, conversation) if conversation else None
            start = micros(since) if since else 0
            return uses.uses(tx, conversation=number, answer=answer, since=start, most=most)

        return await self._inbox.run_job(job)

    async def notice(self, conversation: str) -> AwayNotice | None:
        """The last away notice of a conversation, or why it was not sent; None if there was none. Raises NotFound."""
        return await self._inbox.run_job(lambda tx: notices.last(tx, number_of(tx, conversation)))

    # --------------------------------------------------------------------------------------------- inside

    def _kind(self, tx: Tx, conversation: str) -> str:
        """The kind of channel on which a conversation would be answered; empty where nobody can be."""
        number = number_of(tx, conversation)
        try:
            return reach(tx, self._inbox.channels, number, None).channel.kind
        except UsageError:
            return ""
