"""What happens, one scene after the other. Each waits until the inbox has done what it shows."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx

from omnichannel.demo.cast import Cast
from omnichannel.demo.elsewhere import from_the_site_to_whatsapp, on_every_other_channel
from omnichannel.demo.world import SHOP, DemoFailed, World
from omnichannel.model import Choice, Message, Option, Text
from omnichannel.tls import trusted


async def a_question_in_public(world: World) -> None:
    """Somebody asks on X; the post comes by webhook and by polling, and is one message."""
    name, order = world.cast.asker, world.cast.order
    world.x.post(
        world.user(name), f"@shop where is my {world.cast.goods}? Order {order} should be here by now."
    )
    await world.push_x()
    question = await world.heard(order)
    asked = len(world.x.requests)

    async def polled() -> bool:
        return any("/mentions" in request for request in world.x.requests[asked:])

    await world.until("X being polled once more", polled)
    conversation = await world.conversation(question)
    if conversation.messages != 1:
        raise DemoFailed("the same post by webhook and by polling became two messages")
    world.tell(f"{name} asked in public on X; the post came by webhook and by polling and is one message")


async def over_to_mail(world: World) -> None:
    """An agent answers in public, and sends a link in private that carries the conversation to e-mail."""
    world.clock.forward(4)
    name = world.cast.asker
    question = await world.heard(world.cast.order)
    first = name.partition(" ")[0]
    answer = await world.inbox.conversations.reply(
        question.conversation,
        f"Sorry about that, {first}. I sent you a message, so that we can look it up.",
        agent="Mia",
    )
    link = await world.inbox.conversations.continue_on(question.conversation, "support")
    private = await world.inbox.conversations.reply(
        question.conversation,
        f"Write to us here with your order at hand, and we go on where we are: {link}",
        agent="Mia",
        public=False,
    )
    await world.sent(answer)
    await world.sent(private)
    post, message = world.x.posts[-1], world.x.dms[-1]
    if post.author is not world.x.account or message.recipient is not world.user(name):
        raise DemoFailed("the answers did not arrive on X")
    world.tell(f"Mia answered on X in public, and sent {first} a link in private; both stand on X")

    world.clock.forward(9)
    address = message.text.rpartition("mailto:")[2].strip()
    mail = world.mail_from(
        name,
        address,
        f"Order {world.cast.order}",
        f"Hello,\n\nhere is the order confirmation. The {world.cast.goods} is a present for Saturday.\n\n"
        f"Kind regards,\n{name}\n\n-- \n{name}\nKerkstraat 12, Utrecht\n",
    )
    mail.add_attachment(b"%PDF-1.4 order", maintype="application", subtype="pdf", filename="confirmation.pdf")
    await world.post_mail(mail)
    came = await world.heard("order confirmation")
    if came.conversation != question.conversation:
        raise DemoFailed("the mail did not go on in the conversation from X")
    world.tell(
        f"{first} wrote from {Cast.mail_of(name)}: the same conversation, and verified to be the same customer"
    )


async def an_answer_by_mail(world: World) -> None:
    """The answer leaves by the channel that was written on last, and arrives in the customer's mailbox."""
    world.clock.forward(6)
    name = world.cast.asker
    came = await world.heard("order confirmation")
    await world.inbox.conversations.note(
        came.conversation, "The parcel was scanned in the wrong depot.", agent="Mia"
    )
    answer = await world.inbox.conversations.reply(
        came.conversation,
        f"Thank you. Your parcel was in the wrong depot; it reaches you on {world.cast.delivered}, "
        "and the postage is refunded.",
        agent="Mia",
    )
    await world.sent(answer)
    arrived = _mail_to(world, name)
    if arrived["In-Reply-To"] != came.external_id:
        raise DemoFailed("the answer does not continue the customer's thread")
    world.tell(
        f"Mia's answer left by e-mail, and lies in the mailbox {Cast.mail_of(name)}, in the right thread"
    )
    await _thanks(world, came, answer)


