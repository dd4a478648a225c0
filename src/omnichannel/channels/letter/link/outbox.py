"""Putting letters into a folder from which somebody, or a printer, takes them: whole or not at all, and once."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from omnichannel.channel import Call, Response

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.pdf")


class Outbox:
    """The outgoing folder. A letter that lies there already is not written again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, call: Call) -> Response:
        """Put one letter there; trouble is a Response with `failure`."""
        name = urlsplit(call.url).path.lstrip("/")
        if not _NAME.fullmatch(name):
            return Response(status=400, body=b"this is no name of a letter")
        return await asyncio.to_thread(self._put, name, call.body)

    def _put(self, name: str, body: bytes) -> Response:
        place, making = self._folder / name, self._folder / f".{name}.part"
        try:
            if place.exists():
                same = place.read_bytes() == body
                return (
                    _there(name) if same else Response(status=409, body=b"another letter has this name there")
                )
            with making.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            making.replace(place)
        except OSError as error:
            with suppress(OSError):
                making.unlink(missing_ok=True)
            return Response(
                failure="not_sent", detail=f"{self._folder}: {error.strerror or type(error).__name__}"
            )
        _keep(self._folder)
        return _there(name)

    async def close(self) -> None:
        """Nothing is kept open."""


def _there(name: str) -> Response:
    return Response(status=201, body=name.encode())


def _keep(folder: Path) -> None:
    """Let the new name survive a power loss, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
