"""`normalize`: every event of every file on a line of its own, whatever the files are."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.cli import normalize, wire
from omnichannel.plugins import channel_class
from tests.cli.conftest import Command

FIXED = [
    "path", "event", "kind", "external_id", "sender", "recipients", "sent_at", "subject", "text", "quoted",
    "parts", "reply_to", "conversation", "public", "automatic", "reason",
]  # fmt: skip

US = {"address": "US", "name": "", "kind": "telegraph", "scope": "here", "value": "us"}


def written(folder: Path, *items: dict[str, str], name: str = "a.json") -> str:
    path = folder / name
    path.write_text(json.dumps({"items": items}))
    return str(path)


def telegram(**more: str) -> dict[str, str]:
    return {"id": "t1", "from": "ann"} | more


def test_a_received_message_in_full(command: Command, tmp_path: Path) -> None:
    """The fixed keys first and in order, then what else is known; bytes are never printed."""
    path = written(
        tmp_path,
        telegram(name="Ann", text="COME", subject="Home", at="2024-05-06T07:08:09+02:00", to="t0"),
    )
    ran = command("normalize", "telegraph", path)
    assert (ran.status, ran.err) == (0, "")
    [row] = ran.rows
    assert list(row)[: len(FIXED)] == FIXED
    assert {key: row[key] for key in FIXED} == {
        "path": path,
        "event": "received",
        "kind": None,
        "external_id": "t1",
        "sender": {"address": "ANN", "name": "Ann", "kind": "telegraph", "scope": "here", "value": "ann"},
        "recipients": [US],
        "sent_at": "2024-05-06T05:08:09Z",
        "subject": "Home",
        "text": "COME",
        "quoted": "> OLD",
        "parts": [
            {"type": "text", "text": "COME", "role": "written"},
            {"type": "text", "text": "> OLD", "role": "quoted"},
            {
                "type": "attachment", "name": "a.bin", "media_type": "application/octet-stream", "size": 3,
                "sha256": "", "url": "", "external_id": "", "inline": False, "content_id": "", "index": None,
            },
        ],
        "reply_to": "t0",
        "conversation": None,
        "public": False,
        "automatic": None,
        "reason": None,
    }  # fmt: skip
    assert (row["direction"], row["strength"], row["method"]) == ("inbound", "verified", "platform_id")


EMPTY = dict.fromkeys(FIXED) | {"recipients": [], "parts": []}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            {"do": "edit"},
            {
                "event": "updated", "kind": "edited", "external_id": "e1", "targets": ["t1"], "text": "NEW",
                "parts": [{"type": "text", "text": "NEW", "role": "written"}],
            },
        ),
        (
            {"do": "read"},
            {
                "event": "updated", "kind": "read", "external_id": "r1", "status": "read",
                "sender": {"address": "7", "name": "", "kind": "telegraph", "scope": "here", "value": "7"},
            },
        ),
        ({"do": "ignore"}, {"event": "ignored", "reason": "a test of the wire", "what": "test"}),
        ({"do": "broken"}, {"event": "malformed", "reason": "no clapper", "where": "/items/0"}),
    ],
)  # fmt: skip
def test_the_other_events_have_the_same_keys(
    command: Command, tmp_path: Path, item: dict[str, str], expected: dict[str, object]
) -> None:
    """What an event does not have is null, or an empty list: only a received message has empty texts."""
    path = written(tmp_path, item)
    [row] = command("normalize", "telegraph", path).rows
    assert {key: row[key] for key in {*FIXED, *expected}} == {**EMPTY, "path": path, **expected}


def test_every_event_of_every_file_in_order(command: Command, tmp_path: Path) -> None:
    """A file with several events gives several lines; a malformed one sets the status, and the rest goes on."""
    one = written(tmp_path, telegram(), {"do": "broken"}, telegram(id="t2"), name="one.json")
    two = written(tmp_path, telegram(id="t3"), name="two.json")
    ran = command("normalize", "telegraph", one, "/nowhere", two)
    assert ran.status == 1
    assert [(row["path"], row["event"], row["external_id"]) for row in ran.rows] == [
        (one, "received", "t1"),
        (one, "malformed", None),
        (one, "received", "t2"),
        ("/nowhere", "malformed", None),
        (two, "received", "t3"),
    ]


def test_a_form_is_told_by_its_name(command: Command, tmp_path: Path) -> None:
    """A body is without its header on a disk: `.form` and `.json` stand for it."""
    path = tmp_path / "a.form"
    path.write_bytes(b"id=t1&from=ann&text=COME+HOME")
    [row] = command("normalize", "telegraph", str(path)).rows
    assert row["text"] == "COME HOME"


def test_standard_input_is_a_dash(command: Command) -> None:
    """And its path is that dash."""
    ran = command("normalize", "telegraph", "-", stdin=b'{"items": {"id": "1", "from": "a"}}')
    assert [(row["path"], row["event"]) for row in ran.rows] == [("-", "received")]


def test_a_file_without_events_says_so(command: Command, tmp_path: Path) -> None:
    """No file goes without a line."""
    [row] = command("normalize", "telegraph", written(tmp_path)).rows
    assert (row["event"], row["reason"]) == ("ignored", "there is nothing in it")


def bad_files(folder: Path) -> dict[str, str]:
    (folder / "junk").write_bytes(bytes(range(256)))
    (folder / "empty").write_bytes(b"")
    (folder / "deep").write_bytes(b"[" * 100_000)
    (folder / "locked").write_bytes(b"{}")
    (folder / "locked").chmod(0)
    (folder / "crash").write_text('{"items": {"do": "crash"}}')
    return {
        str(folder / "junk"): "not JSON",
        str(folder / "empty"): "not JSON",
        str(folder / "deep"): "",
        str(folder): f"{folder}: is a directory; name the files in it",
        str(folder / "gone"): f"{folder / 'gone'}: No such file or directory",
        "nul\0byte": "nul\0byte: no such name can be",
        str(
            folder / "crash"
        ): "telegraph failed to read it (RuntimeError); this is a mistake of the channel's",
    }


def test_what_cannot_be_read_is_a_line_with_its_reason(command: Command, tmp_path: Path) -> None:
    """Junk, nothing, bombs, directories, missing files, a channel's mistakes: never a traceback."""
    bad = bad_files(tmp_path)
    ran = command("normalize", "telegraph", *bad)
    assert (ran.status, ran.err) == (1, "")
    assert [row["path"] for row in ran.rows] == list(bad)
    for row in ran.rows:
        assert row["event"] == "malformed"
        assert row["reason"].startswith(bad[row["path"]])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_a_line(command: Command, tmp_path: Path) -> None:
    """What the system says is the reason."""
    bad_files(tmp_path)
    [row] = command("normalize", "telegraph", str(tmp_path / "locked")).rows
    assert row["reason"].endswith("Permission denied")


