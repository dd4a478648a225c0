"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from omnichannel.inbox.desk.answers import Answers
from omnichannel.model import Message, Purpose
from omnichannel.model.desk import AwayNotice, FieldValue, Found, Prepared, Remark, Suggested, Tally, Use
from omnichannel.sync.waiting import Wait


class SyncAnswers:
    """`inbox.desk.answers` without `await`."""

    def __init__(self, wait: Wait, of: Answers) -> None:
        self._wait = wait
        self._of = of

    def find(self, typed: str, *, conversation: str = "", most: int = 10) -> list[Found]:
        """The answers in which these words stand, best first: while they are typed, with a slip in them or not."""
        return self._wait(self._of.find(typed, conversation=conversation, most=most))

    def suggest(
        self, conversation: str, *, most: int = 3, purpose: Purpose = Purpose.DISCLOSE
    ) -> list[Suggested]:
        """The answers that may suit what the customer asks and nobody answered yet, best first."""
        return self._wait(self._of.suggest(conversation, most=most, purpose=purpose))

    def phrase(
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
        """An answer as an agent would say it to the customer, to be looked at."""
        return self._wait(
            self._of.phrase(
                conversation, answer, agent, values=values, languages=languages, on=on, public=public
            )
        )

    def say(
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
        """Send an answer as an agent's reply, and count that it was used, in one commit."""
        return self._wait(
            self._of.say(
                conversation,
                answer,
                agent,
                text=text,
                values=values,
                languages=languages,
                on=on,
                public=public,
                subject=subject,
                seen=seen,
                idempotency_key=idempotency_key,
            )
        )

    def refuse(self, conversation: str, answer: str, *, agent: str = "") -> Use:
        """Say that an answer does not suit what the customer asked last: it counts, and is learnt from no more."""
        return self._wait(self._of.refuse(conversation, answer, agent=agent))

    def check(self, text: str, *, conversation: str = "", language: str = "") -> list[Remark]:
        """What to look at before a text is sent: formal apologies without a next step."""
        return self._wait(self._of.check(text, conversation=conversation, language=language))

    def tally(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Tally]:
        """How often each answer and each of its wordings was used between two moments, and how it was taken."""
        return self._wait(self._of.tally(since=since, until=until))

    def uses(
        self, conversation: str = "", *, answer: str = "", since: datetime | None = None, most: int = 100
    ) -> list[Use]:
        """What answers were used for, the newest first: in one conversation or all, of one answer or all."""
        return self._wait(self._of.uses(conversation, answer=answer, since=since, most=most))

    def notice(self, conversation: str) -> AwayNotice | None:
        """The last away notice of a conversation, or why it was not sent."""
        return self._wait(self._of.notice(conversation))
