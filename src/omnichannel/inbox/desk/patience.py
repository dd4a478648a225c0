"""Waiting for what somebody else wrote, for so long and no longer, whatever it does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

_given_up: set[asyncio.Future[object]] = set()  # until they end: the loop itself holds them loosely


class Late(Exception):  # noqa: N818 - what it was
    """Nothing was said in time."""


class LetGo(Exception):  # noqa: N818 - what it did
    """It let itself be cancelled, though nobody cancelled it."""


async def patiently(asked: Awaitable[T], patience: timedelta) -> T:
    """What somebody says within their time. Raises Late, LetGo, and what they raise.

    Whoever does not even let itself be cancelled is left alone: nobody waits for it any more.
    """
    future = asyncio.ensure_future(asked)
    try:
        await asyncio.wait([future], timeout=patience.total_seconds())
    finally:
        if not future.done():
            _let_go(future)
    if not future.done():
        raise Late
    if future.cancelled():
        raise LetGo
    return future.result()


def _let_go(future: asyncio.Future[T]) -> None:
    _given_up.add(future)  # type: ignore[arg-type]  # futures of anything
    future.add_done_callback(_ended)
    future.cancel()


def _ended(future: asyncio.Future[T]) -> None:
    _given_up.discard(future)
    if not future.cancelled():
        future.exception()  # looked at, so that nobody is told that nobody looked
