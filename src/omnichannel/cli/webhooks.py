"""`omnichannel webhooks`: which other systems are told what happens, and how they are doing; see to them."""

from __future__ import annotations

import argparse
import asyncio
from urllib.parse import urlsplit

from omnichannel.app import Inbox
from omnichannel.cli import stores
from omnichannel.cli.wire import json_line
from omnichannel.model import Endpoint

_ACTS = {
    "pause": "tell it nothing until it is resumed",
    "resume": "tell it what waits for it, at once",
    "skip": "pass over the notice that is next, which it will never take",
    "rotate": "make another secret; the one before signs beside it for a day",
    "secret": "show its secrets, to be entered at the other end, newest first",
    "ping": "send it a signed notice that tells nothing",
    "remove": "tell it nothing any more, and forget it",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which endpoint."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    listing = verbs.add_parser("list", help="every endpoint, and how it is doing")
    listing.add_argument("--json", action="store_true", help="one JSON object per line")
    add = verbs.add_parser("add", help="register an endpoint, and print its secret")
    add.add_argument("name", metavar="NAME")
    add.add_argument("url", metavar="URL")
    add.add_argument(
        "--wants", metavar="WHAT", nargs="+", default=[], help="message.received, 'message.*'; all"
    )
    add.add_argument("--includes", nargs="+", default=[], choices=("detail", "message"), help="besides ids")
    add.add_argument("--private", action="store_true", help="it is not on the public internet, or has no TLS")
    add.add_argument("--oldest", action="store_true", help="begin with the oldest that is kept, not with now")
    replay = verbs.add_parser("replay", help="tell it once more what happened after an event")
    replay.add_argument("name", metavar="NAME")
    replay.add_argument("--after", metavar="ID", default="", help="the event; everything that is kept")
    for verb, does in _ACTS.items():
        verbs.add_parser(verb, help=does).add_argument("name", metavar="NAME")
    for made in verbs.choices.values():
        stores.arguments(made)
        made.add_argument("--actor", metavar="NAME", default="", help="who decides it")


def run(options: argparse.Namespace) -> int:
    """Do it. `list` ends with 1 if an endpoint is given up, gone or failing; `ping` if it was not taken."""
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    async with stores.inbox(options) as inbox:
        if options.verb == "list":
            return _listed(await inbox.webhooks.all(), options)
        if options.verb == "ping":
            found = await inbox.webhooks.ping(options.name)
            print(found.what if found.ok else f"{found.what}. {found.cure}")
            return 0 if found.ok else 1
        print(await _done(inbox, options))
        return 0


async def _done(inbox: Inbox, options: argparse.Namespace) -> str:
    """What was decided, in a line."""
    webhooks, name, actor = inbox.webhooks, options.name, options.actor
    if options.verb == "add":
        await webhooks.add(
            name,
            options.url,
            wants=options.wants,
            includes=options.includes,
            private=options.private,
            oldest=options.oldest,
            actor=actor,
        )
    if options.verb in ("add", "secret"):
        return "\n".join(secret.get_secret_value() for secret in await webhooks.secrets(name))
    if options.verb == "rotate":
        return (await webhooks.rotate(name, actor=actor)).get_secret_value()
    if options.verb == "skip":
        passed = await webhooks.skip(name, actor=actor)
        return f"passed over {passed}" if passed else "nothing waits"
    if options.verb == "remove":
        await webhooks.remove(name, actor=actor)
        return f"{name} is told nothing any more"
    if options.verb == "replay":
        return _line(await webhooks.replay(name, options.after, actor=actor))
    decide = webhooks.pause if options.verb == "pause" else webhooks.resume
    return _line(await decide(name, actor=actor))


def _listed(endpoints: list[Endpoint], options: argparse.Namespace) -> int:
    for endpoint in endpoints:
        print(json_line(endpoint.model_dump(mode="json")) if options.json else _line(endpoint))
    if not endpoints and not options.json:
        print("no other system is told what happens")
    ill = any(endpoint.state in ("failed", "gone") or endpoint.failing_since for endpoint in endpoints)
    return 1 if ill else 0


def _line(endpoint: Endpoint) -> str:
    """Of its address only the host: the path may be a secret."""
    place = endpoint.follower
    said = f"{endpoint.name}  {urlsplit(endpoint.url).netloc}  {endpoint.state}, {place.waiting} waiting"
    if place.waiting:
        said += f" since {place.behind.total_seconds():.0f} s"
    if place.at:
        said += f", last taken {place.at:%Y-%m-%d %H:%M}"
    if endpoint.failing_since:
        said += f", failing since {endpoint.failing_since:%Y-%m-%d %H:%M}: {endpoint.answer}"
    if endpoint.next_at:
        said += f", next attempt {endpoint.next_at:%Y-%m-%d %H:%M}"
    return said
