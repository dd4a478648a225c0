"""`omnichannel verify`: would this webhook be accepted, and if not, why not."""

from __future__ import annotations

import argparse
import os

from omnichannel.channel import Ack, Delivery
from omnichannel.cli.wire import read
from omnichannel.errors import ConfigError, Unsupported, UsageError, WireError
from omnichannel.plugins import channel_class


def arguments(parser: argparse.ArgumentParser) -> None:
    """A kind of channel, the body as it came, and what came with it."""
    parser.add_argument("kind", metavar="KIND", help="messenger, x or another installed kind")
    parser.add_argument("body", metavar="BODYFILE", help="the body, byte for byte; - is standard input")
    parser.add_argument("--url", default="", help="the address that it was sent to, with its query")
    parser.add_argument("--method", default="POST", help="POST, or GET for a challenge")
    parser.add_argument(
        "--header", metavar="'NAME: VALUE'", action="append", default=[], help="may be repeated"
    )
    parser.add_argument(
        "--secret", action="append", default=[], help="what it is signed with; repeat it during a rotation"
    )


def run(options: argparse.Namespace) -> int:
    """Print `accepted` or `refused` with the reason; 0 or 1."""
    delivery = Delivery(
        method=options.method.upper(),
        url=os.fsencode(options.url).decode("utf-8", "replace"),
        headers=tuple(_header(written) for written in options.header),
        body=read(options.body),
    )
    try:
        channel = channel_class(options.kind).for_verifying(tuple(options.secret))
        ack = channel.admit(delivery)
    except ConfigError as error:
        raise UsageError(f"{error}; give it with --secret") from error
    except (WireError, Unsupported) as error:
        return _refused(str(error))
    except Exception as error:  # noqa: BLE001 - whatever a stranger sends, the answer is yes or no
        return _refused(f"{options.kind} failed to read it ({type(error).__name__})")
    return _told(ack)


def _header(written: str) -> tuple[str, str]:
    name, colon, value = written.partition(":")
    if not (colon and name.strip()):
        raise UsageError(f"--header takes 'Name: value'; {written!r} has no name before a colon")
    # On the wire a header is bytes, and a server gives every byte as one character.
    return os.fsencode(name.strip()).decode("latin-1"), os.fsencode(value.strip()).decode("latin-1")


def _told(ack: Ack) -> int:
    if ack.status >= 400:
        return _refused(f"the answer would be HTTP {ack.status}")
    then = "it would be kept and read" if ack.keep else "it is answered at once and not kept"
    print(f"accepted: HTTP {ack.status}, {then}")
    return 0


def _refused(reason: str) -> int:
    print(f"refused: {' '.join(reason.split())}")
    return 1
