"""`identity export`, `erase`, `erase-again`, `scrub`, `freeze`, `object`: what those who write have a right to."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

import pytest

from omnichannel import Address, Inbox
from omnichannel.model import Customer, Proof
from tests.chat import Chat, FarEnd, delivery
from tests.cli.conftest import Command

ANNA, BEN = "chat::anna-psid-778899", "chat::ben-psid-112233"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store in which two wrote."""
    made = f"sqlite:///{tmp_path}/a.db"

    async def fill() -> None:
        async with Inbox(made, [Chat("chat", FarEnd())]) as inbox:
            for number, who in enumerate((ANNA, BEN)):
                item = {"id": f"m{number}", "from": Address.of(who).value, "text": f"kastanje {number}"}
                await inbox.receive("chat", delivery(item))
            await inbox.work()

    asyncio.run(fill())
    return made


def find(url: str, address: str) -> Customer | None:
    with Inbox(url).sync() as box:
        return box.customers.find(Address.of(address))


def test_an_export_is_written_and_nothing_is_overwritten(command: Command, url: str, tmp_path: Path) -> None:
    out = tmp_path / "anna.zip"
    wanted = ("identity", "export", ANNA, "--store", url, "--actor", "Ann", "--out", str(out))
    ran = command(*wanted)
    assert ran.status == 0, ran.err
    assert ran.out.startswith(f"written to {out}")
    assert "left out: delivery" in ran.out, "without the configuration nobody can tell whose items it holds"
    with zipfile.ZipFile(out) as archive:
        assert [message["parts"][0]["text"] for message in json.loads(archive.read("messages.json"))] == [
            "kastanje 0"
        ]
    again = command(*wanted)
    assert (again.status, "is there already" in again.err) == (2, True)


def test_by_id_and_into_a_folder(command: Command, url: str, tmp_path: Path) -> None:
    anna = find(url, ANNA)
    assert anna is not None
    ran = command(
        "identity", "export", anna.id, "--store", url, "--actor", "Ann", "--out", str(tmp_path / "anna")
    )
    assert ran.status == 0, ran.err
    assert json.loads((tmp_path / "anna" / "export.json").read_text())["customer"]["id"] == anna.id


def test_an_erasure_writes_its_proof_and_can_be_repeated(command: Command, url: str, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    ran = command(
        "identity", "erase", ANNA, "--store", url, "--actor", "Ann", "--proof", str(proof), "--because", "t 1"
    )
    assert ran.status == 0, ran.err
    assert "1  messages" in ran.out
    assert "left to you: backups" in ran.out
    kept = Proof.model_validate_json(proof.read_text())
    assert (kept.actor, kept.because, kept.scrubbed) == ("Ann", "t 1", True)
    assert find(url, ANNA) is None
    assert find(url, BEN) is not None
    again = command(
        "identity", "erase-again", "--store", url, "--actor", "Ann", "--proof", str(proof), "--later"
    )
    assert (again.status, again.out) == (0, "nothing had come back\n")


def test_what_came_back_is_erased_again(command: Command, url: str, tmp_path: Path) -> None:
    store, proof = tmp_path / "a.db", tmp_path / "proof.json"
    backup = store.read_bytes()
    command("identity", "erase", ANNA, "--store", url, "--actor", "Ann", "--proof", str(proof), "--later")
    assert not Proof.model_validate_json(proof.read_text()).scrubbed
    store.write_bytes(backup)
    ran = command("identity", "erase-again", "--store", url, "--actor", "Ann", "--proof", str(proof))
    assert ran.status == 0, ran.err
    assert "1  messages" in ran.out
    assert b"anna-psid" not in store.read_bytes()


def test_a_scrub_leaves_no_byte(command: Command, url: str, tmp_path: Path) -> None:
    command(
        "identity", "erase", ANNA, "--store", url, "--actor", "Ann", "--proof", str(tmp_path / "p"), "--later"
    )
    ran = command("identity", "scrub", "--store", url)
    assert (ran.status, ran.out) == (0, "done\n")
    assert b"anna-psid" not in (tmp_path / "a.db").read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["erase", "chat::nobody-here", "--actor", "Ann", "--proof", "{dir}/p"], "ever wrote"),
        (["erase", ANNA, "--actor", "Ann", "--proof", "{dir}/a.db"], "is there already"),
        (["erase", ANNA, "--actor", "Ann", "--proof", "{dir}/no/p"], "make it first"),
        (
            ["erase", ANNA, "--actor", "Ann", "--proof", "{dir}/p", "--because", "anna-psid-778899 asked"],
            "ticket",
        ),
        (["erase-again", "--actor", "Ann", "--proof", "{dir}/a.db"], "no proof"),
        (["unfreeze", ANNA, "--actor", "Ann"], "nothing to take back"),
        (["export", "not an:address", "--actor", "Ann", "--out", "{dir}/p"], "kind:scope:value"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_changed(
    command: Command, url: str, tmp_path: Path, words: list[str], told: str
) -> None:
    ran = command("identity", *(word.format(dir=tmp_path) for word in words), "--store", url)
    assert ran.status == 2
    assert told in ran.err
    assert find(url, ANNA) is not None


def test_decisions_are_made_and_taken_back(command: Command, url: str) -> None:
    for verb in ("freeze", "unfreeze", "object", "unobject"):
        ran = command("identity", verb, ANNA, "--store", url, "--actor", "Ann", "--because", "ticket 3")
        assert ran.status == 0, ran.err
        assert ran.out.startswith("done; identity.undo takes it back")
        anna = find(url, ANNA)
        assert anna is not None
        assert (anna.frozen_at is not None) == (verb == "freeze")


def test_a_proof_that_cannot_be_written_after_all_is_told(
    command: Command, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no other: she is erased already."""

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", full)
    ran = command("identity", "erase", ANNA, "--store", url, "--actor", "Ann", "--proof", str(tmp_path / "p"))
    assert ran.status == 0
    text = ran.out[ran.out.index("{") : ran.out.rindex("\n}") + 2]
    assert Proof.model_validate_json(text).actor == "Ann"
