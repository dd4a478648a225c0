"""How people ask, put off and answer in a language: lists of phrases, to be replaced or added to.

A phrase is words as they are said; `*` stands for one to four others. Capitals and blanks do not matter.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic import field_serializer

from omnichannel.model import Value


def phrases(text: str) -> tuple[str, ...]:
    """Phrases with a bar between them."""
    return tuple(" ".join(one.split()) for one in text.split("|") if one.strip())


def listed(text: str) -> frozenset[str]:
    """Words with blanks between them."""
    return frozenset(text.split())


@lru_cache(maxsize=256)
def _pattern(listed: tuple[str, ...], *, start: bool = False) -> re.Pattern[str]:
    """Finds any of some phrases as whole words: anywhere, or (`start`) only at the beginning."""
    if not listed:
        return re.compile(r"(?!)")
    anything = (
        r"(?:\w[\w'’-]*+\W{1,5}+){1,4}?"  # never twice the same way: a stranger's text must not take for ever
    )
    told = (re.escape(one).replace(r"\*\ ", anything).replace(r"\ ", r"\s+") for one in listed)
    begin = "" if start else r"(?<!\w)"
    return re.compile(f"{begin}(?:{'|'.join(told)})(?!\\w)", re.IGNORECASE)


_AT_START = frozenset({"asks", "requests", "before", "closed", "yes_no"})


class Tongue(Value):
    """A language, as far as questions go.

    `asks` begin a question, also without a mark; `requests` begin something that is asked for. `before` may stand
    in front of both, `polite` looks like a question or a request and is none. `withdraws`: the customer needs no
    answer any more. `puts_off`: a sentence of ours that answers nothing yet. `yes_no` begins an answer to what
    `closed` begins. `when`, `how_much` ask for a time or an amount, `times` tells one. `done`: what was asked for
    was done. `promises`: we say that something will be; by when, `days` say (from today), `lengths` (in days: two
    weeks, rounded up), `weekdays` from Monday on, and `months`. `common` words mean nothing by themselves.
    """

    language: str
    asks: tuple[str, ...]
    requests: tuple[str, ...]
    before: tuple[str, ...]
    polite: tuple[str, ...]
    withdraws: tuple[str, ...]
    puts_off: tuple[str, ...]
    closed: tuple[str, ...]
    yes_no: tuple[str, ...]
    when: tuple[str, ...]
    how_much: tuple[str, ...]
    times: tuple[str, ...]
    done: tuple[str, ...]
    promises: tuple[str, ...]
    days: dict[str, int]
    lengths: dict[str, int]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    common: frozenset[str]

    @field_serializer("common")
    def _in_order(self, common: frozenset[str]) -> list[str]:
        return sorted(common)  # a plan's fingerprint is the same in every process

    def pattern(self, name: str) -> re.Pattern[str]:
        """Finds any phrase of one of the lists, by its name."""
        return _pattern(getattr(self, name), start=name in _AT_START)
