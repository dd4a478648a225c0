"""Taking a mail apart, by its own bytes: one pass, no recursion, within limits, never an error.

The standard library's parser needs 19 s for a megabyte of boundaries and re-serialises forwarded mails, so that
their bytes change. This reader only notes where each part begins and ends; what is beyond a limit stays in the
last part that was opened, and in the raw delivery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from omnichannel.channels.email.headers import Headers, Structured, media_type, structured
from omnichannel.channels.email.transfer import decode

MOST_BYTES = 64 * 1024 * 1024
"""More of a mail is not looked at; providers accept 25 to 50 MB."""
MOST_PARTS = 500
DEEPEST = 40
MOST_HEADERS = 1000
LONGEST_HEADER = 64 * 1024

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|message-id|received|return-path|delivered-to|envelope-to|reply-to|sender"
    rb"|in-reply-to|references|mime-version|content-[a-z-]{1,40}|dkim-signature|x-[a-z0-9-]{1,60})[ \t]*:"
)
# A delimiter line with the header of a part below it, as it stands where no boundary is declared, or another one.
_LIKE_DELIMITER = re.compile(
    rb"(?i)\s{0,20}(?:(?:boundary=|this is a |this message is )[^\r\n]{0,200}\s{1,20})?"
    rb"(?<![^\r\n])--([^\r\n]{1,200})\r?\n(?:content-[a-z-]{1,40}|mime-version)[ \t]*:"
)
_LONGEST_PREAMBLE = 64 * 1024
_ENVELOPE = re.compile(rb">?From [^\r\n]*\r?\n")


@dataclass(slots=True)
class Entity:
    """A part of a mail, or the mail itself: its header, and where its body stands in the raw bytes."""

    headers: Headers
    start: int
    end: int
    default_type: str = "text/plain"
    children: list[Entity] = field(default_factory=list)
    content: Structured = field(init=False)
    disposition: Structured = field(init=False)

    def __post_init__(self) -> None:
        self.content = structured(self.headers.first("content-type"))
        self.disposition = structured(self.headers.first("content-disposition"))

    @property
    def media_type(self) -> str:
        """The declared type, in lower case; what cannot be read counts as the default."""
        return media_type(self.content.value, self.default_type)

    @property
    def name(self) -> str:
        """The file name as the sender gave it, empty without one: never a path, never trusted."""
        return self.disposition.parameter("filename") or self.content.parameter("name")

    @property
    def boundary(self) -> bytes:
        """The boundary of a multipart; empty for anything else."""
        if not self.media_type.startswith("multipart/"):
            return b""
        return self.content.parameter("boundary").encode("utf-8", "surrogateescape").rstrip()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was taken apart. `notes` says in short words what was beyond a limit."""

    raw: bytes
    root: Entity
    notes: tuple[str, ...] = ()

    @property
    def headers(self) -> Headers:
        """The header of the mail itself."""
        return self.root.headers

    def leaves(self) -> list[Entity]:
        """Everything that is not a container, in the order of the mail; forwarded mails count as one."""
        return list(leaves(self.root))

    def body(self, entity: Entity) -> bytes:
        """The decoded bytes of a leaf."""
        data = self.raw[entity.start : entity.end]
        return decode(data, entity.headers.first("content-transfer-encoding"))


def leaves(entity: Entity) -> Iterator[Entity]:
    """Everything under an entity that holds no further parts, in order; the entity itself if it holds none."""
    waiting = [entity]
    while waiting:
        one = waiting.pop()
        if one.children:
            waiting.extend(reversed(one.children))
        else:
            yield one


def read(raw: bytes) -> Mail:
    """Take a mail apart. Never raises; what is no mail becomes one part without a header."""
    source = raw[:MOST_BYTES]
    if b"\n" not in source:
        # Line ends of an old Mac; the same length, so that every place stays where it is.
        source = source.replace(b"\r", b"\n")
    reader = _Reader(source)
    root = reader.run()
    if len(raw) > MOST_BYTES:
        reader.notes["truncated"] = None
    return Mail(source, root, tuple(reader.notes))


@dataclass(slots=True)
class _Open:
    """A multipart whose end has not been seen."""

    boundary: bytes
    entity: Entity


