"""Where a signature begins: the sig-dashes, a program's advertisement, or a closing with a name under it.

A signature is only looked for at the end of what somebody wrote, and only short lines can be one: a "Thanks" or
"Groeten" in the middle of a mail takes nothing away. English, Dutch, German and French, and the commonest closings
of the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from omnichannel.channels.email.phrases import ADVERTISEMENT, CLOSING, CONTACT, POSTSCRIPT

_LONGEST = 400
_MOST_LINES = 15
_MOST_AFTER_DASHES = 60  # disclaimers are long; longer, and it is no signature but a second half

_DASHES = re.compile(r"^\s{0,3}(?:--|—|–|―|__)\s*$")
_LONG_RULE = re.compile(r"^\s{0,3}(?:[-_—–*=~#]\s?){3,}$")
_DASHED_NAME = re.compile(r"^(?:-|–|—|/|~)\s?[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){0,2}$")

_ADVERTISEMENT = re.compile(rf"(?i)(?:{ADVERTISEMENT})$")
_LINK = re.compile(r"[(<\[]?https?://[^\s<>()\[\]]+[)>\]]?")

_CLOSING = re.compile(rf"(?i)\s{{0,3}}(?:{CLOSING})\s*[,.!–-]*\s*$")
_POSTSCRIPT = re.compile(rf"(?i)\s{{0,3}}(?:{POSTSCRIPT})(?:[\s:]|$)")
_CONTACT = re.compile(rf"(?i){CONTACT}")
_SENTENCE = re.compile(r"[.!?]\s+\w+.*[.!?]\s*$|\?\s*$")


def begins(lines: Sequence[str], sender: str = "") -> int:
    """Where the signature of these lines begins; their number if there is none. Never at the very first words.

    `sender` is the display name of the author: a last paragraph that begins with it is a signature.
    """
    filled = [index for index, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return len(lines)
    fenced = _fenced(lines)
    end = filled[-1] + 1
    name = sender.strip().lower()
    # Only the last lines can begin a signature, which also keeps this linear.
    for at in filled[1:][-_MOST_AFTER_DASHES - 1 :]:
        if not fenced[at] and _starts(lines, at, end, name):
            return _with_gap(lines, at)
    return _advertised(lines, filled)


def _starts(lines: Sequence[str], at: int, end: int, sender: str) -> bool:
    line = lines[at][:_LONGEST]
    rest = [one for one in lines[at + 1 : end] if one.strip()]
    if any(_POSTSCRIPT.match(one) for one in rest[: _MOST_AFTER_DASHES + 1]):
        return False
    if _DASHES.match(line):
        return 0 < len(rest) <= (_MOST_AFTER_DASHES if line.strip() == "--" else 2 * _MOST_LINES)
    if len(rest) > _MOST_LINES or not all(_is_short(one) for one in rest):
        return False
    if _LONG_RULE.match(line):
        return any(_CONTACT.search(one[:_LONGEST]) for one in rest)
    if _CLOSING.match(line):
        return bool(rest) and len(rest[0].split()) <= 6
    if _DASHED_NAME.match(line):
        return (not rest or _is_footer(rest)) and not _is_item(lines, at)
    return _is_name(lines, at, sender) and len(rest) > 0 and not _above(lines, at).endswith(":")


def _above(lines: Sequence[str], at: int) -> str:
    """The last line above that says something."""
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    return lines[at - 1][:_LONGEST].strip() if at > 0 else ""


def _is_item(lines: Sequence[str], at: int) -> bool:
    """Whether "- Pears" is the last item of a list, or what an unfinished sentence goes on with, and no name."""
    line, above = lines[at], _above(lines, at)
    if above.endswith(":") or above[:1] == line[:1]:
        return True
    # Who signs puts the dash at the name, or a blank line or the end of a sentence before it.
    return line[1:2].isspace() and bool(lines[at - 1].strip()) and above[-1:].isalnum()


def _is_footer(rest: Sequence[str]) -> bool:
    """Whether what follows is a footer that somebody else adds, so that a name before it is a last line."""
    return bool(_LONG_RULE.match(rest[0]) or _DASHES.match(rest[0])) or all(map(is_advertisement, rest))


def _is_name(lines: Sequence[str], at: int, sender: str) -> bool:
    """Whether a paragraph begins here with the name of the author."""
    if len(sender) < 3 or (at > 0 and lines[at - 1].strip()):
        return False
    line = lines[at].strip(" *_").lower()
    return line == sender or (line.startswith(sender) and len(line) < len(sender) + 30)


def _is_short(line: str) -> bool:
    return len(line.strip()) <= 90 and not _SENTENCE.search(line[:_LONGEST])


def _advertised(lines: Sequence[str], filled: Sequence[int]) -> int:
    """Where the last lines, all of them written by a program, begin; at least one line stays before them."""
    start = len(lines)
    for index in reversed(filled[1:]):
        if not is_advertisement(lines[index]):
            break
        start = index
    return _with_gap(lines, start) if start < len(lines) else start


def is_advertisement(line: str) -> bool:
    """Whether a mail program wrote this line: "Sent from my iPhone", "Verzonden met BlackBerry Work"."""
    return bool(_ADVERTISEMENT.match(_LINK.sub("", line.strip()[:_LONGEST]).strip()))


def _with_gap(lines: Sequence[str], at: int) -> int:
    """The place behind the last words before a signature, so that the blank lines go with it."""
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    return at


def _fenced(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it stands between ``` fences: there a rule is code."""
    inside, result = False, []
    for line in lines:
        fence = line.startswith("```")
        inside ^= fence
        result.append(inside or fence)
    return result


def is_nothing_else(lines: Sequence[str]) -> bool:
    """Whether lines that stand below a quote are nothing but a signature."""
    filled = [line for line in lines if line.strip()]
    if not filled or len(filled) > _MOST_AFTER_DASHES:
        return False
    ruled = bool(_LONG_RULE.match(filled[0])) and any(_CONTACT.search(one[:_LONGEST]) for one in filled[1:])
    return ruled or bool(_DASHES.match(filled[0])) or all(is_advertisement(line) for line in filled)
