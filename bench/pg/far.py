"""A server that is some milliseconds away: a line on loopback that takes its time, each way, and loses nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlsplit


@contextmanager
def far(url: str, seconds: float) -> Iterator[str]:
    """The URL of the same database, behind a line on which everything takes so long, each way.

    `url` names the folder of a Unix socket (`?host=`).
    """
    parts = urlsplit(url)
    socket = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
    loop = asyncio.new_event_loop()
    writers: list[asyncio.StreamWriter] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(socket)
        writers.extend((writer, there_writer))
        await asyncio.gather(_carry(reader, there_writer, seconds), _carry(there_reader, writer, seconds))

    door = loop.run_until_complete(asyncio.start_server(meet, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield f"postgresql://postgres@127.0.0.1:{door.sockets[0].getsockname()[1]}{parts.path}?sslmode=disable"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    door.close()
    for writer in writers:
        writer.transport.abort()
    loop.run_until_complete(asyncio.sleep(2 * seconds))  # what was still on its way comes to nobody
    loop.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float) -> None:
    """All that comes, in order, so much later; what is under way holds up nothing behind it."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            loop.call_later(seconds, target.write, data)
    loop.call_later(seconds, target.close)
