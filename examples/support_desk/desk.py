"""A support desk: webhooks in a Starlette application, two agents, one customer on Messenger."""

import asyncio

from starlette.applications import Starlette
from starlette.routing import Mount

from omnichannel import Inbox, Incoming
from omnichannel.channels.messenger import Messenger
from omnichannel.emulators.graph import Page
from omnichannel.emulators.serving import Served


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

        @inbox.on_message
        async def give_out(incoming: Incoming) -> None:
            if not incoming.conversation.assignee:
                await incoming.assign("Ann")

        app = Starlette(routes=[Mount("/hooks", inbox.asgi())])
        async with inbox:
            await inbox.add_agent("Ann")
            await inbox.add_agent("Ben")
            with Served(app) as desk:
                await page.subscribe(f"{desk.url}/hooks/page")
                page.write("Rosa Diaz", "Is my chair on its way?")
                await page.push()
                await inbox.work()

                [conversation] = await inbox.conversations.open(assignee="Ann")
                await inbox.conversations.note(conversation.id, "It left on Monday.", agent="Ben")
                await inbox.conversations.reply(
                    conversation.id, "It is: you have it on Thursday.", agent="Ann"
                )
                await inbox.work()

                for message in await inbox.customers.timeline(conversation.customer):
                    who = message.agent or (message.author.name if message.author else "") or "somebody"
                    print(f"{message.kind or 'note':<10} {who}: {message.text}")
                print(f"Rosa sees: {page.thread('Rosa Diaz')[-1].text}")


asyncio.run(main())
