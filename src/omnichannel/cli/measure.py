"""`omnichannel measure`: how long a channel holds a text to be, and the pieces it would be sent as."""

from __future__ import annotations

import argparse

from omnichannel.cli.wire import json_line, read
from omnichannel.errors import UsageError
from omnichannel.plugins import channel_class
from omnichannel.toolbox import split


def arguments(parser: argparse.ArgumentParser) -> None:
    """A kind of channel, and a text."""
    parser.add_argument("kind", metavar="KIND", help="x, messenger or another installed kind")
    parser.add_argument("path", metavar="PATH", help="a UTF-8 file; - is standard input")
    parser.add_argument("--private", action="store_true", help="as a private text, such as a direct message")


def run(options: argparse.Namespace) -> int:
    """Print one JSON object; 0 whether the text fits or not."""
    channel = channel_class(options.kind)
    text = _text(options.path)
    public = not options.private
    limit = channel.limit(public=public)

    def count(piece: str) -> int:
        return channel.size(piece, public=public)

    measured = count(text)
    fits = limit.splits or measured <= limit.size
    pieces = (split(text, limit.size, count) if limit.splits else (text,)) if text and fits else ()
    found = {
        "measure": limit.measure,
        "size": measured,
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
