"""`python -m bench imports`: public mail brought in once, twice, and killed at random places: the same store?

The mail is that of `../shared/data/email`: every mbox there, and every mail in a file of its own as one Maildir. For
each engine: how many mails there are, how many became messages, how often the importing process was killed
(SIGKILL) before it came to the end, whether the store is the same then, and after a second import, as after one
that nobody touched. Then an mbox of many mails: messages in a second, and the memory of the process for one such file
and for one four times as long.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.engines import Postgres

from bench.imports import child
from bench.imports.whole import Told, whole

DATA = Path("../shared/data/email")


class Ran(NamedTuple):
    """What one process did: mails found, messages written, seconds, of them at work, kilobytes of memory at most."""

    found: int
    written: int
    seconds: float
    at_work: float
    kilobytes: int


def archives(folder: Path) -> list[Path]:
    """The public mail: mboxes as they are, and all single mails as a Maildir in a folder."""
    boxes = sorted(
        path for path in DATA.rglob("*") if path.suffix == ".mbox" or path.name.endswith(".mbox.txt")
    )
    cur = folder / "public" / "cur"
    cur.mkdir(parents=True)
    for number, path in enumerate(sorted(DATA.rglob("*.eml"))):
        shutil.copy2(path, cur / f"{number:06d}.{path.stem[:40].replace(':', '_')}:2,S")
    return [folder / "public", *boxes]


def long_box(folder: Path, count: int) -> Path:
    """An mbox of so many mails, made of the public ones: each again and again under another Message-ID."""
    small = [path.read_bytes() for path in sorted(DATA.rglob("*.eml")) if path.stat().st_size < 20_000]
    mails = [mail for mail in small if not mail.startswith(b"From ")]
    box = folder / f"{count}.mbox"
    with box.open("wb") as file:
        for number in range(count):
            body = mails[number % len(mails)].replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
            file.write(b"From x@shop.example Mon Mar  2 09:00:00 2026\nMessage-ID: <%d@bench>\n" % number)
            file.write(body.rstrip(b"\n") + b"\n\n")
    return box


def start(url: str, paths: Sequence[Path]) -> subprocess.Popen[str]:
    """A process that imports."""
    command = [sys.executable, "-m", "bench.imports.child", url, *map(str, paths)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(url: str, paths: Sequence[Path]) -> Ran:
    """Let it come to its end."""
    process = start(url, paths)
    out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the import failed with status {process.returncode}")
    _, found, written, seconds, at_work, kilobytes = out.splitlines()[-1].split()
    return Ran(int(found), int(written), float(seconds), float(at_work), int(kilobytes))


def killed(url: str, paths: Sequence[Path], chance: random.Random, most: int) -> list[int]:
    """Kill it so many times at random places, or until it is done before; how many messages there were each time."""
    held: list[int] = []
    while len(held) < most:
        process = start(url, paths)
        assert process.stdout is not None
        for _ in range(chance.randrange(4)):
            if process.stdout.readline().startswith("done"):
                process.communicate()
                return held
        time.sleep(chance.random() * 0.2)
        process.kill()
        process.communicate()
        held.append(len(look(url)["messages"]))
    return held


async def _look(url: str) -> Told:
    async with child.inbox(url) as inbox:
        return await whole(inbox)


def look(url: str) -> Told:
    """What is in a store."""
    return asyncio.run(_look(url))


def differing(one: Told, other: Told) -> list[str]:
    """The tables in which two stores differ."""
    return [table for table in one if one[table] != other[table]]


def said(what: str, one: Told, other: Told) -> bool:
    """Print whether two stores are the same; whether they are."""
    differ = differing(one, other)
    print(f"  {what}: {'DIFFERENT in ' + ', '.join(differ) if differ else 'the same store'}")
    return not differ


@contextmanager
def databases(folder: Path, engines: Sequence[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """Two empty databases of each engine."""
    found = {"sqlite": (f"sqlite:///{folder / 'one.db'}", f"sqlite:///{folder / 'two.db'}")}
    if "postgres" not in engines:
        yield found
        return
    with TemporaryDirectory(prefix="omni-pg-") as place:
        server = Postgres(Path(place))
        try:
            found["postgres"] = (server.empty(), server.empty())
            yield {engine: found[engine] for engine in engines}
        finally:
            server.stop()


def compare(
    engine: str, urls: tuple[str, str], paths: Sequence[Path], chance: random.Random, kills: int
) -> bool:
    """One engine: once, killed on the way, and twice."""
    once, broken = urls
    ran = finish(once, paths)
    print(
        f"{engine}: {ran.found} mails found, {ran.written} became messages, {ran.written / ran.seconds:.0f} a second"
    )
    first = look(once)
    held = killed(broken, paths, chance, kills)
    rest = finish(broken, paths)
    counts = ", ".join(map(str, held))
    well = said(f"killed with {counts} messages there, then {rest.written} more", first, look(broken))
    again = finish(once, paths)
    well &= said(f"a second time, {again.written} written", first, look(once))
    counted = ", ".join(f"{len(rows)} {table}" for table, rows in first.items() if rows)
    print(f"  compared: {counted}")
    return well


def sizes(folder: Path, count: int) -> None:
    """How fast many mails are brought in, and in how much memory."""
    for number in (count, 4 * count):
        box = long_box(folder, number)
        megabytes = box.stat().st_size / 1e6
        ran = finish(f"sqlite:///{folder / f'long{number}.db'}", [box])
        print(
            f"mbox of {number} mails, {megabytes:.0f} MB: {ran.written} messages, "
            f"{ran.written / ran.seconds:.0f} a second, {1000 * ran.at_work / ran.written:.2f} ms of work each, "
            f"{ran.kilobytes / 1024:.0f} MB of memory at most"
        )


def main(argv: Sequence[str]) -> int:
    """Print what came of it; 1 if any two stores differ that should not."""
    parser = argparse.ArgumentParser(prog="python -m bench imports")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20, help="kill the import so often, for each engine")
    parser.add_argument("--mails", type=int, default=5000, help="of the long mbox; 0 for none")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgres"])
    options = parser.parse_args(argv)
    if not DATA.exists():
        print(f"there is no public mail in {DATA}", file=sys.stderr)
        return 2
    well = True
    with TemporaryDirectory(prefix="omni-imports-", dir="/var/tmp") as name:
        folder = Path(name)
        paths = archives(folder)
        with databases(folder, options.engines) as found:
            for engine, urls in found.items():
                well &= compare(engine, urls, paths, random.Random(options.seed), options.kills)
        if options.mails:
            sizes(folder, options.mails)
    return 0 if well else 1
