"""The other side of the wire for the tests: servers that follow a script, and certificates of our own making."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest


class Line:
    """One connection, from the server's side: lines in, bytes out."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")

    def say(self, text: str | bytes) -> None:
        """Send it, in one packet."""
        self._connection.sendall(text.encode() if isinstance(text, str) else text)

    def hear(self) -> str:
        """The next line; empty at the end."""
        return self._file.readline().decode("utf-8", "replace").rstrip("\r\n")

    def hear_until(self, end: str) -> list[str]:
        """Every line up to the one that is `end`, or to the end of the connection."""
        heard = []
        while (line := self._file.readline()) and line.rstrip(b"\r\n").decode("utf-8", "replace") != end:
            heard.append(line.decode("utf-8", "replace").rstrip("\r\n"))
        return heard

    def close(self) -> None:
        self._file.close()
        self._connection.close()


class Scripted:
    """A server whose n-th connection follows the n-th script (the last one again and again).

    Leaving the context joins every thread and raises what went wrong in a script.
    """

    def __init__(self, *scripts: Callable[[Line], None]) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("localhost", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self._errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
        if error is None and self._errors:
            raise self._errors[0]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            thread = threading.Thread(target=self._play, args=(script, Line(connection)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _play(self, script: Callable[[Line], None], line: Line) -> None:
        try:
            script(line)
        except OSError:
            pass  # the client has gone: the tests say whether it should have
        except BaseException as error:
            self._errors.append(error)
        finally:
            line.close()


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for a host name: the PEM file to believe, and the server's side of it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)
    return pem, context
