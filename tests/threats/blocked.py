"""Whom nobody listens to: how they are heard all the same, and how somebody else is blocked in their place."""

from __future__ import annotations

from typing import Any

from omnichannel import Inbox
from omnichannel.cli import blocks as shell
from omnichannel.clock import micros, moment
from omnichannel.desk import Plan
from omnichannel.errors import Conflict
from omnichannel.inbox import blocking, recording
from omnichannel.inbox.desk import blocks as surface
from omnichannel.inbox.recording import Recorder
from omnichannel.model import Address, Party, Received, Updated
from omnichannel.model.desk import HeldBack
from omnichannel.store import Tx, blocks, messages
from omnichannel.store.marking import address_mark
from tests.chat import Chat, FarEnd, Letter, delivery
from tests.threats.cases import put, threat
from tests.threats.mail import believed
from tests.threats.post import CARRIER, everything, mail
from tests.threats.room import Room, fetched

ANNA, EVE = (Address(kind="email", value=f"{who}@home.example") for who in ("anna", "eve"))
BEN = Address(kind="chat", value="ben")


def mailbox(room: Room) -> Inbox:
    """An inbox with a mailbox, and a desk at it."""
    return room.inbox([CARRIER.channel()], desk=Plan())


def chats(room: Room) -> Inbox:
    """An inbox with a chat and letters, and a desk at it."""
    return room.inbox([Chat("chat", FarEnd()), Letter("letter", FarEnd())], desk=Plan())


async def hears(inbox: Inbox, *items: dict[str, Any], on: str = "chat") -> None:
    await inbox.receive(on, delivery(*items))
    await inbox.work()


async def heard(inbox: Inbox, *mails: bytes) -> list[str]:
    """Mails come; what was said by then."""
    await fetched(inbox, "email", *mails)
    await inbox.work()
    return [message.text for message in await everything(inbox)]


# ------------------------------------------------------------------------------- to be heard all the same


def _only_itself(tx: Tx, address: Address) -> list[str]:
    return [address_mark(tx, address)]


@threat("B01", "who is blocked leaves the proof out, and is heard", put(blocks, "_marks", _only_itself))
async def without_proof(room: Room) -> bool:
    """The same mail by a server that signs nothing: so it is somebody else's, as far as anybody knows."""
    inbox = mailbox(room)
    await inbox.desk.blocks.block_address(EVE, reason="threats")
    return "pay" in await heard(inbox, mail("pay", EVE.value, proven=False))


@threat(
    "B01", "who is blocked is heard by another spelling", put(blocks, "as_known", lambda address: address)
)
async def spelt_otherwise(room: Room) -> list[bool]:
    """Of what somebody typed who blocks them."""
    inbox, found = mailbox(room), []
    for typed, sender in (
        ("Eve@Home.Example", "eve@home.example"),
        ("eve@home.example.", "EVE@home.example"),
        ("eve@bücher.example", "eve@xn--bcher-kva.example"),
    ):
        block = await inbox.desk.blocks.block_address(Address(kind="email", value=typed), reason="threats")
        found.append(typed in await heard(inbox, mail(typed, sender)))
        await inbox.desk.blocks.lift(block.id, bring_in=False)
    return found


@threat("B01", "who is blocked writes from below their domain", put(blocks, "_marks", _only_itself))
async def below_the_domain(room: Room) -> list[bool]:
    inbox = mailbox(room)
    await inbox.desk.blocks.block_domain("evil.example", reason="a list was bought")
    senders = ("eve@evil.example", "eve@a.evil.example", f"eve@{'a.' * 20}evil.example")
    return [who in await heard(inbox, mail(who, who)) for who in senders]


def _messages_alone(self: Recorder, event: Received | Updated, but: int = 0) -> int | None:
    return _block_of(self, event, but) if isinstance(event, Received) else None


_block_of = Recorder.block_of


