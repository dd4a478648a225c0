"""A mail provider with our mailbox and everybody's: `mail.MailServer` as an emulator. Needs the extra `demo`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from itertools import count
from types import TracebackType
from typing import ClassVar, Self

from omnichannel.emulators.emulator import Emulator, File, Seen
from omnichannel.emulators.mail import MailServer


class Provider(Emulator):
    """Hosts the account's mailbox; the rest of the world writes from `<name>@customer.example`.

    What somebody writes continues the thread of the last mail that they got. It lies in the mailbox at once: mail
    is polled.
    """

    kind: ClassVar[str] = "email"
    takes_files: ClassVar[bool] = True

    def __init__(
        self, address: str = "help@shop.example", *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.address = address
        self.server = MailServer({address: "secret"}, clock=clock)
        self.server.sent = "Sent"
        self._clock = clock
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.__exit__(kind, error, trace)

    @property
    def settings(self) -> dict[str, object]:
        """The mailbox, over IMAP and SMTP."""
        return self.server.settings(self.address)

    def write(self, who: str, text: str) -> str:
        """Send a mail that passes DMARC; its Message-ID."""
        return self._send(who, self._mail(who, text))

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:
        """A mail with one file and no words."""
        mail = self._mail(who, "")
        main, _, sub = media_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=name)
        return self._send(who, mail)

    def _mail(self, who: str, text: str) -> EmailMessage:
        mail, got = EmailMessage(), self.mails(who)
        mail["Message-ID"] = f"<{next(self._numbers)}.{mailbox(who)}>"
        mail["From"], mail["Date"] = formataddr((who, mailbox(who))), format_datetime(self._clock())
        mail["To"] = str(got[-1]["Reply-To"] or got[-1]["From"]) if got else self.address
        mail["Subject"] = str(got[-1]["Subject"]) if got else f"A question from {who}"
        if got:
            mail["In-Reply-To"] = mail["References"] = str(got[-1]["Message-ID"])
        mail.set_content(text)
        return mail

    def _send(self, who: str, mail: EmailMessage) -> str:
        self.server.write(mail.as_bytes(), to=self.address, sender=mailbox(who))
        return str(mail["Message-ID"])

    def mails(self, who: str) -> list[EmailMessage]:
        """The mails that somebody got, the oldest first."""
        return [
            message_from_bytes(envelope.body, policy=policy.default)
            for envelope in self.server.outbox
            if mailbox(who) in envelope.recipients
        ]

    def shown(self, who: str) -> Sequence[str]:
        """The plain text of those mails."""
        bodies = (mail.get_body(("plain",)) for mail in self.mails(who))
        return [str(body.get_content()).strip() if body else "" for body in bodies]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with the names of attachments."""
        return [
            Seen(text, files=tuple(File(part.get_filename() or "[file]") for part in mail.iter_attachments()))
            for mail, text in zip(self.mails(who), self.shown(who), strict=True)
        ]


def mailbox(who: str) -> str:
    """Where somebody by that name has their mail."""
    return f"{re.sub(r'[^a-z0-9]+', '.', who.lower()).strip('.') or 'somebody'}@customer.example"
