"""Running an ASGI application on a loopback port of its own, in a thread, until told to stop."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn

from omnichannel.emulators.emulator import Emulator


class Served:
    """A real HTTP server on 127.0.0.1 around an ASGI application; use it as a context manager.

    `url` is where it listens. Leaving the context waits until open requests are answered.
    """

    def __init__(self, app: Any, *, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=2
            )
        )
        self._thread = threading.Thread(target=self._run, name=f"serving-{self.port}", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        self._thread.start()
        # A connection made from now on waits in the socket's own queue until the server takes it.
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


class ServedEmulator(Emulator):
    """A platform that is one ASGI application, on a port of its own."""

    def __init__(self, app: Any) -> None:
        self._served = Served(app)

    def __enter__(self) -> Self:
        self._served.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._served.__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._served.url
