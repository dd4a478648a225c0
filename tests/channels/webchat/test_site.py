"""The pages over real HTTP: who may ask, how much, and what of it is believed."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import httpx
import pytest

from omnichannel import Attachment, Choice, Option, Text
from omnichannel.channels.webchat.link import assets
from omnichannel.channels.webchat.link import site as site_module
from omnichannel.channels.webchat.link.asgi import Request
from omnichannel.channels.webchat.link.pages import Pages
from omnichannel.errors import Malformed, StoreError
from omnichannel.model import Card
from tests.channels.webchat.given import PNG, TOKEN, Room, login, room

EVERY_PAGE = [
    ("POST", "/messages"), ("GET", "/messages"), ("POST", "/status"), ("POST", "/continue"), ("POST", "/typing"),
    ("GET", "/events"), ("GET", "/files/x/0"),
]  # fmt: skip


async def answered(on: Room, *parts: Any) -> str:
    """A visitor who wrote once and was answered with these parts; their token."""
    token = on.enter()["token"]
    on.say(token)
    await on.inbox.work()
    (conversation,) = await on.inbox.conversations.open()
    await on.inbox.conversations.reply(conversation.id, parts or "Hi")
    await on.inbox.work()
    return token


def seen(on: Room, token: str) -> list[dict[str, Any]]:
    return on.ask("GET", "/messages", token=token).json()["messages"]


# ---- the script


async def test_the_widget_is_one_small_script() -> None:
    """Under 15 KB as it travels; every site may load it; a browser that has it is not sent it again."""
    async with room() as on:
        found = on.ask("GET", "/widget.js", origin=None)
        assert found.headers["content-type"] == "text/javascript; charset=utf-8"
        assert found.headers["access-control-allow-origin"] == "*"
        again = on.ask("GET", "/widget.js", headers={"if-none-match": found.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert len(gzip.compress(found.content)) < 15_000
    assert b'"use strict"' in found.content


def test_the_widget_never_makes_markup_of_what_was_said() -> None:
    """None of the ways in which text becomes markup or code is in it; the strictest policies allow all of it."""
    script = assets.script().decode()
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "DOMParser",
        "createContextualFragment",
        "srcdoc",
        'setTimeout("',
        "<style",
    ):
        assert way not in script, way


def test_every_language_has_every_word() -> None:
    words = json.loads(
        (assets.files("omnichannel.channels.webchat") / "widget" / "words.json").read_text("utf-8")
    )
    assert {"en", "nl"} <= set(words)
    assert all(each.keys() == words["en"].keys() and all(each.values()) for each in words.values())
    codes = {code for _, code in site_module._REFUSED.values()} | {"too_many"}
    assert codes - {"not_found"} <= set(words["en"])


# ---- origins


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "{origin}.evil.example", "{origin}/", "https{rest}", "x{origin}"],
)
async def test_another_site_may_ask_nothing(origin: str) -> None:
    """The origin has to be one of ours to the letter; a browser can then not read even the refusal."""
    async with room() as on:
        named = origin.format(origin=on.origin, rest=on.origin.removeprefix("http"))
        for method, path in [("POST", "/sessions"), ("OPTIONS", "/sessions"), *EVERY_PAGE]:
            found = on.ask(method, path, origin=named)
            assert (found.status_code, found.json()) == (403, {"error": "origin_not_allowed"})
            assert "access-control-allow-origin" not in found.headers


async def test_what_changes_something_has_to_name_its_origin() -> None:
    async with room() as on:
        assert on.ask("POST", "/sessions", origin=None, json={}).status_code == 403
        assert on.ask("GET", "/messages", origin=None, token=on.enter()["token"]).status_code == 200


async def test_a_preflight_allows_what_the_widget_does_and_no_cookies() -> None:
    async with room() as on:
        found = on.ask("OPTIONS", "/messages", headers={"access-control-request-method": "POST"})
        assert found.status_code == 204
        assert found.headers["access-control-allow-origin"] == on.origin
        assert "authorization" in found.headers["access-control-allow-headers"]
        assert found.headers["vary"] == "origin"
        assert "access-control-allow-credentials" not in found.headers
        assert "set-cookie" not in on.ask("POST", "/sessions", json={}).headers


# ---- who asks


@pytest.mark.parametrize(("method", "path"), EVERY_PAGE)
@pytest.mark.parametrize("token", ["", "nonsense", "e30.00"])
async def test_without_a_pass_there_is_nothing(method: str, path: str, token: str) -> None:
    async with room() as on:
        found = on.ask(method, path, token=token, json={"id": "0123456789", "text": "Hi"})
        assert (found.status_code, found.json()) == (401, {"error": "not_proven"})
        assert found.headers["access-control-allow-origin"] == on.origin


@pytest.mark.parametrize(
    "path", ["/", "", "/nothing", "/files/", "/files/x", "/files/x/y", "/files/../x/0", "/messages/more"]
)
async def test_what_is_no_page_is_not_found(path: str) -> None:
    async with room() as on:
        found = on.ask("GET", path, token=on.enter()["token"])
        assert (found.status_code, found.json()) == (404, {"error": "not_found"})


async def test_a_pass_is_never_in_an_address() -> None:
    """In an address it would end up in logs: there it is not even looked for."""
    async with room() as on:
        token = on.enter()["token"]
        assert (
            on.ask("GET", f"/messages?token={token}&access_token={token}&authorization={token}").status_code
            == 401
        )


async def test_a_browser_stays_who_it_was() -> None:
    async with room() as on:
        first = on.enter()
        again = on.enter(first["token"])
        assert again["visitor"] == first["visitor"]
        assert on.enter()["visitor"] != first["visitor"]
        assert on.enter("nonsense.00")["visitor"] != first["visitor"]


async def test_logging_in_keeps_the_browser_and_nobody_inherits_it() -> None:
    """Anonymous, then Anna, then Anna again; Ben on the same device is somebody else, and so is nobody."""
    async with room() as on:
        anonymous = on.enter()
        anna = on.enter(anonymous["token"], jwt=login("anna"))
        assert (anna["visitor"], anna["user"]) == (anonymous["visitor"], "anna")
        assert on.enter(anna["token"], jwt=login("anna"))["visitor"] == anna["visitor"]
        ben = on.enter(anna["token"], jwt=login("ben"))
        nobody = on.enter(anna["token"])
        assert len({anna["visitor"], ben["visitor"], nobody["visitor"]}) == 3
        assert (ben["user"], nobody["user"]) == ("ben", "")


async def test_a_login_that_is_not_good_opens_nothing() -> None:
    async with room() as on:
        for token in ("nonsense", login(aud="other"), login(key="some other key, which is long enough")):
            found = on.ask("POST", "/sessions", json={"jwt": token})
            assert (found.status_code, found.json()) == (401, {"error": "not_proven"})


async def test_a_users_pass_ends_with_the_login() -> None:
    async with room() as on:
        token = on.enter(jwt=login())["token"]
        on.clock.advance(minutes=60)
        assert on.say(token).status_code == 202
        on.clock.advance(minutes=2)
        assert on.say(token, own="another-id").status_code == 401
        # Which of the shop's users it was is still told: the same one goes on, another begins anew.
        assert on.enter(token, jwt=login(exp=on.clock.now().timestamp() + 60))["user"] == "4711"


async def test_a_user_sees_the_talk_on_every_device_and_others_never() -> None:
    async with room() as on:
        phone = on.enter(jwt=login("anna"))["token"]
        on.say(phone, "From my phone")
        await on.inbox.work()
        laptop, ben = on.enter(jwt=login("anna"))["token"], on.enter(jwt=login("ben"))["token"]
        assert [one["parts"][0]["text"] for one in seen(on, laptop)] == ["From my phone"]
        assert seen(on, ben) == []


# ---- what is taken


async def test_a_message_sent_twice_is_stored_once() -> None:
    """The answer to the first may have been lost: the widget sends it again under the same id."""
    async with room() as on:
        token = on.enter()["token"]
        assert [on.say(token).status_code for _ in range(3)] == [202] * 3
        await on.inbox.work()
        assert await on.texts() == [("inbound", "Hello")]


async def test_the_same_id_from_two_browsers_is_two_messages() -> None:
    async with room() as on:
        for text in ("one", "two"):
            on.say(on.enter()["token"], text)
        await on.inbox.work()
        assert sorted(await on.texts()) == [("inbound", "one"), ("inbound", "two")]


async def test_nobody_says_who_they_are_or_when_it_was() -> None:
    """What only the page knows cannot be brought along."""
    async with room() as on:
        token = on.enter()["token"]
        forged = {
            "visitor": "v" + "b" * 26,
            "user": {"id": "4711"},
            "at": "1999-01-01T00:00:00Z",
            "type": "status",
        }
        assert on.say(token, **forged).status_code == 202
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        (message,) = await on.inbox.conversations.messages(conversation.id)
        assert message.author
        assert message.author.address.value == on.enter(token)["visitor"]
        assert message.sent_at == on.clock.now()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "not_readable"),
        (b"[]", 400, "not_readable"),
        (b"{", 400, "not_readable"),
        (b"[" * 9000, 400, "not_readable"),
        (b'{"id":"0123456789"}', 400, "not_readable"),
        (b'{"id":"0123456789","text":"%s"}' % (b"x" * 4001), 400, "not_readable"),
        (b'{"id":"0123456789","text":"%s"}' % (b"x" * 20_000), 413, "too_large"),
    ],
)
async def test_what_cannot_be_read_is_not_kept(content: bytes, status: int, code: str) -> None:
    async with room(takes=[]) as on:
        found = on.ask("POST", "/messages", token=on.enter()["token"], content=content)
        assert (found.status_code, found.json()) == (status, {"error": code})
        assert await on.inbox.read() == 0


async def test_a_body_without_a_length_has_a_limit_too() -> None:
    async with room(takes=[]) as on:
        token = on.enter()["token"]
        found = on.ask("POST", "/messages", token=token, content=iter([b"x" * 10_000] * 3))
        assert found.status_code == 413


async def test_half_a_request_is_nothing() -> None:
    """A browser that goes away in the middle of a sentence has said nothing."""
    messages = iter(
        [{"type": "http.request", "body": b'{"id"', "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(messages)

    with pytest.raises(Malformed, match="went away"):
        await Request({"method": "POST", "path": "/chat/messages", "headers": []}, receive).json(100)


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.png", PNG, 202),
        ("a.html", b"<script>alert(1)</script>", 415),
        ("a.png", b"<svg onload=x>", 415),
        ("a.svg", PNG, 415),
        ("a.txt", b"x" * 3000, 413),
    ],
)
async def test_a_file_is_taken_by_its_bytes_or_not_at_all(name: str, content: bytes, status: int) -> None:
    async with room(max_bytes=2000) as on:
        token = on.enter()["token"]
        found = on.say(token, "", files=[{"name": name, "data": base64.b64encode(content).decode()}])
        assert found.status_code == status
        await on.inbox.work()
        assert len(await on.texts()) == (status == 202)


async def test_the_bytes_of_a_file_reach_whoever_answers() -> None:
    async with room() as on:
        on.say(on.enter()["token"], "See", files=[{"name": "a.png", "data": base64.b64encode(PNG).decode()}])
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        (message,) = await on.inbox.conversations.messages(conversation.id)
        file = message.parts[1]
        assert isinstance(file, Attachment)
        assert await on.inbox.attachment(message.id, file) == PNG


async def test_only_what_was_offered_can_be_chosen() -> None:
    """Programs act on values: one that we never gave this visitor is nobody's choice."""
    buy = Card(
        title="A chair",
        options=(Option(title="Buy", value="buy:1"), Option(title="Look", url="https://a.nl/")),
    )
    async with room() as on:
        token = await answered(on, Text(text="Which?"), Choice(options=(Option(title="Red"),)), buy)
        for number, (title, value, status) in enumerate(
            [("Red", "Red", 202), ("Buy", "buy:1", 202), ("Buy", "buy:2", 415), ("Look", "Look", 415)]
        ):
            found = on.say(token, "", own=f"choice-number-{number}", choice={"title": title, "value": value})
            assert found.status_code == status
        assert on.say(on.enter()["token"], "", choice={"title": "Red", "value": "Red"}).status_code == 415


