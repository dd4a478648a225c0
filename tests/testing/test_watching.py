"""What a pure function must not touch is seen, whatever way it is touched; and nothing else is."""

from __future__ import annotations

import gc
import json
import logging
import os
import random
import socket
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType

import pytest

from omnichannel.testing.failing import Broken
from omnichannel.testing.watching import Watch, watched


@pytest.mark.parametrize(
    ("touch", "name"),
    [
        (lambda: time.time(), "time"),
        (lambda: time.monotonic(), "monotonic"),
        (lambda: datetime.now(UTC), "datetime.now"),
        (lambda: date.today(), "today"),
        (lambda: random.random(), "random"),
        (lambda: random.choice([1, 2]), "getrandbits"),
        (lambda: uuid.uuid4(), "urandom"),
        (lambda: Path(__file__).read_bytes(), "open"),
        (lambda: os.getpid(), "getpid"),
        (lambda: socket.socket().close(), "socket"),
        (lambda: logging.getLogger("a").debug("a"), "logging"),
    ],
)
def test_it_is_seen(touch: Callable[[], object], name: str) -> None:
    touch()
    with pytest.raises(Broken, match=f"case-a: parse is not pure: it used .*{name}"):
        watched(touch, "parse", "case-a")


def test_what_is_pure_passes_with_its_result() -> None:
    assert watched(lambda: json.loads('{"a": [1]}'), "parse", "a") == {"a": [1]}
    assert watched(lambda: datetime.fromtimestamp(0, UTC).isoformat(), "parse", "a").startswith("1970")


def test_looking_ends_and_changes_nothing() -> None:
    before = sys.getprofile()
    watched(lambda: None, "parse", "a")
    assert sys.getprofile() is before
    assert gc.isenabled()
    gc.disable()
    try:
        watched(lambda: None, "parse", "a")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_frames_of_modules_that_wait_or_dial_are_noted_with_who_called() -> None:
    """Called by hand: what runs while a profile looks is not measured."""
    watch, frame = Watch(), sys._getframe()
    watch._look(frame, "c_call", time.time)
    watch._look(frame, "c_call", len)
    watch._look(frame, "return", None)
    watch._look(types_frame(), "call", None)
    assert [one.partition(" in ")[0] for one in watch.seen] == ["time", "asyncio.here"]


def types_frame() -> FrameType:
    """A frame of a module that waits."""
    names: dict = {"__name__": "asyncio", "sys": sys}
    exec("def here():\n    return sys._getframe()", names)
    return names["here"]()
