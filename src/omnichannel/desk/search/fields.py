"""Which parts of what is kept hold words that somebody would look for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from omnichannel.desk.search.matching import Field
from omnichannel.model.search import Place

_HOLDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text",), "attachment": ("name",), "location": ("name",), "contact": ("name",),
    "card": ("title", "text"), "template": ("text",), "reference": ("title", "text", "url"), "system": ("text",),
}  # fmt: skip
LONGEST_TEXT = 200_000
"""Characters of a text that are looked at."""

_OPTION = ("title", "text")


def message_fields(content: Mapping[str, object]) -> list[Field]:
    """The texts of a message, out of what is kept of it: subject, words, names of files, cards and choices."""
    subject = content.get("subject")
    found = [Field("subject", subject[:LONGEST_TEXT])] if isinstance(subject, str) and subject else []
    for part in _parts(content.get("parts")):
        found += _of_part(part)
    return found


def person_fields(name: str, addresses: Sequence[str], facts: Sequence[str]) -> list[Field]:
    """The texts of whoever has an address: what they are called, how the address is written, what they said."""
    found = [Field("name", name), *(Field("address", written) for written in dict.fromkeys(addresses))]
    found += [Field("fact", fact) for fact in dict.fromkeys(facts) if fact != name]
    return [field for field in found if field.text]


def has_files(content: Mapping[str, object]) -> bool:
    """Whether a message has an attachment."""
    return any(part.get("type") == "attachment" for part in _parts(content.get("parts")))


def _of_part(part: Mapping[str, object]) -> Iterator[Field]:
    place = _place(part)
    for holder, names in (
        (part, _HOLDS.get(str(part.get("type")), ())),
        *((option, _OPTION) for option in _parts(part.get("options"))),
        (part.get("chosen"), _OPTION),
        *((address, ("value",)) for address in _parts(part.get("addresses"))),
    ):
        if _is_object(holder):
            for name in names:
                said = holder.get(name)
                if isinstance(said, str) and said:
                    yield Field(place, said[:LONGEST_TEXT])


def _place(part: Mapping[str, object]) -> Place:
    if part.get("type") == "attachment":
        return "file"
    return "quoted" if part.get("role") == "quoted" else "text"


def _parts(found: object) -> list[Mapping[str, object]]:
    return [one for one in found if _is_object(one)] if isinstance(found, list) else []


def _is_object(found: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(found, dict)
