"""Every other channel in the story: who asks what there, and two conversations that move from one to another."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from omnichannel.demo.world import DemoFailed, World


class Exchange(NamedTuple):
    """A question on a channel, and its answer."""

    kind: str
    who: str
    asks: str
    answer: str


EXCHANGES = (
    Exchange("facebook", "Karin Lund", "Is the {goods} still in stock?", "It is, {first}: eleven are left."),
    Exchange(
        "instagram", "Diego Ruiz", "Love the {goods} in your story! Which colour?", "That one is green."
    ),
    Exchange("telegram", "Olga Petrova", "Do you ship the {goods} abroad?", "We do, within five days."),
    Exchange("sms", "Ahmed Ali", "Is my parcel {order} ready?", "It is: until six at the counter."),
    Exchange("voice", "Ahmed Ali", "Please call me back about order {order}.", "Your order is on its way."),
    Exchange("letter", "Wim Smit", "Where is the {goods} that I paid for?", "It left our shop this morning."),
    Exchange("http", "Ines Alves", "The {goods} broke, what now?", "Send it back, we pay the postage."),
)


async def on_every_other_channel(world: World) -> None:
    """Somebody asks on each, and sees the answer there."""
    for exchange in EXCHANGES:
        await _exchange(world, exchange)


async def _exchange(world: World, exchange: Exchange) -> None:
    world.clock.forward(3)
    cast, platform = world.cast, world.others[exchange.kind]
    words = {"goods": cast.goods, "order": cast.order, "first": exchange.who.partition(" ")[0]}
    asks, says = exchange.asks.format(**words), exchange.answer.format(**words)
    await world.write(exchange.kind, exchange.who, asks)
    asked = await world.heard(asks)
    await world.sent(await world.inbox.conversations.reply(asked.conversation, says, agent="Sam"))

    async def seen() -> bool:
        shown = await asyncio.to_thread(platform.shown, exchange.who)
        return any(says in " ".join(text.split()) for text in shown)

    await world.until(f"{exchange.who} seeing the answer on {exchange.kind}", seen)
    where = "in public" if asked.public else "in private"
    world.tell(f"{exchange.who} asked on {exchange.kind} {where}, and saw Sam's answer there")


async def from_the_site_to_whatsapp(world: World) -> None:
    """A visitor of the site, whom nobody knows, goes on in WhatsApp: the same conversation, the same customer."""
    world.clock.forward(3)
    who = "Priya Nair"
    await world.write("webchat", who, f"Can I change the colour of my {world.cast.goods}?")
    asked = await world.heard("change the colour")
    link = await world.inbox.conversations.continue_on(asked.conversation, "whatsapp")
    said = f"Of course. If you have to leave, go on here: {link}"
    await world.sent(await world.inbox.conversations.reply(asked.conversation, said, agent="Sam"))

    async def seen() -> bool:
        return link in "".join(await asyncio.to_thread(world.others["webchat"].shown, who))

    await world.until("the visitor seeing the link", seen)
    world.clock.forward(25)
    token = link.rpartition("text=")[2]
    await world.write("whatsapp", who, f"{token} Blue, please!")
    went_on = await world.heard("Blue, please!")
    if went_on.conversation != asked.conversation:
        raise DemoFailed("WhatsApp did not go on in the conversation from the site")
    done = await world.inbox.conversations.reply(went_on.conversation, "Blue it is.", agent="Sam")
    await world.sent(done)
    world.tell(f"{who} asked on the site and went on in WhatsApp, in the same conversation, as one customer")
