"""Where the mail that is answered begins: "On … wrote:", "-----Original Message-----", or its header.

Every pattern is tried on one line, or on a few joined ones, of bounded length: nothing here looks at the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from omnichannel.channels.email.phrases import (
    DAY,
    FORWARDS,
    FROM,
    ON,
    ORIGINAL,
    OTHER_FIELD,
    PROCESSED,
    SENT,
    SUBJECT,
    WROTE,
)

_LONGEST = 400
_MOST_LINES = 5

_VERB = re.compile(rf"(?i)(?<!\w)(?:{WROTE})(?!\w)")
_ENDS = re.compile(rf"(?i)(?:[:：]|(?<!\w)(?:{WROTE})\s{{0,3}}[:：]?\s{{0,3}}(?:-{{2,}}|\.{{3}}|…)?)[\s*_]*$")
_BEGINS = re.compile(
    rf"(?i)[-\s*_•]{{0,40}}(?:(?:{ON})(?![\w'])|\d{{1,4}}[-./年\s]|在"
    # A name with its address, which may stand on the next line; "as promised (the list)" is somebody's words.
    r"|[\"'“„]?\S[^<>]{0,80}[<(\[]\s*(?:mailto:)?(?:[^\s<>()\[\]]{0,100}@|$))"
)
# A person tells what somebody wrote; programs name the author, not "you".
_TOLD = re.compile(
    r"(?i)\b(?:you|i|we) wrote\b|\bschreef (?:u|je|jij|jullie|ik|wij|we)\b|\bschrieb(?:en)? (?:sie|du|ihr|ich|wir)\b"
    r"|\b(?:vous avez|tu as|j['’]ai|nous avons) écrit\b"
)
_MAIL = re.compile(r"[<(\[*]?(?:mailto:)?[^\s<>()\[\]:]{1,100}@[^\s<>()\[\]]{1,200}[>)\]*]?")
_IN_BRACKETS = re.compile(r"[<(\[]\s*(?:mailto:)?[^<>()\[\]]{0,120}@[^\s<>()\[\]]{1,200}")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_DATE = re.compile(
    r"(?i)(?<!\d)(?:\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,4}"
    r"|\d{1,2}[-.]?\s?(?:de\s)?[^\W\d_]{3,12}\.?,?\s?(?:del?\s)?\d{2,4}"
    r"|[a-zäéû]{3,9}[-.]?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})(?!\d)"
)
_ISO_AND_MAIL = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\s[^<>]{0,150}<[^<>\s]+@[^<>\s]+>:?$")
_REST = re.compile(
    r"(?i)>?\s*(?:<\s*)?(?:(?:mailto:)?[^<>]{0,120}<?[^<>\s]+@[^<>\s]+>\s*>?)?\s*"
    rf"(?:{WROTE})?\s*[:：]?$"
)
# As Android wrote it, with neither a date nor an address: "---- Jan wrote ----".
_RULED_NAME = re.compile(rf"(?i)\s*-{{2,}}\s*[^\s-][^-<>]{{0,80}}\s(?:{WROTE})\s*-{{2,}}\s*$")
_RULED = re.compile(rf"(?i)[\s*]*[-_=]{{2,}}\s*(?:{ORIGINAL})\s*[-_=]{{2,}}[\s*]*$")
_PROCESSED = re.compile(rf"(?i)\s*(?:{PROCESSED})[\s®™]*(?:$|[.:])")
_FORWARDS = re.compile(rf"(?i)\s*(?:{FORWARDS})\s?:\s*$")
_FIELD = re.compile(
    rf"(?i)[>\s|*_]{{0,12}}(?:(?P<who>{FROM})|(?P<what>{SUBJECT})|(?P<sent>{SENT})|(?P<day>{DAY})|(?P<other>{OTHER_FIELD}))"
    r"[ \xa0]?[*_]?[ \xa0]?[:：][*_]?\s?(?P<value>.*)$"
)
_KINDS = ("who", "what", "sent", "day", "other")
_SAME_LINE = re.compile(rf"(?i)\s(?:{SENT}|{DAY})\s?:\s")
_RULE = re.compile(r"[\s>*]*[-_=]{3,}[\s*]*$")


def begins(lines: Sequence[str], at: int) -> bool:
    """Whether a rule or a copied header stands here, so that everything from here on is the mail answered."""
    line = lines[at][:_LONGEST]
    if _RULED.match(line) or _PROCESSED.match(line):
        return True
    if _FORWARDS.match(line):
        return not _quoted_below(lines, at)
    return bool(_FIELD.match(line)) and _is_header(lines, at)


def _is_header(lines: Sequence[str], at: int) -> bool:
    """Whether a header was copied into the body here: who and when or what, at least two fields.

    A form that somebody fills in ("From: Amsterdam, To: Berlin, Date: …") is none: it names no address, and
    neither a subject nor a time of sending.
    """
    seen: set[str] = set()
    address = False
    gap = 0
    for line in lines[at : at + 20]:
        found = _FIELD.match(line[:_LONGEST])
        # Long recipient lists and subjects run on; a blank line, or two more of text, end the header.
        gap = 0 if found else gap + (1 if line.strip() else 2)
        if gap > 2:
            break
        if found:
            seen |= {kind for kind in _KINDS if found[kind]}
            if found["who"]:
                address |= "@" in found["value"]
                seen |= {"day"} if _SAME_LINE.search(found["value"]) else set()
    return "who" in seen and ("what" in seen or "sent" in seen or (address and len(seen) > 1))


def introduces(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are one "On … wrote:"; 0 if they are none."""
    first = lines[at][:_LONGEST].strip()
    if (_FORWARDS.match(first) and _quoted_below(lines, at)) or _RULED_NAME.match(first):
        return 1
    if not first or not _BEGINS.match(first):
        return 0
    joined = ""
    for index in range(at, min(at + _MOST_LINES + 2, len(lines))):
        if index > at and not _may_continue(lines, index):
            return 0
        joined = f"{joined} {lines[index][:_LONGEST].strip().lstrip('>').strip()}".strip()
        if len(joined) > _LONGEST:
            return 0
        if _is_introduction(joined):
            if _TOLD.search(joined) and not _quoted_below(lines, index):
                return 0
            if _begins_below(lines, at, index):
                return 0
            return index - at + 1 + _tail(lines, index + 1)
    return 0


