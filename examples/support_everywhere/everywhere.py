"""One desk for every channel: all platforms run on this machine, and each customer is answered where they wrote."""

import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.routing import Mount

from omnichannel import Attachment, Choice, Inbox, Incoming, Option, Text
from omnichannel.emulators.email import Provider
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.facebook import FacebookPage
from omnichannel.emulators.http import System
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.emulators.letter import Post
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.serving import Served
from omnichannel.emulators.sms import Sms
from omnichannel.emulators.telegram import Telegram
from omnichannel.emulators.voice import Voice
from omnichannel.emulators.webchat import WebChatSite
from omnichannel.emulators.whatsapp import Cloud
from omnichannel.emulators.x_platform import Platform

LAMPS = Choice(options=(Option(title="Green"), Option(title="Blue")))
BILL = Attachment(name="bill.txt", media_type="text/plain", content=b"1 lamp, green: 20 euros")


async def answer(incoming: Incoming) -> None:
    """The same words for everybody: what a channel has no buttons for is said in words."""
    words = incoming.message.text.lower()
    if "lamp" in words:
        await incoming.reply([Text(text="We have two. Which one?"), LAMPS])
    elif "bill" in words:
        await incoming.reply([Text(text="Here it is."), BILL])
    elif words:
        await incoming.assign("Ann")
    # Nothing in words is a telephone that rings, or a file: there is nothing to answer yet.


async def turn(inbox: Inbox, platforms: dict[str, Emulator]) -> None:
    """What `omnichannel emulate` and `inbox.run()` do all the time: deliver; fetch, read, handle and send."""
    for platform in platforms.values():
        platform.push()
    await inbox.poll()
    await inbox.work()


async def main(platforms: dict[str, Emulator]) -> None:
    inbox = Inbox("sqlite:///:memory:", [platform.channel() for platform in platforms.values()])
    inbox.on_message(answer)
    app = Starlette(routes=[Mount("/hooks", inbox.asgi())])
    async with inbox:
        await inbox.add_agent("Ann")
        with Served(app) as desk:
            for kind, platform in platforms.items():
                platform.connect(f"{desk.url}/hooks/{kind}")
            await everybody_is_answered(inbox, platforms)
            await files_go_both_ways(inbox, platforms)
            await one_goes_on_elsewhere(inbox, platforms)
        for channel in inbox.channels.values():
            print(f"{channel.name:<10} {(await channel.check())[0].what}")  # what `omnichannel doctor` says
    async with Inbox("sqlite:///:memory:", [platforms["messenger"].channel()]) as other:
        found = await other.import_history("messenger", datetime.now(UTC) - timedelta(days=1))
        print(f"brought in from the Page's own record: {found.fresh} deliveries")


async def everybody_is_answered(inbox: Inbox, platforms: dict[str, Emulator]) -> None:
    for platform in platforms.values():
        platform.write("Rosa", "Which lamps do you have?")
    await turn(inbox, platforms)
    for kind, platform in platforms.items():
        print(f"{kind:<10} {platform.shown('Rosa')[-1]!r}")
    for conversation in await inbox.conversations.open():
        [*_, asked, _] = await inbox.conversations.messages(conversation.id)
        seen = await inbox.conversations.preview(conversation.id, [Text(text="And now?"), LAMPS])
        shown = ", ".join(seen.changed) or "as it is"
        typing = "typing" in inbox.channel(asked.account).can.signals
        shows = typing and await inbox.conversations.signal(conversation.id, "typing")
        print(f"{asked.kind:<10} {shown}; typing {'is' if shows else 'is not'} shown")


async def files_go_both_ways(inbox: Inbox, platforms: dict[str, Emulator]) -> None:
    whatsapp = platforms["whatsapp"]
    assert isinstance(whatsapp, Cloud)
    whatsapp.send("Rosa", "image", b"\xff\xd8\xff a broken lamp", media_type="image/jpeg")
    whatsapp.write("Rosa", "Where is my bill?")
    await turn(inbox, platforms)
    [*_, sent, _, _] = await inbox.customers.timeline((await inbox.conversations.open())[-1].customer)
    came = await inbox.attachment(sent.id, sent.parts[0])
    print(f"whatsapp   {len(came)} bytes came, a {whatsapp.thread('Rosa')[-1].kind} went")


async def one_goes_on_elsewhere(inbox: Inbox, platforms: dict[str, Emulator]) -> None:
    platforms["webchat"].write("Kim", "I have to go. Can we go on elsewhere?")
    await turn(inbox, platforms)
    [conversation] = [one for one in await inbox.conversations.open(assignee="Ann") if one.messages == 1]
    link = await inbox.conversations.continue_on(conversation.id, "whatsapp")
    written_by_the_link = link.partition("text=")[2]
    platforms["whatsapp"].write("Kim", f"{written_by_the_link} Hello again!")
    await turn(inbox, platforms)
    timeline = await inbox.customers.timeline(conversation.customer)
    print("Kim:", [f"{said.kind}: {said.text}" for said in timeline])


CHATS = (Cloud, InstagramAccount, MessengerPage, Telegram, WebChatSite)
PLATFORMS = (*CHATS, FacebookPage, Platform, Post, Provider, Sms, System, Voice)
with ExitStack() as stack:
    asyncio.run(main({each.kind: stack.enter_context(each()) for each in PLATFORMS}))
