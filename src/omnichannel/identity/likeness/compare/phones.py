"""Telephone numbers: as E.164 where they can be read so, else by their digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import CACHED, fold, says_nothing
from omnichannel.identity.likeness.compare.nearness import edits

_EXTENSION = re.compile(
    r"(?:;ext=|(?:\s|,|\d)\s*(?:extension|extn|ext|toestel|tst|durchwahl|poste|x|#)\.?\s*)(\d{1,7})\s*$"
)
_LONGEST = 250  # characters: phonenumbers reads no more either
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: country code ("" if not known), the digits after it and the extension."""

    country: str
    national: str
    extension: str

    @property
    def text(self) -> str:
        """The number in one spelling, without its extension: E.164 where the country is known."""
        return f"+{self.country}{self.national}" if self.country else self.national


@lru_cache(CACHED)
def prepare_phone(text: str, region: str | None = None) -> Phone | None:
    """Read a number; a national one needs `region` ("NL") to get its country. None under five digits."""
    if len(text) > _LONGEST or says_nothing(text):
        return None
    plain = fold(text)
    cut = _EXTENSION.search(plain)
    extension = cut.group(1) if cut else ""
    bare = plain[: cut.start(1)].rstrip(" .,;#=extnsiohdrcwaulp") if cut else plain
    parsed = _parsed(bare, region)
    country, national = parsed or ("", "".join(_DIGIT.findall(bare)).lstrip("0"))
    if len(national) < 5 or len(set(national)) == 1:
        return None
    return Phone(country, national, extension)


def _parsed(bare: str, region: str | None) -> tuple[str, str] | None:
    """Country code and national number, where the number is one that could be dialled."""
    if bare.strip().startswith("00"):
        bare = "+" + bare.strip()[2:]
    if not bare.strip().startswith("+") and region is None:
        return None
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(number.country_code), phonenumbers.national_significant_number(number)


def level_of_phones(one: Phone, other: Phone) -> int:
    """How alike two numbers are. A number without its country is one with it if their ends agree."""
    if _same(one, other):
        return 4 if one.extension == other.extension or not (one.extension and other.extension) else 3
    if edits(one.national, other.national, 1) <= 1:
        return 2
    if one.national[-7:] == other.national[-7:] and len(one.national) >= 7:
        return 2
    return int(
        min(len(one.national), len(other.national)) >= 7 and edits(one.national, other.national, 2) <= 2
    )


def _same(one: Phone, other: Phone) -> bool:
    if one.national.lstrip("0") == other.national.lstrip("0"):
        return one.country == other.country or not (one.country and other.country)
    if one.country and other.country:
        return False
    longer, shorter = (one, other) if len(one.national) > len(other.national) else (other, one)
    return longer.national == shorter.country + shorter.national if shorter.country else False


PHONE = Comparator(
    "phone",
    ("differs", "two digits off", "one digit off, or the same last seven", "same, another extension", "same"),
    prepare_phone,
    level_of_phones,
)
