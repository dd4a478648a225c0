"""From a comment to Messenger: one app, one address for both accounts, one person, one conversation."""

from __future__ import annotations

import asyncio
from pathlib import Path

from omnichannel import Inbox
from omnichannel.channel import Channel
from omnichannel.channels.facebook import Facebook
from omnichannel.channels.messenger import Messenger
from omnichannel.emulators.facebook import FacebookPage
from omnichannel.emulators.serving import Served
from omnichannel.model import Address
from tests.engines import HandClock, dump


def accounts(far: FacebookPage) -> list[Channel]:
    settings = far.settings
    return [
        Facebook("comments", **settings),  # type: ignore[arg-type]
        Messenger(
            "page",
            page_id=far.page_id,
            page_token=str(settings["page_token"]),
            app_secret=str(settings["app_secret"]),
            verify_token=str(settings["verify_token"]),
            host=far.url,
        ),
    ]


async def test_a_private_answer_leads_over(tmp_path: Path) -> None:
    """Meta says in the echo who got it: what they then write on Messenger goes on where the comment was."""
    clock = HandClock()
    with FacebookPage(clock=clock.now) as far:
        async with Inbox(f"sqlite:///{tmp_path / 'a.db'}", accounts(far), clock=clock) as inbox:
            with Served(inbox.asgi()) as hooks:
                await asyncio.to_thread(far.connect, f"{hooks.url}/comments+page")
                far.write("Ann", "What does it cost for ten?")
                await asyncio.to_thread(far.push)
                await inbox.work()
                (talk,) = await inbox.conversations.open()
                await inbox.conversations.reply(talk.id, "Twenty each, just for you.", public=False)
                await inbox.work()
                far.message("Ann", "I take ten.")
                assert set(await asyncio.to_thread(far.push)) == {200}
                await inbox.work()
                (talk,) = await inbox.conversations.open()
                said = await inbox.conversations.messages(talk.id)
            person = far.person("Ann")
            ids = (("facebook", person.id), ("messenger", person.psid))
            found = [
                await inbox.customers.find(Address(kind=kind, scope=far.page_id, value=value))
                for kind, value in ids
            ]
            assert await inbox.in_doubt() == []
    assert [(one.kind, one.public, one.text) for one in said] == [
        ("facebook", True, "What does it cost for ten?"),
        ("facebook", False, "Twenty each, just for you."),
        ("messenger", False, "I take ten."),
    ]
    assert found[0] == found[1] is not None


async def test_what_the_other_account_was_told_is_erased_too(tmp_path: Path) -> None:
    """Both accounts keep every webhook; what is no news to one of them is somebody's all the same."""
    clock = HandClock()
    with FacebookPage(clock=clock.now) as far:
        async with Inbox(f"sqlite:///{tmp_path / 'a.db'}", accounts(far), clock=clock) as inbox:
            with Served(inbox.asgi()) as hooks:
                await asyncio.to_thread(far.connect, f"{hooks.url}/comments+page")
                far.write("Ann", "What does a kastanje cost?")
                far.write("Ben", "And a walnoot?")
                far.message("Ann", "A kastanje, in private.")
                await asyncio.to_thread(far.push)
                await inbox.work()
            person = far.person("Ann")
            for kind, value in (("facebook", person.id), ("messenger", person.psid)):
                found = await inbox.customers.find(Address(kind=kind, scope=far.page_id, value=value))
                assert found is not None
                await inbox.identity.erase(found.id, actor="zoe", scrub=False)
            kept = repr(dump(inbox.open())["deliveries"])
    assert "kastanje" not in kept
    assert kept.count("walnoot") == 2
