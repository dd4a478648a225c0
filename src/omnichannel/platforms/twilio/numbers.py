"""Who a `From` or `To` is: a telephone number of the world, somebody of the account's own, or nobody."""

from __future__ import annotations

import re
from functools import lru_cache

from omnichannel.identity import normalise
from omnichannel.model import Address, Party

# What stands in place of a number that was withheld: words, an exchange's also in its own language, and as Twilio
# spells them on a keypad (ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE). None is anybody's number.
_WITHHELD = frozenset({
    "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld", "hidden",
    "anoniem", "onbekend", "afgeschermd", "anonym", "unbekannt", "unterdrückt", "anonyme", "inconnu", "masqué",
    "266696687", "7378742833", "2562533", "8656696", "86282452253",
})  # fmt: skip

_SCOPE = re.compile(r"[^:]{0,255}")
_ROUTE = re.compile(r"([a-z][a-z0-9.+-]*):", re.IGNORECASE)


def is_withheld(written: str) -> bool:
    """Whether somebody did not show their number."""
    return not written.strip() or written.strip().removeprefix("+").lower() in _WITHHELD


def route(written: str) -> str:
    """What stands before a colon (`whatsapp`, `client`, `sip`, `rcs`), lower-case; empty for plain numbers."""
    found = _ROUTE.match(written.strip())
    return found.group(1).lower() if found else ""


def phone(written: str, region: str = "") -> Address | None:
    """The number in E.164, or None for what is none: a short code, a name as sender, an extension.

    A national number needs `region` ("NL") and the package phonenumbers.
    """
    bare = written.strip()
    if is_withheld(bare) or (not bare.startswith("+") and not region):
        return None
    return _known(bare, region) if len(bare) <= _LONGEST else _normalised(bare, region)


_LONGEST = 40
"""Characters of a number that is remembered, so that what is remembered is never large."""


def _normalised(bare: str, region: str) -> Address | None:
    try:
        return normalise("phone", bare, region=region or None)
    except ValueError:
        return None


_known = lru_cache(maxsize=4096)(_normalised)
"""The same few write again and again."""


def party(written: str, kind: str, scope: str, *, name: str = "", region: str = "") -> Party | None:
    """Whoever is written there; None for nobody. What is no number belongs to `scope`, the Twilio account."""
    bare = written.strip()
    if is_withheld(bare):
        return None
    address = phone(bare, region) or Address(kind=kind, scope=_scope(scope), value=bare[:1024])
    spelled = bare if address.value != bare else ""
    return Party(address=address, name=name, written=spelled)


def nobody(kind: str, call: str) -> Party:
    """Somebody who withheld their number: in every call somebody else, so that no two of them are one."""
    return Party(address=Address(kind=kind, scope="withheld", value=call[:1024] or "?"), name="")


def _scope(given: str) -> str:
    return given if _SCOPE.fullmatch(given) else ""
