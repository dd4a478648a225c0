"""The conversations in which something was said: a search that is only asked where."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from omnichannel.desk.search import asked as read
from omnichannel.errors import UsageError
from omnichannel.inbox.search import indexing, looking
from omnichannel.inbox.search.filtering import Narrowed
from omnichannel.inbox.search.looking import BEST_OF, Asked
from omnichannel.model.search import Query, Where
from omnichannel.store import Tx
from omnichannel.store.search import documents, progress

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

MOST = 10_000
"""Conversations that one may ask for by words."""


async def talks_saying(inbox: Base, text: str) -> list[int]:
    """The conversations with a message in which all of it stands, by number; read some messages at a time.

    Raises UsageError where no word is asked for, or more than `MOST` conversations have it.
    """
    query = read(text)
    if not query.wanted:
        raise UsageError(f"there is no word in {text!r}; give one that is to be there")
    found: set[int] = set()
    below: int | None = None
    while True:
        some, below = await inbox.run_job(partial(_page, query=query, below=below))
        found |= some
        if len(found) > MOST:
            raise UsageError(f"{text!r} stands in more than {MOST} conversations; ask for more words")
        if below is None:
            break
    inbox.indexes = True
    return sorted(found)


def _page(tx: Tx, query: Query, below: int | None) -> tuple[set[int], int | None]:
    if below is None:
        progress.begin(tx)
        indexing.index(tx)
    wanted = Asked(query, Query(), Where(), Narrowed(), frozen=False, order="newest", most=BEST_OF)
    looked = looking.look(tx, wanted, below)
    said = documents.said(tx, [here.number for here in looked.found])
    return {one.conversation for one in said.values()}, looked.below
