"""A mailbox that scanners mail to, as a source. Nothing in it is marked, moved or changed.

Every PDF or picture that one of our scanners attached is a letter. Anybody can write to a mailbox: what others send
stays there, unread. Mail of customers belongs to the e-mail channel.
"""

from __future__ import annotations

import asyncio
import email
import logging
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256
from typing import Any, NamedTuple

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from omnichannel.channel import Batch, Delivery
from omnichannel.channels.letter.link.reader import examined
from omnichannel.channels.letter.parse import NAME, WITHHELD, media_type_of
from omnichannel.channels.letter.settings import Mailbox
from omnichannel.errors import ConfigError
from omnichannel.model import Value
from omnichannel.toolbox import sealed

MOST_BYTES = 100_000_000
"""Octets of one mail. Scanners rarely send more than 20 million: servers refuse it."""

_POLL = 30.0  # seconds between two looks; scans are no chat
_TIMEOUT = 60.0
_log = logging.getLogger(__name__)


class Cursor(Value):
    """How far the folder was read (RFC 3501, 2.3.1.1)."""

    uidvalidity: int = 0
    uid: int = 0


class _Mail(NamedTuple):
    uid: int
    arrived: datetime | None
    body: bytes
    size: int


class ScanMailbox:
    """One folder of a mailbox. Each look makes a connection of its own: nothing has to be kept alive."""

    def __init__(self, account: str, mailbox: Mailbox, *, languages: str, poll: float = _POLL) -> None:
        self._account, self._mailbox, self._languages, self._poll = account, mailbox, languages, poll

    @property
    def name(self) -> str:
        """The folder in the mailbox."""
        return f"imap:{self._mailbox.folder}"

    async def fetch(self, cursor: str) -> Batch:
        """The scans of the next mail, read. Raises ConfigError for a refused login, imaplib's errors for the rest."""
        known = Cursor.model_validate_json(cursor) if cursor else Cursor()
        validity, mail, more = await asyncio.to_thread(self._next, known)
        if mail is None:
            return Batch(
                cursor=Cursor(uidvalidity=validity, uid=known.uid).model_dump_json() if cursor else cursor
            )
        deliveries = [await self._read(each) for each in self._deliveries(mail)]
        last = Cursor(uidvalidity=validity, uid=mail.uid).model_dump_json()
        return Batch(deliveries=tuple(deliveries), cursor=last, more=more)

    async def wait(self, seconds: float) -> None:
        """Until it is time to look again."""
        await asyncio.sleep(min(seconds, self._poll))

    async def close(self) -> None:
        """Nothing is kept open."""

    async def look(self) -> None:
        """Log in and open the folder. For `doctor`."""
        await asyncio.to_thread(self._next, Cursor(uid=2**32 - 2))

    def _next(self, cursor: Cursor) -> tuple[int, _Mail | None, bool]:
        """The first mail after the cursor, and whether there are more. Numbered anew: all are looked at again."""
        client = _connected(self._mailbox)
        try:
            validity = int(_opened(client, self._mailbox.folder).get(b"UIDVALIDITY") or 0)
            low = cursor.uid + 1 if cursor.uidvalidity in (0, validity) else 1
            # `n:*` always brings the last message, also when it is below n (RFC 3501, 6.4.8).
            uids = sorted(uid for uid in client.search(["UID", f"{low}:*"]) if uid >= low)
            for number, uid in enumerate(uids):
                mail = _fetched(client, uid)
                if mail is not None:
                    return validity, mail, number + 1 < len(uids)
            return validity, None, False
        finally:
            with suppress(OSError, IMAPClientError):
                client.logout()

    def _deliveries(self, mail: _Mail) -> Iterator[Delivery]:
        """One for each scan that a mail brings; one that says why, for a scanner's mail without any."""
        made = Delivery(
            account=self._account,
            source="poll",
            method="IMAP",
            url=f"imap://{self._mailbox.host}/{self._mailbox.folder};UID={mail.uid}",
            received_at=mail.arrived.astimezone(UTC) if mail.arrived else None,
        )
        message = email.message_from_bytes(mail.body, policy=policy.compat32)
        sender = parseaddr(str(message.get("from", "")))[1].lower()
        if sender not in self._mailbox.scanners:
            _log.warning("%s: mail %d is from no scanner of ours, and left alone", self._account, mail.uid)
            return
        scans = dict(_scans(message)) if mail.size <= MOST_BYTES else {}
        for body, name in scans.items():
            digest = sha256(body).hexdigest()
            yield made.model_copy(update={"body": body, "key": digest, "headers": ((NAME, name),)})
        if not scans:
            problem = (
                "no PDF, PNG, JPEG or TIFF"
                if mail.size <= MOST_BYTES
                else f"{mail.size} bytes, too many to fetch"
            )
            why_not = f"mail {mail.uid} of {sender} has {problem}; it lies in {self._mailbox.folder}"
            yield made.model_copy(update={"key": f"failed:{mail.uid}", "headers": ((WITHHELD, why_not),)})

    async def _read(self, delivery: Delivery) -> Delivery:
        if not delivery.body:
            return delivery
        told = await examined(delivery.body, self._languages)
        return delivery.model_copy(update={"headers": (*delivery.headers, *told)})


@sealed
def _connected(mailbox: Mailbox) -> Any:
    secure = mailbox.security == "tls"
    tls = ssl.create_default_context()
    client: Any = IMAPClient(
        mailbox.host, port=mailbox.port, ssl=secure, ssl_context=tls if secure else None, timeout=_TIMEOUT
    )
    try:
        client.normalise_times = False  # naive local times would depend on this machine's zone
        if mailbox.security == "starttls":
            client.starttls(tls)
        client.login(mailbox.user, mailbox.password.get_secret_value())
    except LoginError as error:
        client.shutdown()
        raise ConfigError(
            "imap", f"{mailbox} does not let {mailbox.user} in: {error}", "Check user and password"
        ) from None
    except BaseException:
        with suppress(OSError, IMAPClientError):
            client.shutdown()
        raise
    return client


def _opened(client: Any, folder: str) -> dict[bytes, Any]:
    try:
        told: dict[bytes, Any] = client.select_folder(folder, readonly=True)
    except IMAPClientError as error:
        raise ConfigError(
            "imap", f"the folder {folder!r} cannot be opened: {error}", "Name one that is there"
        ) from None
    return told


def _fetched(client: Any, uid: int) -> _Mail | None:
    """One mail, of a too large one only the header; None for one that is gone meanwhile."""
    told = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
    if told is None:
        return None
    size = int(told.get(b"RFC822.SIZE") or 0)
    part = "BODY.PEEK[]" if size <= MOST_BYTES else "BODY.PEEK[HEADER]"
    body = client.fetch([uid], [part]).get(uid, {}).get(part.replace(".PEEK", "").encode())
    return _Mail(uid, told.get(b"INTERNALDATE"), body, size) if isinstance(body, bytes) else None


def _scans(message: Message) -> Iterator[tuple[bytes, str]]:
    """The attachments that are scans, by their first bytes: scanners call PDFs many things."""
    for part in message.walk():
        body = part.get_payload(decode=True) if not part.is_multipart() else None
        if isinstance(body, bytes) and media_type_of(body)[0]:
            yield body, part.get_filename() or ""
