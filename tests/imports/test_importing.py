"""Bringing archives in: once, into the past, whose it is, in order, going on where it was killed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.imports.whole import whole

from omnichannel import Inbox, Incoming, Message
from omnichannel.channel import Batch, Delivery
from omnichannel.channels.email import Email
from omnichannel.desk import Plan
from omnichannel.errors import NotFound
from omnichannel.imports import Maildir, Mbox
from omnichannel.imports import archive as archives
from omnichannel.inbox import Unpacked, recording
from omnichannel.model import Address, Direction, Purpose, Strength
from omnichannel.model.desk import Case
from tests.engines import HandClock
from tests.imports.letters import OWN, boxed, foldered, letter, ours

TRUSTED = "Authentication-Results: mx.shop.example; dmarc=pass header.from=home.example\n"
ANNA = Address(kind="email", value="anna@home.example")


@pytest.fixture
def make(url: str, clock: HandClock) -> Callable[..., Inbox]:
    def opened(**more: object) -> Inbox:
        return Inbox(url, [Email("mail", address=OWN, trusted=["mx.shop.example"])], clock=clock, **more)  # type: ignore[arg-type]

    return opened


async def told(inbox: Inbox) -> list[list[Message]]:
    """Every closed conversation's messages."""
    return [await inbox.conversations.messages(one.id) for one in await inbox.conversations.closed()]


def talk(tmp_path: Path) -> Path:
    """A question, our answer, thanks; and somebody else's question."""
    mails = [
        letter("1", text="Where is it?"),
        ours("2", answers="1", refers="1", date="Mon, 2 Mar 2026 10:00:00 +0000"),
        letter("3", text="Thanks!", answers="2", refers="1> <2", date="Mon, 2 Mar 2026 11:00:00 +0000"),
        letter("4", "Bob <bob@work.example>", text="Are you open?"),
    ]
    return boxed(mails, tmp_path / "a.mbox")


