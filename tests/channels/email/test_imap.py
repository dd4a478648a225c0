"""Reading a mailbox on a real IMAP server: nothing lost, nothing skipped, nothing marked, whatever happens."""

import asyncio
import json
import random
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from imapclient import IMAPClient

from omnichannel.channel import Batch, Delivery
from omnichannel.channels.email import Email
from omnichannel.channels.email.link import settings
from omnichannel.channels.email.link.imap import TRUNCATED, Mailbox
from omnichannel.emulators.mail import MailServer
from omnichannel.errors import ConfigError
from tests.channels.email.peers import Line, Scripted, certificate

US = "help@shop.example"
T = TypeVar("T")

HOSTILE = [
    b"\x00\xff\xfe no header at all \r\r\n\n" * 20,
    b'From: =?utf-8?q?=0d=0a?= <a@b.example>\r\nContent-Type: multipart/mixed; boundary="x\r\n\r\n--x\r\n'
    + b"--x\r\n" * 500,
    b"Subject: " + b"A" * 200_000 + b"\r\n\r\n) A001 OK FETCH completed\r\n* BYE\r\n{1000000}\r\n",
]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer({US: "secret", "ünï@shop.example": "pässwörd"}, tokens={US: "fresh"}) as server:
        yield server


def mailbox(mail: MailServer, folder: str = "INBOX", **options: object) -> Mailbox:
    keys = settings.Keys(user=US, password="secret")
    return Mailbox("support", settings.server("imap", mail.imap_url, keys), folder, **options)  # type: ignore[arg-type]


def using(box: Mailbox, go: Callable[[Mailbox], Awaitable[T]]) -> T:
    """Do something with a source and close it."""

    async def whole() -> T:
        try:
            return await asyncio.wait_for(go(box), 60)
        finally:
            await box.close()

    return asyncio.run(whole())


def fetch(box: Mailbox, cursor: str = "") -> Batch:
    return using(box, lambda source: source.fetch(cursor))


async def drain(box: Mailbox, cursor: str = "") -> tuple[list[Delivery], str]:
    """Fetch until there is no more."""
    found: list[Delivery] = []
    while True:
        batch = await box.fetch(cursor)
        found += batch.deliveries
        cursor = batch.cursor
        if not batch.more:
            return found, cursor


def letter(number: int, text: bytes = b"hello") -> bytes:
    return b"From: ann@customer.example\r\nMessage-ID: <%d@customer.example>\r\n\r\n%s %d.\r\n" % (
        number,
        text,
        number,
    )


def other_client(mail: MailServer) -> IMAPClient:
    """A person with a mail program."""
    client = IMAPClient("localhost", port=int(mail.imap_url.split(":")[2].split("/")[0]), ssl=False)
    client.login(US, "secret")
    client.select_folder("INBOX")
    return client


# --- what comes in ----------------------------------------------------------------------------------------------


def test_thirty_mails_three_of_them_hostile_come_in_once_each_byte_for_byte(mail: MailServer):
    """Raw bytes are what is kept; whatever they hold, they neither break the protocol nor each other."""
    written = [letter(number) for number in range(27)]
    written[5:5], written[15:15], written[25:25] = [HOSTILE[0]], [HOSTILE[1]], [HOSTILE[2]]
    for raw in written:
        mail.write(raw, to=US)
    found, cursor = using(mailbox(mail), drain)
    assert [delivery.body.split(b"\r\n", 4)[4] for delivery in found] == [
        raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw in written
    ]
    assert len({delivery.key for delivery in found}) == 30
    assert using(mailbox(mail), lambda box: drain(box, cursor)) == ([], cursor)


def test_a_delivery_tells_where_and_when_it_came_from(mail: MailServer):
    """The key is folder, UIDVALIDITY and UID; the time is the server's own, in UTC."""
    before = datetime.now(UTC) - timedelta(seconds=2)
    mail.write(letter(1), to=US)
    (delivery,) = fetch(mailbox(mail)).deliveries
    folder, validity, uid = delivery.key.split(":")
    assert folder == "INBOX"
    assert delivery.url == f"imap://localhost/INBOX;UIDVALIDITY={validity}/;UID={uid}"
    assert (delivery.account, delivery.source, delivery.method) == ("support", "poll", "IMAP")
    assert delivery.received_at is not None
    assert before <= delivery.received_at <= datetime.now(UTC)


