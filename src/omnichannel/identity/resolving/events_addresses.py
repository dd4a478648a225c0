"""From an identifier as it was written to the address it stands for: one spelling, one kind, one scope."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import phonenumbers

from omnichannel.identity.likeness.compare import PROVIDERS, Provider, prepare_email
from omnichannel.identity.resolving.events import Event, Identifier
from omnichannel.model import Address

KIND_OF: Mapping[str, str] = {
    "account_id": "account", "user_id": "account", "customer_id": "account",
    "bsuid": "whatsapp", "wa_bsuid": "whatsapp", "wa_id": "phone", "whatsapp_id": "whatsapp",
    "psid": "messenger", "messenger_id": "messenger", "igsid": "instagram", "instagram_id": "instagram",
    "x_id": "x", "x_user_id": "x", "twitter_id": "x", "x_handle": "handle", "twitter_handle": "handle",
    "telegram_id": "telegram", "line_id": "line", "cookie_id": "cookie", "device_id": "cookie",
    "e_mail": "email", "mail": "email", "phone_number": "phone", "telephone": "phone", "msisdn": "phone",
}  # fmt: skip
"""The kind of an address by what its identifier is called in the stream; any other name is a kind of its own."""

_SCOPED = frozenset({"messenger", "instagram", "facebook"})
_USUAL = "US"


def kind_of(type_: str) -> str:
    """The kind of address that an identifier of this type is."""
    return KIND_OF.get(type_, type_)


def region_of(events: Iterable[Event]) -> str:
    """The country in which national numbers are read: where most international numbers that are proven belong.

    What is only said counts where nothing is proven: else whoever says much could change what numbers mean.
    """
    proven: Counter[int] = Counter()
    said: Counter[int] = Counter()
    for event in events:
        for identifier in event.identifiers:
            if kind_of(identifier.type) == "phone" and identifier.value.startswith("+"):
                (proven if identifier.strength.proves else said)[_country_code(identifier.value)] += 1
    codes = +Counter({code: count for code, count in (proven or said).items() if code})
    most = max(sorted(codes), key=codes.__getitem__, default=0)
    return str(phonenumbers.region_code_for_country_code(most)) if most else _USUAL


def address_of(identifier: Identifier, region: str) -> Address | None:
    """The address of an identifier; None for what can be none: an e-mail address without @, a number of no digits."""
    kind, value = kind_of(identifier.type), identifier.value.strip()
    if not value:
        return None
    if kind == "email":
        return _mailbox(value)
    if kind == "phone":
        number = _number(value, region)
        return Address(kind=kind, value=number) if number else None
    scope, colon, rest = value.partition(":")
    if kind in _SCOPED and colon and rest:
        return Address(kind=kind, scope=scope, value=rest)
    return Address(kind=kind, value=value.casefold() if kind == "handle" else value)


def _mailbox(value: str) -> Address | None:
    """Spellings that a provider delivers to one mailbox are one address. Elsewhere they may be two people's."""
    domain = value.rpartition("@")[2].strip().casefold()
    found = prepare_email(value, {domain: _provider(domain)})
    return Address(kind="email", value=found.text) if found else None


@lru_cache(maxsize=4_096)
def _provider(domain: str) -> Provider:
    """How the provider of a domain treats dots and tags; one that does not say so makes a difference of both.

    Names under .example belong to nobody and stand for real ones (RFC 2606): gmail.example for gmail.com.
    """
    stands_for = domain.removesuffix(".example") + ".com" if domain.endswith(".example") else domain
    known = PROVIDERS.get(stands_for)
    if known is None:
        return Provider(tag="")
    return known if stands_for == domain else Provider(known.dots, known.tag)


@lru_cache(maxsize=65_536)
def _number(value: str, region: str) -> str:
    """E.164 where it can be told, else the digits as they stand."""
    digits = re.sub(r"\D", "", value)
    if value.lstrip().startswith("+") or value.lstrip().startswith("00"):
        return "+" + digits.lstrip("0") if digits.strip("0") else ""
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return digits
    if phonenumbers.is_possible_number(number) and not number.extension:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return digits


@lru_cache(maxsize=65_536)
def _country_code(value: str) -> int:
    digits = re.sub(r"\D", "", value)
    return next((int(digits[:length]) for length in (1, 2, 3) if int(digits[:length] or 0) in _CODES), 0)


_CODES = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
