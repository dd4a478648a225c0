"""A briefing in words: a few lines in a language, made of nothing but what it holds."""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.model.desk.briefing import Briefing

_EN = {
    "who": "{name}, on {kinds}, since {since}; {open} of {all} conversations open.",
    "somebody": "Somebody without a name", "unproven": "Some of it is unproven.",
    "asked": "Open since {at}: “{text}”", "promised": "{by} promised, by {due}: “{text}”", "we": "We",
    "heard": "Last wrote {at}: “{text}”", "answered": "Last answer {at} by {by}: “{text}”",
    "glad": "Sounds pleased.", "calm": "Sounds matter-of-fact.", "cross": "Sounds displeased.",
}  # fmt: skip
_NL = {
    "who": "{name}, via {kinds}, sinds {since}; {open} van {all} gesprekken open.",
    "somebody": "Iemand zonder naam", "unproven": "Een deel hiervan is niet bewezen.",
    "asked": "Open sinds {at}: “{text}”", "promised": "{by} beloofde, uiterlijk {due}: “{text}”", "we": "Wij",
    "heard": "Schreef het laatst op {at}: “{text}”", "answered": "Laatste antwoord op {at} van {by}: “{text}”",
    "glad": "Klinkt tevreden.", "calm": "Klinkt zakelijk.", "cross": "Klinkt ontevreden.",
}  # fmt: skip
_WORDS = {"en": _EN, "nl": _NL}
_PLEASED, _DISPLEASED = 0.3, -0.5  # two plain questions with an `and` between them are at -0.47


def in_words(briefing: Briefing, language: str = "en") -> str:
    """A few lines, in English where there are no words for a language. Days are days of UTC."""
    return "\n".join(_lines(briefing, _WORDS.get(language.partition("-")[0], _EN)))


def _lines(briefing: Briefing, words: dict[str, str]) -> Iterator[str]:
    yield words["who"].format(
        name=briefing.name or words["somebody"], kinds=", ".join(briefing.kinds) or "–",
        since=f"{briefing.since:%Y-%m-%d}" if briefing.since else "–",
        open=briefing.open_conversations, all=briefing.conversations,
    )  # fmt: skip
    if briefing.unproven:
        yield words["unproven"]
    for one in briefing.questions:
        yield words["asked"].format(at=f"{one.asked_at:%Y-%m-%d}", text=one.text)
    for promise in briefing.promises:
        yield words["promised"].format(by=promise.by or words["we"], due=promise.due, text=promise.text)
    for name, line in (("heard", briefing.last_heard), ("answered", briefing.last_answer)):
        if line:
            yield words[name].format(
                at=f"{line.at:%Y-%m-%d}", text=line.text, by=line.by or words["we"].lower()
            )
    if briefing.tone:
        value = briefing.tone.value
        yield words["glad" if value >= _PLEASED else "cross" if value <= _DISPLEASED else "calm"]
