"""One guarded door for addresses that a message named: public hosts only, credentials to their own origin only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpcore
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from omnichannel import fetching
from omnichannel.emulators.serving import Served
from omnichannel.errors import FetchError
from omnichannel.fetching import Guard, _is_public, fetch


class Files:
    """A platform with files, that remembers which credentials it was shown."""

    def __init__(self) -> None:
        self.shown: list[str | None] = []
        self.elsewhere = ""
        self.app = Starlette(
            routes=[Route("/{name}", self.give)],
        )

    async def give(self, request: Request) -> Response:
        self.shown.append(request.headers.get("authorization"))
        name = request.path_params["name"]
        if name == "to":
            return RedirectResponse(self.elsewhere)
        if name == "round":
            return RedirectResponse("/round")
        if name.isdigit():
            return Response("no", int(name))
        if name == "nowhere":
            return Response(status_code=302, headers={"location": self.elsewhere})
        if name == "endless":
            return StreamingResponse(iter([b"x" * 1000] * 1000))
        if name == "slow":
            await asyncio.sleep(30)
        return Response(name.encode())


@pytest.fixture
def files() -> Iterator[tuple[Files, str]]:
    found = Files()
    with Served(found.app) as server:
        yield found, server.url


async def test_a_file_comes_with_our_credentials_from_the_platform_itself(files: tuple[Files, str]) -> None:
    platform, url = files
    assert await fetch(f"{url}/a.png", headers={"authorization": "Bearer t"}, trusted=[f"{url}/"]) == b"a.png"
    assert platform.shown == ["Bearer t"]


async def test_a_redirect_to_another_host_gets_no_credentials(files: tuple[Files, str]) -> None:
    """Content networks are other hosts, and need none; a thief's host would like them."""
    platform, url = files
    other = Files()
    with Served(other.app) as elsewhere:
        platform.elsewhere = f"{elsewhere.url}/b.png"
        with pytest.raises(FetchError, match="only https"):
            await fetch(f"{url}/to", headers={"authorization": "Bearer t"}, trusted=[url])
        assert other.shown == []
        # Even one that we trust gets them only if it is the one that is asked.
        found = await fetch(f"{url}/to", headers={"authorization": "Bearer t"}, trusted=[url, elsewhere.url])
    assert found == b"b.png"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://shop.example/a", "only https"),
        ("https://shop.example:8443/a", "only https"),
        ("ftp://shop.example/a", "only https"),
        ("file:///etc/passwd", "no address"),
        ("https://user:pw@shop.example/a", "a login in it"),
        ("https://[::1/a", "no address"),
        ("https://127.0.0.1/a", "not on the public internet"),
        ("https://[::1]/a", "not on the public internet"),
        ("https://[::ffff:10.0.0.1]/a", "not on the public internet"),
        ("https://169.254.169.254/latest/meta-data", "not on the public internet"),
        ("https://localhost/a", "not on the public internet"),
        ("https://no-such-host.invalid/a", "no host of that name"),
        ("", "no address"),
        ("https://b\u00fccher.example/a", "not written in ASCII"),
        ("https://shop.example/\u00e4.jpg", "not written in ASCII"),
        ("https://\u2460\u2461\u2466.0.0.1/", "not written in ASCII"),
        ("https://shop.example\\@thief.example/", "a login in it"),
        ("https://0x7f.1/", "not on the public internet"),
        ("https://2130706433/", "not on the public internet"),
        ("https://[64:ff9b::7f00:1]/", "not on the public internet"),
    ],
)
async def test_what_lies_elsewhere_is_not_fetched(url: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        await fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        # T52: IPv4 in the notations of networks that have none (RFC 6052), and in those that were given up.
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::169.254.169.254", False),
        ("64:ff9b::93.184.216.34", True),
        ("64:ff9b:1::10.0.0.1", False),
        ("::127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("fec0::1", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert _is_public(address) is public


@pytest.mark.parametrize(
    ("status", "cure"), [(401, "credentials"), (403, "expired"), (404, "gone"), (410, "gone"), (500, "later")]
)
async def test_a_refusal_names_the_cure(files: tuple[Files, str], status: int, cure: str) -> None:
    with pytest.raises(FetchError, match=cure):
        await fetch(f"{files[1]}/{status}", trusted=[files[1]])


async def test_nothing_is_endless(files: tuple[Files, str]) -> None:
    """Neither a file, nor a chain of redirects, nor the wait for an answer."""
    _, url = files
    with pytest.raises(FetchError, match="larger than 5000 bytes"):
        await fetch(f"{url}/endless", trusted=[url], most=5000)
    with pytest.raises(FetchError, match="more than 3 times"):
        await fetch(f"{url}/round", trusted=[url])
    with pytest.raises(FetchError, match=r"within 0\.2 s"):
        await fetch(f"{url}/slow", trusted=[url], seconds=0.2)


async def test_a_platform_that_is_not_there_is_told(files: tuple[Files, str]) -> None:
    with pytest.raises(FetchError, match="cannot be reached"):
        await fetch("http://127.0.0.1:9/a", trusted=["http://127.0.0.1:9"])


@pytest.mark.parametrize(
    "elsewhere", ["//[::1", "https://b\u00fccher.example/a", "https://user:pw@x.example/"]
)
async def test_t53_a_redirect_to_what_is_no_address_ends_there(
    files: tuple[Files, str], elsewhere: str
) -> None:
    platform, url = files
    platform.elsewhere = elsewhere
    with pytest.raises(FetchError):
        await fetch(f"{url}/nowhere", trusted=[url])


SIX, FOUR = "2606:2800:220:1:248:1893:25c8:1946", "93.184.216.34"


async def called(
    monkeypatch: pytest.MonkeyPatch, *resolved: str, last: float | None = None
) -> list[tuple[str, float | None]]:
    """What is connected to where a name has these addresses and nobody is at any of them, and for how long at most."""
    found: list[tuple[str, float | None]] = []

    async def resolving(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in resolved]

    async def connect(self: object, host: str, port: int, timeout: float | None = None, *_: object) -> None:
        found.append((host, timeout))
        raise httpcore.ConnectTimeout if len(found) % 2 else httpcore.ConnectError("refused")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolving)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises((httpcore.ConnectError, httpcore.ConnectTimeout, FetchError)):
        await Guard(frozenset()).connect_tcp("files.example", 443, last)
    return found


async def test_every_address_of_a_host_is_tried_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that leads nowhere costs some seconds, and not the file; what is left of the time is the last one's."""
    assert await called(monkeypatch, SIX, FOUR, SIX) == [(SIX, 3.0), (FOUR, None)]
    assert await called(monkeypatch, SIX, FOUR, last=1.0) == [(SIX, 1.0), (FOUR, 1.0)]
    assert await called(monkeypatch, FOUR) == [(FOUR, None)]


async def test_one_address_inside_spoils_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await called(monkeypatch, FOUR, "10.0.0.1") == []


async def test_the_address_that_answers_is_used(
    files: tuple[Files, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a real connection: nobody is at the first, the platform at the second."""
    monkeypatch.setattr(fetching, "_is_public", lambda _: True)
    port = int(files[1].rpartition(":")[2])

    async def resolving(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolving)
    stream = await Guard(frozenset()).connect_tcp("files.example", port)
    await stream.write(b"GET /a.png HTTP/1.0\r\n\r\n")
    said = b""
    while more := await stream.read(1000):
        said += more
    await stream.aclose()
    assert said.endswith(b"a.png")
