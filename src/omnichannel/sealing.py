"""Secrets stay out of crash dumps, which show the variables of every frame on the way of an error."""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def sealed(function: Callable[P, R]) -> Callable[P, R]:
    """The function, of whose frames and those below it no error that leaves it holds any.

    For functions, `async` or not, in which a secret is taken out of its wrapping: what a library does with it is in
    its frames as well, and error reporting (Sentry, `capture_locals=True`) writes those down. Where it happened is
    kept as a note: files and lines, no values. Whoever calls must not hold the plain secret in a variable either.
    """
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def later(*args: P.args, **more: P.kwargs) -> object:
            handled = sys.exception()
            try:
                return await function(*args, **more)
            except BaseException as error:
                del args, more  # this frame is one that shows
                _cut(error, handled)
                raise

        return cast("Callable[P, R]", later)

    @wraps(function)
    def now(*args: P.args, **more: P.kwargs) -> R:
        handled = sys.exception()
        try:
            return function(*args, **more)
        except BaseException as error:
            del args, more
            _cut(error, handled)
            raise

    return now


def _cut(error: BaseException, handled: BaseException | None) -> None:
    """Take the frames below the caller's away from an error, and all frames from those that led to it.

    What was being `handled` before the function was called knows nothing of it, and stays as it is.
    """
    if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
        places = "".join(traceback.format_tb(error.__traceback__.tb_next))
        error.add_note(f"sealed, so that no secret shows; it happened in\n{places.rstrip()}")
        error.__traceback__.tb_next = None
    for other in _before(error, {id(error), id(handled)}):
        other.__traceback__ = None


def _before(error: BaseException, known: set[int]) -> Iterator[BaseException]:
    """The errors that this one came from, or is made of."""
    several = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (error.__cause__, error.__context__, *several):
        if other is not None and id(other) not in known:
            known.add(id(other))
            yield other
            yield from _before(other, known)
