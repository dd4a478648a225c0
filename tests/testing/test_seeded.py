"""The rules find what they are for: mistakes that are planted in real channels on purpose."""

from __future__ import annotations

import pytest
from bench.faults_kit import FAULTS, Fault
from bench.faults_kit.wires import WIRE_FAULTS

from bench import contract, seeded
from omnichannel.emulators.emulator import Emulator
from omnichannel.plugins import EMULATORS, offered
from omnichannel.testing.subject import Subject
from tests.testing.given import email, messenger, x

SLICE = FAULTS[::8]
"""A part of all faults; `python -m bench seeded` tries every one, in more channels."""

SUBJECTS = {"messenger": messenger, "email": email, "x": x}


def meant(fault: Fault) -> Subject | None:
    """The first channel for which a fault makes sense."""
    return next((subject for make in SUBJECTS.values() if fault.meant(subject := make())), None)


def test_there_are_enough_of_them() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) > 100
    assert len(WIRE_FAULTS) >= 10


@pytest.mark.parametrize("fault", SLICE, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(fault: Fault) -> None:
    subject = meant(fault)
    assert subject is not None
    assert seeded.hunt(fault, subject).by


@pytest.mark.parametrize("name", sorted(WIRE_FAULTS))
def test_a_fault_in_a_wire_is_found(name: str) -> None:
    made = offered(EMULATORS, "email", Emulator)
    assert seeded.wire_hunt(WIRE_FAULTS[name](made))


def test_without_a_fault_nothing_is_found() -> None:
    """Or else the figures would prove nothing."""
    nothing = Fault("nothing", "none", lambda subject: subject, lambda _: True)
    for make in SUBJECTS.values():
        assert seeded.hunt(nothing, make()).by == ""


def test_the_figures_are_printed_and_can_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harmless = Fault("harmless", "none", lambda subject: subject, lambda _: True)
    caught = next(fault for fault in FAULTS if fault.name == "claims_a_part")
    monkeypatch.setattr(seeded, "FAULTS", [caught, harmless])
    monkeypatch.setattr(seeded, "WIRE_FAULTS", {})
    assert seeded.main(["messenger"]) == 1
    out = capsys.readouterr().out
    assert "parts_out_have_cases" in out
    assert "NOT FOUND" in out
    assert "2 faults planted 2 times: 1 found (50.0%)" in out


def test_the_table_of_contracts_can_fail(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    file = next(file for file in contract.files() if "messenger" in str(file))
    assert contract.main([str(file)]) == 0
    assert "messenger" in capsys.readouterr().out
    broken = contract.Row("a", "TestA", 1, 1, 2, 0, 0.1, ("there_are_cases: none",))
    assert "there_are_cases: none" in contract.table([broken])
