"""`python -m bench http`: signed webhooks over a real server, beside an application that does nothing.

uvicorn with httptools, one process, on loopback: an empty ASGI application; one that checks the signature and
reads the events; and the inbox, which answers after the delivery is on the disk and reads, threads and stores
beside it. Each is asked the same by 64 connections that are kept open. What counts is the CPU of the server's
process, its reading of all that it took included, and that there are as many messages stored as it said yes.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.interleave import Lap, ratio, rounds, table
from bench.outcome import Goal, finish
from bench.webhooks import ACCOUNT, Webhook, webhooks

GOALS = {"parsing": 0.5, "durable": 0.3}
CONNECTIONS = 64
_PATIENCE = 120


def request(hook: Webhook) -> bytes:
    """A webhook as it goes over the wire."""
    head = "".join(f"{name}: {value}\r\n" for name, value in hook.headers)
    return f"POST /{ACCOUNT} HTTP/1.1\r\n{head}\r\n".encode() + hook.body


async def ask(port: int, requests: Sequence[bytes]) -> int:
    """Make all requests over some connections; how many were answered with 200."""
    waiting, yes = iter(requests), 0

    async def one() -> None:
        nonlocal yes
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for each in waiting:
            writer.write(each)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            yes += head.startswith(b"HTTP/1.1 200")
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return yes


def run(name: str, folder: Path, requests: Sequence[bytes]) -> tuple[Lap, int, int]:
    """Serve all requests with one application: the CPU of the server, how often it said yes, what is stored."""
    path = folder / f"{name}.db"
    path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.serving", name, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        port = int(server.stdout.readline())
        yes = asyncio.run(ask(port, requests))
        server.stdin.close()
        cpu = float(server.stdout.readline())
        server.wait(_PATIENCE)
    with closing(sqlite3.connect(path)) as connection:
        (stored,) = connection.execute("SELECT COUNT(*) FROM messages").fetchone()
    return Lap(cpu, cpu), yes, stored


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if a ratio is below its goal, or a message that was acknowledged is missing."""
    options = argparse.ArgumentParser(prog="python -m bench http", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--requests", type=int, default=4000, help="of each application in a round")
    options.add_argument("--folder", help="where the files are made; the disk that is measured")
    given = options.parse_args(argv)
    requests = [request(hook) for hook in webhooks(given.requests)]
    said: dict[str, list[tuple[int, int]]] = {"empty": [], "parsing": [], "durable": []}

    def contestant(name: str, folder: Path) -> Lap:
        lap, yes, stored = run(name, folder, requests)
        said[name].append((yes, stored))
        return lap

    with TemporaryDirectory(dir=given.folder) as folder:
        laps = rounds({name: partial(contestant, name, Path(folder)) for name in said}, given.rounds)
    rates = {name: median(given.requests / lap.cpu for lap in found) for name, found in laps.items()}
    shares = {name: ratio(laps[name], laps["empty"]).cpu for name in GOALS}
    kept = min(stored / yes if yes == given.requests else 0 for yes, stored in said["durable"])
    rows = [
        (name, f"{rates[name]:,.0f}", f"{shares.get(name, 1):.2f}", str(GOALS.get(name, "")),
         f"{sum(yes for yes, _ in said[name]):,}", f"{sum(stored for _, stored in said[name]):,}")
        for name in said
    ]  # fmt: skip
    head = (
        "application",
        "requests per CPU-second",
        "beside empty",
        "goal",
        "answered 200",
        "messages stored",
    )
    shown = f"medians of {given.rounds} rounds, in turn; {CONNECTIONS} connections\n{table(head, rows)}"
    goals = [
        Goal(f"{name}, beside an empty application", shares[name], least) for name, least in GOALS.items()
    ]
    return finish("http", shown, [*goals, Goal("rows for each 200", kept, 1)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