@threat("B02", "who is blocked goes on in what they said before", put(Recorder, "block_of", _messages_alone))
async def by_edits(room: Room) -> list[bool]:
    """New words for an old message, and a reaction to ours."""
    inbox = chats(room)
    await hears(inbox, {"id": "m1", "from": "ben", "text": "hello"})
    [message] = await everything(inbox)
    await inbox.conversations.reply(message.conversation, "Good morning.")
    await inbox.work()
    await inbox.desk.blocks.block(message.conversation, reason="threats")
    edit = {"id": "e1", "kind": "edited", "from": "ben", "targets": ["m1"], "text": "you will be sorry"}
    react = {"id": "r1", "kind": "reaction", "from": "ben", "targets": ["out-1"], "reaction": "knife"}
    await hears(inbox, edit, react)
    theirs, ours = await everything(inbox)
    return ["sorry" in theirs.text, bool(ours.reactions)]


@threat(
    "B02", "who is blocked comes over by a link, and is let in", put(Recorder, "block_of", _messages_alone)
)
async def by_a_link(room: Room) -> bool:
    """A link that somebody was given: who follows it has said nothing, and takes part all the same."""
    inbox = chats(room)
    await hears(inbox, {"id": "l1", "from": "anna", "text": "a question"}, on="letter")
    [question] = await everything(inbox)
    link = await inbox.conversations.continue_on(question.conversation, "chat")
    await inbox.desk.blocks.block_address(BEN, reason="threats")
    came = {"id": "r1", "kind": "referral", "from": "ben", "ref": link.partition("ref=")[2], "thread": "ben"}
    await hears(inbox, came)
    return await inbox.customers.find(BEN) is not None


@threat(
    "B02",
    "changes to what is aside take the places of those that wait",
    put(Recorder, "block_of", _messages_alone),
)
async def waiting_changes(room: Room) -> bool:
    """Of which an account has ten thousand."""
    inbox = chats(room)
    await inbox.desk.blocks.block_address(BEN, reason="threats")
    await hears(inbox, {"id": "m1", "from": "ben", "text": "hello"})
    edits = [
        {"id": f"e{number}", "kind": "edited", "from": "ben", "targets": ["m1"], "text": str(number)}
        for number in range(40)
    ]
    await hears(inbox, *edits)
    [(count,)] = await inbox.run_job(
        lambda tx: tx.all("SELECT COUNT(*) FROM early WHERE workspace = ?", tx.ws)
    )
    return bool(count)


# ------------------------------------------------------------------------------- somebody else is blocked


@threat("B03", "who blocks a forger blocks whom they name", put(recording, "unproven", believed))
async def the_victim(room: Room) -> bool:
    inbox = mailbox(room)
    await heard(inbox, mail("pay me", ANNA.value, proven=False))
    [forged] = await inbox.conversations.open()
    await inbox.desk.blocks.block(forged.id, reason="forged")
    return "where is it?" not in await heard(inbox, mail("where is it?", ANNA.value))


@threat("B03", "who blocks forgers of a domain blocks its customers", put(blocks, "UNPROVEN", ""))
async def the_proven_half(room: Room) -> bool:
    inbox = mailbox(room)
    await inbox.desk.blocks.block_domain("home.example", reason="forged", unproven=True)
    return "where is it?" not in await heard(inbox, mail("where is it?", ANNA.value))


def _the_last(tx: Tx, conversation: int, message: str) -> messages.Held | None:
    assert message
    return messages.last_heard(tx, conversation)


@threat("B03", "somebody else writes last, and is blocked", put(surface, "_written", _the_last))
async def the_last_one(room: Room) -> bool:
    """In a conversation of several people, between the look at it and the block."""
    inbox = chats(room)
    await hears(inbox, {"id": "m1", "from": "ben", "text": "a threat", "thread": "post"})
    [threatened] = await everything(inbox)
    await hears(inbox, {"id": "m2", "from": "anna", "text": "I am shocked", "thread": "post"})
    assert {one.conversation for one in await everything(inbox)} == {threatened.conversation}
    there, which = threatened.conversation, threatened.id
    block = await inbox.desk.blocks.block(there, message=which, reason="threats")
    return block.address != BEN