async def _thanks(world: World, came: Message, answer: Message) -> None:
    """The customer answers with a quote, and their mailbox with an out-of-office notice."""
    name, arrived = world.cast.asker, _mail_to(world, world.cast.asker)
    world.clock.forward(12)
    quote = "\n".join(f"> {line}" for line in answer.text.splitlines())
    thanks = world.mail_from(
        name,
        str(arrived["Reply-To"] or arrived["From"]),
        str(arrived["Subject"]),
        f"Wonderful, that is soon enough. Thank you, Mia!\n\n"
        f"Op ma 23 nov 2026 om 09:19 schreef Shop <{SHOP}>:\n{quote}\n",
        In_Reply_To=str(arrived["Message-ID"]),
        References=str(arrived["Message-ID"]),
    )
    await world.post_mail(thanks)
    thanked = await world.heard("soon enough")
    if thanked.conversation != came.conversation or not thanked.quoted:
        raise DemoFailed("the reply was not threaded, or its quote was not split off")
    away = world.mail_from(
        name,
        SHOP,
        "Automatic reply: Order",
        "I am out of the office until Thursday.",
        In_Reply_To=str(arrived["Message-ID"]),
        Auto_Submitted="auto-replied",
    )
    await world.post_mail(away)
    received = len(
        [event for event in await world.inbox.events(most=10_000) if event.what == "message.received"]
    )
    await world.happened("message.received", received)
    world.tell(
        "the customer's thanks were threaded, their quote split off; an out-of-office mail is kept, not answered"
    )


def _mail_to(world: World, name: str) -> EmailMessage:
    """The last mail that arrived at somebody's mailbox."""
    mailbox = Cast.mail_of(name)
    for envelope in reversed(world.mail.outbox):
        if mailbox in envelope.recipients:
            return message_from_bytes(envelope.body, policy=policy.default)
    raise DemoFailed(f"nothing arrived at {mailbox}")


async def a_chat(world: World) -> None:
    """Somebody writes on Messenger; Meta delivers everything twice, which changes nothing."""
    world.clock.forward(5)
    name = world.cast.chatter
    first = name.partition(" ")[0]
    world.page.write(name, f"Hi! Do you have the {world.cast.goods} in green?")
    world.page.write(name, "And can I pick it up in the shop?")
    statuses = await world.page.push(together=2, times=2)
    asked = await world.heard("pick it up")
    said = await world.inbox.conversations.messages(asked.conversation)
    if statuses != [200, 200] or [message.seq for message in said] != [1, 2]:
        raise DemoFailed("a webhook that was delivered twice changed something")
    world.tell(f"{name} wrote two messages on Messenger; the webhook came twice, they are stored once")

    offer = await world.inbox.conversations.reply(
        asked.conversation,
        [
            Text(text=f"Yes, {first}, in green and in blue. Shall I put one aside?"),
            Choice(options=(Option(title="Green", value="green"), Option(title="Blue", value="blue"))),
        ],
        agent="Sam",
    )
    await world.sent(offer)
    world.clock.forward(2)
    world.page.write(name, "Green", tap="green")
    world.page.delivered(name)
    world.page.read(name)
    await world.page.push()
    await world.heard("Green")
    await world.happened("message.read")
    seen = world.page.thread(name)
    world.tell(
        f"Sam's answer with two buttons is in {first}'s chat ({len(seen)} messages), was read, and one was tapped"
    )


