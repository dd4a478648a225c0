"""Making a value fit the type that a channel's constructor asks for, without ever repeating it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError

from omnichannel.errors import ConfigError

_LENIENT = ConfigDict(arbitrary_types_allowed=True, coerce_numbers_to_str=True)


def hints(maker: Callable[..., object]) -> dict[str, Any]:
    """The types of a constructor's settings; none if they only exist for a type checker."""
    try:
        return get_type_hints(maker.__init__)
    except NameError:
        return {}


def fitting(setting: str, hint: Any, value: object) -> object:
    """The value as the constructor wants it: `"587"` for a number, `"a, b"` for several texts.

    Raises ConfigError naming the setting if it cannot be that. A type that is no data is left to the channel.
    """
    try:
        adapter: TypeAdapter[object] = TypeAdapter(hint, config=_LENIENT)
    except PydanticUserError:
        return value
    problems: list[ValidationError] = []
    for candidate in _readings(value):
        try:
            fitted = adapter.validate_python(candidate)
            if not isinstance(fitted, Iterator):
                return fitted
            # Pydantic reads an Iterable lazily, and would take a text for its single letters.
            if not isinstance(candidate, str):
                return tuple(fitted)
        except ValidationError as error:
            problems.append(error)
    raise ConfigError(setting, _said(problems[0]), "Its channel's page says what it may be")


def _readings(value: object) -> Iterator[object]:
    """What a value may stand for: a text also for several, separated by commas."""
    yield value
    if isinstance(value, str):
        yield [item.strip() for item in value.split(",") if item.strip()]


def _said(error: ValidationError) -> str:
    """What does not fit, in pydantic's words, without the value and without words that might repeat it."""
    told = error.errors(include_input=False, include_url=False, include_context=False)
    own = [item["msg"] for item in told if item["type"] not in ("value_error", "assertion_error")]
    return "; or ".join(dict.fromkeys(own)) or "it does not fit"
