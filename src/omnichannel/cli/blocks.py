"""`omnichannel blocks`: whom nobody listens to, and what they wrote meanwhile; block, look, listen again."""

from __future__ import annotations

import argparse
import asyncio

from omnichannel.app import Inbox
from omnichannel.cli import stores
from omnichannel.cli.history import moment
from omnichannel.cli.waterfalls import shortened
from omnichannel.cli.wire import json_line
from omnichannel.desk import Plan
from omnichannel.errors import UsageError
from omnichannel.model.desk import Block, HeldBack


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with whom or which block."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    listing = verbs.add_parser("list", help="who is not listened to, why, and how much was held back")
    listing.add_argument("--lifted", action="store_true", help="those who are listened to again, instead")
    show = verbs.add_parser("show", help="what was held back, the first first; it stays aside")
    show.add_argument("--most", metavar="N", type=int, default=100, help="so many (100)")
    lift = verbs.add_parser("lift", help="listen again; what was held back comes in, in order")
    lift.add_argument("--leave-aside", action="store_true", help="do not bring in what was held back")
    for made in (show, lift):
        made.add_argument("block", metavar="BLOCK", help="its id")
    add = verbs.add_parser("add", help="listen no more to somebody")
    _whom(add)
    for made in (add, lift):
        made.add_argument("--actor", metavar="NAME", default="", help="who decides it")
    for made in verbs.choices.values():
        stores.arguments(made)
        made.add_argument("--json", action="store_true", help="one JSON object per line")


def _whom(add: argparse.ArgumentParser) -> None:
    whom = add.add_mutually_exclusive_group(required=True)
    whom.add_argument("--conversation", metavar="ID", help="whoever wrote last in a conversation")
    whom.add_argument("--address", metavar="ADDRESS", help="an address: email::anna@shop.example")
    whom.add_argument("--domain", metavar="DOMAIN", help="mail from a domain, and from those below it")
    add.add_argument("--message", metavar="ID", default="", help="whoever wrote this one of the conversation")
    add.add_argument(
        "--unproven", action="store_true", help="of a domain, only who is not proven to be there"
    )
    add.add_argument(
        "--most", metavar="N", type=int, default=10, help="a domain of at most so many people (10)"
    )
    add.add_argument("--reason", metavar="TEXT", required=True, help="why")
    add.add_argument("--until", metavar="DATE", help="up to a day or moment (ISO 8601; UTC without zone)")


def run(options: argparse.Namespace) -> int:
    """Do it; 0."""
    if options.verb == "add" and options.unproven and not options.domain:
        raise UsageError(
            "--unproven is said of a --domain; of an address write email:unproven:anna@shop.example"
        )
    if options.verb == "add" and options.message and not options.conversation:
        raise UsageError("--message is said of a --conversation: it is one of it")
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    # Looking needs no plan. Who changes something takes the desk, which is kept with the plan that it has.
    looking = Plan() if options.verb in ("list", "show") else None
    async with stores.inbox(options, accounts=options.verb == "show", desk=looking) as inbox:
        found = await _done(inbox, options)
    for one in found:
        print(json_line(one.model_dump(mode="json")) if options.json else _line(one))
    if not found and not options.json:
        print("nobody" if options.verb == "list" else "nothing that can be shown is held back")
    return 0


async def _done(inbox: Inbox, options: argparse.Namespace) -> list[Block] | list[HeldBack]:
    blocks = inbox.desk.blocks
    if options.verb == "list":
        return await blocks.listed(lifted=options.lifted)
    if options.verb == "show":
        return await blocks.held_back(options.block, most=options.most)
    if options.verb == "lift":
        lifted = await blocks.lift(options.block, bring_in=not options.leave_aside, actor=options.actor)
        return [lifted]
    return [await _added(inbox, options)]


async def _added(inbox: Inbox, options: argparse.Namespace) -> Block:
    blocks, reason, actor = inbox.desk.blocks, options.reason, options.actor
    until = moment(options.until, "--until") if options.until else None
    if options.conversation:
        message = options.message
        return await blocks.block(
            options.conversation, reason=reason, message=message, actor=actor, until=until
        )
    if options.address:
        whom = stores.address(options.address)
        return await blocks.block_address(whom, reason=reason, actor=actor, until=until)
    return await blocks.block_domain(
        options.domain,
        reason=reason,
        unproven=options.unproven,
        most=options.most,
        actor=actor,
        until=until,
    )


def _line(one: Block | HeldBack) -> str:
    return _blocked(one) if isinstance(one, Block) else _held(one)


def _blocked(one: Block) -> str:
    """Who, since when, how much, why: all that strangers or agents typed as JSON, harmless on a terminal."""
    whom = str(one.address or "") or one.domain or "(erased)"
    said = (
        f"{one.id}  {json_line(whom)[1:-1]}{' (unproven)' if one.unproven else ''}  {one.at:%Y-%m-%d %H:%M}"
    )
    if one.until:
        said += f" to {one.until:%Y-%m-%d %H:%M}"
    if one.lifted_at:
        said += f", lifted {one.lifted_at:%Y-%m-%d %H:%M}"
    return f"{said}, {one.held_back} held back: {json_line(one.reason)}"


def _held(one: HeldBack) -> str:
    who = json_line(str(one.sender.address))[1:-1]
    words = ": ".join(part for part in (one.subject, one.text) if part)
    return f"{one.at:%Y-%m-%d %H:%M}  {who} on {one.account}: {json_line(shortened(words, 200))}"
