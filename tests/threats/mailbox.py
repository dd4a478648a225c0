"""Reading a mailbox: nothing skipped, nothing twice, nothing marked, whatever the server does."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from unittest.mock import patch

from omnichannel.channels.email.link import imap, imap_session
from omnichannel.channels.email.link.imap import Cursor, Mailbox
from omnichannel.store import Tx, arrivals, externals
from tests.channels.email.test_imap_pitfalls import (
    Peer,
    letters,
    serving,
    test_a_lower_uid_that_is_shown_late_is_read,
    test_a_message_that_the_server_does_not_give_holds_its_place,
    test_mail_is_peeked_at_in_a_folder_opened_read_only,
    uids,
    using,
)
from tests.threats.cases import fails, put, threat
from tests.threats.post import everything, mail, mailbox
from tests.threats.repeats import always
from tests.threats.room import Room, fetched


def _as_written(self: Mailbox, written: str, folder: Any) -> Cursor:
    """A number is a number, whatever the server says of them."""
    known = Cursor.model_validate_json(written) if written else Cursor()
    return known.model_copy(update={"uidvalidity": folder.uidvalidity})


@threat(
    "T67", "the server numbers its messages anew, below what was read", put(Mailbox, "_resumed", _as_written)
)
def numbered_anew() -> list[bool]:
    """Upwards and downwards, with mail in between; a folder that was made again counts from one."""
    found = []
    for validity in (8, 6):
        peer = Peer(letters(*range(40, 61)))
        with serving(peer) as box:
            first = using(box(), lambda source: source.fetch(""))
            peer.uidvalidity, peer.messages, peer.uidnext = validity, letters(1, 2, 3), 4
            second = using(box(), lambda source, cursor=first.cursor: source.fetch(cursor))
        found.append(uids(second) != [1, 2, 3])
    return found


@threat("T67", "mail that is read anew comes in a second time", put(externals, "claim_external", always))
async def read_anew(room: Room) -> bool:
    """The same bytes under new numbers are the same mail."""
    inbox = mailbox(room)
    await fetched(
        inbox, "email", *[mail(f"{number}", Message_ID=f"<{number}@home.example>") for number in range(3)]
    )
    again = [mail(f"{number}", Message_ID=f"<{number}@home.example>") for number in range(4)]
    await fetched(inbox, "email", *again)
    return len(await everything(inbox)) != 4


@threat(
    "T68",
    "a message that the server does not give once is skipped",
    put(Mailbox, "_given_up", lambda self, folder, uid: True),
)
def not_given() -> list[bool]:
    return [
        fails(test_a_message_that_the_server_does_not_give_holds_its_place, how) for how in ("refused", "NIL")
    ]


@threat("T68", "a message that shows late is passed over", put(imap, "_OVERLAP", 1))
def shown_late() -> bool:
    return fails(test_a_lower_uid_that_is_shown_late_is_read)


def _fetched_whole(self: Any, numbers: Any, *, header_only: bool = False) -> dict[int, bytes]:
    told = self._client.fetch(list(numbers), ["RFC822"])
    return {uid: items.get(b"RFC822", b"x") for uid, items in told.items()}


@threat("T68", "reading a mail marks it as read", put(imap_session.Session, "contents", _fetched_whole))
def marked() -> bool:
    return fails(test_mail_is_peeked_at_in_a_folder_opened_read_only)


def _cursor_first(tx: Tx, account: str, name: str, deliveries: Any, cursor: str) -> int:
    """How far it came is written down, and committed, before what came is."""
    arrivals.move_cursor(tx, account, name, cursor)
    tx.driver.commit()  # type: ignore[attr-defined]
    tx.driver.begin()  # type: ignore[attr-defined]
    return sum(arrivals.keep(tx, delivery) is not None for delivery in deliveries)


@threat(
    "T68",
    "a crash between fetching and keeping loses what was fetched",
    put(arrivals, "keep_batch", _cursor_first),
)
async def crash_between(room: Room) -> bool:
    inbox = mailbox(room)

    def dying(*_: object) -> None:
        raise RuntimeError("the process dies here")

    with patch.object(arrivals, "keep", dying), suppress(RuntimeError):
        await fetched(inbox, "email", mail("hello"))
    return await inbox.cursor("email", "wire") != ""
