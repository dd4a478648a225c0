"""`omnichannel normalize`: what raw files mean, one JSON object per event and line.

The keys of `_FIXED` are in every object, so that a reader need not ask which event it is; what an event has
beside them follows. A file that cannot be read is an object too, and the command goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import cast

from omnichannel.channel import Channel, Delivery, Headers
from omnichannel.cli.wire import json_line, read
from omnichannel.errors import Malformed, UsageError
from omnichannel.model import Event, Ignored, Party, Received, Unreadable, Updated
from omnichannel.plugins import channel_class

Row = dict[str, object]

_FIXED: Row = {
    "path": None,
    "event": None,
    "kind": None,
    "external_id": None,
    "sender": None,
    "recipients": [],
    "sent_at": None,
    "subject": None,
    "text": None,
    "quoted": None,
    "parts": [],
    "reply_to": None,
    "conversation": None,
    "public": None,
    "automatic": None,
    "reason": None,
}

_CONTENT_TYPES = {".json": "application/json", ".form": "application/x-www-form-urlencoded"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """A kind of channel, and files."""
    parser.add_argument("kind", metavar="KIND", help="email, x, messenger or another installed kind")
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a raw file as it came; - is standard input")


def run(options: argparse.Namespace) -> int:
    """Print every event of every file; 1 if one of them is malformed."""
    channel = channel_class(options.kind).bare()
    malformed = False
    for path in options.paths:
        for row in rows(channel, path):
            malformed |= row["event"] == "malformed"
            print(json_line(row))
    return int(malformed)


def rows(channel: Channel, path: str) -> Iterator[Row]:
    """One object for each event in a file, at least one."""
    empty = True
    try:
        delivery = Delivery(source="file", account=channel.name, headers=_headers(path), body=read(path))
        for event in channel.parse(delivery):
            empty = False
            yield _row(path, event)
    except (UsageError, Malformed) as error:
        yield _row(path, Unreadable(reason=str(error)))
    except Exception as error:  # noqa: BLE001 - one file may not take the others with it
        reason = (
            f"{channel.kind} failed to read it ({type(error).__name__}); this is a mistake of the channel's"
        )
        yield _row(path, Unreadable(reason=reason))
    else:
        if empty:
            yield _row(path, Ignored(reason="there is nothing in it"))


def _headers(path: str) -> Headers:
    kind = next((kind for ending, kind in _CONTENT_TYPES.items() if path.endswith(ending)), "")
    return (("content-type", kind),) if kind else ()


def _row(path: str, event: Event) -> Row:
    """The fixed keys in their order, then what else the event has."""
    own = cast("Row", event.model_dump(mode="json", exclude={"parts": {"__all__": {"content"}}}))
    own |= {"path": path, "conversation": own.pop("thread", None) or None, "kind": None}
    for key in ("external_id", "reply_to", "reason"):
        own[key] = own.get(key) or None
    if not isinstance(event, Unreadable):
        own["sender"] = _party(event.sender)
    if isinstance(event, Received | Updated):
        own["recipients"] = [_party(party) for party in event.recipients]
    if isinstance(event, Received):
        own |= {"text": event.text, "quoted": event.quoted, "answer_to": _party(event.answer_to)}
    elif isinstance(event, Updated):
        own |= {"kind": event.kind, "text": event.text or None}
    elif isinstance(event, Ignored):
        own["what"] = event.kind
    return _FIXED | own


def _party(party: Party | None) -> Row | None:
    """Somebody in a row: `address` is the spelling to write to, `value` what identity compares."""
    if party is None:
        return None
    address = party.address
    return {
        "address": party.reach,
        "name": party.name,
        "kind": address.kind,
        "scope": address.scope,
        "value": address.value,
    }
