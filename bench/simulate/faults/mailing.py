"""Mistakes with mailboxes, and with platforms that let nothing be planted."""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.channel import Call, Delivery, Response
from omnichannel.channels.email import Email
from omnichannel.channels.email.link.imap import Cursor, Mailbox
from omnichannel.channels.email.link.imap_session import Folder, Session
from omnichannel.model import Deferred, Receipt, Unknown
from omnichannel.store import externals, meant


def numbered_anew_unseen() -> None:
    """A folder that was numbered anew is read on from the old number."""

    def resumed(self: Mailbox, written: str, folder: Folder) -> Cursor:
        cursor = Cursor.model_validate_json(written) if written else Cursor()
        return cursor.model_copy(update={"uidvalidity": folder.uidvalidity})

    Mailbox._resumed = resumed  # type: ignore[method-assign]


def numbered_anew_skipped() -> None:
    """A folder that was numbered anew is read from its end on: who wants all of it again?"""

    def resumed(self: Mailbox, written: str, folder: Folder) -> Cursor:
        cursor = Cursor.model_validate_json(written) if written else Cursor(uidvalidity=folder.uidvalidity)
        if cursor.uidvalidity == folder.uidvalidity:
            return cursor
        return Cursor(uidvalidity=folder.uidvalidity).after([folder.uidnext - 1])

    Mailbox._resumed = resumed  # type: ignore[method-assign]


def withheld_is_gone() -> None:
    """A mail that the server leaves out of an answer counts as deleted."""
    deliveries = Mailbox._deliveries

    def without_asking(
        self: Mailbox, session: Session, folder: Folder, uids: list[int]
    ) -> Iterator[tuple[int, Delivery | None]]:
        session.present = lambda _: set()  # type: ignore[method-assign]
        return deliveries(self, session, folder, uids)

    Mailbox._deliveries = without_asking  # type: ignore[method-assign]


def mail_known_by_its_number() -> None:
    """A mail is known by its UID, and by nothing else."""
    claim = externals.claim_external

    def claimed(*args: object, **more: object) -> bool:
        news = claim(*args, **more)  # type: ignore[arg-type]
        return news or "@" in str(args[3])

    externals.claim_external = claimed


def last_dot_forgotten() -> None:
    """A mail that was handed over, and not answered for, is handed over again."""
    read = Email.read

    def hopeful(self: Email, call: Call, response: Response) -> Receipt:
        receipt = read(self, call, response)
        return Deferred(after=1.0) if isinstance(receipt, Unknown) else receipt

    Email.read = hopeful  # type: ignore[method-assign]


def words_not_known() -> None:
    """Where nothing can be planted, our words come back and nobody knows them."""
    meant.unsettled_like = lambda tx, account, person, text: None


FAULTS = (
    numbered_anew_unseen, numbered_anew_skipped, withheld_is_gone, mail_known_by_its_number, last_dot_forgotten,
    words_not_known,
)  # fmt: skip
