"""Events of a stream: whose each is, and what nobody can bring about."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.identity.resolving.events import Event
from omnichannel.identity.resolving.events_addresses import address_of, region_of
from omnichannel.identity.resolving.events_resolve import resolve_events
from omnichannel.identity.resolving.events_spelling import spelled
from omnichannel.model import Purpose
from tests.identity.streams import event, parts


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("email=Ana.Blom+shop@GMail.com!", ("email", "", "anablom@gmail.com")),
        ("email=Ana.Blom+shop@gmail.example!", ("email", "", "anablom@gmail.example")),
        ("email=Ana.Blom+shop@firm.example!", ("email", "", "ana.blom+shop@firm.example")),
        ("email=nobody!", None),
        ("phone=(254) 555-0188!", ("phone", "", "+12545550188")),
        ("phone=12545550188!", ("phone", "", "+12545550188")),
        ("phone=0031 6 12345678!", ("phone", "", "+31612345678")),
        ("phone=+42 0712345678!", ("phone", "", "+420712345678")),
        ("phone=none!", None),
        ("phone=12!", ("phone", "", "12")),
        ("psid=page1:77!", ("messenger", "page1", "77")),
        ("psid=77!", ("messenger", "", "77")),
        ("x_handle=Ana_B!", ("handle", "", "ana_b")),
        ("account_id=A-1!", ("account", "", "A-1")),
        ("loyalty_card=9!", ("loyalty_card", "", "9")),
        ("cookie=!", None),
    ],
)
def test_spellings_of_one_address_are_one(said: str, wanted: tuple[str, str, str] | None) -> None:
    """Dots and tags go where the provider says that they make no difference; .example names stand for real ones."""
    found = address_of(event("a", 1, said).identifiers[0], "US")
    assert (found and (found.kind, found.scope, found.value)) == wanted


def test_national_numbers_are_read_where_most_proven_ones_belong() -> None:
    """Whoever only says numbers, and says many, does not change what the numbers of others mean."""
    proven = [event("a", 1, "phone=+31612345678!"), event("b", 1, "phone=06 12345678!")]
    said = [event(f"s{n}", 1, f"phone=+1254555{n:04}?") for n in range(9)]
    assert region_of(proven) == region_of(proven + said) == "NL"
    assert region_of(said) == "US"
    assert region_of([]) == "US"


@pytest.mark.parametrize(
    ("local", "names", "wanted"),
    [
        ("sarah.jacobs17", [], "Sarah Jacobs"),
        ("jacobs_sarah", ["Sarah Jacobs"], "Sarah Jacobs"),
        ("jacobs.sarah", ["Jacobs, Sarah"], "Sarah Jacobs"),
        ("s.jacobs", [], "S. Jacobs"),
        ("gregorylemke", ["Elaine Lemke"], "Gregory Lemke"),
        ("lemkegregory", ["Elaine Lemke"], "Gregory Lemke"),
        ("glemke", ["Elaine Lemke"], "G. Lemke"),
        ("elaine67", ["Elaine Lemke"], "Elaine"),
        ("elainevandenberg", ["Elaine"], "Elaine Vandenberg"),
        ("gregory4", [], "Gregory"),
        ("zebulonia", ["Charles King"], "Zebulonia"),
        ("cbrownvital", ["Calvin"], ""),
        ("zebulonia", ["Вера Исаева"], ""),
        ("vera.isaeva", ["Вера Исаева"], "Vera Isaeva"),
        ("olga.petrova", ["Вера Исаева"], ""),
        ("chie.watanabe", ["知実 渡辺"], ""),
        ("zebulonia", [], ""),
        ("u5f3a", ["Elaine Lemke"], ""),
        ("...", [], ""),
    ],
)
def test_the_name_that_a_mailbox_spells(local: str, names: list[str], wanted: str) -> None:
    """Cut where a known name ends; a word of which nothing is known, and that begins otherwise, is somebody else."""
    assert spelled(local, names) == wanted


def told(*events: Event, purpose: Purpose = Purpose.ASSIST) -> set[frozenset[str]]:
    return parts(resolve_events(events, purpose).clusters())


def groups(text: str) -> set[frozenset[str]]:
    """`ab c` is a and b together, and c."""
    return {frozenset(group) for group in text.split()}


MAIL = event("m", 1, "email=ana@x.nl!", name="Ana Blom", channel="email")
TWICE = event("n", 2, "email=ANA@x.nl!", name="Ana Blom", channel="email")
TYPED = event("t", 3, "cookie=c1!", "email=ana@x.nl?", name="Ana Blom", channel="webchat")
FORGED = event("f", 4, "email=ana@x.nl?", name="Ana Blom", channel="email")
CASES = [
    ("who proves the same mailbox is one customer", [MAIL, TWICE], "mn", "mn"),
    ("who types an address discloses nothing, and assists", [MAIL, TYPED], "m t", "mt"),
    ("who proves nothing is nobody, even twice", [FORGED, replace(FORGED, id="g")], "f g", "fg"),
    ("a forged sender gets no nearer than that", [MAIL, FORGED], "m f", "mf"),
    (
        "a log-in makes the device and the account's mailbox one",
        [MAIL, event("l", 2, "cookie=c1!", "account_id=7!", "email=ana@x.nl!"), event("c", 3, "cookie=c1!")],
        "mlc", "mlc",
    ),
    (
        "a platform's number is its account's",
        [event("w", 1, "bsuid=NL.1!", "phone=+31612345678!"), event("s", 2, "phone=+31612345678!")],
        "ws", "ws",
    ),
    (
        "who takes over a handle is nobody's successor, whatever they call themselves",
        [event("a", 1, "x_id=1!", "x_handle=ana!", name="Ana Blom"),
         event("b", 9, "x_id=2!", "x_handle=ana!", name="Ana Blom"),
         event("c", 12, "x_id=2!", "x_handle=ana!", name="Ana Blom")],
        "a bc", "a bc",
    ),
    (
        "a number that went to another account after a silence is two customers'",
        [event("a", 1, "bsuid=NL.1!", "phone=+31612345678!"), event("b", 90, "bsuid=NL.2!", "phone=+31612345678!"),
         event("c", 95, "phone=+31612345678!"), event("d", 2, "phone=+31612345678!")],
        "ad bc", "ad bc",
    ),
    (
        "a number whose account moved to another one is somebody else's after a silence",
        [event("a", 1, "bsuid=NL.1!", "phone=+31612345678!"), event("b", 9, "bsuid=NL.1!", "phone=+31687654321!"),
         event("c", 12, "bsuid=NL.1!", "phone=+31687654321!"), event("d", 80, "phone=+31612345678!")],
        "abc d", "abc d",
    ),
    (
        "who moved only once may have two numbers",
        [event("a", 1, "bsuid=NL.1!", "phone=+31612345678!"), event("b", 9, "bsuid=NL.1!", "phone=+31687654321!"),
         event("d", 80, "phone=+31612345678!")],
        "abd", "abd",
    ),
    (
        "a number that nobody used for a year is somebody's anew",
        [event("a", 1, "phone=+31612345678!"), event("b", 300, "phone=+31612345678!"),
         event("c", 700, "phone=+31612345678!")],
        "ab c", "ab c",
    ),
    (
        "who named a number a year before anybody proved it named somebody else's",
        [event("a", 1, "email=ana@x.nl!", "phone=+31612345678?"), event("c", 700, "phone=+31612345678!")],
        "a c", "a c",
    ),
    (
        "a number whose account is met at another one, and never again at this, is somebody else's after eight months",
        [event("a", 1, "bsuid=NL.1!", "phone=+31612345678!"), event("d", 250, "phone=+31612345678!"),
         event("b", 400, "bsuid=NL.1!", "phone=+31687654321!")],
        "ab d", "ab d",
    ),
    (
        "it is not if the account came back to it",
        [event("a", 1, "bsuid=NL.1!", "phone=+31612345678!"), event("d", 250, "phone=+31612345678!"),
         event("b", 400, "bsuid=NL.1!", "phone=+31687654321!"),
         event("c", 420, "bsuid=NL.1!", "phone=+31612345678!")],
        "abcd", "abcd",
    ),
    (
        "who names a number long before it was proven may mean whoever had it then",
        [event("p", 300, "phone=+31612345678!"), event("s", 340, "phone=+31612345678!"),
         event("a", 1, "email=ana@x.nl!", "phone=+31612345678?"),
         event("b", 290, "email=bo@x.nl!", "phone=+31612345678?")],
        "a b ps", "a bps",
    ),
    (
        "at a role's mailbox each is who they say, and who says nothing nobody",
        [event("a", 1, "email=sales@firm.nl!", name="Ana Blom"), event("b", 2, "email=sales@firm.nl!", name="A. Blom"),
         event("c", 3, "email=sales@firm.nl!", name="Karl Suhr"), event("d", 4, "email=sales@firm.nl!")],
        "ab c d", "ab c d",
    ),
    (
        "a family's mailbox is told by its words",
        [event("a", 1, "email=the.blom.family@x.nl!", name="Ana Blom"), event("b", 2, "email=the.blom.family@x.nl!")],
        "a b", "a b",
    ),
    (
        "at a device of several nothing is disclosed, and the agent is told by name",
        [event("a", 1, "cookie=k!", name="Ana Blom"), event("b", 2, "cookie=k!", name="Ana Blom"),
         event("c", 3, "cookie=k!", name="Karl Suhr"), event("d", 4, "cookie=k!")],
        "a b c d", "ab c d",
    ),
    (
        "a mailbox that spells another name makes a device one of several",
        [event("a", 1, "cookie=k!", name="Elaine Lemke"), event("b", 2, "cookie=k!", "email=gregorylemke@x.nl?")],
        "a b", "a b",
    ),
    (
        "how a name in another script is spelled in a mailbox is its owner's choice",
        [event("a", 1, "cookie=k!", name="知実 渡辺"), event("b", 2, "cookie=k!", "email=chie.watanabe@x.jp?"),
         event("c", 3, "cookie=k!")],
        "abc", "abc",
    ),
    (
        "who claims two people's addresses is not believed",
        [MAIL, event("p", 1, "bsuid=NL.1!", "phone=+31612345678!", name="Karl Suhr"),
         event("x", 5, "cookie=c9!", "email=ana@x.nl?", "phone=+31612345678?", name="Ana Blom")],
        "m p x", "m p x",
    ),
    (
        "who calls without a name from a number that nobody proved may be anybody in the house",
        [event("a", 1, "phone=+31201234567?", name="Ana Blom", channel="voice"),
         event("b", 2, "phone=+31201234567?", channel="voice"),
         event("c", 3, "phone=+31201234567?", name="Ana Blom", channel="voice")],
        "a b c", "ac b",
    ),
    (
        "a caller's number that somebody proved is believed to assist",
        [event("a", 1, "phone=+31201234567!"), event("b", 2, "phone=+31201234567?", channel="voice")],
        "a b", "ab",
    ),
    (
        "a signature's number is a likely one",
        [event("a", 1, "email=ana@x.nl!", "phone=+31612345678~", name="Ana Blom"),
         event("b", 2, "phone=+31612345678!")],
        "a b", "ab",
    ),
    (
        "two accounts at one platform are two people, whatever they claim",
        [event("a", 1, "psid=p:1!", "email=ana@x.nl?"), event("b", 2, "psid=p:2!", "email=ana@x.nl?")],
        "a b", "a b",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("says", "events", "disclose", "assist"), CASES, ids=[case[0] for case in CASES])
def test_whose_events_are(says: str, events: list[Event], disclose: str, assist: str) -> None:
    assert told(*events, purpose=Purpose.DISCLOSE) == groups(disclose)
    assert told(*events) == groups(assist)


def test_what_only_assists_is_marked() -> None:
    found = resolve_events([MAIL, TWICE, TYPED, FORGED])
    assert found.unproven("m", "t")
    assert found.unproven("m", "f")
    assert not found.unproven("m", "n")


def strangers(several: int) -> list[Event]:
    """People of all names, each proven by a mailbox of their own that spells it."""
    given = ["Ana", "Karl", "Judith", "Pedro", "Olga", "Walter", "Ines", "Bruno", "Vera", "Hugo"]
    family = ["Blom", "Suhr", "Nowers", "Lemke", "Carullo", "Weiss", "Duarte", "Holm", "Petit", "Novak"]
    names = [f"{one} {other}" for one in given for other in family][:several]
    return [
        event(f"s{place}", place, f"email={name.lower().replace(' ', '.')}@x.nl!", name=name)
        for place, name in enumerate(names)
    ]


def rare(record: str, said: str, **place: str) -> Event:
    return event(record, 50, said, name="Zbigniew Quistgaard", **place)


def test_a_rare_name_is_likely_one_customers() -> None:
    """Even without an identifier in common; it is marked, and never disclosed."""
    several = [
        *strangers(100), rare("a", "email=zbigniew.quistgaard@y.nl!"), rare("b", "psid=p:1!"),
    ]  # fmt: skip
    assert frozenset("ab") in told(*several)
    assert frozenset("a") in told(*several, purpose=Purpose.DISCLOSE)
    assert resolve_events(several).unproven("a", "b")


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (event("b", 50, "cookie=c1!", name="Zbigniew Quistgaard"), "a device proves nobody"),
        (event("b", 50, "email=b@y.nl?", name="Zbigniew Quistgaard"), "who proves nothing can take any name"),
        (event("b", 50, "email=attacker3@y.nl!", name="Zbigniew Quistgaard"), "the mailbox spells another"),
        (event("b", 50, "psid=p:1!", name="Zbigniew Quist"), "another name"),
        (event("b", 50, "psid=p:1!", name="Zbigniew"), "half a name"),
    ],
)
def test_a_name_alone_is_not_enough(other: Event, says: str) -> None:
    assert frozenset("ab") not in told(*strangers(100), rare("a", "email=zbigniew.quistgaard@y.nl!"), other)


def test_a_frequent_name_is_nobodys() -> None:
    """Of twenty who are called so, each with an account of their own, no two are one."""
    several = [event(f"p{n}", n, f"psid=p:{n}!", name="Ana Blom") for n in range(20)]
    assert told(*strangers(50), *several, event("w", 3, "bsuid=NL.1!", name="Ana Blom")) >= {frozenset("w")}


def test_one_house_makes_one_name_one_customers() -> None:
    """Where there are namesakes for certain; a name alone is not enough, another house speaks against."""
    several = [rare(f"p{n}", f"psid=p:{n}!") for n in range(2)]
    home, away = {"street": "Dam 1", "postcode": "1011AB"}, {"street": "Kade 9", "postcode": "9988ZZ"}
    one = rare("a", "email=zbigniew.quistgaard@y.nl!", **home)
    same, other = rare("b", "account_id=7!", **home), rare("b", "account_id=7!", **away)
    for another, wanted in ((same, True), (other, False), (rare("b", "account_id=7!"), False)):
        found = resolve_events([*strangers(100), *several, one, another], Purpose.ANALYTICS).clusters()
        assert (found["a"] == found["b"]) is wanted


def test_two_different_events_of_one_id_are_refused() -> None:
    """A repetition is none."""
    assert told(MAIL, MAIL) == groups("m")
    with pytest.raises(
        ValueError, match="two different events are called 'm'; give each a record_id of its own"
    ):
        told(MAIL, replace(TYPED, id="m"))


VALUES = {
    "email": ["ana@x.nl", "karl@x.nl", "sales@firm.nl"], "phone": ["+31612345678", "06 87654321"],
    "psid": ["p:1", "p:2"], "x_id": ["1", "2"], "x_handle": ["ana", "karl"], "cookie": ["c1", "c2"], "account_id": ["7", "8"],
}  # fmt: skip
SAID = st.sampled_from([f"{kind}={value}" for kind, values in VALUES.items() for value in values])
PERSON = st.sampled_from(["", "Ana Blom", "Karl Suhr", "A. Blom", "Ana"])


@st.composite
def events(draw: st.DrawFn, proof: str = "!?~", prefix: str = "e", most: int = 12) -> list[Event]:
    found = []
    for number in range(draw(st.integers(0, most))):
        said = [word + draw(st.sampled_from(proof)) for word in draw(st.lists(SAID, max_size=3, unique=True))]
        found.append(event(f"{prefix}{number}", draw(st.integers(0, 800)), *said, name=draw(PERSON)))
    return found


@settings(deadline=None)
@given(events(), st.randoms(use_true_random=False), st.sampled_from(Purpose))
def test_order_and_repetition_change_nothing(
    several: list[Event], chance: random.Random, purpose: Purpose
) -> None:
    shuffled = several + several[:3]
    chance.shuffle(shuffled)
    assert resolve_events(shuffled, purpose).clusters() == resolve_events(several, purpose).clusters()


@settings(deadline=None)
@given(events())
def test_each_view_refines_the_next(several: list[Event]) -> None:
    views = [told(*several, purpose=purpose) for purpose in Purpose]
    for strict, lax in zip(views, views[1:], strict=False):
        assert all(any(group <= wider for wider in lax) for group in strict)


@settings(deadline=None)
@given(events(), events(proof="?~", prefix="x"))
def test_whoever_proves_nothing_changes_nothing_that_is_disclosed(
    several: list[Event], unproven: list[Event]
) -> None:
    """Neither joined nor parted: whatever is claimed, by however many, and under any name."""
    before = told(*several, purpose=Purpose.DISCLOSE)
    after = told(*several, *unproven, purpose=Purpose.DISCLOSE)
    assert before | {frozenset({one.id}) for one in unproven} == after


@settings(deadline=None)
@given(
    events(),
    st.sampled_from(["email=eve@evil.example!", "psid=p:666!", "cookie=evil!"]),
    events(proof="?~", prefix="x"),
)
def test_who_proves_only_what_is_theirs_changes_nothing_of_others(
    several: list[Event], own: str, hostile: list[Event]
) -> None:
    """An attacker with a mailbox, an account or a device of their own gets no other event, and parts none."""
    mine = event("o", 1, own).identifiers
    attack = [replace(one, identifiers=(*mine, *one.identifiers)) for one in hostile]
    before = told(*several, purpose=Purpose.DISCLOSE)
    after = told(*several, *attack, purpose=Purpose.DISCLOSE)
    assert before <= after
