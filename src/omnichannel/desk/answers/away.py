"""When to tell a customer that nobody is there: rarely, and then with the moment by which we answer."""

from __future__ import annotations

from datetime import datetime

from omnichannel.desk.answers.book import Book
from omnichannel.desk.answers.template import can_fail, parse, slots
from omnichannel.errors import ConfigError
from omnichannel.model.desk import Answer, AwayNotice, AwayRule

UNTIL = "away.until"

AWAY = Answer(
    name="away",
    about="Said by itself when nobody is there and the promised time would be missed.",
    texts={
        "en": (
            "Nobody is here right now. We answer by {away.until}[ ({away.place} time)].",
            "We are away at the moment, and will answer by {away.until}[ ({away.place} time)].",
        ),
        "nl": (
            "Er is nu niemand aanwezig. U hoort van ons vóór {away.until}[ (tijd in {away.place})].",
            "Wij zijn er nu niet en antwoorden vóór {away.until}[ (tijd in {away.place})].",
        ),
        "de": ("Zurzeit ist niemand da. Wir antworten bis {away.until}[ (Zeit in {away.place})].",),
        "fr": ("Personne n’est là. Réponse au plus tard : {away.until}[ (heure : {away.place})].",),
    },
)
"""An away notice to begin with. It thanks for nothing and apologises for nothing: it says when."""


def away(
    rule: AwayRule | None,
    *,
    now: datetime,
    promised: datetime | None,
    answering: datetime | None,
    told: datetime | None = None,
    automatic: bool = False,
    answered: bool = False,
) -> AwayNotice:
    """Whether to say an away notice for a message that came in, and why, or why not.

    `promised` is when the answer is due (None: nothing was promised), `answering` the moment by which somebody will
    have answered, by the working hours (None: nobody knows), `told` when this conversation last had such a notice.
    `automatic`: a machine wrote the message. `answered`: somebody of ours answered it already. Without a rule nothing
    is ever said. All moments are aware.
    """
    if rule is None:
        return _silent("there is no rule for away notices, so none is said")
    if automatic:
        return _silent("a machine wrote, and two machines could go on answering each other")
    if answered:
        return _silent("somebody answered already")
    if promised is None:
        return _silent("no time was promised, so none can be missed")
    if answering is None:
        return _silent("nobody knows when somebody will be there, so there is nothing to say")
    if answering <= now:
        return _silent("somebody is there now")
    if answering <= promised:
        within = f"within the promised time ({_at(promised)})"
        return _silent(f"the answer is expected by {_at(answering)}, {within}")
    if told is not None and now - told < rule.span:
        again = _at(told + rule.span)
        return _silent(f"this conversation was told at {_at(told)}, and is not told again before {again}")
    return AwayNotice(
        say=True,
        until=answering,
        because=(f"the answer is promised by {_at(promised)} and expected by {_at(answering)}",),
    )


def check_away(rule: AwayRule, book: Book) -> None:
    """Raises NotFound where the answer of a rule is not there, ConfigError where it may not say when we answer."""
    answer = book.answer(rule.answer)
    for language, texts in answer.texts.items():
        for number, text in enumerate(texts, 1):
            template = parse(text)
            must = [piece for piece in template if UNTIL in (slot.field for slot in slots((piece,)))]
            if not can_fail(tuple(must)):
                raise ConfigError(
                    f"answer {answer.name!r} ({language}, wording {number})",
                    "it can be said without telling when you answer",
                    f"Put {{{UNTIL}}} into it, outside of brackets and without a fallback",
                )


def _silent(because: str) -> AwayNotice:
    return AwayNotice(say=False, because=(because,))


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}".strip()
