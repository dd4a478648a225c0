"""Over real sockets: the emulated Page pushes, the channel admits and reads; the channel sends, the person sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.emulators.graph import Fault, Page
from omnichannel.emulators.serving import Served
from omnichannel.errors import Forged
from omnichannel.http import HttpSender
from omnichannel.model import (
    Address,
    Attachment,
    Choice,
    Deferred,
    Event,
    Option,
    Party,
    Receipt,
    Refused,
    Sent,
    Text,
    Unknown,
)
from tests.channels.messenger.given import MORNING, PAGE, TOKEN, channel, draft


@dataclass
class Hook:
    """A receiver of webhooks: admit, keep, read. `refusing` so many times before it takes one."""

    page: Messenger
    refusing: int = 0
    bodies: list[bytes] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        delivery = Delivery(
            method=request.method,
            url=str(request.url),
            headers=tuple(request.headers.items()),
            body=await request.body(),
        )
        if self.refusing:
            self.refusing -= 1
            return Response(status_code=503)
        try:
            ack = self.page.admit(delivery)
        except Forged:
            return Response(status_code=401)
        if ack.keep:
            self.bodies.append(delivery.body)
            self.events += self.page.parse(delivery)
        return Response(ack.body, ack.status, dict(ack.headers))


@dataclass
class Stage:
    graph: Page
    hook: Hook
    page: Messenger
    url: str

    def sent(self, *drafts: object, page: Messenger | None = None) -> list[Receipt]:
        async def send() -> list[Receipt]:
            one = page or self.page
            sender = HttpSender(one)
            try:
                calls = [call for draft in drafts for call in one.render(draft)]
                return [one.read(call, await sender.send(call)) for call in calls]
            finally:
                await sender.close()

        return asyncio.run(send())

    def pushed(self, **how: int) -> list[Event]:
        before = len(self.hook.events)
        asyncio.run(self.graph.push(**how))
        return self.hook.events[before:]


@contextmanager
def stage(**how: object) -> Iterator[Stage]:
    graph = Page(page_id=PAGE, clock=lambda: MORNING, **how)
    with Served(graph.app) as api:
        page = channel(host=api.url)
        hook = Hook(page)
        with Served(Starlette(routes=[Route("/hook", hook.take, methods=["GET", "POST"])])) as served:
            asyncio.run(graph.subscribe(served.url + "/hook"))
            yield Stage(graph, hook, page, served.url + "/hook")


def to(graph: Page, who: str, *parts: object, **more: object):
    person = graph.person(who)
    there = Party(address=Address(kind="messenger", scope=PAGE, value=person.psid))
    return draft(*parts, to=there, heard_at=person.heard_at, **more)


def test_what_a_person_does_arrives_as_they_did_it() -> None:
    with stage() as on:
        mid = on.graph.write("Anna", "Où est محمد? 👍 https://x/y")
        on.graph.write("Anna", attachment="image", url="https://x/p.jpg")
        on.graph.write("Anna", "Red", tap="P1", reply_to=mid)
        on.graph.tap("Anna", "Get started", "START", ref=TOKEN)
        on.graph.follow("Anna", TOKEN)
        on.graph.react("Anna", mid, "❤")
        on.graph.react("Anna", mid, "❤", take_back=True)
        on.graph.edit("Anna", mid, "Where?")
        on.graph.unsend("Anna", mid)
        found = on.pushed()
        assert [one.event if one.event == "received" else one.kind for one in found] == [
            "received", "received", "received", "received", "referral", "reaction", "reaction", "edited", "deleted",
        ]  # fmt: skip
        assert found[0].text == "Où est محمد? 👍 https://x/y"
        assert found[0].sent_at == MORNING
        assert found[2].reply_to == found[5].targets[0] == mid
        assert found[3].tokens == found[4].tokens == (TOKEN,)
        assert {one.thread for one in found} == {on.graph.person("Anna").psid}
        assert b"\\u0645" in on.hook.bodies[0]
        assert b"https:\\/\\/x" in on.hook.bodies[0]
        seen = on.graph.thread("Anna")[0]
        assert (seen.text, seen.deleted, seen.reactions) == ("Where?", True, [])


def test_several_items_in_one_body_and_the_same_body_again() -> None:
    with stage() as on:
        for number in range(5):
            on.graph.write(f"person {number}", str(number))
        found = on.pushed(together=3, times=2)
        assert [one.text for one in found] == list("012012") + list("3434")
        assert len({one.external_id for one in found}) == 5
        assert on.pushed() == []


def test_what_is_not_taken_comes_again_until_it_is() -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        on.hook.refusing = 2
        assert on.pushed() == on.pushed() == []
        assert [one.text for one in on.pushed()] == ["Hi"]


def test_a_receiver_that_is_gone_loses_nothing() -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        on.graph.hook.url = "http://127.0.0.1:1/hook"
        assert asyncio.run(on.graph.push()) == [0]
        on.graph.hook.url = on.url
        assert [one.text for one in on.pushed()] == ["Hi"]


def test_another_apps_secret_is_not_accepted() -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        on.graph.hook.app_secret = "another"
        assert asyncio.run(on.graph.push()) == [401]
        assert on.hook.events == []


def test_a_hook_that_does_not_know_the_verify_token_cannot_subscribe() -> None:
    with stage() as on:
        on.graph.hook.verify_token = "another"
        with pytest.raises(ValueError, match="HTTP 401"):
            asyncio.run(on.graph.subscribe(on.url))


def test_what_we_send_is_what_the_person_sees() -> None:
    with stage() as on:
        mid = on.graph.write("Anna", "Hi")
        options = (Option(title="Yes"), Option(title="No"))
        parts = (
            Attachment(name="a.png", media_type="image/png", content=b"\r\n--\x00"),
            Text(text="Hello, Anna 👍"),
            Choice(options=options),
        )
        receipts = on.sent(to(on.graph, "Anna", *parts, reply_to=mid))
        picture, words = on.graph.thread("Anna")[1:]
        assert receipts == [Sent(external_id=picture.mid), Sent(external_id=words.mid)]
        assert (picture.attachment, picture.content, picture.reply_to) == ("image", b"\r\n--\x00", mid)
        assert (words.text, words.quick_replies, words.metadata) == (
            "Hello, Anna 👍",
            ("Yes", "No"),
            "0199-draft/1",
        )


def test_the_echo_proves_our_own_call_even_before_the_answer_to_it() -> None:
    with stage(echo="before") as on:
        on.graph.write("Anna", "Hi")
        on.pushed()
        calls = on.page.render(to(on.graph, "Anna", Text(text="Hello")))
        (receipt,) = on.sent(to(on.graph, "Anna", Text(text="Hello")))
        echo = on.hook.events[-1]
        assert (echo.direction, echo.correlator) == ("outbound", calls[0].correlator)
        assert echo.external_id == receipt.external_id
        assert echo.app == str(on.graph.app_id)


def test_an_answer_that_was_lost_is_unknown_and_the_echo_settles_it() -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        on.pushed()
        on.graph.faults = [Fault(502, taken=True)]
        (receipt,) = on.sent(to(on.graph, "Anna", Text(text="Hello")))
        assert isinstance(receipt, Unknown)
        (echo,) = on.pushed()
        assert (echo.correlator, echo.text) == ("0199-draft/0", "Hello")
        assert len(on.graph.thread("Anna")) == 2


def test_an_echo_of_an_attachment() -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        on.pushed()
        on.sent(to(on.graph, "Anna", Attachment(media_type="video/mp4", url="https://x/v.mp4")))
        (echo,) = on.pushed()
        assert echo.parts[0].media_type == "video/*"


def test_receipts_from_the_person_name_what_was_sent() -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        (receipt,) = on.sent(to(on.graph, "Anna", Text(text="Hello")))
        on.graph.delivered("Anna")
        on.graph.read("Anna")
        delivered, read = on.pushed()[-2:]
        assert (delivered.status, delivered.targets, delivered.until) == (
            "delivered",
            (receipt.external_id,),
            MORNING,
        )
        assert (read.status, read.until) == ("read", MORNING)


def refusal(receipts: list[Receipt]) -> str:
    (only,) = receipts
    assert isinstance(only, Refused)
    return only.code


def test_the_platform_has_the_last_word() -> None:
    """What was rendered in time may come too late; every refusal is the platform's own."""
    with stage() as on:
        on.graph.write("Anna", "Hi")
        anna = on.graph.person("Anna")
        in_time = to(on.graph, "Anna", Text(text="Hello"))
        anna.heard_at = MORNING - timedelta(hours=25)
        assert refusal(on.sent(in_time)) == "window_closed"

        late = to(on.graph, "Anna", Text(text="Hello"))
        helped = channel(host=on.page.edge.removesuffix("/v26.0"), human_agent=True)
        assert isinstance(on.sent(late, page=helped)[0], Sent)
        on.graph.approved.clear()
        assert refusal(on.sent(late, page=helped)) == "config"

        anna.heard_at = MORNING
        anna.blocked = True
        assert refusal(on.sent(in_time)) == "recipient_unavailable"
        stranger = to(
            on.graph,
            "Bo",
            Text(text="Hello"),
        )
        on.graph.people.clear()
        assert refusal(on.sent(stranger.model_copy(update={"heard_at": MORNING}))) == "recipient_unavailable"
        other = channel(host=on.page.edge.removesuffix("/v26.0"), page_token="other")
        assert refusal(on.sent(in_time, page=other)) == "reauth"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(400, 613, headers={"retry-after": "9"}), Deferred),
        (Fault(400, 10, 2018300), Refused),
        (Fault(500, 2, transient=True), Unknown),
        (Fault(503), Unknown),
    ],
)
def test_scripted_faults(fault: Fault, outcome: type) -> None:
    with stage() as on:
        on.graph.write("Anna", "Hi")
        on.graph.faults = [fault]
        (receipt,) = on.sent(to(on.graph, "Anna", Text(text="Hello")))
        assert isinstance(receipt, outcome)
        assert len(on.graph.thread("Anna")) == 1


