"""A method never proves more than it can, whatever a row of the journal says."""

from __future__ import annotations

import pytest

from omnichannel.identity import DISCLOSE, METHODS, Method, Policy, joins
from omnichannel.identity.policy import weaker
from omnichannel.model import Strength

from .journals import claim


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("claimed", Strength)
def test_a_method_is_held_to_its_table(name: str, claimed: Strength) -> None:
    counted = DISCLOSE.strength(claim(1, 1, 2, claimed, method=name))
    assert counted == weaker(claimed, METHODS[name].most)
    assert joins(claim(1, 1, 2, claimed, method=name)) == (claimed.proves and METHODS[name].most.proves)


def test_only_proof_of_control_can_verify() -> None:
    verifies = {name for name, method in METHODS.items() if method.most == Strength.VERIFIED}
    assert verifies == {"platform_id", "platform_mapping", "dmarc", "token", "login"}


def test_a_method_of_a_third_party_counts_as_it_says_and_can_be_held_down() -> None:
    entry = claim(1, 1, 2, "verified", method="carrier-lookup")
    assert joins(entry)
    careful = Policy(methods={**METHODS, "carrier-lookup": Method(Strength.INFERRED, "the carrier lists it")})
    assert not joins(entry, careful)
    assert careful.says(entry) == "the carrier lists it"


@pytest.mark.parametrize("one", Strength)
@pytest.mark.parametrize("other", Strength)
def test_the_weaker_of_two_proves_only_if_both_do(one: Strength, other: Strength) -> None:
    assert weaker(one, other) == weaker(other, one) in (one, other)
    assert weaker(one, other).proves == (one.proves and other.proves)
