"""How a check says that a channel does not keep the contract."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import NoReturn

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
"""What a case file can hold."""


class Broken(AssertionError):  # noqa: N818 - what is wrong is the channel, not the program
    """A channel does not do what the contract says; the message says where, and what was expected."""


def fail(why: str, *, case: str = "") -> NoReturn:
    """Raise Broken, naming the case file where there is one."""
    raise Broken(f"{case}: {why}" if case else why)


def require(condition: object, why: str, *, case: str = "") -> None:
    """Raise Broken unless the condition holds."""
    if not condition:
        fail(why, case=case)


def same(expected: Json, found: Json, what: str, *, case: str = "") -> None:
    """Raise Broken with the differing lines unless both are equal."""
    if expected != found:
        fail(f"{what} (- expected, + found)\n{difference(expected, found)}", case=case)


def difference(expected: Json, found: Json) -> str:
    """The lines in which two JSON values differ, with a little around them."""
    lines: Sequence[str] = list(
        difflib.unified_diff(pretty(expected).splitlines(), pretty(found).splitlines(), lineterm="", n=2)
    )
    return "\n".join(lines[2:200])


def pretty(value: Json) -> str:
    """JSON as it stands in a case file."""
    return json.dumps(value, indent=2, ensure_ascii=False)
