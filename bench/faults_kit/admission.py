"""Mistakes about who is let in."""

from __future__ import annotations

import asyncio
from typing import Any

from bench.faults_kit import fault, http, of, webhook
from omnichannel.channel import Ack, Call, Channel, Delivery, Response
from omnichannel.errors import Forged, OmnichannelError
from omnichannel.testing.checks.admission import CHALLENGE, proofs
from omnichannel.testing.subject import Subject

META = ("messenger", "facebook", "instagram", "whatsapp")
"""They put a word of ours into the question."""


def _proofs(subject: Subject) -> list[str]:
    return proofs(subject, subject.deliveries[0])


def _right(subject: Subject, delivery: Delivery, name: str) -> str:
    """What the proof should have been."""
    others = tuple((key, value) for key, value in delivery.headers if key not in _proofs(subject))
    return subject.sign(delivery.model_copy(update={"headers": others}), subject.secret(0)).header(name)


def _lenient(subject: Subject, lets_in: Any) -> Subject:
    """A channel that, where it refuses, lets in all the same if `lets_in(delivery, name of the proof)`."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        try:
            return real.admit(self, delivery)
        except OmnichannelError:
            knows_secrets = self.name != "file"
            if (
                delivery.method == "POST"
                and knows_secrets
                and any(lets_in(delivery, name) for name in _proofs(subject))
            ):
                return Ack()
            raise

    return of(subject, admit=admit)


def _headers(subject: Subject) -> bool:
    """A fault for channels whose deliveries are proven by a header."""
    return webhook(subject) and bool(_proofs(subject))


def _binding(subject: Subject) -> bool:
    return _headers(subject) and subject.kind.can.signs_body


def _asked(subject: Subject) -> bool:
    return webhook(subject) and subject.challenge(CHALLENGE, subject.secret(0)) is not None


@fault("admission", _headers)
def compares_a_prefix(subject: Subject) -> Subject:
    """Only the first characters of the proof count."""
    return _lenient(
        subject, lambda d, name: d.header(name)[:16] == _right(subject, d, name)[:16] and d.header(name) != ""
    )


@fault("admission", _headers)
def compares_the_start(subject: Subject) -> Subject:
    """Something behind the right proof does no harm."""
    return _lenient(subject, lambda d, name: d.header(name).startswith(_right(subject, d, name)))


@fault("admission", _headers)
def compares_how_many_are_right(subject: Subject) -> Subject:
    """All characters but one are enough."""

    def nearly(delivery: Delivery, name: str) -> bool:
        given, right = delivery.header(name), _right(subject, delivery, name)
        wrong = sum(one != other for one, other in zip(given, right, strict=False))
        return len(given) == len(right) and wrong <= 1

    return _lenient(subject, nearly)


@fault("admission", _headers)
def takes_a_missing_header(subject: Subject) -> Subject:
    """Only a wrong proof is refused, none at all is not."""
    return _lenient(subject, lambda d, name: name not in dict(d.headers))


@fault("admission", _headers)
def takes_an_empty_header(subject: Subject) -> Subject:
    """An empty proof is none, and counts as not wrong."""
    return _lenient(subject, lambda d, name: dict(d.headers).get(name) == "")


@fault("admission", _binding)
def forgets_the_body(subject: Subject) -> Subject:
    """A proof that was ever right is right for any body."""
    ever = {subject.sign(case.delivery, subject.secret(0)).headers for case in subject.deliveries}
    return _lenient(subject, lambda d, _: d.headers in ever)


@fault("admission", _binding)
def signs_what_was_read(subject: Subject) -> Subject:
    """The body is read and written before it is compared, so that blanks do not count."""

    def same(delivery: Delivery, name: str) -> bool:
        stripped = delivery.model_copy(update={"body": delivery.body.strip()})
        return delivery.header(name) == _right(subject, stripped, name)

    return _lenient(subject, same)


@fault("admission", webhook)
def knows_the_first_secret_only(subject: Subject) -> Subject:
    """Of several secrets only the newest is tried."""
    real = subject.kind

    def for_verifying(_: type[Channel], secrets: tuple[str, ...]) -> Channel:
        return real.for_verifying(secrets[:1])

    return of(subject, for_verifying=classmethod(for_verifying))


@fault("admission", webhook)
def never_forgets_a_secret(subject: Subject) -> Subject:
    """A secret that worked once works for ever."""
    real, known = subject.kind, set[str]()

    def for_verifying(_: type[Channel], secrets: tuple[str, ...]) -> Channel:
        known.update(secrets)
        return real.for_verifying(tuple(known) if all(secrets) else secrets)

    return of(subject, for_verifying=classmethod(for_verifying))


@fault("admission", webhook)
def takes_an_empty_secret(subject: Subject) -> Subject:
    """No secret set means that nothing is compared."""
    real = subject.kind

    def for_verifying(cls: type[Channel], secrets: tuple[str, ...]) -> Channel:
        return real.for_verifying(tuple(one for one in secrets if one.strip()) or ("x",))

    return of(subject, for_verifying=classmethod(for_verifying))


@fault("admission", webhook)
def lets_in_without_any_secret(subject: Subject) -> Subject:
    """An instance that knows no secret lets everybody in."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        return Ack() if self.name == "file" else real.admit(self, delivery)

    return of(subject, admit=admit)


