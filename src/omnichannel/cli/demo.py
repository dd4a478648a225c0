"""`omnichannel demo`: the main job, end to end, offline."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from omnichannel.errors import ConfigError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which story, where to keep it, and how to show it."""
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same story (1)")
    parser.add_argument(
        "--db", metavar="FILE", help="where to keep it; a new file (one in the temporary folder)"
    )
    parser.add_argument(
        "--json", action="store_true", help="the story as one JSON object; progress on stderr"
    )


def run(options: argparse.Namespace) -> int:
    """Play the story and show it; 0, or 1 with what did not happen."""
    try:
        from omnichannel.demo import play
        from omnichannel.demo.report import written
        from omnichannel.demo.world import DemoFailed
    except ImportError as error:
        raise ConfigError(
            "demo", f"{error.name} is not installed", "Run: pip install 'omnichannel[demo]'"
        ) from None
    logging.getLogger("omnichannel").setLevel(logging.ERROR)  # refused forgeries belong to the story
    progress = sys.stderr if options.json else sys.stdout

    def tell(step: str) -> None:
        print(f"• {step}", file=progress, flush=True)

    try:
        story = asyncio.run(play(options.seed, _database(options), tell))
    except DemoFailed as error:
        print(f"omnichannel: the demo failed: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(story.model_dump_json(indent=2))
    else:
        print("\n".join(written(story)))
        print(f"\nEverything is kept in {story.database}")
    return 0


def _database(options: argparse.Namespace) -> Path:
    """A file that does not exist: what the last run left in the temporary folder is removed, nothing else ever."""
    if options.db:
        given = Path(options.db).absolute()
        if given.exists():
            raise ConfigError(
                "--db", f"{given} exists already", "Name a new file; the demo overwrites nothing."
            )
        return given
    place = Path(tempfile.gettempdir()) / f"omnichannel-demo-{options.seed}.db"
    for left in (place, *(place.with_name(place.name + ending) for ending in ("-journal", "-wal", "-shm"))):
        left.unlink(missing_ok=True)
    return place
