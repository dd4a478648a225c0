"""`omnichannel webhooks`: endpoints on the command line, of the store and of a configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omnichannel import Inbox
from tests.cli.conftest import Command, Ran
from tests.inbox.receiver import Receiver
from tests.inbox.test_following import happen

SECRET = "whsec_" + "c2VjcmV0" * 4


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with two happenings in it."""
    found = f"sqlite:///{tmp_path / 'support.db'}"
    asyncio.run(_lived(found, "a.one", "a.two"))
    return found


async def _lived(url: str, *names: str) -> None:
    async with Inbox(url) as inbox:
        await happen(inbox, *names)
        await inbox.work()


@pytest.fixture
def webhooks(command: Command, url: str) -> Callable[..., Ran]:
    return lambda verb, *more: command("webhooks", verb, *more, "--store", url)


def test_an_endpoint_from_its_first_day_to_its_last(
    webhooks: Callable[..., Ran], url: str, crm: Receiver
) -> None:
    assert webhooks("list").out == "no other system is told what happens\n"
    secret = webhooks(
        "add", "crm", f"{crm.hook}?key=hidden", "--private", "--oldest", "--wants", "a.*"
    ).out.strip()
    assert secret.startswith("whsec_")
    assert webhooks("secret", "crm").out.strip() == secret
    assert webhooks("ping", "crm").out == "it takes a signed notice\n"
    crm.answers = [500]
    asyncio.run(_lived(url))
    listed = webhooks("list")
    assert listed.status == 1
    assert "failing since" in listed.out
    assert "HTTP 500" in listed.out
    assert "hidden" not in listed.out
    assert webhooks("list", "--json").rows[0]["attempts"] == 1
    assert webhooks("skip", "crm").out.startswith("passed over ")
    assert "paused" in webhooks("pause", "crm", "--actor", "zoe").out
    assert "active" in webhooks("resume", "crm").out
    asyncio.run(_lived(url))
    assert crm.types == ["webhook.ping", "a.two"]
    assert "waiting" in webhooks("replay", "crm").out
    asyncio.run(_lived(url))
    assert crm.types == ["webhook.ping", "a.two", "a.one", "a.two"]
    new = webhooks("rotate", "crm").out.strip()
    assert webhooks("secret", "crm").out.split() == [new, secret]
    assert webhooks("list").status == 0
    assert "nothing any more" in webhooks("remove", "crm").out
    assert webhooks("skip", "crm").err == "omnichannel: no endpoint is called 'crm' in this workspace\n"
    assert webhooks("ping", "crm").status == 2


def test_the_endpoints_of_a_configuration_are_listed_and_tried(
    command: Command, url: str, crm: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "omnichannel.toml"
    file.write_text(
        f'store = "{url}"\n[webhooks.crm]\nurl = "{crm.hook}"\nsecret = {{ env = "CRM" }}\nprivate = true\n'
    )
    monkeypatch.setenv("CRM", SECRET)
    listed = command("webhooks", "list", "--json", "--config", str(file)).rows
    assert [(one["name"], one["configured"]) for one in listed] == [("crm", True)]
    assert command("webhooks", "ping", "crm", "--config", str(file)).out == "it takes a signed notice\n"
    refused = command("webhooks", "secret", "crm", "--config", str(file))
    assert (refused.status, "configuration" in refused.err) == (2, True)
    elsewhere = command("webhooks", "ping", "crm", "--store", url)
    assert (elsewhere.status, "--config" in elsewhere.err) == (2, True)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('webhooks = "x"', "webhooks: it is not a table"),
        ("[webhooks]\ncrm = 1", "webhooks.crm: it is not a table"),
        ('[webhooks.crm]\nurl = "https://crm.example/"', "webhooks.crm.secret: it is not set"),
        (
            '[webhooks.crm]\nsecret = "x"\nurl = "https://crm.example/"',
            "webhooks.crm.secret: it is not `whsec_`",
        ),
        (
            '[webhooks.crm]\nsecrets = "x"',
            "webhooks.crm.secrets: there is no such setting. Did you mean secret?",
        ),
        (
            f'[webhooks.crm]\nurl = "http://crm.example/"\nsecret = "{SECRET}"',
            "webhooks.crm.url: crm.example: only",
        ),
        (
            f'[webhooks."c m"]\nurl = "https://crm.example/"\nsecret = "{SECRET}"',
            "webhooks.c m.name: this cannot",
        ),
        (
            f'[webhooks.crm]\nurl = "https://crm.example/"\nsecret = "{SECRET}"\nincludes = "all"',
            "webhooks.crm.includes: 'all' is none",
        ),
        (
            f'[webhooks.crm]\nurl = "https://crm.example/"\nsecret = "{SECRET}"\nprivate = "x"',
            "webhooks.crm.private:",
        ),
    ],
)
def test_what_is_wrong_with_one_is_told_by_doctor(
    command: Command, tmp_path: Path, table: str, said: str
) -> None:
    """With the setting and the cure, and never a secret."""
    file = tmp_path / "omnichannel.toml"
    file.write_text(f'store = "sqlite:///{tmp_path}/a.db"\n{table}\n' if "[" in table else f"{table}\n")
    ran = command("doctor", "--offline", "--config", str(file))
    assert ran.status == 1
    assert said in ran.out.replace("\n       ", ". ")
    assert SECRET not in ran.out
