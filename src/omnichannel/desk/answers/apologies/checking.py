"""Formal apologies that lead nowhere, pointed out before they are sent.

"We apologise for any inconvenience" is fine where somebody then does something about it. So a message is pointed out
only if each of its sentences is an apology or a set phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from omnichannel.desk.answers.apologies.dutch import DUTCH
from omnichannel.desk.answers.apologies.english import ENGLISH
from omnichannel.desk.answers.apologies.french import FRENCH
from omnichannel.desk.answers.apologies.german import GERMAN
from omnichannel.desk.answers.apologies.lists import Apologies
from omnichannel.model.desk import Remark

LISTS: Mapping[str, Apologies] = MappingProxyType({"en": ENGLISH, "nl": DUTCH, "de": GERMAN, "fr": FRENCH})
"""The lists by language: `{**LISTS, "nl": yours}` replaces one."""

_HOLD = re.compile(r"\d|\w\?|https?://")

_WORD = re.compile(r"[^\W\d_]+")
_FEW = 4  # words: below, a sentence is a greeting, a name, or all well

_HALF = re.compile(r"[;]|: |, (?:and|but|so|en|maar|dus|und|aber|et|mais)\b| [-–] ")
"""Half a sentence may be the apology, and the other half the step."""

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?![\s\"')]|$)[^.!?\n]*)*[.!?]*")


@dataclass(frozen=True, slots=True)
class _Patterns:
    formal: re.Pattern[str]
    vague: re.Pattern[str]
    step: re.Pattern[str]
    when: re.Pattern[str]
    name: re.Pattern[str]


def check_apology(text: str, language: str, lists: Mapping[str, Apologies] = LISTS) -> tuple[Remark, ...]:
    """A remark for each formal apology in a text that says no next step; none where one is said.

    A next step is something that was done, will be done or can be done, a moment, a number, a link or a question:
    "we will look into it" is none, "we call you before Friday" is. A sentence that is no set phrase counts as one:
    better to let an empty apology go than to stop a real one. `missing` also names `date` and `name`, each where the
    text has none. A language without a list has no remarks.
    """
    apologies = lists.get(language) or lists.get(language.partition("-")[0])
    if apologies is None:
        return ()
    patterns = _compiled(apologies)
    found = list(_merged(patterns.formal.finditer(text)))
    if not found or any(_is_step(sentence, patterns) for sentence in _sentences(text)):
        return ()
    if any(_is_concrete(sentence, patterns) for sentence in _sentences(_without(text, found))):
        return ()
    missing = ["next step"]
    missing += ["date"] if not patterns.when.search(text) else []
    missing += ["name"] if not patterns.name.search(text) else []
    return tuple(_remark(text, start, end, tuple(missing)) for start, end in found)


def _remark(text: str, start: int, end: int, missing: tuple[str, ...]) -> Remark:
    quote = text[start:end].rstrip()
    when = ", by when" if "date" in missing else ""
    who = ", and who sees to it" if "name" in missing else ""
    because = f"{quote!r} is all that is said: tell what happens now{when}{who}"
    return Remark(start=start, end=start + len(quote), quote=quote, missing=missing, because=because)


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        yield from _HALF.split(match[0])


def _is_concrete(sentence: str, patterns: _Patterns) -> bool:
    """Whether a sentence beside the apology says something: a moment, a number, a question, or no set phrase."""
    if patterns.when.search(sentence) or _HOLD.search(sentence):
        return True
    return len(_WORD.findall(sentence)) >= _FEW and not patterns.vague.search(sentence)


def _without(text: str, found: Iterable[tuple[int, int]]) -> str:
    """The text with blanks where its apologies stand, each up to a comma: behind it may be what is done."""
    for start, end in found:
        stop = text.find(",", start, end)
        stop = end if stop < 0 else stop
        text = text[:start] + " " * (stop - start) + text[stop:]
    return text


def _is_step(sentence: str, patterns: _Patterns) -> bool:
    """Whether a sentence says what happens now."""
    if not patterns.step.search(sentence):
        return False
    return not patterns.vague.search(sentence) or bool(patterns.when.search(sentence))


def _merged(matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """The places of what was found, in order; those that touch are one."""
    last: tuple[int, int] | None = None
    for match in matches:
        if last and match.start() <= last[1] + 1:
            last = last[0], max(last[1], match.end())
            continue
        if last:
            yield last
        last = match.span()
    if last:
        yield last


@lru_cache(32)
def _compiled(apologies: Apologies) -> _Patterns:
    return _Patterns(
        formal=_any(apologies.formal),
        vague=_any(apologies.vague),
        step=_any(apologies.steps),
        when=_any(apologies.whens),
        name=re.compile("|".join([*map(_one, apologies.names), _SIGNED]), re.MULTILINE),
    )


_SIGNED = r"(?:\n|[.!?] )[–^-]? ?(?-i:[A-Z][a-zà-ÿ]+(?: (?:van |de |der |den )*[A-Z][a-zà-ÿ]+)?)\s*\Z"
"""A name alone at the end."""


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_one, phrases)) or r"(?!)", re.IGNORECASE)


def _one(phrase: str) -> str:
    """A phrase as a pattern: whole words, any white space for a blank."""
    begins = r"\b" if re.match(r"\w|\(", phrase) else ""
    ends = r"\b" if re.search(r"[\w)]$", phrase) else ""
    spaced = phrase.replace(" ?", r"\s*").replace(" ", r"\s+")
    return f"{begins}(?:{spaced}){ends}"
