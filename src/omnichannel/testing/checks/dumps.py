"""Secrets leave with no crash: neither in the variables of the frames of an error, nor in a pickled channel."""

from __future__ import annotations

import asyncio
import pickle
import socket
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import product
from unittest.mock import patch

from omnichannel.channel import Channel, Source
from omnichannel.http import HttpSender
from omnichannel.model import Attachment, Doubt
from omnichannel.testing.checks.secrecy import secrets_in
from omnichannel.testing.failing import require
from omnichannel.testing.subject import Subject

PATIENCE = 30.0
"""Seconds after which a way out that never ends is given up."""

_SINCE = datetime(2026, 1, 1, tzinfo=UTC)

Go = Callable[[], Awaitable[object]]


class Crash(Exception):  # noqa: N818 - it is no error of ours
    """A bug in a library, where a connection is made."""


class Halt(BaseException):
    """What passes every `except Exception`, as a cancellation does."""


@contextmanager
def _nothing_is_reached(crash: type[BaseException]) -> Iterator[list[str]]:
    """No name is found and no connection made in the block: whoever tries breaks. How often somebody did."""
    tried: list[str] = []
    real = socket.socket.connect

    def found(host: object, *_: object, **__: object) -> object:
        tried.append(str(host))
        raise crash("a bug in a library")

    def connected(self: socket.socket, address: object) -> None:
        if self.family not in (socket.AF_INET, socket.AF_INET6):
            return real(self, address)  # type: ignore[arg-type]  # whatever it was given
        tried.append(str(address))
        raise crash("a bug in a library")

    with ExitStack() as stack:
        stack.enter_context(patch.object(socket, "getaddrinfo", found))
        stack.enter_context(patch.object(socket.socket, "connect", connected))
        yield tried


def _ways_out(subject: Subject, channel: Channel) -> Iterator[Go]:
    """Everything by which a channel calls its platform."""
    sender = channel.sender() or HttpSender(channel)
    calls = {call.url: call for _, draft in subject.drafts() for call in channel.render(draft)}
    for call in calls.values():
        yield partial(sender.send, call)
    histories = channel.histories(_SINCE) if channel.can.history else ()
    for source in (*channel.sources(), *histories):
        yield partial(_read, source)
    yield channel.check
    yield channel.delivers
    yield partial(channel.redeliver, _SINCE, _SINCE)
    yield from _questions(subject, channel)


def _questions(subject: Subject, channel: Channel) -> Iterator[Go]:
    """What a platform is asked about people, files and calls in doubt."""
    heard = [event for _, event in subject.messages()][:1]
    if channel.can.profiles:
        yield from (partial(channel.look_up, event.sender.address) for event in heard)
    if channel.can.fetches:
        yield partial(channel.download, Attachment(external_id="1", url="https://files.example/1"))
        files = [
            part for _, event in subject.messages() for part in event.parts if isinstance(part, Attachment)
        ]
        yield from (partial(channel.download, part) for part in files if part.index is None)
    if channel.can.finds:
        sent = [(call, draft) for _, draft in subject.drafts() for call in channel.render(draft)]
        for call, draft in sent[:1]:
            yield partial(channel.find, call, Doubt(to=draft.to.address, since=_SINCE))


async def _read(source: Source) -> object:
    try:
        return await source.fetch("")
    finally:
        await source.close()


async def _shown(go: Go) -> str:
    """What somebody sees who looks at what came of it, or at the frames of the error with all their variables."""
    try:
        async with asyncio.timeout(PATIENCE):
            return repr(await go())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - all that leaves is looked at
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


async def _all_shown(subject: Subject) -> list[str]:
    return [await _shown(go) for go in _ways_out(subject, subject.channel())]


def check_secrets_are_in_no_crash_dump(subject: Subject) -> str | None:
    """No secret is a variable of a frame through which the error of a failing call goes out.

    Error reporting (Sentry, `capture_locals=True`) writes those down. If it fails: put `toolbox.sealed` before the
    function that takes the secret out, and hand it a `SecretStr`, never the plain text.
    """
    secrets, tried = secrets_in(subject, subject.channel()), 0
    for crash in (Crash, Halt):
        with _nothing_is_reached(crash) as reached:
            found = asyncio.run(_all_shown(subject))
        tried += len(reached)
        for shown, secret in product(found, secrets):
            place = shown.find(secret)
            around = shown[max(0, place - 300) : place + 100].replace(secret, "<SECRET>")
            require(place < 0, f"a secret is in what a crash shows: …{around}")
    return None if tried else "it calls nobody"


def check_it_is_not_pickled(subject: Subject) -> str | None:
    """A channel is not turned into bytes that hold its secrets.

    If it fails: leave `__reduce__` of `Channel` as it is; make a channel from its settings in every process.
    """
    channel = subject.channel()
    secrets = secrets_in(subject, channel)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        try:
            held = pickle.dumps(channel, protocol)
        except (TypeError, AttributeError, pickle.PicklingError):
            continue
        require(not any(secret.encode() in held for secret in secrets), "pickled, it shows its secrets")
    return None


CHECKS = (check_secrets_are_in_no_crash_dump, check_it_is_not_pickled)
