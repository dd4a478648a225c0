"""`doctor`: whether a configuration would work, how to mend it, and no secret in what it says."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from omnichannel import Inbox, config
from omnichannel.desk import Plan, Team
from tests.chat import Chat, FarEnd, delivery
from tests.cli.conftest import Command
from tests.inbox.receiver import Receiver
from tests.inbox.test_following import happen

CANARY = "canary-7f3a"

OFFICE = f"""
store = "sqlite:///{{folder}}/a.db"
[channels.north]
kind = "telegraph"
office = "Nes"
key = "{CANARY}"
token = "{CANARY}"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "omnichannel.toml"
    path.write_text(OFFICE.format(folder=tmp_path))
    return path


def add(file: Path, *lines: str) -> None:
    file.write_text(file.read_text() + "\n".join(lines))


def findings(command: Command, file: Path, *options: str) -> dict[str, list[tuple[bool, str, str]]]:
    """What was found, by what it is about."""
    ran = command("doctor", "--config", str(file), "--json", *options)
    assert CANARY not in ran.out + ran.err
    assert ran.status == (0 if ran.json["ok"] else 1)
    assert ran.json["ok"] == all(finding["ok"] for finding in ran.json["findings"])
    found: dict[str, list[tuple[bool, str, str]]] = {}
    for finding in ran.json["findings"]:
        found.setdefault(finding["about"], []).append((finding["ok"], finding["what"], finding["cure"]))
    return found


def test_all_is_well(command: Command, file: Path) -> None:
    """The file, the store and each account are looked at; 0."""
    ran = command("doctor", "--config", str(file))
    assert (ran.status, ran.err) == (0, "")
    about = [line.split(": ")[0] for line in ran.out.splitlines()]
    assert about == [f"ok     {file}", "ok     store", "ok     north (telegraph)", "ok     north (telegraph)"]
    assert CANARY not in ran.out


def test_what_is_wrong_comes_with_its_cure(command: Command, file: Path) -> None:
    """One account's trouble is told under its name; 1."""
    add(file, 'weather = "rain"')
    ran = command("doctor", "--config", str(file))
    assert ran.status == 1
    assert ran.out.splitlines()[-2:] == [
        "WRONG  north (telegraph): the weather is rain",
        "       Wait for sun",
    ]


def test_every_problem_of_the_file_is_told(command: Command, file: Path) -> None:
    """Not only the first, and the accounts that are well are still looked at."""
    assert findings(command, file)[str(file)] == [(True, "it can be read, and sets up 1 account", "")]
    add(file, '[channels.west]\nkind="telegraph"\noffice="w"\nkey="k"')
    assert findings(command, file)[str(file)] == [(True, "it can be read, and sets up 2 accounts", "")]
    add(file, "", "[channels.south]", 'kind = "telegraph"', "[channels.east]", 'kind = "pigeon"')
    found = findings(command, file)
    assert found["channels.south.office"][0][:2] == (False, "it is not set")
    assert "no such kind of channel" in found["channels.east.kind"][0][1]
    assert all(ok for ok, _, _ in found["north (telegraph)"])


def test_no_file_is_a_finding(command: Command, tmp_path: Path) -> None:
    """With the cure; there is nothing else to look at."""
    missing = tmp_path / "none.toml"
    [(ok, what, cure)] = findings(command, missing)[str(missing)]
    assert (ok, what) == (False, "there is no such file")
    assert "--config" in cure


