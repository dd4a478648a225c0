"""There and back with the emulated site, over real sockets: written, answered, seen; also where the net fails."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from omnichannel import Choice, Incoming, Option, Text
from omnichannel.emulators.webchat import WebChatSite
from omnichannel.model import Card, Direction
from omnichannel.tls import trusted
from tests.channels.webchat.given import login, room


async def test_a_conversation_there_and_back() -> None:
    """Written, recorded once, answered by a program, seen, and known to be read."""
    async with room() as on:

        @on.inbox.on_message
        async def answer(incoming: Incoming) -> None:
            await incoming.reply(f"You said {incoming.message.text}")

        on.site.write("Anna", "Où est ma commande? <b>مرحبا</b> 👍")
        assert on.site.push() == [202]
        await on.inbox.work()
        assert on.site.shown("Anna") == ["You said Où est ma commande? <b>مرحبا</b> 👍"]
        assert on.site.shown("Ben") == []
        on.site.read("Anna")
        assert on.site.push() == [202]
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        said = await on.inbox.conversations.messages(conversation.id)
        assert [message.direction for message in said] == [Direction.INBOUND, Direction.OUTBOUND]
        assert [sending.status for sending in said[1].sendings] == ["read"]
        assert said[1].sendings[0].external_id == said[1].id


@pytest.mark.parametrize("fault", ["lost", "unanswered"])
async def test_what_the_net_loses_is_said_once(fault: str) -> None:
    """The browser cannot know which of both it was: it sends the same again, and it is stored once."""
    async with room() as on:
        on.site.write("Anna", "first")
        assert on.site.push() == [202]
        on.site.write("Anna", "second")
        on.site.write("Anna", "third")
        on.site.faults.append(fault)  # type: ignore[arg-type]
        assert on.site.push() == [0]
        assert on.site.push() == [202, 202]
        await on.inbox.work()
        assert [text for _, text in await on.texts()] == ["first", "second", "third"]


async def test_a_choice_and_a_card_come_back_as_what_was_chosen() -> None:
    async with room() as on:
        on.site.write("Anna", "Hi")
        on.site.push()
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        colours = Choice(options=(Option(title="Red", value="r"), Option(title="Blue", value="b")))
        await on.inbox.conversations.reply(
            conversation.id, [Text(text="Which?"), colours, Card(title="A chair")]
        )
        await on.inbox.work()
        assert on.site.shown("Anna") == ["Which?\nRed / Blue\nA chair"]
        on.site.write("Anna", "Blue", choice={"title": "Blue", "value": "b"})
        on.site.push()
        await on.inbox.work()
        chosen = (await on.inbox.conversations.messages(conversation.id))[-1].parts[-1]
        assert isinstance(chosen, Choice)
        assert chosen.chosen == Option(title="Blue", value="b")


async def test_who_logs_in_takes_the_conversation_along() -> None:
    """Anonymous first: the same conversation goes on, and the customer is who the company says."""
    async with room() as on:
        on.site.write("Anna", "Before I logged in")
        on.site.push()
        await on.inbox.work()
        on.site.login(
            "Anna", login("4711", name="Anna de Boer", email="anna@home.example", email_verified=True)
        )
        on.site.write("Anna", "After I logged in")
        assert on.site.push() == [202]
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        customer = await on.inbox.customers.get(conversation.customer)
        kinds = sorted(reached.address.kind for reached in customer.addresses)
        assert kinds == ["email", "user", "webchat", "webchat"]
        assert customer.name == "Anna de Boer"
        await on.inbox.conversations.reply(conversation.id, "Welcome")
        await on.inbox.work()
        assert [one["from"] for one in on.site.look("Anna")] == ["you", "you", "us"]


async def test_an_answer_to_the_anonymous_visitor_is_seen_after_the_login() -> None:
    async with room() as on:
        on.site.write("Anna", "Before")
        on.site.push()
        await on.inbox.work()
        on.site.login("Anna", login())
        (conversation,) = await on.inbox.conversations.open()
        await on.inbox.conversations.reply(conversation.id, "Answered in between")
        await on.inbox.work()
        assert on.site.shown("Anna") == ["Answered in between"]


async def test_another_user_on_the_same_device_inherits_nothing() -> None:
    """Anna leaves a library's computer; Ben logs in there: another conversation, another customer, nothing to see."""
    async with room() as on:
        on.site.login("the library's computer", login("anna"))
        on.site.write("the library's computer", "My secret")
        on.site.push()
        await on.inbox.work()
        on.site.login("the library's computer", login("ben"))
        assert on.site.look("the library's computer") == []
        on.site.write("the library's computer", "I am Ben")
        on.site.push()
        await on.inbox.work()
        conversations = await on.inbox.conversations.open()
        assert len({conversation.customer for conversation in conversations}) == 2
        on.site.login("the library's computer", "")
        assert on.site.look("the library's computer") == []