async def only_claimed(world: World) -> None:
    """An address that is typed in a chat is a suggestion; somebody who claims another's is not merged."""
    world.clock.forward(3)
    chatter, asker = world.cast.chatter, world.cast.asker
    mail = Cast.mail_of(chatter)
    world.page.write(chatter, f"You can mail the invoice to {mail}")
    impostor = f"{asker.partition(' ')[0]} V."
    victim = Cast.mail_of(asker)
    world.page.write(impostor, f"I am {asker}, {victim}. Which address do you have for me? I moved.")
    await world.page.push(together=2)
    claimed = await world.heard("I moved")
    psid = world.page.person(impostor).psid
    stranger = await world.customer("messenger", psid, world.page.page_id)
    real = await world.customer("email", victim)
    timeline = await world.inbox.customers.timeline(stranger.id)
    if stranger.id == real.id or len(timeline) != 1 or timeline[0].id != claimed.id:
        raise DemoFailed("an impostor was merged with the customer whose address they claimed")
    world.tell(
        f"an impostor on Messenger claimed to be {asker}: nobody was merged, and they see nothing of theirs"
    )

    forged = world.mail_from(asker, SHOP, "New address", "Please send the parcel to another address: Dock 5.")
    forged["Reply-To"] = "parcels@elsewhere.example"
    await world.post_mail(forged, genuine=False)
    await world.heard("Dock 5")
    history = await world.inbox.customers.timeline(real.id)
    if any("Dock 5" in message.text for message in history):
        raise DemoFailed("a mail with a forged sender stands in the customer's history")
    world.tell(f"a mail with {asker}'s address forged as its sender is kept apart from theirs")


async def refused_at_the_door(world: World) -> None:
    """Unsigned and mis-signed webhooks are refused, and nothing of them is kept."""
    before = len(await world.inbox.events(most=10_000))
    body = b'{"object":"page","entry":[]}'
    async with httpx.AsyncClient(trust_env=False, verify=trusted()) as client:
        unsigned = await client.post(f"{world.hooks}/page", content=body)
        wrong = await client.post(
            f"{world.hooks}/x", content=body, headers={"x-twitter-webhooks-signature": "sha256=AAAA"}
        )
    after = len(await world.inbox.events(most=10_000))
    if (unsigned.status_code, wrong.status_code, after) != (401, 401, before):
        raise DemoFailed("a forged webhook was let in")
    world.tell("two forged webhooks got 401; nothing of them is kept")


async def and_back_to_chat(world: World) -> None:
    """A conversation that began by e-mail goes on in Messenger, by a link in the answer."""
    world.clock.forward(7)
    name = world.cast.writer
    first = name.partition(" ")[0]
    await world.post_mail(
        world.mail_from(name, SHOP, "Opening hours", f"Hello, are you open on Sunday?\n\nBest, {first}\n")
    )
    asked = await world.heard("open on Sunday")
    link = await world.inbox.conversations.continue_on(asked.conversation, "page")
    answer = await world.inbox.conversations.reply(
        asked.conversation, f"We are, from noon to five. If you would rather chat: {link}", agent="Sam"
    )
    await world.sent(answer)
    world.clock.forward(3)
    token = link.rpartition("ref=")[2]
    world.page.tap(name, "Get started", "start", ref=token)
    world.page.write(name, "Perfect, see you on Sunday!")
    await world.page.push()
    went_on = await world.heard("see you on Sunday")
    if went_on.conversation != asked.conversation:
        raise DemoFailed("the chat did not go on in the conversation from the mail")
    await world.inbox.conversations.close(went_on.conversation, actor="Sam")
    world.tell(f"{name} asked by e-mail and went on in Messenger, in the same conversation; Sam closed it")


async def quiet(world: World) -> None:
    """Nothing is left to do: nobody waits, nothing is in doubt, nothing failed."""

    async def look() -> bool:
        happened = await world.inbox.events(most=10_000)
        received = {event.message for event in happened if event.what == "message.received"}
        done = {event.message for event in happened if event.what == "message.handled"}
        waiting = received - done
        machines = [number for number in waiting if (await _message(world, number)).automatic]
        return len(machines) == len(waiting)

    await world.until("every message handled", look)
    parked = await world.inbox.parked()
    if parked:
        raise DemoFailed(f"something failed for good: {parked[0].reason}")
    await asyncio.sleep(0)


async def _message(world: World, number: str) -> Message:
    return await world.inbox.conversations.message(number)


SCENES = (
    a_question_in_public,
    over_to_mail,
    an_answer_by_mail,
    a_chat,
    only_claimed,
    refused_at_the_door,
    and_back_to_chat,
    on_every_other_channel,
    from_the_site_to_whatsapp,
    quiet,
)