def test_every_folder_has_its_own_keys(mail: MailServer):
    """The same UID in two folders is two messages."""
    mail.add_folder(US, "Spam & more")
    mail.write(letter(1), to=US)
    mail.write(letter(2), to=US, folder="Spam & more")
    (delivery,) = fetch(mailbox(mail, "Spam & more")).deliveries
    assert delivery.key.startswith("Spam & more:")
    assert "Spam%20%26%20more;UIDVALIDITY" in delivery.url
    assert delivery.body.endswith(b"hello 2.\r\n")


def test_nothing_in_the_mailbox_is_changed(mail: MailServer):
    """What people have not read stays unread."""
    mail.write(letter(1), to=US)
    fetch(mailbox(mail))
    client = other_client(mail)
    assert client.search(["UNSEEN"]) == client.search(["ALL"]) != []
    client.logout()


def test_a_batch_is_at_most_fifty_messages(mail: MailServer):
    """`more` asks for the next one at once, and ends."""
    for number in range(120):
        mail.write(letter(number), to=US)

    async def sizes(box: Mailbox) -> list[tuple[int, bool]]:
        cursor, seen = "", []
        for _ in range(4):
            batch = await box.fetch(cursor)
            cursor = batch.cursor
            seen.append((len(batch.deliveries), batch.more))
        return seen

    assert using(mailbox(mail), sizes) == [(50, True), (50, True), (20, False), (0, False)]


def test_a_batch_is_about_twenty_megabytes(mail: MailServer):
    """So that fifty large mails are not held in memory at once."""
    for number in range(3):
        mail.write(letter(number) + (b"x" * 70 + b"\r\n") * 130_000, to=US)
    first = fetch(mailbox(mail))
    assert (len(first.deliveries), first.more) == (2, True)
    assert len(fetch(mailbox(mail), first.cursor).deliveries) == 1


def test_of_an_oversized_mail_the_header_comes_and_the_delivery_says_so(mail: MailServer):
    """It is not lost and not skipped: a person sees that it is there, from whom, and how large."""
    for raw in (letter(1), letter(2, b"long " * 1000), letter(3)):
        mail.write(raw, to=US)
    one, two, three = fetch(mailbox(mail, most_bytes=2000)).deliveries
    assert one.headers == three.headers == ()
    assert two.header(TRUNCATED).isdigit()
    assert b"Message-ID: <2@customer.example>" in two.body
    assert b"long" not in two.body


def test_an_oversized_mail_says_so_to_the_reader(mail: MailServer):
    """As a part of the message, with its size."""
    pytest.importorskip("omnichannel.channels.email.parse")
    delivery = Delivery(source="poll", body=letter(1), headers=((TRUNCATED, "55000000"),))
    (event,) = Email.bare().parse(delivery)
    assert event.event == "received"
    assert "truncated" in event.notes
    assert "55000000 bytes" in event.parts[-1].text  # type: ignore[union-attr]


def test_older_mail_can_be_left_out(mail: MailServer):
    """Whoever connects a mailbox of ten years begins where they like."""
    mail.write(letter(1), to=US)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    assert fetch(mailbox(mail, since=tomorrow)).deliveries == ()
    assert len(fetch(mailbox(mail, since=date(2020, 1, 1))).deliveries) == 1


# --- the cursor -------------------------------------------------------------------------------------------------


def test_a_crash_between_fetching_and_committing_loses_nothing(mail: MailServer):
    """The cursor was not saved: the same messages come again, with the same keys."""
    for number in range(5):
        mail.write(letter(number), to=US)
    lost = fetch(mailbox(mail))
    assert fetch(mailbox(mail)).deliveries == lost.deliveries
    same_process = mailbox(mail)

    async def twice(box: Mailbox) -> tuple[Batch, Batch]:
        return await box.fetch(""), await box.fetch("")

    first, second = using(same_process, twice)
    assert first == second == lost


