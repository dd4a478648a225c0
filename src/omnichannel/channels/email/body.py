"""Which parts of a mail are its words, and which are files.

Of alternatives the plain text counts, unless it is blank; text parts beside each other, as Apple Mail sends them
around pictures, are one text. A forwarded mail, a calendar, a text with a file name is a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.html import MOST_CHARS, charset_within, html_lines, looks_like_html
from omnichannel.channels.email.lines import Line, plain_lines, signed_lines, unflowed
from omnichannel.channels.email.mime import Entity, Mail, read
from omnichannel.channels.email.smime import within

_WORDS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text"})
_FIRST_ONLY = frozenset({"multipart/related", "multipart/signed", "multipart/appledouble"})
_WRAPPED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_CLEARSIGNED = re.compile(r"\s{0,20}-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n")
_ENRICHED_TAG = re.compile(r"<<|<(/?[A-Za-z0-9-]{1,60})>")


@dataclass(frozen=True, slots=True)
class Body:
    """The words of a mail as lines, and the leaves that are files. `cut` if there are more words than are read."""

    lines: tuple[Line, ...]
    files: tuple[Entity, ...]
    cut: bool = False


@dataclass(slots=True)
class _Choice:
    """Leaves whose words count, and leaves that only say the same in another form."""

    words: list[Entity]
    others: list[Entity]


def body(mail: Mail) -> Body:
    """Choose and read the words of a mail; never raises."""
    choice = _chosen(mail)
    spoken = {id(leaf) for leaf in (*choice.words, *choice.others)}
    files = tuple(leaf for leaf in mail.leaves() if id(leaf) not in spoken)
    lines = _spoken(mail, choice.words)
    if not any(line.text.strip() for line in lines):
        lines = _passed_on(mail, files)
    return Body(tuple(lines), files, any(_is_cut(mail, leaf) for leaf in choice.words))


def _chosen(mail: Mail) -> _Choice:
    choice = _choose(mail, mail.root)
    if not choice.words and not mail.root.children and _may_be_words(mail.root):
        choice.words.append(mail.root)
    return choice


def _is_cut(mail: Mail, leaf: Entity) -> bool:
    if leaf.media_type != "text/html" or leaf.end - leaf.start <= MOST_CHARS:
        return False
    return len(to_text(mail.body(leaf), leaf.content.parameter("charset"))) > MOST_CHARS


def _spoken(mail: Mail, words: Iterable[Entity]) -> list[Line]:
    return [line for leaf in words for line in _lines(mail, leaf)]


def _passed_on(mail: Mail, files: Iterable[Entity]) -> list[Line]:
    """The words of the first mail that is passed on or was signed, or of a report, where nobody added their own."""
    for leaf in files:
        if leaf.media_type == "message/delivery-status":
            return plain_lines(to_text(mail.body(leaf)))
        if leaf.media_type == "message/rfc822":
            return _words_of(mail.body(leaf))
        if leaf.media_type in _WRAPPED and (signed := within(mail.body(leaf))):
            return _words_of(signed)
    return []


def _words_of(raw: bytes) -> list[Line]:
    inner = read(raw)
    return _spoken(inner, _chosen(inner).words)


def _choose(mail: Mail, entity: Entity) -> _Choice:
    if not entity.children:
        return _Choice([entity] if _is_words(entity) else [], [])
    options = [_choose(mail, child) for child in entity.children]
    if entity.media_type == "multipart/alternative":
        return _best(mail, options)
    if entity.media_type in _FIRST_ONLY:
        return next((option for option in options if option.words), options[0])
    return _Choice(
        [leaf for option in options for leaf in option.words],
        [leaf for option in options for leaf in option.others],
    )


def _best(mail: Mail, options: list[_Choice]) -> _Choice:
    """The first alternative in plain text that says something, else the last that does (RFC 2046, 5.1.4)."""
    filled = [option for option in options if any(mail.body(leaf).strip() for leaf in option.words)]
    plain = [option for option in filled if all(leaf.media_type != "text/html" for leaf in option.words)]
    chosen = (plain[:1] or filled[-1:] or options[:1])[0]
    others = [leaf for option in options if option is not chosen for leaf in (*option.words, *option.others)]
    return _Choice(chosen.words, [*chosen.others, *others])


def _is_words(leaf: Entity) -> bool:
    named = leaf.disposition.value == "attachment" or leaf.name
    return not named and (leaf.media_type in _WORDS or leaf.media_type.startswith("multipart/"))


def _may_be_words(root: Entity) -> bool:
    """A mail of a single text that has a file name, but is not sent as a file, is that text."""
    return root.media_type in _WORDS and root.disposition.value != "attachment"


def charset_of(leaf: Entity, data: bytes) -> str:
    """The character set of a text: what the mail says, else what its HTML says of itself."""
    named = leaf.content.parameter("charset")
    return named or (charset_within(data) if leaf.media_type == "text/html" else "")


def _lines(mail: Mail, leaf: Entity) -> list[Line]:
    data = mail.body(leaf)
    text = to_text(data, charset_of(leaf, data))
    if leaf.media_type == "text/html" or looks_like_html(text):
        return html_lines(text)
    if leaf.content.parameter("format").lower() == "flowed":
        text = unflowed(text, joined=leaf.content.parameter("delsp").lower() == "yes")
    if _CLEARSIGNED.match(text):
        return signed_lines(text)
    if leaf.media_type in ("text/enriched", "text/richtext"):
        text = unescape(_ENRICHED_TAG.sub(lambda tag: "<" if tag.group() == "<<" else "", text))
    return plain_lines(text)
