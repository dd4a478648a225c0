"""An inbox on a desk: three accounts of small channels, their far ends, and a clock that is cranked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omnichannel import Address, Inbox, Incoming, Message, Rules
from omnichannel.channel import Response
from omnichannel.identity import POLICY, Policy
from omnichannel.model import Conversation, Customer, Delivered, Happening
from omnichannel.store import Tx
from tests.chat import Chat, FarEnd, Letter, delivery
from tests.engines import HandClock, dump

LOST = Response(failure="in_doubt", detail="connection lost")
NOT_SENT = Response(failure="not_sent", detail="no connection")
REFUSED = Response(status=400, body=b"no")
BUSY = Response(status=429, headers=(("Retry-After", "30"),))


class Desk:
    """`chat` and `other` are accounts of one kind, `letter` is one where every thread is a question."""

    def __init__(
        self,
        url: str,
        clock: HandClock,
        *,
        rules: Rules | None = None,
        workspace: str = "default",
        policy: Policy = POLICY,
    ):
        self.url, self.clock, self.rules, self.workspace = url, clock, rules, workspace
        self.policy = policy
        self.far = {"chat": FarEnd(), "other": FarEnd(), "letter": FarEnd()}
        self.handled: list[Incoming] = []
        self.opened: list[Inbox] = []
        self.inbox = self.again()

    def again(self) -> Inbox:
        """A new inbox on the same database, as after a crash: nothing of the old one is closed or told."""
        channels = [
            Chat("chat", self.far["chat"]),
            Chat("other", self.far["other"]),
            Letter("letter", self.far["letter"]),
        ]
        self.inbox = Inbox(
            self.url,
            channels,
            clock=self.clock,
            rules=self.rules,
            workspace=self.workspace,
            policy=self.policy,
        )
        self.opened.append(self.inbox)
        return self.inbox

    async def close(self) -> None:
        """Close every inbox that there was, after the test."""
        for inbox in self.opened:
            await inbox.close()

    async def hear(self, *items: Mapping[str, Any], on: str = "chat") -> list[Message]:
        """Receive some items and work on everything; the messages that they became."""
        await self.inbox.receive(on, delivery(*items))
        await self.inbox.work()
        return await self.named(*(item["id"] for item in items), on=on)

    async def heard(self, text: str, who: str = "anna", on: str = "chat", **more: Any) -> Message:
        """One message of somebody's."""
        item = {"id": f"{on}-{who}-{text}", "from": who, "text": text} | more
        (message,) = await self.hear(item, on=on)
        return message

    async def named(self, *external_ids: str, on: str = "chat") -> list[Message]:
        """The messages that the platform calls so."""

        def numbers(tx: Tx) -> list[str]:
            found = []
            for external_id in external_ids:
                row = tx.one(
                    "SELECT id FROM messages WHERE workspace = ? AND account = ? AND external_id = ?",
                    tx.ws, on, external_id,
                )  # fmt: skip
                if row:
                    found.append(tx.ids.show("message", row[0]))
            return found

        found = await self.inbox.run_job(numbers)
        return [await self.inbox.conversations.message(number) for number in found]

    async def everything(self) -> list[Message]:
        """Every message of the workspace."""

        def numbers(tx: Tx) -> list[str]:
            rows = tx.all("SELECT id FROM messages WHERE workspace = ? ORDER BY id", tx.ws)
            return [tx.ids.show("message", row[0]) for row in rows]

        return [
            await self.inbox.conversations.message(number) for number in await self.inbox.run_job(numbers)
        ]

    async def conversations(self) -> list[Conversation]:
        """All of them, open first."""
        box = self.inbox.conversations
        return [*await box.open(most=1000), *await box.closed(most=1000)]

    async def customers(self) -> list[Customer]:
        """Everybody, once."""

        def numbers(tx: Tx) -> list[str]:
            rows = tx.all("SELECT DISTINCT customer FROM addresses WHERE workspace = ?", tx.ws)
            return [tx.ids.show("customer", row[0]) for row in sorted(rows)]

        return [await self.inbox.customers.get(number) for number in await self.inbox.run_job(numbers)]

    async def customer(self, who: str, kind: str = "chat", scope: str = "") -> Customer:
        """The customer with this address."""
        found = await self.inbox.customers.find(Address(kind=kind, scope=scope, value=who))
        assert found is not None
        return found

    async def sendings(self, message: Message) -> tuple[Delivered, ...]:
        """How far an answer has come by now."""
        return (await self.inbox.conversations.message(message.id)).sendings

    async def status(self, message: Message) -> list[str]:
        return [sending.status for sending in await self.sendings(message)]

    async def happened(self, what: str = "") -> list[Happening]:
        """What happened, of one sort or all."""
        return [event for event in await self.inbox.events(most=100_000) if what in ("", event.what)]

    def state(self, *but: str) -> dict[str, list[tuple[object, ...]]]:
        """Everything in the workspace, but for some tables."""
        return {table: rows for table, rows in dump(self.inbox.open()).items() if table not in but}

    def said(self, on: str = "chat") -> list[str]:
        """What the platform was told, in order."""
        return [body["text"] for body in self.far[on].said]


def at(who: str, kind: str = "chat") -> Address:
    return Address(kind=kind, value=who)
