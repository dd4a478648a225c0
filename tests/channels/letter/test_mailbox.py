"""The scan mailbox, over a real IMAP server: each attached scan is a letter, and nothing in the mailbox changes."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from omnichannel.channel import Batch, Source
from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.link import mailbox
from omnichannel.channels.letter.link.mailbox import Cursor
from omnichannel.channels.letter.parse import NAME, READING, WITHHELD
from omnichannel.emulators.mail import MailServer
from omnichannel.errors import ConfigError
from tests.channels.letter.given import account, pdf

BOX, SCANNER = "scans@shop.example", "scanner@shop.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer({BOX: "secret"}) as found:
        yield found


def watching(server: MailServer, *, password: str = "secret", folder: str = "INBOX") -> Letter:
    place = server.imap_url.removeprefix("imap://").rpartition("/")[0]
    return account(
        imap=f"imap://scans%40shop.example:{password}@{place}/{folder}", scanners=[SCANNER.upper()], ocr=""
    )


def source(server: MailServer, **more: str) -> Source:
    return watching(server, **more).sources()[0]


def mails(server: MailServer, *scans: tuple[str, bytes], sender: str = SCANNER, text: str = "Scan") -> None:
    """A scanner mails what was put on its glass, under the media type that it happens to like."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Scanner <{sender}>", BOX, "Scan from reception"
    mail.set_content(text)
    for name, body in scans:
        mail.add_attachment(body, maintype="application", subtype="octet-stream", filename=name)
    server.write(mail.as_bytes(), to=BOX, sender=sender)


async def all_of(found: Source, cursor: str = "") -> tuple[list[Batch], str]:
    batches = []
    while True:
        batch = await found.fetch(cursor)
        cursor = batch.cursor
        if not batch.deliveries and not batch.more:
            return batches, cursor
        batches.append(batch)


async def test_every_scan_of_a_mail_is_a_letter(server: MailServer) -> None:
    one, other = pdf("Beste mensen,", "een"), pdf("Beste mensen,", "twee")
    mails(server, ("a.pdf", one), ("b.pdf", other), ("a copy.pdf", one))
    (batch,), _ = await all_of(source(server))
    assert [(each.header(NAME), each.body) for each in batch.deliveries] == [
        ("a copy.pdf", one),
        ("b.pdf", other),
    ]
    assert all(each.header(READING) and each.received_at for each in batch.deliveries)


async def test_reading_goes_on_where_it_was_committed(server: MailServer) -> None:
    """One mail at a time; what was not committed comes again, with the same keys."""
    for number in range(3):
        mails(server, (f"{number}.pdf", pdf("Beste mensen,", str(number))))
    found = source(server)
    first = await found.fetch("")
    again = await source(server).fetch("")
    assert (first.more, [each.key for each in first.deliveries]) == (
        True,
        [each.key for each in again.deliveries],
    )
    rest, cursor = await all_of(found, first.cursor)
    assert [batch.deliveries[0].header(NAME) for batch in rest] == ["1.pdf", "2.pdf"]
    assert (await all_of(source(server), cursor))[0] == []


async def test_a_mailbox_that_is_numbered_anew_is_read_again(server: MailServer) -> None:
    """After a restore: everything comes again, and is known by what is in it."""
    mails(server, ("a.pdf", pdf("Beste mensen,")))
    before, cursor = await all_of(source(server))
    server.renumber(BOX)
    after, renewed = await all_of(source(server), cursor)
    assert [each.deliveries[0].key for each in before] == [each.deliveries[0].key for each in after]
    assert Cursor.model_validate_json(cursor).uidvalidity != Cursor.model_validate_json(renewed).uidvalidity


async def test_mail_of_others_is_left_alone(server: MailServer) -> None:
    """Anybody can write to a mailbox: only our scanners make letters."""
    mails(server, ("a.pdf", pdf("Betaal mij")), sender="evil@mail.example")
    mails(server, ("b.pdf", pdf("Beste mensen,")))
    batches, _ = await all_of(source(server))
    assert [each.header(NAME) for batch in batches for each in batch.deliveries] == ["b.pdf"]


async def test_a_scanners_mail_without_a_scan_is_told(server: MailServer) -> None:
    mails(server, ("a.txt", b"paper jam"))
    ((batch,), _) = await all_of(source(server))
    assert "has no PDF" in batch.deliveries[0].header(WITHHELD)


async def test_a_mail_that_is_too_large_is_told(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_BYTES", 100)
    mails(server, ("a.pdf", pdf("Beste mensen,")))
    ((batch,), _) = await all_of(source(server))
    assert "too many to fetch" in batch.deliveries[0].header(WITHHELD)


async def test_an_empty_mailbox_has_nothing(server: MailServer) -> None:
    found = source(server)
    assert await found.fetch("") == Batch(cursor="")
    await found.wait(0)
    await found.close()


@pytest.mark.parametrize(
    ("wrong", "words"), [({"password": "wrong"}, "does not let"), ({"folder": "Scans"}, "cannot be opened")]
)
async def test_a_wrong_login_or_folder_is_a_setting(
    server: MailServer, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        await source(server, **wrong).fetch("")


async def test_a_mailbox_that_opens_is_well(server: MailServer) -> None:
    findings = await watching(server).check()
    assert [each.ok for each in findings] == [True, True]
