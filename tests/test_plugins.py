"""Finding channels: by entry point, importing only what is wanted, and saying what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from omnichannel import plugins
from omnichannel.channel import Channel
from omnichannel.errors import UsageError
from tests.telegraph import install


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the search path, to install packages into."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def why_not(kind: str) -> str:
    with pytest.raises(UsageError) as refusal:
        plugins.channel_class(kind)
    return str(refusal.value)


def test_our_own_channels_come_through_the_same_door() -> None:
    """The three channels of this repository are entry points like any other."""
    assert {"email", "messenger", "x"} <= set(plugins.kinds())


def test_a_third_partys_channel_is_found(packages: Path) -> None:
    """Installing a package is all there is to do."""
    install(packages)
    found = plugins.channel_class("telegraph")
    assert issubclass(found, Channel)
    assert found.kind == "telegraph"
    assert "telegraph" in plugins.kinds()


def test_only_the_wanted_channel_is_imported(packages: Path) -> None:
    """A process that reads telegrams never loads what mail needs."""
    install(packages)
    code = (
        "import sys; from omnichannel.plugins import channel_class; channel_class('telegraph');"
        "print(sorted(name for name in sys.modules if name.startswith('omnichannel.channels.')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(packages)}, capture_output=True, check=True
    )
    assert said.stdout == b"[]\n"


def test_an_unknown_kind_names_the_installed_ones() -> None:
    """And the one that was probably meant."""
    said = why_not("emial")
    assert said.startswith("emial: no such kind of channel; did you mean email? installed are ")
    for kind in plugins.kinds():
        assert kind in said


def test_without_any_channel_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty search path has no packages at all."""
    monkeypatch.setattr(sys, "path", [])
    assert "installed are none" in why_not("email")


@pytest.mark.parametrize(
    ("extra", "wanted"), [("fax", "fax-shop[fax]"), ("", "fax-shop"), ("other", "fax-shop")]
)
def test_a_missing_dependency_names_what_to_install(packages: Path, extra: str, wanted: str) -> None:
    """The package's extra of the same name as the kind, if it has one."""
    source = "import a_library_that_nobody_has.deep\n"
    install(packages, package="fax-shop", entry=f"fax = fax_{extra}:Fax", source=source, extra=extra)
    said = why_not("fax")
    assert said == f"fax needs a_library_that_nobody_has, which is not installed; pip install '{wanted}'"


@pytest.mark.parametrize(
    ("module", "source", "why"),
    [
        ("broken_a", "import broken_a.inner", "No module named 'broken_a.inner'"),
        ("broken_b", "from os import nothing", "cannot import name 'nothing'"),
        ("broken_c", "1/0", "ZeroDivisionError: division by zero"),
        ("broken_d", "def", "SyntaxError"),
        ("broken_e", "", "AttributeError"),
        ("broken_f", "Fax = 5", "broken_f:Fax is not a subclass of omnichannel's Channel"),
        ("broken_g", "class Fax: kind = 'fax'", "not a subclass"),
        (
            "broken_h",
            "from omnichannel.channel import Channel\nclass Fax(Channel): kind = 'telefax'",
            "its kind is another",
        ),
    ],
)
def test_a_broken_plugin_is_named(packages: Path, module: str, source: str, why: str) -> None:
    """Its package is at fault, not the caller's environment: nothing to install is suggested."""
    install(packages, package="fax-shop", entry=f"fax = {module}:Fax", source=source)
    said = why_not("fax")
    assert said.startswith("fax: what fax-shop offers cannot be used: ")
    assert why in said
    assert "pip install" not in said


def test_two_packages_for_one_kind_are_not_chosen_between(packages: Path) -> None:
    """Which one came first on the search path must not decide who reads the mail."""
    install(packages, package="telegraph-a")
    install(packages, package="telegraph-b", entry="telegraph = telegraph_b:Telegraph", source="")
    assert why_not("telegraph") == "telegraph: offered by telegraph-a and telegraph-b; uninstall one of them"


def test_one_package_seen_twice_is_one(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same folder may be on the search path twice, or hold what is also installed."""
    install(packages)
    monkeypatch.syspath_prepend(str(install(packages / "again")))
    assert plugins.channel_class("telegraph").kind == "telegraph"
