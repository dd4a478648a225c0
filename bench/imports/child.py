"""One import in a process of its own, which may be killed: it says after every piece how far it is."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from omnichannel import Inbox
from omnichannel.channels.email import Email
from omnichannel.imports import Maildir, Mbox
from omnichannel.inbox import Unpacked

ADDRESS = "support@shop.example"


def inbox(url: str) -> Inbox:
    """The inbox that everything is brought into."""
    return Inbox(url, [Email("mail", address=ADDRESS)])


async def bring_in(url: str, paths: Sequence[Path]) -> None:
    """Bring in mailboxes, a file as mbox and a folder as Maildir."""
    begun, written, found = time.perf_counter(), 0, 0

    def tell(done: Unpacked) -> None:
        print(f"piece {done.found}", flush=True)

    async with inbox(url) as opened:
        for path in paths:
            archive = (Maildir if path.is_dir() else Mbox)(path, account="mail")
            done = await opened.import_archive(archive, told=tell)
            written, found = written + done.written, found + done.found
    seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    print(f"done {found} {written} {seconds:.3f} {time.process_time():.3f} {used.ru_maxrss}", flush=True)


if __name__ == "__main__":
    asyncio.run(bring_in(sys.argv[1], [Path(one) for one in sys.argv[2:]]))
