"""Everything of letters that touches a disk, starts a program or opens a connection, behind one door."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from omnichannel.channel import Finding, Sender, Source
from omnichannel.channels.letter.reading import without
from omnichannel.channels.letter.settings import Intake, Service


def sources(account: str, intake: Intake) -> tuple[Source, ...]:
    """The watched folder and the scan mailbox; raises ConfigError when the extra is not installed."""
    found: list[Source] = []
    if intake.inbox is not None:
        from omnichannel.channels.letter.link.folder import Folder

        found.append(Folder(account, intake.inbox, settle=intake.settle, languages=intake.languages))
    if intake.mailbox is not None:
        try:
            from omnichannel.channels.letter.link.mailbox import ScanMailbox
        except ModuleNotFoundError as error:
            raise without(error) from None
        found.append(ScanMailbox(account, intake.mailbox, languages=intake.languages))
    return tuple(found)


def sender(service: Service | None, outbox: Path | None) -> Sender:
    """The wire to Pingen, or into the outgoing folder."""
    if service is not None:
        from omnichannel.channels.letter.link.pingen import PrintService

        return PrintService(service)
    from omnichannel.channels.letter.link.outbox import Outbox

    assert outbox is not None
    return Outbox(outbox)


async def findings(intake: Intake, outbox: Path | None, service: Service | None) -> Sequence[Finding]:
    """What `doctor` should know of an account."""
    from omnichannel.channels.letter.link.health import looked

    return await looked(intake, outbox, service)