@threat(
    "B04", "spam from many addresses has a whole provider blocked", put(blocks, "proven_in", lambda *_: 0)
)
async def a_provider(room: Room) -> bool:
    inbox = mailbox(room)
    await heard(inbox, *(mail(f"hello {number}", f"p{number}@post.example") for number in range(12)))
    await heard(inbox, *(mail(f"buy {number}", f"spam{number}@post.example") for number in range(5)))
    try:
        await inbox.desk.blocks.block_domain("post.example", reason="spam")
    except Conflict:
        return False
    return True


# ------------------------------------------------------------------------------- when somebody listens again


class _AsItCame(Recorder):
    """What was held back counts from when it came."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        came_at = self.arrival.delivery.received_at
        assert came_at
        self.received_at = micros(came_at)


@threat(
    "B05", "a code that is over works when its thief is heard again", put(blocking, "Recorder", _AsItCame)
)
async def an_old_code(room: Room) -> bool:
    """A code of Anna's, typed while nobody listened; it was for a day."""
    inbox = chats(room)
    await hears(inbox, {"id": "l1", "from": "anna", "text": "a question"}, on="letter")
    [question] = await everything(inbox)
    code = await inbox.conversations.continue_on(question.conversation, "chat", by="code")
    block = await inbox.desk.blocks.block_address(BEN, reason="threats")
    await hears(inbox, {"id": "m1", "from": "ben", "text": code})
    room.clock.advance(days=2)
    await inbox.desk.blocks.lift(block.id)
    await inbox.work()
    [typed] = [one for one in await everything(inbox) if one.account == "chat"]
    return typed.conversation == question.conversation


def _no_other(self: Recorder, event: Received | Updated, but: int = 0) -> int | None:
    return None if but else _block_of(self, event)


@threat("B05", "with a domain somebody comes in who is blocked alone", put(Recorder, "block_of", _no_other))
async def under_two(room: Room) -> bool:
    inbox = mailbox(room)
    wide = await inbox.desk.blocks.block_domain("home.example", reason="a list was bought")
    await heard(inbox, mail("a threat", EVE.value), mail("where is it?", ANNA.value))
    await inbox.desk.blocks.block_address(EVE, reason="threats")
    await inbox.desk.blocks.lift(wide.id)
    await inbox.work()
    said = [message.text for message in await everything(inbox)]
    assert "where is it?" in said
    return "a threat" in said


@threat("B05", "what was taken back meanwhile is shown", put(Recorder, "block_of", _messages_alone))
async def taken_back(room: Room) -> bool:
    """A deletion waits a week for a message that is aside for longer."""
    inbox = chats(room)
    block = await inbox.desk.blocks.block_address(BEN, reason="threats")
    await hears(inbox, {"id": "m1", "from": "ben", "text": "hello"})
    await hears(inbox, {"id": "d1", "kind": "deleted", "from": "ben", "targets": ["m1"]})
    room.clock.advance(days=8)
    await hears(inbox, {"id": "m2", "from": "anna", "text": "another"})
    await inbox.desk.blocks.lift(block.id)
    await inbox.work()
    return "hello" in [message.text for message in await everything(inbox)]


@threat(
    "B06",
    "what was held back commands the terminal of whoever looks",
    put(shell, "shortened", lambda text, most: text),
    put(shell, "json_line", str),
)
def on_a_terminal() -> list[bool]:
    sender = Party(address=Address(kind="chat", value="eve\x1b[2J"))
    words = ("\x1b]0;owned\x07", "\u202ekcolb", "one\r\ntwo", "\x9b2J")
    shown = [shell._line(HeldBack(account="chat", at=moment(0), sender=sender, text=text)) for text in words]
    return [any(not char.isprintable() for char in line) for line in shown]
