"""Mails in one file: where each begins and ends, in every dialect, whatever is wrong with its neighbours."""

from __future__ import annotations

import json
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.errors import UsageError
from omnichannel.imports import Mbox
from omnichannel.imports import archive as archives
from omnichannel.imports.mbox import _mails
from tests.imports.letters import FROM_LINE, boxed, letter

DATA = Path("../shared/data/email")


def read(path: Path, cursor: str = "", **more: Any) -> list[Delivery]:
    items = Mbox(path, account="mail", **more).items(cursor)
    return [item.delivery for item in items if item.delivery is not None]


def texts(path: Path) -> list[str]:
    """What each mail says behind its header, as lines that end in LF."""
    return [
        mail.body.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n").decode().strip() for mail in read(path)
    ]


def raw_box(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "a.mbox"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_each_mail_is_found_with_its_place(tmp_path: Path) -> None:
    box = boxed([letter("1", text="one"), letter("2", text="two")], tmp_path / "a.mbox")
    first, second = read(box)
    assert (first.source, first.account, first.url) == ("history", "mail", "mbox:a.mbox#0")
    place = int(second.url.partition("#")[2])
    assert box.read_bytes()[place:].startswith(b"From x@")
    assert texts(box) == ["one", "two"]
    assert first.key != second.key


def test_a_line_of_the_body_begins_no_mail(tmp_path: Path) -> None:
    """Neither where it is no such line, nor where it has a date and no header follows."""
    said = "From the start it was late.\n\nFrom here on I waited.\n\nFrom anna Mon Mar  2 09:00:00 2026\nit was late."
    assert texts(boxed([letter("1", text=said), letter("2", text="two")], tmp_path / "a")) == [said, "two"]


@pytest.mark.parametrize(
    ("stands", "says"),
    [(">From now on", "From now on"), (">>From now on", ">From now on"), ("> From now on", "> From now on")],
)
def test_quoting_is_taken_off(tmp_path: Path, stands: str, says: str) -> None:
    """One `>`, as mboxrd writes them; mboxo quotes only once."""
    assert texts(boxed([letter("1", text=stands)], tmp_path / "a")) == [says]


def test_a_length_is_believed_where_a_mail_stands_behind_it(tmp_path: Path) -> None:
    """mboxcl2: nothing is quoted, and a whole mail may stand in the body."""
    inner = f"{FROM_LINE}{letter('inner', text='passed on')}"
    body = f"see below\n\n{inner}"
    head = f"From: anna@home.example\nMessage-ID: <1@x>\nContent-Length: {len(body)}\n\n"
    box = raw_box(tmp_path, f"{FROM_LINE}{head}{body}\n{FROM_LINE}{letter('2', text='two')}\n")
    assert texts(box) == [body.strip(), "two"]


@pytest.mark.parametrize("length", [3, 17, 100_000, 10**14])
def test_a_wrong_length_is_not_believed(tmp_path: Path, length: int) -> None:
    head = f"From: anna@home.example\nMessage-ID: <1@x>\nContent-Length: {length}\n\n"
    box = raw_box(
        tmp_path, f"{FROM_LINE}{head}a text of some length\n\n{FROM_LINE}{letter('2', text='two')}\n"
    )
    assert texts(box) == ["a text of some length", "two"]


def test_line_ends_and_the_end_of_the_file_do_not_matter(tmp_path: Path) -> None:
    """The same bytes come out of a file with CRLF, and of one that ends without an empty line, or any."""
    plain = boxed([letter("1"), letter("2")], tmp_path / "a.mbox")
    bodies = [mail.body for mail in read(plain)]
    content = plain.read_bytes()
    for number, other in enumerate((content.replace(b"\n", b"\r\n"), content.rstrip(b"\n") + b"\n")):
        path = tmp_path / f"{number}.mbox"
        path.write_bytes(other)
        assert [mail.body for mail in read(path)] == bodies
    cut = tmp_path / "cut.mbox"
    cut.write_bytes(content.rstrip(b"\n"))
    assert [mail.body.rstrip() for mail in read(cut)] == [body.rstrip() for body in bodies]


def test_a_mail_that_ends_without_an_empty_line_keeps_to_itself(tmp_path: Path) -> None:
    """Where programs wrote after one another without it, a header that is one beyond doubt begins a mail."""
    box = raw_box(tmp_path, f"{FROM_LINE}{letter('1', text='one')}{FROM_LINE}{letter('2', text='two')}")
    assert texts(box) == ["one", "two"]


@pytest.mark.parametrize(
    "line",
    [
        "From - Mon Mar 02 09:00:00 2026",
        "From 1234@xxx Mon Mar 02 09:00:00 +0000 2026",
        "From anna at home.example  Mon Mar  2 09:00:00 2026",
        "From MAILER-DAEMON Mon Mar  2 09:00:00 2026 +0100",
        "From anna@home.example Mon, 2 Mar 2026 09:00:00 +0000",
        "From anna@home.example Mon Mar  2 09:00 2026 remote from home",
    ],
)
def test_programs_write_the_line_in_many_ways(tmp_path: Path, line: str) -> None:
    box = raw_box(tmp_path, f"{line}\n{letter('1', text='one')}\n{line}\n{letter('2', text='two')}\n")
    assert texts(box) == ["one", "two"]


def test_a_mail_without_a_date_came_when_the_box_says(tmp_path: Path) -> None:
    (mail,) = read(boxed([letter("1")], tmp_path / "a"))
    assert mail.received_at is not None
    assert mail.received_at.isoformat() == "2026-03-02T09:00:00+00:00"


def test_what_a_mail_program_noted_is_taken_out(tmp_path: Path) -> None:
    """So that the mail is the bytes that its mailbox has, and is known there."""
    noted = "Status: RO\nX-Mozilla-Status: 0001\nX-Gmail-Labels: Inbox,\n Opened\nX-Keywords: a\n"
    one, other = (
        read(boxed([letter("1", more=more)], tmp_path / name))[0] for name, more in (("a", noted), ("b", ""))
    )
    assert one.body == other.body
    assert one.key == other.key


def test_what_was_never_sent_is_passed_over(tmp_path: Path) -> None:
    kept = "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\ninternal\n"
    box = boxed([kept, letter("1", more="X-Gmail-Labels: Drafts\n"), letter("2", text="two")], tmp_path / "a")
    assert texts(box) == ["two"]
    assert sum(item.delivery is None for item in Mbox(box, account="mail").items("")) == 2


def test_reading_goes_on_behind_a_cursor(tmp_path: Path) -> None:
    box = boxed([letter(str(number), text=str(number)) for number in range(5)], tmp_path / "a")
    items = list(Mbox(box, account="mail").items(""))
    for place, item in enumerate(items):
        assert [one.url for one in read(box, item.cursor)] == [
            one.delivery.url for one in items[place + 1 :] if one.delivery
        ]
    assert items[-1].share == 1.0


def test_another_file_under_the_name_is_read_from_its_beginning(tmp_path: Path) -> None:
    box = boxed([letter("1"), letter("2")], tmp_path / "a")
    first = next(Mbox(box, account="mail").items(""))
    boxed([letter("3"), letter("4")], box)
    assert len(read(box, first.cursor)) == 2


def test_what_is_no_mbox_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no mbox"):
        read(raw_box(tmp_path, letter("1")))
    assert read(raw_box(tmp_path, "")) == []
    assert read(raw_box(tmp_path, f"\n\n{FROM_LINE}{letter('1')}")) != []


def test_of_a_mail_that_is_too_large_the_header_is_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omnichannel.imports.mbox.MOST_BYTES", 2000)
    box = boxed([letter("1", text="x" * 5000), letter("2", text="two")], tmp_path / "a")
    large, small = read(box)
    assert int(large.header("x-omnichannel-truncated")) > 5000
    assert b"xxx" not in large.body
    assert b"two" in small.body


async def test_an_archive_comes_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number and by bytes; after the last there is nothing to go on with."""
    monkeypatch.setattr(archives, "BATCH_ITEMS", 2)
    box = Mbox(boxed([letter(str(number)) for number in range(5)], tmp_path / "a"), account="mail")
    sizes, cursor, more = [], "", True
    while more:
        batch = await box.fetch(cursor)
        sizes.append(len(batch.deliveries))
        cursor, more = batch.cursor, batch.more
    assert sizes == [2, 2, 1]
    assert (cursor, box.share) == ("", 1.0)
    monkeypatch.setattr(archives, "BATCH_BYTES", 10)
    assert len((await box.fetch("")).deliveries) == 1


@pytest.mark.parametrize("tail", [b"", b"x" * 3_000_000])
def test_a_box_is_read_in_the_memory_of_a_piece(tmp_path: Path, tail: bytes) -> None:
    """Four times as long a file takes no more, nor does one whose last mail has no end for megabytes."""
    peaks = []
    for number in (200, 800):
        box = boxed([letter(str(one), text="words " * 1000) for one in range(number)], tmp_path / str(number))
        with box.open("ab") as file:
            file.write(tail)
        tracemalloc.start()
        for _ in Mbox(box, account="mail").items(""):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_what_only_looks_like_a_beginning_costs_little(tmp_path: Path) -> None:
    """A body of nothing but such lines is walked once: four times as many take no more reads for each byte."""
    reads = []
    for number in (100_000, 400_000):
        box = boxed([letter("1", text="From \n" * number)], tmp_path / str(number))
        counted = Counted(box.read_bytes())
        assert list(_mails(counted, 0, box.stat().st_size, "a")) == [(0, box.stat().st_size)]
        reads.append(counted.given / box.stat().st_size)
    assert reads[1] <= reads[0] < 1.5


class Counted(BytesIO):
    """A file that counts the bytes that were read of it."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.given += len(found)
        return found


LINES = st.sampled_from(
    [
        "",
        "words",
        "From me",
        ">From me",
        "From x Mon Mar  2 09:00:00 2026",
        "Subject: x",
        "Content-Length: 7",
        "\r",
    ]
)


@given(st.lists(st.lists(LINES, max_size=8), min_size=1, max_size=5))
def test_what_stands_beside_a_mail_never_harms_it(bodies: list[list[str]]) -> None:
    """However odd the others are: one that is whole is found whole, and no byte of the file is in no mail."""
    from tempfile import TemporaryDirectory

    whole = letter("whole", text="the whole of it")
    mails = [letter(str(number), text="\n".join(lines)) for number, lines in enumerate(bodies)]
    with TemporaryDirectory() as folder:
        box = boxed([*mails, whole, *mails], Path(folder) / "a")
        items = list(Mbox(box, account="mail").items(""))
        ends = [json.loads(item.cursor)["offset"] for item in items]
        assert ends == sorted(ends)
        assert ends[-1] == box.stat().st_size
        found = [item.delivery.body for item in items if item.delivery]
    assert any(b"<whole@home.example>" in body and body.endswith(b"the whole of it\r\n") for body in found)


@pytest.mark.skipif(not DATA.exists(), reason="the public mail is not there")
def test_a_real_box_is_cut_where_its_own_project_cuts_it() -> None:
    """MimeKit's offsets of a box of 29 mails with `Content-Length`, and of its small ones."""
    box = DATA / "mbox__mimekit/content-length.mbox.txt"
    offsets = [int(one.url.partition("#")[2]) for one in read(box)]
    known = json.loads((DATA / "mbox__mimekit/content-length.unix-offsets.json").read_text())
    assert offsets == [one["mboxMarkerOffset"] for one in known]
    assert len(offsets) == 29
