"""The question that a platform asks when a webhook is set up: answered to it alone, and good for nothing else."""

from __future__ import annotations

from omnichannel.channel import Channel, Delivery
from omnichannel.testing.checks.admission import NO_WEBHOOK, admitted, proofs
from omnichannel.testing.failing import require
from omnichannel.testing.subject import Subject

CHALLENGE = "c0ffee00c0ffee00c0ffee00c0ffee00"
"""What a platform could ask: every platform's questions are letters and digits."""


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


def check_a_wrong_challenge_is_refused(subject: Subject) -> str | None:
    """A question whose proof is another's is refused.

    If it fails: compare the verify token (or the question's signature) in constant time; refuse an empty one.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    if subject.challenge(CHALLENGE, subject.secret(0)) is None:
        return "the platform asks no question: challenge() gives none"
    asked = subject.challenge(CHALLENGE, subject.secret(0))
    assert asked is not None
    ack = admitted(subject.kind.bare(), asked, "the challenge")
    require(ack is None, "an instance without secrets answered the platform's question; raise Forged")
    return None


CHECKS = (check_a_challenge_signs_nothing_but_challenges, check_a_wrong_challenge_is_refused)
