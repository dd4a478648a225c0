"""What people type into a search field, read as a query."""

from __future__ import annotations

import re

from omnichannel.desk.search.words import has_neighbours, words
from omnichannel.errors import UsageError
from omnichannel.model.search import Query, Term

_ASKED = re.compile(
    r"""(?P<minus>(?<!\S)[-−–](?=\S))?                             # without it
        (?:"(?P<phrase>[^"]*)(?:"|$) (?P<star>\*)? | (?P<chunk>[^\s"]+))""",
    re.VERBOSE,
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"＊": "*"})

MOST_WORDS = 32
"""Words in one query."""

_SHORTEST = 2  # letters of a beginning: fewer begin too many words


def asked(text: str) -> Query:
    """A query: every word has to stand in it, `"words in a row"` just so, `-none` nowhere, `begin*` at a beginning.

    What stands without a blank in between is words in a row as well: an address, a number with dashes. Raises
    UsageError for too many words, or a beginning of one letter. What holds no letter or digit asks for nothing.
    """
    wanted: list[Term] = []
    without: list[Term] = []
    for found in _ASKED.finditer(text.translate(_QUOTES)):
        term = _term(
            found["chunk"] if found["chunk"] is not None else found["phrase"] + (found["star"] or "")
        )
        if term is not None:
            (without if found["minus"] else wanted).append(term)
    if sum(len(term.words) for term in (*wanted, *without)) > MOST_WORDS:
        raise UsageError(f"these are more than {MOST_WORDS} words; leave out some that stand in many texts")
    return Query(wanted=tuple(dict.fromkeys(wanted)), without=tuple(dict.fromkeys(without)))


def _term(said: str) -> Term | None:
    found = words(said)
    if not found:
        return None
    begins = said.rstrip().endswith("*")
    if found[-1].tail:  # in a text it may go on, and the neighbours before it say all
        found = found[:-1]
    elif has_neighbours(found[-1].text):
        return Term(words=tuple(word.text for word in found), begins=True)
    if begins and not has_neighbours(found[-1].text) and len(found[-1].text) < _SHORTEST:
        raise UsageError(
            f"{said!r} is the beginning of too many words; type at least {_SHORTEST} letters before the *"
        )
    return Term(words=tuple(word.text for word in found), begins=begins)
