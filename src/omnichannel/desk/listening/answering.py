"""Whether what we said answers a question: by a quote, by words in common, or by the kind of answer it wants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from omnichannel.desk.listening.finding import find, sentences
from omnichannel.desk.listening.tongues import Tongue
from omnichannel.model.desk.questions import Question

_WORD = re.compile(r"[^\W_]{2,}")
_QUOTED = re.compile(r"^[ \t]*>+(.*)$", re.MULTILINE)
_MONEY = re.compile(
    r"[€$£]\s?\d|\d\s?(?:€|\$|£|euros?\b|eur\b|usd\b|gbp\b|pounds?\b|dollars?\b)|\bfree\b|\bgratis\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}[-/]\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b\d+\s*(?:am|pm)\b",
    re.IGNORECASE,
)
_STEM = 5  # letters: deliver, delivery and delivered begin alike
_HALF = 0.5
_MOST_OF = 0.6
_ENOUGH = 2


class Reply(NamedTuple):
    """What we said, as far as it can answer anything: neither what we asked ourselves, nor what puts off.

    `asks_back`: there is a question of ours in it, on which the answer may depend.
    """

    statements: tuple[str, ...]
    asks_back: bool
    stems: frozenset[str]
    quoted: frozenset[str]


def stems(text: str, tongues: Iterable[Tongue]) -> frozenset[str]:
    """The beginnings of the words that mean something."""
    words = {word.lower() for word in _WORD.findall(text)}
    return frozenset(word[:_STEM] for word in words if not any(word in tongue.common for tongue in tongues))


def reply_of(text: str, quoted: str, tongues: Sequence[Tongue]) -> Reply:
    """What we said, read once for all questions."""
    asked = {(one.start, one.end) for one in find(text, tongues) if one.kind == "question"}
    stated = tuple(
        said
        for start, said in sentences(text)
        if (start, start + len(said)) not in asked
        and not any(tongue.pattern("puts_off").search(said) for tongue in tongues)
    )
    shown = "\n".join((quoted, *_QUOTED.findall(text)))
    return Reply(stated, bool(asked), stems(" ".join(stated), tongues), stems(shown, tongues))


def answers(question: Question, beside: Sequence[Question], reply: Reply, tongues: Sequence[Tongue]) -> str:
    """Why a reply answers a question; empty if it does not, or nobody can say. `beside` are the other open ones."""
    if not reply.statements:
        return ""
    asked = stems(question.text, tongues)
    if asked and len(asked & reply.quoted) >= max(_MOST_OF * len(asked), 1) and reply.stems:
        return "the answer quotes it"
    shared = asked & reply.stems
    enough = len(shared) >= _ENOUGH or (len(shared) == len(asked) == 1 and not beside)
    if enough and len(shared) >= _HALF * len(asked) and not _rivalled(shared, beside, tongues):
        return f"the answer speaks of {', '.join(_spelled(question.text, shared))}"
    return _by_kind(question, beside, reply, tongues)


def _rivalled(shared: frozenset[str], beside: Sequence[Question], tongues: Sequence[Tongue]) -> bool:
    """Whether the same words stand in another open question, so that nobody can say which of them was answered."""
    return any(shared <= stems(one.text, tongues) for one in beside)


def _spelled(text: str, shared: frozenset[str]) -> list[str]:
    words = dict.fromkeys(word.lower() for word in _WORD.findall(text))
    return [word for word in words if word[:_STEM] in shared]


def wanted(question: Question, tongues: Sequence[Tongue]) -> str:
    """What kind of answer a question wants: when, how much, yes or no, or that it is done; empty for another."""
    for name in ("how_much", "when"):
        if any(tongue.pattern(name).search(question.text) for tongue in tongues):
            return name
    if question.kind == "request":
        return "done"
    begun = question.text.rpartition(",")[2].strip()
    return "yes_no" if any(tongue.pattern("closed").match(begun) for tongue in tongues) else ""


def _by_kind(question: Question, beside: Sequence[Question], reply: Reply, tongues: Sequence[Tongue]) -> str:
    kind = wanted(question, tongues)
    if not kind or any(wanted(one, tongues) == kind for one in beside):
        return ""  # nobody can say which of them was answered
    text = " ".join(reply.statements)
    if kind == "how_much":
        return "the answer says how much" if _MONEY.search(text) else ""
    if kind == "when":
        tells = _MOMENT.search(text) or any(tongue.pattern("times").search(text) for tongue in tongues)
        return "the answer says when" if tells else ""
    if beside or reply.asks_back:
        return ""
    if kind == "done":
        done = any(tongue.pattern("done").search(text) for tongue in tongues)
        return "the answer says that it is done" if done else ""
    said = any(tongue.pattern("yes_no").match(one) for one in reply.statements[:2] for tongue in tongues)
    return "the answer says yes or no" if said else ""
