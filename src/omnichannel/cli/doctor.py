"""`omnichannel doctor`: whether a configuration would work, and how to mend what would not."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from omnichannel import config
from omnichannel.channel import Channel, Finding
from omnichannel.errors import ConfigError


class Line(NamedTuple):
    """A finding, and what it is about: the file, the store, an endpoint or an account."""

    about: str
    finding: Finding


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which configuration, and how thoroughly."""
    parser.add_argument("--config", metavar="FILE", help="instead of OMNICHANNEL_CONFIG or omnichannel.toml")
    parser.add_argument("--offline", action="store_true", help="look at settings only, not at the network")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=30.0, help="for each account; 30 if not said"
    )


def run(options: argparse.Namespace) -> int:
    """Print what was found; 0 if all is well, else 1."""
    lines = list(_examined(options.config, offline=options.offline, seconds=options.timeout))
    well = all(line.finding.ok for line in lines)
    print(_data(lines, well=well) if options.json else "\n".join(map(_written, lines)))
    return 0 if well else 1


def _examined(path: str | None, *, offline: bool, seconds: float) -> Iterable[Line]:
    file = str(config.place(path, os.environ))
    try:
        found, problems = config.examine(path)
    except ConfigError as error:
        yield _wrong(file, error)
        return
    yield Line(file, Finding(ok=True, what=f"it can be read, and sets up {_accounts(len(found.channels))}"))
    for problem in problems:
        yield _wrong(problem.setting, problem)
    if all(problem.setting != "store" for problem in problems):
        yield from _store(found.store, offline=offline)
        yield from _endpoints(found, offline=offline)
        yield from _desk(found, offline=offline)
    if offline:
        settings = Finding(ok=True, what="its settings are complete; the network was not asked")
        yield from (Line(_name(channel), settings) for channel in found.channels)
    else:
        for channel, findings in zip(
            found.channels, asyncio.run(_checked(found.channels, seconds)), strict=True
        ):
            yield from (Line(_name(channel), finding) for finding in findings)


def _wrong(about: str, error: ConfigError) -> Line:
    return Line(about, Finding(ok=False, what=error.problem, cure=error.cure))


def _accounts(number: int) -> str:
    return "1 account" if number == 1 else f"{number} accounts"


def _name(channel: Channel) -> str:
    return f"{channel.name} ({channel.kind})"


def _store(url: str, *, offline: bool) -> Iterable[Line]:
    if offline and not url.startswith("sqlite:"):
        return [Line("store", Finding(ok=True, what="it is elsewhere; the network was not asked"))]
    from omnichannel.store import findings

    return [Line("store", _bare(finding)) for finding in findings(url)]


def _endpoints(found: config.Config, *, offline: bool) -> Iterable[Line]:
    if offline and not found.store.startswith("sqlite:"):
        return []
    from omnichannel.cli import endpoints

    return [Line(f"{name} (webhook)", one) for name, one in asyncio.run(endpoints.examined(found))]


def _desk(found: config.Config, *, offline: bool) -> Iterable[Line]:
    if found.desk is None:
        return []
    from omnichannel.cli import desks

    misled = [Line(about, one) for about, one in desks.misled(found)]
    if offline and not found.store.startswith("sqlite:"):
        return misled
    return misled + [Line(about, one) for about, one in asyncio.run(desks.examined(found))]


def _bare(finding: Finding) -> Finding:
    return finding.model_copy(update={"what": finding.what.removeprefix("store: ")})


async def _checked(channels: Sequence[Channel], seconds: float) -> list[Sequence[Finding]]:
    return await asyncio.gather(*(_check(channel, seconds) for channel in channels))


async def _check(channel: Channel, seconds: float) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(seconds):
            found = await channel.check()
    except TimeoutError:
        cure = "Look whether its host can be reached from here, or give it longer with --timeout"
        return (Finding(ok=False, what=f"no answer within {seconds:g} s", cure=cure),)
    except Exception as error:  # noqa: BLE001 - one account's trouble is no reason not to look at the others
        # What it says may repeat a secret.
        what = f"its check failed ({type(error).__name__})"
        return (Finding(ok=False, what=what, cure="This is a mistake of the channel's: please report it"),)
    return found or (Finding(ok=True, what="its settings are complete; it has nothing else to check"),)


def _data(lines: Iterable[Line], *, well: bool) -> str:
    findings = [{"about": line.about, **line.finding.model_dump()} for line in lines]
    return json.dumps({"ok": well, "findings": findings}, indent=2, ensure_ascii=False)


def _written(line: Line) -> str:
    said = f"{'ok   ' if line.finding.ok else 'WRONG'}  {line.about}: {line.finding.what}"
    return said if line.finding.ok or not line.finding.cure else f"{said}\n       {line.finding.cure}"
