"""Server-sent events (WHATWG HTML, 9.2.6) out of bytes: only so long, and only what is wanted of them, their data."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from pydantic import JsonValue

from omnichannel.errors import Malformed

MOST_BYTES = 2 * 1024 * 1024
"""The longest answer that is read; of 4,000 tokens, one by one, it is some 800 kB."""

_END = "[DONE]"


async def events(chunks: AsyncIterator[bytes]) -> AsyncIterator[JsonValue]:
    """The data of each event, read as JSON, until the stream says that it is done.

    Raises Malformed for what is too long, is no JSON, or ends before it says so.
    """
    data: list[str] = []
    async for line in _lines(chunks):
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
        elif not line and data:
            told, data = "\n".join(data), []
            if told.strip() == _END:
                return
            yield _read(told)
    if "\n".join(data).strip() != _END:
        raise Malformed("the model's answer was cut off")


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Lines, however they end, also where a chunk ends within a letter."""
    held, size = b"", 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise Malformed(f"the model's answer is longer than {MOST_BYTES} bytes")
        # A CR at the end may be the first half of a line's end.
        *lines, held = (held + chunk).replace(b"\r\n", b"\n").split(b"\n")
        for line in lines:
            yield line.decode(errors="replace").removesuffix("\r")
    if held:
        yield held.decode(errors="replace")


def _read(told: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(told)
    except (ValueError, RecursionError):
        raise Malformed("the model's server sent something that is no JSON") from None
    return found
