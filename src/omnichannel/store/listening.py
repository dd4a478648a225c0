"""What one worker commits wakes the others: LISTEN and NOTIFY of PostgreSQL, on a connection of their own.

Apart from the work, because a transaction that notifies holds a lock of the whole server until its commit is on the
disk, and commits would wait in a row (docs/adr/0033). What is told may be lost with the process that tells it:
whoever listens looks by itself all the same, but seldom.
"""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections.abc import Callable

import psycopg

from omnichannel.store.engine import Cell

_log = logging.getLogger("omnichannel")

_PAUSE = 1.0  # seconds between tries to get a lost connection back


class Listener:
    """Tells the other workers of a workspace that something was committed, and hears it of them.

    `connect` opens its connection, `heard` is called from its thread: when somebody else told, and whenever it
    begins or ceases to hear.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[tuple[Cell, ...]]],
        workspace: int,
        heard: Callable[[], object],
    ) -> None:
        self.hears = False
        self._connect = connect
        self._channel = f"omnichannel_{workspace}"
        self._heard = heard
        self._news = self._closed = False
        self._door, self._knock = socket.socketpair()
        self._door.setblocking(False)
        self._thread = threading.Thread(target=self._work, name="omnichannel-listener", daemon=True)
        self._thread.start()

    def tell(self) -> None:
        """Let the others know; from any thread. What is told while they are being told is told once."""
        if not self._news:
            self._news = True
            self._knock.send(b"!")

    def close(self) -> None:
        """Let go of the connection."""
        self._closed = True
        self._knock.send(b"!")
        self._thread.join()
        self._door.close()
        self._knock.close()

    def _work(self) -> None:
        while not self._closed:
            try:
                with self._connect() as connection:
                    self._listen(connection)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again, and others look meanwhile
                _log.warning("other workers are not heard for a moment: %s", type(error).__name__)
            if self.hears:
                self.hears = False
                self._heard()
            self._rest(_PAUSE)

    def _listen(self, connection: psycopg.Connection[tuple[Cell, ...]]) -> None:
        connection.execute(f"LISTEN {self._channel}".encode())
        self._news = (
            True  # it is heard once it hears itself: not everything between us and a server lets that through
        )
        with selectors.DefaultSelector() as both:
            both.register(self._door, selectors.EVENT_READ)
            both.register(connection, selectors.EVENT_READ)
            while not self._closed:
                if self._news:
                    self._news = False
                    connection.execute(f"NOTIFY {self._channel}".encode())
                self._hear(connection)
                both.select()
                self._empty()

    def _hear(self, connection: psycopg.Connection[tuple[Cell, ...]]) -> None:
        mine = connection.info.backend_pid
        told = [note.pid for note in connection.notifies(timeout=0)]
        began = not self.hears and mine in told
        if began or any(pid != mine for pid in told):
            self.hears = self.hears or began
            self._heard()

    def _empty(self) -> None:
        try:
            while self._door.recv(1024):
                pass
        except BlockingIOError:
            return

    def _rest(self, seconds: float) -> None:
        with selectors.DefaultSelector() as one:
            one.register(self._door, selectors.EVENT_READ)
            if not self._closed and one.select(seconds):
                self._empty()