def test_a_file_without_end_is_not_read_to_its_end(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No more than the limit is held in memory, of a device as of standard input."""
    monkeypatch.setattr(wire, "MOST_BYTES", 1000)
    ran = command("normalize", "telegraph", "/dev/zero", "-", stdin=b"x" * 1001)
    assert [row["reason"] for row in ran.rows] == [
        "/dev/zero: longer than 1000 bytes, which is the most that is read",
        "-: longer than 1000 bytes, which is the most that is read",
    ]


def test_a_file_name_that_is_no_text_is_printed_as_json(command: Command, tmp_path: Path) -> None:
    """Names are bytes; what is not UTF-8 comes out as an escape, and goes in again as the same name."""
    raw = os.fsencode(tmp_path) + b"/\xff.json"
    Path(os.fsdecode(raw)).write_text('{"items": {"id": "1", "from": "a"}}')
    [row] = command("normalize", "telegraph", os.fsdecode(raw)).rows
    assert os.fsencode(row["path"]) == raw
    assert row["event"] == "received"


def test_no_text_can_end_a_line(command: Command, tmp_path: Path) -> None:
    """Whatever character a reader takes for a line end is escaped: one event, one line."""
    ends = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
    [row] = command("normalize", "telegraph", written(tmp_path, telegram(text=f"a{ends}b"))).rows
    assert row["text"] == f"a{ends}b"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary()
    | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps).map(str.encode)
)
def test_whatever_the_bytes_there_is_a_row(body: bytes, tmp_path: Path) -> None:
    """At least one object for each file, with the fixed keys, that is JSON."""
    path = tmp_path / "any"
    path.write_bytes(body)
    rows = list(normalize.rows(channel_class("telegraph").bare(), str(path)))
    assert rows
    for row in rows:
        assert list(row)[: len(FIXED)] == FIXED
        assert len(wire.json_line(row).splitlines()) == 1


def test_a_thousand_files_are_one_channel(command: Command, tmp_path: Path) -> None:
    """The channel is made once; each file is a line."""
    path = written(tmp_path, telegram())
    assert len(command("normalize", "telegraph", *[path] * 1000).rows) == 1000


def test_no_text_can_command_a_terminal(command: Command, tmp_path: Path) -> None:
    """What a stranger wrote is printed as escapes where a terminal would obey it, or turn round what follows."""
    evil = "\x1b[2J\x9b2J\x7f\u202egnp.exe\u2066"
    ran = command("normalize", "telegraph", written(tmp_path, telegram(text=evil)))
    assert not set(evil) & set(ran.out) - set("[2Jgnp.exe")
    assert ran.rows[0]["text"] == evil
