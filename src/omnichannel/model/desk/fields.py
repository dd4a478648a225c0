"""Fields of one's own: what a company wants to know of its cases and customers, with a type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints, model_validator

from omnichannel.model.address import Address
from omnichannel.model.base import UtcTime, Value

CustomType = Literal["text", "number", "date", "choice", "several", "boolean", "link"]
"""What a field of one's own holds: one of some `choice`s, `several` of them, a day, a link to somewhere else."""

CustomName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""What a field of one's own is called."""


def _plain(value: object) -> object:
    """A day as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


CustomValue = Annotated[str | bool | int | float | tuple[str, ...], BeforeValidator(_plain)]
"""What such a field is given; a day as a `date`, or as ISO 8601 writes it."""


CustomGiven = str | bool | float | date | Sequence[str] | None
"""What one says of such a field; None empties it."""


class CustomField(Value):
    """A field of one's own, as a plan declares it.

    `choices` are what a `choice` or `several` choose from. A `text` has at the most `longest` characters; a `number`
    is from `least` to `most`, both included. `about` tells agents what it is for.
    """

    type: CustomType
    choices: tuple[str, ...] = ()
    longest: int = Field(default=200, ge=1, le=500)
    least: float | None = None
    most: float | None = None
    about: str = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        chooses = self.type in ("choice", "several")
        if chooses and not self.choices:
            raise ValueError(f'a field of type {self.type} needs choices, such as choices = ["red", "blue"]')
        if self.choices and not chooses:
            raise ValueError(f"a field of type {self.type} has no choices; make it a choice, or several")
        if len(set(self.choices)) < len(self.choices) or not all(one.strip() for one in self.choices):
            raise ValueError("each choice is given once, and has a name")
        if any(len(one) > self.longest for one in self.choices):
            raise ValueError(f"a choice has at the most {self.longest} characters")
        if self.type != "number" and (self.least is not None or self.most is not None):
            raise ValueError(f"least and most are for numbers; this is a field of type {self.type}")
        return self


class HeldField(Value):
    """What a field of a case or a customer holds, as it was given.

    `misfit` says why that does not fit the plan, which changed since: it is kept and shown, and a rule or a view
    finds it by what it says. Empty: it fits. Of a customer's, `address` is whose it was said of, at `at`, by `actor`.
    """

    name: str
    value: JsonValue
    misfit: str = ""
    address: Address | None = None
    at: UtcTime | None = None
    actor: str = ""
