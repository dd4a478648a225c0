"""`health` and `reconcile`: how accounts do, and what they missed, from the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from omnichannel import Inbox
from omnichannel.cli.emulate import section
from omnichannel.config import load
from omnichannel.emulators.sms import Sms
from tests.cli.conftest import Command


def configured(folder: Path, twilio: Sms) -> Path:
    """A configuration with one number, and a store that was opened once."""
    file = folder / "omnichannel.toml"
    file.write_text(f'store = "sqlite:///{folder}/support.db"\n' + section("sms", twilio.settings))
    with Inbox(f"sqlite:///{folder}/support.db").sync():
        pass
    return file


def test_what_needs_a_person_ends_with_1_and_says_what_to_do(command: Command, tmp_path: Path) -> None:
    with Sms() as twilio:
        ran = command("health", "--config", str(configured(tmp_path, twilio)))
        assert ran.status == 1
        first, second = ran.out.splitlines()
        assert first == "disabled  sms (sms): sms_url of +31201234567 is empty: that does not reach us"
        assert "omnichannel reconcile sms" in second


def test_what_is_well_ends_with_0_as_json(command: Command, tmp_path: Path) -> None:
    with Sms() as twilio:
        twilio.connect("https://shop.example/hooks/sms")
        ran = command("health", "--json", "--config", str(configured(tmp_path, twilio)))
    assert ran.status == 0
    (account,) = ran.json["accounts"]
    assert (account["account"], account["state"], account["needs_person"]) == ("sms", "quiet", False)
    assert account["asked"][0]["ok"]
    assert twilio.auth_token not in ran.out


def test_offline_nobody_is_asked(command: Command, tmp_path: Path) -> None:
    with Sms() as twilio:
        file = configured(tmp_path, twilio)
    ran = command("health", "--offline", "--config", str(file))
    assert (ran.status, ran.out.startswith("quiet     sms (sms): nothing was ever heard on it")) == (1, True)


def test_no_store_is_made_by_looking(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "omnichannel.toml"
    file.write_text(f'store = "sqlite:///{tmp_path}/nothing.db"\n')
    assert command("health", "--config", str(file)).status == 2
    assert not (tmp_path / "nothing.db").exists()


def test_what_is_missing_is_brought_in_once(command: Command, tmp_path: Path) -> None:
    told = []
    with Sms() as twilio:
        file = configured(tmp_path, twilio)
        twilio.write("Ann", "Where is my order?")
        twilio.write("Ann", "Hello?")
        twilio.lose()
        since = (datetime.now(UTC) - timedelta(days=2)).isoformat()
        for _ in range(2):
            told.append(command("reconcile", "sms", "--since", since, "--config", str(file)))
    assert [ran.status for ran in told] == [0, 0], told
    assert told[0].out.splitlines()[0] == "2 compared, 0 of them present, 2 missing, 0 brought in"
    assert told[0].out.endswith("2 compared, 0 of them present, 2 missing, 2 brought in\n")
    assert told[1].out.endswith("2 compared, 2 of them present, 0 missing, 0 brought in\n")
    with Inbox(f"sqlite:///{tmp_path}/support.db", load(file).channels).sync() as box:
        assert [one.messages for one in box.conversations.open()] == [2]


def test_without_a_moment_something_must_have_been_heard(command: Command, tmp_path: Path) -> None:
    with Sms() as twilio:
        ran = command("reconcile", "sms", "--config", str(configured(tmp_path, twilio)))
    assert ran.status == 2
    assert "nothing was ever heard on sms: say since when" in ran.err
