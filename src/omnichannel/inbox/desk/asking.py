"""Asking a classifier: only for so long, and the one built in answers wherever it fails."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from omnichannel.clock import Clock
from omnichannel.desk.classify import BuiltIn, Classifier, name_of, read, rounded
from omnichannel.desk.classify.naming import NAME
from omnichannel.desk.plan import Plan
from omnichannel.inbox.desk.patience import Late, LetGo, patiently
from omnichannel.model.desk import Reading

_log = logging.getLogger("omnichannel")

_TIRED = 3
"""After so many failures in a row a classifier is left alone for a while, so that a dead one delays nobody."""

_REST = timedelta(minutes=1)


class Asking:
    """Asks the plan's classifier on behalf of one process, and remembers how it does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._rests_until: datetime | None = None

    async def reading(self, plan: Plan, text: str, language: str = "", channel: str = "") -> Reading:
        """What a text is about, by the plan's classifier, else by the one built in, which then says why."""
        classifier = plan.classifier
        if classifier is None:
            return Reading(understood=False)
        if isinstance(classifier, BuiltIn) or not text.strip():
            return _built_in(text, language)
        if (trouble := self._resting()) is None:
            try:
                found = await self._asked(classifier, text, language, channel, plan.patience)
            except Exception as error:  # noqa: BLE001 - a classifier may raise anything
                trouble = self._failed(classifier, error)
            else:
                self._failures = 0
                return rounded(found).model_copy(update={"by": name_of(classifier)})
        because = f"{name_of(classifier)} {trouble}"
        return _built_in(text, language).model_copy(update={"because": because})

    async def _asked(
        self, classifier: Classifier, text: str, language: str, channel: str, patience: timedelta
    ) -> Reading:
        asked = classifier.classify(text, language=language, channel=channel)
        try:
            return _sense(await patiently(asked, patience))
        except Late:
            raise _Unusable(f"said nothing within {patience.total_seconds():g} s") from None
        except LetGo:
            raise _Unusable("let itself be cancelled") from None

    def _failed(self, classifier: Classifier, error: Exception) -> str:
        # Its words may repeat the customer's: only its kind is logged.
        _log.warning("classifier %s failed: %s", name_of(classifier), type(error).__name__)
        self._failures += 1
        if self._failures >= _TIRED:
            self._rests_until = self._clock.now() + _REST
        return str(error) if isinstance(error, _Unusable) else f"raised {type(error).__name__}"

    def _resting(self) -> str | None:
        until = self._rests_until
        if until is None or self._clock.now() >= until:
            return None
        return f"failed {self._failures} times in a row, and is asked again at {until:%H:%M:%S} UTC"


class _Unusable(Exception):  # noqa: N818 - what a classifier did
    """Nothing came back, or no reading."""


def _sense(found: object) -> Reading:
    """What a classifier said, as a reading. Whoever makes one past all checks is found out here."""
    if not isinstance(found, Reading):
        raise _Unusable(f"gave {type(found).__name__}, which is no Reading")
    try:
        made = Reading.model_validate_json(
            found.model_dump_json(include=set(Reading.model_fields), warnings=False)
        )
    except ValueError:
        raise _Unusable("gave a Reading with values that it cannot have") from None
    if len(made.intents) > len({likely.intent for likely in made.intents}):
        raise _Unusable("gave one intent twice")
    return made


def _built_in(text: str, language: str) -> Reading:
    return rounded(read(text, language=language)).model_copy(update={"by": NAME})