async def test_a_status_is_of_the_visitors_own_messages() -> None:
    """Somebody else's message cannot be marked as read, whoever knows its id."""
    async with room() as on:
        token = await answered(on)
        (_, ours) = seen(on, token)
        told = {"id": "0123456789", "status": "read", "messages": [ours["id"], "0199-other"]}
        stranger = on.ask("POST", "/status", token=on.enter()["token"], json=told)
        assert (stranger.status_code, await on.inbox.read()) == (200, 0)
        assert on.ask("POST", "/status", token=token, json=told).status_code == 202
        await on.inbox.work()
        (conversation,) = await on.inbox.conversations.open()
        answer = (await on.inbox.conversations.messages(conversation.id))[-1]
        assert [sending.status for sending in answer.sendings] == ["read"]
        assert on.ask("POST", "/status", token=token, json=told | {"status": "failed"}).status_code == 400


async def test_typing_is_seen_and_not_stored() -> None:
    async with room() as on:
        session = on.enter()
        here = {session["visitor"]: True, "v" + "z" * 26: False}
        assert on.ask("POST", "/typing", token=session["token"], json={}).status_code == 204
        for value, typing in here.items():
            address = on.chat.own_address.model_copy(update={"value": value})  # type: ignore[union-attr]
            assert on.chat.is_typing(address, on.clock.now()) is typing
        on.clock.advance(seconds=7)
        assert not on.chat.is_typing(
            on.chat.own_address.model_copy(update={"value": session["visitor"]}), on.clock.now()
        )  # type: ignore[union-attr]
        assert await on.inbox.read() == 0


