"""`identity resolve`: a file of records becomes a file of clusters."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.identity.resolving.people import HEADINGS, records


def written(path: Path) -> Path:
    rows, _ = records(30)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["record_id", *HEADINGS])
        writer.writerows([f"r{place}", *row.values()] for place, row in enumerate(rows))
    return path


def clusters(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        assert next(lines) == ["record_id", "cluster_id"]
        return {line[0]: line[1] for line in lines}


def test_every_record_gets_a_cluster(command: Command, tmp_path: Path) -> None:
    """Named by one of its records; what was done is said in a line."""
    path = written(tmp_path / "r.csv")
    ran = command("identity", "resolve", str(path), "--out", str(tmp_path / "c.csv"))
    found = clusters(tmp_path / "c.csv")
    assert ran.status == 0
    assert list(found) == [f"r{place}" for place in range(len(found))]
    assert ran.out == f"{len(found)} records, {len(set(found.values()))} clusters\n"
    assert all(found[cluster] == cluster for cluster in found.values())
    assert 1 < len(set(found.values())) < len(found)


def test_a_stricter_purpose_joins_less(command: Command, tmp_path: Path) -> None:
    """And without the e-mail addresses nothing may be disclosed here."""
    path = written(tmp_path / "r.csv")
    counts = []
    for purpose, more in (
        ("analytics", []),
        ("assist", []),
        ("disclose", []),
        ("disclose", ["--drop", "email"]),
    ):
        out = tmp_path / "c.csv"
        assert (
            command("identity", "resolve", str(path), "--out", str(out), "--purpose", purpose, *more).status
            == 0
        )
        counts.append(len(set(clusters(out).values())))
    assert counts == sorted(counts)
    assert counts[-1] == len(clusters(out))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name\nAnn\n", "no column is called record_id"),
        ("record_id,name\n1,Ann\n1,Bob\n", "two records have one record_id"),
        ("record_id,name,name\n1,Ann,B\n", "two columns have one heading"),
        ("record_id,name\n1\n", "line 2 has 1 cells, the heading 2"),
        ("", "no column is called record_id"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_mend_it(
    command: Command, tmp_path: Path, text: str, says: str
) -> None:
    """Nothing is written then."""
    (tmp_path / "r.csv").write_text(text)
    ran = command("identity", "resolve", str(tmp_path / "r.csv"), "--out", str(tmp_path / "c.csv"))
    assert ran.status == 2
    assert says in ran.err
    assert not (tmp_path / "c.csv").exists()


def test_what_is_not_utf8_and_a_column_that_is_not_there(command: Command, tmp_path: Path) -> None:
    """Both are asked wrongly."""
    (tmp_path / "r.csv").write_bytes(b"record_id,name\n1,\xff\n")
    assert "not UTF-8" in command("identity", "resolve", str(tmp_path / "r.csv"), "--out", "-").err
    path = written(tmp_path / "r.csv")
    ran = command("identity", "resolve", str(path), "--out", str(tmp_path / "c.csv"), "--drop", "shoe_size")
    assert (ran.status, "no column is called shoe_size" in ran.err) == (2, True)


def test_where_nothing_can_be_written_nothing_is_worked_out(command: Command, tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv")
    ran = command("identity", "resolve", str(path), "--out", str(tmp_path / "no" / "c.csv"))
    assert (ran.status, "make it first" in ran.err) == (2, True)


EVENTS = """\
{"record_id": "m", "ts": "2026-03-01T09:30:00Z", "channel": "email", "name": "Ana Blom", "ids": [{"type": "email", "value": "ana@x.nl", "strength": "verified"}]}
{"record_id": "t", "ts": "2026-03-02T09:30:00Z", "channel": "webchat", "name": "Ana Blom", "ids": [{"type": "cookie", "value": "c", "strength": "verified"}, {"type": "email", "value": "ana@x.nl", "strength": "asserted"}]}
"""


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (["--purpose", "disclose"], {"m": "m", "t": "t"}),
        (["--purpose", "assist"], {"m": "m", "t": "m"}),
        (["--drop", "email"], {"m": "m", "t": "t"}),
    ],
)
def test_events_are_told_by_what_is_in_the_file(
    command: Command, tmp_path: Path, more: list[str], wanted: dict[str, str]
) -> None:
    """What somebody typed assists, and discloses nothing; a type of identifiers can be left out."""
    path = tmp_path / "events.jsonl"
    path.write_text(EVENTS, encoding="utf-8")
    ran = command("identity", "resolve", str(path), "--out", str(tmp_path / "c.csv"), *more)
    assert ran.status == 0
    assert clusters(tmp_path / "c.csv") == wanted


def test_a_table_with_strengths_holds_events(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text(
        "record_id,ts,channel,name,email,email_strength\n"
        "a,2026-03-01T09:30:00Z,email,Ana Blom,ana@x.nl,verified\n"
        "b,2026-03-02T09:30:00Z,email,Ana Blom,ANA@x.nl,verified\n",
        encoding="utf-8",
    )
    ran = command("identity", "resolve", str(path), "--out", str(tmp_path / "c.csv"), "--purpose", "disclose")
    assert (ran.status, ran.out) == (0, "2 records, 1 clusters\n")


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        (EVENTS.replace("asserted", "sure"), [], "line 2 is no event: 'sure' is no strength"),
        (EVENTS.replace('"t",', '"m",'), [], "two different events are called 'm'"),
        (EVENTS, ["--drop", "mail"], "no event has mail; there are address, cookie, email, name"),
    ],
)
def test_events_that_cannot_be_read_are_named(
    command: Command, tmp_path: Path, text: str, more: list[str], says: str
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(text, encoding="utf-8")
    ran = command("identity", "resolve", str(path), "--out", str(tmp_path / "c.csv"), *more)
    assert ran.status != 0
    assert says in ran.err
    assert not (tmp_path / "c.csv").exists()
