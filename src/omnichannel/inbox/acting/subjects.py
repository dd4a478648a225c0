"""What a call is about: the conversations, customers and messages that it names, and those that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from omnichannel.errors import NotFound
from omnichannel.model import Address, Conversation, Customer, FoundCustomers, FoundMessages, Message, Value
from omnichannel.model.desk import Case, ViewPage
from omnichannel.store import Tx, messages, people
from omnichannel.store.desk import decisions
from omnichannel.store.ids import Ids
from omnichannel.store.trail import CONVERSATION, CUSTOMER, MESSAGE, Subject

_PARAMETERS: Mapping[str, str] = {
    "conversation": "conversation",
    "into": "conversation",
    "message": "message",
    "seen": "message",
    "who": "customer",
    "decision": "decision",
    "address": "address",
    "one": "address",
    "other": "address",
}


def named(tx: Tx, given: Mapping[str, object]) -> set[Subject]:
    """What the arguments of a call name; raises NotFound for an id that is none."""
    found: set[Subject] = set()
    for parameter, value in given.items():
        kind = _PARAMETERS.get(parameter)
        if kind == "address" and isinstance(value, Address):
            person = people.find(tx, value)
            found |= {(CUSTOMER, person.customer)} if person else set()
        elif kind and isinstance(value, str) and value:
            found |= _by_id(tx, kind, value)
    return found


def _by_id(tx: Tx, kind: str, shown: str) -> set[Subject]:
    if kind == "customer":
        return {(CUSTOMER, people.get(tx, tx.ids.find("customer", shown)).customer)}
    if kind == "message":
        number = tx.ids.find("message", shown)
        return {(MESSAGE, number), (CONVERSATION, messages.held(tx, number).conversation)}
    if kind == "decision":
        decision = decisions.decision(tx, tx.ids.find("decision", shown))
        return {(CONVERSATION, tx.ids.find("conversation", decision.conversation))}
    return {(CONVERSATION, tx.ids.find("conversation", shown))}


def shown(ids: Ids, result: object) -> set[Subject]:
    """The conversations and customers that a result shows something of."""
    found: set[Subject] = set()
    for kind, value in _ids(result):
        try:
            number = ids.find("customer" if kind == CUSTOMER else "conversation", value)
        except NotFound:
            continue  # a word of another kind under the same name
        found.add((kind, number))
    return found


def _ids(result: object) -> Iterator[tuple[int, str]]:
    """The ids in a value, and in what it holds."""
    if isinstance(result, Conversation):
        yield CONVERSATION, result.id
    elif isinstance(result, Customer):
        yield CUSTOMER, result.id
    elif isinstance(result, Message):
        yield CONVERSATION, result.conversation
    elif isinstance(result, Case):
        yield CONVERSATION, result.conversation.id
    elif isinstance(result, Value):
        yield from _of_fields(result)
    elif isinstance(result, Mapping):
        yield from (pair for value in result.values() for pair in _ids(value))
    elif isinstance(result, list | tuple):
        yield from (pair for value in result for pair in _ids(value))


def _of_fields(value: Value) -> Iterator[tuple[int, str]]:
    for name in type(value).model_fields:
        field = getattr(value, name)
        if isinstance(field, str):
            if name in ("conversation", "customer") and field:
                yield (CUSTOMER if name == "customer" else CONVERSATION), field
        else:
            yield from _ids(field)


_PAGES: Mapping[type[Value], str] = {FoundMessages: "found", FoundCustomers: "found", ViewPage: "cases"}
"""What shows a page of something, and the field that has its entries."""

LISTS = ("list[", *(page.__name__ for page in _PAGES))
"""How the types of lists and pages begin."""


def cut(result: object, keep: Iterable[bool]) -> object:
    """A list, or a page, without the entries that are not to be kept."""
    kept = [one for one, stays in zip(entries(result), keep, strict=True) if stays]
    if isinstance(result, Value) and (field := _PAGES.get(type(result))):
        return result.model_copy(update={field: tuple(kept)})
    return kept if isinstance(result, list) else result


def entries(result: object) -> list[object]:
    """The entries of a list, or of a page; none of anything else."""
    if isinstance(result, Value) and (field := _PAGES.get(type(result))):
        return list(getattr(result, field))
    return list(result) if isinstance(result, list) else []
