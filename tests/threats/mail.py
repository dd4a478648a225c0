"""Mail: who wrote it, which conversation it belongs to, and what may stand in what we write."""

from __future__ import annotations

import unicodedata
from email.utils import parseaddr
from typing import Any

from omnichannel.channels.email import addresses, authentication, fields
from omnichannel.channels.email.addresses import Mailbox, mailboxes
from omnichannel.channels.email.link import smtp
from omnichannel.channels.telegram import parse as telegram
from omnichannel.identity import mark
from omnichannel.identity import tokens as identity_tokens
from omnichannel.inbox import composing, echoes, placing, recording
from omnichannel.inbox.rules import KEY
from omnichannel.model import Address, Party, Received
from omnichannel.store import Tx, conversations, externals, outbox
from tests.channels.email.test_authentication import (
    FOREIGN,
    FROM,
    HOP,
    PASS,
    test_everything_else_is_only_a_claim,
)
from tests.channels.email.test_mime import test_what_can_be_read_as_two_addresses_is_doubtful
from tests.channels.email.test_render import test_no_display_name_adds_a_recipient_or_a_header
from tests.channels.telegram.test_threats import test_t26_a_strangers_business_account_does_not_speak_for_us
from tests.identity import test_threats as identity_threats
from tests.inbox.carriers import ByChat
from tests.threats.cases import Defence, fails, put, threat
from tests.threats.post import ANNA, CARRIER, EVE, PARSE, US, asked, everything, joins, mail, mailbox
from tests.threats.room import Room, fetched

# ------------------------------------------------------------------------------------------------- threads


def _unsigned(keys: Any, workspace: int, token: str, sender: Address) -> int | None:
    """A mark is believed, whoever made it and for whom."""
    raw = identity_tokens._unpacked(token)
    return int.from_bytes(raw[:8], "big") if raw else None


@threat("T22", "a mark of ours is guessed, or belongs to somebody else", put(placing, "read_mark", _unsigned))
async def guessed_mark(room: Room) -> list[bool]:
    inbox = mailbox(room)
    question = await asked(inbox)

    def marks(tx: Tx) -> tuple[str, str]:
        number = tx.ids.find("conversation", question.conversation)
        hers = mark({KEY: tx.secret}, tx.ws, number, Address(kind="email", value=ANNA))
        other = mark(
            {KEY: b"a key that is somebody else's, and long"}, tx.ws, number, Address(kind="email", value=EVE)
        )
        return hers, other

    hers, forged = await inbox.run_job(marks)
    return await joins(
        inbox,
        question,
        mail("forged", EVE, In_Reply_To=f"<{forged}@shop.example>"),
        mail("forged tag", EVE, to=f"email+{forged}@shop.example"),
        mail("hers", EVE, In_Reply_To=f"<{hers}@shop.example>"),
    )


def _candidate(self: placing.Placer, number: int, person: Any) -> Any:
    found = conversations.spoken(self.tx, conversations.current(self.tx, number))
    return self._seen(found, takes_part=True) if found else None


@threat("T22", "whoever knows the id of a mail answers it", put(placing.Placer, "_candidate", _candidate))
async def known_reference(room: Room) -> list[bool]:
    inbox = mailbox(room)
    question = await asked(inbox)
    return await joins(
        inbox,
        question,
        mail("answers", EVE, In_Reply_To="<question@home.example>"),
        mail("refers", EVE, References="<question@home.example>"),
        mail("as Anna", proven=False, In_Reply_To="<question@home.example>"),
    )


def _by_subject(self: placing.Placer, event: Received, person: Any) -> Any:
    """As ticket systems do it: the subject says which conversation it is."""
    rows = self.tx.all(
        "SELECT id FROM conversations WHERE workspace = ? AND subject = ?",
        self.tx.ws,
        event.subject.removeprefix("Re: "),
    )
    return _candidate(self, int(str(rows[0][0])), person) if rows else None


@threat("T23", "the subject says which conversation it is", put(placing.Placer, "_by_mark", _by_subject))
async def by_subject(room: Room) -> list[bool]:
    inbox = mailbox(room)
    question = await asked(inbox)
    return await joins(
        inbox, question, mail("mine", EVE, Subject="Re: Hi"), mail("forged", proven=False, Subject="Re: Hi")
    )


_threading = composing._threading


def _to_all(heard: Any, *given: Any, **more: Any) -> dict[str, Any]:
    """Whoever got a copy of the question gets a copy of the answer."""
    eve = Party(address=Address(kind="email", value="eve@evil.example"))
    return {**_threading(heard, *given, **more), "cc": (eve,)}


@threat("T24", "whoever a forged mail names as Cc gets the answers", put(composing, "_threading", _to_all))
async def copied_in(room: Room) -> bool:
    inbox = mailbox(room)
    question = await asked(inbox)
    forged = mail("add Eve", proven=False, Cc="eve@evil.example", In_Reply_To="<question@home.example>")
    await fetched(
        inbox, "email", mail("more", Cc="eve@evil.example", In_Reply_To="<question@home.example>"), forged
    )
    for conversation in await inbox.conversations.open():
        await inbox.conversations.reply(conversation.id, "our answer, with what she wrote")
    calls = await inbox.run_job(lambda tx: tx.all("SELECT call FROM calls WHERE workspace = ?", tx.ws))
    assert calls
    assert question.conversation
    return any("eve@" in str(call) for call in calls)


