"""Secrets show nowhere: not in a repr, an error, a log record, a stored call, an answer to a stranger."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from itertools import chain

from pydantic import BaseModel, SecretStr

from omnichannel.channel import Call, Channel
from omnichannel.errors import OmnichannelError
from omnichannel.testing.checks.admission import CHALLENGE, damaged, proofs, webhooks
from omnichannel.testing.drafting import base
from omnichannel.testing.failing import require
from omnichannel.testing.subject import Subject

_MOMENT = re.compile(r"1\d{9}")  # signed with the rest, and no secret

SHORTEST = 8
"""Characters below which a word is no secret, but might stand anywhere."""


def secrets_in(subject: Subject, channel: Channel) -> set[str]:
    """Every secret that an instance holds: the webhook's, all SecretStr in it, and what it adds on the wire."""
    found = {subject.secret(0)} if subject.has_webhook else set()
    found |= {value.get_secret_value() for value in _inside(channel) if isinstance(value, SecretStr)}
    for call in _calls(subject, channel):
        for value in channel.credentials(call).values():
            found |= {word for word in value.replace(",", " ").split() if word not in ("Bearer", "Basic")}
        found |= set(channel.wire_url(call).replace("?", "/").replace("&", "/").split("/")) - set(
            call.url.split("/")
        )
    return {secret for secret in found if len(secret) >= SHORTEST and not _MOMENT.fullmatch(secret)}


def _inside(value: object, depth: int = 0) -> Iterator[object]:
    """Everything that an object is made of."""
    yield value
    if depth > 6 or isinstance(value, str | bytes | int | float | type | None):
        return
    inner: list[object] = []
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        inner = list(value)
    elif not isinstance(value, SecretStr):
        inner = [*getattr(value, "__dict__", {}).values(), *_slots(value)]
    for one in inner:
        yield from _inside(one, depth + 1)


def _slots(value: object) -> list[object]:
    names = chain.from_iterable(getattr(kind, "__slots__", ()) for kind in type(value).__mro__)
    return [getattr(value, name) for name in names if isinstance(name, str) and hasattr(value, name)]


def _calls(subject: Subject, channel: Channel) -> list[Call]:
    return [call for _, draft in subject.drafts() for call in channel.render(draft)]


def _nowhere(secrets: set[str], text: str, where: str) -> None:
    for secret in secrets:
        require(secret not in text, f"a secret stands in {where}: {text.replace(secret, '<SECRET>')[:300]}")


def check_secrets_are_wrapped(subject: Subject) -> str | None:
    """No secret shows in a repr of the instance or of anything inside it.

    If it fails: keep it as `pydantic.SecretStr`, and take it out only where it is used.
    """
    channel = subject.channel()
    secrets = secrets_in(subject, channel)
    for value in _inside(channel):
        if isinstance(value, str):
            require(value not in secrets, "a secret is kept as a plain text; wrap it in SecretStr")
        elif isinstance(value, dict | list | tuple | BaseModel):
            _nowhere(secrets, repr(value), "what the instance holds")
    for shown in (repr(channel), str(channel), repr(vars(channel)), repr(channel.account)):
        _nowhere(secrets, shown, "the instance's repr")
    return None


def check_secrets_are_not_stored(subject: Subject) -> str | None:
    """No secret is in a call, which is stored until it was sent, nor in a link or a sign.

    If it fails: add it on the wire only (`credentials`, or `wire_url` where it must be in the address).
    """
    channel = subject.channel()
    secrets = secrets_in(subject, channel)
    for call in _calls(subject, channel):
        stored = call.url + repr(call.headers) + call.body.decode("latin-1") + call.correlator + call.text
        _nowhere(secrets, stored, "a call")
        _nowhere(secrets, repr(call), "a call's repr")
    with contextlib.suppress(OmnichannelError):
        _nowhere(secrets, channel.start_link("oct" + "a" * 26), "a link")
    found = base(subject, public=False)
    for sign in subject.kind.can.signals if found else ():
        assert found is not None
        call = channel.signal(found[1].to, sign, "kit")
        _nowhere(secrets, call.url + call.body.decode("latin-1") + repr(call.headers), "a sign")
    return None


def check_strangers_learn_no_secret(subject: Subject) -> str | None:
    """What is answered to a stranger, and the error why not, holds neither a secret nor the right signature.

    If it fails: say that the signature is wrong, never what it should have been.
    """
    if not subject.has_webhook:
        return "it has no webhook: for_verifying raises Unsupported"
    channel, case = subject.channel(), webhooks(subject)[0]
    secrets, whole = secrets_in(subject, channel), subject.sign(case.delivery, subject.secret(0))
    for name in proofs(subject, case):
        right = re.sub(r"^\w{1,10}=", "", whole.header(name))
        for value in ("", *list(damaged(whole.header(name)))[:3]):
            headers = tuple((key, value if key == name else old) for key, old in whole.headers)
            try:
                shown = repr(channel.admit(whole.model_copy(update={"headers": headers})))
            except OmnichannelError as error:
                shown = f"{error!r} {error}"
            _nowhere(secrets | {right}, shown, "what a stranger is told")
    asked = subject.challenge(CHALLENGE, subject.secret(0))
    if asked is not None:
        _nowhere(secrets, repr(channel.admit(asked)), "the answer to a challenge")
    return None


class _Keeper(logging.Handler):
    """Keeps every record."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(level=logging.NOTSET)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self._records.append(record)


def check_nothing_is_logged(subject: Subject) -> str | None:
    """Reading and rendering write no log: whoever calls does, with what may be known.

    If it fails: raise, or say it in the event (`notes`, `reason`), and log nothing in a channel.
    """
    records: list[logging.LogRecord] = []
    handler = _Keeper(records)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        channel = subject.channel()
        for case in subject.received:
            list(case.seen_by(channel).parse(case.delivery))
        for case in subject.answered:
            channel.read(case.call, case.response)
        _calls(subject, channel)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    require(not records, f"it logs: {[record.getMessage() for record in records][:3]}")
    return None


CHECKS = (
    check_secrets_are_wrapped,
    check_secrets_are_not_stored,
    check_strangers_learn_no_secret,
    check_nothing_is_logged,
)
