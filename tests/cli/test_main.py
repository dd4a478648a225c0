"""The command itself: what it imports, how it ends, and that nobody ever sees a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import runpy
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from omnichannel import cli
from tests.cli.conftest import Command

RUN = [sys.executable, "-m", "omnichannel.cli"]


def test_the_version_is_the_packages(command: Command) -> None:
    """One line that a script can read."""
    assert command("--version") == (0, f"omnichannel {version('omnichannel')}\n", "")


def test_without_a_command_it_shows_what_there_is(command: Command) -> None:
    """And says by its status that nothing was done."""
    ran = command()
    assert ran.status == 2
    assert all(name in ran.out for name in cli.COMMANDS)


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_explains_itself(command: Command, name: str) -> None:
    """`--help` works everywhere; every command in the table is there."""
    ran = command(name, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: omnichannel {name}")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["nothing"], "invalid choice: 'nothing'"),
        (["--nothing"], "unrecognized arguments: --nothing"),
        (["normalize"], "the following arguments are required: KIND, PATH"),
        (["normalize", "telegrah", "a"], "did you mean telegraph?"),
        (["measure", "telegraph", "/nowhere"], "/nowhere: No such file or directory"),
        (["verify", "telegraph", "-", "--header", "none"], "--header takes 'Name: value'"),
        (["verify", "telegraph", "-", "--url=--"], "-- can be no option's value"),
        (["verify", "telegraph", "-", "--header", ": none"], "--header takes 'Name: value'"),
        (["doctor", "--timeout", "soon"], "invalid float value"),
    ],
)
def test_what_was_asked_wrongly_ends_with_2(command: Command, argv: list[str], says: str) -> None:
    """With the reason on standard error, and nothing on standard output."""
    ran = command(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


def test_an_error_of_ours_is_one_line(command: Command) -> None:
    """Also if its message has several."""
    ran = command("normalize", "two\nlines", "-")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("omnichannel: two lines: no such kind of channel")


@pytest.mark.parametrize(
    ("raises", "status", "says"),
    [
        ("omnichannel.errors.NotFound('gone')", 2, "omnichannel: gone\n"),
        ("omnichannel.errors.UnsafeStore('unsafe')", 1, "omnichannel: unsafe\n"),
        ("OSError(28, 'No space left on device')", 1, "omnichannel: [Errno 28] No space left on device\n"),
        ("KeyboardInterrupt", 130, ""),
        ("RuntimeError('secret')", 1, "omnichannel: this is a mistake of omnichannel's (RuntimeError); "),
        ("SystemExit('odd')", 0, ""),
    ],
)
def test_whatever_a_command_raises_ends_well(
    command: Command, packages: Path, monkeypatch: pytest.MonkeyPatch, raises: str, status: int, says: str
) -> None:
    """The exit status says whose fault it was; a mistake of ours does not show what it was about."""
    name = f"raising_{abs(hash(raises))}"
    (packages / f"{name}.py").write_text(
        f"import omnichannel.errors\ndef arguments(parser): pass\ndef run(options): raise {raises}\n"
    )
    monkeypatch.setitem(cli.COMMANDS, name, "raise")
    monkeypatch.setattr(cli, "__path__", [*cli.__path__, str(packages)])
    ran = command(name)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.startswith(says)
    assert ran.err.count("\n") == bool(says)
    assert "secret" not in ran.err


def test_who_hunts_a_mistake_gets_the_traceback(
    command: Command, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only with OMNICHANNEL_TRACEBACK set."""
    (packages / "raising.py").write_text("def arguments(parser): pass\ndef run(options): return 1 / 0\n")
    monkeypatch.setitem(cli.COMMANDS, "raising", "raise")
    monkeypatch.setattr(cli, "__path__", [*cli.__path__, str(packages)])
    monkeypatch.setenv("OMNICHANNEL_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        command("raising")


def test_a_reader_that_leaves_ends_it_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`omnichannel schema | head` is not an error of anybody's."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert cli.main(["schema"]) == 141
        print("what comes after goes nowhere", flush=True)


def test_a_real_pipe_that_is_closed_leaves_no_complaint() -> None:
    """Not even when Python ends and writes out what is left."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run([*RUN, "schema"], stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_as_a_module_it_is_the_same_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m omnichannel.cli`, for where the script is not on the path."""
    monkeypatch.setattr(sys, "argv", ["omnichannel", "--version"])
    with pytest.raises(SystemExit) as left:
        runpy.run_module("omnichannel.cli", run_name="__main__")
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("omnichannel ")


def test_a_program_may_catch_what_it_prints() -> None:
    """Standard output may be any stream of text."""
    with contextlib.redirect_stdout(io.StringIO()) as caught:
        assert cli.main(["--version"]) == 0
    assert caught.getvalue().startswith("omnichannel ")


def heeds_interrupts() -> None:
    """A shell's background job ignores them, and so would the command that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_it_in_silence(tmp_path: Path, packages: Path) -> None:
    """Ctrl-C while it waits for its input."""
    waiting = tmp_path / "pipe"
    os.mkfifo(waiting)
    environ = os.environ | {"PYTHONPATH": str(packages)}
    with (
        subprocess.Popen(
            [*RUN, "normalize", "telegraph", str(waiting)],
            stdout=-1,
            stderr=-1,
            env=environ,
            preexec_fn=heeds_interrupts,
        ) as process,
        waiting.open("wb"),
    ):  # opened as soon as the command reads
        process.send_signal(signal.SIGINT)
        assert process.communicate() == (b"", b"")
    assert process.returncode == 130


def test_output_is_utf8_whatever_the_locale(packages: Path, tmp_path: Path) -> None:
    """JSON is UTF-8; the terminal's idea of itself does not garble it."""
    (tmp_path / "é").write_bytes(b'{"items": {"id": "1", "from": "a", "text": "\xe2\x82\xac"}}')
    environ = {"PYTHONPATH": str(packages), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    said = subprocess.run(
        [*RUN, "normalize", "telegraph", str(tmp_path / "é")], env=environ, capture_output=True, check=True
    )
    assert '"text": "€"'.encode() in said.stdout


def test_a_command_imports_only_what_it_needs() -> None:
    """No other command, no channel, and for the version not even the schema's machinery."""
    code = (
        "import sys, omnichannel; before = set(sys.modules); from omnichannel.cli import main; main(['--version']);"
        "print(sorted(name for name in set(sys.modules) - before if name.startswith('omnichannel')))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert said.stdout.splitlines()[1] == "['omnichannel.cli', 'omnichannel.errors']"


def test_no_command_takes_thousands_of_options(command: Command) -> None:
    """The parser would think about them for seconds; words are taken in any number."""
    ran = command("measure", "x", "input", *["--ut"] * 1001)
    assert (ran.status, ran.err) == (2, "omnichannel: more than 1000 options; say each once\n")
    assert "1000 options" not in command("measure", "x", *["input"] * 1001).err
