"""A support desk in the browser: two agents, one customer on Messenger; everything runs on this machine.

Without arguments it plays one conversation over HTTP, as a browser would, and ends. `--serve` goes on: open the
desk, and the page on which you are the customer.
"""

import asyncio
import re
import sys
from pathlib import Path

import httpx
from web import Site

from omnichannel import Inbox, config
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.playground import Booth, playground
from omnichannel.emulators.serving import Served

PLAN = config.load(Path(__file__).with_name("plan.toml")).desk


async def hire(inbox: Inbox) -> None:
    for name, teams in (("Ann", ["service"]), ("Ben", ["service", "sales"])):
        await inbox.add_agent(name)
        await inbox.desk.agents.describe(name, teams=teams)


async def play(inbox: Inbox, url: str, platform: MessengerPage) -> None:
    """One customer writes, Ann answers in her browser, and closes."""
    platform.write("Rosa Diaz", "Is my chair on its way?")
    platform.push()
    await inbox.work()
    async with httpx.AsyncClient(base_url=url, follow_redirects=True) as browser:
        await browser.post("/login", data={"name": "Ann"})
        shown = await browser.post("/next")
        print("Ann sees:", *re.findall(r"<h1>(.*?)</h1>|<h2>(.*?)</h2>", shown.text))
        await browser.post(shown.url.path, data={"do": "say", "answer": "on-its-way"})
        await inbox.work()
        await browser.post(shown.url.path, data={"do": "close"})
    print(f"Rosa sees: {platform.shown('Rosa Diaz')[-1]}")


async def serve(inbox: Inbox, url: str, platform: MessengerPage) -> None:
    """Until Ctrl-C: the desk, and a page on which to be the customer."""
    booth = Booth(platform, f"{url}/hooks/messenger")
    with Served(playground({"messenger": booth})) as customers:
        print(f"the desk: {url}\nthe customers: {customers.url}\nCtrl-C ends it")
        await inbox.run()


async def main() -> None:
    with MessengerPage() as platform:
        inbox = Inbox("sqlite:///:memory:", [platform.channel()], desk=PLAN)
        async with inbox:
            await hire(inbox)
            with Served(Site(inbox).app()) as desk:
                platform.connect(f"{desk.url}/hooks/messenger")
                await (serve if "--serve" in sys.argv else play)(inbox, desk.url, platform)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("the desk is closed")
