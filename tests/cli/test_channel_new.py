"""`channel new`: what it writes is a package that can be built, installed and published, and passes its own tests."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.wheels import ROOT, Environment, built


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_a_package_and_says_how_to_go_on(command: Command, here: Path) -> None:
    ran = command("channel", "new", "pigeon-post")
    assert (ran.status, ran.err) == (0, "")
    assert "pip install -e '.[test]' && pytest" in ran.out
    project = tomllib.loads((here / "omnichannel-pigeon-post" / "pyproject.toml").read_text())["project"]
    assert project["name"] == "omnichannel-pigeon-post"
    assert project["entry-points"]["omnichannel.channels"] == {
        "pigeon-post": "omnichannel_pigeon_post:PigeonPost"
    }
    listed = {line for line in ran.out.splitlines() if line.startswith("omnichannel-pigeon-post/")}
    written = {
        str(path.relative_to(here))
        for path in (here / "omnichannel-pigeon-post").rglob("*")
        if path.is_file()
    }
    assert listed == written


def test_nothing_is_left_to_fill_in_by_the_machine(command: Command, here: Path) -> None:
    """Every name is in its place, in paths, too."""
    assert command("channel", "new", "fax", "--into", "deep/folder").status == 0
    for path in (here / "deep" / "folder").rglob("*"):
        assert "MODULE" not in str(path)
        assert not path.name.endswith(".txt")
        if path.is_file():
            assert (
                not re.search(r"\{\{|\}\}(?!\})", path.read_text().replace("}}}", ""))
                or path.suffix == ".json"
            )


@pytest.mark.parametrize("name", ["Fax", "9fax", "fax!", "fax--post", "-fax", "", "f" * 33, "pakete/../x"])
def test_what_cannot_be_a_kind(command: Command, here: Path, name: str) -> None:
    ran = command("channel", "new", "--", name)
    assert (ran.status, list(here.iterdir())) == (2, [])
    assert "cannot be a kind" in ran.err


@pytest.mark.parametrize(
    "name",
    [
        "none",
        "true",
        "test",
        "test-line",
        "path",
        "channel-contract",
        "channel",
        "class",
        "delivery",
        "import",
    ],
)
def test_a_kind_that_is_a_word_of_pythons(command: Command, here: Path, name: str) -> None:
    """Each is a fine word for a platform; its class has a name that nothing else in the files has, nor pytest wants."""
    assert command("channel", "new", name, "--into", "new").status == 0
    module = "omnichannel_" + name.replace("-", "_")
    [made] = [
        node
        for node in ast.parse((here / "new" / "src" / module / "__init__.py").read_text()).body
        if isinstance(node, ast.ClassDef)
    ]
    assert not made.name.startswith("Test")
    for path in (here / "new").rglob("*.py"):
        bound = [
            alias.asname or alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != module
            for alias in node.names
        ]
        assert made.name not in bound, path
    project = tomllib.loads((here / "new" / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["omnichannel.channels"] == {name: f"{module}:{made.name}"}


def test_a_kind_that_is_there(command: Command, here: Path) -> None:
    """Two packages for one kind could not be told apart."""
    ran = command("channel", "new", "telegraph")
    assert (ran.status, list(here.iterdir())) == (2, [])
    assert "a channel of that kind is installed" in ran.err


def test_nothing_is_written_over(command: Command, here: Path) -> None:
    (here / "omnichannel-fax").mkdir()
    assert command("channel", "new", "fax").status == 0
    ran = command("channel", "new", "fax")
    assert ran.status == 2
    assert "choose another folder" in ran.err
    (here / "file").touch()
    assert command("channel", "new", "fax", "--into", "file").status == 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Environment, Path]:
    """A new channel, written by the library's wheel and installed beside it."""
    folder = tmp_path_factory.mktemp("new")
    environment = Environment(folder / "venv")
    environment.install(built(ROOT, folder))
    done = environment.run("omnichannel", "channel", "new", "pigeon", cwd=folder)
    assert done.returncode == 0, done.stderr
    project = folder / "omnichannel-pigeon"
    environment.install(built(project, folder / "built"))
    return environment, project


def test_it_passes_its_own_tests(made: tuple[Environment, Path]) -> None:
    """The whole contract, and a conversation over real sockets: it works before anything is filled in."""
    environment, project = made
    done = environment.run("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", cwd=project)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d\d passed", done.stdout)


def test_the_commands_find_it(made: tuple[Environment, Path]) -> None:
    environment, project = made
    listed = json.loads(environment.run("omnichannel", "channels", "--json", cwd=project).stdout)
    assert "pigeon" in {entry["kind"] for entry in listed}
    body = json.loads((project / "tests" / "cases" / "receive-text.json").read_text())["delivery"]["json"]
    done = environment.run("omnichannel", "normalize", "pigeon", "-", cwd=project, stdin=json.dumps(body))
    assert json.loads(done.stdout)["text"] == "Where is my order?"


def test_the_settings_on_its_page_are_those_of_an_account(made: tuple[Environment, Path]) -> None:
    """Whoever follows the page gets as far as `doctor` without any other."""
    environment, project = made
    written = re.findall(r"```toml\n(.*?)```", (project / "README.md").read_text(), re.DOTALL)
    (project / "omnichannel.toml").write_text(re.sub(r'\{ env = ("\w+") \}', r"\1", "".join(written)))
    done = environment.run("omnichannel", "doctor", cwd=project)
    (project / "omnichannel.toml").unlink()
    assert "the settings of a1 are complete" in done.stdout, done.stdout + done.stderr


def test_a_promise_without_a_case_names_the_next_step(made: tuple[Environment, Path]) -> None:
    """Whoever declares something more is told what is missing."""
    environment, project = made
    source = project / "src" / "omnichannel_pigeon" / "__init__.py"
    before = source.read_text()
    source.write_text(
        before.replace('parts_in=frozenset({"text", ', 'parts_in=frozenset({"text", "location", ')
    )
    environment.install(built(project, project.parent / "again"))
    done = environment.run("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", cwd=project)
    assert done.returncode == 1
    assert "can.parts_in declares location, and no case shows it" in done.stdout
    assert "record a delivery with that part" in done.stdout
