"""What every test of the command line has: a third party's channel, and a way to call the command."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from omnichannel.cli import main
from tests.telegraph import install


class Ran(NamedTuple):
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        # The strictest reader there is: one that takes every line end of Unicode for one.
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Ran]


@pytest.fixture(autouse=True)
def packages(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The telegraph is installed; what the environment of the tests says is not heard."""
    folder = install(tmp_path_factory.mktemp("packages"))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "argv", ["omnichannel"])
    for name in ("OMNICHANNEL_CONFIG", "OMNICHANNEL_STORE", "OMNICHANNEL_TRACEBACK", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Calls the command as a shell would, with these bytes on standard input."""

    def call(*argv: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(argv)
        return Ran(status, *capsys.readouterr())

    return call
