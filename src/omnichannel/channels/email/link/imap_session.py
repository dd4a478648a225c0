"""One logged-in IMAP connection to one folder, for one thread: the blocking half of `imap`.

What a server may do to us here, each met in the field: close during IDLE; send news in the same packet as the
go-ahead of IDLE, where waiting does not see it, or half a line of it; answer `n:*` with the last message although
it is below n; leave a message out of an answer; refuse one message.
"""

from __future__ import annotations

import imaplib
import selectors
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from omnichannel.channels.email.link.settings import Login, Server
from omnichannel.errors import ConfigError
from omnichannel.toolbox import sealed

_P = ParamSpec("_P")
_T = TypeVar("_T")

_TIMEOUT = SocketTimeout(connect=10, read=60)
# imaplib reads no line above 1,000,000 octets; a UID has at most 10 digits and a space.
_WINDOW = 80_000
_PARTING = 5.0  # seconds for a polite LOGOUT


class Folder(NamedTuple):
    """What a folder says of itself. `uidnext` is 0 where the server does not tell."""

    name: str
    uidvalidity: int
    uidnext: int
    exists: int

    def has_news_for(self, before: Folder) -> bool:
        """Whether this later look saw mail, or a numbering, that the earlier one did not."""
        return (
            self.uidnext > before.uidnext
            or self.exists > before.exists
            or self.uidvalidity != before.uidvalidity
        )


@dataclass(frozen=True)
class Envelope:
    """What is known of a message before its content is fetched; `size` in octets."""

    uid: int
    size: int
    arrived: datetime | None


