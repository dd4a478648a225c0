"""Addresses that somebody writes in a message: what they assert, never what they prove."""

from __future__ import annotations

import re

from omnichannel.identity.addresses import normalise
from omnichannel.model import Address

# One @ between a plain local part and a domain with a dot: mail addresses as people type them in a chat.
_EMAIL = re.compile(
    r"(?<![\w.+@-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,24}(?![\w@-])"
)
_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}(?!\d)")
_MOST = 5
_LONGEST = 4000


def mentioned(text: str) -> list[Address]:
    """The mail addresses and international telephone numbers in a text, in order, each once, at most five.

    Only the first 4,000 characters are looked at: whoever leaves an address does so briefly.
    """
    found: dict[Address, None] = {}
    start = text[:_LONGEST]
    for match in _EMAIL.finditer(start):
        found[normalise("email", match.group())] = None
    for match in _PHONE.finditer(start):
        found[normalise("phone", re.sub(r"\(0\)|[ ().-]", "", match.group()))] = None
    return list(found)[:_MOST]
