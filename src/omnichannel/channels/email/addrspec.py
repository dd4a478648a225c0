"""The addr-spec of RFC 5322 as something we may write to: checked, with an ASCII domain, or refused."""

from __future__ import annotations

import re

import idna

from omnichannel.errors import Unsupported

LONGEST_LOCAL = 64
"""Octets before the @ that every server must take (RFC 5321 §4.5.3.1.1)."""

_LONGEST = 254
# Atoms may hold UTF-8 (RFC 6532) and, as some Japanese carriers do, dots anywhere.
_ATOMS = r"[^\s()<>\[\]:;@\\,\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
_QUOTED = r"\"(?:[^\"\\\x00-\x1f\x7f-\uffff]|\\[\x20-\x7e])*\""
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_LOCAL = re.compile(f"(?:{_ATOMS}|{_QUOTED})")
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Za-z:.]{{2,64}}\])")


def addr_spec(written: str) -> str:
    """The address as it goes on the wire: the domain in ASCII (IDNA), the local part as it was written.

    Raises Unsupported for everything that is not exactly one address with a domain, so that nothing
    hidden in it can become a second recipient or a second header.
    """
    local, at, domain = written.rpartition("@")
    domain = ascii_domain(domain)
    ready = f"{local}@{domain}"
    if not (at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)) or len(ready.encode()) > _LONGEST:
        raise Unsupported(f"{written!r} is not an e-mail address; write to one such as name@example.org")
    return ready


def ascii_domain(domain: str) -> str:
    """A domain with its international labels as A-labels; as it was given where IDNA does not know it."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


def plus(address: str, tag: str) -> str:
    """The address with a tag that the mail system ignores: `help@shop.example` → `help+tag@shop.example`.

    Empty if that would be longer than a local part may be, or the local part is a quoted one.
    """
    local, _, domain = address.rpartition("@")
    tagged = f"{local}+{tag}"
    fits = len(tagged.encode()) <= LONGEST_LOCAL and not local.startswith('"')
    return f"{tagged}@{domain}" if tag and fits else ""
