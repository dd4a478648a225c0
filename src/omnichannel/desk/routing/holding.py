"""Whether what a rule asks holds, and what does not; in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from omnichannel.desk.fields import word
from omnichannel.desk.routing import history
from omnichannel.desk.routing.rules import When
from omnichannel.desk.routing.seen import Seen

_WORDS = re.compile(r"\w+")
_SPACELESS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)  # Thai to Chinese


def hindrance(when: When, seen: Seen) -> str:
    """The first thing that does not hold, in words; empty if everything does."""
    return next(_hindrances(when, seen), "")


def _hindrances(when: When, seen: Seen) -> Iterator[str]:
    yield from _where(when, seen)
    yield from _said(when, seen)
    yield from _who(when, seen)
    for one in when.all:
        yield from _hindrances(one, seen)
    if when.any and all(hindrance(one, seen) for one in when.any):
        yield "; or ".join(hindrance(one, seen) for one in when.any)
    if any(not hindrance(one, seen) for one in when.none):
        yield "something holds that must not"


def _where(when: When, seen: Seen) -> Iterator[str]:
    if when.kinds and seen.kind not in when.kinds:
        yield f"{seen.kind or 'no channel'} is not {_or(when.kinds)}"
    if when.accounts and seen.account not in when.accounts:
        yield f"the account {seen.account!r} is not {_or(when.accounts)}"
    if when.public is not None and when.public is not seen.public:
        yield "it was asked in public" if seen.public else "it was not asked in public"
    shut, opened = set(when.closed) - seen.closed, seen.closed & set(when.open)
    if when.closed and len(shut) == len(set(when.closed)):
        yield f"{_or(when.closed)} is open now"
    if when.open and len(opened) == len(set(when.open)):
        yield f"{_or(when.open)} is closed now"


def _said(when: When, seen: Seen) -> Iterator[str]:
    if when.words and not found(when.words, seen.text):
        yield f"{_or(when.words)} is not in the text"
    if when.subject and not found(when.subject, seen.subject):
        yield f"{_or(when.subject)} is not in the subject"
    tag = seen.reading.language.tag.lower()
    if when.languages and not any(f"{tag}-".startswith(f"{one.lower()}-") for one in when.languages):
        yield f"the language is {seen.reading.language.tag}, not {_or(when.languages)}"
    if when.intents and not any(map(seen.reading.holds, when.intents)):
        yield f"it reads as {seen.reading.intent or 'nothing certain'}, not as {_or(when.intents)}"
    if when.urgency is not None and seen.reading.urgency < when.urgency:
        yield f"the urgency is {seen.reading.urgency:.2f}, below {when.urgency:g}"
    if when.tone is not None and seen.reading.tone > when.tone:
        yield f"the tone is {seen.reading.tone:.2f}, above {when.tone:g}"


def _who(when: When, seen: Seen) -> Iterator[str]:
    if when.tiers and seen.tier not in when.tiers:
        yield f"the customer's tier is {seen.tier or 'none'}, not {_or(when.tiers)}"
    for name, value in when.customer.items():
        held = seen.fields.get(name, ())
        if word(value) not in held:
            yield f"the customer's {name} is {_or(held) or 'not known'}, not {word(value)}"
    yield from history.hindrances(when, seen.earlier)


def found(phrases: Sequence[str], text: str) -> str:
    """The first of some words or phrases that stands in a text; empty if none does."""
    said = _spoken(text)
    return next((one for one in phrases if _phrase(one) in said), "")


@lru_cache(maxsize=4)
def _spoken(text: str) -> str:
    """A text as phrases are looked for in it. One rule after the other asks about the same one."""
    return f" {' '.join(_plain(text))} "


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> str:
    """A phrase as it stands in a text: between spaces, where its script has them."""
    words = " ".join(_plain(phrase))
    return words if _SPACELESS.search(words) else f" {words} "


def _plain(text: str) -> list[str]:
    """The words of a text without case and accents."""
    bare = text.casefold()
    if not bare.isascii():  # what is has no accents, and is most of what is written
        bare = "".join(one for one in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(one))
    return _WORDS.findall(bare)


def _or(values: Sequence[str]) -> str:
    return " or ".join(map(str, values))