def _in_imap(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """What the library makes of answers that are no IMAP (letters or numbers that are none), as its own error."""

    @wraps(method)
    def call(*args: _P.args, **more: _P.kwargs) -> _T:
        try:
            return method(*args, **more)
        except OSError:
            raise  # a certificate that is refused is a ValueError too
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise IMAPClientError(f"the server's answer is no IMAP ({type(error).__name__})") from error

    return call


class Session:
    """Raises OSError or imaplib.IMAP4.error on any trouble; after that it can only be hung up."""

    @_in_imap
    def __init__(self, server: Server) -> None:
        secure = server.security == "tls"
        self._client: Any = IMAPClient(
            server.host,
            port=server.port,
            ssl=secure,
            ssl_context=server.tls() if secure else None,
            timeout=_TIMEOUT,  # type: ignore[arg-type,unused-ignore]  # pyright: ignore[reportArgumentType] - the library's annotation is too narrow
        )
        try:
            # Commands leave in two pieces; with Nagle's algorithm the second waits 40 ms for the first's receipt.
            self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Naive local times would make the arrival depend on this machine's time zone.
            self._client.normalise_times = False
            if server.security == "starttls":
                self._client.starttls(server.tls())
            if server.login:
                _log_in(self._client, server.login, str(server))
            self.can_idle = bool(self._client.has_capability("IDLE"))
        except BaseException:
            self.hang_up(politely=False)
            raise
        self._opened: Folder | None = None

    @_in_imap
    def examine(self, folder: str) -> Folder:
        """Open a folder without the right to change anything in it; raises ConfigError if there is none."""
        try:
            told = self._client.select_folder(folder, readonly=True)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            known = [name for _, _, name in self._client.list_folders()]
            if folder in known:
                raise
            raise ConfigError(
                "folders", f"there is no {folder!r}", f"There are: {', '.join(known)}"
            ) from error
        if not told.get(b"UIDVALIDITY"):
            raise IMAPClientError(f"no UIDVALIDITY for {folder!r}: the server's message numbers do not last")
        self._opened = Folder(
            folder, int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT") or 0), int(told.get(b"EXISTS") or 0)
        )
        return self._opened

    def uids(self, low: int, folder: Folder, since: date | None = None) -> Iterator[tuple[list[int], bool]]:
        """The UIDs from `low` on, ascending, in windows if the folder is huge; each with whether more follow."""
        when: list[str | date] = ["SINCE", since] if since else []
        if folder.exists <= _WINDOW or not folder.uidnext:
            yield self._search(low, [f"{low}:*", *when]), False
            return
        for start in range(low, folder.uidnext, _WINDOW):
            found = self._search(low, [f"{start}:{start + _WINDOW - 1}", *when])
            yield found, start + _WINDOW < folder.uidnext

    @_in_imap
    def present(self, uids: Sequence[int]) -> set[int]:
        """Which of these messages are still in the folder."""
        if not uids:
            return set()
        self._client.noop()
        return set(self._search(0, [",".join(map(str, uids))])) & set(uids)

    @_in_imap
    def envelopes(self, uids: Sequence[int]) -> dict[int, Envelope]:
        """Size and arrival of those messages that the server tells of."""
        told = self._client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
        return {
            uid: Envelope(uid, int(items.get(b"RFC822.SIZE") or 0), items.get(b"INTERNALDATE"))
            for uid, items in told.items()
        }

    @_in_imap
    def contents(self, uids: Sequence[int], *, header_only: bool = False) -> dict[int, bytes]:
        """The messages, unread as they were; without those that the server does not give."""
        what = "HEADER" if header_only else ""
        try:
            told = self._client.fetch(list(uids), [f"BODY.PEEK[{what}]"])
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            if len(uids) == 1:
                return {}
            # One message that the server cannot read must not hold up the others.
            return {
                uid: body
                for one in uids
                for uid, body in self.contents([one], header_only=header_only).items()
            }
        key = f"BODY[{what}]".encode()
        return {uid: items[key] for uid, items in told.items() if isinstance(items.get(key), bytes)}

    @_in_imap
    def sent_folder(self) -> str:
        """The folder of sent mail: as the server marks it (RFC 6154), else by its usual names; empty if none is."""
        found = self._client.find_special_folder(b"\\Sent")
        return str(found) if found else ""

    @_in_imap
    def holds(self, message_id: str) -> bool:
        """Whether the open folder has a mail with this Message-ID."""
        return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    @_in_imap
    def idle(self, seconds: float) -> bool:
        """Listen for so long; whether there is new mail. Raises if the link is dead."""
        before = self._opened
        # The server announces a message once, perhaps with the answer to another question; and what it finds when
        # asked to search may be older than that. Opening the folder again tells what there is, and only what
        # comes after it is left to IDLE.
        if before is None or self.examine(before.name).has_news_for(before):
            return True
        self._client.idle()
        self._until_readable(seconds)
        # DONE brings what came, whole lines of it and also what came together with the go-ahead; on a dead link
        # it raises. The library's own idle_check can do none of this.
        return _new_mail(self._client.idle_done()[1])

    def _until_readable(self, seconds: float) -> None:
        if self._has_unread_lines():
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self._client.socket(), selectors.EVENT_READ)
            selector.select(seconds)

    def _has_unread_lines(self) -> bool:
        """Whether news came in the same packet as the go-ahead: then the socket is silent, and it lies in a buffer.

        There is no public way to ask. Where Python's imaplib keeps no such file (3.14), it waits for the next IDLE.
        """
        connection, file = self._client.socket(), getattr(self._client._imap, "file", None)  # noqa: SLF001
        connection.setblocking(False)
        try:
            return bool(file and file.peek(1))
        except OSError:
            return False
        finally:
            connection.settimeout(_TIMEOUT.read)

    def cut(self) -> None:
        """Break the connection from another thread, so that whatever waits on it ends at once."""
        with suppress(OSError):
            # The plain socket's method: TLS's own would touch state that the other thread is using.
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def hang_up(self, *, politely: bool = True) -> None:
        """Close, after logging out where the link is still good; never raises."""
        if politely:
            with suppress(OSError, IMAPClientError, ValueError):
                self._client.socket().settimeout(_PARTING)
                self._client.logout()
        with suppress(OSError, IMAPClientError, ValueError):
            self._client.shutdown()

    @_in_imap
    def _search(self, low: int, criteria: Sequence[str | date]) -> list[int]:
        # `n:*` always brings the last message, also when it is below n (RFC 3501 §6.4.8).
        return sorted(uid for uid in self._client.search(["UID", *criteria]) if uid >= low)


@sealed
def _log_in(client: Any, login: Login, where: str) -> None:
    """Raises ConfigError when the server refuses who we are, and the link's own error when it broke meanwhile."""
    try:
        if login.token:
            client.oauth2_login(login.user, login.token().get_secret_value())
        else:
            _with_password(client, login.user, login.password.get_secret_value() if login.password else "")
    except LoginError as error:
        # A broken connection looks like a refusal from outside; only its cause tells.
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise error.__context__ from None
        raise ConfigError(
            "token" if login.token else "password",
            f"{where} does not let {login.user} in: {error}",
            "Get a fresh token with IMAP scope"
            if login.token
            else "Check user and password (or app password)",
        ) from None


def _with_password(client: Any, user: str, password: str) -> None:
    """LOGIN is ASCII only (RFC 3501 §6.2.3); PLAIN carries every character (RFC 4616)."""
    if (user + password).isascii():
        client.login(user, password)
    else:
        client.plain_login(user, password)


def _new_mail(news: Sequence[object]) -> bool:
    return any(isinstance(item, tuple) and b"EXISTS" in item for item in news)
