"""Mails in folders: flags, subfolders, names of every kind, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from omnichannel.channel import Delivery
from omnichannel.errors import UsageError
from omnichannel.imports import Maildir
from tests.imports.letters import foldered, letter


def read(path: Path, cursor: str = "") -> list[Delivery]:
    return [item.delivery for item in Maildir(path, account="mail").items(cursor) if item.delivery]


def test_all_folders_are_read_in_order(tmp_path: Path) -> None:
    """Maildir++ has dots before the names of its subfolders; others nest them."""
    foldered([letter("1")], tmp_path)
    foldered([letter("2")], tmp_path, ".Archive.2019")
    foldered([letter("3")], tmp_path, ".Sent Items")
    foldered([letter("4")], tmp_path, "work/Sent")
    (tmp_path / "new").mkdir()
    (tmp_path / "new/1800000000.M9.shop").write_text(letter("5"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp/1800000000.M8.shop").write_text(letter("never delivered"))
    found = read(tmp_path)
    assert [one.url for one in found] == [
        "maildir:./1700000000.M0.shop",
        "maildir:./1800000000.M9.shop",
        "maildir:.Archive.2019/1700000000.M0.shop",
        "maildir:.Sent Items/1700000000.M0.shop",
        "maildir:work/Sent/1700000000.M0.shop",
    ]
    assert [bool(one.header("x-omnichannel-sent")) for one in found] == [False, False, False, True, True]


@pytest.mark.parametrize(
    "name", ["1.M1.shop:2,", "1.M1.shop:2,RS", "1.M1.shop;2,FS", "1.M1.shop!2,", "1.M1.shop"]
)
def test_a_name_is_the_same_whatever_its_flags(tmp_path: Path, name: str) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / name).write_text(letter("1"))
    assert [one.url for one in read(tmp_path)] == ["maildir:./1.M1.shop"]


@pytest.mark.parametrize("flags", ["D", "ST", "DS"])
def test_drafts_and_what_was_thrown_away_are_passed_over(tmp_path: Path, flags: str) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / f"1.M1.shop:2,{flags}").write_text(letter("1"))
    assert read(tmp_path) == []


def test_what_a_server_keeps_for_itself_is_no_mail(tmp_path: Path) -> None:
    foldered([letter("1")], tmp_path)
    for name in ("dovecot-uidlist", "subscriptions"):
        (tmp_path / name).write_text("3 V1 N2\n")
    (tmp_path / "cur/.nfs0001").write_text("x")
    assert len(read(tmp_path)) == 1


def test_reading_goes_on_behind_a_cursor_whatever_became_of_the_flags(tmp_path: Path) -> None:
    foldered([letter("1"), letter("2"), letter("3")], tmp_path)
    first = next(Maildir(tmp_path, account="mail").items(""))
    (tmp_path / "cur/1700000001.M1.shop:2,S").rename(tmp_path / "cur/1700000001.M1.shop:2,FRS")
    assert [one.url for one in read(tmp_path, first.cursor)] == [
        "maildir:./1700000001.M1.shop",
        "maildir:./1700000002.M2.shop",
    ]


def test_a_file_that_is_gone_meanwhile_is_passed_over(tmp_path: Path) -> None:
    foldered([letter("1"), letter("2")], tmp_path)
    items = Maildir(tmp_path, account="mail").items("")
    assert next(items).delivery is not None
    (tmp_path / "cur/1700000001.M1.shop:2,S").unlink()
    assert [item.delivery for item in items] == [None]


def test_a_file_that_cannot_be_read_is_told_and_harms_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foldered([letter("1"), letter("2")], tmp_path)
    opened: Any = Path.open

    def refuse(self: Path, *given: str) -> object:
        if self.name.startswith("1700000000"):
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *given)

    monkeypatch.setattr(Path, "open", refuse)
    refused, whole = read(tmp_path)
    assert "Permission denied: let yourself read" in refused.header("x-omnichannel-unreadable")
    assert b"<2@home.example>" in whole.body


def test_what_is_no_maildir_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no Maildir"):
        read(tmp_path)
