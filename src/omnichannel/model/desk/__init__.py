"""What an application sees of the desk. Frozen values; nothing here does anything."""

from omnichannel.model.desk.answers import (
    Answer,
    AwayNotice,
    AwayRule,
    FieldType,
    FieldValue,
    Found,
    Language,
    Money,
    Phrased,
    Remark,
    Signature,
    Suggested,
    Tally,
    Use,
    Variant,
)

__all__ = [
    "Answer",
    "AwayNotice",
    "AwayRule",
    "FieldType",
    "FieldValue",
    "Found",
    "Language",
    "Money",
    "Phrased",
    "Remark",
    "Signature",
    "Suggested",
    "Tally",
    "Use",
    "Variant",
]
