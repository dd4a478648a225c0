"""A recorded stream of honest and hostile senders: nobody gets into another's customer, order never matters.

`omni_stream_*` are events on several channels with the strength of each identifier, the true person behind
each, and attacks among them: typed addresses of victims, forged From, two victims "bridged", handles taken
over. The events and identifiers of the channels that exist here are used.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from omnichannel.identity import Entry, Partition, Point, Purpose, derive, normalise, suggestions
from omnichannel.identity.policy import weaker
from omnichannel.model import Strength

DATA = Path(__file__).parents[2] / "../shared/data/identity"
KINDS = {"email": "email", "psid": "messenger", "x_id": "x"}
METHODS = {"verified": "token", "asserted": "text", "inferred": "signature"}


class Stream:
    """The stream as a store would have written it down."""

    def __init__(self, folder: Path) -> None:
        labels = csv.DictReader((folder / "labels.csv").read_text().splitlines())
        self.labels = {row["record_id"]: row for row in labels}
        self.numbers: dict = {}
        self.journal: list[Entry] = []
        self.senders: dict[str, int] = {}  # events whose sender is proven
        for line in (folder / "events.jsonl").read_text().splitlines():
            event = json.loads(line)
            if event["channel"] in ("email", "messenger", "x_dm"):
                self._note(event)
        self.points = [
            Point(number, address.kind, address.scope, address.value)
            for address, number in self.numbers.items()
        ]

    def derive(self, purpose: Purpose = Purpose.DISCLOSE) -> Partition:
        return derive(self.points, self.journal, purpose)

    def _note(self, event: dict) -> None:
        named = [(self._number(item), item["strength"]) for item in event["ids"] if item["type"] in KINDS]
        (sender, proof), *others = named
        if Strength(proof).proves:
            self.senders[event["record_id"]] = sender
        for other, strength in others:
            if other != sender:
                at, worth = len(self.journal) + 1, weaker(Strength(strength), Strength(proof))
                self.journal.append(Entry(at, "claim", sender, other, worth, METHODS[strength], at=at))

    def _number(self, item: dict) -> int:
        scope = "page" if item["type"] == "psid" else ""
        address = normalise(KINDS[item["type"]], item["value"], scope)
        return self.numbers.setdefault(address, len(self.numbers) + 1)


@pytest.fixture(scope="module", params=["omni_stream_tiny", "omni_stream_5k"])
def stream(request) -> Stream:
    folder = DATA / request.param
    if not folder.exists():
        pytest.skip("the recorded streams are not in this checkout")
    return Stream(folder)


def test_no_attack_gets_into_a_victims_customer(stream: Stream) -> None:
    found = stream.derive()
    people: dict[str, set[int]] = defaultdict(set)
    for event, sender in stream.senders.items():
        people[stream.labels[event]["cluster_id"]].add(found.customer_of[sender])
    attacks = [event for event in stream.senders if stream.labels[event]["scenario"].startswith("attack")]
    assert attacks
    for event in attacks:
        for victim in stream.labels[event]["victims"].split():
            assert found.customer_of[stream.senders[event]] not in people[victim], event


def test_customers_are_one_person_each_but_for_mailboxes_that_a_family_shares(stream: Stream) -> None:
    """Two people who write from one address with one proof are one customer: that only a person can tell."""
    found = stream.derive()
    people: dict[int, set[str]] = defaultdict(set)
    family: set[int] = set()
    for event, sender in stream.senders.items():
        if sender not in found.shared:
            people[found.customer_of[sender]].add(stream.labels[event]["cluster_id"])
            if stream.labels[event]["scenario"] in ("family_shared", "role_address"):
                family.add(found.customer_of[sender])
    assert {customer for customer, several in people.items() if len(several) > 1} <= family
    assert max(len(found.members(customer)) for customer in people) <= 10
    assert Counter(len(several) for several in people.values())[1] > 0.95 * len(people)


def test_any_order_gives_the_same_customers(stream: Stream) -> None:
    found = stream.derive()
    shuffled = stream.journal.copy()
    random.Random(1).shuffle(shuffled)
    points = stream.points.copy()
    random.Random(2).shuffle(points)
    assert derive(points, shuffled) == found


def test_what_honest_customers_typed_is_suggested(stream: Stream) -> None:
    """Most of what is suggested is right: those who attack are few, and get no further than a suggestion."""
    found = stream.derive()
    person = {sender: stream.labels[event]["cluster_id"] for event, sender in stream.senders.items()}
    suggested = suggestions(found.customer_of, stream.journal, found.shared)
    judged = [
        person[pair.one] == person[pair.other]
        for pair in suggested
        if pair.one in person and pair.other in person
    ]
    assert len(judged) > 5
    assert sum(judged) > 0.8 * len(judged)
