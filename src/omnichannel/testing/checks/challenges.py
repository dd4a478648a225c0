"""The question that a platform asks when a webhook is set up: answered to it alone, and good for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from omnichannel.channel import Ack, Channel, Delivery
from omnichannel.testing.checks.admission import CHALLENGE, NO_WEBHOOK, admitted, proofs
from omnichannel.testing.checks.secrecy import secrets_in
from omnichannel.testing.failing import fail, require
from omnichannel.testing.subject import Subject


def check_a_challenge_signs_nothing_but_challenges(subject: Subject) -> str | None:
    """The platform's question is answered and not kept; nobody can have something else signed by asking.

    If it fails: answer only what could be a question (letters, digits), never as HTML, and sign nothing that could be
    the body of a delivery. If the platform asks nothing, answer nothing.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    channel, secret = subject.channel(), subject.secret(0)
    asked = subject.challenge(CHALLENGE, secret)
    if asked is None:
        _answers_nothing(subject, channel)
        return "the platform asks no question: challenge() gives none"
    ack = admitted(channel, asked, "the challenge")
    require(ack is not None and 200 <= ack.status < 300, "the platform's question was refused")
    assert ack is not None
    require(not ack.keep, "the platform's question is no delivery: answer it with keep=False")
    require("html" not in dict(ack.headers).get("content-type", ""), "the answer must not be HTML")
    _sign_nothing_else(subject, channel, secret)
    return None


def _sign_nothing_else(subject: Subject, channel: Channel, secret: str) -> None:
    for case in subject.deliveries:
        forged = Delivery(url=case.delivery.url, body=case.delivery.body)
        whole = subject.sign(forged, secret)
        asked = subject.challenge(case.delivery.body.decode("utf-8", "replace"), secret)
        ack = admitted(channel, asked, case.name) if asked else None
        for name in proofs(subject, case) if ack else ():
            value = whole.header(name)
            shown = repr(ack)
            require(
                value not in shown and value.partition("=")[2] not in (shown if "=" in value else ""),
                f"the challenge signed a delivery: its answer holds {name}",
                case=case.name,
            )
    page = subject.challenge("<script>alert(1)</script>", secret)
    ack = admitted(channel, page, "a page as a challenge") if page else None
    kind = dict(ack.headers).get("content-type", "") if ack else "text/plain"
    require(
        kind and "html" not in kind,
        f"what was asked is answered as {kind or 'no type'}: a browser would run it",
    )


def _answers_nothing(subject: Subject, channel: Channel) -> None:
    """Broken if a question is answered after all: its contract would be skipped, for want of `challenge`."""
    for word in ("", *sorted(secrets_in(subject, channel))):
        one, other = (_said(channel, _questions(text, word)) for text in (CHALLENGE, CHALLENGE[::-1]))
        if one != other:
            fail(
                "it answers a platform's question; write challenge() in its test, so that this is tried, too"
            )


def _questions(text: str, word: str) -> Iterator[Delivery]:
    """What platforms ask, as far as known: Meta (with a word of ours), X, and by JSON in a body (Slack)."""
    for query in (
        f"hub.mode=subscribe&hub.verify_token={quote(word)}&hub.challenge={text}",
        f"crc_token={text}",
    ):
        yield Delivery(method="GET", url=f"https://hook.example/a?{query}")
    body = f'{{"type":"url_verification","token":"{word}","challenge":"{text}"}}'
    yield Delivery(url="https://hook.example/a", body=body.encode())


def _said(channel: Channel, asked: Iterator[Delivery]) -> list[Ack | None]:
    return [admitted(channel, one, "a question") for one in asked]


def check_a_wrong_challenge_is_refused(subject: Subject) -> str | None:
    """A question whose proof is another's, or nearly ours, is refused; and any by an instance without secrets.

    If it fails: compare the verify token (or the question's signature) in constant time; refuse an empty one.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    channel, asked = subject.channel(), subject.challenge(CHALLENGE, subject.secret(0))
    if asked is None:
        return "the platform asks no question: challenge() gives none"
    ack = admitted(subject.kind.bare(), asked, "the challenge")
    require(ack is None, "an instance without secrets answered the platform's question; raise Forged")
    for what, other in _other_words(asked, secrets_in(subject, channel)):
        ack = admitted(channel, other, "a question of somebody else")
        require(ack is None, f"a question with {what} for our secret was answered; raise Forged")
    other_secret = subject.challenge(CHALLENGE, subject.secret(1))
    if other_secret is not None and other_secret != asked:
        ack = admitted(channel, other_secret, "a question of somebody else")
        require(ack is None, "a question that another secret signed was answered; raise Forged")
    return None


def _other_words(asked: Delivery, secrets: set[str]) -> Iterator[tuple[str, Delivery]]:
    """The question with something else wherever a secret of ours stands in its address."""
    for word in (quote(secret, safe="") for secret in secrets):
        others = {"nothing": "", "half of it": word[:-1], "more": word + "0", "another word": word[::-1]}
        for what, other in others.items():
            if word in asked.url and other != word:
                yield what, asked.model_copy(update={"url": asked.url.replace(word, other)})


CHECKS = (check_a_challenge_signs_nothing_but_challenges, check_a_wrong_challenge_is_refused)