def _begins_below(lines: Sequence[str], at: int, end: int) -> bool:
    """Whether the introduction that ends at `end` begins below `at`, so that what stands at `at` was written.

    "On Tuesday please" above "On 3 Feb 2025 Jan wrote:" is an answer. What was only wrapped leaves a word or
    two ("On Monday," above "3 February 2025 Jan wrote:"), or the date itself, in the line above.
    """
    for start in range(at + 1, end + 1):
        above = " ".join(line[:_LONGEST] for line in lines[at:start]).split()
        text = " ".join(line[:_LONGEST].strip() for line in lines[start : end + 1])
        if len(above) < 2 or not (_BEGINS.match(text) and _DATE.search(text) and _is_introduction(text)):
            continue
        if not text[:1].isdigit() or (len(above) > 2 and not any(char.isdigit() for char in "".join(above))):
            return True
    return False


def introduces_itself(lines: Sequence[str], at: int) -> bool:
    """Whether a quote that begins at `at` has its "On … wrote:" within, as Apple Mail writes it."""
    inside = [line[:_LONGEST].lstrip("> ") for line in lines[at : at + _MOST_LINES]]
    return bool(introduces(inside, 0) or _FORWARDS.match(inside[0]))


def _quoted_below(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that says something is a quoted one."""
    below = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return below.lstrip().startswith(">")


def _may_continue(lines: Sequence[str], index: int) -> bool:
    """Whether a line can be the next of an introduction that was wrapped."""
    line = lines[index].strip()
    if not line:
        # Polymail puts the address in a paragraph of its own: "\n\n<\nmailto:a@b>\n> wrote:".
        return index + 1 < len(lines) and lines[index + 1].lstrip().startswith("<")
    return not line.startswith(">") or bool(_REST.match(line[:_LONGEST]))


def _is_introduction(text: str) -> bool:
    if not _ENDS.search(text[-60:]):
        return bool(_ISO_AND_MAIL.match(text))
    dated = bool(_DATE.search(text) or _TIME.search(text))
    if _IN_BRACKETS.search(text) and (dated or _VERB.search(text)):
        return True
    return bool(_VERB.search(text)) and (dated or bool(_MAIL.search(text)))


def _tail(lines: Sequence[str], at: int) -> int:
    """Further lines that hold nothing but the rest of an introduction: an address, and the verb again."""
    count = 0
    for line in lines[at : at + 2]:
        if line.strip() in ("", ">", "<") or not _REST.match(line.strip()[:_LONGEST]):
            break
        count += 1
    return count


def is_rule(line: str) -> bool:
    """Whether a line is nothing but a rule of dashes, underscores or equal signs."""
    return bool(_RULE.match(line[:_LONGEST]))
