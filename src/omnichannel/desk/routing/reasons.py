"""Why a rule took a question: what it asks, and how that holds; in words."""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.desk.fields import word
from omnichannel.desk.routing import history
from omnichannel.desk.routing.holding import found, hindrance
from omnichannel.desk.routing.rules import When
from omnichannel.desk.routing.seen import Seen


def reasons(when: When, seen: Seen) -> tuple[str, ...]:
    """Everything that a rule asks and that holds, in words. To be asked where nothing hinders it."""
    return tuple(dict.fromkeys(_reasons(when, seen))) or ("this rule takes everything",)


def _reasons(when: When, seen: Seen) -> Iterator[str]:
    yield from _where(when, seen)
    yield from _said(when, seen)
    yield from _who(when, seen)
    for one in when.all:
        yield from _reasons(one, seen)
    fits = next((one for one in when.any if not hindrance(one, seen)), None)
    if fits is not None:
        yield from _reasons(fits, seen)
    if when.none:
        yield "nothing holds that must not"


def _where(when: When, seen: Seen) -> Iterator[str]:
    if when.kinds or when.accounts:
        yield f"it came by {seen.kind}" + (f", to {seen.account}" if when.accounts else "")
    if when.public is not None:
        yield "it was asked in public" if seen.public else "it was not asked in public"
    if when.closed:
        yield f"{' and '.join(sorted(set(when.closed) & seen.closed))} is closed now"
    if when.open:
        yield f"{' and '.join(sorted(set(when.open) - seen.closed))} is open now"


def _said(when: When, seen: Seen) -> Iterator[str]:
    if when.words:
        yield f"{found(when.words, seen.text)!r} is in the text"
    if when.subject:
        yield f"{found(when.subject, seen.subject)!r} is in the subject"
    if when.languages:
        yield f"the language is {seen.reading.language.tag}"
    for intent in filter(seen.reading.holds, when.intents):
        yield f"it reads as {intent} ({seen.reading.probability(intent):.2f})"
    if when.urgency is not None:
        yield f"the urgency is {seen.reading.urgency:.2f}"
    if when.tone is not None:
        yield f"the tone is {seen.reading.tone:.2f}"


def _who(when: When, seen: Seen) -> Iterator[str]:
    if when.tiers:
        yield f"the customer's tier is {seen.tier}"
    for name, value in when.customer.items():
        yield f"the customer's {name} is {word(value)}"
    yield from history.reasons(when, seen.earlier)
