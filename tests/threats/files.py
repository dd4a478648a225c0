"""Files that somebody sends, or that a message only names: what is fetched, from where, and under which name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from email.header import Header
from hashlib import sha256
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpcore

from omnichannel import fetching
from omnichannel.channel import Delivery
from omnichannel.channels import email
from omnichannel.channels.webchat.link import pages
from omnichannel.emulators.serving import Served
from omnichannel.errors import FetchError, NotFound
from omnichannel.fetching import fetch
from omnichannel.model import Attachment
from omnichannel.toolbox import file_name
from tests.channels.webchat.test_site import test_files_of_ours_are_for_their_visitor_and_never_run
from tests.test_fetching import Files
from tests.threats.cases import everywhere, fails, put, threat
from tests.threats.post import CARRIER, PARSE

Resolver = Callable[..., Any]


async def dialled(url: str, resolved: Resolver | None = None) -> list[str]:
    """Which addresses are connected to when this is fetched; no connection comes about."""
    called: list[str] = []

    async def connect(self: object, host: str, *more: object, **others: object) -> None:
        called.append(host)
        raise httpcore.ConnectError("nobody is there")

    loop = asyncio.get_running_loop()
    with (
        patch.object(httpcore.AnyIOBackend, "connect_tcp", connect),
        patch.object(loop, "getaddrinfo", resolved or loop.getaddrinfo),
    ):
        try:
            await fetch(url)
        except FetchError:
            return called
    raise AssertionError("somebody was there")


async def _anywhere(host: str, port: int) -> tuple[str, ...]:
    return (host,)


INSIDE = (
    "127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "10.0.0.1",
    "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "192.168.1.1", "0.0.0.0", "localhost", "[2002:7f00:1::]",
)  # fmt: skip


@threat("T52", "a message names an address inside of our network", put(fetching, "_public", _anywhere))
async def inside() -> list[bool]:
    return [bool(await dialled(f"https://{host}/latest/meta-data")) for host in INSIDE]


@threat(
    "T52",
    "a message names another port, another protocol, or a login",
    put(fetching, "check", lambda url, origins: None),
    put(fetching, "_public", _anywhere),
)
async def other_doors() -> list[bool]:
    urls = ("http://shop.example/a", "https://shop.example:8443/a", "https://user:pw@shop.example/a")
    return [bool(await dialled(url)) for url in urls]


@threat(
    "T53",
    "what is public redirects to where it is not",
    put(fetching, "check", lambda url, origins: None),
    put(fetching, "_public", _anywhere),
)
async def redirected() -> list[bool]:
    """The first address is one that we trust; each further one is looked at like the first."""
    platform, other, found = Files(), Files(), []
    with Served(platform.app) as here, Served(other.app) as there:
        for further in (f"{there.url}/secret", f"{here.url.replace('127.0.0.1', 'localhost')}/secret"):
            platform.elsewhere = further
            try:
                found.append(await fetch(f"{here.url}/to", trusted=[here.url]) == b"secret")
            except FetchError:
                found.append(False)
    return found


async def _by_name(self: Any, host: str, port: int, *more: Any, **others: Any) -> Any:
    """It is looked at, and then connected to by its name: who looks twice may see two things."""
    if (host, port) not in self._trusted:
        await fetching._public(host, port)
    return await self._wire.connect_tcp(host, port, *more, **others)


@threat("T54", "a name means something else a moment later", put(fetching.Guard, "connect_tcp", _by_name))
async def rebound() -> bool:
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])

    async def resolving(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (next(answers), port))]

    return await dialled("https://rebind.example/a", resolving) != ["93.184.216.34"]


_public_address = fetching._is_public


def _too_wide(address: str) -> bool:
    """As it is where every IPv4 address is turned into an IPv6 one, and those are blocked."""
    return ip_address(address).version == 6 and _public_address(address)


PUBLIC = (
    "1.1.1.1", "8.8.8.8", "9.9.9.9", "93.184.216.34", "151.101.1.140", "104.16.0.1", "157.240.1.35", "31.13.66.35",
    "185.60.216.35", "149.154.167.220", "54.172.60.0", "172.15.255.255", "172.32.0.1", "192.167.0.1", "100.63.255.255",
    "100.128.0.1", "169.253.0.1", "11.0.0.1", "126.0.0.1", "128.0.0.1", "223.255.255.1",
)  # fmt: skip


@threat(
    "T55",
    "what is public is taken for ours, and nothing can be fetched",
    put(fetching, "_is_public", _too_wide),
)
def blocked_too_much() -> list[bool]:
    return [not fetching._is_public(address) for address in PUBLIC]


@threat("T56", "our credentials go with a redirect", put(fetching, "origin", lambda url: "http://127.0.0.1"))
async def leaked() -> bool:
    """To the network that a platform keeps its files on, say: it is no host of ours."""
    platform, other = Files(), Files()
    with (
        Served(platform.app) as here,
        Served(other.app) as there,
        patch.object(fetching, "check", lambda url, origins: None),
        patch.object(fetching, "_public", _anywhere),
    ):
        platform.elsewhere = f"{there.url}/b.png"
        mine = [here.url, "http://127.0.0.1"]
        await fetch(f"{here.url}/to", headers={"authorization": "Bearer t"}, trusted=mine)
    return other.shown == ["Bearer t"]


NAMES = (
    "../../etc/passwd", "..\\..\\boot.ini", "\u200b.htaccess", "/etc/shadow", "con.txt", "invoice\u202efdp.exe",
    ".htaccess\u2060", "a/b", "C:\\a", "x" * 400, "aux", " .ssh", "\ufeff.env",
)  # fmt: skip
_CLEAN = re.compile(r'[^\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]{1,150}')


@threat(
    "T57", "a file is called something that leads elsewhere", everywhere(file_name, lambda name, **_: name)
)
def hostile_names() -> list[bool]:
    return [not _is_tame(_received(name).name) for name in NAMES]


def _received(name: str) -> Attachment:
    called = Header(name, "utf-8", maxlinelen=10_000).encode()
    [event] = PARSE.parse(
        f'From: a@b.nl\r\nContent-Type: application/pdf; name="{called}"\r\n'
        "Content-Disposition: attachment\r\n\r\nwords\r\n".encode()
    )
    [file] = [part for part in event.parts if isinstance(part, Attachment)]
    return file


def _is_tame(name: str) -> bool:
    reserved = name.partition(".")[0].lower() in ("con", "aux", "nul", "prn")
    return (
        bool(_CLEAN.fullmatch(name))
        and not name.startswith(".")
        and len(name.encode()) <= 150
        and not reserved
    )


@threat("T58", "a page that somebody sent is shown as one of ours", put(pages, "_INLINE", re.compile(".*")))
def run_inline() -> bool:
    return fails(test_files_of_ours_are_for_their_visitor_and_never_run)


async def _all_of_it(answer: httpcore.Response, most: int, host: str) -> bytes:
    return b"".join([chunk async for chunk in answer.aiter_stream()])


@threat("T59", "a file without end is taken until memory is full", put(fetching, "_body", _all_of_it))
async def endless() -> bool:
    with Served(Files().app) as here:
        try:
            return len(await fetch(f"{here.url}/endless", trusted=[here.url], most=5000)) > 5000
        except FetchError:
            return False


_SAME = SimpleNamespace(hexdigest=lambda: sha256(b"one").hexdigest())


@threat("T59", "other bytes than the file's are given for it", put(email, "sha256", lambda data: _SAME))
def other_bytes() -> bool:
    """What is asked for is known by its digest: a file of another mail is not given for it."""
    raw = b"From: a@b.nl\r\nContent-Type: application/pdf\r\n\r\n"
    [event] = PARSE.parse(raw + b"one")
    [file] = [part for part in event.parts if isinstance(part, Attachment)]
    try:
        CARRIER.channel().content(Delivery(source="poll", body=raw + b"two"), file)
    except NotFound:
        return False
    return True
