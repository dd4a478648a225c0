"""Mistakes about what a platform's answer means."""

from __future__ import annotations

import time
from typing import Any

from bench.faults_kit import fault, http, of, reading
from omnichannel.channel import Channel
from omnichannel.model import Deferred, Refused, Sent, Unknown
from omnichannel.testing.subject import Subject


def _when(subject: Subject, matches: Any, receipt: Any) -> Subject:
    """The subject with a channel that gives another receipt where a response matches."""
    return reading(subject, lambda real, response: receipt if matches(response) else real)


@fault("answers", http)
def refuses_server_errors(subject: Subject) -> Subject:
    """A 5xx counts as refused, and is given up."""
    return _when(subject, lambda r: not r.failure and r.status >= 500, Refused(code="invalid"))


@fault("answers", http)
def repeats_after_server_errors(subject: Subject) -> Subject:
    """A 5xx counts as not taken, and is sent again."""
    return _when(subject, lambda r: not r.failure and r.status >= 500, Deferred(after=5))


@fault("answers", http)
def knows_nothing_of_429(subject: Subject) -> Subject:
    """Being too fast counts as being in doubt."""
    return _when(subject, lambda r: r.status == 429, Unknown())


@fault("answers", http)
def refuses_429(subject: Subject) -> Subject:
    """Being too fast counts as being refused for good."""
    return _when(subject, lambda r: r.status == 429, Refused(code="quota"))


@fault("answers", http)
def comes_back_too_soon(subject: Subject) -> Subject:
    """Retry-After is not looked at."""
    return _when(subject, lambda r: r.status == 429, Deferred(after=1))


@fault("answers", http)
def believes_any_success(subject: Subject) -> Subject:
    """Any 200 counts as sent."""
    return reading(
        subject,
        lambda real, r: (
            Sent(external_id="1") if r.status == 200 and isinstance(real, Unknown | Refused) else real
        ),
    )


@fault("answers", http)
def repeats_what_it_cannot_read(subject: Subject) -> Subject:
    """A success that cannot be read is sent again."""
    return reading(
        subject,
        lambda real, r: (
            Deferred(after=5) if r.status == 200 and not r.failure and isinstance(real, Unknown) else real
        ),
    )


@fault("answers", http)
def follows_no_redirect(subject: Subject) -> Subject:
    """A redirect counts as sent."""
    return _when(subject, lambda r: 300 <= r.status < 400, Sent(external_id="1"))


@fault("answers", http)
def doubts_a_refusal(subject: Subject) -> Subject:
    """A 403 counts as being in doubt."""
    return _when(subject, lambda r: r.status == 403, Unknown())


@fault("answers")
def gives_up_what_was_not_sent(subject: Subject) -> Subject:
    """No connection counts as refused."""
    return _when(subject, lambda r: r.failure == "not_sent", Refused(code="invalid"))


@fault("answers")
def repeats_what_is_in_doubt(subject: Subject) -> Subject:
    """A connection that was lost counts as not sent."""
    return _when(subject, lambda r: r.failure == "in_doubt", Deferred(after=5))


@fault("answers", http)
def stumbles_over_an_answer(subject: Subject) -> Subject:
    """An answer is taken for JSON with an id in it."""
    import json

    def change(real: Any, response: Any) -> Any:
        if response.status == 200:
            _ = json.loads(response.body)["id"]
        return real

    return reading(subject, change)


@fault("answers")
def keeps_no_id(subject: Subject) -> Subject:
    """What was sent has no id, so that no status finds it."""
    return reading(subject, lambda real, _: Sent() if isinstance(real, Sent) else real)


@fault("answers")
def refuses_in_its_own_words(subject: Subject) -> Subject:
    """A refusal's code is the platform's."""
    return reading(
        subject, lambda real, _: Refused(code="error-131047") if isinstance(real, Refused) else real
    )


@fault("purity")
def waits_by_its_own_clock(subject: Subject) -> Subject:
    """How long to wait is counted from our clock."""
    real = subject.kind

    def read(self: Channel, call: Any, response: Any) -> Any:
        time.time()
        return real.read(self, call, response)

    return of(subject, read=read)
