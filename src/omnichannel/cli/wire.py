"""What several commands share: reading a file within limits, and writing a value as one line of JSON."""

from __future__ import annotations

import json
import sys

from omnichannel.errors import UsageError

MOST_BYTES = 64 * 1024 * 1024
"""The longest file that is read: mail services take messages of at most 50 MB or so."""

# Characters that end a line for some readers, command a terminal, or turn the direction of what follows.
_UNSHOWN = {
    number: f"\\u{number:04x}"
    for number in (*range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}


def read(path: str) -> bytes:
    """The bytes of a file, `-` for standard input; raises UsageError with the reason if they cannot be had."""
    try:
        if path == "-":
            found = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open(path, "rb") as file:  # noqa: PTH123 - a path may be any bytes at all
                found = file.read(MOST_BYTES + 1)
    except IsADirectoryError:
        raise UsageError(f"{path}: is a directory; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such name can be"
        raise UsageError(f"{path}: {reason or 'cannot be read'}") from None
    if len(found) > MOST_BYTES:
        raise UsageError(f"{path}: longer than {MOST_BYTES} bytes, which is the most that is read")
    return found


def json_line(value: object) -> str:
    """The value as JSON on one line, whatever a reader takes for the end of a line, and harmless on a terminal."""
    return json.dumps(value, ensure_ascii=False).translate(_UNSHOWN)
