"""What every value of the model has in common: frozen, exact, times in UTC, bytes as base64 in JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that refuses unknown fields and survives JSON exactly."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        ser_json_bytes="base64",
        val_json_bytes="base64",
        allow_inf_nan=False,  # JSON has no word for them; a field that means "never" allows it, as a string
        ser_json_inf_nan="strings",
    )


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its time zone; use datetime.now(UTC) or .replace(tzinfo=…)")
    try:
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("in UTC this time lies outside the years 1 to 9999") from None


UtcTime = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment, always timezone-aware, always in UTC; a naive datetime is refused."""
