"""How words are written in the index: behind the number of their workspace, and a sign that tells what they are.

So no search reaches into another workspace, though an engine keeps one list of words for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.desk.search import has_files, message_fields, words
from omnichannel.desk.search.matching import Field
from omnichannel.model.search import Query, Where
from omnichannel.store.fulltext import Wanted
from omnichannel.store.search.documents import Said

MOST_WORDS = 5000
"""Different words of one message, or of whoever has an address, that can be found."""

_WORD, _FILE, _PERSON = ":", "=", "~"


def of_message(ws: int, said: Said) -> list[str]:
    """The tokens of a message: how it came, and the words in it; those of files' names once more."""
    fields = message_fields(said.content)
    files = [field for field in fields if field.place == "file"]
    how = [f"{ws}@{said.account}", f"{ws}#{said.kind}", f"{ws}/{said.direction}"]
    if has_files(said.content):
        how.append(f"{ws}/file")
    return [*how, *_words(f"{ws}{_FILE}", files), *_words(f"{ws}{_WORD}", fields)]


def of_person(ws: int, fields: Iterable[Field]) -> list[str]:
    """The tokens of whoever has an address."""
    return _words(f"{ws}{_PERSON}", fields)


def _words(sign: str, fields: Iterable[Field]) -> list[str]:
    found = dict.fromkeys(word.text for field in fields for word in words(field.text))
    return [f"{sign}{word}" for word in list(found)[:MOST_WORDS]]


def wanted_messages(ws: int, query: Query, file: Query, where: Where) -> Wanted:
    """What a message has to have to be looked at."""
    how = [
        *([f"{ws}@{where.account}"] if where.account else []),
        *([f"{ws}#{where.kind}"] if where.kind else []),
        *([f"{ws}/{where.direction.value}"] if where.direction else []),
        *([f"{ws}/file"] if where.files else []),
    ]
    named = _wanted(f"{ws}{_FILE}", file)
    said = _wanted(f"{ws}{_WORD}", query)
    none = (f"{ws}/file",) if where.files is False else ()
    return Wanted(
        (*how, *named.every, *said.every),
        (*named.begins, *said.begins),
        (*said.none, *none),
        said.none_begins,
    )


def wanted_people(ws: int, query: Query) -> Wanted:
    """What has to be known of whoever has an address, to be looked at."""
    return _wanted(f"{ws}{_PERSON}", query)


def _wanted(sign: str, query: Query) -> Wanted:
    """Of words in a row each has to be there; where they stand, the text tells. So of a row nothing is ruled out."""
    every = [word for term in query.wanted for word in (term.words[:-1] if term.begins else term.words)]
    begins = [term.words[-1] for term in query.wanted if term.begins]
    single = [term for term in query.without if len(term.words) == 1]
    return Wanted(
        tuple(f"{sign}{word}" for word in dict.fromkeys(every)),
        tuple(f"{sign}{word}" for word in dict.fromkeys(begins)),
        tuple(f"{sign}{term.words[0]}" for term in single if not term.begins),
        tuple(f"{sign}{term.words[0]}" for term in single if term.begins),
    )
