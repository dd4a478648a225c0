"""One person's items are cut out of a delivery that holds several people's, or it stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omnichannel.inbox.rights.cutting import cut, words_of
from omnichannel.model import Address, Event, Party, Received, Text, Unreadable

Json = Any


def said(number: str, who: str, text: str) -> Received:
    party = Party(address=Address(kind="chat", value=who))
    return Received(external_id=number, sender=party, parts=(Text(text=text),))


def items(data: Json) -> list[Event]:
    """A platform's way: entries, each with messages; some are nobody's to read."""
    found: list[Event] = []
    for entry in data["entry"]:
        for item in entry["messages"]:
            found.append(
                Unreadable(reason="?", where=str(len(found)))
                if "odd" in item
                else said(item["id"], item["from"], item.get("text", ""))
            )
    return found


def reads(body: bytes) -> list[Event] | None:
    try:
        return items(json.loads(body))
    except (ValueError, KeyError, TypeError):
        return None


def of_anna(event: Event) -> bool:
    return isinstance(event, Received) and event.sender.address.value == "anna-1"


def cut_json(data: Json, words: set[str]) -> Json:
    made = cut(json.dumps(data).encode(), reads, of_anna, words)
    return None if made is None else json.loads(made)


ANNA = {"id": "m1", "from": "anna-1", "text": "hers"}
BEN = {"id": "m2", "from": "ben-2", "text": "his"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([{"messages": [ANNA, BEN]}], [{"messages": [BEN]}]),
        ([{"messages": [ANNA]}, {"messages": [BEN]}], [{"messages": [BEN]}]),
        ([{"id": 1, "messages": [BEN, ANNA, ANNA]}], [{"id": 1, "messages": [BEN]}]),
    ],
    ids=["an item of a list", "a whole entry", "several"],
)
def test_the_largest_piece_that_is_hers_alone_goes(before: Json, after: Json) -> None:
    assert cut_json({"entry": before}, {"anna-1"}) == {"entry": after}


def test_what_is_said_of_her_beside_her_items_goes_too() -> None:
    """Profiles stand apart from messages on some platforms; nobody else's item needs hers."""
    contacts = [{"wa_id": "anna-1", "profile": {"name": "Annabel"}}, {"wa_id": "ben-2"}]
    users = {"anna-1": {"name": "Annabel"}, "ben-2": {}}
    whole = {"entry": [{"messages": [ANNA, BEN], "contacts": contacts}], "users": users}
    left = cut_json(whole, {"anna-1", "Annabel"})
    assert left == {"entry": [{"messages": [BEN], "contacts": [{"wa_id": "ben-2"}]}], "users": {"ben-2": {}}}


def test_what_others_say_of_her_is_theirs() -> None:
    his = BEN | {"text": "I saw anna-1 today"}
    assert cut_json({"entry": [{"messages": [ANNA, his]}]}, {"anna-1"}) == {"entry": [{"messages": [his]}]}


def test_what_nobody_can_read_stays() -> None:
    odd = {"odd": True}
    left = cut_json({"entry": [{"messages": [odd, ANNA, BEN]}]}, {"anna-1"})
    assert left == {"entry": [{"messages": [odd, BEN]}]}


def test_where_the_items_cannot_be_told_apart_nothing_is_cut() -> None:
    """Ids that are made of the whole body change with it: then everybody else's items would not be the same."""

    def by_hash(body: bytes) -> list[Event] | None:
        found = reads(body) or []
        return [
            e.model_copy(update={"external_id": str(len(body))}) for e in found if isinstance(e, Received)
        ]

    body = json.dumps({"entry": [{"messages": [ANNA, BEN]}]}).encode()
    assert cut(body, by_hash, of_anna, {"anna-1"}) is None


def test_where_the_words_do_not_find_them_nothing_is_cut() -> None:
    assert cut_json({"entry": [{"messages": [ANNA, BEN]}]}, {"elsewhere"}) is None


def test_what_cannot_be_read_is_not_cut() -> None:
    assert cut(b"{", reads, of_anna, {"anna-1"}) is None


def by_line(body: bytes) -> list[Event] | None:
    """A day of call records: one a line, behind a heading."""
    heading, *lines = body.decode().splitlines()
    if heading != "id;from;text":
        return None
    return [said(*line.split(";")) for line in lines]


def test_lines_of_text_are_cut_out_of_a_file() -> None:
    body = b"id;from;text\nm1;anna-1;hers\nm2;ben-2;his\nm3;anna-1;hers\n"
    assert cut(body, by_line, of_anna, {"anna-1"}) == b"id;from;text\nm2;ben-2;his\n"


def test_a_short_word_is_not_looked_for_inside_others() -> None:
    """A number such as 42 stands in half of all times and ids."""
    data = {"entry": [{"messages": [ANNA | {"from": "42"}, BEN]}], "at": "1642", "who": 42}
    made = cut(json.dumps(data).encode(), reads, lambda e: e.sender.address.value == "42", {"42"})
    assert made is not None
    assert json.loads(made) == {"entry": [{"messages": [BEN]}], "at": "1642"}


def test_items_are_found_by_who_they_are_from_and_by_the_platforms_ids() -> None:
    sender = Party(address=Address(kind="phone", value="+31612345678"), name="Anna", written="06-12345678")
    event = Received(external_id="m1", sender=sender, parts=(Text(text="hi"),))
    assert words_of([event]) == {"m1", "+31612345678", "31612345678", "Anna", "06-12345678"}
