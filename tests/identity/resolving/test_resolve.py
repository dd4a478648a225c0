"""Records in, clusters out: families stay apart, the order of a file says nothing, purposes nest."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from random import Random

import pytest

from omnichannel.errors import UsageError
from omnichannel.identity.likeness.drawing import draw
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.resolving import Resolved, resolve
from tests.identity.resolving.people import HEADINGS, records

ROWS, OWNERS = records(120)


@pytest.fixture(scope="module")
def clustered() -> Resolved:
    """The records resolved: when a test wants it, and not as soon as anybody looks for tests."""
    return resolve(ROWS, HEADINGS)


def pairs(clusters: list[int]) -> set[tuple[int, int]]:
    members: dict[int, list[int]] = {}
    for place, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(place)
    return {(a, b) for group in members.values() for i, a in enumerate(group) for b in group[i + 1 :]}


def scores(found: Resolved, owners: list[int], purpose: str = "assist") -> tuple[float, float]:
    true, said = pairs(owners), pairs(found.clusters(purpose))
    return len(true & said) / max(1, len(said)), len(true & said) / len(true)


def test_people_are_found_and_families_stay_apart(clustered: Resolved) -> None:
    """Without labels: relatives at one address are not one customer, slips of the pen hide nobody."""
    precision, recall = scores(clustered, OWNERS)
    assert precision > 0.98
    assert recall > 0.95


def test_the_order_of_a_file_says_nothing(clustered: Resolved) -> None:
    """The same records shuffled are clustered in the same way."""
    order = list(range(len(ROWS)))
    Random(7).shuffle(order)
    shuffled = resolve([ROWS[place] for place in order], HEADINGS).clusters()
    assert {tuple(sorted((order[a], order[b]))) for a, b in pairs(shuffled)} == pairs(clustered.clusters())


def test_each_purpose_refines_the_next(clustered: Resolved) -> None:
    """What is disclosed is within what helps an agent, and that within what is only counted."""
    disclose, assist, analytics = (
        pairs(clustered.clusters(purpose)) for purpose in ("disclose", "assist", "analytics")
    )
    assert disclose <= assist <= analytics
    assert disclose


def test_to_disclose_takes_more_than_a_name() -> None:
    """Equal in all but an identifier joins for an agent, never to disclose."""
    rows = [
        *ROWS,
        *(
            {"given_name": "zbigniew", "surname": "wolniewicz", "dob": "1950-03-04", "email": ""}
            for _ in "ab"
        ),
    ]
    found = resolve(rows, HEADINGS)
    last = (len(rows) - 2, len(rows) - 1)
    assert last in pairs(found.clusters("assist"))
    assert last not in pairs(found.clusters("disclose"))


def test_an_unknown_purpose_is_refused(clustered: Resolved) -> None:
    with pytest.raises(UsageError, match="disclose, assist, analytics"):
        clustered.clusters("fun")


def test_fewer_bits_join_no_fewer(clustered: Resolved) -> None:
    """Falling thresholds nest."""
    found = [pairs(clusters) for clusters in clustered.nested([20, 10, 0, -3])]
    assert all(strict <= loose for strict, loose in zip(found, found[1:], strict=False))


def test_what_was_left_apart_waits_for_a_person_likeliest_first(clustered: Resolved) -> None:
    """Pairs across clusters only."""
    owner = clustered.clusters()
    review = clustered.review()
    assert all(owner[one] != owner[other] for _, one, other in review)
    assert [odds for odds, *_ in review] == sorted((odds for odds, *_ in review), reverse=True)


def test_every_scored_pair_explains_itself(clustered: Resolved) -> None:
    """The steps add up to the odds; fields say in words what was found; the picture is well-formed and speaks."""
    assert clustered.edges
    for odds, one, other in clustered.edges[::25]:
        waterfall = clustered.explain(one, other)
        assert waterfall.odds == pytest.approx(odds)
        assert sum(step.bits for step in waterfall.steps) == pytest.approx(
            odds, abs=0.05 * len(HEADINGS) + 0.5
        )
        assert waterfall.lines()[-1].endswith(f"{waterfall.probability:.4f}")
        picture = ET.fromstring(draw(waterfall))  # noqa: S314 - our own text
        assert picture.find("{http://www.w3.org/2000/svg}desc") is not None
        assert len(picture.findall("{http://www.w3.org/2000/svg}rect")) == len(waterfall.steps) + 1


def test_a_model_learned_on_one_file_serves_another(clustered: Resolved) -> None:
    """Through JSON; it has to know the fields."""
    rows, owners = records(60, seed=5)
    model = Model.from_json(clustered.scorer.model.to_json())
    precision, recall = scores(resolve(rows, HEADINGS, model), owners)
    assert precision > 0.97
    assert recall > 0.9
    with pytest.raises(UsageError, match="passport_number"):
        resolve([{"passport_number": "X123456"}], ["passport_number"], model)


@pytest.mark.parametrize("rows", [[], [{"given_name": "ann"}], [{"given_name": "n/a"}] * 3, [{}, {}]])
def test_small_and_empty_files(rows: list[dict[str, str]]) -> None:
    """Nothing said joins nobody."""
    assert resolve(rows, ["given_name"]).clusters() == list(range(len(rows)))


def test_sources_without_doubles_are_seen() -> None:
    """Two lists of the same people: within one list equal names are namesakes."""
    random = Random(3)
    rows, owners = [], []
    for person in range(300):
        base = {"given_name": random.choice(["jan", "piet", "kees", "anna", "els"]), "surname": f"fam{person % 60}",
                "dob": f"{random.randint(1950, 1999)}-{random.randint(1, 12):02}-{random.randint(2, 28):02}"}  # fmt: skip
        for source in "ab":
            rows.append({**base, "src": source})
            owners.append(person)
    found = resolve(rows, ["src", "given_name", "surname", "dob"])
    priors = found.scorer.model.priors
    assert priors["0.1"] > 5 * max(priors["0.0"], priors["1.1"])
    assert scores(found, owners)[0] > 0.99


def test_several_values_in_a_cell_any_of_which_may_agree() -> None:
    """And values in the wrong place: the names exchanged, a date in another layout."""
    rows = [*ROWS,
            {"given_name": "Zsofia", "surname": "Kertesz", "email": "z@x.example | zk@y.example", "dob": "1970-05-06"},
            {"given_name": "Kertesz", "surname": "Zsofia", "email": "zk@y.example", "dob": "06/05/1970"}]  # fmt: skip
    assert (len(rows) - 2, len(rows) - 1) in pairs(resolve(rows, HEADINGS).clusters("disclose"))


def test_no_cluster_is_a_chain(clustered: Resolved) -> None:
    """A sister of nearly the same name may slip in; a third person never does."""
    people: dict[int, set[int]] = {}
    for cluster, owner in zip(clustered.clusters(), OWNERS, strict=True):
        people.setdefault(cluster, set()).add(owner)
    assert max(map(len, people.values())) <= 2
    assert Counter(map(len, people.values()))[2] <= 2


TITLES = ["the art of computer programming", "a pattern language", "structure and interpretation of computer programs",
          "how buildings learn", "the timeless way of building", "notes on the synthesis of form"]  # fmt: skip


def test_a_file_of_one_text_joins_the_same_words() -> None:
    """In any order and spelling of the words; other titles that share a word stay apart. Nothing can be learned there."""
    rows = [{"label": title} for title in TITLES] + [
        {"label": "Computer Programming, the Art of"},
        {"label": TITLES[3]},
    ]
    assert resolve(rows, ["label"]).clusters() == [0, 1, 2, 3, 4, 5, 0, 3]
