"""Looking whether an account of letters is well: folders, programs, mailbox, Pingen. Changes nothing that lasts."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from omnichannel.channel import Finding
from omnichannel.channels.letter.link.pingen import PrintService
from omnichannel.channels.letter.link.worker import installed_languages
from omnichannel.channels.letter.settings import Intake, Service
from omnichannel.toolbox import excerpt, load_json, obj, string

_INSTALL = "apt-get install ocrmypdf tesseract-ocr-nld tesseract-ocr-eng (or your system's words for it)"


async def looked(intake: Intake, outbox: Path | None, service: Service | None) -> Sequence[Finding]:
    """Everything about an account, in the order of a letter's way."""
    found = [await asyncio.to_thread(_folder, "inbox", intake.inbox)] if intake.inbox else []
    if intake.mailbox is not None:
        found.append(await _mailbox(intake))
    if found:
        found += await asyncio.to_thread(lambda: list(_ocr(intake.languages)))
    if outbox is not None:
        found.append(await asyncio.to_thread(_folder, "outbox", outbox))
    if service is not None:
        found.append(await _pingen(service))
    if not found:
        cure = "Give `inbox` or `imap` for letters that come, `outbox` or Pingen for those that go"
        found.append(Finding(ok=False, what="there is no way in and no way out", cure=cure))
    return found


def _folder(setting: str, path: Path) -> Finding:
    """Whether files can be listed, made and taken away in a folder."""
    try:
        next(path.iterdir(), None)
        with tempfile.NamedTemporaryFile(prefix=".doctor-", dir=path):
            pass
    except OSError as error:
        what = f"{setting}: {path} cannot be used: {error.strerror}"
        return Finding(ok=False, what=what, cure="Mount it, and let us read, write and rename there")
    return Finding(ok=True, what=f"{setting}: {path} can be read and written")


def _ocr(languages: str) -> Iterator[Finding]:
    """Whether pictures can be read. Without it letters come all the same, for people to look at."""
    if not languages:
        yield Finding(ok=True, what="OCR is switched off: only scans with a text layer are read")
        return
    if shutil.which("ocrmypdf") is None:
        yield Finding(ok=False, what="ocrmypdf is not installed: pictures stay unread", cure=_INSTALL)
        return
    missing = [each for each in languages.split("+") if each not in installed_languages()]
    if missing:
        yield Finding(
            ok=False,
            what=f"tesseract has no {', '.join(missing)}: such letters are read badly",
            cure=_INSTALL,
        )
    else:
        yield Finding(ok=True, what=f"pictures are read with ocrmypdf, in {languages}")


async def _mailbox(intake: Intake) -> Finding:
    from omnichannel.channels.letter.link import sources

    try:
        found = [source for source in sources("doctor", intake) if source.name.startswith("imap:")]
        await found[0].fetch("")
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the doctor says it and goes on
        return Finding(
            ok=False, what=f"imap: {str(error) or type(error).__name__}", cure="Check the URL and the mailbox"
        )
    return Finding(ok=True, what=f"imap: {intake.mailbox} is open to us")


async def _pingen(service: Service) -> Finding:
    wire = PrintService(service)
    try:
        answer = await wire.organisation()
    finally:
        await wire.close()
    if answer.failure:
        cure = "Check pingen_host, pingen_identity, and that a firewall lets us through"
        return Finding(ok=False, what=f"Pingen cannot be reached: {answer.detail}", cure=cure)
    if answer.status != 200:
        what = f"Pingen does not let us in: HTTP {answer.status} {excerpt(answer.body, 100)}"
        return Finding(ok=False, what=what, cure="Check pingen_client, pingen_secret and pingen_organisation")
    told = obj(obj(load_json(answer.body), "data"), "attributes")
    left = f"{string(told, 'billing_balance')} {string(told, 'billing_currency')}"
    return Finding(ok=True, what=f"Pingen lets us in as {string(told, 'name')!r}, {left} left")
