"""What the libraries below us log of our requests: nothing. An application that logs at INFO would keep it for years.

httpx writes whole addresses at INFO, with the ids of customers, and with tokens where a platform wants them there; at
DEBUG httpcore writes whole headers. Requests that an application makes itself are logged as ever.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ours: ContextVar[bool] = ContextVar("omnichannel_sending", default=False)


class Discreet(logging.Filter):
    """Drops what is logged while one of our requests is under way in this task."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        """Whether it may be written."""
        return not _ours.get()


_discreet = Discreet()
for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_discreet)


@contextmanager
def unlogged() -> Iterator[None]:
    """Nothing that the libraries below us log in this block is written."""
    mark = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(mark)
