"""E-mail as servers behave: a mailbox that others use too, and a way out that breaks around the last dot.

Reading is done by `Mailbox` itself, cursors and all, on an IMAP session that is simulated one level above the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, ClassVar, TypeVar

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Batch, Call, Channel, Delivery, Response, Sender, Source
from omnichannel.channels.email import Email
from omnichannel.channels.email.link.imap import Cursor, Mailbox
from omnichannel.channels.email.link.imap_session import Envelope, Folder
from omnichannel.channels.email.link.settings import Server
from omnichannel.inbox import Rules

if TYPE_CHECKING:
    from bench.simulate.machine import Wire

_T = TypeVar("_T")
_US, _MX = "help@shop.example", "mx.shop.example"
_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class _Session:
    """One connection, as `imap_session.Session` is used. Any question may find the link broken."""

    can_idle = False

    def __init__(self, wire: Wire) -> None:
        self._world = wire.life.world
        self._platform = wire.platform
        self._box = wire.platform.box

    def examine(self, folder: str) -> Folder:
        self._asked()
        if self._world.strikes("numbered anew", 2 * self._world.plan.odd):
            self._box.number_anew(self._world.chance)
        return Folder(folder, self._box.uidvalidity, self._box.uidnext, len(self._box.mails))

    def uids(self, low: int, folder: Folder, since: date | None = None) -> Iterator[tuple[list[int], bool]]:
        self._asked()
        yield [uid for uid in self._box.mails if uid >= low], False

    def present(self, uids: Sequence[int]) -> set[int]:
        self._asked()
        return self._box.mails.keys() & set(uids)

    def envelopes(self, uids: Sequence[int]) -> dict[int, Envelope]:
        self._asked()
        if len(self._box.mails) > 1 and self._world.strikes("expunged", self._world.plan.odd / 2):
            self._platform.taken_away(self._box.expunge(self._world.chance))
        mails = self._box.mails
        return {uid: Envelope(uid, len(mails[uid][1]), _MORNING) for uid in uids if uid in mails}

    def contents(self, uids: Sequence[int], *, header_only: bool = False) -> dict[int, bytes]:
        self._asked()
        withheld = self._world.strikes("left out", self._world.plan.odd / 2)
        given = list(uids)[: len(uids) // 2] if withheld else uids
        return {uid: self._box.mails[uid][1] for uid in given if uid in self._box.mails}

    def hang_up(self, *, politely: bool = True) -> None:
        """Nothing is held."""

    def cut(self) -> None:
        """Nothing is waited for."""

    def _asked(self) -> None:
        if self._world.strikes("connection lost", self._world.plan.unheard / 4):
            raise OSError("the connection was lost")


class _Mailbox(Mailbox):
    """The source as it is, but for its thread and its wire."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(ACCOUNT, Server("imap", "tls", "mail.example", 993, None), "INBOX")
        self._wire = wire

    async def fetch(self, cursor: str) -> Batch:
        self._wire.platform.is_read(Cursor.model_validate_json(cursor) if cursor else Cursor())
        return await super().fetch(cursor)

    async def wait(self, seconds: float) -> None:
        await self._wire.wait()

    async def close(self) -> None:
        self._hang_up(politely=False)

    async def _in_thread(self, job: Callable[[], _T]) -> _T:
        await self._wire.answer()
        found = self._guarded(job)
        self._wire.life.cross("fetch")
        return found

    def _connected(self) -> _Session:  # type: ignore[override]  # as far as it is used
        if self._session is None:
            self._session = _Session(self._wire)  # type: ignore[assignment]
        return self._session  # type: ignore[return-value]


class _Email(Email):
    """The channel as it is, but for its wires."""

    wire: Wire

    def sources(self) -> Sequence[Source]:
        return (_Mailbox(self.wire),)

    def sender(self) -> Sender:
        return self.wire


class MailDialect(Dialect):
    """One mailbox."""

    kind: ClassVar[str] = "email"
    echoes: ClassVar[bool] = False
    batches: ClassVar[bool] = False
    polled: ClassVar[bool] = True
    keyed: ClassVar[bool] = False
    threads: ClassVar[bool] = True
    most_answers: ClassVar[int] = Rules().automatic_mails

    def channel(self, sender: Sender) -> Channel:
        channel = _Email(ACCOUNT, address=_US, trusted=[_MX])
        channel.wire = sender  # type: ignore[assignment]  # the worker's one wire goes both ways
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        mail = EmailMessage()
        mail["Authentication-Results"] = f"{_MX}; dmarc=pass header.from=mail.example"
        mail["From"], mail["To"], mail["Subject"] = item["from"], _US, "A question"
        mail["Date"], mail["Message-ID"] = "Mon, 02 Mar 2026 09:00:00 +0000", item["id"]
        mail.set_content(item["text"])
        return Delivery(source="webhook" if forged else "poll", body=mail.as_bytes())

    def said(self, call: Call) -> Item:
        to = next(value for name, value in call.headers if name == "RCPT TO")
        return {"to": to, "text": call.text, "mark": call.correlator}

    def taken(self, number: str) -> bytes:
        return b""

    def answer(self, fault: str, number: str) -> Response:
        return _ANSWERS.get(fault) or Response(status=250, detail="2.0.0 queued")

    def customer(self, number: int) -> str:
        return f"customer-{number}@mail.example"

    def inbound(self, number: int, who: str) -> str:
        return f"<in-{number}@mail.example>"

    def in_two_pieces(self, text: str) -> str:
        """A mail is never cut."""
        return f"{text}, and more"


_BEFORE_THE_DOT = Response(failure="not_sent", headers=(("stage", "DATA"),), detail="DATA: connection lost")
_AFTER_THE_DOT = Response(failure="in_doubt", headers=(("stage", "DATA"),), detail="DATA: connection lost")
_CLOSING = Response(status=421, headers=(("stage", "MAIL FROM"),), detail="4.3.2 too many connections")
_ANSWERS = {
    "refused": Response(failure="not_sent", headers=(("stage", "CONNECT"),), detail="CONNECT: refused"),
    "lost before": _BEFORE_THE_DOT,
    "lost after": _AFTER_THE_DOT,
    "hang before": _AFTER_THE_DOT,
    "hang after": _AFTER_THE_DOT,
    "failed before": _CLOSING,
    "failed after": _AFTER_THE_DOT,
    "garbage": _AFTER_THE_DOT,
    "too many": _CLOSING,
    "rejected": Response(status=550, headers=(("stage", "RCPT TO"),), detail="5.1.1 no such user"),
}
