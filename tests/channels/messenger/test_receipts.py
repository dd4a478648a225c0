"""What Meta's answer to a send means. It has no idempotency: in doubt, a send is never repeated."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call, Response
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from tests.channels.messenger.given import channel

CALL = Call(url="https://graph.facebook.com/v26.0/1/messages")


def read(status: int, body: object, *, headers: tuple = (), failure: str = "") -> Receipt:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return channel().read(CALL, Response(status=status, body=raw, headers=headers, failure=failure))


def error(code: int, subcode: int = 0, **more: object) -> dict:
    inner = {"message": f"(#{code}) words", "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    return {"error": inner | ({"error_subcode": subcode} if subcode else {}) | more}


def test_taken() -> None:
    assert read(200, {"recipient_id": "1", "message_id": "m_1"}) == Sent(external_id="m_1")
    assert (
        read(200, {"recipient_id": "1", "message_id": "m_1", "attachment_id": "5"}).detail == "attachment 5"
    )


REFUSED = [
    (10, 2018278, "window_closed"),
    (10, 2018065, "window_closed"),
    (10, 2534022, "window_closed"),
    (10, 2018276, "config"),
    (10, 2018300, "not_owner"),
    (10, 0, "config"),
    (200, 0, "config"),
    (230, 0, "config"),
    (299, 0, "config"),
    (3, 0, "config"),
    (200, 2018108, "config"),
    (100, 0, "invalid"),
    (100, 2018001, "recipient_unavailable"),
    (100, 2018074, "invalid"),
    (100, 2018008, "invalid"),
    (100, 2018294, "invalid"),
    (100, 2018047, "invalid"),
    (190, 0, "reauth"),
    (190, 463, "reauth"),
    (190, 492, "reauth"),
    (551, 0, "recipient_unavailable"),
    (551, 1545041, "recipient_unavailable"),
    (200, 1545041, "recipient_unavailable"),
    (368, 0, "policy"),
    (10900, 0, "duplicate"),
    (424242, 0, "invalid"),
]


@pytest.mark.parametrize(("code", "subcode", "word"), REFUSED)
@pytest.mark.parametrize("status", [400, 403])
def test_refused_for_good(code: int, subcode: int, word: str, status: int) -> None:
    found = read(status, error(code, subcode))
    assert isinstance(found, Refused)
    assert found.code == word
    assert f"{code}/{subcode} (#{code}) words" in found.detail


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80002, 80006])
def test_a_rate_limit_took_nothing_even_when_it_is_marked_transient(code: int) -> None:
    assert read(400, error(code, is_transient=True)) == Deferred(
        after=60, detail=f"{code}/0 (#{code}) words", scope="account"
    )
    assert isinstance(read(403, error(code)), Deferred)


def test_a_rate_limit_may_be_told_by_subcode_or_status() -> None:
    assert isinstance(read(400, error(100, 2534040)), Deferred)
    assert isinstance(read(429, error(100)), Deferred)
    assert isinstance(read(429, b""), Deferred)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ((), 60),
        ((("retry-after", "7"),), 7),
        (
            (
                (
                    "X-Business-Use-Case-Usage",
                    '{"1":[{"type":"messenger","estimated_time_to_regain_access":5}]}',
                ),
            ),
            300,
        ),
        ((("X-Business-Use-Case-Usage", '{"1":[{"estimated_time_to_regain_access":500}],"2":5}'),), 3600),
        ((("X-Business-Use-Case-Usage", '{"1":[{}]}'),), 60),
        ((("X-Business-Use-Case-Usage", "[]"),), 60),
        ((("X-Business-Use-Case-Usage", "not json"),), 60),
    ],
)
def test_how_long_to_wait_is_what_meta_says_within_an_hour(headers: tuple, after: float) -> None:
    assert read(400, error(613), headers=headers).after == after


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error(1)),
        (400, error(2)),
        (500, error(1200)),
        (400, error(10, is_transient=True)),
        (500, error(100)),
        (503, b"<html>Sorry, something went wrong.</html>"),
        (502, b""),
        (408, b""),
        (200, b""),
        (200, b"OK"),
        (200, b"[]"),
        (200, {"recipient_id": "1"}),
        (200, {"message_id": None}),
    ],
)
def test_in_doubt(status: int, body: object) -> None:
    assert isinstance(read(status, body), Unknown)


def test_the_network() -> None:
    assert isinstance(read(0, b"", failure="not_sent"), Deferred)
    assert isinstance(read(0, b"", failure="in_doubt"), Unknown)
    assert isinstance(read(200, {"message_id": "m_1"}, failure="in_doubt"), Unknown)


@pytest.mark.parametrize(("status", "code"), [(401, "reauth"), (404, "invalid"), (413, "too_large")])
def test_an_answer_without_meta_s_error_is_judged_by_its_status(status: int, code: str) -> None:
    assert read(status, b"<html>proxy</html>").code == code


@given(st.integers(0, 599), st.binary(max_size=100))
def test_no_answer_raises_and_only_a_message_id_counts_as_sent(status: int, body: bytes) -> None:
    assert not isinstance(read(status, body), Sent)


@given(
    st.integers(100, 599),
    st.dictionaries(
        st.sampled_from(["code", "error_subcode", "message", "is_transient"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    ),
)
def test_no_error_is_ever_taken_for_sent(status: int, inner: dict) -> None:
    assert not isinstance(read(status, {"error": inner or {"code": 1}, "message_id": "m_1"}), Sent)
