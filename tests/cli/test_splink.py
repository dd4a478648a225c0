"""`identity export-splink` and `import-splink`: to Splink's engines and back."""

from __future__ import annotations

import asyncio
import csv
import importlib.util
import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from omnichannel import Address, Inbox
from tests.cli.conftest import Command

GIVEN = (
    "Anna", "Bert", "Clara", "Dirk", "Elsa", "Frits", "Greet", "Hans", "Irma", "Joop", "Karin", "Leo",
)  # fmt: skip
FAMILY = (
    "Vermeulen", "Kuipers", "Haanstra", "Zijlstra", "Bakhuis", "Oosterom", "Pietersen", "Roelofs", "Talsma",
)  # fmt: skip
STREETS = (
    "Kerkstraat", "Dorpsweg", "Zuidlaan", "Molenpad", "Havenkade", "Lindelaan", "Parkweg", "Singel",
)  # fmt: skip
with_splink = pytest.mark.skipif(
    importlib.util.find_spec("splink") is None, reason="needs pip install 'omnichannel[splink]'"
)


def people() -> list[dict[str, str]]:
    """Ninety people picked at random, every third of them twice, the second time with slips; ids say who is who."""
    chance = Random(7)
    rows = []
    for number in range(90):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        born = f"{chance.randint(1940, 2000)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        said = {
            "record_id": f"{number}a", "name": f"{given} {family}", "born": born,
            "street": f"{chance.choice(STREETS)} {chance.randint(1, 200)}",
            "email": f"{chance.getrandbits(40):x}@b.example",
        }  # fmt: skip
        rows.append(said)
        if number % 3 == 0:
            rows.append(said | {"record_id": f"{number}b", "name": f"{given} {family[:-1]}", "email": ""})
    return rows


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people()[0]))
        writer.writeheader()
        writer.writerows(people())
    return path


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with some of them."""
    made = f"sqlite:///{tmp_path}/a.db"

    async def fill() -> None:
        async with Inbox(made) as inbox:
            for number, row in enumerate(people()[:30]):
                facts = {field: row[field] for field in ("name", "born", "street")}
                await inbox.identity.observe(
                    Address(kind="phone", value=f"+316100000{number:02}"), facts=facts
                )

    asyncio.run(fill())
    return made


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs(folder: Path, *rows: str) -> str:
    path = folder / "pairs.csv"
    path.write_text(
        "\n".join(["customer_l,customer_r,match_probability,model", *rows]) + "\n", encoding="utf-8"
    )
    return str(path)


# ------------------------------------------------------------------------------------------------- export


def test_a_file_of_records_becomes_a_folder_for_splink(
    command: Command, records: Path, tmp_path: Path
) -> None:
    """Columns that nobody fills are not compared; the folder is its owner's alone."""
    folder = tmp_path / "out"
    ran = command("identity", "export-splink", str(folder), "--records", str(records), "--drop", "email")
    assert ran.status == 0
    assert "120 of whom something is known, in 120 rows; 4 comparisons" in ran.out
    assert f"python {folder}/score.py" in ran.out
    assert {path.name for path in folder.iterdir()} == {
        "records.csv", "keys.csv", "settings.json", "training.json", "score.py",
    }  # fmt: skip
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    rows = table(folder / "records.csv")
    assert [row["customer"] for row in rows] == [row["record_id"] for row in people()]
    assert rows[0]["family"] == people()[0]["name"].split()[1].lower()
    assert "@" not in (folder / "records.csv").read_text(encoding="utf-8")
    keyed = {row["unique_id"] for row in table(folder / "keys.csv")}
    assert keyed == {row["unique_id"] for row in rows}
    made = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    assert {one["output_column_name"] for one in made["comparisons"]} == {"given", "family", "born", "street"}


def test_a_store_becomes_a_folder_for_splink(command: Command, url: str, tmp_path: Path) -> None:
    """By the ids of its customers, with the model that it has learned."""
    with Inbox(url).sync() as box:
        box.identity.learn()
    folder = tmp_path / "out"
    ran = command("identity", "export-splink", str(folder), "--store", url)
    assert "30 of whom something is known" in ran.out
    assert "30 customers" in ran.err
    rows = table(folder / "records.csv")
    with Inbox(url).sync() as box:
        shown = [box.customers.get(row["customer"]).addresses[0].address.value for row in rows]
    assert shown == [f"+316100000{number:02}" for number in range(30)]
    assert rows[3]["phone"] == "610000003"


def test_what_cannot_be_exported_is_told_with_the_cure(
    command: Command, url: str, records: Path, tmp_path: Path
) -> None:
    """And nothing is written over."""
    for argv, why in (
        ((str(tmp_path), "--store", url), "is there already: name a new folder"),
        ((str(tmp_path / "no" / "x"), "--store", url), "make it first"),
        ((str(tmp_path / "x"), "--store", url, "--drop", "a"), "--drop is for --records"),
        ((str(tmp_path / "x"), "--records", str(tmp_path / "no.csv")), "No such file"),
        ((str(tmp_path / "x"), "--records", str(records), "--drop", "a"), "no column is called a"),
    ):
        ran = command("identity", "export-splink", *argv)
        assert (ran.status, why in ran.err) == (2, True), ran.err
    assert not (tmp_path / "x").exists()
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"record_id,name\na,b\xff\n")
    ran = command("identity", "export-splink", str(tmp_path / "x"), "--records", str(broken))
    assert (ran.status, "not UTF-8" in ran.err) == (2, True)


# ------------------------------------------------------------------------------------------------- import


