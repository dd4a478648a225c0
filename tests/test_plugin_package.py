"""A third party's channel, as a third party's: built, installed beside the library's wheel, and held to the contract.

`examples/plugin` is a whole package of its own. What works here works for everybody: the commands find it, its tests
pass where nothing of this repository can be imported.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import textwrap
import tomllib
from pathlib import Path

import pytest

from tests.wheels import ROOT, Environment, built

PLUGIN = ROOT / "examples" / "plugin"
TUTORIAL = ROOT / "docs" / "tutorial" / "write-a-channel.md"
LINE_DATA = ROOT.parent / "shared" / "data" / "line"
SIGNATURES = ROOT.parent / "shared" / "data" / "signatures" / "line"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The library and the plug-in, from their wheels."""
    folder = tmp_path_factory.mktemp("outside")
    environment = Environment(folder / "venv")
    environment.install(built(ROOT, folder), built(PLUGIN, folder))
    return environment


@pytest.fixture
def outside(environment: Environment, tmp_path: Path):
    """Runs a command there, in an empty folder."""

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return environment.run(*words, cwd=tmp_path, stdin=stdin)

    return run


def test_the_library_is_the_wheels(outside, tmp_path: Path) -> None:
    """Nothing here is imported from this repository's sources."""
    (tmp_path / "where.py").write_text(
        "import omnichannel, omnichannel_line\nprint(omnichannel.__file__, omnichannel_line.__file__)"
    )
    places = outside("where").stdout.split()
    assert len(places) == 2
    assert all("site-packages" in place and str(ROOT) not in place for place in places)


def test_its_own_tests_pass(environment: Environment, tmp_path: Path) -> None:
    """The contract, the conversation over real sockets, and whatever else its author thought of."""
    shutil.copytree(PLUGIN / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    done = environment.run("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests", cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert "failed" not in done.stdout


def test_the_list_of_channels_has_it(outside) -> None:
    """Beside the library's own, by the same door."""
    found = {
        entry["kind"]: entry for entry in json.loads(outside("omnichannel", "channels", "--json").stdout)
    }
    assert {"email", "line"} <= found.keys()
    assert found["line"]["can"]["text"].items() >= {"size": 5000, "measure": "utf16", "splits": True}.items()


def test_normalize_reads_its_files(outside) -> None:
    body = {
        "events": [
            {
                "type": "message",
                "source": {"userId": "U1"},
                "message": {"type": "text", "id": "1", "text": "こんにちは"},
            }
        ]
    }
    done = outside("omnichannel", "normalize", "line", "-", stdin=json.dumps(body))
    row = json.loads(done.stdout)
    assert (done.returncode, row["event"], row["text"], row["sender"]["value"]) == (
        0,
        "received",
        "こんにちは",
        "U1",
    )


def test_verify_knows_its_signature(outside) -> None:
    """The vector is of LINE's own library for Java."""
    proof = "X-Line-Signature: 3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA="
    done = outside("omnichannel", "verify", "line", "-", "--secret", "SECRET", "--header", proof, stdin="{}")
    assert (done.returncode, done.stdout) == (0, "accepted: HTTP 200, it would be kept and read\n")
    assert (
        outside(
            "omnichannel", "verify", "line", "-", "--secret", "OTHER", "--header", proof, stdin="{}"
        ).returncode
        == 1
    )


def test_emulate_runs_its_platform(environment: Environment, tmp_path: Path) -> None:
    """Its emulator listens until it is told to stop, and tells the settings that an account of it needs."""
    command = [
        str(environment.folder / "bin" / "omnichannel"),
        "emulate",
        "line",
        "--port",
        "0",
        "--write",
        "line.toml",
    ]
    environ = {"PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # where the tests run in the background
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) in (0, 130)
    assert tomllib.loads((tmp_path / "line.toml").read_text())["channels"]["line"]["bot_id"].startswith("U")


@pytest.mark.skipif(not LINE_DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_every_recorded_body_is_read(outside) -> None:
    """No body of LINE's own libraries, or of others for it, is malformed."""
    files = [str(path) for path in sorted(LINE_DATA.rglob("*.json")) if path.name != "expected.json"]
    done = outside("omnichannel", "normalize", "line", *files)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["path"] for row in rows} == set(files)
    assert [row for row in rows if row["event"] == "malformed"] == []
    assert done.returncode == 0


@pytest.mark.skipif(not SIGNATURES.exists(), reason="the recorded signatures are not beside this repository")
def test_every_recorded_signature_is_judged_as_its_source_says(outside) -> None:
    vectors = [one for path in SIGNATURES.glob("line_*.json") for one in json.loads(path.read_text("utf-8"))]
    assert vectors
    for vector in vectors:
        proof = f"X-Line-Signature: {vector['signature']}"
        words = (
            "omnichannel",
            "verify",
            "line",
            "-",
            "--secret",
            vector["channel_secret"],
            "--header",
            proof,
        )
        assert (outside(*words, stdin=vector["body"]).returncode == 0) is vector["valid"]


TAKEN = re.findall(r"<!-- (\S+) -->\n```(?:py|toml)\n(.*?)\n```", TUTORIAL.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("path", "block"), TAKEN, ids=[f"{at}-{path.rpartition('/')[2]}" for at, (path, _) in enumerate(TAKEN)]
)
def test_what_the_tutorial_shows_is_what_the_package_is(path: str, block: str) -> None:
    """Each piece of code on the page stands in the file that it names, word for word (but for the indentation)."""
    source = (ROOT / path).read_text("utf-8")
    indented = {textwrap.indent(block, " " * deep) for deep in (0, 4)}
    assert any(piece in source for piece in indented)


def test_the_tutorial_shows_each_part_of_a_channel() -> None:
    """From the signature to the contract: at least one piece of every file of the package but those it links to."""
    shown = {path.rpartition("/")[2] for path, _ in TAKEN}
    assert shown >= {
        "pyproject.toml",
        "__init__.py",
        "item.py",
        "parts.py",
        "parse.py",
        "render.py",
        "answers.py",
        "link.py",
        "test_contract.py",
    }
