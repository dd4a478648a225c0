"""The main job, end to end, offline: servers that behave like the platforms, people who write, and a real inbox.

`cast` who they are and what they say · `world` the servers, the inbox and the clock · `scenes` what happens,
one after the other · `report` what is to be seen afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from omnichannel.demo.cast import Cast
from omnichannel.demo.report import Story, look_back
from omnichannel.demo.scenes import SCENES
from omnichannel.demo.world import World

__all__ = ["Story", "play"]


async def play(seed: int, database: Path, tell: Callable[[str], None]) -> Story:
    """Play the story once, telling each step; the same seed gives the same story.

    `database` must not exist yet. Raises DemoFailed, with what was waited for, if something does not happen.
    """
    cast = Cast.of(seed)
    async with World(cast, database, tell) as world:
        for scene in SCENES:
            await scene(world)
        return await look_back(world)
