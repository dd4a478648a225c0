"""The contract as tests: whole, discoverable, and impossible to thin out."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from omnichannel.channel import Call, Channel
from omnichannel.testing import ChannelContract, LinkContract
from omnichannel.testing.__main__ import main
from omnichannel.testing.cases import BadCase, check_case
from omnichannel.testing.checks import CHECKS
from omnichannel.testing.checks.admission import admitted
from omnichannel.testing.checks.doubts import FINDING_CHECKS
from omnichannel.testing.checks.links import LINK_CHECKS
from omnichannel.testing.contract import with_advice
from omnichannel.testing.discover import contracts
from omnichannel.testing.failing import Broken, fail, same
from omnichannel.testing.running import outcomes
from omnichannel.testing.subject import Subject
from tests.testing.given import MessengerContract, email, messenger, sms, without, written, x

CASES = Path(__file__).parents[1] / "channels" / "messenger" / "contract"
HERE = Path(__file__)


@pytest.mark.parametrize("name", ["test_check", "test_case", "subject", "pytest_generate_tests"])
def test_no_rule_can_be_overridden(name: str) -> None:
    with pytest.raises(TypeError, match=f"overrides {name}: the contract is whole"):
        type("TestLess", (ChannelContract,), {"cases": CASES, name: lambda self: None})


@pytest.mark.parametrize("cases", [None, Path("/nowhere/at/all"), HERE.parent])
def test_there_have_to_be_cases(cases: Path | None) -> None:
    with pytest.raises(BadCase, match="is a folder with receive-"):
        type("TestNothing", (ChannelContract,), {"cases": cases} if cases else {})


def test_no_rule_of_wires_can_be_overridden() -> None:
    with pytest.raises(TypeError, match="overrides test_link"):
        type("TestLess", (LinkContract,), {"kind": "email", "test_link": lambda self: None})
    with pytest.raises(TypeError, match="kind is the kind"):
        type("TestNone", (LinkContract,), {})


def test_what_has_to_be_written_says_so() -> None:
    class TestLittle(ChannelContract):
        cases = CASES

    for call in (lambda: TestLittle().channel(), lambda: TestLittle().sign(None, "")):
        with pytest.raises(NotImplementedError):
            call()
    assert TestLittle().challenge("a", "b") is None
    assert TestLittle().said(None) is None
    assert TestLittle().secret(0) != TestLittle().secret(1)


def test_every_rule_tells_what_to_do_and_has_its_own_name() -> None:
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS) > 60
    for check in CHECKS:
        assert "If it fails:" in (check.__doc__ or ""), check.__name__


def test_what_is_broken_comes_with_its_advice() -> None:
    def check_nothing() -> None:
        """Nothing.

        If it fails: rejoice.
        """
        fail("it is", case="receive-a")

    with pytest.raises(Broken, match=r"receive-a: it is\n\ncheck_nothing: Nothing.\n\nIf it fails: rejoice"):
        with_advice(check_nothing)
    with pytest.raises(Broken, match=r'(?s)different.*\n-.*"a".*\n\+.*"b"'):
        same({"x": "a"}, {"x": "b"}, "different")


def test_real_channels_keep_all_of_it() -> None:
    """Of both, the rules that are not meant for one are those of its kind, with a reason out of the channel itself."""
    for subject in (messenger(), x(), sms(), email()):
        found = list(outcomes(subject))
        assert [one for one in found if one.problem] == []
        assert all(
            one.reason == "" or ":" in one.reason or "can." in one.reason or "no " in one.reason
            for one in found
        )
    reasons = {one.name: one.reason for one in found if one.reason}
    assert reasons["secrets_rotate"] == "it has no webhook: for_verifying raises Unsupported"


def test_what_is_not_kept_is_told_and_the_rest_goes_on() -> None:
    left_out = ("receive-call", "receive-echo", "receive-echo-templates", "send-late", "send-never-wrote")
    found = list(outcomes(without(messenger(), *left_out)))
    assert {one.name for one in found if one.problem} == {"echoes_have_a_case", "windows_are_kept"}


def test_contracts_are_found_by_file(tmp_path: Path) -> None:
    assert list(contracts(tmp_path / "test_contract.py")) == []
    assert list(contracts(HERE.parents[1] / "channels/messenger/test_contract.py")) == [MessengerContract]
    (tmp_path / "cases").mkdir()
    written(tmp_path / "cases", "response-a", response={"status": 200}, receipt={"outcome": "unknown"})
    (tmp_path / "test_contract.py").write_text(
        "from pathlib import Path\nfrom omnichannel.testing import ChannelContract\n"
        "class TestAlone(ChannelContract):\n    cases = Path(__file__).parent / 'cases'\n"
    )
    (alone,) = contracts(tmp_path / "test_contract.py")
    assert (alone.__name__, next(contracts(tmp_path / "test_contract.py"))) == ("TestAlone", alone)


PLUGIN = """
from pathlib import Path
from omnichannel.channels.messenger import Messenger
from omnichannel.testing import ChannelContract