def test_the_cursor_says_how_far_and_survives_json(mail: MailServer):
    """UIDVALIDITY, the last UID, and which of the last twenty were there."""
    mail.write(letter(1), to=US)
    cursor = json.loads(fetch(mailbox(mail)).cursor)
    assert set(cursor) == {"uidvalidity", "last_uid", "recent"}
    assert cursor["recent"] == [cursor["last_uid"]]


def test_when_the_server_numbers_anew_all_is_read_again(mail: MailServer, caplog: pytest.LogCaptureFixture):
    """A restored mailbox: known mails come under new keys (content tells), new ones are not missed."""
    for number in range(3):
        mail.write(letter(number), to=US)
    before = fetch(mailbox(mail))
    mail.renumber(US)
    mail.write(letter(3), to=US)
    after = fetch(mailbox(mail), before.cursor)
    assert [delivery.body for delivery in after.deliveries][:3] == [
        delivery.body for delivery in before.deliveries
    ]
    assert len(after.deliveries) == 4
    assert not {delivery.key for delivery in after.deliveries} & {
        delivery.key for delivery in before.deliveries
    }
    assert "numbers 'INBOX' anew" in caplog.text
    assert fetch(mailbox(mail), after.cursor).deliveries == ()


def test_what_other_programs_do_to_mails_makes_no_difference(mail: MailServer):
    """Read, flagged, deleted or moved by somebody else: what is there is read, the rest is not missed."""
    for number in range(6):
        mail.write(letter(number), to=US)
    client = other_client(mail)
    uids = client.search(["ALL"])
    client.add_flags(uids[:2], [rb"\Seen"])
    client.add_flags(uids[2:3], [rb"\Flagged"])
    client.delete_messages(uids[3:4])
    client.expunge()
    client.create_folder("Done")
    client.move(uids[4:5], "Done")
    found, cursor = using(mailbox(mail), drain)
    assert [delivery.body[-4:-3] for delivery in found] == [b"0", b"1", b"2", b"5"]
    client.select_folder("Done")
    client.move(client.search(["ALL"]), "INBOX")
    client.logout()
    (back,), _ = using(mailbox(mail), lambda box: drain(box, cursor))
    assert back.body.endswith(b"hello 4.\r\n")


@pytest.mark.parametrize("seed", range(6))
def test_every_mail_is_committed_whatever_happens_in_between(mail: MailServer, seed: int):
    """Mails, crashes, lost connections, new numbering and busy people in any order: each body is read in the end."""
    chance = random.Random(seed)
    written: set[bytes] = set()
    committed: dict[str, bytes] = {}
    state = {"cursor": ""}

    async def step(box: Mailbox) -> Mailbox:
        kind = chance.choice(
            ["write", "write", "commit", "commit", "crash", "drop", "renumber", "people", "close"]
        )
        if kind == "write":
            for _ in range(chance.randrange(1, 9)):
                raw = letter(len(written))
                written.add(raw)
                mail.write(raw, to=US)
        elif kind == "commit":
            batch = await box.fetch(state["cursor"])
            committed.update({delivery.key: delivery.body for delivery in batch.deliveries})
            state["cursor"] = batch.cursor
        elif kind == "crash":
            await box.fetch(state["cursor"])
            await box.close()
            return mailbox(mail)
        elif kind == "drop":
            mail.drop_connections()
            await box.close()
        elif kind == "renumber":
            mail.renumber(US)
        elif kind == "people":
            client = other_client(mail)
            uids = client.search(["ALL"])
            if uids:
                client.add_flags(chance.sample(uids, chance.randrange(len(uids)) or 1), [rb"\Seen"])
            client.logout()
        else:
            await box.close()
        return box

    async def whole() -> None:
        box = mailbox(mail)
        for _ in range(25):
            box = await step(box)
        found, _ = await drain(box, state["cursor"])
        committed.update({delivery.key: delivery.body for delivery in found})
        await box.close()

    asyncio.run(whole())
    read = {body.split(b"\r\n", 4)[4] for body in committed.values()}
    assert read == written


