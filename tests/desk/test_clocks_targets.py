"""Targets: how they are written, which one holds, and those to begin with."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import get_args

import pytest

from omnichannel.channels.email import Email
from omnichannel.channels.messenger import Messenger
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.desk.clocks import Facts, chosen, default_targets, window_targets
from omnichannel.desk.clocks.choosing import because
from omnichannel.model.desk import Priority, Target, Timed
from omnichannel.plugins import own_kinds

TOML = """
[[targets]]
name = "chat for gold"
what = "first"
within = "1 min 30 s"
kinds = ["webchat"]
tiers = ["gold"]

[[targets]]
name = "solved"
what = "resolution"
within = "2.5 h"
time = "calendar"
warn = 0.5
"""


def test_targets_are_plain_toml() -> None:
    gold, solved = [Target.model_validate(table) for table in tomllib.loads(TOML)["targets"]]
    assert (gold.within, gold.time, gold.warn, gold.pauses) == (timedelta(seconds=90), "working", 0.8, ())
    assert (solved.within, solved.time, solved.warn, solved.pauses) == (
        timedelta(hours=2, minutes=30), "calendar", 0.5, ("waiting",),
    )  # fmt: skip
    assert Target.model_validate_json(gold.model_dump_json()) == gold
    assert Target(name="a", what="first", within=timedelta(days=1)).within == timedelta(hours=24)


WRONG = {
    "no unit": ({"within": 30}, "30 of what"),
    "no length": ({"within": "soon"}, "write it as in 30 min"),
    "a rest": ({"within": "4 h or so"}, "write it as in 30 min"),
    "nothing": ({"within": ""}, "write it as in 30 min"),
    "working days": ({"within": "2 days"}, "a working day has no length of its own"),
    "another unit": ({"within": "2 weeks"}, "write h, min or s"),
    "no time at all": ({"within": "0 h"}, "greater than 0"),
    "no name": ({"name": ""}, "at least 1"),
    "warned after the end": ({"warn": 1.5}, "less than or equal to 1"),
    "a window in our hours": ({"what": "window"}, "no platform knows our hours"),
    "no such thing": ({"what": "third"}, "'first', 'next', 'resolution' or 'window'"),
    "an unknown field": ({"channel": "email"}, "channel"),
}


@pytest.mark.parametrize(("written", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_target_is_said(written: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Target.model_validate({"name": "a", "what": "first", "within": "1 h", **written})


def target(name: str, **which: object) -> Target:
    return Target.model_validate({"name": name, "what": "first", "within": "1 h", **which})


# Each case: the targets as they are written, and which one holds for an urgent mail of a gold customer to sales.
CHOICES = {
    "none": ([], None),
    "the only one": ([target("any")], "any"),
    "another kind": ([target("chat", kinds=["webchat"])], None),
    "one of several kinds": ([target("both", kinds=["webchat", "email"])], "both"),
    "the channel before none": ([target("any"), target("mail", kinds=["email"])], "mail"),
    "the priority before the channel": ([target("mail", kinds=["email"]), target("now", priorities=["urgent"])], "now"),
    "the team before both": ([target("now", kinds=["email"], priorities=["urgent"]), target("ours", teams=["sales"])], "ours"),
    "the tier before all": ([target("ours", teams=["sales"], priorities=["urgent"]), target("gold", tiers=["gold"])], "gold"),
    "more of the same": ([target("gold", tiers=["gold"]), target("gold mail", tiers=["gold"], kinds=["email"])], "gold mail"),
    "the first among equals": ([target("one", teams=["sales"]), target("two", teams=["sales", "care"])], "one"),
    "what fits in part does not fit": ([target("any"), target("silver", tiers=["silver"], teams=["sales"])], "any"),
    "another thing that is timed": ([target("next", what="next", tiers=["gold"]), target("any")], "any"),
}  # fmt: skip


@pytest.mark.parametrize(("targets", "name"), CHOICES.values(), ids=CHOICES)
def test_the_most_specific_target_holds(targets: list[Target], name: str | None) -> None:
    found = chosen(targets, "first", "email", Facts(team="sales", tier="gold", priority="urgent"))
    assert (found and found.name) == name


def test_why_it_is_that_target() -> None:
    facts = Facts(team="sales", tier="gold")
    assert because(target("mail", kinds=["email"], tiers=["gold"]), "email", facts) == (
        "target 'mail': nothing that fits says more than tier gold, channel email"
    )
    assert because(target("any"), "email", facts) == "target 'any': no other fits"


@pytest.mark.parametrize("what", ["first", "next", "resolution"])
@pytest.mark.parametrize("kind", [*own_kinds(), "pigeon"])
def test_more_urgent_is_sooner_by_default(what: Timed, kind: str) -> None:
    """Every channel has a target at every priority, ours and any other."""
    lengths = []
    for priority in get_args(Priority):
        found = chosen(default_targets(), what, kind, Facts(priority=priority))
        assert found is not None
        lengths.append(found.within)
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == 4


def test_each_channel_is_as_fast_as_it_lives() -> None:
    order = ["webchat", "whatsapp", "x", "instagram", "voice", "email", "letter"]
    found = [chosen(default_targets(), "first", kind, Facts()) for kind in order]
    lengths = [one.within for one in found if one]
    assert lengths == sorted(set(lengths))
    named = {kind for one in default_targets() for kind in one.kinds}
    assert named <= {*own_kinds()}
    assert {*own_kinds()} - named == {"http"}
    assert len({one.name for one in default_targets()}) == len(default_targets())


@pytest.mark.parametrize(
    ("kind", "half_life", "within"),
    [
        ("x", timedelta(minutes=24), 30),
        ("facebook", timedelta(minutes=50), 30),
        ("instagram", timedelta(hours=19), 60),
    ],
)
def test_a_post_is_answered_while_it_is_read(kind: str, half_life: timedelta, within: int) -> None:
    """We are warned before half of what it ever gets has come, and told to be quick where a complaint is first."""
    found, first = (
        chosen(default_targets(), "first", kind, Facts(priority=one)) for one in ("normal", "urgent")
    )
    assert found is not None
    assert first is not None
    assert found.within == timedelta(minutes=within)
    assert found.within * found.warn <= half_life
    assert first.within <= timedelta(minutes=15)


def test_windows_are_what_the_channels_declare() -> None:
    found = window_targets({"email": Email.can, "messenger": Messenger.can, "whatsapp": WhatsApp.can})
    assert [(one.name, one.within, one.time) for one in found] == [
        ("window of messenger", timedelta(hours=24), "calendar"),
        ("window of whatsapp", timedelta(hours=24), "calendar"),
    ]
