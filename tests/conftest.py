"""Fixtures of the core: databases of every engine, a hand-cranked clock; async tests run in a loop of their own.

What a test writes, whether it asks for `tmp_path`, for a database or for a temporary file, is in memory wherever that
has room: thousands of tests commit, and a commit that waits for a disk is most of their time. Where a process is killed
the test asks for `disk`. `TMPDIR=/var/tmp ./dev test` puts everything on the disk.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import settings

from omnichannel.store import Store
from tests.engines import ENGINES, HandClock, Postgres, ours

# No timing decides a test: a machine that has other things to do makes any example slow.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that have to be free in memory: several times what two workers and their servers hold at once."""


def _in_memory() -> None:
    """Temporary files of this process, and of whatever it starts, are in memory from now on."""
    # A worker has it from whoever started it, and a person decides for themselves.
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    # Some tests install programs, which some containers do not let run from there.
    programs_run = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if programs_run and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


_in_memory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first: of several workers none does it alone while the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)


def pytest_collection_finish() -> None:
    """Thousands of tests, and all that they import, are there to the end: nobody looks through them for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test that is a coroutine function runs in an event loop of its own."""
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    names = inspect.signature(test).parameters
    asyncio.run(test(**{name: pyfuncitem.funcargs[name] for name in names if name in pyfuncitem.funcargs}))
    return True


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL. It is a locked dependency: where it cannot start, the tests fail."""
    # Not under pytest's own folders: their long names do not fit a socket's address.
    server = Postgres(Path(mkdtemp(prefix="omni-pg-")))
    yield server
    server.stop()


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a real disk: for tests that kill whoever writes there."""
    with TemporaryDirectory(prefix="omni-disk-", dir="/var/tmp") as folder:
        yield Path(folder)


def empty(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing was kept yet."""
    if engine == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        return server.ready()
    return "sqlite:///:memory:" if engine == "memory" else f"sqlite:///{tmp_path / 'support.db'}"


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine."""
    return empty(request.param, request, tmp_path)


@pytest.fixture(params=("file", "postgres"))
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine that several workers can open."""
    return empty(request.param, request, tmp_path)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """A test that leaves an inbox or a store open fails itself, and not another one after it."""
    yield
    assert ours() == []


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def opened(clock: HandClock) -> Iterator[Callable[..., Store]]:
    """Opens stores, and closes them after the test."""
    stores: list[Store] = []

    def open_store(url: str, workspace: str = "default", clock: HandClock = clock) -> Store:
        stores.append(Store(url, workspace, clock))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(url: str, opened: Callable[..., Store]) -> Store:
    """An open store on an empty database of each engine."""
    return opened(url)
