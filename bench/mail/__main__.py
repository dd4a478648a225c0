"""`python -m bench mail`: reading mail, beside other libraries, and fetching it until it is stored, beside fetching
alone.

Ours is `list(channel.parse(delivery))`: besides what the others do it tells new words from quotes and
signatures, HTML from what it shows, people from machines, and says whether the sender is proven. Fetching is
from a real IMAP server in a process of its own: ours keeps every mail on the disk with how far it came, then
reads, threads and stores it; the bare loop fetches the same bytes, fifty at a time, and drops them. All take
turns; what counts is this process's CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import imaplib
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.interleave import Lap, Watch, ratio, rounds, table, timed
from bench.mail.bodies import SIZES, US, mail
from bench.mail.readers import readers
from bench.mail.server import PASSWORD
from bench.outcome import Goal, finish
from omnichannel import Delivery, Inbox
from omnichannel.channels.email import Email

BESIDE = {"5 KB": 6.0, "50 KB": 5.0, "5 MB": 3.0}
"""How many times as fast as django-anymail we want to be, by size."""
MEMORY = 5.0
"""How many times its size reading a mail of 5 MB may take."""
_TIMES = {"5 KB": 60, "50 KB": 40, "5 MB": 2}
_AT_ONCE = 50


def account(imap: str = "") -> Email:
    """Our mailbox."""
    options = {"imap": imap, "password": PASSWORD} if imap else {}
    return Email("mail", address=US, trusted=["mx.shop.example"], **options)  # type: ignore[arg-type]


class Measured(NamedTuple):
    """One reader on one size: microseconds a mail, and how many times as fast ours is."""

    size: str
    reader: str
    each: float
    ratio: float


def parse(size: str, count_of_rounds: int) -> list[Measured]:
    """Everybody on mails of one size."""
    raw, times, channel = mail(size), _TIMES[size], account()
    delivery = Delivery(account="mail", source="poll", body=raw)
    contestants: dict[str, Callable[[], Lap]] = {
        "ours": partial(timed, lambda: list(channel.parse(delivery)), times)
    }
    for name, read in readers()[0].items():
        contestants[name] = partial(timed, partial(read, raw), times)
    laps = rounds(contestants, count_of_rounds)
    return [
        Measured(size, name, median(lap.cpu for lap in found) / times * 1e6, ratio(laps["ours"], found).cpu)
        for name, found in laps.items()
    ]


_MEMORY = """
import sys
from pathlib import Path
from bench.mail.__main__ import account
from omnichannel import Delivery

def most():  # of this program: what the system counts for its process began before it
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024

channel = account()
small, large = (Delivery(account="mail", source="poll", body=Path(name).read_bytes()) for name in sys.argv[1:])
list(channel.parse(small))
before = most()
list(channel.parse(large))
print((most() - before) / len(large.body))
"""


def memory(folder: Path) -> float:
    """How many times its size reading a mail of 5 MB takes at its most, in a process of its own."""
    files = [folder / "small.eml", folder / "large.eml"]
    for file, size in zip(files, ("5 KB", "5 MB"), strict=True):
        file.write_bytes(mail(size))
    command = [sys.executable, "-c", _MEMORY, *map(str, files)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


# ------------------------------------------------------------------------------------------------------ fetching


def bare(url: str) -> Lap:
    """Fetch everything, and drop it."""
    parts, watch = urlsplit(url), Watch()
    with imaplib.IMAP4("127.0.0.1", parts.port or 143) as client, watch.lap():
        client.login(US, PASSWORD)
        client.select("INBOX", readonly=True)
        numbers = client.uid("SEARCH", "ALL")[1][0].split()
        for start in range(0, len(numbers), _AT_ONCE):
            client.uid("FETCH", b",".join(numbers[start : start + _AT_ONCE]).decode(), "(UID BODY.PEEK[])")
    return watch.laps[0]


async def stored(url: str, path: Path, mails: int) -> Lap:
    """Fetch everything, keep it, and read it until every mail is stored."""
    watch = Watch()
    async with Inbox(f"sqlite:///{path}", [account(url)]) as inbox:
        with watch.lap():
            await inbox.poll()
            while await inbox.read():
                pass
        found = await inbox.run_job(
            lambda tx: tx.all("SELECT COUNT(*) FROM messages WHERE workspace = ?", tx.ws)
        )
    assert found[0][0] == mails, f"{found[0][0]} of {mails} mails are stored"
    return watch.laps[0]


def fetch(folder: Path, mails: int, count_of_rounds: int) -> tuple[float, float, float]:
    """Microseconds a mail until it is stored, and of fetching alone; and the share that is fetching."""
    command, numbers = [sys.executable, "-m", "bench.mail.server", str(mails)], count()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        laps = rounds(
            {
                "ours": lambda: asyncio.run(stored(url, folder / f"{next(numbers)}.db", mails)),
                "bare": lambda: bare(url),
            },
            count_of_rounds,
        )
        server.stdin.close()
    costs = [median(lap.cpu for lap in found) / mails * 1e6 for found in laps.values()]
    return costs[0], costs[1], ratio(laps["ours"], laps["bare"]).cpu


def main(argv: Sequence[str]) -> int:
    """Print the tables; 1 if a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench mail", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--mails", type=int, default=300, help="in the mailbox that is fetched")
    options.add_argument("--folder", help="where the files are made; the disk that is measured")
    given = options.parse_args(argv)
    found = [one for size in SIZES for one in parse(size, given.rounds)]
    with TemporaryDirectory(dir=given.folder) as folder:
        ours, alone, share = fetch(Path(folder), given.mails, given.rounds)
        times = memory(Path(folder))
    rows = [(one.size, one.reader, f"{one.each:,.0f}", f"{one.ratio:.2f}") for one in found]
    missing = readers()[1]
    lines = [
        f"medians of {given.rounds} rounds, all in turn, by CPU",
        table(("mail", "reader", "µs", "ours is x times as fast"), rows),
        f"fetched until stored: {ours:,.0f} µs a mail; fetching alone {alone:,.0f} µs, {share:.2f} of it",
        f"reading a mail of 5 MB takes {times:.1f} times its size",
        *([f"not installed, so not measured: {', '.join(missing)}"] if missing else []),
    ]
    goals = [
        Goal(f"mail of {one.size}, beside {one.reader}", one.ratio, BESIDE[one.size])
        for one in found
        if one.reader == "django-anymail"
    ]
    return finish(
        "mail",
        "\n".join(lines),
        [*goals, Goal("memory for a mail of 5 MB, by its size", times, MEMORY, most=True)],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