async def test_a_mail_address_that_a_company_did_not_verify_joins_nobody() -> None:
    """Anybody can register under any address; only what was verified makes two people one."""
    async with room() as on:
        for who, verified in (("Anna", True), ("Mallory", False)):
            on.site.login(who, login(who, email="anna@home.example", email_verified=verified))
            on.site.write(who, "Hello")
        on.site.push()
        await on.inbox.work()
        conversations = await on.inbox.conversations.open()
        assert len({conversation.customer for conversation in conversations}) == 2


async def test_a_conversation_goes_on_in_another_browser_by_a_link() -> None:
    """The token behind the # proves that both browsers are one person's, and says which conversation is meant."""
    async with room() as on:
        on.site.write("Anna's phone", "Hello")
        on.site.push()
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        link = await on.inbox.conversations.continue_on(conversation.id, "chat")
        assert link.startswith(f"{on.site.page}#chat=oct")
        on.site.follow("Anna's laptop", link.partition("=")[2])
        on.site.write("Anna's laptop", "Here I am")
        assert on.site.push() == [202, 202]
        await on.inbox.work()
        assert [text for _, text in await on.texts()] == ["Hello", "Here I am"]
        (same,) = await on.inbox.conversations.open()
        assert same.id == conversation.id


async def test_the_emulated_visitor_hears_the_stream() -> None:
    async with room() as on:
        on.site.write("Anna", "Hello")
        on.site.push()
        await on.inbox.work()
        events = on.site.events("Anna")
        found = [await asyncio.to_thread(next, events) for _ in range(2)]
        assert [name for name, _ in found] == ["message", "ready"]
        await asyncio.to_thread(events.close)


async def test_a_pass_whose_secret_is_gone_is_replaced_on_the_way() -> None:
    async with room() as on:
        on.site.write("Anna", "Hello")
        on.site.push()
        on.site.visitor("Anna").token = "made with a secret that was taken away"
        on.site.write("Anna", "Again")
        assert on.site.push() == [202]


def test_the_site_wants_a_widget_where_it_is_told_to_look() -> None:
    with WebChatSite() as site:
        for hook in ("http://127.0.0.1:9", site.page + "nothing/"):
            with pytest.raises(ValueError, match="no widget"):
                site.connect(hook)


async def test_the_site_has_a_strict_policy_and_the_chat_on_every_page() -> None:
    async with room() as on:
        for page in ("", "help"):
            found = httpx.get(
                on.site.page + page, params={"language": 'nl"><script>'}, trust_env=False, verify=trusted()
            )
            assert f'<script src="{on.site.hook}/widget.js"' in found.text
            assert '"><script>' not in found.text.replace(f'<script src="{on.site.hook}', "")
            assert "default-src 'none'" in found.headers["content-security-policy"]


def test_before_an_inbox_is_there_the_site_waits_for_it() -> None:
    """As `omnichannel emulate` starts it: its page looks where the inbox will be, and nobody sees anything yet."""
    with WebChatSite() as site:
        assert (
            '"http://127.0.0.1:8000/webchat/widget.js"'
            in httpx.get(site.page, trust_env=False, verify=trusted()).text
        )
        site.write("Anna", "Hello")
        assert site.push() == [0]
        assert site.shown("Anna") == []


async def test_without_a_net_one_sees_what_one_saw_before() -> None:
    async with room() as on:
        on.site.write("Anna", "Hello")
        on.site.push()
        await on.inbox.work()
        assert len(on.site.look("Anna")) == 1
        on.site.faults.append("lost")
        assert len(on.site.look("Anna")) == 1
        on.site.visitor("Anna").token = "of another secret"
        assert len(on.site.look("Anna")) == 0  # a pass that is not good begins anew
