"""What the engines have to find rows by words: SQLite an FTS5 table, PostgreSQL a GIN index.

The words are ours in both: neither engine cuts a text into words, or compares them. They are given tokens, and find
equal ones, and beginnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Wanted(NamedTuple):
    """Tokens that all have to be there, as they are or as a beginning, and tokens of which none may be."""

    every: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    none_begins: tuple[str, ...] = ()


class FullText(NamedTuple):
    """How an engine does it. `made` are the statements that make the index of the table `sought`.

    `spell` writes what is wanted as the engine reads it. `every` gives (doc, number) of what has it, the greatest doc
    first; its values are what was spelled, workspace, and the docs below which and from which on. `newest` gives the
    same, and walks: it is asked of the last few docs before, where `every` reads all that have it to sort them. Empty
    where it need not.
    """

    made: str
    spell: Callable[[Wanted], str]
    every: str
    newest: str = ""


def _fts5(wanted: Wanted) -> str:
    """As FTS5 reads it (https://sqlite.org/fts5.html#full_text_query_syntax)."""
    asked = " AND ".join(
        [*_quoted(wanted.every, '"'), *(f"{token} *" for token in _quoted(wanted.begins, '"'))]
    )
    not_ = " OR ".join(
        [*_quoted(wanted.none, '"'), *(f"{token} *" for token in _quoted(wanted.none_begins, '"'))]
    )
    return f"({asked}) NOT ({not_})" if not_ else asked


def _tsquery(wanted: Wanted) -> str:
    """As PostgreSQL reads it (https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY)."""
    return " & ".join(
        [
            *_quoted(wanted.every, "'"),
            *(f"{token}:*" for token in _quoted(wanted.begins, "'")),
            *(f"!{token}" for token in _quoted(wanted.none, "'")),
            *(f"!{token}:*" for token in _quoted(wanted.none_begins, "'")),
        ]
    )


def _quoted(tokens: Iterable[str], mark: str) -> list[str]:
    return [f"{mark}{token}{mark}" for token in tokens]


# Of ASCII the tokenizer takes letters, digits and the marks of ours, and everything beyond ASCII as it is. Without
# positions (detail) and lengths (columnsize) the index is a fraction as large; the text knows them.
FTS5 = FullText(
    made="""
CREATE VIRTUAL TABLE sought_words USING fts5(words, content='', detail=none, columnsize=0,
  tokenize='ascii tokenchars '':~@#=/._-''');
CREATE TRIGGER sought_in AFTER INSERT ON sought BEGIN
  INSERT INTO sought_words (rowid, words) VALUES (new.doc, new.words);
END;
CREATE TRIGGER sought_out AFTER DELETE ON sought BEGIN
  INSERT INTO sought_words (sought_words, rowid, words) VALUES ('delete', old.doc, old.words);
END;
CREATE TRIGGER sought_other AFTER UPDATE OF words ON sought BEGIN
  INSERT INTO sought_words (sought_words, rowid, words) VALUES ('delete', old.doc, old.words);
  INSERT INTO sought_words (rowid, words) VALUES (new.doc, new.words);
END;
""",
    spell=_fts5,
    every="SELECT s.doc, s.number FROM sought_words AS f CROSS JOIN sought AS s"
    " WHERE f.sought_words MATCH ? AND s.workspace = ? AND s.doc = f.rowid AND f.rowid < ? AND f.rowid >= ?"
    " ORDER BY f.rowid DESC",
)

_VECTOR = "array_to_tsvector(string_to_array(words, ' '))"

TSVECTOR = FullText(
    # What is put in is put in its place at once: a list of what is not yet would be read through by every search.
    made=f"CREATE INDEX sought_words ON sought USING gin ({_VECTOR}) WITH (fastupdate = off);",
    spell=_tsquery,
    # What is added to a doc keeps the planner from walking all docs in their order, which it thinks is cheap.
    every=f"WITH found AS MATERIALIZED (SELECT doc, number FROM sought WHERE {_VECTOR} @@ ?::tsquery"
    " AND workspace = ? AND doc + 0 < ? AND doc + 0 >= ?) SELECT doc, number FROM found ORDER BY doc DESC",
    newest="WITH asked AS (SELECT ?::tsquery AS query), last AS MATERIALIZED"
    " (SELECT doc, number, words FROM sought WHERE workspace = ? AND doc < ? AND doc >= ?)"
    f" SELECT doc, number FROM last, asked WHERE {_VECTOR} @@ query ORDER BY doc DESC",
)