class TestPage(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets):
        return Messenger("page", page_id="1", page_token="a-page-token", app_secret=secrets, verify_token="a-word-made-up")

    def sign(self, delivery, secret):
        return delivery
"""


def test_pytest_runs_every_case_and_every_rule(tmp_path: Path) -> None:
    """What is broken fails with its advice, what is not meant is skipped with its reason, the rest passes."""
    (tmp_path / "cases").mkdir()
    written(tmp_path / "cases", "response-sent", response={"status": 200, "json": {"message_id": "m"}},
            receipt={"outcome": "sent", "external_id": "m"})  # fmt: skip
    wires = "from omnichannel.testing import LinkContract\nclass TestWires(LinkContract):\n    kind = 'messenger'\n"
    (tmp_path / "test_contract.py").write_text(PLUGIN + wires)
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "-c", "/dev/null", "."]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert "no receive case is a customer's message" in printed
    assert "If it fails: record one of each" in printed
    assert "nothing is read: sources() gives none" in printed
    found = re.search(r"(\d+) failed, (\d+) passed, (\d+) skipped", printed)
    assert found
    assert sum(map(int, found.groups())) == 1 + len(CHECKS) + len(LINK_CHECKS) + len(FINDING_CHECKS)


def test_the_commands_record_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "test_contract.py").write_text(PLUGIN)
    case = written(tmp_path / "cases", "response-sent", response={"status": 200, "json": {"message_id": "m"}})
    assert main(["record", str(tmp_path / "cases")]) == 0
    assert '"external_id": "m"' in capsys.readouterr().out
    assert main(["record", str(case)]) == 0
    assert "as it was" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "test_contract.py")]) == 1
    out = capsys.readouterr().out
    assert "kept           response-sent" in out
    assert "broken         there_are_cases" in out
    assert "does not apply" in out


def test_recording_without_a_test_needs_a_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = written(tmp_path, "response-sent", response={"status": 200, "json": {"message_id": "m"}})
    assert main(["record", str(case)]) == 1
    assert "give --kind" in capsys.readouterr().err
    assert main(["record", str(case), "--kind", "messenger"]) == 0
    assert main(["record", str(tmp_path / "receive-none.json")]) == 1


def test_there_is_nothing_else_in_the_kit() -> None:
    import omnichannel.testing

    with pytest.raises(AttributeError, match="no attribute 'Mock'"):
        _ = omnichannel.testing.Mock


def test_the_library_does_without_the_kit() -> None:
    """Nobody imports it: an installation without pytest and hypothesis works; and a stage needs neither."""
    for code in (
        "import omnichannel.cli, omnichannel.emulators.emulator",
        "import omnichannel.testing.stage",
    ):
        printed = subprocess.run(
            [sys.executable, "-c", f"import sys; {code}; print(*sorted(sys.modules))"],
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        assert not {"pytest", "hypothesis"} & set(printed), code


def _gives(method: str, given: object) -> Subject:
    """The same channel, but for one method, whose author mistook what it gives."""
    subject = messenger()

    def make(*secrets: str) -> Channel:
        channel = subject.make(*secrets)
        setattr(channel, method, lambda *_: given)
        return channel

    return replace(subject, make=make)


async def _awaited() -> None:
    """What an `async def` gives to whoever does not await it."""


@pytest.mark.parametrize(
    ("direction", "method", "given", "told"),
    [
        (
            "receive",
            "parse",
            [{"text": "hello"}],
            "the channel gave dict, where an event, a call or a receipt is wanted",
        ),
        ("receive", "parse", _awaited, "`parse` is not awaited: write `def parse`, not `async def`"),
        ("receive", "parse", None, "`parse` gave one NoneType, where a list is wanted"),
        ("send", "render", [{"url": "https://a.example"}], "the channel gave dict, where"),
        ("send", "render", Call(url="https://a.example"), "`render` gave one Call, where a list is wanted"),
        ("response", "read", True, "the channel gave bool, where"),
    ],
)
def test_an_author_who_gives_something_else_is_told_what_is_wanted(
    direction: str, method: str, given: object, told: str
) -> None:
    subject = _gives(method, given() if given is _awaited else given)  # type: ignore[operator]
    case = next(one for one in subject.cases if one.direction == direction and not one.raises)
    with pytest.raises(Broken, match=re.escape(told)):
        check_case(case, subject.channel())


@pytest.mark.parametrize("given", [None, False, True])
def test_who_is_let_in_is_said_by_an_ack_and_nothing_else(given: object) -> None:
    """Before, a channel that gave None for a forgery, and raised nothing, kept the contract."""
    delivery = next(case.delivery for case in messenger().cases if case.direction == "receive")
    with pytest.raises(
        Broken, match=r"admit gave \w+: it gives an Ack for what is signed, and raises Forged"
    ):
        admitted(_gives("admit", given).channel(), delivery, "a case")
