"""`omnichannel measure`: how long a channel holds a text to be, and the pieces it would be sent as."""

from __future__ import annotations

import argparse

from omnichannel.cli.wire import json_line, read
from omnichannel.errors import TooLarge, UsageError
from omnichannel.plugins import channel_class


def arguments(parser: argparse.ArgumentParser) -> None:
    """A kind of channel, and a text."""
    parser.add_argument("kind", metavar="KIND", help="x, messenger or another installed kind")
    parser.add_argument("path", metavar="PATH", help="a UTF-8 file; - is standard input")
    parser.add_argument("--private", action="store_true", help="as a private text, such as a direct message")


def run(options: argparse.Namespace) -> int:
    """Print one JSON object; 0 whether the text fits or not."""
    channel = channel_class(options.kind)
    text = _text(options.path)
    limit = channel.limit(public=not options.private)
    try:
        pieces, fits = channel.pieces(text, public=not options.private), True
    except TooLarge:
        pieces, fits = (), False
    found = {
        "measure": limit.measure,
        "size": channel.size(text, public=not options.private),
        "limit": limit.size,
        "fits": fits,
        "splits": limit.splits,
        "pieces": pieces,
    }
    print(json_line(found))
    return 0


def _text(path: str) -> str:
    """The text without the line end that `echo` and editors put at the end of everything."""
    try:
        return read(path).decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}") from None
