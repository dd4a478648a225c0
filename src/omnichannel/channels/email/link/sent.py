"""Whether a mail of ours was taken: providers keep what they sent for us in a folder of its own."""

from __future__ import annotations

import asyncio

from omnichannel.channels.email.link.imap_session import Session
from omnichannel.channels.email.link.settings import Server


async def lies_there(server: Server, message_id: str) -> bool:
    """Whether a mail lies in the folder of sent mail; false where there is no such folder.

    Raises ConfigError for a refused login, OSError or imaplib's errors for the rest.
    """
    return await asyncio.to_thread(_looked, server, message_id)


def _looked(server: Server, message_id: str) -> bool:
    session = Session(server)
    try:
        folder = session.sent_folder()
        if not folder:
            return False
        session.examine(folder)
        return session.holds(message_id)
    finally:
        session.hang_up()