@threat(
    "T25",
    "what a third party sends to the address of a conversation is read in it",
    put(placing, "read_mark", _unsigned),
)
async def third_party(room: Room) -> list[bool]:
    """Somebody else's log-in mail, sent to an address that the customer was given."""
    inbox = mailbox(room)
    question = await asked(inbox)

    def hers(tx: Tx) -> str:
        number = tx.ids.find("conversation", question.conversation)
        return mark({KEY: tx.secret}, tx.ws, number, Address(kind="email", value=ANNA))

    token = await inbox.run_job(hers)
    return await joins(
        inbox, question, mail("Your code is 1234", "no-reply@chat.example", to=f"email+{token}@shop.example")
    )


@threat(
    "T25",
    "a machine brings back a link that was made for a customer",
    put(placing, "links_of", lambda event: event.tokens),
)
async def machine_with_a_link(room: Room) -> list[bool]:
    """Neither is what it says read there, nor is whoever made it write the same customer as its sender."""
    chat = ByChat(clock=room.clock)
    inbox = room.inbox([CARRIER.channel(), chat.channel()])
    service = "login@chat.example"
    await chat.arrives(inbox, chat.written(1, "hello"))
    await fetched(inbox, "email", mail("Your code is 1234", service, Message_ID="<1@chat.example>"))
    [conversation] = [one for one in await inbox.conversations.open() if one.subject != "Hi"]
    link = await inbox.conversations.continue_on(conversation.id, "email")
    tagged = link.removeprefix("mailto:")
    await fetched(inbox, "email", mail("And yours 5678", service, to=tagged, Auto_Submitted="auto-generated"))
    visitor = await inbox.customers.find(chat.address(1))
    assert visitor
    seen = [message.text for message in await inbox.customers.timeline(visitor.id)]
    there = [message.text for message in await inbox.conversations.messages(conversation.id)]
    return ["Your code is 1234" in seen, "And yours 5678" in there]


# ------------------------------------------------------------------------------------------------- whose words


EVIL = "Authentication-Results: evil.example; dmarc=pass header.from=klant.nl"
FORGED = mail("Send your money to Eve", US, to=ANNA, proven=False, Message_ID=f"<ocm{'a' * 40}@shop.example>")


@threat(
    "T26",
    "a mail that calls itself ours is read as our answer",
    put(recording, "vouched", lambda event: True),
)
async def forged_answer(room: Room) -> bool:
    inbox = mailbox(room)
    await asked(inbox)
    await fetched(inbox, "email", FORGED)
    return any(message.direction == "outbound" for message in await everything(inbox))


@threat(
    "T26", "a mail that calls itself ours proves whom it names", put(recording, "vouched", lambda event: True)
)
async def forged_recipient(room: Room) -> bool:
    inbox = mailbox(room)
    await fetched(inbox, "email", FORGED)
    found = await inbox.customers.find(Address(kind="email", value=ANNA))
    return found is not None


@threat(
    "T26", "a forged mail says that an answer in doubt arrived", put(echoes, "vouched", lambda event: True)
)
async def forged_echo(room: Room) -> bool:
    """It has the words of the answer, which somebody may know who never got it."""
    inbox = mailbox(room)
    question = await asked(inbox)
    said = await inbox.conversations.reply(question.conversation, "an answer")
    [call] = await inbox.run_job(lambda tx: outbox.lease(tx, 9, tx.now() + 1_000_000))
    await inbox.run_job(lambda tx: outbox.settle(tx, call.id, outbox.UNKNOWN, "", "nobody knows"))
    await fetched(inbox, "email", FORGED.replace(b"Send your money to Eve", b"an answer"))
    [sending] = (await inbox.conversations.message(said.id)).sendings
    return sending.status != "unknown"


@threat(
    "T26", "anybody's business account speaks for us", put(telegram, "_connection", lambda key, value: "")
)
def business_account() -> bool:
    return fails(test_t26_a_strangers_business_account_does_not_speak_for_us)


def _of_anybody(headers: Any, trusted: set[str]) -> Any:
    """Every header of that name, whoever wrote it."""
    for value in headers.all("authentication-results"):
        yield from authentication.parse_results(value)[1]


@threat(
    "T27", "a verdict that the sender wrote is believed", put(authentication, "trusted_results", _of_anybody)
)
def forged_verdict() -> list[bool]:
    """Above ours, below it, below hops that are not ours, and by servers of other names."""
    ways = ((HOP, FOREIGN, PASS), (HOP, HOP, PASS), (FOREIGN, PASS), (EVIL, HOP), (HOP, EVIL))
    return [fails(test_everything_else_is_only_a_claim, (*way, FROM)) for way in ways]


