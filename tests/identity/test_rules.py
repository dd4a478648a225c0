"""P1 to P10, and what holds them up, on whatever evidence log hypothesis can think of.

The rules, the logs and the attacks are those of `python -m bench identity_rules`, which tries them on 100,000 logs.
"""

from __future__ import annotations

import pytest
from bench.identity_rules.__main__ import first_break, log_of, main
from bench.identity_rules.faults import FAULTS
from bench.identity_rules.logs import random_log
from bench.identity_rules.rules import RULES
from bench.identity_rules.traits import traits
from hypothesis import event, given, settings
from hypothesis import strategies as st

CHANCE = st.randoms(use_true_random=False)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_identity(rule: str) -> None:
    """Each by its own name; what it says is its docstring."""

    @settings(max_examples=60)
    @given(CHANCE, CHANCE)
    def holds(chance, more_chance) -> None:
        log = random_log(chance)
        event(log.flavour)
        RULES[rule](log, more_chance)

    holds()


def test_a_slice_of_the_long_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--logs", "120", "--seed", "1"]) == 0
    printed = capsys.readouterr().out
    assert "120 logs from seed 1, 15 rules" in printed
    assert all(f"{rule} " in printed for rule in RULES)


def test_the_logs_are_of_every_kind_that_they_are_there_for() -> None:
    met = {trait for number in range(250) for trait in traits(log_of(number))}
    assert {trait for trait in met if not trait.startswith("of the flavour")} >= {
        "with a customer of four addresses or more", "with what only assist joins", "with what only analytics joins",
        "with a mutual claim that joins", "with a revocation taken back", "with something expired",
        "with an address that changed hands", "with an address left by its owner", "with somebody unproven",
        "with a shared address", "with one shared only in a laxer view", "with a link that a refusal stops",
        "with a link that a limit stops", "with a link that a shared address stops", "with a link that names stop", "with a link that an objection stops",
        "judged by an earlier moment",
    }  # fmt: skip


def test_the_same_seed_makes_the_same_log() -> None:
    assert log_of(7) == log_of(7) != log_of(8)


# The few that need hundreds of logs are left to `python -m bench identity_rules --faults`.
RARE = {
    "the_unproven_make_mutual_claims", "who_came_back_is_still_away", "an_unmerge_means_the_first_owner",
}  # fmt: skip


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.name not in RARE], ids=lambda fault: fault.name
)
def test_a_planted_fault_is_found(fault) -> None:
    """A rule that finds no mistake proves nothing. Afterwards the code is as it was."""
    right = vars(fault.owner)[fault.part]
    assert first_break(fault, 0, patience=400)
    assert vars(fault.owner)[fault.part] is right


def test_a_broken_rule_ends_the_run_with_the_command_that_repeats_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (fault,) = (fault for fault in FAULTS if fault.name == "strength_is_ignored")
    with fault.planted():
        assert main(["--logs", "50", "--rule", "attack"]) == 1
    printed = capsys.readouterr().out
    assert "rule attack is broken: AssertionError" in printed
    again = printed.splitlines()[-1].removeprefix("again: python -m bench identity_rules ").split()
    with fault.planted():
        assert main(again) == 1
    assert main(again) == 0


def test_faults_that_nothing_finds_fail_the_run(capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setattr("bench.identity_rules.__main__.FAULTS", FAULTS[:1])
    assert main(["--faults", "--rule", "definition"]) == 0
    assert "every fault is found" in capsys.readouterr().out
    monkeypatch.setattr("bench.identity_rules.__main__._PATIENCE", 5)
    assert main(["--faults", "--rule", "nesting"]) == 1
    assert "NOT FOUND" in capsys.readouterr().out
