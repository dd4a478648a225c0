"""What a platform's answer means: the four outcomes, and never `sent` for what nobody can read."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call, Channel, Response
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.testing.failing import fail, require
from omnichannel.testing.probing import so_many
from omnichannel.testing.subject import Subject
from omnichannel.testing.watching import watched

HTTP = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

GARBAGE = (
    b"", b"<html><body>OK</body></html>", b"{", b"null", b"[]", b'"ok"', b"{}", b"0", b"\xff\xfe", b'{"error":null}',
    b'{"id":null}', b'{"data":{}}', b'{"result":[]}', b'{"messages":[]}', b"[" * 2000,
)  # fmt: skip
"""Bodies that no platform means when it says that it took something."""

_NOT_HTTP = "its calls are not HTTP: their statuses are another protocol's"


def _calls(subject: Subject) -> list[Call]:
    """What was sent: the recorded calls, one for each url and method."""
    channel = subject.channel()
    found = {
        (call.method, call.url, call.prepares): call
        for _, draft in subject.drafts()
        for call in channel.render(draft)
    }
    return list(found.values())


def _read(channel: Channel, call: Call, response: Response) -> Receipt:
    try:
        return channel.read(call, response)
    except Exception as error:  # noqa: BLE001 - that it raises at all is what is looked for
        fail(f"read raised {type(error).__name__}: {error}, for {response!r} with {response.body[:200]!r}")


def _http(subject: Subject) -> list[Call]:
    return [call for call in _calls(subject) if call.method in HTTP]


def check_what_was_not_sent_is_sent_later(subject: Subject) -> str | None:
    """A call that certainly did not get there is deferred; one that may have is unknown, and never sent again.

    If it fails: ask `toolbox.trouble` first.
    """
    channel = subject.channel()
    for call in _calls(subject):
        found = _read(channel, call, Response(failure="not_sent", detail="no connection"))
        require(isinstance(found, Deferred), f"not_sent is {found!r}, not deferred")
        found = _read(channel, call, Response(failure="in_doubt", detail="lost after the first byte"))
        require(isinstance(found, Unknown), f"in_doubt is {found!r}, not unknown")
    return None


def check_trouble_has_one_meaning(subject: Subject) -> str | None:
    """408 and 5xx: unknown, because it may have been taken. 4xx: refused. 3xx: never sent.

    If it fails: ask `toolbox.trouble` first, and read only successes yourself.
    """
    channel, calls = subject.channel(), _http(subject)
    if not calls:
        return _NOT_HTTP
    for call in calls:
        for body in (b"", b"<html>", b"{}"):
            for status in (408, 500, 502, 503, 504, 599):
                found = _read(channel, call, Response(status=status, body=body))
                require(isinstance(found, Unknown), f"HTTP {status} with {body!r} is {found!r}, not unknown")
            for status in (400, 401, 402, 403, 404, 405, 410, 413, 422):
                found = _read(channel, call, Response(status=status, body=body))
                require(isinstance(found, Refused), f"HTTP {status} with {body!r} is {found!r}, not refused")
            for status in (100, 301, 302, 304):
                found = _read(channel, call, Response(status=status, body=body))
                require(not isinstance(found, Sent), f"HTTP {status} with {body!r} is {found!r}")
    return None


def check_being_too_fast_is_deferred(subject: Subject) -> str | None:
    """429 is deferred, for as long as Retry-After says, and for a while where it says nothing.

    If it fails: use `toolbox.retry_after`; it takes nonsense as well.
    """
    channel, calls = subject.channel(), _http(subject)
    if not calls:
        return _NOT_HTTP
    for call in calls:
        for asked in ("17", "", "soon", "-1", "nan", "1e9"):
            headers = (("retry-after", asked),) if asked else ()
            found = _read(channel, call, Response(status=429, headers=headers, body=b"{}"))
            require(isinstance(found, Deferred), f"429 with Retry-After {asked!r} is {found!r}, not deferred")
            assert isinstance(found, Deferred)
            require(0 < found.after <= 86_400, f"429 with Retry-After {asked!r} waits {found.after} s")
        found = _read(channel, call, Response(status=429, headers=(("Retry-After", "17"),)))
        require(isinstance(found, Deferred) and found.after == 17, f"Retry-After: 17 is {found!r}")
    return None


def check_an_unreadable_success_is_unknown(subject: Subject) -> str | None:
    """A success whose body says nothing is unknown: it may have been taken, and nobody knows as what.

    If it fails: `Sent` needs the platform's id out of the body; without one it is Unknown. Only where a recorded case
    shows that an empty answer is how the platform says yes, an empty one is.
    """
    channel, calls = subject.channel(), _http(subject)
    if not calls:
        return _NOT_HTTP
    known = {case.response.body for case in subject.answered if isinstance(case.receipt, Sent)}
    for call in calls:
        for body in GARBAGE:
            found = _read(channel, call, Response(status=200, body=body))
            require(
                body in known or not isinstance(found, Sent),
                f"200 with {body[:60]!r} is {found!r}, not unknown",
            )
            if isinstance(found, Deferred):
                fail(f"200 with {body[:60]!r} is deferred: it would be sent again, and may have been taken")
    return None


def check_sent_names_what_the_platform_calls_it(subject: Subject) -> str | None:
    """Every recorded success has the platform's id, which echoes and statuses will name; every refusal our word.

    If it fails: read the id out of the answer. If the platform gives none, give what its echo will carry.
    """
    words = {
        "not_summoned", "duplicate", "window_closed", "recipient_unavailable", "not_owner", "reauth", "config",
        "invalid", "too_large", "policy", "unsupported", "quota",
    }  # fmt: skip
    for case, receipt in subject.receipts():
        if isinstance(receipt, Sent):
            require(receipt.external_id, "is sent, and has no external_id", case=case.name)
        if isinstance(receipt, Refused):
            require(receipt.code in words, f"{receipt.code!r} is none of our words", case=case.name)
    return None


def check_any_answer_has_an_outcome(subject: Subject) -> str | None:
    """Whatever comes back, `read` says what it means and never raises; the same answer, the same outcome.

    If it fails: read with `toolbox.load_json` and the like, and turn Malformed into Unknown.
    """
    channel, calls = subject.channel(), _calls(subject)
    if not calls:
        return "no send case becomes calls"
    bodies = [*GARBAGE, *(case.response.body for case in subject.answered)]

    @so_many(80)
    @given(
        st.sampled_from(calls),
        st.integers(0, 999),
        st.sampled_from(bodies) | st.binary(max_size=60),
        st.text(max_size=20) | st.sampled_from(["1e999", "-1", "Fri, 31 Dec 1999 23:59:59 GMT", "\ud800"]),
        st.integers(0, 200),
    )
    def probe(call: Call, status: int, body: bytes, value: str, cut: int) -> None:
        names = ("retry-after", "date", "x-rate-limit-reset", "content-type", "x-business-use-case-usage")
        response = Response(
            status=status, headers=tuple((name, value) for name in names), body=body[: cut or None]
        )
        found = _read(channel, call, response)
        require(
            found == _read(channel, call, response), f"{response!r} means {found!r}, and then something else"
        )

    probe()
    return None


def check_read_is_pure(subject: Subject) -> str | None:
    """Reading an answer touches no clock, no chance, no file, no socket, no log.

    If it fails: seconds to wait come from the answer (its own `date`, Retry-After), not from our clock.
    """
    channel = subject.channel()
    for case in subject.answered:
        channel.read(case.call, case.response)
        watched(lambda case=case: channel.read(case.call, case.response), "read", case.name)  # type: ignore[misc]
    return None


def damaged_successes(subject: Subject) -> Iterator[Response]:
    """Every recorded success, cut in the middle."""
    for case in subject.answered:
        body = case.response.body
        if isinstance(case.receipt, Sent) and body:
            yield case.response.model_copy(update={"body": body[: len(body) // 2]})


def check_half_a_success_is_unknown(subject: Subject) -> str | None:
    """A success that was cut on the way is unknown.

    If it fails: as for unreadable successes.
    """
    found = [(response, case) for case in subject.answered for response in damaged_successes(subject)]
    if not found or not _http(subject):
        return _NOT_HTTP
    channel = subject.channel()
    for response, case in found:
        outcome = _read(channel, case.call, response)
        require(not isinstance(outcome, Sent | Deferred), f"{response.body!r} is {outcome!r}", case=case.name)
    return None


CHECKS = (
    check_what_was_not_sent_is_sent_later,
    check_trouble_has_one_meaning,
    check_being_too_fast_is_deferred,
    check_an_unreadable_success_is_unknown,
    check_half_a_success_is_unknown,
    check_sent_names_what_the_platform_calls_it,
    check_any_answer_has_an_outcome,
    check_read_is_pure,
)
