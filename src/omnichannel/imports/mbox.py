"""Mail in one file, one behind the other (RFC 4155 and the dialects before it), read as a stream.

A mail begins at a line `From sender date`. Whether a body may hold such a line depends on who wrote the file:

- mboxo and mboxrd write `>From ` instead; what is more quoted than that gets one more `>` in mboxrd only;
- mboxcl counts the bytes as well (`Content-Length`), mboxcl2 counts and does not quote.

Nothing says which it is, so a line begins a mail only where it has a date and a header follows; a length is believed
where a mail, or the end, really stands behind it. (D. J. Bernstein's mbox(5) of qmail names the dialects.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import BinaryIO, ClassVar

from omnichannel.errors import UsageError
from omnichannel.imports.archive import Item
from omnichannel.imports.mail import MOST_BYTES, MOST_HEADER, Found, MailArchive, header_of

_CHUNK = 1 << 20
_LONGEST_LINE = 2000  # of a line that begins a mail, and of the one behind it
_HEAD = 4096  # bytes by which a file is known again

_DATE = re.compile(
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+(?:[A-Z][a-z]{2}\s+\d{1,2}|\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4})"
    rb"\s+\d{1,2}:\d{2}(?::\d{2})?[^\r\n]*"
)
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|>From |\r?\n|$")
_SURE = re.compile(
    rb"(?i)(?:return-path|received|date|from|to|subject|message-id|delivered-to|mime-version|status|x-[a-z0-9-]+"
    rb"|content-type|content-length|envelope-to|sender|reply-to|dkim-signature|arc-[a-z-]+):"
)
_NETSCAPE = re.compile(rb"From -[ \t]*\r?")  # Netscape's and its children's, where they knew no date
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r?$")
_UNQUOTED = re.compile(rb"(?m)^From ")
_QUOTED = re.compile(rb"(?m)^>(>*From )")


class Mbox(MailArchive):
    """A file of mails, in any dialect of mbox.

    `account` is the e-mail account that they were to or from. `sent` says that it is a folder of sent mail. `vouch`
    says that you vouch for every sender in it (see `Archive`).
    """

    kind: ClassVar[str] = "mbox"

    def items(self, cursor: str) -> Iterator[Item]:
        """Every mail behind a cursor. Raises UsageError for a file that does not begin as an mbox does."""
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            kept_at = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
            head = _known_by(file)
            for start, end in _mails(file, _resumed(cursor, head), size, str(self.path)):
                found = _found(file, start, end, f"mbox:{self.path.name}#{start}", kept_at)
                delivery = self.delivered(found) if found is not None else None
                yield Item(delivery, json.dumps({"offset": end, "head": head}), end / size)


def _known_by(file: BinaryIO) -> str:
    file.seek(0)
    return sha256(file.read(_HEAD)).hexdigest()[:16]


def _resumed(cursor: str, head: str) -> int:
    """Where to go on; at the beginning where another file stands under the name by now."""
    written = json.loads(cursor) if cursor else {}
    return int(written["offset"]) if written.get("head") == head else 0


def _mails(file: BinaryIO, start: int, size: int, path: str) -> Iterator[tuple[int, int]]:
    """Where each mail begins and where it ends, its line `From ` included."""
    if start == 0:
        start = _first(file, size, path)
    starts = _starts(file, start)
    while start < size:
        end = _by_length(file, start, size)
        if end is None:
            end = next((place for place in starts if place > start), size)
        yield start, end
        start = end


def _first(file: BinaryIO, size: int, path: str) -> int:
    """Where the first mail begins: empty lines before it are passed over."""
    file.seek(0)
    head = file.read(_HEAD)
    bare = head.lstrip(b"\r\n\xef\xbb\xbf")
    if size and not bare.startswith(b"From "):
        raise UsageError(
            f"{path} is no mbox: it does not begin with a line 'From …'. A folder of mails is a Maildir; put a file "
            "that is one mail into the folder cur/ of one"
        )
    return len(head) - len(bare)


def _starts(file: BinaryIO, start: int) -> Iterator[int]:
    """Every place behind the start where a mail may begin, by what stands there. The file is walked once."""
    window, base, at, ended = b"", start, 0, False
    while not ended:
        file.seek(base + len(window))
        chunk = file.read(_CHUNK)
        window, ended = window + chunk, not chunk
        # Whether a mail begins is seen by two lines: what has not as much behind it waits for more.
        limit = len(window) if ended else max(len(window) - 2 * _LONGEST_LINE, 0)
        while 0 <= (place := window.find(b"\nFrom ", at)) < limit:
            at = place + 1
            if _begins(window, at):
                yield base + at
        at = max(at, limit)
        done = max(at - 3, 0)
        window, base, at = window[done:], base + done, at - done


def _begins(window: bytes, place: int) -> bool:
    """Whether the line at a place, which begins with `From `, begins a mail."""
    line, ended, rest = window[place : place + _LONGEST_LINE].partition(b"\n")
    if not ended:
        return False
    behind = (
        window[place + len(line) + 1 : place + len(line) + 1 + _LONGEST_LINE] if len(rest) < 200 else rest
    )
    if not _DATE.search(line):
        return bool(_NETSCAPE.fullmatch(line) and _SURE.match(behind))
    blank = window[max(place - 3, 0) : place].endswith((b"\n\n", b"\n\r\n"))
    return bool(_SURE.match(behind) or (blank and _FIELD.match(behind)))


def _by_length(file: BinaryIO, start: int, size: int) -> int | None:
    """Where a mail ends that says how long it is; None where what it says is not so."""
    file.seek(start)
    opening = len(file.readline(_LONGEST_LINE))
    head = file.read(_HEAD)
    if len(header_of(head)) == len(head):
        head += file.read(60 * 1024)  # few headers are so long, and most mails are shorter
    header = header_of(head)
    said = _LENGTH.search(header)
    if said is None or len(header) == len(head):
        return None
    blank = 4 if head[len(header) :].startswith(b"\r\n\r\n") else 2
    end = start + opening + len(header) + blank + int(said[1])
    if end > size:
        return None
    file.seek(end)
    rest = file.read(8)
    place = end + len(rest) - len(rest.lstrip(b"\r\n"))
    if place == size:
        return size
    file.seek(place - 3)
    window = file.read(3 + 2 * _LONGEST_LINE)
    return place if window[3:8] == b"From " and _begins(window, 3) else None


def _found(file: BinaryIO, start: int, end: int, where: str, kept_at: datetime) -> Found | None:
    """The mail between two places; of one that is too large, the header."""
    file.seek(start)
    envelope = file.readline(_LONGEST_LINE)
    while not envelope.endswith(b"\n") and (rest := file.readline(_LONGEST_LINE)):
        envelope = envelope[:_LONGEST_LINE] + rest[-1:]
    length = end - file.tell()
    at = _said_at(envelope) or kept_at
    if length > MOST_BYTES:
        return Found(header_of(file.read(MOST_HEADER)) + b"\n\n", where, at, size=length)
    raw = _parted(file.read(length))
    return Found(raw, where, at) if raw.strip() else None


def _parted(raw: bytes) -> bytes:
    """A mail without the empty line that parts it from the next, and without the quoting of `From `."""
    for ending in (b"\r\n\r\n", b"\n\n"):
        if raw.endswith(ending):
            raw = raw[: -len(ending) // 2]
            break
    # What holds such a line as it is was written by somebody who quotes none.
    return raw if _UNQUOTED.search(raw) else _QUOTED.sub(rb"\1", raw)


def _said_at(envelope: bytes) -> datetime | None:
    """The moment in the line that begins a mail, UTC where it names no zone; None where it is none."""
    found = _DATE.search(envelope)
    words = found[0].decode("ascii", "replace").replace(",", " ").split() if found else []
    if len(words) < 5 or not words[1].isalpha():
        return None
    day, month, clock, *rest = words[2], words[1], words[3], *words[4:]
    year = next((word for word in rest if word.isdigit() and len(word) == 4), "")
    zone = next((word for word in rest if re.fullmatch(r"[+-]\d{4}", word)), "+0000")
    try:
        said = parsedate_to_datetime(f"{day} {month} {year} {clock} {zone}")
    except (ValueError, TypeError, IndexError):
        return None
    return said.astimezone(UTC) if 1990 <= said.year <= 2100 else None
