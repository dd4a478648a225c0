"""What is served: every account's address, and the web chat's pages; passes and logins that browsers show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, MutableMapping
from datetime import UTC, datetime
from urllib.parse import unquote

import jwt
from pydantic import SecretStr

from bench.fuzz.mutate import mutated_envelope, mutated_text
from bench.fuzz.shared import Shared
from bench.fuzz.target import READ, REFUSED, Hole, Target, refusing
from bench.fuzz.targets.channels import subjects
from bench.fuzz.wire import delivery_of, written_delivery
from omnichannel import Inbox
from omnichannel.channel import Channel, Delivery
from omnichannel.channels.webchat import logins, passes
from omnichannel.channels.webchat.wire import Pass
from omnichannel.errors import Forged
from omnichannel.html import MOST_CHARS, cleaned, framed, from_text
from omnichannel.testing.subject import secret_of
from omnichannel.web import Asgi

_ORIGIN = ("origin", "https://www.shop.example")
_NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_SECRETS = (SecretStr(secret_of(0)), SecretStr(secret_of(1)))
_KEY = "the key that the shop signs its logins with"


def targets() -> Iterator[Target]:
    """The door, what browsers show at it, and what agents are shown."""
    shared = Shared(lambda: Inbox("sqlite:///:memory:", accounts()), uses=300)
    yield Target("pages/door", _door(shared), _requests(), mutated_envelope, cost=4, close=shared.close)
    yield Target("pages/pass", _pass, [_issued()], mutated_text)
    yield Target("pages/login", refusing(_login, Forged), [_signed()], mutated_text)
    yield Target("pages/html", _html, [_PAGE.encode()], mutated_text, cost=2)


def _requests() -> list[bytes]:
    """Recorded deliveries at their accounts' addresses, and everything that the web chat's widget asks."""
    found = []
    for subject in subjects():
        for case in subject.deliveries[:6]:
            address = f"https://hook.example/{subject.kind.kind}"
            found.append(case.delivery.model_copy(update={"url": address}))
    for method, path, body in (
        ("POST", "sessions", {}), ("POST", "messages", {"text": "Hello", "id": "a" * 16}), ("GET", "messages", None),
        ("POST", "status", {"seen": "x"}), ("POST", "continue", {"token": "oct" + "a" * 26}), ("POST", "typing", {}),
        ("GET", "files/x/0", None), ("OPTIONS", "messages", None), ("GET", "widget.js", None),
    ):  # fmt: skip
        asked = b"" if body is None else json.dumps(body).encode()
        headers = (_ORIGIN, ("authorization", f"Bearer {_issued().decode()}"))
        found.append(
            Delivery(method=method, url=f"https://hook.example/webchat/{path}", headers=headers, body=asked)
        )
    return [written_delivery(one) for one in found]


def _door(shared: Shared) -> Callable[[bytes], str]:
    """Every kind of account behind one address: every request gets one answer, and none says that we broke."""

    def go(data: bytes) -> str:
        delivery = delivery_of(data)
        path, _, query = delivery.url.removeprefix("https://hook.example").partition("?")
        if path == "/webchat/events":
            return REFUSED  # a stream, which ends when the browser goes
        scope = {
            "type": "http", "method": delivery.method.upper() or "GET", "path": unquote(path) or "/",
            "query_string": query.encode("latin-1"), "client": ("192.0.2.7", 1), "scheme": "https", "root_path": "",
            "headers": [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in delivery.headers],
        }  # fmt: skip
        status = shared.use(lambda inbox: answered(Asgi(inbox), scope, delivery.body))
        if status >= 500:
            raise Hole(f"answered with {status}")
        return READ if status < 300 else REFUSED

    return go


async def answered(app: Asgi, scope: dict[str, object], body: bytes) -> int:
    """The status of the one answer to a request."""
    sent: list[MutableMapping[str, object]] = []
    waiting: list[MutableMapping[str, object]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, object]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status = sent[0]["status"]
    assert isinstance(status, int)
    return status


def accounts() -> list[Channel]:
    """One account of each kind, called by its kind."""
    found = [subject.channel() for subject in subjects()]
    for channel in found:
        channel.name = channel.kind
    return found


def _issued() -> bytes:
    return passes.issued(_SECRETS, "webchat", Pass(visitor="v" + "a" * 26)).encode()


def _pass(data: bytes) -> str:
    """Only what we made is a pass, letter by letter."""
    try:
        found = passes.read(_SECRETS, "webchat", data.decode("utf-8", "replace"))
    except Forged:
        return REFUSED
    if passes.issued(_SECRETS, "webchat", found) not in (_issued().decode(), data.decode()):
        raise Hole("a pass that nobody made was taken")
    return READ


def _signed() -> bytes:
    claims = {"sub": "7", "name": "Ann", "iat": _NOW.timestamp(), "exp": _NOW.timestamp() + 60, "aud": "chat"}
    return jwt.encode(claims, _KEY, "HS256").encode()


def _login(data: bytes) -> object:
    return logins.login(data.decode("utf-8", "replace"), logins.keys_of(_KEY), "chat", _NOW)


def _html(data: bytes) -> str:
    """Cleaned once, it is clean (as far as it is read); and it stays in its frame."""
    text = data.decode("utf-8", "replace")
    made = cleaned(text)
    if len(made) <= MOST_CHARS and cleaned(made) != made:
        raise Hole("cleaning it again changes it")
    for shown in (made, from_text(text)):
        if framed(shown).count("<") != 2:
            raise Hole("it leaves its frame")
    return READ


_PAGE = (
    '<!doctype html><html><head><style>p{color:red}</style></head><body dir="rtl"><p onclick="x()">Hi '
    '<b>there</b><a href="https://a.example/?b=c&amp;d">link</a><a href="javascript:x">no</a><img src="cid:1" '
    'alt="pic" width="7">'
    "<table><tr><td colspan=2>cell<td>other</table><svg><a xlink:href=x>y</a></svg><math><mi>z</math><!-- c -->"
    "<blockquote><ul><li>one<li>two</ul></blockquote><pre>\n a\n</pre><noscript><p></noscript>"
    "<template><p></template>"
)
