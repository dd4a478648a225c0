"""Who may do what: roles as data, the reach of each, and a reason for every verdict."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from omnichannel.desk.access import ROLES, Access, Role, may
from omnichannel.desk.access.deciding import sees_all
from omnichannel.model import Agent, Conversation, Grant, Permission
from omnichannel.model.desk import Case

RULES = Access()
EVERYTHING: tuple[Permission, ...] = get_args(Permission)


def agent(*grants: Grant, teams: tuple[str, ...] = (), role: str = "person") -> Agent:
    return Agent.model_validate({"id": "1", "name": "zoe", "role": role, "teams": teams, "grants": grants})


def case(team: str = "", assignee: str = "", followers: tuple[str, ...] = ()) -> Case:
    talk = Conversation.model_construct(id="c", assignee=assignee, status="open")
    return Case.model_construct(conversation=talk, team=team, followers=followers)


def test_who_was_granted_nothing_has_the_role_of_all_people_or_bots() -> None:
    assert may(RULES, agent(), "answer").because == "zoe is agent"
    assert may(RULES, agent(role="bot"), "answer").because == "zoe is bot"
    assert not may(Access(person=""), agent(), "read")
    assert may(Access(person=""), agent(), "read").because == "zoe has no role"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("agent", {"read", "history", "likely", "answer", "work", "assign"}),
        ("bot", {"read", "history", "answer", "work"}),
        ("auditor", {"read", "history", "report", "trail"}),
        ("admin", set(EVERYTHING)),
    ],
)
def test_a_role_may_what_it_says_and_nothing_else(role: str, allowed: set[str]) -> None:
    who = agent(Grant(role=role))
    assert {one for one in EVERYTHING if may(RULES, who, one)} == allowed


def test_only_an_admin_grants_roles_erases_or_reads_what_is_raw() -> None:
    """What would let somebody have more than they were given, or take it away for good."""
    for permission in ("grant", "erase", "raw", "operate", "connect"):
        assert [role.name for role in ROLES if permission in role.may] == ["admin"]


@pytest.mark.parametrize(
    ("there", "allowed", "why"),
    [
        (case(), True, "no team's"),
        (case("billing"), True, "of billing"),
        (case("repairs"), False, "of repairs, and nobody has it"),
        (case("repairs", "mia"), False, "of repairs, and mia has it"),
        (case("repairs", "zoe"), True, "theirs"),
        (case("repairs", "mia", ("zoe",)), True, "followed"),
    ],
)
def test_an_agent_reaches_their_own_cases_their_teams_and_nobodys(
    there: Case, allowed: bool, why: str
) -> None:
    verdict = may(RULES, agent(teams=("billing",)), "read", there)
    assert bool(verdict) is allowed
    assert why in verdict.because


def test_a_role_for_some_teams_is_about_their_cases_and_nothing_else() -> None:
    lead = agent(Grant(role="supervisor", teams=("billing",)))
    assert may(RULES, lead, "correct", case("billing"))
    assert not may(RULES, lead, "correct", case("repairs"))
    assert "about no case of theirs" in may(RULES, lead, "report").because
    assert may(RULES, lead, "read", theirs=True)
    assert not sees_all(RULES, lead, "read")
    assert sees_all(RULES, agent(Grant(role="supervisor")), "read")


def test_the_best_of_several_roles_counts() -> None:
    both = agent(Grant(role="auditor"), Grant(role="supervisor", teams=("billing",)))
    assert may(RULES, both, "trail")
    assert may(RULES, both, "correct", case("billing"))
    assert "auditor" in may(RULES, both, "correct", case("repairs")).because


def test_own_reach_is_what_somebody_has_or_follows() -> None:
    rules = Access(roles=(*ROLES, Role(name="trainee", may=("read",), reach="own")))
    trainee = agent(Grant(role="trainee"), teams=("billing",))
    assert may(rules, trainee, "read", case("billing", "zoe"))
    assert not may(rules, trainee, "read", case("billing"))


def test_a_role_that_is_no_more_gives_nothing() -> None:
    verdict = may(Access(roles=ROLES), agent(Grant(role="wizard")), "read")
    assert not verdict
    assert "there is no more" in verdict.because


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"roles": [{"name": "a", "may": []}, {"name": "a", "may": []}]}, "two roles"),
        ({"person": "boss"}, "no role is called 'boss'"),
        ({"keys": ["short"]}, "less than 16"),
        ({"roles": [{"name": "agent", "may": ["fly"]}]}, "Input should be"),
    ],
)
def test_what_does_not_hang_together_is_told(given: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        Access.model_validate(given)


def test_a_key_is_shown_nowhere() -> None:
    rules = Access.model_validate({"keys": ["a key that nobody sees"]})
    assert "nobody sees" not in repr(rules) + rules.model_dump_json()
