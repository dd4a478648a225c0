"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations

from datetime import datetime

from omnichannel.inbox.desk.control import Control
from omnichannel.inbox.desk.training import Training
from omnichannel.model import Purpose
from omnichannel.model.desk import BotTurn, Case, Consent, HandedOver, Transcript
from omnichannel.sync.waiting import Wait


class SyncControl:
    """`inbox.desk.control` without `await`."""

    def __init__(self, wait: Wait, of: Control) -> None:
        self._wait = wait
        self._of = of

    def pass_on(
        self, conversation: str, agent: str, *, actor: str = "", because: str = "", summary: str = ""
    ) -> Case:
        """Give a conversation to an agent or a bot by name."""
        return self._wait(
            self._of.pass_on(conversation, agent, actor=actor, because=because, summary=summary)
        )

    def offer(
        self,
        conversation: str,
        *,
        team: str | None = None,
        actor: str = "",
        because: str = "",
        summary: str = "",
    ) -> Case:
        """Give a conversation to whoever takes it: into its queue, or that of another team."""
        return self._wait(
            self._of.offer(conversation, team=team, actor=actor, because=because, summary=summary)
        )

    def take(self, conversation: str, agent: str, *, because: str = "") -> Case:
        """A person takes a conversation, from whoever has it."""
        return self._wait(self._of.take(conversation, agent, because=because))

    def give_back(self, conversation: str, *, actor: str = "", because: str = "", summary: str = "") -> Case:
        """Give a conversation back to the bot that had it last."""
        return self._wait(self._of.give_back(conversation, actor=actor, because=because, summary=summary))

    def handover(self, conversation: str, *, purpose: Purpose = Purpose.DISCLOSE) -> HandedOver | None:
        """What whoever has it now needs to know of the last time that it was handed over."""
        return self._wait(self._of.handover(conversation, purpose=purpose))

    def turns(self, conversation: str) -> list[BotTurn]:
        """Every turn that a bot had in a conversation, in order, what became of it, and its cost."""
        return self._wait(self._of.turns(conversation))


class SyncTraining:
    """`inbox.desk.training` without `await`."""

    def __init__(self, wait: Wait, of: Training) -> None:
        self._wait = wait
        self._of = of

    def consent(self, who: str, proof: str, *, actor: str = "") -> Consent:
        """Write down that a customer (`Customer.id`) agrees."""
        return self._wait(self._of.consent(who, proof, actor=actor))

    def withdraw(self, who: str, proof: str, *, actor: str = "") -> Consent:
        """Write down that a customer does not agree any more."""
        return self._wait(self._of.withdraw(who, proof, actor=actor))

    def consents(self, who: str) -> list[Consent]:
        """Everything that a customer said of it, in order."""
        return self._wait(self._of.consents(who))

    def transcripts(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[Transcript]:
        """What was said by and to everybody who agrees, from `since` up to, and without, `until`."""
        return self._wait(self._of.transcripts(since=since, until=until))

    def jsonl(self, *, since: datetime | None = None, until: datetime | None = None) -> str:
        """The same as JSON, a `Transcript` on each line."""
        return self._wait(self._of.jsonl(since=since, until=until))
