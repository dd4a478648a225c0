"""`omnichannel doubts`: messages of ours of which nobody knows whether they arrived; list, ask about, settle them."""

from __future__ import annotations

import argparse
import asyncio

from omnichannel.app import Inbox
from omnichannel.cli import stores
from omnichannel.cli.wire import json_line
from omnichannel.errors import UsageError
from omnichannel.inbox.doubts import Outcome
from omnichannel.model import Delivered, Message

_OUTCOMES: dict[Outcome, str] = {
    "arrived": "the customer has them",
    "again": "the customer surely does not have them: send them once more",
    "given_up": "they are not to be sent any more",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is, whether platforms are asked, and what somebody saw there."""
    stores.arguments(parser)
    parser.add_argument("--ask", action="store_true", help="ask the platforms about all of them, now")
    for outcome, means in _OUTCOMES.items():
        parser.add_argument(f"--{_option(outcome)}", metavar="CALL", nargs="+", default=[], help=means)
    parser.add_argument("--actor", metavar="NAME", default="", help="who decides it")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def _option(outcome: Outcome) -> str:
    return outcome.replace("_", "-")


def run(options: argparse.Namespace) -> int:
    """List what is in doubt, after settling and asking as was said; 1 if something is in doubt still, else 0.

    What is to be sent once more is sent where `Inbox.run` runs.
    """
    if options.ask and options.store and not options.config:
        raise UsageError("only accounts can ask their platforms: say where they are, with --config FILE")
    left = asyncio.run(_work(options))
    for message, sending in left:
        print(json_line(_data(message, sending)) if options.json else _line(message, sending))
    if not left and not options.json:
        print("nothing is in doubt")
    return 1 if left else 0


async def _work(options: argparse.Namespace) -> list[tuple[Message, Delivered]]:
    async with stores.inbox(options, accounts=options.ask) as inbox:
        for outcome in _OUTCOMES:
            for call in getattr(options, outcome):
                await inbox.resolve(call, outcome, actor=options.actor)
        if options.ask:
            await inbox.ask(every=True)
        return await _left(inbox)


async def _left(inbox: Inbox) -> list[tuple[Message, Delivered]]:
    found = await inbox.in_doubt()
    return [(message, one) for message in found for one in message.sendings if one.status == "unknown"]


def _data(message: Message, sending: Delivered) -> dict[str, object]:
    told = {"message": message.id, "conversation": message.conversation, "account": message.account}
    return {**told, "text": message.text, "sending": sending.model_dump(mode="json")}


def _line(message: Message, sending: Delivered) -> str:
    since = f"{sending.at:%Y-%m-%d %H:%M}" if sending.at else "-"
    words = " ".join(message.text.split())
    said = json_line(words if len(words) <= 60 else f"{words[:59]}…")
    return (
        f"{sending.call}  {since}  {message.kind} on {message.account}, {message.conversation}: {said}"
        f" ({json_line(sending.detail)})"
    )
