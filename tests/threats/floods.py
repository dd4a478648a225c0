"""Loops and floods: machines that answer machines, and mail that somebody else pays for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from omnichannel import Inbox, Incoming, Rules
from omnichannel.inbox import pacing, recording
from omnichannel.model import Draft, Received
from omnichannel.store import meant, outbox
from omnichannel.store.outbox import Leased
from tests.channels.email.test_bounce import FAILED, dsn
from tests.channels.email.test_render import draft as a_draft
from tests.inbox.carriers import ByMail
from tests.threats.cases import put, threat
from tests.threats.post import ANNA, PARSE, US, asked, everything, mail, mailbox
from tests.threats.room import Room, fetched

DAYS = 2
"""How many days are simulated; `bench threats --days 30` tries as many as it is told."""

STYLES = (
    {"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X-Autoreply": "yes"}, {"List-Id": "<l.example>"},
    {"Subject": "Out of office: until Monday"}, {"Return-Path": "<>"},
    {}, {}, {}, {}, {}, {},
)  # fmt: skip
"""How twelve machines answer: half of them say what they are."""

RENDER = import_module("omnichannel.channels.email.render")


def answering(inbox: Inbox) -> None:
    """A program answers everybody at once."""

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("Thank you, we have your mail.")


async def sent_to(inbox: Inbox, who: str) -> int:
    """How many mails to somebody are queued or sent."""
    calls = await inbox.run_job(lambda tx: tx.all("SELECT call FROM calls WHERE workspace = ?", tx.ws))
    return sum(f'"RCPT TO","{who}"' in str(call) for (call,) in calls)


async def _machine_days(inbox: Inbox, room: Room, days: int) -> list[int]:
    """How many mails each machine got on each day, when each answers every mail of ours at once."""
    counts: list[int] = []
    known = [0] * len(STYLES)
    for day in range(days):
        for style, more in enumerate(STYLES):
            who = f"machine{style}@home.example"
            for turn in range(10):
                named = {"Message_ID": f"<{day}-{style}-{turn}@home.example>"} | {
                    name.replace("-", "_"): value for name, value in more.items()
                }
                await fetched(inbox, "email", mail(f"I am away ({turn})", who, **named))
                await inbox.handle()
            now = await sent_to(inbox, who)
            counts.append(now - known[style])
            known[style] = now
        room.clock.advance(days=1, seconds=1)
    return counts


@threat("T34", "machines that answer every mail are answered for ever", put(pacing, "check", lambda *_: None))
async def machines(room: Room) -> bool:
    """Simulated days with twelve machines, each of which answers ten times a day."""
    inbox = mailbox(room)
    answering(inbox)
    return max(await _machine_days(inbox, room, DAYS)) > 5


@threat("T34", "a machine that says so is answered", put(PARSE, "automatic", lambda *_: None))
async def honest_machines(room: Room) -> list[bool]:
    inbox, found = mailbox(room), []
    answering(inbox)
    for number, more in enumerate(style for style in STYLES if style):
        who = f"machine{number}@home.example"
        await fetched(
            inbox,
            "email",
            mail("away", who, **{name.replace("-", "_"): value for name, value in more.items()}),
        )
        await inbox.handle()
        found.append(await sent_to(inbox, who) > 0)
    return found


_header = RENDER._header


def _of_a_person(draft: Draft, *more: Any) -> str:
    """The header of a mail, as if somebody had written it."""
    return str(_header(draft.model_copy(update={"automatic": False}), *more))


@threat("T34", "our own automatic mail does not say that it is", put(RENDER, "_header", _of_a_person))
def unmarked() -> bool:
    call = RENDER.render(a_draft(automatic=True), RENDER.Letterhead(address=US))
    return b"Auto-Submitted: auto-replied" not in call.body or dict(call.headers)["MAIL FROM"] != ""


_read = PARSE._message


def _ours_is_anybodys(mail_: Any, raw: bytes, trusted: Any, own: Any) -> Received:
    """Our own address is nobody special."""
    return _read(mail_, raw, trusted, ())


@threat("T35", "we answer ourselves", put(PARSE, "_message", _ours_is_anybodys))
async def ourselves(room: Room) -> list[bool]:
    inbox, found = mailbox(room), []
    answering(inbox)
    for number, more in enumerate(({}, {"To": ""}, {"Cc": US})):
        await fetched(inbox, "email", mail(f"a copy {number}", US, proven=number == 1, **more))
        before = await sent_to(inbox, US)
        await inbox.handle()
        found.append(await sent_to(inbox, US) > before)
    return found


@threat(
    "T35",
    "our own mail that comes back is a new question",
    put(recording, "recognise", lambda *_: False),
    put(recording, "vouched", lambda event: False),
)
async def own_copy(room: Room) -> bool:
    """Of a folder of sent mail, or by a forwarding: what we sent lies in the mailbox."""
    inbox = mailbox(room)
    question = await asked(inbox)
    await inbox.conversations.reply(question.conversation, "an answer")
    [sent] = await leased(inbox)
    await fetched(inbox, "email", sent.call.body)
    return len(await everything(inbox)) != 2


async def leased(inbox: Inbox) -> list[Leased]:
    """Every mail that waits to be sent, as if it were under way."""
    return await inbox.run_job(lambda tx: outbox.lease(tx, 99, tx.now() + 1_000_000))


@threat(
    "T36",
    "a forged report says that a mail was not delivered",
    put(meant, "find", lambda tx, *_, **__: _any_call(tx)),
)
async def forged_report(room: Room) -> bool:
    """It names no mail of ours, but one that looks like it."""
    inbox = mailbox(room)
    question = await asked(inbox)
    said = await inbox.conversations.reply(question.conversation, "an answer")
    [call] = await leased(inbox)
    await inbox.run_job(lambda tx: outbox.settle(tx, call.id, outbox.SENT, call.call.correlator, ""))
    await fetched(inbox, "email", dsn(FAILED))
    [sending] = (await inbox.conversations.message(said.id)).sendings
    return sending.status == "failed"


def _any_call(tx: Any) -> tuple[int, int, int] | None:
    row = tx.one("SELECT id, message, state FROM calls WHERE workspace = ?", tx.ws)
    return row and tuple(row)


@threat("T36", "a report is answered like a customer's mail", put(PARSE, "automatic", lambda *_: None))
async def answered_report(room: Room) -> bool:
    inbox = mailbox(room)
    answering(inbox)
    await fetched(inbox, "email", dsn(FAILED))
    await inbox.handle()
    return await sent_to(inbox, "MAILER-DAEMON@b.nl") > 0


@threat(
    "T34",
    "a machine in a chat is answered for ever",
    put(pacing, "check", lambda *_: None),
    put(pacing.pace, "chat", lambda *_: True),
)
async def chatting_machine(room: Room) -> bool:
    """It answers every answer, and no platform says that it is one."""
    desk = room.desk(rules=Rules(automatic_chats=10))
    answering(desk.inbox)
    for turn in range(20):
        await desk.heard(f"turn {turn}", who="bot")
    return len(desk.said()) > 10


@threat("T37", "forged mails make us write to whoever they name", put(pacing, "check", lambda *_: None))
async def mail_bomb(room: Room) -> bool:
    inbox = mailbox(room)
    answering(inbox)
    for number in range(40):
        await fetched(
            inbox, "email", mail(f"bomb {number}", proven=False, Message_ID=f"<b{number}@evil.example>")
        )
        await inbox.handle()
    return await sent_to(inbox, ANNA) > 5


def _nobody_else(tx: Any, since: int) -> int:
    return 0


@threat("T37", "forged mails make us write to many", put(pacing.pace, "answered_in_all", _nobody_else))
async def many_victims(room: Room) -> bool:
    """With a budget of twenty an hour, so that it is soon used up."""
    inbox = room.inbox([ByMail("email").channel()], rules=Rules(automatic_mails_in_all=20))
    answering(inbox)
    victims = [f"victim{number}@home.example" for number in range(40)]
    for victim in victims:
        await fetched(inbox, "email", mail("hello", victim, proven=False, Message_ID=f"<{victim}>"))
        await inbox.handle()
    return sum([await sent_to(inbox, victim) for victim in victims]) > 20


@threat(
    "T38",
    "two of our own accounts answer each other for ever",
    put(pacing, "check", lambda *_: None),
    put(PARSE, "automatic", lambda *_: None),
)
async def each_other(room: Room) -> bool:
    """What one sends lies in the other's mailbox; the copy does not say that a program wrote it."""
    one, other = ByMail("one"), ByMail("two")
    inbox = room.inbox([one.channel(), other.channel()])
    answering(inbox)
    await fetched(inbox, "one", mail("hello", "two@shop.example", to="one@shop.example"))
    for turn in range(30):
        await inbox.handle()
        to = ("two", "one")[turn % 2]
        who = ("one", "two")[turn % 2]
        await fetched(
            inbox,
            to,
            mail(
                f"turn {turn}",
                f"{who}@shop.example",
                to=f"{to}@shop.example",
                Message_ID=f"<t{turn}@shop.example>",
            ),
        )
    sent = await sent_to(inbox, "one@shop.example") + await sent_to(inbox, "two@shop.example")
    return sent > 10