async def test_a_mailbox_becomes_closed_conversations_with_both_sides(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    """Ours are ours by our address, and theirs by theirs; each came when it was said."""
    async with make() as inbox:
        done = await inbox.import_archive(Mbox(talk(tmp_path), account="mail"))
        assert (done.found, done.written, done.known, done.unreadable, done.share) == (4, 4, 0, 0, 1.0)
        annas, bobs = sorted(await told(inbox), key=len, reverse=True)
        assert [one.text for one in annas] == ["Where is it?", "It is under way.", "Thanks!"]
        assert [one.direction for one in annas] == [Direction.INBOUND, Direction.OUTBOUND, Direction.INBOUND]
        assert annas[1].received_at == annas[1].sent_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
        assert annas[1].automatic is None
        assert [one.text for one in bobs] == ["Are you open?"]
        assert await inbox.conversations.open() == []
        assert {event.what for event in await inbox.events()} == {"conversation.imported", "message.imported"}
        raw = await inbox.raw(annas[0].id)
    assert raw.body.startswith(b"Received: from home.example")


async def test_twice_is_once(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """The very same store: what was said, by whom, when, in what order, and what is believed of whom."""
    box = talk(tmp_path)
    async with make() as inbox:
        await inbox.import_archive(Mbox(box, account="mail"))
        before = await whole(inbox)
        again = await inbox.import_archive(Mbox(box, account="mail"))
        assert (again.found, again.written, again.known) == (4, 0, 4)
        assert await whole(inbox) == before
        copy = boxed([], tmp_path / "copy.mbox")
        copy.write_bytes(box.read_bytes().replace(b"\n", b"\r\n"))
        assert (await inbox.import_archive(Mbox(copy, account="mail"))).known == 4
        assert await whole(inbox) == before


class Broken(Mbox):
    """A box whose reading breaks after some pieces, as a killed process does: nothing is tidied up."""

    def __init__(self, path: Path, after: int) -> None:
        super().__init__(path, account="mail")
        self.after = after

    async def fetch(self, cursor: str) -> Batch:
        self.after -= 1
        if self.after < 0:
            raise ConnectionError("killed")
        return await super().fetch(cursor)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
async def test_an_interrupted_import_goes_on_and_comes_to_the_same(
    shared_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, clock: HandClock
) -> None:
    monkeypatch.setattr(archives, "BATCH_ITEMS", 1)
    box = talk(tmp_path)
    async with Inbox("sqlite:///:memory:", [Email("mail", address=OWN)], clock=clock) as other:
        await other.import_archive(Mbox(box, account="mail"))
        expected = await whole(other)
    async with Inbox(shared_url, [Email("mail", address=OWN)], clock=clock) as inbox:
        with pytest.raises(ConnectionError):
            await inbox.import_archive(Broken(box, after))
    async with Inbox(shared_url, [Email("mail", address=OWN)], clock=clock) as inbox:
        rest = await inbox.import_archive(Mbox(box, account="mail"))
        assert rest.found == 4 - after
        assert await whole(inbox) == expected


async def test_progress_is_told_and_a_dry_run_writes_nothing(
    make: Callable[..., Inbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it counts is what the import then brings in."""
    monkeypatch.setattr(archives, "BATCH_ITEMS", 1)
    box = boxed([letter("1"), letter("1"), letter("2"), "\nno mail\n\x01\n"], tmp_path / "a.mbox")
    shares: list[float] = []

    def hear(done: Unpacked) -> None:
        shares.append(done.share)

    async with make() as inbox:
        before = await whole(inbox)
        dry = await inbox.import_archive(Mbox(box, account="mail"), dry_run=True, told=hear)
        assert await whole(inbox) == before
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        wet = await inbox.import_archive(Mbox(box, account="mail"))
        assert dry == wet
        assert (wet.written, wet.known, wet.unreadable) == (2, 1, 1)
        again = await inbox.import_archive(Mbox(box, account="mail"), dry_run=True)
        assert (again.written, again.known) == (0, 4)


async def test_what_cannot_be_read_is_kept_and_told_with_its_place(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    box = boxed([letter("1"), "\n\x01\x02\x03\n", letter("2")], tmp_path / "a.mbox")
    async with make() as inbox:
        done = await inbox.import_archive(Mbox(box, account="mail"))
        (trouble,) = done.troubles
        place = int(trouble.where.partition("#")[2])
        assert box.read_bytes()[place:].startswith(b"From x@")
        assert "no e-mail" in trouble.reason
        assert (done.written, done.unreadable) == (2, 1)
        (parked,) = await inbox.parked()
        assert trouble.where in parked.reason


async def test_nobody_answers_and_no_clock_runs(
    make: Callable[..., Inbox], tmp_path: Path, clock: HandClock
) -> None:
    """Not even where a desk is, before or after the import; an answer to it begins a question like any other."""
    seen: list[str] = []

    async def handler(incoming: Incoming) -> None:
        seen.append(incoming.message.text)

    async def case(inbox: Inbox) -> Case:
        (one, *_) = sorted(await inbox.conversations.closed(), key=lambda talk: -talk.messages)
        return await inbox.desk.case(one.id)

    async with make(desk=Plan()) as inbox:
        inbox.on_message(handler)
        await inbox.import_archive(Mbox(talk(tmp_path), account="mail"))
        await inbox.work()
        assert seen == []
        found = await case(inbox)
        assert (found.open, found.asked_at, found.queued_at, found.clocks) == (False, None, None, ())
        assert found.account == "mail"
        happened = {event.what for event in await inbox.events()}
        assert happened <= {"conversation.imported", "message.imported"}
        assert await inbox.desk.queue() == []
        assert await inbox.desk.due() == []
        clock.advance(hours=5)
        await live(inbox, letter("5", text="One more thing", answers="3", refers="1> <2> <3"))
        asked = await inbox.desk.case(found.conversation.id)
        assert (asked.open, asked.asked_at, asked.first_answered_at) == (True, clock.now(), None)
        assert seen == ["One more thing"]


async def live(inbox: Inbox, mail: str) -> None:
    await inbox.receive("mail", Delivery(source="poll", body=mail.replace("\n", "\r\n").encode()))
    await inbox.work()


async def test_an_answer_to_what_was_brought_in_goes_on_there(
    make: Callable[..., Inbox], tmp_path: Path, clock: HandClock
) -> None:
    clock.advance(hours=5)
    async with make() as inbox:
        await inbox.import_archive(Mbox(talk(tmp_path), account="mail"))
        await live(inbox, letter("5", text="One more thing", answers="3", refers="1> <2> <3"))
        (again,) = await inbox.conversations.open()
        said = await inbox.conversations.messages(again.id)
    assert [one.text for one in said] == ["Where is it?", "It is under way.", "Thanks!", "One more thing"]


async def test_what_people_have_seen_keeps_its_number(
    make: Callable[..., Inbox], tmp_path: Path, clock: HandClock
) -> None:
    """Until somebody says something new, an older mail comes before the younger; from then on it comes behind."""
    older, oldest = (
        letter(number, text=number, date=f"Mon, 2 Mar 2026 0{hour}:00:00 +0000", refers="1", answers="1")
        for number, hour in (("6", 8), ("7", 7))
    )
    clock.advance(hours=5)
    async with make() as inbox:
        for number, box in enumerate((talk(tmp_path), boxed([older], tmp_path / "b"))):
            await inbox.import_archive(Mbox(box, account="mail"))
            assert number + 3 in {len(one) for one in await told(inbox)}
        await live(inbox, letter("5", text="One more thing", answers="3", refers="1> <2> <3"))
        await inbox.import_archive(Mbox(boxed([oldest], tmp_path / "c"), account="mail"))
        (again,) = await inbox.conversations.open()
        said = [one.text for one in await inbox.conversations.messages(again.id)]
    assert said == ["6", "Where is it?", "It is under way.", "Thanks!", "One more thing", "7"]


async def test_what_came_live_is_known_in_the_archive(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """Byte by byte the same, or as another program kept it."""
    mail = letter("1", text="Where is it?")
    async with make() as inbox:
        await live(inbox, mail)
        box = boxed(
            [mail, mail.replace("Received: from", "X-Kept: yes\nReceived: from")], tmp_path / "a.mbox"
        )
        done = await inbox.import_archive(Mbox(box, account="mail"))
        assert (done.found, done.written, done.known) == (2, 0, 2)
        (only,) = await inbox.conversations.open()
        assert only.messages == 1


async def test_the_same_id_on_other_words_is_another_mail(make: Callable[..., Inbox], tmp_path: Path) -> None:
    box = boxed([letter("1", text="one"), letter("1", text="two")], tmp_path / "a.mbox")
    async with make() as inbox:
        assert (await inbox.import_archive(Mbox(box, account="mail"))).written == 2


@pytest.mark.parametrize(
    ("mail", "strength", "scope"),
    [
        (letter("1"), Strength.ASSERTED, "unproven"),
        (letter("1", more=f"{TRUSTED}Received: by mx.shop.example\n"), Strength.VERIFIED, ""),
    ],
)
async def test_a_sender_is_proven_by_what_we_trust_and_by_nothing_else(
    make: Callable[..., Inbox], tmp_path: Path, mail: str, strength: Strength, scope: str
) -> None:
    async with make() as inbox:
        await inbox.import_archive(Mbox(boxed([mail], tmp_path / "a.mbox"), account="mail"))
        ((message,),) = await told(inbox)
        assert message.strength is strength
        customer = await inbox.customers.find(ANNA)
        assert customer is not None
        assert [one.address.scope for one in customer.addresses] == [scope]


async def test_an_operator_may_vouch(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """Then the senders are attested; not where two readers would see two authors."""
    doubtful = letter("2", "anna@home.example, bob@work.example")
    box = boxed([letter("1"), doubtful], tmp_path / "a.mbox")
    async with make() as inbox:
        await inbox.import_archive(Mbox(box, account="mail", vouch=True))
        strengths = {one.external_id[1]: one.strength for talk in await told(inbox) for one in talk}
        assert strengths == {"1": Strength.ATTESTED, "2": Strength.ASSERTED}
        customer = await inbox.customers.find(ANNA)
        assert customer is not None
        assert customer.addresses[0].because == "an operator vouches for the import that it came with"


async def test_a_forged_sender_of_ours_says_nothing_in_our_name(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    """A mail from our address that came over the wire is a stranger's, unless somebody filed it as sent."""
    forged = letter("1", f"Support <{OWN}>", to=f"{OWN}, anna@home.example", text="Pay here")
    filed = letter("2", f"Support <{OWN}>", to="anna@home.example", text="It is paid")
    foldered([forged], tmp_path)
    foldered([filed], tmp_path, ".Sent")
    async with make() as inbox:
        await inbox.import_archive(Maildir(tmp_path, account="mail"))
        directions = {one.text: one.direction for talk in await told(inbox) for one in talk}
    assert directions == {"Pay here": Direction.INBOUND, "It is paid": Direction.OUTBOUND}


async def test_our_mail_proves_nobody_to_be_where_it_went(make: Callable[..., Inbox], tmp_path: Path) -> None:
    async with make() as inbox:
        await inbox.import_archive(Mbox(boxed([ours("1")], tmp_path / "a.mbox"), account="mail"))
        ((message,),) = await told(inbox)
        assert message.author is not None
        customer = await inbox.customers.find(message.author.address)
        assert customer is not None
        assert await inbox.identity.claims(customer.id) == []
        assert [one.address.scope for one in customer.addresses] == ["unproven"]


async def test_a_mail_that_names_only_what_it_answers_is_in_its_conversation(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    """Programs without References: the thread has no other name than the mail before."""
    mails = [letter("1"), ours("2", answers="1"), letter("3", answers="2"), ours("4", answers="3")]
    async with make() as inbox:
        await inbox.import_archive(Mbox(boxed(mails, tmp_path / "a.mbox"), account="mail"))
        assert [len(talk) for talk in await told(inbox)] == [4]


async def test_a_bounce_of_before_moves_nothing(make: Callable[..., Inbox], tmp_path: Path) -> None:
    bounce = (
        "From: MAILER-DAEMON@mx.example\nTo: support@shop.example\nSubject: failed\nMessage-ID: <b@mx>\n"
        "Date: Mon, 2 Mar 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.nl\nAction: failed\nStatus: 5.1.1\n"
        "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <unknown@shop.example>\n\n--b--\n"
    )
    async with make() as inbox:
        done = await inbox.import_archive(Mbox(boxed([bounce], tmp_path / "a.mbox"), account="mail"))
        assert done.written == 1
        told_of = await whole(inbox)
    assert not any("status" in row for row in told_of["externals"])


async def test_what_was_erased_does_not_come_back(make: Callable[..., Inbox], tmp_path: Path) -> None:
    """Neither theirs nor ours to them."""
    box = talk(tmp_path)
    async with make() as inbox:
        await inbox.import_archive(Mbox(box, account="mail"))
        ((first, *_),) = [one for one in await told(inbox) if len(one) == 3]
        assert first.author is not None
        customer = await inbox.customers.find(first.author.address)
        assert customer is not None
        await inbox.identity.erase(customer.id, actor="zoe")
        left = await whole(inbox)
        assert not any("anna@" in row for row in left["messages"])
        again = await inbox.import_archive(Mbox(box, account="mail"))
        assert again.written == 0
        assert not any("anna@" in row for rows in (await whole(inbox)).values() for row in rows)


async def test_an_account_that_is_not_there_is_said_before_anything_is_read(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    async with make() as inbox:
        with pytest.raises(NotFound, match="no account called 'post'"):
            await inbox.import_archive(Mbox(talk(tmp_path), account="post"))


async def test_one_mail_that_breaks_the_reading_is_set_aside(
    make: Callable[..., Inbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of ours about one mail: it is kept and parked, and its neighbours become messages."""
    record = recording.Recorder.received

    def breaking(self: recording.Recorder, event: object) -> None:
        if "<2@" in getattr(event, "external_id", ""):
            raise RuntimeError("a mistake")
        record(self, event)  # type: ignore[arg-type]

    monkeypatch.setattr(recording.Recorder, "received", breaking)
    box = boxed([letter("1"), letter("2"), letter("3")], tmp_path / "a.mbox")
    async with make() as inbox:
        done = await inbox.import_archive(Mbox(box, account="mail"))
        assert (done.written, done.unreadable) == (2, 1)
        monkeypatch.undo()
        (parked,) = await inbox.parked()
        await inbox.replay(parked.id)
        await inbox.work()
        assert await inbox.parked() == []
        assert sum(len(talk) for talk in await told(inbox)) == 3


async def test_the_assisting_view_joins_what_is_proven_and_what_is_not(
    make: Callable[..., Inbox], tmp_path: Path
) -> None:
    """The same address, proven live and unproven in an archive: marked as such, and one to an agent."""
    async with make() as inbox:
        await live(inbox, letter("1", more=f"{TRUSTED}Received: by mx.shop.example\n"))
        await inbox.import_archive(Mbox(boxed([letter("2")], tmp_path / "a.mbox"), account="mail"))
        customer = await inbox.customers.find(ANNA)
        assert customer is not None
        shown = await inbox.customers.get(customer.id, purpose=Purpose.ASSIST)
    assert sorted((one.address.scope, one.unproven) for one in shown.addresses) == [
        ("", False),
        ("unproven", True),
    ]
