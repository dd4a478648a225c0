"""Comparing texts as people would: white space folded, and from 98 % similarity on they count as the same."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from html import unescape

from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.html import html_lines
from omnichannel.channels.email.lines import plain_lines
from omnichannel.channels.email.quotes import split
from omnichannel.model import Received

SIMILAR = 0.98


def folded(text: str) -> str:
    """The text on one line, single spaces."""
    return re.sub(r"[\s\u200b\ufeff]+", " ", text).strip()


def bare(text: str) -> str:
    """The text without any white space."""
    return re.sub(r"[\s\u200b\ufeff]+", "", text)


def same(found: str, wanted: str) -> bool:
    """Whether two texts say the same: equal but for white space, or at least 98 % similar."""
    one, other = folded(found), folded(wanted)
    if bare(one) == bare(other):
        return True
    if min(len(one), len(other)) < SIMILAR * max(len(one), len(other)) * 0.97:
        return False
    return SequenceMatcher(None, one[:5000], other[:5000], autojunk=False).ratio() >= SIMILAR


def without_tags(markup: str) -> str:
    """What stands between the tags."""
    return unescape(re.sub(r"<[^<>]*>", "", re.sub(r"(?is)<(style|title)[^<>]*>.*?</\1>", "", markup)))


def html_text(markup: str) -> str:
    """HTML as the library renders it: compares which HTML was found, not how it is rendered."""
    return "\n".join(line.text for line in html_lines(markup))


class Reply:
    """The segments of a body that has no mail around it."""

    def __init__(self, raw: bytes, *, html: bool, sender: str = "") -> None:
        text = to_text(raw)
        self.segments = split(html_lines(text) if html else plain_lines(text), sender)

    def forget_marks(self) -> None:
        """Without the `>` that we put before a quote out of HTML, where no source has one."""
        self.segments = [replace(one, text=re.sub(r"(?m)^(?:> ?)+", "", one.text)) for one in self.segments]

    def signed(self) -> str:
        """What was written with its signature; one that stands below the quote belongs to nobody in particular."""
        shown, quoted = [], False
        for one in self.segments:
            quoted |= one.role == "quoted"
            if one.role == "written" or (one.role == "signature" and not quoted):
                shown.append(one.text)
        return "\n".join(shown)

    def text(self, *roles: str) -> str:
        """The segments of these roles, in the order of the body."""
        return "\n".join(one.text for one in self.segments if one.role in roles)


def words(message: Received, *roles: str) -> str:
    """The text parts of these roles, all of them if none is named."""
    return "\n".join(
        part.text for part in message.parts if part.type == "text" and (not roles or part.role in roles)
    )