# --- waiting ----------------------------------------------------------------------------------------------------


def test_waiting_ends_when_mail_comes(mail: MailServer):
    """Pushed by the server: long before the hour is over."""

    async def go(box: Mailbox) -> int:
        batch = await box.fetch("")
        waiting = asyncio.create_task(box.wait(3600))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await asyncio.to_thread(mail.write, letter(1), to=US)
        await waiting
        return len((await box.fetch(batch.cursor)).deliveries)

    assert using(mailbox(mail), go) == 1


def test_mail_that_came_before_the_waiting_began_ends_it_at_once(mail: MailServer):
    """A server announces a mail once, perhaps while nobody listened."""

    async def go(box: Mailbox) -> int:
        batch = await box.fetch("")
        await asyncio.to_thread(mail.write, letter(1), to=US)
        await box.wait(3600)
        return len((await box.fetch(batch.cursor)).deliveries)

    assert using(mailbox(mail), go) == 1


def test_waiting_ends_when_its_time_is_over(mail: MailServer):
    """IDLE is renewed on the way, and what is no new mail does not end it."""

    async def go(box: Mailbox) -> None:
        await box.fetch("")
        await box.wait(0.5)

    using(mailbox(mail, renew=0.1), go)


def test_a_connection_lost_while_waiting_is_an_error_and_the_next_fetch_connects_anew(mail: MailServer):
    """The runner decides how patient to be; nothing spins and nothing hangs."""

    async def go(box: Mailbox) -> int:
        await box.fetch("")
        waiting = asyncio.create_task(box.wait(3600))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(mail.drop_connections)
        with pytest.raises((OSError, IMAPClient.Error)):
            await waiting
        await asyncio.to_thread(mail.write, letter(1), to=US)
        await box.wait(3600)
        return len((await box.fetch("")).deliveries)

    assert using(mailbox(mail), go) == 1


def test_a_connection_lost_while_nobody_looked_is_an_error_too(mail: MailServer):
    """Then the source works again."""

    async def go(box: Mailbox) -> int:
        await box.fetch("")
        await asyncio.to_thread(mail.drop_connections)
        with pytest.raises((OSError, IMAPClient.Error)):
            await box.fetch("")
        await asyncio.to_thread(mail.write, letter(1), to=US)
        return len((await box.fetch("")).deliveries)

    assert using(mailbox(mail), go) == 1


def test_cancelled_waiting_ends_at_once_and_the_source_still_works(mail: MailServer):
    """Shutting down does not wait for the server."""

    async def go(box: Mailbox) -> int:
        await box.fetch("")
        waiting = asyncio.create_task(box.wait(3600))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.to_thread(mail.write, letter(1), to=US)
        return len((await box.fetch("")).deliveries)

    assert using(mailbox(mail), go) == 1


def test_closing_ends_what_is_going_on_and_leaves_no_thread(mail: MailServer):
    """It never raises, may be called twice, and a closed source may be used again."""

    async def go() -> None:
        box = mailbox(mail)
        await box.close()
        await box.fetch("")
        waiting = asyncio.create_task(box.wait(3600))
        await asyncio.sleep(0.1)
        await box.close()
        with pytest.raises((OSError, IMAPClient.Error)):
            await waiting
        await box.close()
        await box.fetch("")
        mail.drop_connections()
        await box.close()

    asyncio.run(asyncio.wait_for(go(), 30))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("imap-")]


# --- logging in -------------------------------------------------------------------------------------------------


def account(mail: MailServer, **changes: object) -> Mailbox:
    given = {"user": US, "password": "secret"} | changes
    return Mailbox("support", settings.server("imap", mail.imap_url, settings.Keys(**given)), "INBOX")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keys", "setting"),
    [
        ({"password": "wrong"}, "password"),
        ({"user": "nobody@shop.example"}, "password"),
        ({"password": None, "token": "stale"}, "token"),
        ({"user": "ünï@shop.example", "password": "wröng"}, "password"),
    ],
)
def test_refused_credentials_are_a_wrong_setting(mail: MailServer, keys: dict[str, object], setting: str):
    """Not a matter of patience: a person must look, and the account must not be locked by trying."""
    with pytest.raises(ConfigError, match="does not let") as caught:
        fetch(account(mail, **keys))
    assert caught.value.setting == setting
    assert "wrong" not in str(caught.value)


