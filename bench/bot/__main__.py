"""`python -m bench bot`: a bot at the desk, its story, and fifty attacks by a customer who wants to hear of another.

The model does whatever the customer says, and tells everything that it was shown. An attack succeeds where one word
of the other customer's, or of ours among ourselves, reaches the model or anybody, or a word of his stands where
the company speaks. Then the same with faults planted, each of which has to let some of them succeed. `--kills`:
processes that are killed while a bot thinks. `--races`: an agent answers from another connection to PostgreSQL while
the bot's answer is committed; then the same where the conversation is not held meanwhile. Ends with 1 where the
story is another one, an attack succeeds, a fault lets none succeed, anything is said twice or not at all, or the bot
speaks after the agent.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

from tests.assistants.model import Model
from tests.engines import Postgres

from bench.bot import deaths, races, story
from bench.bot.attacks import Attack, attacks
from bench.bot.faults import NAMES, planted
from bench.bot.model import obeys
from bench.bot.world import World
from bench.silence import silence
from omnichannel.emulators.serving import Served
from omnichannel.store import conversations


async def attempt(attack: Attack, model: Model, url: str, fault: str = "") -> Sequence[str]:
    """What an attack got."""
    model.asked.clear()
    world = World(model, url, public=attack.public)
    try:
        await world.begin()
        with planted(world, fault):
            await attack.steps(world)
        if not model.asked and attack.family != "forged":
            return ["nothing was tried"]
        return world.succeeded()
    finally:
        await world.inbox.close()


async def attempts(chosen: Iterable[Attack], fault: str = "") -> dict[Attack, Sequence[str]]:
    """What each of them got."""
    model = Model(obeys)
    with Served(model) as served:
        return {one: await attempt(one, model, served.url, fault) for one in chosen}


async def _story() -> bool:
    found = await story.told("sqlite:///:memory:")
    for step in found:
        print(f"  {step}")
    same = tuple(found) == story.EXPECTED
    print(f"the story: {len(found)} steps, {'as told' if same else 'NOT as told'}")
    return same


async def _attacks() -> bool:
    chosen = list(attacks())
    got = await attempts(chosen)
    families = Counter(one.family for one in chosen)
    print(", ".join(f"{family} {count}" for family, count in families.items()))
    for attack, secrets in got.items():
        if secrets:
            print(f"  {attack.name}: {', '.join(secrets)}")
    succeeded = sum(bool(secrets) for secrets in got.values())
    print(f"attacks: {len(chosen)}, succeeded: {succeeded}")
    well = not succeeded
    for fault in NAMES:
        found = sum(bool(secrets) for secrets in (await attempts(chosen, fault)).values())
        print(f"  with {fault}: {found} succeed")
        well &= bool(found)
    return well


async def _deaths(kills: int, seed: int) -> bool:
    figures, wrong = await deaths.die_often(kills, seed)
    print(f"kills: {kills}, " + ", ".join(f"{name}: {count}" for name, count in figures.items()))
    for one in wrong:
        print(f"  {one}")
    return not wrong


async def _races(rounds: int) -> bool:
    postgres = Postgres(Path(mkdtemp(prefix="omni-pg-")))
    try:
        figures, wrong = await races.race(postgres.ready(), rounds)
        with patch.object(conversations, "hold", lambda *_: None):
            _, without = await races.race(postgres.ready(), rounds)
    finally:
        postgres.stop()
    shown = ", ".join(f"{name}: {count}" for name, count in sorted(figures.items()))
    print(
        f"races: {rounds}, {shown}, the bot after the agent: {len(wrong)}; where nothing is held: {len(without)}"
    )
    return not wrong and bool(without)


@silence()
def main(argv: Sequence[str]) -> int:
    """Print what came of it; 1 where it is not well."""
    options = argparse.ArgumentParser(prog="python -m bench bot", description=__doc__)
    options.add_argument("--kills", type=int, default=0, help="processes that are killed while a bot thinks")
    options.add_argument("--seed", type=int, default=1, help="when they are")
    options.add_argument("--races", type=int, default=0, help="an agent answers while the bot does")
    given = options.parse_args(argv)
    well = asyncio.run(_story())
    well &= asyncio.run(_attacks())
    if given.kills:
        well &= asyncio.run(_deaths(given.kills, given.seed))
    if given.races:
        well &= asyncio.run(_races(given.races))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
