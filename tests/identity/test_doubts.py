"""Whoever poses as a customer has to say so each time: whose claims are not believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omnichannel.identity.resolving.events import Event
from omnichannel.identity.resolving.events_resolve import resolve_events
from omnichannel.model import Strength
from tests.identity.streams import event, parts


def told(*events: Event) -> set[frozenset[str]]:
    return parts(resolve_events(events).clusters())


def visits(several: int) -> list[Event]:
    """Customers who write twice by a page, of whom each tenth once types the number that is theirs."""
    return [
        event(f"v{n}-{time}", n + time, f"psid=p:{n}!", *([f"phone=+3161000{n:04}?"] if n % 10 == time == 0 else []),
              channel="messenger")
        for n in range(several) for time in range(2)
    ]  # fmt: skip


OWN = event("o", 3, "phone=+31612345678!", channel="sms")


def posing(*numbers: bool) -> list[Event]:
    """Somebody who writes by a page, and names a number that is another's, or does not."""
    return [
        event(f"x{n}", n + 1, "psid=p:x!", *(["phone=+31612345678?"] if named else []), channel="messenger")
        for n, named in enumerate(numbers)
    ]


def test_who_names_an_address_every_time_is_not_believed() -> None:
    """Customers say it once; whoever has nothing else to be somebody by says it whenever they write."""
    assert frozenset({"o", "x0", "x1"}) in told(*visits(100), OWN, *posing(True, False))
    assert frozenset("o") in told(*visits(100), OWN, *posing(True, True))


def test_where_everybody_is_asked_nobody_insists() -> None:
    asked = [replace(one, identifiers=(*one.identifiers[:1], *event("", 0, f"phone=+3161{one.id[1:].partition('-')[0]:0>7}?").identifiers))
             for one in visits(100)]  # fmt: skip
    assert frozenset({"o", "x0", "x1"}) in told(*asked, OWN, *posing(True, True))


def mails(several: int, strength: str = "!") -> list[Event]:
    return [
        event(f"m{n}", n, f"email=c{n}@x.nl{strength}", name="Ana Blom", channel="email")
        for n in range(several)
    ]


@pytest.mark.parametrize(
    ("others", "mailed", "believed"),
    [
        (mails(30), "!!!!?", True),
        (mails(30), "?", False),
        (mails(30), "!???", False),
        (mails(30) + mails(15, "?"), "?", True),
        (mails(30, "?"), "????", True),
    ],
    ids=["once a proof is missing", "the owner never proved it", "mostly missing", "where many prove nothing",
         "where the domain proves nobody's"],
)  # fmt: skip
def test_mails_without_proof_are_not_believed_where_proof_is_usual(
    others: list[Event], mailed: str, believed: bool
) -> None:
    """Whoever forges a sender cannot prove it. A domain that proves none says nothing of anybody."""
    others = [replace(one, id=f"{one.id}-{place}") for place, one in enumerate(others)]
    several = [
        event(f"f{n}", n, f"email=ana@x.nl{proof}", name="Ana Blom", channel="email")
        for n, proof in enumerate(mailed)
    ]
    typed = event("t", 2, "account_id=7!", "email=ana@x.nl?", name="Ana Blom", channel="webchat")
    found = resolve_events([*others, *several, typed]).clusters()
    forged = {found[one.id] for one in several if one.identifiers[0].strength is Strength.ASSERTED}
    assert (forged == {found["t"]}) is believed