async def test_what_could_not_be_kept_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The widget hears 503 in a form that it can read, and keeps the message."""

    async def full(self: object, value: object) -> None:
        raise StoreError("the disk is full")

    async with room() as on:
        token = on.enter()["token"]
        with monkeypatch.context() as trouble:
            trouble.setattr(Pages, "_take", full)
            found = on.say(token)
        assert (found.status_code, found.json()) == (503, {"error": "try_again"})
        assert found.headers["access-control-allow-origin"] == on.origin
        assert found.headers["retry-after"] == "5"


# ---- what is shown


async def test_files_of_ours_are_for_their_visitor_and_never_run() -> None:
    page = Attachment(name="a.html", media_type="text/html", content=b"<script>alert(1)</script>")
    picture = Attachment(name="a.png", media_type="image/png", content=PNG)
    async with room() as on:
        token = await answered(on, Text(text="See"), page, picture)
        message = seen(on, token)[-1]
        assert [part.get("index") for part in message["parts"]] == [None, 1, 2]
        found = on.ask("GET", f"/files/{message['id']}/1", token=token)
        assert found.content == page.content
        assert found.headers["content-type"] == "application/octet-stream"
        assert found.headers["content-disposition"] == "attachment"
        assert found.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in found.headers["content-security-policy"]
        assert on.ask("GET", f"/files/{message['id']}/2", token=token).headers["content-type"] == "image/png"
        for stranger, where in ((on.enter()["token"], "1"), (token, "0"), (token, "3")):
            assert on.ask("GET", f"/files/{message['id']}/{where}", token=stranger).status_code == 404


async def test_notes_and_what_was_never_sent_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async with room() as on:
        token = await answered(on)
        (conversation,) = await on.inbox.conversations.open()
        await on.inbox.add_agent("Ann")
        await on.inbox.conversations.note(conversation.id, "Difficult customer", agent="Ann")
        await on.inbox.conversations.reply(conversation.id, "On Thursday")
        refuse = httpx.codes.FORBIDDEN
        monkeypatch.setattr(on.chat, "read", lambda call, response: _refused(int(refuse)))
        await on.inbox.work()
        assert [one["parts"][0]["text"] for one in seen(on, token)] == ["Hello", "Hi"]


def _refused(status: int) -> Any:
    from omnichannel.model import Refused

    return Refused(code="invalid", detail=str(status))


async def test_a_cursor_that_nobody_gave_begins_anew() -> None:
    async with room() as on:
        token = await answered(on)
        whole = on.ask("GET", "/messages", token=token).json()
        for after in ("nonsense", "a,b,c", "01a200c0-1580-7004-8005-9318f2f54d43"):
            assert (
                on.ask("GET", f"/messages?after={after}", token=token).json()["messages"] == whole["messages"]
            )


async def test_a_cursor_follows_a_little_behind() -> None:
    """A message of another worker may appear with a smaller id: what is young comes again, what is old does not."""
    async with room() as on:
        token = await answered(on)
        young = on.ask("GET", "/messages", token=token).json()["cursor"]
        assert len(on.ask("GET", f"/messages?after={young}", token=token).json()["messages"]) == 2
        on.clock.advance(seconds=11)
        old = on.ask("GET", f"/messages?after={young}", token=token).json()["cursor"]
        assert on.ask("GET", f"/messages?after={old}", token=token).json()["messages"] == []


# ---- how much


async def test_a_visitor_has_a_limit_and_others_feel_nothing_of_it() -> None:
    async with room() as on:
        token, other = on.enter()["token"], on.enter()["token"]
        statuses = [on.say(token, own=f"message-number-{number}").status_code for number in range(16)]
        assert statuses == [202] * 15 + [429]
        found = on.say(token, own="message-too-many")
        assert (found.json(), found.headers["retry-after"]) == ({"error": "too_many"}, "1")
        assert "retry-after" in found.headers["access-control-expose-headers"]
        assert on.say(other).status_code == 202
        on.clock.advance(seconds=1)
        assert on.say(token, own="message-in-time").status_code == 202


async def test_new_visitors_of_one_address_have_a_limit() -> None:
    """And whoever has a pass comes in all the same."""
    async with room() as on:
        known = on.enter()["token"]
        statuses = [on.ask("POST", "/sessions", json={}).status_code for _ in range(30)]
        assert statuses == [200] * 29 + [429]
        assert on.enter(known)
        assert on.ask("POST", "/sessions", json={}).status_code == 429


async def test_behind_a_proxy_each_address_has_its_own_limit() -> None:
    async with room(proxies=1) as on:
        statuses = [
            on.ask(
                "POST", "/sessions", json={}, headers={"x-forwarded-for": f"6.6.6.6, 198.51.100.{number}"}
            ).status_code
            for number in range(35)
        ]
        assert set(statuses) == {200}


async def test_any_address_has_a_limit_of_requests() -> None:
    async with room() as on:
        statuses = [on.ask("GET", "/nothing").status_code for _ in range(122)]
        assert statuses[:120] == [404] * 120
        assert statuses[120:] == [429] * 2
        assert on.ask("GET", "/nothing").headers["access-control-allow-origin"] == on.origin
        on.clock.advance(seconds=1)
        assert on.ask("GET", "/nothing").status_code == 404


async def test_following_a_link_brings_its_token() -> None:
    async with room() as on:
        token = on.enter()["token"]
        assert (
            on.ask("POST", "/continue", token=token, json={"id": "0123456789", "token": TOKEN}).status_code
            == 202
        )
        assert on.ask("POST", "/continue", token=token, json={"id": "0123456789"}).status_code == 400
        assert await on.inbox.work() > 0
