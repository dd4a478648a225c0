"""What comes in by webhook: who is let in, and what may stand in it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from bench.contract import files
from pydantic import SecretStr

from omnichannel import toolbox, web
from omnichannel.channel import Ack, Channel, Delivery
from omnichannel.channels import telegram
from omnichannel.errors import Forged, Malformed
from omnichannel.platforms.meta import admit as meta
from omnichannel.platforms.meta.envelope import Readers
from omnichannel.platforms.twilio import admit as twilio
from omnichannel.platforms.twilio import fields as twilio_fields
from omnichannel.plugins import own_kinds
from omnichannel.testing.checks import admission, damage
from omnichannel.testing.discover import contracts
from omnichannel.testing.subject import Subject
from omnichannel.toolbox import standard_webhooks, wire
from tests.channels.messenger import given as messenger
from tests.inbox.carriers import ByMessenger
from tests.platforms.twilio import test_admit as twilio_tests
from tests.threats.cases import everywhere, fails, put, raises, threat
from tests.threats.room import Room

# Some functions have the name of their module, and hide it in the package.
TELEGRAM_ADMIT = import_module("omnichannel.channels.telegram.admit")
SIGNATURES = import_module("omnichannel.toolbox.signatures")
DOORS = (
    put(meta, "notification", lambda delivery, secrets: Ack()),
    put(twilio, "genuine", lambda delivery, tokens: None),
    put(telegram, "admit", lambda delivery, secrets: Ack()),
    put(standard_webhooks, "check", lambda delivery, keys: None),
    everywhere(toolbox.signed, lambda *_, **__: True),
)
"""Every place where it is decided who is let in, left open."""


@cache
def subjects() -> tuple[Subject, ...]:
    """Every kind of ours that has a webhook."""
    found = [contract().subject() for file in files() for contract in contracts(file)]
    return tuple(one for one in found if one.has_webhook and one.kind.kind in own_kinds())


def signing() -> Iterator[Subject]:
    """Those that sign the body with an HMAC of its own."""
    return (one for one in subjects() if one.kind.kind not in ("telegram", "http", "sms", "voice"))


# ------------------------------------------------------------------------------------------------- who is let in


@threat("T01", "a webhook that nobody signed is taken", *DOORS)
def unsigned() -> list[bool]:
    return [fails(admission.check_what_is_not_signed_is_refused, subject) for subject in subjects()]


@threat("T01", "a webhook that another signed is taken", *DOORS)
def signed_by_another() -> list[bool]:
    return [fails(admission.check_another_secret_is_refused, subject) for subject in subjects()]


@threat("T01", "what nobody signed is stored", *DOORS)
async def stored_unsigned(room: Room) -> bool:
    carrier = ByMessenger()
    inbox = room.inbox([carrier.channel()])
    try:
        await inbox.receive("messenger", carrier.written(1, "hello").model_copy(update={"headers": ()}))
    except Forged:
        return bool(await inbox.read())
    return bool(await inbox.read())


def _any_secret(given: Any, setting: str, cure: str) -> tuple[SecretStr, ...]:
    several = (given,) if isinstance(given, str | SecretStr) else given or ("",)
    return tuple(SecretStr(one) if isinstance(one, str) else one for one in several) or (SecretStr(""),)


@threat(
    "T01",
    "no secret means no check",
    everywhere(toolbox.secrets_of, _any_secret),
    put(standard_webhooks, "LEAST_BYTES", 0),
)
def without_a_secret() -> list[bool]:
    """Telegram's has to look like one of Telegram's besides, and would be refused for that."""
    others = [subject for subject in subjects() if subject.kind.kind != "telegram"]
    return [fails(admission.check_no_secret_is_refused, subject) for subject in others]


_compare = hmac.compare_digest


def _as_text(one: bytes, other: bytes) -> bool:
    """As it is written by whoever forgets that it takes text of ASCII alone."""
    return _compare(one.decode("utf-8", "surrogatepass"), other.decode())


@threat("T02", "a signature that is no text makes the check break", put(hmac, "compare_digest", _as_text))
def malformed_signature() -> list[bool]:
    odd = ("é" * 9, "sha256=é", "\udcff", "v1,é")
    return [
        any(raises(TypeError, _try, channel, subject, value) for value in odd)
        for subject in subjects()
        for channel in (subject.channel(),)
    ]


def _try(channel: Channel, subject: Subject, value: str) -> None:
    """Give a door this as the proof of a delivery."""
    case = subject.deliveries[0]
    names = admission.proofs(subject, case)
    whole = subject.sign(case.delivery, subject.secret(0))
    changed = tuple((name, value if name in names else held) for name, held in whole.headers)
    try:
        channel.admit(whole.model_copy(update={"headers": changed}))
    except (Forged, Malformed):
        return


@threat(
    "T02",
    "an address that is none makes the check break",
    put(twilio, "_addresses", lambda url: [urlsplit(url).geturl()]),
)
def malformed_address() -> list[bool]:
    doors = [subject.channel() for subject in subjects() if subject.kind.kind in ("sms", "voice")]
    odd = Delivery(url="http://[::1", headers=(("x-twilio-signature", "a"),), body=b"a=b")
    return [raises(ValueError, _refused, door, odd) for door in doors]


def _refused(door: Channel, delivery: Delivery) -> None:
    try:
        door.admit(delivery)
    except (Forged, Malformed):
        return


_EQUAL = SimpleNamespace(compare_digest=lambda one, other: one == other, new=hmac.new, digest=hmac.digest)


@threat(
    "T03",
    "a signature is compared letter by letter, which takes longer the more is right",
    *(put(module, "hmac", _EQUAL) for module in (meta, twilio, standard_webhooks, TELEGRAM_ADMIT)),
    put(SIGNATURES, "hmac", _EQUAL),
)
def timing() -> list[bool]:
    """Every secret is compared, whichever is right, in constant time, and as bytes."""
    return [not _compares_safely(subject) for subject in subjects()]


def _compares_safely(subject: Subject) -> bool:
    seen: list[tuple[Any, Any]] = []

    def watching(one: Any, other: Any) -> bool:
        seen.append((one, other))
        return _compare(one, other)

    channel = subject.kind.for_verifying((subject.secret(0), subject.secret(1)))
    delivery = subject.deliveries[0].delivery
    with patch.object(hmac, "compare_digest", watching):
        channel.admit(subject.sign(delivery, subject.secret(0)))
    return len(seen) >= 2 and all(isinstance(side, bytes) for pair in seen for side in pair)


_signed = toolbox.signed


def _over_what_was_read(secrets: Any, body: bytes, header: str, **more: Any) -> bool:
    return _signed(secrets, json.dumps(json.loads(body)).encode(), header, **more)


@threat("T04", "what was read is signed, and not what came", everywhere(toolbox.signed, _over_what_was_read))
def other_bytes() -> list[bool]:
    right, other = b'{"a": "\\u00e9"}', '{"a":"é"}'.encode()
    found = []
    for subject in signing():
        proven = subject.sign(Delivery(body=right), subject.secret(0))
        ack = admission.admitted(subject.channel(), proven.model_copy(update={"body": other}), "")
        found.append(bool(ack and ack.keep))
    return found


def _lenient(url: str) -> Iterator[str]:
    """Every address that somebody in a hurry would let pass, so that it works behind their proxy."""
    host, slash, path = url.partition("://")[2].partition("/")
    for scheme in ("https", "http"):
        for authority in (host, f"{host}:444", "h.example"):
            for tail in (path, f"{path}/", path.lower()):
                yield f"{scheme}://{authority}{slash}{tail}"
                yield f"{scheme}://{authority}{slash}{tail}".replace("a=1&b=2", "b=2&a=1")


@threat(
    "T05", "another address than the one that was signed counts as well", put(twilio, "_addresses", _lenient)
)
def another_address() -> list[bool]:
    (mark,) = twilio_tests.test_another_address_is_another_request.pytestmark  # type: ignore[attr-defined]
    return [fails(twilio_tests.test_another_address_is_another_request, *pair) for pair in mark.args[1]]


_delivery = web.Asgi._delivery


def _believing(self: web.Asgi, scope: Any, called: str, account: str, body: bytes) -> Delivery:
    made = _delivery(self, scope, called, account, body)
    host = made.header("x-forwarded-host")
    return made.model_copy(update={"url": f"https://{host}/{account}"}) if host else made


@threat("T05", "whoever asks says to which address they came", put(web.Asgi, "_delivery", _believing))
async def forwarded(room: Room) -> bool:
    carrier = ByMessenger()
    inbox = room.inbox([carrier.channel()])
    sent = carrier.written(1, "hello")
    more = (("host", "shop.example"), ("x-forwarded-host", "thief.example"))
    await _post(inbox.asgi(), "/messenger", (*sent.headers, *more), sent.body)
    await inbox.read()
    [conversation] = await inbox.conversations.open()
    [message] = await inbox.conversations.messages(conversation.id)
    return "thief" in (await inbox.raw(message.id)).url


async def _post(app: Any, path: str, headers: Any, *chunks: bytes) -> tuple[int, int]:
    """One request to an ASGI application: its status, and how many pieces of the body it took."""
    taken, status = 0, 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": taken < len(chunks)}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    written = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": "http", "method": "POST", "path": path, "headers": written, "scheme": "https"}
    await app(scope, receive, send)
    return status, taken


# ------------------------------------------------------------------------------------------------- whose it is


@threat(
    "T06",
    "what is for another account of the same platform is taken for ours",
    put(Readers, "_entry_of_ours", lambda self, entry, where: self._entry(entry, self.home[0], where)),
)
async def for_another_page(room: Room) -> bool:
    carrier = ByMessenger()
    inbox = room.inbox([carrier.channel()])
    body = json.loads(carrier.written(1, "secret").body)
    body["entry"][0]["id"] = "999"
    await inbox.receive("messenger", carrier.signed(body))
    await inbox.read()
    set_aside = [one.reason for one in await inbox.parked()]
    return bool(await inbox.conversations.open()) or "account_mismatch" not in str(set_aside)


@threat(
    "T06",
    "what is for another account of Twilio's is taken for ours",
    everywhere(twilio_fields.of_another, lambda fields, account_sid: None),
)
def for_another_twilio_account() -> bool:
    from tests.channels.sms.test_threats import test_t06_a_message_of_another_twilio_account_is_set_aside

    return fails(test_t06_a_message_of_another_twilio_account_is_set_aside)


_secrets_of = toolbox.secrets_of


@threat(
    "T07",
    "what the older secret signed is lost while secrets change",
    everywhere(_secrets_of, lambda given, setting, cure: _secrets_of(given, setting, cure)[:1]),
)
def rotation() -> list[bool]:
    return [fails(admission.check_secrets_rotate, subject) for subject in subjects()]


# ------------------------------------------------------------------------------------------------- what is in it

HOSTILE = (
    b'{"object":"page","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"object":"page","entry":[' + b"9" * 5_000 + b"]}",
    b"\xff\xfe{}",
)


def _naive(body: bytes, **_: Any) -> Any:
    return json.loads(body)


@threat("T08", "JSON that is built to break its reader breaks it", everywhere(wire.load_json, _naive))
def hostile_json() -> list[bool]:
    return [raises(Exception, _parsed, body) for body in HOSTILE]


def _parsed(body: bytes) -> None:
    try:
        messenger.events(body)
    except Malformed:
        return


def _hasty(body: bytes, most: int = wire.MOST_BYTES) -> wire.Json:
    return wire.from_json(body)


@threat("T08", "a key that stands there twice is read once", everywhere(wire.load_json, _hasty))
async def twice(room: Room) -> list[bool]:
    """Another reader of the same body may have taken the other one: it is set aside whole, with the reason."""
    carrier = ByMessenger()
    inbox = room.inbox([carrier.channel()])
    plain = carrier.written(1, "pay nothing")
    body = plain.body.replace(b'"text":', b'"text": "pay all", "text":', 1)
    assert body != plain.body
    await inbox.receive("messenger", carrier.proven(plain.model_copy(update={"body": body})))
    await inbox.read()
    parked = [one.reason for one in await inbox.parked()]
    return [bool(await inbox.conversations.open()), not any("twice" in reason for reason in parked)]


@threat("T08", "what no store can hold costs the message", put(wire, "_cleaned", lambda value: value))
async def unstorable(room: Room) -> list[bool]:
    """NUL is no text to PostgreSQL, and a lone surrogate is none to anybody; the bytes stay as they came."""
    lost = []
    carrier = ByMessenger()
    inbox = room.inbox([carrier.channel()])
    for who, text in ((1, "a\x00b"), (2, "a\ud800b")):
        sent = carrier.written(who, text)
        await inbox.receive("messenger", sent)
        await inbox.read()
        found = [
            message
            for conversation in await inbox.conversations.open()
            for message in await inbox.conversations.messages(conversation.id)
            if message.author and message.author.address == carrier.address(who)
        ]
        kept = [(await inbox.raw(message.id)).body for message in found]
        lost.append(kept != [sent.body] or found[0].text != "a\ufffdb")
    return lost


@threat(
    "T09",
    "one item that cannot be read costs its siblings",
    everywhere(wire.guarded, lambda read, item, where: tuple(read(item))),
)
async def bad_sibling(room: Room) -> bool:
    carrier = ByMessenger()
    inbox = room.inbox([carrier.channel()])
    body = json.loads(carrier.written(1, "0").body)
    items = body["entry"][0]["messaging"]
    for number in range(1, 10):
        items += json.loads(carrier.written(1, str(number)).body)["entry"][0]["messaging"]
    items[4] = {"message": {"mid": ["no", "id"]}}
    await inbox.receive("messenger", carrier.signed(body))
    await inbox.read()
    [conversation] = await inbox.conversations.open() or [None]
    there = await inbox.conversations.messages(conversation.id) if conversation else []
    return len(there) != 9 or len(await inbox.parked()) != 1


@threat(
    "T09",
    "a value of another type costs the siblings of its item",
    everywhere(wire.guarded, lambda read, item, where: tuple(read(item))),
)
def spoiled_values() -> list[bool]:
    with_items = [one for one in subjects() if one.kind.kind in ("messenger", "instagram", "whatsapp")]
    return [fails(damage.check_a_bad_item_harms_no_other, subject) for subject in with_items]


@threat("T10", "a body without end is taken until memory is full", put(web, "MOST_BYTES", 1 << 40))
async def endless_body(room: Room) -> bool:
    inbox = room.inbox([ByMessenger().channel()])
    status, taken = await _post(inbox.asgi(), "/messenger", (), *[b"x" * 65_536] * 100)
    return status != 413 or taken > 65