def test_a_password_beyond_ascii_works(mail: MailServer):
    """LOGIN is ASCII only; PLAIN is not."""
    assert fetch(account(mail, user="ünï@shop.example", password="pässwörd")).deliveries == ()


def test_a_token_is_asked_for_before_every_login(mail: MailServer):
    """OAuth (XOAUTH2): access tokens live for about an hour."""
    asked = []

    def token() -> str:
        asked.append(threading.current_thread().name)
        return "fresh"

    box = account(mail, password=None, token=token)

    async def go(source: Mailbox) -> None:
        for _ in range(2):
            await source.fetch("")
            await source.fetch("")
            await source.close()

    using(box, go)
    assert asked == ["imap-support-INBOX_0"] * 2


def test_a_connection_lost_during_the_login_is_no_refusal():
    """The library calls both a failed login; only one of them is the user's to mend."""

    def script(line: Line) -> None:
        line.say("* OK ready\r\n")
        while (heard := line.hear()) and "LOGIN" not in heard:
            line.say(f"* CAPABILITY IMAP4rev1\r\n{heard.split()[0]} OK done\r\n")

    with Scripted(script) as peer:
        server = settings.server(
            "imap", f"imap://localhost:{peer.port}", settings.Keys(user=US, password="x")
        )
        with pytest.raises((OSError, IMAPClient.AbortError)):
            fetch(Mailbox("support", server, "INBOX"))


def test_a_folder_that_is_not_there_is_a_wrong_setting(mail: MailServer):
    """The message names those that are."""
    mail.add_folder(US, "Support")
    with pytest.raises(ConfigError, match="no 'Helpdesk'.*INBOX, Support"):
        fetch(mailbox(mail, "Helpdesk"))


# --- TLS and doctor ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("starttls", [False, True], ids=["implicit", "starttls"])
def test_an_unknown_certificate_gets_no_password(tmp_path: Path, starttls: bool):
    """Verified always; an authority of one's own is believed when it is named."""
    pem, context = certificate(tmp_path)
    with MailServer({US: "secret"}, tls=context, starttls=starttls) as mail:
        doubtful = Email("x", **mail.settings(US))
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            fetch(doubtful.sources()[0])  # type: ignore[arg-type]
        finding = asyncio.run(doubtful.check())[1]
        assert not finding.ok
        assert "ca_file" in finding.cure
        mail.write(letter(1), to=US)
        believing = Email("x", **mail.settings(US), ca_file=str(pem))
        assert len(fetch(believing.sources()[0]).deliveries) == 1  # type: ignore[arg-type]


def test_a_certificate_for_another_host_is_refused(tmp_path: Path):
    """The chain alone proves nothing."""
    pem, context = certificate(tmp_path, "other.example")
    with MailServer({US: "secret"}, tls=context) as mail:
        (source,) = Email("x", **mail.settings(US), ca_file=str(pem)).sources()
        with pytest.raises(OSError, match="(?i)hostname"):
            fetch(source)  # type: ignore[arg-type]


def test_the_doctor_looks_into_every_folder(mail: MailServer):
    """And says whether mail is announced, or what to mend."""
    well = Email("x", **(mail.settings(US) | {"smtp": None}))
    ill = Email("x", **(mail.settings(US) | {"smtp": None, "folders": ["INBOX", "Nowhere"]}))
    locked = Email("x", **(mail.settings(US) | {"smtp": None, "password": "wrong"}))
    assert "IDLE" in asyncio.run(well.check())[1].what
    assert [finding.ok for finding in asyncio.run(ill.check())] == [True, True, False]
    assert "INBOX" in asyncio.run(ill.check())[2].cure
    assert "password" in asyncio.run(locked.check())[1].cure
