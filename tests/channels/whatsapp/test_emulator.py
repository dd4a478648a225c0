"""The emulated Cloud API refuses what the real one does, and brings again what was not taken."""

from __future__ import annotations

import httpx
import pytest

from omnichannel.emulators.serving import Served
from omnichannel.emulators.whatsapp import Approved, Cloud
from omnichannel.tls import trusted


def asked(cloud: Cloud, path: str, json: object = None, **how: object) -> dict:
    headers = {"authorization": f"Bearer {cloud.token}"} | dict(how.pop("headers", {}))
    method = "POST" if json is not None or "content" in how else "GET"
    url = f"{cloud.url}/v26.0/{path}"
    return httpx.request(
        method, url, json=json, headers=headers, trust_env=False, verify=trusted(), **how
    ).json()


def said(cloud: Cloud, **fields: object) -> int:
    """The code of the error that a send gets; 0 if it is taken."""
    body = {"messaging_product": "whatsapp", "to": f"+{cloud.person('Ann').wa_id}", **fields}
    answer = asked(cloud, f"{cloud.number_id}/messages", body)
    return answer.get("error", {}).get("code", 0)


def interactive(kind: str, body: str = "x", **action: object) -> dict:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}


def buttons(*titles: str) -> dict:
    return interactive("button", buttons=[{"reply": {"id": title[:1], "title": title}} for title in titles])


def template(name: str, *values: str, header: dict | None = None) -> dict:
    parameters = [{"type": "text", "text": value} for value in values]
    components = [{"type": "body", "parameters": parameters}]
    components += [{"type": "header", "parameters": [header]}] if header else []
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": "en"}, "components": components},
    }


BAD = [
    ({"type": "text", "text": {"body": ""}}, 100),
    ({"type": "text", "text": {"body": "x" * 4097}}, 100),
    ({"type": "image", "image": {"id": "404"}}, 131053),
    ({"type": "image", "image": {"link": "https://x/y.jpg", "caption": "x" * 1025}}, 100),
    (buttons("a", "b", "c", "d"), 131009),
    (buttons("a" * 21), 100),
    (buttons("aa", "ab"), 131009),
    (interactive("button", body="x" * 1025, buttons=[]), 100),
    (interactive("list", sections=[{"rows": [{"id": "1", "title": "a"}]}]), 100),
    (interactive("cta_url", parameters={"display_text": ""}), 100),
    ({"type": "location", "location": {"latitude": 1}}, 131009),
    ({"type": "fax"}, 131009),
    ({"type": "contacts", "contacts": [{"name": {"formatted_name": "x"}}]}, 100),
    (template("hello", "one"), 132000),
    (template("hello", "one", "two", header={"type": "image", "image": {"id": "404"}}), 131053),
    (template("unknown"), 132001),
    (template("paused"), 132015),
    ({"to": "+1", "type": "text", "text": {"body": "x"}}, 131026),
    ({"to": "US.13491208655302741901", "type": "text", "text": {"body": "x"}}, 131026),
    ({"messaging_product": "sms"}, 100),
    ({"status": "read", "message_id": "wamid.unknown"}, 131009),
]


@pytest.mark.parametrize(("fields", "code"), BAD)
def test_what_is_refused(fields: dict, code: int) -> None:
    with Cloud() as cloud:
        cloud.templates.append(Approved("paused", "x", status="PAUSED"))
        cloud.write("Ann", "Hi")
        assert said(cloud, **fields) == code
        assert cloud.shown("Ann") == []


def test_who_never_wrote_or_left_is_not_reached() -> None:
    with Cloud() as cloud:
        text = {"type": "text", "text": {"body": "x"}}
        assert said(cloud, **text) == 131047
        cloud.write("Ann", "Hi")
        assert said(cloud, **text) == 0
        cloud.person("Ann").absent = True
        assert said(cloud, **text) == 131026


def test_other_tokens_numbers_and_bodies() -> None:
    with Cloud() as cloud:
        assert asked(cloud, cloud.number_id, headers={"authorization": "Bearer x"})["error"]["code"] == 190
        assert asked(cloud, "999/messages", {})["error"]["code"] == 100
        assert asked(cloud, f"{cloud.number_id}/messages", content=b"x")["error"]["code"] == 100
        assert asked(cloud, f"{cloud.number_id}/messages", [])["error"]["code"] == 100
        assert asked(cloud, "999")["error"]["code"] == 100
        assert asked(cloud, f"{cloud.waba_id}/unknown_edge") == {"data": []}


@pytest.mark.parametrize(
    ("fields", "content", "message"),
    [
        ({"messaging_product": "whatsapp", "type": "image/gif"}, b"GIF", "one of the following types"),
        ({"type": "image/png"}, b"x", "required"),
        ({"messaging_product": "whatsapp", "type": "image/png"}, b"", "required"),
    ],
)
def test_uploads_that_are_refused(fields: dict, content: bytes, message: str) -> None:
    with Cloud() as cloud:
        answer = _upload(cloud, fields, {"file": ("a", content)})
        assert message in answer["error"]["message"]


def _upload(cloud: Cloud, fields: dict, files: dict) -> dict:
    url = f"{cloud.url}/v26.0/{cloud.number_id}/media"
    headers = {"authorization": f"Bearer {cloud.token}"}
    return httpx.post(
        url, data=fields, files=files, headers=headers, trust_env=False, verify=trusted()
    ).json()


def test_a_picture_that_is_too_large_is_refused_when_it_is_sent() -> None:
    with Cloud() as cloud:
        cloud.write("Ann", "Hi")
        media = cloud.keep("image/png", b"x" * (5 * 1024 * 1024 + 1))
        assert said(cloud, type="image", image={"id": media}) == 131053


def test_bytes_are_for_the_token_alone() -> None:
    with Cloud() as cloud:
        url = f"{cloud.url}/file/{cloud.keep('image/png', b'x')}"
        assert httpx.get(url, trust_env=False, verify=trusted()).status_code == 404
        assert (
            httpx.get(
                url, headers={"authorization": f"Bearer {cloud.token}"}, trust_env=False, verify=trusted()
            ).content
            == b"x"
        )


async def _nothing(scope: dict, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_hook_that_does_not_answer_the_challenge_is_refused() -> None:
    with Cloud() as cloud, Served(_nothing) as other, pytest.raises(ValueError, match="challenge"):
        cloud.connect(other.url)


def test_what_is_not_taken_comes_again() -> None:
    with Cloud() as cloud:
        cloud.write("Ann", "Hi")
        cloud.hook.url = "http://127.0.0.1:1/hook"
        assert cloud.push() == cloud.push() == [0]
        with Served(_nothing) as hook:
            cloud.hook.url = hook.url
            assert cloud.push() == [200]
            assert cloud.push() == []
