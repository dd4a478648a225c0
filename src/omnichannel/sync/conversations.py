"""Conversations, without `await`."""

from __future__ import annotations

from datetime import timedelta

from omnichannel.inbox.composing import Said
from omnichannel.inbox.continuing import By
from omnichannel.inbox.conversations import Conversations
from omnichannel.model import Address, Conversation, Message, Preview
from omnichannel.sync.waiting import Wait


class SyncConversations:
    """`inbox.conversations` without `await`."""

    def __init__(self, wait: Wait, conversations: Conversations) -> None:
        self._wait = wait
        self._of = conversations

    def get(self, conversation: str) -> Conversation:
        """A conversation by id."""
        return self._wait(self._of.get(conversation))

    def open(
        self, *, assignee: str | None = None, frozen: bool = False, most: int = 100
    ) -> list[Conversation]:
        """Open conversations."""
        return self._wait(self._of.open(assignee=assignee, frozen=frozen, most=most))

    def closed(self, *, frozen: bool = False, most: int = 100) -> list[Conversation]:
        """Closed conversations."""
        return self._wait(self._of.closed(frozen=frozen, most=most))

    def messages(self, conversation: str, *, most: int = 1000) -> list[Message]:
        """What was said in a conversation."""
        return self._wait(self._of.messages(conversation, most=most))

    def message(self, message: str) -> Message:
        """A message by id."""
        return self._wait(self._of.message(message))

    def reply(
        self,
        conversation: str,
        said: Said,
        *,
        agent: str = "",
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
        automatic: bool = False,
        seen: str = "",
        idempotency_key: str = "",
    ) -> Message:
        """Answer the customer."""
        reply = self._of.reply(
            conversation,
            said,
            agent=agent,
            on=on,
            public=public,
            subject=subject,
            automatic=automatic,
            seen=seen,
            idempotency_key=idempotency_key,
        )
        return self._wait(reply)

    def preview(
        self,
        conversation: str,
        said: Said,
        *,
        on: str | None = None,
        public: bool | None = None,
        subject: str = "",
    ) -> Preview:
        """What would become of an answer."""
        return self._wait(self._of.preview(conversation, said, on=on, public=public, subject=subject))

    def signal(self, conversation: str, sign: str = "typing", *, on: str | None = None) -> bool:
        """Show the customer a passing sign."""
        return self._wait(self._of.signal(conversation, sign, on=on))

    def note(self, conversation: str, text: str, *, agent: str = "") -> Message:
        """Leave a note that only we can see."""
        return self._wait(self._of.note(conversation, text, agent=agent))

    def assign(self, conversation: str, agent: str, *, actor: str = "") -> Conversation:
        """Give a conversation to an agent."""
        return self._wait(self._of.assign(conversation, agent, actor=actor))

    def close(self, conversation: str, *, actor: str = "") -> Conversation:
        """Close a conversation."""
        return self._wait(self._of.close(conversation, actor=actor))

    def reopen(self, conversation: str, *, actor: str = "") -> Conversation:
        """Open a closed conversation again."""
        return self._wait(self._of.reopen(conversation, actor=actor))

    def continue_on(
        self,
        conversation: str,
        account: str,
        *,
        by: By = "link",
        to: Address | None = None,
        life: timedelta | None = None,
    ) -> str:
        """A link or code that carries a conversation to another account."""
        return self._wait(self._of.continue_on(conversation, account, by=by, to=to, life=life))

    def redeem(
        self, code: str, *, on: str, agent: str, sender: Address | None = None, said: str = ""
    ) -> Conversation:
        """Go on with what a caller's code stands for."""
        return self._wait(self._of.redeem(code, on=on, agent=agent, sender=sender, said=said))

    def move(self, message: str, conversation: str, *, actor: str = "") -> Message:
        """Move a message to another conversation."""
        return self._wait(self._of.move(message, conversation, actor=actor))

    def split(self, message: str, *, actor: str = "") -> Conversation:
        """Make a message and all after it a conversation of its own."""
        return self._wait(self._of.split(message, actor=actor))

    def join(self, conversation: str, into: str, *, actor: str = "") -> Conversation:
        """Make two conversations one."""
        return self._wait(self._of.join(conversation, into, actor=actor))
