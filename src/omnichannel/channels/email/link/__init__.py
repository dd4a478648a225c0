"""Everything of e-mail that opens a connection, behind one door: the wires, and what `doctor` looks at.

Needs the extra `email` (imapclient and aiosmtplib). Parsing, rendering and measuring do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from omnichannel.channel import Finding, Sender, Source
from omnichannel.channels.email.link.settings import Server
from omnichannel.errors import ConfigError

if TYPE_CHECKING:
    from omnichannel.channels.email.link.imap import Mailbox
    from omnichannel.channels.email.link.smtp import Submission


def sources(account: str, server: Server, folders: Sequence[str], since: date | None) -> tuple[Source, ...]:
    """One source for each folder; raises ConfigError when the extra is not installed."""
    return tuple(_mailbox(account, server, folder, since) for folder in folders)


def sender(server: Server, hostname: str) -> Sender:
    """The wire to the submission server; raises ConfigError when the extra is not installed."""
    return _submission(server, hostname)


async def lies_in_sent(server: Server, message_id: str) -> bool:
    """Whether a mail lies in the folder of sent mail; raises ConfigError when the extra is not installed."""
    try:
        from omnichannel.channels.email.link.sent import lies_there
    except ModuleNotFoundError as error:
        raise _extra("imap", error) from None
    return await lies_there(server, message_id)


async def check_imap(server: Server, folders: Sequence[str]) -> list[Finding]:
    """Whether every folder can be opened, and whether new mail will be announced."""
    return [await _check_folder(server, folder) for folder in folders]


async def _check_folder(server: Server, folder: str) -> Finding:
    try:
        pushes = await _look(_mailbox("doctor", server, folder, None))
    except ConfigError as error:
        return Finding(ok=False, what=f"IMAP: {error.problem}", cure=error.cure)
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the doctor says it and goes on
        return Finding(
            ok=False, what=f"IMAP: {server}: {str(error) or type(error).__name__}", cure=_reach(error)
        )
    how = "new mail is announced (IDLE)" if pushes else "the server has no IDLE: we look every 30 seconds"
    return Finding(ok=True, what=f"IMAP: {folder} on {server} is open to us; {how}")


async def _look(mailbox: Mailbox) -> bool:
    try:
        return await mailbox.look()
    finally:
        await mailbox.close()


async def check_smtp(server: Server, hostname: str) -> Finding:
    """Whether the submission server lets us in; nothing is sent."""
    try:
        response = await _submission(server, hostname).look()
    except ConfigError as error:
        return Finding(ok=False, what=f"SMTP: {error.problem}", cure=error.cure)
    if response.status == 250:
        return Finding(ok=True, what=f"SMTP: {response.detail}")
    if response.header("stage") == "AUTH" and response.status >= 500:
        cure = "Check user and password (or app password, or the token's SMTP scope)"
    else:
        cure = _reach(response.detail)
    return Finding(ok=False, what=f"SMTP: {server}: {response.status or ''} {response.detail}", cure=cure)


def _reach(trouble: object) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(trouble):
        return "Use the name that its certificate has; for an authority of your own give `ca_file`"
    return "Check host, port and scheme of the URL, and that a firewall lets us through"


def _mailbox(account: str, server: Server, folder: str, since: date | None) -> Mailbox:
    try:
        from omnichannel.channels.email.link.imap import Mailbox
    except ModuleNotFoundError as error:
        raise _extra("imap", error) from None
    return Mailbox(account, server, folder, since=since)


def _submission(server: Server, hostname: str) -> Submission:
    try:
        from omnichannel.channels.email.link.smtp import Submission
    except ModuleNotFoundError as error:
        raise _extra("smtp", error) from None
    return Submission(server, hostname)


def _extra(setting: str, error: ModuleNotFoundError) -> ConfigError:
    return ConfigError(
        setting, f"{error.name} is not installed", "Install it with: pip install 'omnichannel[email]'"
    )