def _planted(*names: str) -> Defence:
    """The mistakes of `bench identity_rules` of these names."""
    return lambda: identity_threats.planted(names)


@threat("T28", "who types her address becomes the same customer", _planted("strength_is_ignored"))
def typed() -> list[bool]:
    return [identity_threats.typed(), identity_threats.forged_from(), identity_threats.bridge()]


def believed(party: Party) -> Party:
    """As it is where nobody looks whether a sender is proven."""
    return party


@threat("T28", "who writes under her name reads her history", put(recording, "unproven", believed))
async def impostor(room: Room) -> bool:
    inbox = mailbox(room)
    await asked(inbox)
    await fetched(inbox, "email", mail("What did I buy?", proven=False))
    found = await inbox.customers.find(Address(kind="email", value=ANNA))
    assert found
    return "What did I buy?" in [message.text for message in await inbox.customers.timeline(found.id)]


def _as_the_library_reads(values: Any) -> list[Mailbox]:
    return [Mailbox(parseaddr(value)[1] or "a@b.nl") for value in values]


def _is_somebody(value: str) -> bool:
    """Whether a sender is taken for somebody although there are two readings."""
    [event] = PARSE.parse(f"From: {value}\r\nMessage-ID: <a@b.nl>\r\nSubject: x\r\n\r\nx\r\n".encode())
    assert isinstance(event, Received)
    return "ambiguous_sender" not in event.notes and "no_sender" not in event.notes


@threat(
    "T29", "an address that reads in two ways is somebody", put(PARSE, "mailboxes", _as_the_library_reads)
)
def two_readings() -> list[bool]:
    (parameters,) = test_what_can_be_read_as_two_addresses_is_doubtful.pytestmark  # type: ignore[attr-defined]
    more = ("a@b.nl, eve@evil.example", '"a@b.nl" <eve@evil.example> <a@b.nl>')
    return [_is_somebody(value) for value in (*parameters.args[1], *more)]


def _folded(spec: str) -> str:
    return unicodedata.normalize("NFKC", spec).casefold()


@threat("T30", "a letter that looks like another is the same address", put(addresses, "normal", _folded))
def look_alikes() -> list[bool]:
    known = "fiskik@shop.example"
    others = ("\ufb01skik", "fi\u017fkik", "fis\u212aik", "\uff46iskik", "fis\u24daik")
    [right] = mailboxes([f"<{known}>"])
    specs = [mailboxes([f"<{other}@shop.example>"])[0] for other in others]
    return [addresses.party(one).address == addresses.party(right).address for one in specs]


def _by_id_alone(self: recording.Recorder, event: Received, number: int) -> str | None:
    taken = externals.claim_external(self.tx, self.channel.name, "message", event.external_id, number)
    return event.external_id if taken else None


@threat(
    "T31", "who uses a mail's id first swallows the mail", put(recording.Recorder, "_claim", _by_id_alone)
)
async def poisoned_id(room: Room) -> bool:
    inbox = mailbox(room)
    for text, who in (("poison", EVE), ("the real one", ANNA)):
        await fetched(inbox, "email", mail(text, who, Message_ID="<same@home.example>"))
    return len(await everything(inbox)) != 2


def _nameless(self: recording.Recorder, event: Received, number: int) -> str | None:
    """What has no id of its own has the id of all that has none."""
    found = "none" if event.external_id.startswith("sha256:") else event.external_id
    return _by_id_alone(self, event.model_copy(update={"external_id": found}), number)


@threat("T31", "mails without an id swallow each other", put(recording.Recorder, "_claim", _nameless))
async def without_id(room: Room) -> bool:
    """And what lies in two folders is one mail all the same."""
    inbox = mailbox(room)
    same = mail("two folders")
    await fetched(inbox, "email", mail("one", Message_ID=""), mail("other", Message_ID=""), same, same)
    return sorted(message.text for message in await everything(inbox)) != ["one", "other", "two folders"]


# ------------------------------------------------------------------------------------------------- what we write


@threat("T32", "a text ends the mail and begins another", put(smtp, "on_the_wire", lambda body: body))
def smuggled() -> list[bool]:
    inner = (b"\n.\r\nMAIL FROM:<eve@evil.example>", b"\r.\r", b"\r\n.\r\nDATA", b"\n.\n")
    return [_ends_early(smtp.on_the_wire(b"before" + each + b"\r\nafter\r\n")) for each in inner]


def _ends_early(wire: bytes) -> bool:
    bare = wire.replace(b"\r\n", b"")
    return b"\r" in bare or b"\n" in bare or b"." in wire.split(b"\r\n")


@threat(
    "T33",
    "a name adds a recipient or a header",
    put(fields, "_mailbox", lambda display, address: f"{display} <{address}>"),
)
def injected() -> list[bool]:
    names = ("Ann\r\nBcc: eve@evil.example", "Ann\nBcc: eve@evil.example", "Ann, Eve; <eve@evil.example>")
    return [fails(test_no_display_name_adds_a_recipient_or_a_header, name) for name in names]
