"""Keeping pypdf quiet while it reads: whoever makes a PDF would decide what stands in the log, and how much."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pkgutil import walk_packages

_reading: ContextVar[bool] = ContextVar("reading a PDF", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what pypdf logs in this block, and nothing else: what it logs for the application meanwhile is logged."""
    _listen()
    before = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(before)


@cache
def _listen() -> None:
    import pypdf

    # Each module of pypdf logs under its own name, and a logger's filters see nothing of those below it.
    for module in walk_packages(pypdf.__path__, "pypdf."):
        logging.getLogger(module.name).addFilter(_not_ours)


def _not_ours(record: logging.LogRecord) -> bool:  # noqa: ARG001 - what it says does not matter
    return not _reading.get()
