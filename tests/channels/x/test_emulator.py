"""Over real sockets, through tweepy: what the emulated X shows is read, what we send is seen there, and trouble has its outcome."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.channel import Delivery
from omnichannel.channels.x import X
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x import Network
from omnichannel.errors import Forged
from omnichannel.model import Attachment, Deferred, Refused, Sent, Text, Unknown
from tests.channels.x.given import only
from tests.channels.x.stage import look, oauth1, private, reply, sent, stage


@pytest.mark.parametrize("first", [False, True], ids=["OAuth 2", "OAuth 1.0a"])
def test_from_the_customer_and_back(first):
    """A mention is polled and read; the answer, cut into a thread, stands under it at the far end."""
    with stage(**(oauth1(Network().keys) if first else {})) as (network, x):
        anna = network.join("anna", name="Anna")
        post = network.post(anna, "@shop my <parcel> & where is it?")
        found = only(look(x, "mentions")[0])
        assert (found.text, found.sender.name, found.thread) == (post.text, "Anna", post.id)
        words = " ".join(f"word{number}" for number in range(60))
        receipts = sent(x, reply(post, words))
        assert all(isinstance(receipt, Sent) for receipt in receipts)
        thread = network.posts[1:]
        assert [answer.in_reply_to for answer in thread] == [post, *thread[:-1]]
        assert " ".join(answer.text for answer in thread) == words
        assert [receipt.external_id for receipt in receipts] == [answer.id for answer in thread]


def test_direct_messages_both_ways():
    """A message is polled and answered, with a picture; our own comes back as ours."""
    with stage() as (network, x):
        anna = network.join("anna", name="Anna")
        network.dm(anna, "hello & hi")
        found = only(look(x, "dms")[0])
        assert (found.text, found.sender.name) == ("hello & hi", "Anna")
        image = Attachment(media_type="image/png", content=b"png")
        assert len(sent(x, private(anna, parts=(Text(text="Look"), image)))) == 2
        message = network.dms[-1]
        assert (message.text, message.recipient, network.files[message.media[0]]) == (
            "Look",
            anna,
            ("dm_image", b"png"),
        )
        echo = look(x, "dms")[0][-1]
        assert (echo.direction, echo.external_id, echo.thread) == ("outbound", message.id, found.thread)


def test_pictures_in_public():
    """Each in a post under the customer's."""
    with stage() as (network, x):
        post = network.post(network.join("anna"), "@shop show me")
        image = Attachment(media_type="image/png", content=b"png")
        assert all(
            isinstance(one, Sent) for one in sent(x, reply(post, parts=(Text(text="Look"), image, image)))
        )
        assert [(answer.in_reply_to, len(answer.media)) for answer in network.posts[1:]] == [
            (post, 1),
            (post, 1),
        ]


def test_not_summoned():
    """Who does not name us cannot be answered in public: never retried, and the cure is said."""
    with stage() as (network, x):
        post = network.post(network.join("anna"), "the shop is slow")
        (receipt,) = sent(x, reply(post))
        assert isinstance(receipt, Refused)
        assert (receipt.code, "direct message" in receipt.detail) == ("not_summoned", True)
        assert network.posts == [post]


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("duplicate", lambda network, post: network.post(network.account, "Sorry!", post)),
        ("invalid", lambda network, post: network.fail_next(400, {"title": "Invalid Request"})),
        ("quota", lambda network, post: network.fail_next(402, {"title": "CreditsDepleted"})),
        ("reauth", lambda network, post: network.fail_next(401, "<html>Unauthorized</html>")),
        ("config", lambda network, post: network.fail_next(403, ["not", "an", "object"])),
        (
            "duplicate",
            lambda network, post: network.fail_next(403, {"errors": "duplicate content", "error": "x"}),
        ),
        ("policy", lambda network, post: network.fail_next(403, {"errors": [{"code": 226}]})),
    ],
)
def test_refused(code, act):
    """Also where tweepy itself stumbles over the body of the answer: HTML, a list, a bare word."""
    with stage() as (network, x):
        post = network.post(network.join("anna"), "@shop hi")
        act(network, post)
        (receipt,) = sent(x, reply(post))
        assert isinstance(receipt, Refused)
        assert receipt.code == code


def test_who_takes_no_messages():
    """Their choice, and no fault of ours."""
    with stage() as (network, x):
        (receipt,) = sent(x, private(network.join("anna", takes_messages=False)))
        assert (receipt.outcome, receipt.code) == ("refused", "recipient_unavailable")


def test_rate_limit():
    """Put off until the window ends; nothing is sent, and nothing sleeps inside."""
    with stage() as (network, x):
        network.left["messages"] = 0
        (receipt,) = sent(x, private(network.join("anna")))
        assert isinstance(receipt, Deferred)
        assert 800 < receipt.after <= 901
        assert network.dms == []


@pytest.mark.parametrize("taken", [False, True])
def test_no_answer_is_in_doubt(taken):
    """Whether X took it or not, we cannot know: in doubt, never sent again."""
    with stage() as (network, x):
        anna = network.join("anna")
        network.hang_next(taken=taken)
        (receipt,) = sent(x, private(anna), timeout=0.3)
        assert isinstance(receipt, Unknown)
        network.release()
        assert len(network.requests) == 1


def test_a_server_error_is_in_doubt():
    """Something in between failed, perhaps after the post stood."""
    with stage() as (network, x):
        network.fail_next(503, "<html>over capacity</html>")
        (receipt,) = sent(x, private(network.join("anna")))
        assert isinstance(receipt, Unknown)


