"""What `doctor` says of the desk: what waits there though nobody could take it, as the store has it."""

from __future__ import annotations

from collections import Counter

from omnichannel.app import Inbox
from omnichannel.channel import Finding
from omnichannel.config import Config
from omnichannel.desk.places import nowhere
from omnichannel.errors import OmnichannelError
from omnichannel.plugins import kinds
from omnichannel.store import is_ready

_MOST = 1000


def misled(found: Config) -> list[tuple[str, Finding]]:
    """Rules of the desk and of retention that name a kind or an account that is not there: they never fit."""
    known, accounts = {*kinds()}, {channel.name for channel in found.channels}
    return [
        (who, Finding(ok=False, what=f"{what}, so that it never fits", cure=cure))
        for who, what, cure in nowhere(found.desk, found.retention, kinds=known, accounts=accounts)
    ]


async def examined(found: Config) -> list[tuple[str, Finding]]:
    """Each team with what it waits for. A store that is not there, or is old, is not touched."""
    if found.desk is None or not is_ready(found.store):
        return []
    try:
        async with Inbox(found.store, workspace=found.workspace, desk=found.desk) as inbox:
            stuck = await inbox.desk.held_up(most=_MOST)
    except OmnichannelError:
        return []  # what is wrong with the store is said of the store
    told = Counter((one.team, "; ".join(one.because)) for one in stuck)
    return [(f"team {team}" if team else "desk", _finding(why, count)) for (team, why), count in told.items()]


def _finding(why: str, count: int) -> Finding:
    what = f"{'1 case waits' if count == 1 else f'{count} cases wait'}: {why}"
    cure = "Give somebody the team or the skill (desk.agents.describe), or let the rule ask for less"
    return Finding(ok=False, what=what, cure=cure)
