"""The libraries that run on Node.js, in a process of their own for each run: `chat` and grammy."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from bench.interleave import Lap
from bench.peers import bodies
from bench.peers.bodies import Post

FOLDER = "OMNICHANNEL_BENCH_NODE"
"""The variable that names a folder in which `npm install` put them: chat, @chat-adapter/… and grammy."""
PACKAGES = (
    "chat",
    "@chat-adapter/telegram",
    "@chat-adapter/whatsapp",
    "@chat-adapter/state-memory",
    "grammy",
)
KINDS = {
    "chat": ("Telegram text", "Telegram photo", "WhatsApp text", "WhatsApp image", "WhatsApp, ten at once"),
    "grammy": ("Telegram text", "Telegram photo"),
}
WARM = 3
"""One in so many posts warms it up first, and is not measured."""
_SCRIPT = Path(__file__).with_name("node.mjs")
_PATIENCE = 300


class Run(NamedTuple):
    """What a run cost, and how many messages its handler was given."""

    lap: Lap
    handled: int


def folder() -> Path | None:
    """Where they are; None if that is not said, or they are not there."""
    named = Path(os.environ.get(FOLDER, "/nowhere"))
    return named if all((named / "node_modules" / package).is_dir() for package in PACKAGES) else None


def run(name: str, act: Literal["parse", "webhook"], kind: str, posts: Sequence[Post]) -> Run:
    """Let a library read or take these posts; raises AssertionError if it does not run."""
    with TemporaryDirectory() as temporary:
        file = Path(temporary) / "posts.jsonl"
        file.write_text(
            "\n".join(json.dumps({"headers": post.headers, "body": post.body.decode()}) for post in posts)
        )
        known = {"TOKEN", "HIDDEN", "APP_SECRET", "NUMBER", "VERIFY"}
        done = subprocess.run(
            ["node", "--input-type=module", "-", name, act, kind, str(file)],
            env={**os.environ, **{key: getattr(bodies, key) for key in known}},
            input=_SCRIPT.read_text(), cwd=folder(), capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    return Run(Lap(found["cpu"], found["cpu"]), found["handled"])