def test_nobody_there_is_certain():
    """No connection, no name: it never left, and is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for host in (f"http://127.0.0.1:{port}", "https://no-such-host.invalid"):
        x = X("x", user_id="1", consumer_secret="s", token="t", host=host)
        (receipt,) = sent(x, private(Network().account), timeout=5)
        assert isinstance(receipt, Deferred)


def test_a_connection_that_breaks_is_in_doubt():
    """The request went out, and the line went dead."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def run():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        host = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        x = X("x", user_id="1", consumer_secret="s", token="t", host=host)
        (call,) = x.render(private(Network().account))
        response = await x.sender().send(call)
        server.close()
        return response.failure

    assert asyncio.run(run()) == "in_doubt"


def test_an_endless_answer_ends():
    """A body that never stops is given up, in doubt."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
        try:
            while True:
                writer.write(b" " * 1_000_000)
                await writer.drain()
        except ConnectionError:
            writer.close()

    async def run():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        host = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        x = X("x", user_id="1", consumer_secret="s", token="t", host=host)
        (call,) = x.render(private(Network().account))
        response = await x.sender().send(call)
        server.close()
        return response.failure

    assert asyncio.run(run()) == "in_doubt"


@pytest.mark.parametrize(
    "token", [lambda: "user-token", lambda: _soon("user-token")], ids=["a function", "an async function"]
)
def test_tokens_that_are_fetched(token):
    """The application renews them; it is asked before each call."""
    with stage(token=token) as (network, x):
        assert isinstance(sent(x, private(network.join("anna")))[0], Sent)


async def _soon(token: str) -> str:
    return token


def test_a_token_that_cannot_be_had():
    """Nothing left us: tried again later, and the reason names no secret."""

    def broken() -> str:
        raise RuntimeError("the vault is closed")

    with stage(token=broken) as (network, x):
        (receipt,) = sent(x, private(network.join("anna")))
        assert isinstance(receipt, Deferred)
        assert "the vault is closed" in receipt.detail
        assert network.requests == []


def test_wrong_credentials():
    """The signature of OAuth 1.0a is checked by the emulator: one secret that differs is refused."""
    with stage(**(oauth1(Network().keys) | {"access_token_secret": "wrong"})) as (network, x):
        (receipt,) = sent(x, private(network.join("anna")))
        assert (receipt.outcome, receipt.code) == ("refused", "reauth")


@pytest.mark.parametrize("first", [False, True])
def test_no_secret_in_the_log(caplog, first):
    """tweepy writes the Authorization header at level DEBUG; here it is kept quiet."""
    caplog.set_level(logging.DEBUG)
    with stage(**(oauth1(Network().keys) if first else {})) as (network, x):
        sent(x, private(network.join("anna")))
        keys = network.keys
    secrets = (keys.bearer, keys.access_token, keys.access_token_secret, keys.consumer_secret)
    assert not any(secret in record.getMessage() for record in caplog.records for secret in secrets)


def test_webhooks():
    """X proves who it is, we prove that we hold the secret; the same post by both ways is one message."""
    with stage() as (network, x):
        heard: list[Delivery] = []

        async def take(request: Request) -> Response:
            delivery = Delivery(
                method=request.method,
                url=str(request.url),
                headers=tuple(request.headers.items()),
                body=await request.body(),
            )
            try:
                ack = x.admit(delivery)
            except Forged:
                return Response(status_code=401)
            heard.extend([delivery] if ack.keep else [])
            return Response(ack.body, ack.status, dict(ack.headers))

        app = Starlette(routes=[Route("/", take, methods=["GET", "POST"])])
        with Served(app) as hook:
            anna = network.join("anna", name="Anna")
            assert network.challenge(hook.url)
            post = network.post(anna, "@shop hi")
            network.edit(post, "@shop hello")
            network.dm(anna, "psst")
            network.encrypted(anna)
            network.delete(post)
            assert network.push(hook.url) == [200] * 5
            network.keys = type(network.keys)(consumer_secret="forged")
            network.dm(anna, "forged")
            assert network.push(hook.url) == [401]
            assert not network.challenge(hook.url)
        events = [event for delivery in heard for event in x.parse(delivery)]
        kinds = [event.kind if event.event == "updated" else event.event for event in events]
        assert kinds == ["received", "received", "edited", "received", "received", "deleted"]
        first, again, edited = events[:3]
        assert first.external_id == again.external_id == edited.targets[0]
        assert events[4].parts[0].what == "encrypted"


def test_what_nobody_answered_stays_on_its_way():
    """Before, the first that was not answered ended the delivery with an error, as no other emulator does."""
    network = Network()
    for text in ("@shop One", "@shop Two"):
        network.post(network.join("ann"), text)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/x"
    assert network.push(url) == [0, 0]
    assert [body["data"]["payload"]["text"] for body in network.pending] == ["@shop One", "@shop Two"]


def test_what_happens_while_it_delivers_is_not_lost():
    """Before, what was queued while the last delivery was answered could be thrown away."""
    network = Network()
    ann = network.join("ann")
    network.post(ann, "@shop One")

    async def take(_: Request) -> Response:
        if len(network.posts) == 1:
            network.post(ann, "@shop Two")
        return Response(status_code=503)

    with Served(Starlette(routes=[Route("/x", take, methods=["POST"])])) as hook:
        assert network.push(f"{hook.url}/x") == [503]
    assert [body["data"]["payload"]["text"] for body in network.pending] == ["@shop One", "@shop Two"]
