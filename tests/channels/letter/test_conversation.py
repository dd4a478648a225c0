"""A whole conversation on paper: scanned, read, answered, printed, brought, and answered again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from omnichannel import Inbox, Incoming
from omnichannel.channel import Source
from omnichannel.channels.letter import Letter
from omnichannel.emulators.letter import Post
from omnichannel.emulators.letter_paper import address_of
from omnichannel.emulators.serving import Served
from omnichannel.errors import Unsupported
from omnichannel.model import Message
from tests.channels.letter.given import pdf

ANN, BO = "Ann de Vries", "Bo Jansen"


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as found:
        yield found


async def fetched(inbox: Inbox, letter: Letter) -> None:
    """What the runner does with the folder, until there is nothing new."""
    for source in letter.sources():
        while await _once(inbox, letter, source):
            pass
    await inbox.work()


async def _once(inbox: Inbox, letter: Letter, source: Source) -> bool:
    batch = await source.fetch(await inbox.cursor(letter.name, source.name))
    await inbox.keep(letter.name, source.name, batch)
    return bool(batch.deliveries)


async def messages(inbox: Inbox, *ids: str) -> list[Message]:
    found = [await inbox.conversations.messages(each) for each in ids]
    return [message for each in found for message in each]


async def test_there_and_back(post: Post) -> None:
    """The answer lies in Ann's letter box; her second letter quotes our reference and goes on where we were."""
    letter, talks = Letter("post", **post.settings), set()  # type: ignore[arg-type]
    inbox = Inbox("sqlite:///:memory:", channels=[letter])

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        talks.add(incoming.conversation.id)
        await incoming.reply(f"Dank voor uw brief, {incoming.customer.name}.\n\nUw fiets is klaar.")

    async with inbox:
        with Served(inbox.asgi()) as served:
            post.connect(f"{served.url}/post")
            for expected in (1, 2):
                post.write(ANN, "Waar is mijn fiets?")
                await fetched(inbox, letter)
                assert (
                    list(post.shown(ANN)) == [f"Dank voor uw brief, {ANN}.\n\nUw fiets is klaar."] * expected
                )
            post.delivered(ANN)
            assert await asyncio.to_thread(post.push) == [200] * 4
            await inbox.work()
        (talk,) = talks
        said = await messages(inbox, talk)
        assert [message.direction.value for message in said] == ["inbound", "outbound"] * 2
        assert [each.status for message in said for each in message.sendings] == ["delivered"] * 2
        assert said[2].because == "it answers a message of a conversation that the sender takes part in"
        assert said[0].strength is not None
        assert said[0].strength.value == "asserted"


async def test_a_letter_that_comes_back_failed(post: Post) -> None:
    letter = Letter("post", **post.settings)  # type: ignore[arg-type]
    inbox = Inbox("sqlite:///:memory:", channels=[letter])
    talks: list[str] = []

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        talks.append(incoming.conversation.id)
        await incoming.reply("Uw fiets is klaar.")

    async with inbox:
        post.write(ANN, "Waar is mijn fiets?")
        await fetched(inbox, letter)
        with Served(inbox.asgi()) as served:
            post.undeliverable(ANN, "Recipient moved")
            assert await asyncio.to_thread(post.push) == []  # no webhook yet: it stays on its way
            post.connect(f"{served.url}/post")
            assert await asyncio.to_thread(post.push) == [200, 200]
        post.connect("http://127.0.0.1:9/post")
        post.undeliverable(ANN)
        assert await asyncio.to_thread(post.push) == []  # nothing lies anywhere any more
        await inbox.work()
        (_, said) = await messages(inbox, talks[0])
        assert said.sendings[0].status == "failed"
        assert "Recipient moved" in said.sendings[0].detail


async def test_who_quotes_the_reference_of_another_starts_anew(post: Post) -> None:
    """A reference is printed on paper: whoever finds it is a stranger, and a person is told what it may belong to."""
    letter = Letter("post", **post.settings)  # type: ignore[arg-type]
    inbox = Inbox("sqlite:///:memory:", channels=[letter])

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("Uw fiets is klaar.")

    async with inbox:
        post.write(ANN, "Waar is mijn fiets?")
        await fetched(inbox, letter)
        (ours,) = post.prints.values()
        bo = [
            *address_of(BO).splitlines(),
            "",
            f"Uw kenmerk: {ours.name.removesuffix('.pdf')}",
            "",
            "Beste mensen,",
            "en?",
        ]
        post.scan(pdf(*bo))
        await fetched(inbox, letter)
        opened = [each.detail for each in await inbox.events() if each.what == "conversation.opened"]
        assert [each["reason"] for each in opened] == ["new", "stranger"]
        assert "suggested" in opened[1]


