"""What a plan says of standard answers, read at once: what is wrong is told before anybody is served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from omnichannel.desk.answers.away import AWAY, check_away
from omnichannel.desk.answers.book import Book
from omnichannel.desk.answers.fields import FIELDS
from omnichannel.desk.answers.template import parse, slots
from omnichannel.desk.answers.wording import wording
from omnichannel.errors import ConfigError
from omnichannel.model.desk import Answer, AwayRule, FieldType, Signature

_OF_AGENTS = tuple(name for name in FIELDS if name.startswith("agent."))


def read_answers(
    answers: Iterable[Answer],
    fields: Mapping[str, FieldType],
    signatures: Iterable[Signature],
    away: AwayRule | None,
) -> Book:
    """A book of these answers; with a rule for away notices, `AWAY` is in it unless there is one of that name.

    Raises ConfigError as `Book` and `check_away`, for a signature that cannot be read or says more than who signs,
    and where the moment of an away notice could not be written.
    """
    _check_signatures(signatures)
    listed = [*answers]
    if away is None:
        return Book(listed, fields)
    if away.answer == AWAY.name and all(answer.name != AWAY.name for answer in listed):
        listed.append(AWAY)
    book = Book(listed, fields)
    if away.answer not in book.answers:
        known = ", ".join(book.answers) or "none"
        raise ConfigError("away", f"no answer is called {away.answer!r}", f"Name one of them: {known}")
    check_away(away, book)
    for language in book.answer(away.answer).texts:
        wording(language)(datetime(2000, 1, 1, tzinfo=UTC))
    return book


def _check_signatures(signatures: Iterable[Signature]) -> None:
    seen: set[str] = set()
    for signature in signatures:
        if signature.agent in seen:
            raise ConfigError("signatures", f"two are {signature.agent!r}'s", "Write both into one")
        seen.add(signature.agent)
        for form, texts in (("full", signature.full), ("short", signature.short)):
            for language, text in texts.items():
                _check_signature(f"the {form} signature of {signature.agent!r} ({language})", text)


def _check_signature(where: str, text: str) -> None:
    for slot in slots(parse(text, where)):
        if slot.field not in _OF_AGENTS:
            raise ConfigError(
                where,
                f"{slot.field} is nothing that a signature tells",
                f"Use {' or '.join(f'{{{name}}}' for name in _OF_AGENTS)}",
            )