@fault("admission", webhook)
def refuses_what_is_signed(subject: Subject) -> Subject:
    """A proof in another spelling than the platform's is expected."""

    def admit(self: Channel, delivery: Delivery) -> Ack:
        raise Forged("wrong")

    return of(subject, admit=admit)


@fault("admission")
def crashes_on_a_strange_method(subject: Subject) -> Subject:
    """Only the methods that the platform uses were thought of."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        return {"GET": real.admit, "POST": real.admit, "IMAP": real.admit}[delivery.method](self, delivery)

    return of(subject, admit=admit)


@fault("admission", _headers)
def crashes_on_a_strange_header(subject: Subject) -> Subject:
    """A header is taken for ASCII."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        for name in _proofs(subject):
            delivery.header(name).encode("ascii")
        return real.admit(self, delivery)

    return of(subject, admit=admit)


@fault("admission", _asked)
def keeps_the_challenge(subject: Subject) -> Subject:
    """The platform's question is kept as if it were a delivery."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        return real.admit(self, delivery).model_copy(update={"keep": True})

    return of(subject, admit=admit)


@fault("admission", _asked)
def answers_the_challenge_as_a_page(subject: Subject) -> Subject:
    """What was asked is written into a page."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        ack = real.admit(self, delivery)
        return ack if ack.keep else ack.model_copy(update={"headers": (("content-type", "text/html"),)})

    return of(subject, admit=admit)


@fault("admission", _asked)
def answers_anybodys_challenge(subject: Subject) -> Subject:
    """Whoever asks is answered, also by an instance that knows nothing."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        try:
            return real.admit(self, delivery)
        except OmnichannelError:
            if delivery.method == "GET":
                return Ack(headers=(("content-type", "text/plain"),), body=b"yes", keep=False)
            raise

    return of(subject, admit=admit)


@fault("admission", lambda subject: _asked(subject) and subject.kind.kind in META)
def takes_any_word_for_ours(subject: Subject) -> Subject:
    """Whoever asks is answered by the account, whatever word stands in the question."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        try:
            return real.admit(self, delivery)
        except OmnichannelError:
            text = delivery.url.rpartition("hub.challenge=")[2]
            if delivery.method != "GET" or not text.isalnum() or self.name == real.bare().name:
                raise
            return Ack(headers=(("content-type", "text/plain"),), body=text.encode(), keep=False)

    return of(subject, admit=admit)


