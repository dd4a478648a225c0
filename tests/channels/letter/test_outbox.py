"""The outgoing folder: a letter lies there whole or not at all, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from omnichannel.channel import Call, Response
from omnichannel.channels.letter.link.outbox import Outbox
from omnichannel.model import Deferred, Refused, Sent, Unknown
from tests.channels.letter.given import account, draft


def call_of(folder: Path) -> Call:
    (call,) = account(outbox=str(folder)).render(draft("Hallo"))
    return call


async def test_a_letter_is_put_there_once(tmp_path: Path) -> None:
    letter, call = account(outbox=str(tmp_path)), call_of(tmp_path)
    for _ in range(2):
        response = await letter.sender().send(call)
        assert letter.read(call, response) == Sent(
            external_id=call.correlator, detail=f"2026-11-20-{call.correlator}.pdf"
        )
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == call.body
    await letter.sender().close()


async def test_another_letter_is_never_overwritten(tmp_path: Path) -> None:
    call = call_of(tmp_path)
    (tmp_path / f"2026-11-20-{call.correlator}.pdf").write_bytes(b"somebody else's")
    receipt = account().read(call, await Outbox(tmp_path).send(call))
    assert isinstance(receipt, Refused)
    assert "another letter" in receipt.detail


async def test_a_folder_that_is_gone_puts_letters_off(tmp_path: Path) -> None:
    """A drive that is not mounted: nothing was written, and it is tried again."""
    call = call_of(tmp_path)
    receipt = account().read(call, await Outbox(tmp_path / "gone").send(call))
    assert isinstance(receipt, Deferred)


async def test_a_full_disk_leaves_no_half_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    response = await Outbox(tmp_path).send(call_of(tmp_path))
    assert (response.failure, list(tmp_path.iterdir())) == ("not_sent", [])
    assert "No space left" in response.detail


@pytest.mark.parametrize("name", ["../x.pdf", "a/b.pdf", ".x.pdf", "x.exe", ""])
async def test_only_names_of_letters_are_written(tmp_path: Path, name: str) -> None:
    response = await Outbox(tmp_path).send(Call(url=f"file:///{name}", body=b"x"))
    assert response.status == 400
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_no_letter_is_unknown(tmp_path: Path) -> None:
    assert isinstance(account().read(call_of(tmp_path), Response(status=200, body=b"?")), Unknown)
