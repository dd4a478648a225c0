"""What IMAP servers do to clients, each seen in the field: a server that does exactly that, and what we make of it."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from imapclient import IMAPClient

from omnichannel.channel import Batch
from omnichannel.channels.email import Email
from omnichannel.channels.email.link import settings
from omnichannel.channels.email.link.imap import WITHHELD, Cursor, Mailbox
from tests.channels.email.peers import Line, Scripted

T = TypeVar("T")
Answer = Callable[[Line, str, str], bool]
TROUBLE = (OSError, IMAPClient.Error)


class Peer:
    """A small IMAP server over a dictionary of messages; `quirks` answer a command their own way.

    A quirk is given the connection, the tag and the command, and says whether it has answered.
    """

    def __init__(self, messages: dict[int, bytes], *, uidvalidity: int = 7, capability: str = "IDLE") -> None:
        self.messages = messages
        self.uidvalidity = uidvalidity
        self.capability = capability
        self.uidnext: int | None = max(messages, default=0) + 1
        self.exists: int | None = None
        self.commands: list[str] = []
        self.quirks: list[tuple[str, Answer]] = []

    def on(self, pattern: str) -> Callable[[Answer], Answer]:
        """Register a quirk for commands that match."""

        def register(answer: Answer) -> Answer:
            self.quirks.append((pattern, answer))
            return answer

        return register

    def __call__(self, line: Line) -> None:
        line.say("* OK ready\r\n")
        while heard := line.hear():
            tag, _, command = heard.partition(" ")
            self.commands.append(command)
            if not any(
                re.search(pattern, command) and answer(line, tag, command) for pattern, answer in self.quirks
            ):
                self._answer(line, tag, command)

    def _answer(self, line: Line, tag: str, command: str) -> None:
        if command == "CAPABILITY":
            line.say(f"* CAPABILITY IMAP4rev1 {self.capability}\r\n{tag} OK done\r\n")
        elif command.startswith("EXAMINE"):
            line.say(self._examined() + f"{tag} OK [READ-ONLY] done\r\n")
        elif command.startswith("UID SEARCH"):
            found = " ".join(map(str, self._matching(command.split()[3])))
            line.say(f"* SEARCH {found}\r\n{tag} OK done\r\n")
        elif command.startswith("UID FETCH"):
            _, _, numbers, items = command.split(" ", 3)
            for uid in self._matching(numbers):
                line.say(self.fetched(uid, items))
            line.say(f"{tag} OK done\r\n")
        elif command == "IDLE":
            line.say("+ idling\r\n")
            assert line.hear() in ("DONE", "")
            line.say(f"{tag} OK done\r\n")
        else:
            line.say(f"{tag} OK done\r\n")

    def _examined(self) -> str:
        exists = len(self.messages) if self.exists is None else self.exists
        uidnext = f"* OK [UIDNEXT {self.uidnext}]\r\n" if self.uidnext else ""
        return f"* {exists} EXISTS\r\n* OK [UIDVALIDITY {self.uidvalidity}]\r\n{uidnext}"

    def _matching(self, numbers: str) -> list[int]:
        wanted: set[int] = set()
        for piece in numbers.split(","):
            low, _, high = piece.partition(":")
            top = max(self.messages, default=0)
            first, last = sorted((int(low), top if high == "*" else int(high or low)))
            wanted |= {uid for uid in self.messages if first <= uid <= last}
        return sorted(wanted)

    def fetched(self, uid: int, items: str) -> bytes:
        """One FETCH response."""
        body = self.messages[uid]
        if "RFC822.SIZE" in items:
            told = f'RFC822.SIZE {len(body)} INTERNALDATE "21-Nov-2026 12:00:00 +0100"'.encode()
        else:
            told = b"BODY[] {%d}\r\n%s" % (len(body), body)
        return b"* %d FETCH (UID %d %s)\r\n" % (sorted(self.messages).index(uid) + 1, uid, told)


def letters(*uids: int) -> dict[int, bytes]:
    return {uid: b"From: ann@customer.example\r\n\r\nhello %d\r\n" % uid for uid in uids}


@contextmanager
def serving(peer: Peer) -> Iterator[Callable[..., Mailbox]]:
    with Scripted(peer) as served:

        def box(**options: object) -> Mailbox:
            keys = settings.Keys(user="help", password="pw")
            server = settings.server("imap", f"imap://localhost:{served.port}", keys)
            return Mailbox("support", server, "INBOX", **options)  # type: ignore[arg-type]

        yield box


def using(box: Mailbox, go: Callable[[Mailbox], Awaitable[T]]) -> T:
    async def whole() -> T:
        try:
            return await asyncio.wait_for(go(box), 30)
        finally:
            await box.close()

    return asyncio.run(whole())


def uids(batch: Batch) -> list[int]:
    return [int(delivery.key.rpartition(":")[2]) for delivery in batch.deliveries]


# --- searching and fetching -------------------------------------------------------------------------------------


def test_the_last_message_does_not_come_again_and_again():
    """`n:*` brings the last message also when it is below n (RFC 3501 §6.4.8)."""
    with serving(Peer(letters(1, 2, 3))) as box:
        cursor = Cursor(uidvalidity=7, last_uid=500).model_dump_json()
        batch = using(box(), lambda source: source.fetch(cursor))
        assert (batch.deliveries, batch.more) == ((), False)


def test_a_lower_uid_that_is_shown_late_is_read():
    """Delivered at the same moment by another process of the server: UID 4 becomes visible after 5."""
    peer = Peer(letters(1, 2, 3, 5))
    with serving(peer) as box:
        first = using(box(), lambda source: source.fetch(""))
        peer.messages |= letters(4)
        second = using(box(), lambda source: source.fetch(first.cursor))
        assert uids(first) == [1, 2, 3, 5]
        assert uids(second) == [4]
        assert uids(using(box(), lambda source: source.fetch(second.cursor))) == []


def test_the_overlap_is_looked_at_but_not_fetched_again():
    """Twenty large mails at every look would be most of the traffic."""
    peer = Peer(letters(*range(1, 31)))
    with serving(peer) as box:
        first = using(box(), lambda source: source.fetch(""))
        peer.commands.clear()
        using(box(), lambda source: source.fetch(first.cursor))
        assert "UID SEARCH UID 11:*" in peer.commands
        assert not [command for command in peer.commands if "FETCH" in command]


def test_mail_is_peeked_at_in_a_folder_opened_read_only():
    """EXAMINE and BODY.PEEK[]: no flag changes, on any server."""
    peer = Peer(letters(1))
    with serving(peer) as box:
        using(box(), lambda source: source.fetch(""))
    assert 'EXAMINE "INBOX"' in peer.commands
    assert "UID FETCH 1 (BODY.PEEK[])" in peer.commands
    assert not [
        command
        for command in peer.commands
        if "SELECT" in command or "STORE" in command or "RFC822)" in command
    ]


def test_without_uidvalidity_nothing_is_read():
    """UIDs that do not last would lose or repeat mail without anybody noticing."""
    peer = Peer(letters(1))

    @peer.on("EXAMINE")
    def no_uidvalidity(line: Line, tag: str, command: str) -> bool:
        line.say(f"* 1 EXISTS\r\n* OK [UIDNOTSTICKY] no\r\n{tag} OK done\r\n")
        return True

    with serving(peer) as box, pytest.raises(IMAPClient.Error, match="do not last"):
        using(box(), lambda source: source.fetch(""))


def test_a_huge_folder_is_searched_in_windows():
    """A line of 140,000 UIDs is longer than the library reads; empty stretches are passed over."""
    peer = Peer(letters(170_001, 170_002, 260_000))
    peer.exists = 100_000
    with serving(peer) as box:
        first = using(box(), lambda source: source.fetch(""))
        second = using(box(), lambda source: source.fetch(first.cursor))
    assert (uids(first), first.more) == ([170_001, 170_002], True)
    assert (uids(second), second.more) == ([260_000], False)
    searches = [command for command in peer.commands if "SEARCH" in command]
    assert searches[:3] == [
        "UID SEARCH UID 1:80000",
        "UID SEARCH UID 80001:160000",
        "UID SEARCH UID 160001:240000",
    ]


def test_a_huge_folder_without_news_ends_in_an_empty_batch():
    """Nothing found in any window is nothing."""
    peer = Peer({})
    peer.exists, peer.uidnext = 100_000, 100_001
    with serving(peer) as box:
        assert using(box(), lambda source: source.fetch("")).deliveries == ()


def test_a_message_deleted_meanwhile_is_passed_over():
    """It was there for the search and is gone for the fetch: nothing to wait for."""
    peer = Peer(letters(1, 2, 3))

    @peer.on("FETCH.*SIZE")
    def delete(line: Line, tag: str, command: str) -> bool:
        peer.messages.pop(2, None)
        return False

    with serving(peer) as box:
        batch = using(box(), lambda source: source.fetch(""))
    assert (uids(batch), batch.more) == ([1, 3], False)
    assert Cursor.model_validate_json(batch.cursor).recent == (1, 2, 3)


@pytest.mark.parametrize("how", ["left out", "NIL", "refused"])
def test_a_message_that_the_server_does_not_give_holds_its_place(how: str):
    """Never skipped: its elders come, then it is asked for again; after three attempts it is parked for a person."""
    peer = Peer(letters(1, 2, 3))

    @peer.on(r"FETCH.*BODY\.PEEK")
    def stubborn(line: Line, tag: str, command: str) -> bool:
        numbers = [int(number) for number in command.split()[2].split(",")]
        if how == "refused" and 2 in numbers:
            line.say(f"{tag} NO [SERVERBUG] internal error\r\n")
            return True
        for uid in numbers:
            if uid != 2:
                line.say(peer.fetched(uid, command))
            elif how == "NIL":
                line.say("* 2 FETCH (UID 2 BODY[] NIL)\r\n")
        line.say(f"{tag} OK done\r\n")
        return True

    async def go(box: Mailbox) -> list[Batch | str]:
        cursor, seen = "", []
        for _ in range(5):
            try:
                batch = await box.fetch(cursor)
            except OSError as error:
                seen.append(str(error))
            else:
                cursor = batch.cursor
                seen.append(batch)
        return seen

    with serving(peer) as box:
        first, second, third, fourth, *_ = using(box(), go)
    assert isinstance(first, Batch)
    assert (uids(first), first.more) == ([1], True)
    assert "does not give message 2" in str(second)
    assert isinstance(third, Batch)
    assert (uids(third), third.more) == ([2, 3], False)
    parked, last = third.deliveries
    assert (parked.header(WITHHELD), parked.body) == ("3", b"")
    assert last.headers == ()
    assert isinstance(fourth, Batch)
    assert fourth.deliveries == ()
    (event,) = Email.bare().parse(parked)
    assert event.event == "malformed"
    assert "does not give it" in event.reason


def test_news_about_other_messages_in_between_changes_nothing():
    """Unsolicited FETCH, EXPUNGE and EXISTS lines come whenever they like."""
    peer = Peer(letters(1, 2))

    @peer.on("UID FETCH|UID SEARCH")
    def chatter(line: Line, tag: str, command: str) -> bool:
        line.say("* 1 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS\r\n* 2 FETCH (FLAGS ())\r\n* OK still here\r\n")
        return False

    with serving(peer) as box:
        batch = using(box(), lambda source: source.fetch(""))
    assert [delivery.body for delivery in batch.deliveries] == list(letters(1, 2).values())


def test_a_link_that_breaks_in_the_middle_of_a_mail_is_an_error():
    """Half a mail is no mail: the next fetch begins anew."""
    peer = Peer(letters(1))
    broken: list[str] = []

    @peer.on(r"FETCH.*BODY\.PEEK")
    def cut(line: Line, tag: str, command: str) -> bool:
        if broken:
            return False
        broken.append(command)
        line.say("* 1 FETCH (UID 1 BODY[] {1000}\r\nFrom: ann")
        line.close()
        raise OSError

    async def go(source: Mailbox) -> list[int]:
        with pytest.raises(TROUBLE):
            await source.fetch("")
        return uids(await source.fetch(""))

    with serving(peer) as box:
        assert using(box(), go) == [1]


def test_a_folder_that_cannot_be_opened_just_now_is_no_wrong_setting():
    """The server lists it: then its refusal is a matter of patience."""
    peer = Peer({})

    @peer.on("EXAMINE")
    def busy(line: Line, tag: str, command: str) -> bool:
        line.say(f"{tag} NO [INUSE] try again\r\n")
        return True

    @peer.on("LIST")
    def folders(line: Line, tag: str, command: str) -> bool:
        line.say(f'* LIST () "/" INBOX\r\n{tag} OK done\r\n')
        return True

    with serving(peer) as box, pytest.raises(IMAPClient.Error, match="INUSE"):
        using(box(), lambda source: source.fetch(""))


# --- waiting ----------------------------------------------------------------------------------------------------


async def fetched_then_waits(source: Mailbox) -> None:
    await source.fetch("")
    await source.wait(3600)


def test_a_server_that_closes_during_idle_is_noticed():
    """The library would say "nothing happened" 80,000 times a second (imapclient#565)."""
    peer = Peer(letters(1))

    @peer.on("IDLE")
    def close(line: Line, tag: str, command: str) -> bool:
        line.say("+ idling\r\n")
        line.close()
        raise OSError

    with serving(peer) as box, pytest.raises(TROUBLE):
        using(box(), fetched_then_waits)


def test_news_in_the_same_packet_as_the_go_ahead_is_heard():
    """It lies in the library's buffer, where waiting for the socket does not see it."""
    peer = Peer(letters(1))

    @peer.on("IDLE")
    def at_once(line: Line, tag: str, command: str) -> bool:
        line.say("+ idling\r\n* 2 EXISTS\r\n")
        assert line.hear() == "DONE"
        line.say(f"{tag} OK done\r\n")
        return True

    with serving(peer) as box:
        using(box(renew=0.2), fetched_then_waits)


def test_news_before_the_go_ahead_is_trouble_and_not_silence():
    """The library cannot read it (imapclient raises); the source works again afterwards."""
    peer = Peer(letters(1))

    @peer.on("IDLE")
    def early(line: Line, tag: str, command: str) -> bool:
        line.say("* 2 EXISTS\r\n+ idling\r\n")
        return True

    async def go(source: Mailbox) -> list[int]:
        with pytest.raises(TROUBLE):
            await fetched_then_waits(source)
        return uids(await source.fetch(""))

    with serving(peer) as box:
        assert using(box(), go) == [1]


def test_a_line_in_two_packets_is_news():
    """The library's own listening would give up the connection over it, just when mail comes."""
    peer = Peer(letters(1))

    @peer.on("IDLE")
    def halves(line: Line, tag: str, command: str) -> bool:
        line.say("+ idling\r\n")
        line.say("* 2 EXI")
        assert line.hear() == "DONE"
        line.say(f"STS\r\n{tag} OK done\r\n")
        return True

    with serving(peer) as box:
        using(box(), fetched_then_waits)


def test_what_is_no_new_mail_does_not_end_the_waiting():
    """Flags and deletions are nobody's news; IDLE is renewed, and the time is over when it is over."""
    peer = Peer(letters(1))

    @peer.on("IDLE")
    def flags(line: Line, tag: str, command: str) -> bool:
        line.say("+ idling\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* OK still here\r\n")
        assert line.hear() == "DONE"
        line.say(f"{tag} OK done\r\n")
        return True

    async def go(source: Mailbox) -> None:
        await source.fetch("")
        await source.wait(0.6)

    with serving(peer) as box:
        using(box(renew=0.2), go)
    assert peer.commands.count("IDLE") > 1


def test_mail_that_was_announced_to_nobody_is_found():
    """The announcement came with the answer to a fetch, where nobody listens for it."""
    peer = Peer(letters(1))

    @peer.on(r"FETCH.*BODY\.PEEK")
    def arrives(line: Line, tag: str, command: str) -> bool:
        peer.messages |= letters(2)
        peer.uidnext = 3
        line.say("* 2 EXISTS\r\n")
        return False

    with serving(peer) as box:
        using(box(), fetched_then_waits)
    assert "IDLE" not in peer.commands


def test_a_uidnext_that_has_been_passed_is_not_news_for_ever():
    """Some servers tell an old one."""
    peer = Peer(letters(1, 2, 3))
    peer.uidnext = 2

    async def go(source: Mailbox) -> None:
        await source.fetch("")
        await source.wait(0.3)

    with serving(peer) as box:
        using(box(renew=0.1), go)
    assert "IDLE" in peer.commands


def test_a_server_without_uidnext_is_believed_by_its_count():
    """More messages than before are news."""
    peer = Peer(letters(1))
    peer.uidnext = None

    async def go(source: Mailbox) -> None:
        await source.fetch("")
        await source.wait(0.1)
        peer.messages |= letters(2)
        await source.wait(3600)

    with serving(peer) as box:
        using(box(), go)
    assert peer.commands.count("IDLE") == 1


def test_without_idle_the_runner_looks_again_after_a_while():
    """No command is sent meanwhile, and no thread is kept busy."""
    peer = Peer(letters(1), capability="")

    async def go(source: Mailbox) -> None:
        await source.fetch("")
        await source.wait(0.1)

    with serving(peer) as box:
        using(box(), go)
    assert not {"IDLE", "NOOP"} & set(peer.commands)
