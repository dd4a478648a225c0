"""Who somebody is, and whether the account is well: asked of the emulated Graph API over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from omnichannel.channel import Finding
from omnichannel.channels.messenger import Messenger
from omnichannel.channels.messenger.link.profile import look_up
from omnichannel.channels.messenger.parse import FIELDS
from omnichannel.emulators.graph import Page
from omnichannel.emulators.serving import Served
from omnichannel.model import Address, Party
from omnichannel.tls import trusted
from tests.channels.messenger.given import PAGE, channel


def looked_up(graph: Page, psid: str) -> Party:
    async def ask(page: Messenger) -> Party:
        async with httpx.AsyncClient(trust_env=False, verify=trusted()) as client:
            return await look_up(page, psid, client)

    with Served(graph.app) as api:
        return asyncio.run(ask(channel(host=api.url)))


@pytest.mark.parametrize(
    ("approved", "wrote", "name"),
    [
        ({"name", "first_name", "last_name"}, False, "Anna de Vries"),
        ({"name"}, False, "Anna de Vries"),
        ({"first_name", "last_name"}, False, "Anna de Vries"),
        ({"first_name"}, False, "Anna"),
        (set(), True, "Anna de Vries"),
        (set(), False, ""),
    ],
)
def test_a_name_is_found_whichever_fields_are_refused(approved: set[str], wrote: bool, name: str) -> None:
    """One refused field refuses the whole call; a conversation names its participants all the same."""
    graph = Page(page_id=PAGE)
    graph.approved = approved
    psid = graph.person("Anna de Vries").psid
    if wrote:
        graph.write("Anna de Vries", "Hi")
    found = looked_up(graph, psid)
    assert (found.name, found.address.scope, found.address.value) == (name, PAGE, psid)


def test_somebody_who_is_not_there_has_no_name_and_is_no_error() -> None:
    assert looked_up(Page(page_id=PAGE), "404").name == ""
    assert looked_up(Page(page_id=PAGE, page_token="another"), "404").name == ""


def test_the_channel_looks_up_its_own_people_only() -> None:
    graph = Page(page_id=PAGE)
    anna = Address(kind="messenger", scope=PAGE, value=graph.person("Anna de Vries").psid)
    asked = [
        anna,
        anna.model_copy(update={"value": "404"}),
        anna.model_copy(update={"scope": "999"}),
        anna.model_copy(update={"kind": "x"}),
        anna.model_copy(update={"value": "user_ref:V-1"}),
    ]

    async def ask(page: Messenger) -> list[Party | None]:
        return [await page.look_up(address) for address in asked]

    with Served(graph.app) as api:
        found = asyncio.run(ask(channel(host=api.url)))
    assert Messenger.can.profiles
    assert found == [Party(address=anna, name="Anna de Vries"), None, None, None, None]


def checked(graph: Page, *, page_id: str = PAGE) -> Sequence[Finding]:
    with Served(graph.app) as api:
        return asyncio.run(channel(host=api.url, page_id=page_id).check())


@contextmanager
def answering(**answers: Response) -> Iterator[str]:
    async def me(_: object) -> Response:
        return answers["me"]

    async def apps(_: object) -> Response:
        return answers["apps"]

    routes = [Route("/v26.0/me", me), Route(f"/v26.0/{PAGE}/subscribed_apps", apps)]
    with Served(Starlette(routes=routes)) as api:
        yield api.url


def test_a_well_account() -> None:
    graph = Page(page_id=PAGE)
    graph.subscribed = list(FIELDS)
    found = checked(graph)
    assert [one.ok for one in found] == [True, True]
    assert "Shop" in found[0].what


def test_subscribing_with_the_cure_makes_it_well() -> None:
    """The cure that is printed is a call that works."""
    graph = Page(page_id=PAGE)
    (_, missing) = checked(graph)
    assert not missing.ok
    assert "messages" in missing.what
    method, path = missing.cure.split(" ")

    async def cure(url: str) -> None:
        async with httpx.AsyncClient(trust_env=False, verify=trusted()) as client:
            await client.request(method, f"{url}/v26.0{path}", headers={"authorization": "Bearer page-token"})

    with Served(graph.app) as api:
        asyncio.run(cure(api.url))
    assert all(one.ok for one in checked(graph))


def test_a_token_that_is_not_accepted() -> None:
    (found,) = checked(Page(page_id=PAGE, page_token="another"))
    assert not found.ok
    assert "190" in found.what
    assert "new token" in found.cure
    assert "page-token" not in found.model_dump_json()


def test_a_token_of_another_page() -> None:
    (found,) = checked(Page(page_id=PAGE), page_id="999")
    assert not found.ok
    assert f"({PAGE}), page_id is 999" in found.what


def test_a_host_that_does_not_answer() -> None:
    (found,) = asyncio.run(channel(host="http://127.0.0.1:1").check())
    assert not found.ok
    assert "ConnectError" in found.what


def test_an_app_that_requires_a_proof() -> None:
    error = {"code": 100, "message": "API calls from the server require an appsecret_proof argument"}
    with answering(me=JSONResponse({"error": error}, 400)) as url:
        (found,) = asyncio.run(channel(host=url).check())
    assert "Require app secret" in found.cure


def test_a_proxy_in_between() -> None:
    with answering(me=PlainTextResponse("blocked by policy", 403)) as url:
        (found,) = asyncio.run(channel(host=url).check())
    assert "blocked by policy" in found.what


@pytest.mark.parametrize(
    ("apps", "cure"),
    [
        (JSONResponse({"error": {"code": 200, "message": "no"}}, 403), "pages_manage_metadata"),
        (JSONResponse({"error": {"code": 190, "message": "expired"}}, 401), "Make a new token"),
        (JSONResponse({"data": [{"id": "1"}, "odd"]}), "subscribed_fields"),
        (
            JSONResponse({"data": [{"subscribed_fields": [{"name": one} for one in FIELDS[1:]]}]}),
            "subscribed_fields",
        ),
    ],
)
def test_fields_that_cannot_be_seen_or_are_missing(apps: Response, cure: str) -> None:
    with answering(me=JSONResponse({"id": PAGE, "name": "Shop"}), apps=apps) as url:
        (_, found) = asyncio.run(channel(host=url).check())
    assert not found.ok
    assert cure in found.cure


def test_without_a_page_there_is_nothing_to_ask() -> None:
    (found,) = asyncio.run(Messenger.bare().check())
    assert "page_id" in found.cure
