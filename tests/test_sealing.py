"""Secrets and crash dumps: what shows every variable of every frame shows none that held one."""

from __future__ import annotations

import asyncio
import pickle
import socket
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from omnichannel import Inbox
from omnichannel.channel import Call, Channel
from omnichannel.channels.email import Email
from omnichannel.channels.telegram import Telegram
from omnichannel.http import HttpSender
from omnichannel.toolbox import sealed
from tests.test_http import Peer, Plain, peer

CANARY = "canary-7f3a-0123456789"


def dump(go: Callable[[], object]) -> str:
    """What error reporting writes of an error: the variables of its frames, and of all that led to it."""
    try:
        go()
    except BaseException as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return ""


def later(go: Callable[[], Coroutine[Any, Any, object]]) -> str:
    return dump(lambda: asyncio.run(go()))


def _spill(plain: str) -> None:
    try:
        int(plain)
    except ValueError:
        raise KeyError("a bug") from None


@sealed
def opened(key: SecretStr) -> None:
    plain = key.get_secret_value()
    _spill(plain)


@sealed
async def opened_later(key: SecretStr) -> None:
    plain = key.get_secret_value()
    await asyncio.sleep(0)
    _spill(plain)


@sealed
async def opened_for_ever(key: SecretStr) -> None:
    plain = key.get_secret_value()
    await asyncio.sleep(3600)
    assert plain


async def stopped() -> None:
    async with asyncio.timeout(0.01):
        await opened_for_ever(SecretStr(CANARY))


@pytest.mark.parametrize(
    "shown",
    [
        lambda: dump(lambda: opened(SecretStr(CANARY))),
        lambda: later(lambda: opened_later(SecretStr(CANARY))),
        lambda: later(stopped),
    ],
)
def test_frames_that_held_a_secret_are_not_shown(shown: Callable[[], str]) -> None:
    """Neither where it was taken out, nor below, nor in what led to the error; what happened where is still told."""
    found = shown()
    assert found
    assert CANARY not in found
    assert "it happened in" in found
    assert "test_sealing.py" in found


def test_what_was_being_handled_before_keeps_its_frames() -> None:
    """It knows nothing of the secret, and somebody wants to know where it came from."""

    def both() -> None:
        try:
            raise LookupError("before")
        except LookupError:
            opened(SecretStr(CANARY))

    with pytest.raises(KeyError) as caught:
        both()
    assert caught.value.__context__ is not None
    before = caught.value.__context__.__context__ or caught.value.__context__
    assert isinstance(before, LookupError)


def telegram() -> Telegram:
    return Telegram("tg", token=f"123456:{CANARY}", secret=CANARY)


@pytest.mark.parametrize("error", [KeyError("a bug in a library"), KeyboardInterrupt(), MemoryError()])
def test_a_token_in_an_address_is_in_no_crash_dump(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Telegram's is: httpx shows the address of every request that is a variable."""

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", broken)
    sender = HttpSender(telegram())
    shown = later(lambda: sender.send(Call(url="https://api.telegram.org/bot/sendMessage", body=b"{}")))
    assert type(error).__name__ in shown
    assert CANARY not in shown


def hangs_up(greeting: bytes, answers: dict[bytes, bytes]) -> Callable[[socket.socket, Peer], None]:
    """A server that greets, answers some lines, and is gone at any other: there the password was sent."""

    def script(connection: socket.socket, seen: Peer) -> None:
        connection.sendall(greeting)
        file = connection.makefile("rb")
        while line := file.readline():
            seen.heard.append(line)
            known = next((said for word, said in answers.items() if word in line), None)
            if known is None:
                return
            connection.sendall(known.replace(b"TAG", line.split()[0]))

    return script


IMAP = hangs_up(
    b"* OK hello\r\n",
    {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n", b"LOGOUT": b"TAG OK bye\r\n"},
)
SMTP = hangs_up(b"220 hello\r\n", {b"EHLO": b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n"})


def mailbox(port: int) -> Email:
    return Email(
        "mail",
        address="help@shop.example",
        imap=f"imap://localhost:{port}",
        smtp=f"smtp://localhost:{port}",
        password=CANARY,
    )


def test_a_password_is_in_no_crash_dump_when_the_mailbox_hangs_up() -> None:
    with peer(IMAP) as it:
        (source, *_) = mailbox(int(it.url.rpartition(":")[2])).sources()
        shown = later(lambda: source.fetch(""))
    assert any(CANARY.encode() in line for line in it.heard)
    assert shown
    assert CANARY not in shown


def test_the_password_of_a_store_is_in_no_crash_dump() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        inbox = Inbox(f"postgresql://us:{CANARY}@127.0.0.1:{nobody.getsockname()[1]}/support")
        shown = dump(inbox.open)
    assert psycopg.OperationalError.__name__ in shown
    assert CANARY not in shown


@pytest.mark.parametrize(
    "held", [telegram, lambda: Plain("plain"), lambda: Inbox("sqlite:///:memory:", [telegram()])]
)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_what_holds_secrets_is_not_pickled(held: Callable[[], Channel | Inbox], protocol: int) -> None:
    with pytest.raises(TypeError, match="make it from its settings in every process"):
        pickle.dumps(held(), protocol)
