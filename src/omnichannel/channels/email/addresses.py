"""Who is named in From, To, Cc and Reply-To: one strict reader of address lists, linear in their length.

Readers that disagree about one address are how accounts are taken over (CVE-2023-27043, "Splitting the email
atom"), so what can be read in two ways is marked `doubtful`, and no identity is built on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import idna

from omnichannel.channels.email.words import readable
from omnichannel.model import Address, Party

MOST_MAILBOXES = 1000
_LONGEST = 64 * 1024
_LONGEST_NAME = 300
_SPEC = re.compile(
    r'(?:"(?:[^"\\]|\\.)*"|[^\s<>()\[\],;:"@]+)@(?:\[[^\s\[\]<>]+\]|[^\s<>()\[\],;:"@]+)', re.DOTALL
)
_LOCAL = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_ANYWHERE = re.compile(r"[^\s<>()\[\],;:\"'@]{1,320}@[^\s<>()\[\],;:\"'@]{1,255}")
# Bounded repetition, and alternatives that differ in their first character: linear on any input.
_ENCLOSED = {
    '"': ("quoted", re.compile(r'"(?:[^"\\]|\\.){0,300}"', re.DOTALL)),
    "<": ("angle", re.compile(r"<[^<>]{0,1100}>")),
    "(": ("comment", re.compile(r"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,200}\)){0,400}\)", re.DOTALL)),
}
# An encoded word is one word, whatever marks its writer left in it; one that could hide an address is not.
_ENCODED = re.compile(r"=\?[^?\s]{1,80}\?[bBqQ]\?[^?<>\"@\s]{0,2000}\?=")
_UPPER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with its display name. `doubtful` if the text could be read as another address as well."""

    spec: str
    name: str = ""
    doubtful: bool = False


def mailboxes(values: Iterable[str]) -> list[Mailbox]:
    """Every mailbox in the values of one header, in order, groups opened; never raises."""
    found: list[Mailbox] = []
    for value in values:
        text = value[:_LONGEST].replace("\x00", "")
        read = [box for piece in _pieces(text) if (box := _mailbox(piece))]
        found += read or _salvaged(text)
        if len(found) >= MOST_MAILBOXES:
            break
    return found[:MOST_MAILBOXES]


def party(mailbox: Mailbox) -> Party:
    """The mailbox as the model has it: compared by its normal form, written to as it was written."""
    written = readable(mailbox.spec).encode(errors="replace")[:1000].decode(errors="ignore")
    return Party(address=Address(kind="email", value=normal(written)), name=mailbox.name, written=written)


def parties(values: Iterable[str]) -> tuple[Party, ...]:
    """Every mailbox of a header, each address once."""
    found = {one.address: one for one in reversed([party(box) for box in mailboxes(values)])}
    return tuple(reversed(found.values()))


def normal(spec: str) -> str:
    """An address as identity compares it: ASCII letters in lower case, the domain as A-labels.

    Nothing else is folded, neither dots, plus tags nor look-alikes: `ſ` is no `s` (CVE-2019-19844).
    """
    local, at, domain = spec.translate(_UPPER).rpartition("@")
    return f"{local}{at}{_a_label(domain)}" if at else spec.translate(_UPPER)


def domain_of(spec: str) -> str:
    """The domain of an address in its normal form; empty for a local mailbox."""
    return normal(spec).rpartition("@")[2] if "@" in spec else ""


def _a_label(domain: str) -> str:
    if domain.isascii():
        return domain.rstrip(".") or domain
    try:
        return idna.encode(domain).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


@dataclass(slots=True)
class _Piece:
    """One element of an address list while it is being read."""

    words: list[str]
    angles: list[str]
    comments: list[str]
    behind: bool = False


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut an address list at its commas; semicolons, which Outlook writes, and groups count as well."""
    piece = _Piece([], [], [])
    for kind, token in _tokens(text):
        if kind == "cut":
            yield piece
            piece = _Piece([], [], [])
        elif kind == "group":
            piece = _Piece([], [], [])
        elif kind == "angle":
            piece.angles.append(token)
        elif kind == "comment":
            piece.comments.append(token)
        else:
            piece.behind |= bool(piece.angles and token.strip())
            piece.words.append(token)
    yield piece


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """The marks of RFC 5322 and the text between them."""
    at = 0
    for mark in re.finditer(r'[",;:<(]|=(?=\?)', text):
        if mark.start() < at:
            continue
        if mark.start() > at:
            yield "text", text[at : mark.start()]
        kind, end = _token(text, mark.start())
        yield kind, text[mark.start() : end]
        at = end
    if at < len(text):
        yield "text", text[at:]


def _token(text: str, at: int) -> tuple[str, int]:
    """The kind of token at a mark, and where it ends."""
    mark = text[at]
    if mark in ",;":
        return "cut", at + 1
    if mark == ":":
        return "group", at + 1
    if mark == "=":
        word = _ENCODED.match(text, at)
        return "text", word.end() if word else at + 1
    kind, pattern = _ENCLOSED[mark]
    found = pattern.match(text, at)
    # What is opened and never closed would swallow the rest of the list, and with it real addresses.
    return (kind, found.end()) if found else ("text", at + 1)


def _mailbox(piece: _Piece) -> Mailbox | None:
    words = "".join(piece.words).strip()
    if piece.angles:
        spec = _bare(piece.angles[-1][1:-1])
        doubtful = len(piece.angles) > 1 or piece.behind
        return Mailbox(spec, _name(piece.words), doubtful) if _is_spec(spec) else None
    spec = words
    if not _is_spec(spec):
        return None
    return Mailbox(spec, _name([comment[1:-1] for comment in piece.comments]))


def _bare(inner: str) -> str:
    """What stands in angle brackets, without a route (`@a,@b:c@d`), `mailto:` and stray white space."""
    uncommented = _ENCLOSED["("][1].sub("", inner)
    text = "".join(uncommented.split()) if '"' not in inner else uncommented.strip()
    if text.lower().startswith("mailto:"):
        return text[7:]
    return text.rpartition(":")[2] if text.startswith("@") else text


def _is_spec(text: str) -> bool:
    return len(text.encode(errors="replace")) <= 1000 and bool(
        _SPEC.fullmatch(text) or _LOCAL.fullmatch(text)
    )


def _name(words: list[str]) -> str:
    """A display name as a person reads it: quotes undone, encoded words decoded, white space single."""
    undone = (re.sub(r"\\(.)", r"\1", word[1:-1]) if _is_quoted(word) else word for word in words)
    text = " ".join(readable("".join(undone)).split())
    return text.strip("'\"")[:_LONGEST_NAME] if text[:1] == text[-1:] else text[:_LONGEST_NAME]


def _is_quoted(word: str) -> bool:
    return len(word) > 1 and word[0] == word[-1] == '"'


def _salvaged(text: str) -> list[Mailbox]:
    """Whatever looks like an address in a value that is no address list; all of it is doubtful."""
    return [Mailbox(spec, "", doubtful=True) for spec in _ANYWHERE.findall(readable(text))[:100]]
