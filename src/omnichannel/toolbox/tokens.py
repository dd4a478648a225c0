"""What a token of ours looks like on a wire, so that channels find one; `identity.tokens` says if it is."""

from __future__ import annotations

import re

# Lower-case base32 after a fixed prefix: survives mail systems that fold case, and being read aloud.
# `oct`: a one-time token that continues a conversation elsewhere (130 bits, random).
# `ocm`: the mark in mail we send (conversation, key and a 128-bit MAC).
_TOKEN = re.compile(r"(?<![a-z0-9])(?:oct[a-z2-7]{26}|ocm[a-z2-7]{40})(?![a-z0-9])", re.IGNORECASE)


def find_tokens(text: str, most: int = 20) -> tuple[str, ...]:
    """Everything in a text that could be a token of ours, in order, lower-cased, each once."""
    folded = text.lower()
    if "oct" not in folded and "ocm" not in folded:
        return ()  # as in nearly every message: looking for these is much cheaper than the pattern
    found = dict.fromkeys(match.group().lower() for match in _TOKEN.finditer(text))
    return tuple(found)[:most]