def test_the_file_of_the_environment_is_found(
    command: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for every other use of it."""
    monkeypatch.setenv("OMNICHANNEL_CONFIG", str(file))
    assert f"ok     {file}: it can be read, and sets up 1 account" in command("doctor").out


def test_offline_nobody_is_asked(command: Command, file: Path) -> None:
    """Only settings are looked at; a store elsewhere is left alone."""
    add(file, 'weather = "night"')
    file.write_text(file.read_text().replace("sqlite:///", f"postgresql://me:{CANARY}@db.invalid/"))
    found = findings(command, file, "--offline")
    assert found["north (telegraph)"] == [(True, "its settings are complete; the network was not asked", "")]
    assert found["store"] == [(True, "it is elsewhere; the network was not asked", "")]


def test_a_check_that_fails_is_a_finding_without_its_words(command: Command, file: Path) -> None:
    """What an unknown error says may repeat a secret: `findings` looks for it."""
    add(file, 'weather = "fog"')
    [(ok, what, cure)] = findings(command, file)["north (telegraph)"]
    assert (ok, what) == (False, "its check failed (RuntimeError)")
    assert cure


def test_a_check_that_does_not_end_is_ended(command: Command, file: Path) -> None:
    """After `--timeout` seconds."""
    add(file, 'weather = "night"')
    [(ok, what, cure)] = findings(command, file, "--timeout", "0.05")["north (telegraph)"]
    assert (ok, what) == (False, "no answer within 0.05 s")
    assert "--timeout" in cure


def test_a_store_that_cannot_be_used_is_a_finding(command: Command, file: Path) -> None:
    """A URL of no kind that we know, with a password in it."""
    file.write_text(file.read_text().replace("sqlite:///", f"mysql://me:{CANARY}@db/"))
    [(ok, _, cure)] = findings(command, file)["store"]
    assert not ok
    assert cure


def test_an_account_that_has_nothing_to_check_is_well(command: Command, file: Path, packages: Path) -> None:
    """A channel need not implement `check`."""
    from tests.telegraph import SOURCE, install

    source = (
        SOURCE.read_text()
        .replace('kind = "telegraph"', 'kind = "quiet"')
        .replace("async def check", "async def no")
    )
    install(packages, package="quiet", entry="quiet = omnichannel_quiet:Telegraph", source=source)
    file.write_text(file.read_text().replace('"telegraph"', '"quiet"'))
    [(ok, what, _)] = findings(command, file)["north (quiet)"]
    assert (ok, what) == (True, "its settings are complete; it has nothing else to check")


def test_of_a_store_that_is_not_known_nothing_is_said(
    command: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the default would do is no comfort to somebody who wanted another."""
    monkeypatch.delenv("STORE_PASSWORD", raising=False)
    file.write_text(file.read_text().replace("sqlite:///", "${STORE_PASSWORD}", 1))
    [(ok, what, _)] = findings(command, file, "--offline")["store"]
    assert not ok
    assert "STORE_PASSWORD" in what


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


async def told(file: Path, crm: Receiver) -> None:
    """Four endpoints: one took what it was told, one is paused, one fails, one said that it is gone."""
    store = config.load(file, {}).store
    async with Inbox(store) as inbox:
        for name, answer in {"well": 200, "ill": 500, "gone": 410}.items():
            crm.answers = [answer]
            await inbox.webhooks.add(name, crm.hook, private=True, wants=[f"a.{name}"])
            await happen(inbox, f"a.{name}")
            await inbox.work()
        await inbox.webhooks.add("still", crm.hook, private=True, wants=["a.still"])
        await inbox.webhooks.pause("still")
        await happen(inbox, "a.still")


def test_other_systems_that_are_told_are_looked_at(command: Command, file: Path, crm: Receiver) -> None:
    """As the store has them; nothing is sent, also where the network may not be asked."""
    asyncio.run(told(file, crm))
    heard = len(crm.heard)
    found = findings(command, file, "--offline")
    ((well, how, _),) = found["well (webhook)"]
    assert well
    assert re.fullmatch(r"last taken 20[-0-9]+ [0-9:]+ UTC, \d+ waiting since \d+ s", how)
    ((well, how, cure),) = found["ill (webhook)"]
    assert not well
    assert re.match(r"failing since 20.* UTC, 1 attempts \(HTTP 500\); nothing taken yet, \d+ waiting", how)
    assert "webhooks ping ill" in cure
    ((well, how, cure),) = found["gone (webhook)"]
    assert not well
    assert "told nothing any more (it answered HTTP 410" in how
    assert "webhooks resume gone" in cure
    ((well, how, _),) = found["still (webhook)"]
    assert well
    assert how.startswith("paused; nothing taken yet, ")
    assert len(crm.heard) == heard


def test_an_endpoint_of_the_configuration_may_not_be_known_yet(command: Command, file: Path) -> None:
    add(file, "[webhooks.crm]", 'url = "https://crm.example/hook"', f'secret = "whsec_{"c2VjcmV0" * 4}"')
    assert findings(command, file)["crm (webhook)"] == [
        (True, "the inbox has not run since it was set up", "")
    ]
    assert not (file.parent / "a.db").exists(), "looking makes no store"


def test_a_store_of_another_version_is_not_changed(command: Command, file: Path) -> None:
    store = file.parent / "a.db"
    with contextlib.closing(sqlite3.connect(store)) as old:
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)")
        old.execute("INSERT INTO schema_version VALUES (1)")
        old.commit()
    findings(command, file)
    with contextlib.closing(sqlite3.connect(store)) as old:
        assert old.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'").fetchone() == (1,)


def test_what_nobody_could_take_is_told(command: Command, file: Path) -> None:
    """A team that nobody is in: what waits for it waits for ever, unless somebody is told."""
    add(file, "[desk]", 'default_team = "service"', "[[desk.teams]]", 'name = "service"')
    assert "team service" not in findings(command, file)
    asyncio.run(_asked(str(config.load(str(file)).store)))
    told = findings(command, file)["team service"]
    cure = "Give somebody the team or the skill (desk.agents.describe), or let the rule ask for less"
    assert told == [(False, "1 case waits: nobody is in service", cure)]


async def _asked(url: str) -> None:
    plan = Plan(teams=(Team(name="service"),), default_team="service")
    async with Inbox(url, [Chat("chat", FarEnd())], desk=plan) as inbox:
        await inbox.receive("chat", delivery({"id": "1", "from": "rosa", "text": "Hello?"}))
        await inbox.work()
