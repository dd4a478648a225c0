"""What of an error may be logged: its kind and where it was. Its words may be a customer's.

PostgreSQL repeats the row that it refuses (`DETAIL: Key (name)=(…)`), pydantic the value that it cannot read, and an
application's own error whatever it was about.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

_LIBRARY = str(Path(__file__).parent)


def told(error: BaseException) -> str:
    """Kind, file and line of the last step that is not this library's, for an error of the application's own."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith(_LIBRARY)]
    last = (theirs or frames)[-1:]
    return " at ".join([_kind(error), *(f"{frame.filename}:{frame.lineno}" for frame in last)])


def way_of(error: BaseException) -> str:
    """A traceback without a word of what the error says: the kind of each that led to it, and every step."""
    return "\n".join(_steps(error, set()))


def _steps(error: BaseException, known: set[int]) -> Iterator[str]:
    known.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    several = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (before, *several):
        if other is not None and id(other) not in known:
            yield from _steps(other, known)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield _kind(error)


def _kind(error: BaseException) -> str:
    return type(error).__name__
