"""Reading one folder of a mailbox, so that nothing is lost and nothing is marked: a `Source` over IMAP.

The cursor says how far a committed reading came (UIDVALIDITY and UID, RFC 3501 §2.3.1.1). It moves only with the
deliveries it belongs to, so a crash between fetching and committing costs a second fetch and nothing else. What
people or other programs do in the mailbox (read, flag, move) is never asked for and never changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date
from functools import partial
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import quote

from omnichannel.channel import Batch, Delivery
from omnichannel.channels.email.link.imap_session import Envelope, Folder, Session
from omnichannel.channels.email.link.settings import Server
from omnichannel.model import Value

BATCH_MESSAGES = 50
BATCH_BYTES = 20_000_000
MOST_BYTES = 40_000_000
"""Octets of one message; of a larger one only the header is fetched, and the delivery says so."""

TRUNCATED = "x-omnichannel-truncated"
"""The delivery header that holds the true size of a message of which only the header was fetched."""

WITHHELD = "x-omnichannel-withheld"
"""The delivery header of a message that the server lists but does not give, in three attempts."""

_OVERLAP = 20  # UIDs that are looked at again, because some servers show a lower one late
_STRIKES = 3
_RENEW = (
    60.0  # seconds of one IDLE; servers end it after 3 to 29 minutes, and news that we missed waits so long
)
_POLL = 30.0  # seconds between two looks where there is no IDLE

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Cursor(Value):
    """How far we have read: every UID up to `last_uid`, of which `recent` are those of the last 20."""

    uidvalidity: int = 0
    last_uid: int = 0
    recent: tuple[int, ...] = ()

    @property
    def low(self) -> int:
        """The lowest UID that may still be new."""
        return max(1, self.last_uid + 1 - _OVERLAP)

    def lacks(self, uid: int) -> bool:
        """Whether this message has not been read yet."""
        return uid > self.last_uid or (uid >= self.low and uid not in self.recent)

    def after(self, uids: list[int]) -> Cursor:
        """The cursor when these have been read too."""
        last = max([self.last_uid, *uids])
        recent = sorted(uid for uid in {*self.recent, *uids} if uid > last - _OVERLAP)
        return Cursor(uidvalidity=self.uidvalidity, last_uid=last, recent=tuple(recent))


class Mailbox:
    """One folder as a source. `fetch` and `wait` each run in the one thread that owns the connection.

    A thread of its own, because the IMAP library blocks and must never be used by two at once: when a task is
    cancelled, what it was waiting for ends (the connection is cut) before anything else is begun.
    `since` leaves out mail that arrived before that day.
    """

    def __init__(
        self,
        account: str,
        server: Server,
        folder: str,
        *,
        since: date | None = None,
        most_bytes: int = MOST_BYTES,
        renew: float = _RENEW,
    ) -> None:
        self._account = account
        self._server = server
        self._folder = folder
        self._since = since
        self._most_bytes = most_bytes
        self._renew = renew
        self._session: Session | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._job: Future[Any] | None = None
        self._strikes: Counter[tuple[int, int]] = Counter()

    @property
    def name(self) -> str:
        """The folder."""
        return self._folder

    async def fetch(self, cursor: str) -> Batch:
        """At most 50 messages or about 20 MB that came since the cursor, in the order of their UIDs.

        Raises ConfigError for a refused login or a missing folder, OSError or imaplib's errors for the rest.
        """
        return await self._in_thread(partial(self._look, cursor))

    async def wait(self, seconds: float) -> None:
        """Return when mail was announced (IDLE), or when it is time to look again."""
        deadline = monotonic() + seconds
        while (left := deadline - monotonic()) > 0:
            span = min(left, self._renew)
            heard = await self._in_thread(partial(self._listen, span))
            if heard is None:
                return await asyncio.sleep(min(left, _POLL))
            if heard:
                return None
        return None

    async def look(self) -> bool:
        """Log in and open the folder; whether the server can push news. For `doctor`."""

        def job() -> bool:
            session = self._connected()
            session.examine(self._folder)
            return session.can_idle

        return await self._in_thread(job)

    async def close(self) -> None:
        """Close the connection and end the thread; never raises."""
        if self._thread is None:
            return
        busy = self._job is not None and not self._job.done()
        if busy:
            self._cut()
        with suppress(Exception):
            await self._in_thread(partial(self._hang_up, politely=not busy))
        self._thread.shutdown()
        self._thread = None

    async def _in_thread(self, job: Callable[[], _T]) -> _T:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"imap-{self._account}-{self._folder}")
        submitted = self._thread.submit(self._guarded, job)
        self._job = submitted
        try:
            return await asyncio.wrap_future(submitted)
        except asyncio.CancelledError:
            self._cut()
            raise

    def _guarded(self, job: Callable[[], _T]) -> _T:
        """Do the job; after any trouble the connection is in an unknown state, and is dropped."""
        try:
            return job()
        except BaseException:
            self._hang_up(politely=False)
            raise

    def _cut(self) -> None:
        session = self._session
        if session is not None:
            session.cut()

    def _hang_up(self, *, politely: bool) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.hang_up(politely=politely)

    def _connected(self) -> Session:
        if self._session is None:
            self._session = Session(self._server)
        return self._session

    def _listen(self, seconds: float) -> bool | None:
        """Whether news came; None where the server cannot tell by itself."""
        if self._session is None:
            return True  # nobody listened since the connection was lost: look
        return self._session.idle(seconds) if self._session.can_idle else None

    def _look(self, written: str) -> Batch:
        session = self._connected()
        folder = session.examine(self._folder)
        cursor = self._resumed(written, folder)
        lacking, more = self._lacking(session, folder, cursor)
        deliveries: list[Delivery] = []
        read: list[int] = []
        for uid, delivery in self._deliveries(session, folder, lacking[:BATCH_MESSAGES]):
            read.append(uid)
            if delivery is not None:
                deliveries.append(delivery)
        return Batch(
            deliveries=tuple(deliveries),
            cursor=cursor.after(read).model_dump_json(),
            more=more or len(read) < len(lacking),
        )

    def _lacking(self, session: Session, folder: Folder, cursor: Cursor) -> tuple[list[int], bool]:
        """What has not been read yet, and whether there may be still more beyond it."""
        for found, more in session.uids(cursor.low, folder, self._since):
            lacking = [uid for uid in found if cursor.lacks(uid)]
            if lacking:
                return lacking, more
        return [], False

    def _resumed(self, written: str, folder: Folder) -> Cursor:
        """The cursor, or a new one when the server numbers its messages anew.

        Then all are read again: what is known already is recognised by its content, and nothing is skipped.
        """
        cursor = Cursor.model_validate_json(written) if written else Cursor()
        if cursor.uidvalidity == folder.uidvalidity:
            return cursor
        if cursor.uidvalidity:
            _log.warning(
                "%s: the server numbers %r anew (UIDVALIDITY %d, was %d); reading all of it again",
                self._account, self._folder, folder.uidvalidity, cursor.uidvalidity,
            )  # fmt: skip
        return Cursor(uidvalidity=folder.uidvalidity)

    def _deliveries(
        self, session: Session, folder: Folder, uids: list[int]
    ) -> Iterator[tuple[int, Delivery | None]]:
        """Each message in order, None for one that is gone. Ends early at the size of a batch or at trouble."""
        known = session.envelopes(uids) if uids else {}
        chosen = _within(uids, known, self._most_bytes)
        small = [uid for uid in chosen if uid in known and known[uid].size <= self._most_bytes]
        large = [uid for uid in chosen if uid in known and known[uid].size > self._most_bytes]
        bodies = session.contents(small) if small else {}
        headers = session.contents(large, header_only=True) if large else {}
        missing = [uid for uid in chosen if uid not in bodies and uid not in headers]
        present = session.present(missing)
        for number, uid in enumerate(chosen):
            if uid in bodies:
                yield uid, self._delivery(folder, known[uid], bodies[uid])
            elif uid in headers:
                note = (TRUNCATED, str(known[uid].size))
                yield uid, self._delivery(folder, known[uid], headers[uid], note)
            elif uid not in present:
                yield uid, None
            elif self._given_up(folder, uid):
                yield uid, self._delivery(folder, Envelope(uid, 0, None), b"", (WITHHELD, str(_STRIKES)))
            elif number:
                return
            else:
                raise OSError(f"{self._server} does not give message {uid} of {self._folder!r}")

    def _given_up(self, folder: Folder, uid: int) -> bool:
        """Whether this message was asked for often enough: then it is parked for a person, not asked for ever."""
        self._strikes[folder.uidvalidity, uid] += 1
        return self._strikes[folder.uidvalidity, uid] >= _STRIKES

    def _delivery(self, folder: Folder, envelope: Envelope, body: bytes, *notes: tuple[str, str]) -> Delivery:
        place = f"{quote(self._folder, safe='')};UIDVALIDITY={folder.uidvalidity}/;UID={envelope.uid}"
        return Delivery(
            account=self._account,
            source="poll",
            method="IMAP",
            url=f"imap://{self._server.host}/{place}",  # RFC 5092 §2
            headers=notes,
            body=body,
            key=f"{self._folder}:{folder.uidvalidity}:{envelope.uid}",
            received_at=envelope.arrived.astimezone(UTC) if envelope.arrived else None,
        )


def _within(uids: list[int], known: dict[int, Envelope], most: int) -> list[int]:
    """As many of them as make a batch by size, at least one; what is fetched without its body counts little."""
    total = 0
    for number, uid in enumerate(uids):
        size = known[uid].size if uid in known else 0
        total += size if size <= most else 0
        if number and total > BATCH_BYTES:
            return uids[:number]
    return uids
