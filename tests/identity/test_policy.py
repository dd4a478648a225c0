"""A method never proves more than it can, whatever a row of the journal says; everything here can be overridden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omnichannel.identity import KINDS, METHODS, POLICY, Kind, Method, Policy, Purpose, joins
from omnichannel.identity.policy import weaker
from omnichannel.model import Strength

from .journals import claim

DAY = 86_400 * 1_000_000


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("claimed", Strength)
def test_a_method_is_held_to_its_table(name: str, claimed: Strength) -> None:
    counted = POLICY.strength(claim(1, 1, 2, claimed, method=name))
    assert counted == weaker(claimed, METHODS[name].most)
    assert joins(claim(1, 1, 2, claimed, method=name)) == (claimed.proves and METHODS[name].most.proves)


def test_only_proof_of_control_can_verify() -> None:
    verifies = {name for name, method in METHODS.items() if method.most == Strength.VERIFIED}
    assert verifies == {"platform_id", "platform_mapping", "number_change", "dmarc", "token", "login"}


def test_only_what_senders_say_of_themselves_can_be_mutual() -> None:
    """A card, a forged From, a number that the network shows may be anybody's."""
    assert {name for name, method in METHODS.items() if method.own} == {"form", "text", "profile"}
    assert all(method.most is Strength.ASSERTED for method in METHODS.values() if method.own)
    assert POLICY.own(claim(1, 1, 2, "asserted", method="text"))
    assert POLICY.own(claim(1, 1, 2, "verified", method="text"))
    assert not POLICY.own(claim(1, 1, 2, "inferred", method="text"))
    assert not POLICY.own(claim(1, 1, 2, "asserted", method="of somebody's plug-in"))


def test_a_method_of_a_third_party_counts_as_it_says_and_can_be_held_down() -> None:
    entry = claim(1, 1, 2, "verified", method="carrier-lookup")
    assert joins(entry)
    careful = Policy(methods={**METHODS, "carrier-lookup": Method(Strength.INFERRED, "the carrier lists it")})
    assert not joins(entry, policy=careful)
    assert careful.says(entry) == "the carrier lists it"
    assert (POLICY.likely(entry), POLICY.expires(entry)) == (1.0, None)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_reason_and_a_probability(name: str) -> None:
    method = METHODS[name]
    assert method.says
    assert 0 < method.likely <= 1
    assert method.most.proves or method.likely < 1 or name == "likeness"  # which says it of each pair itself


def test_how_likely_is_what_the_entry_says_else_what_its_method_is() -> None:
    assert POLICY.likely(claim(1, 1, 2, "asserted", method="text")) == METHODS["text"].likely
    assert POLICY.likely(claim(1, 1, 2, "asserted", method="text", likely=0.2)) == 0.2


@pytest.mark.parametrize(
    ("lasts", "expires_at", "ends"),
    [(None, None, None), (30 * DAY, None, 31 * DAY), (None, 5 * DAY, 5 * DAY), (30 * DAY, 5 * DAY, 5 * DAY),
     (DAY, 5 * DAY, 2 * DAY)],
    ids=["never", "its method's time", "its own moment", "its own is earlier", "its method's is earlier"],
)  # fmt: skip
def test_a_claim_ends_at_its_own_moment_or_after_its_methods_time(lasts, expires_at, ends) -> None:
    policy = Policy(methods={**METHODS, "text": replace(METHODS["text"], lasts=lasts)})
    entry = claim(1, 1, 2, "asserted", at=DAY, method="text", expires_at=expires_at)
    assert policy.expires(entry) == ends


@pytest.mark.parametrize("one", Strength)
@pytest.mark.parametrize("other", Strength)
def test_the_weaker_of_two_proves_only_if_both_do(one: Strength, other: Strength) -> None:
    assert weaker(one, other) == weaker(other, one) in (one, other)
    assert weaker(one, other).proves == (one.proves and other.proves)


# --- kinds --------------------------------------------------------------------------------------------------


def test_a_limit_is_for_disclosing_and_wider_elsewhere_if_it_says_so() -> None:
    kind = Kind(2, 5)
    assert [kind.limit(purpose) for purpose in Purpose] == [2, 5, 5]
    assert [Kind(2).limit(purpose) for purpose in Purpose] == [2, 2, 2]


@pytest.mark.parametrize("name", KINDS)
def test_no_view_has_tighter_limits_than_the_stricter_one(name: str) -> None:
    limits = [KINDS[name].limit(purpose) for purpose in Purpose]
    assert limits == sorted(limits)
    assert not (KINDS[name].account and KINDS[name].device)


def test_of_an_unknown_kind_are_ids_that_a_platform_gives_out() -> None:
    kind = POLICY.kind("a plug-in's")
    assert (kind.account, kind.device, kind.gap) == (True, False, None)


def test_a_number_is_given_out_again_after_a_silence_and_a_handle_at_once() -> None:
    """After 45 days in which nobody proved to have it; a handle can be somebody else's the next moment."""
    assert KINDS["phone"].gap == 45 * DAY
    assert KINDS["handle"].gap == 0
    assert {name for name, kind in KINDS.items() if kind.gap is not None} == {"phone", "handle"}


# --- what makes no sense --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "least",
    [{}, {Purpose.ASSIST: 0.9}, {Purpose.ANALYTICS: 0.5}, {Purpose.ASSIST: 0.4, Purpose.ANALYTICS: 0.5}],
    ids=["none", "no analytics", "no assist", "analytics joins less than assist"],
)
def test_a_policy_whose_views_would_not_nest_is_refused(least) -> None:
    with pytest.raises(ValueError, match="analytics no more than assist"):
        Policy(least=least)
