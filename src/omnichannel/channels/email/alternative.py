"""The HTML alternative of a plain text: paragraphs, line breaks and links, everything else escaped."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

_LINK = re.compile(r"https?://[^\s<>\"]+")
_TRAILING = ".,;:!?'"


def to_html(text: str) -> str:
    """A small HTML document that says what the text says. Only http and https become links."""
    paragraphs = [
        "<br>".join(_line(line) for line in lines)
        for filled, lines in groupby(text.splitlines(), key=lambda line: bool(line.strip()))
        if filled
    ]
    # dir=auto lets Arabic and Hebrew paragraphs run their own way; pre-wrap keeps indented lines indented.
    body = "\n".join(f'<p dir="auto" style="white-space:pre-wrap">{each}</p>' for each in paragraphs)
    return f'<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'


def _line(line: str) -> str:
    pieces, at = [], 0
    for match in _LINK.finditer(line):
        url = _link(match.group())
        pieces += [escape(line[at : match.start()]), f'<a href="{escape(url)}">{escape(url)}</a>']
        at = match.start() + len(url)
    return "".join([*pieces, escape(line[at:])])


def _link(found: str) -> str:
    """The link without the punctuation of the sentence around it."""
    url = found.rstrip(_TRAILING)
    return url.rstrip(")" + _TRAILING) if "(" not in url else url
