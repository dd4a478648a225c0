"""A handler that answers what it knows, and hands over to a person what it does not."""

import asyncio

from omnichannel import Inbox, Incoming
from omnichannel.channels.messenger import Messenger
from omnichannel.emulators.graph import Page
from omnichannel.emulators.serving import Served

KNOWN = {
    "open": "We are open every day from nine to five.",
    "return": "You can return anything for thirty days.",
}


async def answer(incoming: Incoming) -> None:
    if incoming.conversation.assignee:
        return  # a person has it: the bot keeps out
    question = incoming.message.text.lower()
    for word, said in KNOWN.items():
        if word in question:
            await incoming.reply(said)
            return
    await incoming.note("The bot does not know this one.")
    await incoming.assign("Ann")


async def main() -> None:
    page = Page(page_id="1234567890")
    with Served(page.app) as graph:
        account = Messenger(
            "page",
            page_id=page.page_id,
            page_token=page.page_token,
            app_secret=page.hook.app_secret,
            verify_token=page.hook.verify_token,
            host=graph.url,
        )
        inbox = Inbox("sqlite:///:memory:", [account])
        inbox.on_message(answer)
        async with inbox:
            await inbox.add_agent("Ann")
            with Served(inbox.asgi()) as hooks:
                await page.subscribe(f"{hooks.url}/page")
                for question in ("When are you open?", "Can I pay in shells?"):
                    page.write("Rosa Diaz", question)
                    await page.push()
                    await inbox.work()
        for said in page.thread("Rosa Diaz"):
            print(f"{said.by}: {said.text}")


asyncio.run(main())
