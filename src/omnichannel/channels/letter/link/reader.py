"""Having a scan read: in a process of its own, with limits. Whoever makes a PDF decides what reading it costs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from omnichannel.channel import Headers
from omnichannel.channels.letter.parse import READING, UNREAD

PATIENCE = 300.0
"""Seconds for one letter. OCR takes 2 to 8 for a page at 300 dots per inch."""


async def examined(body: bytes, languages: str, *, patience: float = PATIENCE) -> Headers:
    """The headers that say what stands on a scan, or why nobody could read it. Never raises for what is in it."""
    with tempfile.TemporaryDirectory(prefix="letter-") as folder:
        scan = Path(folder) / "scan"
        await asyncio.to_thread(scan.write_bytes, body)
        told = await _worked(scan, languages, patience)
    return (told,)


async def _worked(scan: Path, languages: str, patience: float) -> tuple[str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "omnichannel.channels.letter.link.worker", str(scan), languages),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(patience):
            out, _ = await process.communicate()
    except TimeoutError:
        return UNREAD, f"reading it took more than {patience:g} s"
    finally:
        await _ended(process)
    return _told(out, process.returncode)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """End the worker and every program that it started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    await process.wait()


def _told(out: bytes, code: int | None) -> tuple[str, str]:
    try:
        told = json.loads(out)
        if "reading" in told:
            return READING, json.dumps(told["reading"])
        return UNREAD, str(told["unread"])
    except (ValueError, TypeError, KeyError):
        return (
            UNREAD,
            f"the program that reads scans ended with {code}: the scan asks too much of it, or is made to",
        )
