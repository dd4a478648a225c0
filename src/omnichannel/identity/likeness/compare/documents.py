"""Numbers of documents: national ids, passports, tax numbers; also when only their end is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import fold, says_nothing
from omnichannel.identity.likeness.compare.nearness import edits

_KEPT = re.compile(r"[a-z0-9*•#]")
_MASKED = re.compile(r"^(?:[x*•#]{2,})(?=.*\d)([a-z0-9]{2,})$")


@dataclass(frozen=True, slots=True)
class Document:
    """A document's number in one spelling; `masked` if only its last characters are shown."""

    number: str
    masked: bool

    @property
    def text(self) -> str:
        """The characters that are shown."""
        return self.number


def prepare_document(text: str) -> Document | None:
    """A number without its spaces and dashes; None if it says nothing or is a filler (0000, 123456789)."""
    if says_nothing(text):
        return None
    kept = "".join(_KEPT.findall(fold(text)))
    hidden = _MASKED.match(kept)
    number = hidden.group(1) if hidden else kept.strip("*•#")
    if (
        len(number) < 2
        or (len(set(number)) == 1 and not hidden)
        or number in {"123456789", "1234567890", "12345678"}
    ):
        return None
    return Document(number, hidden is not None)


def level_of_documents(one: Document, other: Document) -> int:
    """How alike two numbers are; of a masked one only its end is known."""
    if one.masked or other.masked:
        shorter, longer = sorted((one.number, other.number), key=len)
        return 2 if longer.endswith(shorter) else 0
    if one.number == other.number:
        return 4
    if edits(one.number, other.number, 1) <= 1 and min(len(one.number), len(other.number)) >= 5:
        return 3
    shorter, longer = sorted((one.number, other.number), key=len)
    if len(shorter) == 4 and len(longer) > 4 and longer.endswith(shorter):
        return 2
    return int(min(len(shorter), len(longer)) >= 7 and edits(shorter, longer, 2) <= 2)


DOCUMENT = Comparator(
    "document",
    ("differs", "two characters off", "same end, the rest hidden", "one character off", "same"),
    prepare_document,
    level_of_documents,
)