BAD_SENDS = [
    ({"messaging_type": "RESPONSE", "message": {}}, 100),
    ({"messaging_type": "RESPONSE", "message": {"text": "x" * 2001}}, 100),
    ({"messaging_type": "RESPONSE", "message": {"text": "x", "quick_replies": [{"title": "x" * 21}]}}, 100),
    (
        {
            "messaging_type": "RESPONSE",
            "message": {"attachment": {"type": "fax", "payload": {"url": "https://x"}}},
        },
        100,
    ),
    ({"messaging_type": "RESPONSE", "message": {"attachment": {"type": "file", "payload": {}}}}, 100),
    ({"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE", "message": {"text": "x"}}, 100),
    ({"messaging_type": "MESSAGE_TAG", "tag": "OTHER", "message": {"text": "x"}}, 100),
    ({"message": {"text": "x"}}, 100),
]


@pytest.mark.parametrize(("fields", "code"), BAD_SENDS)
def test_the_emulated_platform_refuses_what_the_real_one_does(fields: dict, code: int) -> None:
    graph = Page(page_id=PAGE)
    graph.write("Anna", "Hi")
    body = fields | {"recipient": {"id": graph.person("Anna").psid}}
    assert raw(graph, json.dumps(body).encode())["error"]["code"] == code
    assert len(graph.thread("Anna")) == 1


def test_the_emulated_platform_refuses_what_is_no_json_and_other_pages() -> None:
    graph = Page(page_id=PAGE)
    assert raw(graph, b"text")["error"]["code"] == 100
    assert raw(graph, b"[]")["error"]["code"] == 100
    assert raw(graph, b"{}", page="999")["error"]["error_subcode"] == 33


def test_the_emulated_platform_refuses_files_that_are_too_large() -> None:
    graph = Page(page_id=PAGE)
    graph.write("Anna", "Hi")
    content = Attachment(media_type="video/mp4", content=b"x" * 25 * 1024 * 1024)
    (call,) = channel().render(to(graph, "Anna", content, created_at=graph.clock()))
    kind = dict(call.headers)["content-type"]
    found = raw(graph, call.body.replace(b"xxx", b"xxxy", 1), kind=kind)
    assert found["error"]["error_subcode"] == 2018074


def raw(graph: Page, body: bytes, *, page: str = PAGE, kind: str = "application/json") -> dict:
    async def post() -> dict:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(graph.app)) as client:
            headers = {"authorization": "Bearer page-token", "content-type": kind}
            return (
                await client.post(f"http://graph/v26.0/{page}/messages", content=body, headers=headers)
            ).json()

    return asyncio.run(post())
