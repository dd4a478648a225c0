"""`omnichannel routes`: try rules out on what was asked before, and say which rule takes a conversation, and why."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Mapping

from omnichannel.app import Inbox
from omnichannel.cli import stores
from omnichannel.cli.history import moment
from omnichannel.cli.wire import json_line
from omnichannel.config import examine
from omnichannel.desk import Plan, Trial, Tried
from omnichannel.errors import UsageError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which rules, and on which conversations."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    trying = verbs.add_parser("try-out", help="what would have gone where, and why; nothing is written")
    trying.add_argument(
        "--rules", metavar="FILE", help="a file with the [desk] to be tried, instead of the configuration's"
    )
    for name in ("since", "until"):
        trying.add_argument(
            f"--{name}", metavar="DATE", help=f"opened {name} a day or moment (ISO 8601; UTC without zone)"
        )
    trying.add_argument("--most", metavar="N", type=int, help="only the oldest so many conversations")
    trying.add_argument("--examples", metavar="N", type=int, default=10, help="show so many; 10 if not said")
    explaining = verbs.add_parser(
        "explain", help="which rule takes a conversation by now, and why not others"
    )
    explaining.add_argument("conversation", metavar="CONVERSATION")
    for made in verbs.choices.values():
        stores.arguments(made)
        made.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print what was found."""
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    plan = _plan(options.rules) if options.verb == "try-out" and options.rules else None
    async with stores.inbox(options, desk=plan) as inbox:
        if options.verb == "explain":
            return await _explain(inbox, options)
        trial = await inbox.desk.routes.try_out(
            plan,
            since=moment(options.since) if options.since else None,
            until=moment(options.until, "--until") if options.until else None,
            most=options.most,
            examples=options.examples,
        )
    print(json_line(trial.model_dump(mode="json")) if options.json else "\n".join(_told(trial)))
    return 0


def _plan(file: str) -> Plan:
    """The plan in a file. What else is in it does not matter: rules are tried without the accounts' secrets."""
    found, problems = examine(file)
    for problem in problems:
        if problem.setting.startswith("desk"):
            raise problem
    if found.desk is None:
        raise UsageError(f"{file} has no [desk]; write the rules as [[desk.routes]]")
    return found.desk


async def _explain(inbox: Inbox, options: argparse.Namespace) -> int:
    routed = await inbox.desk.routes.explain(options.conversation)
    if options.json:
        print(json_line(routed.model_dump(mode="json")))
        return 0
    print(f"taken by {routed.route}" if routed.route else "no rule takes it")
    for passed in routed.passed:
        print(f"  not {passed.route}: {passed.because}")
    return 0


def _told(trial: Trial) -> Iterator[str]:
    yield f"{trial.looked_at} looked at, {trial.differ} would have gone otherwise"
    yield from _counted("by rule", trial.by_route, "no rule")
    yield from _counted("by team", trial.by_team, "no team")
    yield from _counted("from team to team", trial.moved, "")
    for one in trial.examples:
        yield from _shown(one)


def _counted(title: str, counts: Mapping[str, int], nothing: str) -> Iterator[str]:
    if counts:
        yield f"{title}:"
    for name, count in counts.items():
        yield f"{count:>8}  {name or nothing}"


def _shown(one: Tried) -> Iterator[str]:
    yield f"{one.conversation}  {one.at:%Y-%m-%d %H:%M}  {one.route or 'no rule'}: {'; '.join(one.differs)}"
    if one.because:
        yield f"  because {'; '.join(one.because)}"