def test_pairs_come_back_once_however_often_they_are_taken_in(
    command: Command, url: str, tmp_path: Path
) -> None:
    """With progress, and what became of them."""
    command("identity", "export-splink", str(tmp_path / "out"), "--store", url)
    who = [row["customer"] for row in table(tmp_path / "out" / "records.csv")]
    path = pairs(tmp_path, f"{who[0]},{who[1]},0.97,m 1", f"{who[0]},{who[2]},0.3,m 1")
    first = command("identity", "import-splink", path, "--store", url)
    assert "2 pairs: 1 written, 0 known already, 1 too unlikely" in first.out
    assert "2 pairs" in first.err
    again = command("identity", "import-splink", path, "--store", url)
    assert "0 written, 1 known already" in again.out
    newer = pairs(tmp_path, f"{who[3]},{who[4]},0.8,m 2")
    instead = command("identity", "import-splink", newer, "--store", url, "--instead")
    assert "1 written" in instead.out
    assert "1 claims of other models were taken back" in instead.out


def test_what_cannot_be_taken_in_is_told_with_the_cure(
    command: Command, url: str, records: Path, tmp_path: Path
) -> None:
    strangers = pairs(tmp_path, "a,b,0.9,m")
    bad = tmp_path / "bad.csv"
    bad.write_text("customer_l,customer_r,match_probability\na,b,often\n")
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("customer_l,customer_r,match_probability\na,b,0.9\n")
    for argv, why in (
        ((strangers, "--store", url), "nobody of it is in this workspace"),
        ((str(bad), "--store", url), "bad.csv: line 2: 'often' is no probability"),
        ((str(nameless), "--store", url), "name it and its version: --model NAME"),
        ((str(tmp_path / "no.csv"), "--store", url), "No such file"),
        ((strangers, "--store", url, "--out", "x.csv"), "--out is for --records"),
        ((strangers, "--records", str(records)), "say where to write the clusters"),
        (
            (strangers, "--records", str(records), "--out", str(tmp_path / "c.csv")),
            "no record has the record_id 'a'",
        ),
    ):
        ran = command("identity", "import-splink", *argv)
        assert (ran.status, why in ran.err) == (2, True), ran.err


def test_pairs_of_records_become_clusters_for_a_purpose(
    command: Command, records: Path, tmp_path: Path
) -> None:
    """Who is connected by pairs that are likely enough is one; analytics takes less likely ones."""
    path = pairs(tmp_path, "0a,0b,0.9,m", "0b,3a,0.6,m", "6a,6b,0.3,m")
    out = tmp_path / "clusters.csv"
    args = ("identity", "import-splink", path, "--records", str(records), "--out", str(out))
    assert "120 records, 118 clusters" in command(*args).out
    found = {row["record_id"]: row["cluster_id"] for row in table(out)}
    assert found["0b"] == found["3a"] == found["0a"] == "0a"
    assert found["6b"] == "6b"
    assert "120 records, 117 clusters" in command(*args, "--purpose", "analytics").out


# ------------------------------------------------------------------------------------------------ with Splink


def score(*argv: str) -> str:
    """What the script says, run by itself."""
    argv = (sys.executable, *argv, "--random-pairs", "1e4")
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@with_splink
@pytest.mark.parametrize("options", [("--as-it-is",), ()], ids=["our model", "trained"])
def test_splink_finds_on_duckdb_who_is_who(
    command: Command, records: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """With the exported model as it is, and trained on: those who are there twice, and nearly nobody else."""
    folder = tmp_path / "out"
    command("identity", "export-splink", str(folder), "--records", str(records))
    script = ("-m", "omnichannel.cli.splink_score", str(folder), *options)
    assert "120 rows" in score(*script)
    rows = table(folder / "pairs.csv")
    found = {(row["customer_l"], row["customer_r"]) for row in rows if float(row["match_probability"]) >= 0.9}
    twice = {(f"{number}a", f"{number}b") for number in range(0, 90, 3)}
    assert len(found & twice) >= 27
    assert len(found - twice) <= 3
    assert all(re.fullmatch(r"Splink [\d.]+, model [0-9a-f]{12}", row["model"]) for row in rows)
    assert json.loads((folder / "model.json").read_text(encoding="utf-8"))["comparisons"]


@with_splink
def test_an_id_that_is_there_twice_is_refused(command: Command, records: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    twice = records.read_text(encoding="utf-8")
    records.write_text(twice + twice.splitlines()[1] + "\n", encoding="utf-8")
    command("identity", "export-splink", str(folder), "--records", str(records))
    with pytest.raises(subprocess.CalledProcessError) as failed:
        score("-m", "omnichannel.cli.splink_score", str(folder))
    assert "1 rows have the unique_id of another; export anew, each id once" in failed.value.stderr


@with_splink
def test_from_a_store_to_splink_and_back_to_suggestions(command: Command, url: str, tmp_path: Path) -> None:
    """What Splink found is suggested, names its model, and joins nobody to disclose."""
    folder = tmp_path / "out"
    command("identity", "export-splink", str(folder), "--store", url)
    told = score(str(folder / "score.py"), "--as-it-is", "--database", str(tmp_path / "big.duckdb"))
    assert "pairs of customers" in told
    ran = command("identity", "import-splink", str(folder / "pairs.csv"), "--store", url)
    assert ran.status == 0
    assert " 0 written" not in ran.out
    with Inbox(url).sync() as box:
        suggestions = box.identity.suggestions()
        claims = box.identity.claims(table(folder / "pairs.csv")[0]["customer_l"])
    assert suggestions
    assert any(claim.source.startswith("Splink ") for claim in claims)
    again = command("identity", "import-splink", str(folder / "pairs.csv"), "--store", url)
    assert " 0 written" in again.out