@fault("admission", lambda subject: _asked(subject) and subject.kind.kind == "x")
def signs_whatever_is_asked(subject: Subject) -> Subject:
    """The challenge signs any text, so that it signs the body of a delivery for whoever asks."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        from urllib.parse import unquote

        token = unquote(delivery.url.partition("crc_token=")[2])
        if delivery.method != "GET" or not token:
            return real.admit(self, delivery)
        real.admit(self, subject.challenge(CHALLENGE, "") or delivery)
        signed = subject.sign(Delivery(body=token.encode()), subject.secret(0))
        headers = (("content-type", "application/json"),)
        return Ack(headers=headers, body=signed.header("x-twitter-webhooks-signature").encode(), keep=False)

    return of(subject, admit=admit)


@fault("admission", lambda subject: not webhook(subject))
def takes_what_nobody_signed(subject: Subject) -> Subject:
    """A channel without webhook keeps what somebody posts to it."""
    return of(subject, admit=lambda self, delivery: Ack())


@fault("secrecy", _headers)
def tells_the_right_proof(subject: Subject) -> Subject:
    """The error says what the proof should have been."""
    real = subject.kind

    def admit(self: Channel, delivery: Delivery) -> Ack:
        try:
            return real.admit(self, delivery)
        except OmnichannelError:
            raise Forged(
                f"it should be {[_right(subject, delivery, name) for name in _proofs(subject)]}"
            ) from None

    return of(subject, admit=admit)


@fault("secrecy")
def shows_a_secret_in_its_repr(subject: Subject) -> Subject:
    """The repr helps whoever looks for a mistake in the settings."""
    from omnichannel.testing.checks.secrecy import secrets_in

    return of(subject, __repr__=lambda self: f"Channel({sorted(secrets_in(subject, self))})")


@fault("secrecy", http)
def puts_the_token_into_the_url(subject: Subject) -> Subject:
    """The access token is part of the address of every call."""
    from bench.faults_kit import rendering
    from omnichannel.testing.checks.secrecy import secrets_in

    secret = min(secrets_in(subject, subject.channel()), default="")

    def change(calls: list[Any], _: Any) -> list[Any]:
        return [call.model_copy(update={"url": f"{call.url}?access_token={secret}"}) for call in calls]

    return rendering(subject, change)


@fault(
    "secrecy",
    lambda subject: (
        http(subject) and any(subject.channel().credentials(Call(url="https://x.example/")).values())
    ),
)
def stores_the_token_with_the_call(subject: Subject) -> Subject:
    """The authorization stands in the call's own headers."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> list[Any]:
        calls = list(real.render(self, draft))
        return [
            call.model_copy(update={"headers": (*call.headers, *real.credentials(self, call).items())})
            for call in calls
        ]

    return of(subject, render=render)


class _Spilling:
    """A sender in whose frames the secrets stand as plain texts while it connects."""

    def __init__(self, secrets: set[str]) -> None:
        self._secrets = secrets

    async def send(self, call: Call) -> Response:
        headers = [("authorization", f"Bearer {secret}") for secret in self._secrets]
        reader, _ = await asyncio.open_connection(f"{call.method.lower()}.example", 443)
        return Response(status=200, headers=tuple(headers), body=await reader.read())

    async def close(self) -> None:
        """Nothing is held."""


@fault("secrecy")
def keeps_the_token_in_a_variable(subject: Subject) -> Subject:
    """A sender of its own holds the token as a plain text while it calls, and a crash shows it."""
    from omnichannel.testing.checks.secrecy import secrets_in

    secrets = secrets_in(subject, subject.channel())
    return of(subject, sender=lambda self: _Spilling(secrets))


@fault("secrecy")
def can_be_pickled(subject: Subject) -> Subject:
    """Somebody wanted to hand it to another process."""
    return of(subject, __reduce__=lambda self: (dict, (vars(self),)))


@fault("secrecy")
def logs_what_it_reads(subject: Subject) -> Subject:
    """Every body goes to the log."""
    import logging

    real = subject.kind

    def parse(self: Channel, delivery: Delivery) -> Any:
        logging.getLogger("channel").debug("got %r", delivery.body)
        return real.parse(self, delivery)

    return of(subject, parse=parse)
