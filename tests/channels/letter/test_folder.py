"""The watched folder: every scan is taken once, when it is whole, and whatever happens none is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from omnichannel.channel import Batch
from omnichannel.channels.letter.link import folder as link
from omnichannel.channels.letter.link.folder import Folder
from omnichannel.channels.letter.parse import NAME, READING, UNREAD, WITHHELD
from tests.channels.letter.given import pdf

SCAN = pdf("Beste mensen,", "waar is mijn fiets?")


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def watched(path: Path, *, settle: float = 0.0, clock: Hand | None = None, **more: object) -> Folder:
    return Folder("post", path, settle=settle, languages="", look=0.01, clock=clock or Hand(), **more)  # type: ignore[arg-type]


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir()) if path.exists() else []


async def all_of(source: Folder, cursor: str = "") -> tuple[list[Batch], str]:
    """Fetch as the runner does, each time with the cursor that was committed, until there is nothing new."""
    batches = []
    while True:
        batch = await source.fetch(cursor)
        cursor = batch.cursor
        if not batch.deliveries:
            return batches, cursor
        batches.append(batch)


async def test_a_scan_is_read_and_then_put_away(tmp_path: Path) -> None:
    """It is moved only with the fetch after the one that took it: by then the delivery is committed."""
    (tmp_path / "a.pdf").write_bytes(SCAN)
    source = watched(tmp_path)
    batch = await source.fetch("")
    (delivery,) = batch.deliveries
    assert (delivery.body, delivery.header(NAME), batch.more) == (SCAN, "a.pdf", True)
    assert json.loads(delivery.header(READING))["lines"]
    assert names(tmp_path) == ["a.pdf"]
    assert await source.fetch(batch.cursor) == Batch(cursor="[]")
    assert (names(tmp_path), names(tmp_path / "done")) == (["done"], ["a.pdf"])


async def test_what_was_not_committed_is_taken_again(tmp_path: Path) -> None:
    """A crash after reading: the old cursor comes back, to this process or another, and the key is the same."""
    (tmp_path / "a.pdf").write_bytes(SCAN)
    first = await watched(tmp_path).fetch("[]")
    second = await watched(tmp_path).fetch("[]")
    assert [one.key for one in first.deliveries] == [one.key for one in second.deliveries]


async def test_what_was_committed_is_never_taken_again(tmp_path: Path) -> None:
    """A crash before putting away: whoever starts with that cursor only puts it away."""
    (tmp_path / "a.pdf").write_bytes(SCAN)
    batch = await watched(tmp_path).fetch("")
    again, _ = await all_of(watched(tmp_path), batch.cursor)
    assert again == []
    assert names(tmp_path / "done") == ["a.pdf"]


async def test_the_same_scan_twice_is_one_letter(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(SCAN)
    (tmp_path / "b.pdf").write_bytes(SCAN)
    batches, _ = await all_of(watched(tmp_path))
    assert len({batch.deliveries[0].key for batch in batches}) == 1
    assert names(tmp_path / "done") == ["a.pdf", "b.pdf"]


async def test_a_name_that_comes_again_is_another_scan(tmp_path: Path) -> None:
    """Scanners count from one every day: neither overwrites what was put away, and neither is lost."""
    source, cursor = watched(tmp_path), ""
    for words in ("een", "twee", "drie"):
        (tmp_path / "scan.pdf").write_bytes(pdf("Beste mensen,", words))
        batches, cursor = await all_of(source, cursor)
        assert len(batches) == 1
    assert names(tmp_path / "done") == ["scan-2.pdf", "scan-3.pdf", "scan.pdf"]


async def test_a_new_file_under_a_taken_name_is_not_put_away_unread(tmp_path: Path) -> None:
    """The cursor says which file it was, not only what it was called."""
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    source = watched(tmp_path)
    batch = await source.fetch("")
    (tmp_path / "scan.pdf").write_bytes(pdf("Een andere brief, met andere woorden"))
    batches, _ = await all_of(source, batch.cursor)
    assert len(batches) == 1


async def test_a_file_is_taken_when_it_stays_as_it_is(tmp_path: Path) -> None:
    clock = Hand()
    source, place = watched(tmp_path, settle=5.0, clock=clock), tmp_path / "a.pdf"
    place.write_bytes(SCAN[:100] + b"%%EOF")
    assert not (await source.fetch("")).deliveries
    clock.now += 4
    place.write_bytes(SCAN)  # the scanner goes on
    assert not (await source.fetch("")).deliveries
    clock.now += 4
    assert not (await source.fetch("")).deliveries
    clock.now += 1
    assert len((await source.fetch("")).deliveries) == 1


@pytest.mark.parametrize("part", [SCAN[:200], b""])
async def test_a_file_without_its_end_gets_more_time(tmp_path: Path, part: bytes) -> None:
    """A scanner that pauses in the middle of a page; but not for ever."""
    clock = Hand()
    source = watched(tmp_path, settle=5.0, clock=clock)
    (tmp_path / "a.pdf").write_bytes(part)
    await source.fetch("")
    clock.now += 49
    assert not (await source.fetch("")).deliveries
    clock.now += 1
    (delivery,) = (await source.fetch("")).deliveries
    assert delivery.header(UNREAD) or delivery.header(WITHHELD)


@pytest.mark.parametrize("name", [".a.pdf", "a.pdf.part", "a.tmp", "~a.pdf", "Thumbs.db", "desktop.ini"])
async def test_what_is_no_scan_yet_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(SCAN)
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "link.pdf").symlink_to(__file__)
    assert not (await watched(tmp_path).fetch("")).deliveries
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("body", "why"), [(b"PK\x03\x04 a document", "no PDF"), (SCAN, "at most 10"), (b"", "is empty")]
)
async def test_what_cannot_be_a_letter_is_told_and_kept(tmp_path: Path, body: bytes, why: str) -> None:
    """It lies in the folder failed, and a delivery says so: somebody will look."""
    (tmp_path / "a.docx").write_bytes(body)
    (batch,), _ = await all_of(watched(tmp_path, most_bytes=10 if body is SCAN else 1000))
    assert why in batch.deliveries[0].header(WITHHELD)
    assert batch.deliveries[0].body == b""
    assert (names(tmp_path), (tmp_path / "failed" / "a.docx").read_bytes()) == (["failed"], body)


async def test_what_may_not_be_moved_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is read only: the cursor keeps what was taken, for as long as it lies there."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    (tmp_path / "a.pdf").write_bytes(SCAN)
    source = watched(tmp_path)
    batches, cursor = await all_of(source)
    assert len(batches) == 1
    assert "a.pdf" in cursor
    assert (await all_of(watched(tmp_path), cursor))[0] == []
    (tmp_path / "a.pdf").unlink()
    assert (await source.fetch(cursor)).cursor == "[]"


async def test_a_file_that_vanishes_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(SCAN)
    source = watched(tmp_path)
    whole = source._whole

    def and_gone() -> object:
        found = whole()
        (tmp_path / "a.pdf").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(source, "_whole", and_gone)
    assert await source.fetch("") == Batch(cursor="[]", more=True)
    assert not link._looks_whole(tmp_path / "a.pdf", 10)


async def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.pdf").write_bytes(SCAN)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    (delivery,) = (await watched(tmp_path).fetch("")).deliveries
    assert "Permission denied" in delivery.header(WITHHELD)


async def test_the_oldest_scan_comes_first(tmp_path: Path) -> None:
    for number, name in enumerate(("c.pdf", "a.pdf", "b.pdf")):
        (tmp_path / name).write_bytes(pdf("Beste mensen,", name))
        os.utime(tmp_path / name, (1_700_000_000 + number, 1_700_000_000 + number))
    batches, _ = await all_of(watched(tmp_path))
    assert [batch.deliveries[0].header(NAME) for batch in batches] == ["c.pdf", "a.pdf", "b.pdf"]
    assert [batch.deliveries[0].received_at.timestamp() for batch in batches if batch.deliveries[0].received_at] == [
        1_700_000_000, 1_700_000_001, 1_700_000_002,
    ]  # fmt: skip


async def test_a_scanner_without_a_clock_does_not_date_letters(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(SCAN)
    os.utime(tmp_path / "a.pdf", (86_400, 86_400))
    assert (await watched(tmp_path).fetch("")).deliveries[0].received_at is None


async def test_waiting_ends_with_a_new_scan_or_with_the_time(tmp_path: Path) -> None:
    clock = Hand()
    source = watched(tmp_path, clock=clock)
    (tmp_path / "a.pdf").write_bytes(SCAN)
    await source.wait(1000)  # the clock stands still: only the scan can end this
    (tmp_path / "a.pdf").unlink()
    await source.wait(0)
    await source.close()
    assert source.name == "folder"