async def test_who_cannot_be_found_cannot_be_answered_on_paper(post: Post) -> None:
    """It is said when it is tried, before anything is printed."""
    letter, refused = Letter("post", **post.settings), []  # type: ignore[arg-type]
    inbox = Inbox("sqlite:///:memory:", channels=[letter])

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        with pytest.raises(Unsupported, match="no postal address"):
            await incoming.reply("Dag!")
        refused.append(incoming.message.text)

    async with inbox:
        post.scan(pdf("Beste mensen,", "dank voor alles!"))
        await fetched(inbox, letter)
        assert refused == ["Beste mensen,\ndank voor alles!"]


async def test_a_bad_file_waits_for_a_person(post: Post) -> None:
    letter = Letter("post", **post.settings)  # type: ignore[arg-type]
    inbox = Inbox("sqlite:///:memory:", channels=[letter])
    async with inbox:
        post.scan(b"PK\x03\x04", "brief.docx")
        await fetched(inbox, letter)
        (parked,) = await inbox.parked()
        assert "brief.docx" in parked.reason
        assert (post.inbox / "failed" / "brief.docx").exists()


async def test_in_house_a_letter_lies_in_the_folder(post: Post, tmp_path: Path) -> None:
    """Without Pingen: whoever prints finds one file, and its reference comes back with the answer."""
    letter = Letter(
        "post",
        address="De Ketting\nKerkstraat 1\n3511 LX Utrecht",
        inbox=str(post.inbox),
        outbox=str(tmp_path),
        settle=0,
    )
    inbox = Inbox("sqlite:///:memory:", channels=[letter])

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("Uw fiets is klaar.", subject="Uw fiets")

    async with inbox:
        post.write(ANN, "Waar is mijn fiets?")
        await fetched(inbox, letter)
        (printed,) = tmp_path.iterdir()
        # Ann writes on our letter and sends it back.
        post.scan(printed.read_bytes() + b"\n% with a note in pencil")
        await fetched(inbox, letter)
        reasons = [
            each.detail["reason"] for each in await inbox.events() if each.what == "conversation.opened"
        ]
        assert reasons == ["new"]


def test_the_post_behaves_as_a_post(post: Post) -> None:
    """Outside a with statement it has no folder; a wrong key, file or body is refused as Pingen does."""
    with pytest.raises(RuntimeError, match="with statement"):
        _ = Post().inbox
    import httpx

    with httpx.Client(base_url=post.url, headers={"authorization": f"Bearer {post.token}"}) as client:
        letters = f"/organisations/{post.organisation}/deliveries/letters"
        headers = {"content-type": "application/vnd.api+json"}
        assert client.get(f"{letters}/none").status_code == 404
        assert client.post(letters, content=b"{", headers=headers).status_code == 400
        body = {
            "data": {
                "type": "letters",
                "attributes": {"file_url": "http://elsewhere", "file_url_signature": "x"},
            }
        }
        assert client.post(letters, json=body, headers=headers).status_code == 422
        send = {"data": {"type": "letters", "id": "none", "attributes": {"delivery_product": "cheap"}}}
        assert client.patch(f"{letters}/none/send", json=send, headers=headers).status_code == 404
        place = client.get("/file-upload").json()["data"]["attributes"]
        assert httpx.put(f"{post.url}/store/9", content=b"x").status_code == 403
        assert client.put(place["url"], content=b"x").status_code == 403  # credentials go to nobody else
        assert httpx.put(place["url"], content=pdf("een brief zonder venster")).status_code == 200
        made = {"file_url": place["url"], "file_url_signature": place["url_signature"], "auto_send": True}
        found = client.post(
            letters, json={"data": {"type": "letters", "attributes": made}}, headers=headers
        ).json()["data"]
        assert found["attributes"]["status"] == "action_required"
        number = found["id"]
        again = {"data": {"type": "letters", "id": number, "attributes": {"delivery_product": "cheap"}}}
        assert client.patch(f"{letters}/{number}/send", json=again, headers=headers).status_code == 409
        post.prints[number].status = "valid"
        without = {"data": {"type": "letters", "id": number, "attributes": {}}}
        assert client.patch(f"{letters}/{number}/send", json=without, headers=headers).status_code == 422
        assert httpx.get(f"{post.url}{letters}/{number}").status_code == 401
