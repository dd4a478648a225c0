"""One spelling per address, so that equal means the same place.

Two addresses that a mail server could tell apart stay two: nothing is folded but ASCII case. Unicode
normalisation and case folding beyond ASCII have handed accounts to strangers ('ſ' becomes 's',
CVE-2019-19844), so none is done here: look-alikes stay apart, and `mixed_script` flags them.
"""

from __future__ import annotations

import re
import unicodedata

import idna
import phonenumbers

from omnichannel.model import Address

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')  # RFC 5322, 3.2.3: only between quotes
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")  # RFC 1035, and the _ that is met in mail
_LITERAL = re.compile(r"\[[0-9a-z:.-]+\]")
_E164 = re.compile(r"\+[1-9]\d{4,14}")  # ITU-T E.164: at most 15 digits
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


def normalise(kind: str, value: str, scope: str = "", region: str | None = None) -> Address:
    """The address in its one spelling. Raises ValueError if it cannot be one.

    `email`: the domain as DNS knows it (A-label, IDNA 2008), ASCII lower-case; dots and plus tags stay.
    `phone`: E.164; a national number needs `region` ("NL"). Any other kind:
    the platform's own id, as it gives it.
    """
    bare = value.strip()
    if kind != "phone" and any(unicodedata.category(char) in _UNSEEN for char in bare):
        raise ValueError(f"{value!r} has a space, a control or an invisible character inside")
    if kind not in ("email", "phone"):
        return Address(kind=kind, scope=scope, value=bare)
    if scope:
        raise ValueError(f"a {kind} address is the same everywhere: leave its scope empty, not {scope!r}")
    return Address(kind=kind, value=_email(bare) if kind == "email" else _phone(bare, region))


def _email(value: str) -> str:
    quoted = _QUOTED.match(value)
    cut = quoted.end() if quoted else value.find("@")
    local, at, domain = value[:cut], value[cut : cut + 1], value[cut + 1 :]
    if cut < 1 or at != "@" or not domain:
        raise ValueError(f"{value!r} is no e-mail address: it is written name@domain")
    return f"{_local(local, value)}@{_domain(domain.translate(_LOWER), value)}"


def _local(written: str, whole: str) -> str:
    """The part before the @. Quotes that are not needed go: "jo"@x.nl and jo@x.nl are one mailbox."""
    local = written
    if _QUOTED.fullmatch(written):
        local = re.sub(r"\\(.)", r"\1", written[1:-1])
        if not local or _SPECIALS.search(local):
            return _requoted(local).translate(_LOWER)
    if _SPECIALS.search(local):
        raise ValueError(f"{whole!r} has a character before the @ that must stand in quotes there")
    return local.translate(_LOWER)


def _requoted(local: str) -> str:
    """Between quotes, with a backslash only where one is needed."""
    return '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'


def _domain(domain: str, whole: str) -> str:
    if _LITERAL.fullmatch(domain):
        return domain
    labels = [_label(label, whole) for label in domain.split(".")]
    name = ".".join(labels)
    if len(name) > 253:
        raise ValueError(f"{whole!r} has a domain of {len(name)} characters; there are at most 253")
    return name


def _label(label: str, whole: str) -> str:
    """One part of a domain as DNS knows it. Each apart: else idna would split at other scripts' dots too."""
    if label.isascii():
        if not _LABEL.fullmatch(label):
            raise ValueError(f"{whole!r} has {label!r} in its domain, which no domain can have")
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"{whole!r} has {label!r} in its domain: {error}") from None


def _phone(value: str, region: str | None) -> str:
    plain = re.sub(r"(?<=\d)[ .\u00a0-](?=\d)", "", value)
    if _E164.fullmatch(plain):
        return plain
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"{value!r} is no telephone number here: {error}; write +31612345678") from None
    if number.extension or not phonenumbers.is_possible_number(number):
        raise ValueError(f"{value!r} is no whole telephone number of one line; write +31612345678")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