class _Reader:
    """One pass over the delimiter lines, with a stack of the multiparts that are open."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.notes: dict[str, None] = {}
        self.open: list[_Open] = []
        self.parts = 1

    def run(self) -> Entity:
        start = _skip_envelope(self.source)
        headers, body = self._header(start)
        root = Entity(headers, body, len(self.source))
        self._enter(root)
        current: Entity | None = root
        for at, line in _delimiters(self.source, body):
            level, closes = self._match(line)
            if level < 0:
                continue
            if not closes and self.parts >= MOST_PARTS:
                self.notes["too_many_parts"] = None
                break
            end = _before(self.source, at)
            self._finish(current, level, end)
            if closes:
                self.open.pop().entity.end = end
            current = None if closes else self._begin(at + len(line))
        return root

    def _match(self, line: bytes) -> tuple[int, bool]:
        """Which open multipart a delimiter line belongs to, innermost first, and whether it closes it."""
        text = line[2:].rstrip(b" \t\r\n")
        for level in range(len(self.open) - 1, -1, -1):
            boundary = self.open[level].boundary
            if text == boundary:
                return level, False
            if text == boundary + b"--":
                return level, True
        return -1, False

    def _finish(self, current: Entity | None, level: int, end: int) -> None:
        """Everything that was open within this level ends here."""
        for one in self.open[level + 1 :]:
            one.entity.end = min(one.entity.end, end)
        if current is not None and current is not self.open[level].entity:
            current.end = end
        del self.open[level + 1 :]

    def _begin(self, at: int) -> Entity:
        headers, body = self._header(at)
        parent = self.open[-1].entity
        default = "message/rfc822" if parent.media_type == "multipart/digest" else "text/plain"
        entity = Entity(headers, body, len(self.source), default)
        parent.children.append(entity)
        self.parts += 1
        self._enter(entity)
        return entity

    def _enter(self, entity: Entity) -> None:
        boundary = self._boundary(entity)
        if boundary and len(self.open) >= DEEPEST:
            self.notes["too_deep"] = None
        elif boundary:
            self.open.append(_Open(boundary, entity))

    def _boundary(self, entity: Entity) -> bytes:
        """The boundary that a multipart declares, or the one that it uses, if that is another."""
        if not entity.media_type.startswith("multipart/"):
            return b""
        declared = entity.boundary
        if (
            declared
            and self.source.find(b"--" + declared, entity.start, entity.start + _LONGEST_PREAMBLE) >= 0
        ):
            return declared
        beginning = self.source[entity.start : entity.start + 1000]
        # Only what no person wrote may stand before it, as nobody would see it any more.
        found = _LIKE_DELIMITER.match(beginning)
        if found is None or self._match(b"--" + found[1])[0] >= 0:
            return declared
        return found[1].rstrip(b" \t")

    def _header(self, start: int) -> tuple[Headers, int]:
        lines, body = header_lines(self.source, start)
        if len(lines) > MOST_HEADERS:
            self.notes["too_many_headers"] = None
        if any(len(line) > LONGEST_HEADER for line in lines[:MOST_HEADERS]):
            self.notes["long_header"] = None
        return Headers(tuple(_field(line) for line in lines[:MOST_HEADERS])), body


def _delimiters(source: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Every line that begins like a boundary delimiter, with where it stands."""
    at = start if source.startswith(b"--", start) else _next_dashes(source, max(start - 1, 0))
    while at >= 0:
        stop = source.find(b"\n", at) + 1 or len(source)
        yield at, source[at:stop]
        at = _next_dashes(source, stop - 1)


def _next_dashes(source: bytes, at: int) -> int:
    """The next line that begins with two dashes; -1 if there is none."""
    found = source.find(b"\n--", at)
    return found + 1 if found >= 0 else -1


def _before(source: bytes, at: int) -> int:
    """Where the part before a delimiter ends: the line end before it belongs to the delimiter (RFC 2046)."""
    if source[at - 2 : at] == b"\r\n":
        return at - 2
    return at - 1 if at > 0 else 0


def _skip_envelope(source: bytes) -> int:
    """Past blank lines and the `From ` line of a mailbox file, which are no part of the mail."""
    start = len(source) - len(source.lstrip(b"\r\n \t\xef\xbb\xbf"))
    # White space before the very first field would make it a continuation of nothing.
    while found := _ENVELOPE.match(source, start):
        start = found.end()
    return start


def header_lines(source: bytes, start: int) -> tuple[list[bytes], int]:
    """The unfolded fields from `start` on, and where the body begins.

    That is behind the blank line, or at the first line that can be no header.
    """
    fields: list[list[bytes]] = []
    size = 0
    at = start
    while at < len(source):
        stop = source.find(b"\n", at) + 1 or len(source)
        line = source[at:stop].rstrip(b"\r\n")
        if not line:
            return [b"".join(one) for one in fields], stop
        if line[:1] in b" \t" and fields:
            size += len(line)
            if size <= LONGEST_HEADER + len(line):
                fields[-1].append(line)
        elif not line.startswith(b"--") and _FIELD.match(line[:LONGEST_HEADER]):
            fields.append([line])
            size = len(line)
        elif line.startswith(b"--") or not _goes_on(source, stop):
            return [b"".join(one) for one in fields], at
        at = stop
    return [b"".join(one) for one in fields], len(source)


def _goes_on(source: bytes, at: int) -> bool:
    """Whether the header goes on behind a line that is no field: a well-known field follows soon."""
    for _ in range(10):
        stop = source.find(b"\n", at) + 1 or len(source)
        line = source[at : min(stop, at + 200)]
        if not line.strip() or line.startswith(b"--"):
            return False
        if _KNOWN_FIELD.match(line):
            return True
        at = stop
    return False


def _field(line: bytes) -> tuple[str, str]:
    found = _FIELD.match(line[:LONGEST_HEADER])
    assert found is not None
    value = found[2].decode("utf-8", "surrogateescape").strip(" \t\r\n")
    return found[1].decode("ascii").lower(), value.replace("\r", "").replace("\n", "")
