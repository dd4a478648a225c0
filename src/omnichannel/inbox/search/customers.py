"""Finding customers by what is known of their addresses."""

from __future__ import annotations

from typing import NamedTuple

from omnichannel.desk.search import Query, excerpts, match, person_fields
from omnichannel.desk.search.matching import Field, Match
from omnichannel.inbox.customers import customer
from omnichannel.inbox.search import tokens
from omnichannel.inbox.search.indexing import sayings, spelt
from omnichannel.inbox.search.looking import AT_ONCE, MOST_READ
from omnichannel.model import Purpose
from omnichannel.model.search import FoundCustomer
from omnichannel.store import Tx, people
from omnichannel.store.people import Person
from omnichannel.store.search import documents, looking
from omnichannel.store.search.looking import Reach


class Known(NamedTuple):
    """An address of which it is known: whose, the texts, and where it stands in them."""

    person: Person
    fields: list[Field]
    match: Match


def find(tx: Tx, query: Query, purpose: Purpose, most: int, *, frozen: bool) -> tuple[FoundCustomer, ...]:
    """Customers for a purpose, best first: each once, by the address of which most is known."""
    found: dict[str, FoundCustomer] = {}
    for known in sorted(_known(tx, query, purpose), key=lambda one: (-one.match.score, one.person.id)):
        if len(found) == most:
            break
        who = customer(tx, known.person.id, purpose)
        if (who.frozen_at is not None) is frozen and who.id not in found:
            shown = excerpts(known.match, known.fields)
            found[who.id] = FoundCustomer(customer=who, excerpts=shown, score=known.match.score)
    return tuple(found.values())


def _known(tx: Tx, query: Query, purpose: Purpose) -> list[Known]:
    """The addresses of which all of it is known. To disclose, only what is proven counts of what was said."""
    found: list[Known] = []
    wanted, below = tokens.wanted_people(tx.ws, query), documents.last_doc(tx)
    for _ in range(MOST_READ // AT_ONCE):
        candidates = looking.having(tx, wanted, Reach(documents.doc_at(tx, 0), below), AT_ONCE)
        persons = people.several(tx, [number for _, number in candidates])
        told = sayings(tx, persons, proven=purpose is Purpose.DISCLOSE)
        for person in persons:
            fields = person_fields(person.name, spelt(person), told.get(person.id, ()))
            if (here := match(query, fields)) is not None:
                found.append(Known(person, fields, here))
        if len(candidates) < AT_ONCE:
            break
        below = candidates[-1][0]
    return found
