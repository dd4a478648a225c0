"""Signatures, what HTTP answers mean, times and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from omnichannel.channel import Response
from omnichannel.errors import ConfigError
from omnichannel.toolbox import (
    excerpt,
    find_tokens,
    from_epoch,
    from_iso,
    retry_after,
    secrets_of,
    sign,
    signed,
    trouble,
)

ONE, TWO = SecretStr("one"), SecretStr("two")


@given(st.binary(), st.sampled_from(["hex", "base64"]), st.sampled_from(["", "sha256=", "v0="]))
def test_a_signature_is_over_exactly_these_bytes(body: bytes, form, prefix: str) -> None:
    digest = hmac.new(b"one", body, hashlib.sha256).digest()
    header = prefix + (digest.hex() if form == "hex" else base64.b64encode(digest).decode())
    assert signed([ONE], body, header, prefix=prefix, form=form)
    assert signed([TWO, ONE], body, header, prefix=prefix, form=form), "the old and the new, during rotation"
    for wrong in (
        header[:-1],
        header + "0",
        header.swapcase() if form == "hex" else header[::-1],
        "",
        prefix,
    ):
        if wrong != header:
            assert not signed([ONE], body, wrong, prefix=prefix, form=form)
    assert not signed([ONE], body + b"\0", header, prefix=prefix, form=form)
    assert not signed([TWO], body, header, prefix=prefix, form=form)
    assert not signed([], body, header, prefix=prefix, form=form)


@given(st.binary(), st.binary().map(lambda raw: raw.decode("latin-1")) | st.text())
@example(b"", "é")
@example(b"", "\ud800")
@example(b"", "sha256=" + "\udcff" * 64)
def test_no_header_can_make_the_check_raise(body: bytes, header: str) -> None:
    """T02: bytes in, yes or no out; and what is not made with the secret is a no."""
    assert signed([ONE, TWO], body, header) is False or header.startswith("sha256=")


def test_sha1_where_a_platform_still_uses_it() -> None:
    expected = hmac.new(b"one", b"body", "sha1").hexdigest()
    assert sign(ONE, b"body", algorithm="sha1", form="hex") == expected


@pytest.mark.parametrize("nothing", [None, "", "  ", [], ["good", ""], SecretStr(""), [SecretStr(" ")], ()])
def test_no_secret_is_no_door(nothing: object) -> None:
    """T01: without one nothing could be told from a forgery, so it is an error at once."""
    with pytest.raises(ConfigError, match="forgery. Get one at x"):
        secrets_of(nothing, "app_secret", "Get one at x.")  # type: ignore[arg-type]


def test_secrets_do_not_show() -> None:
    found = secrets_of(["canary-1", SecretStr("canary-2")], "s", "")
    assert [secret.get_secret_value() for secret in found] == ["canary-1", "canary-2"]
    assert "canary" not in repr(found)
    assert [secret.get_secret_value() for secret in secrets_of("only", "s", "")] == ["only"]


TROUBLE = [
    ({"status": 200}, None), ({"status": 204}, None), ({"status": 299}, None),
    ({"failure": "not_sent"}, "deferred"), ({"failure": "in_doubt"}, "unknown"),
    ({"status": 0}, "unknown"), ({"status": 100}, "unknown"), ({"status": 408}, "unknown"),
    ({"status": 429}, "deferred"), ({"status": 500}, "unknown"), ({"status": 502}, "unknown"),
    ({"status": 503}, "unknown"), ({"status": 599}, "unknown"), ({"status": 400}, "refused invalid"),
    ({"status": 301}, "refused invalid"), ({"status": 401}, "refused reauth"), ({"status": 402}, "refused quota"),
    ({"status": 403}, "refused config"), ({"status": 404}, "refused invalid"), ({"status": 413}, "refused too_large"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "meaning"), TROUBLE)
def test_what_an_answer_means(answer: dict, meaning: str | None) -> None:
    """Deferred only what certainly was not taken; in doubt what may have been; refused what never will be."""
    receipt = trouble(Response(body=b"why\n not", detail="lost", **answer))
    if receipt is None:
        assert meaning is None
        return
    assert f"{receipt.outcome} {getattr(receipt, 'code', '')}".strip() == meaning
    assert receipt.detail in ("lost", f"HTTP {answer.get('status')} why not")


@given(st.integers(0, 999))
def test_every_status_means_something(status: int) -> None:
    receipt = trouble(Response(status=status))
    assert (receipt is None) == (200 <= status < 300)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30), ("0", 1), ("-5", 1), ("1.5", 1.5), ("99999999", 3600), ("inf", 3600), ("nan", 60), ("", 60),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60), ("soon", 60),
    ],
)  # fmt: skip
def test_how_long_to_wait(header: str, seconds: float) -> None:
    """Between a second and an hour, whatever is asked; a minute where nothing sensible is."""
    assert retry_after(Response(status=429, headers=(("RETRY-AFTER", header),))) == seconds


@pytest.mark.parametrize(
    ("header", "now", "seconds"),
    [
        ("Fri, 20 Nov 2026 12:20:00 GMT", "Fri, 20 Nov 2026 12:00:00 GMT", 1200),
        ("Fri, 20 Nov 2026 12:20:00 -0000", "Fri, 20 Nov 2026 12:00:00 GMT", 1200),
        ("Friday, 20-Nov-26 12:20:00 GMT", "Fri Nov 20 12:00:00 2026", 1200),
        ("Fri, 20 Nov 2026 11:00:00 GMT", "Fri, 20 Nov 2026 12:00:00 GMT", 1),
        ("Sat, 21 Nov 2026 12:00:00 GMT", "Fri, 20 Nov 2026 12:00:00 GMT", 3600),
        ("Fri, 20 Nov 2026 12:20:00 GMT", "", 60),
        ("Fri, 99 Nov 2026 12:20:00 GMT", "Fri, 20 Nov 2026 12:00:00 GMT", 60),
    ],
)
def test_a_date_to_wait_for_counts_from_the_clock_of_who_says_it(
    header: str, now: str, seconds: float
) -> None:
    """Both forms of RFC 9110 §10.2.3, and the dates of §5.6.7 that are obsolete."""
    headers = (("Date", now), ("Retry-After", header))
    assert retry_after(Response(status=429, headers=headers)) == seconds


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt(b" a\r\n\t b\xff ") == "a b\ufffd"
    assert len(excerpt(b"x" * 1000)) == 300


@given(st.datetimes(datetime(2001, 9, 10), datetime(5000, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC)))
def test_seconds_and_milliseconds_are_told_apart(when: datetime) -> None:
    whole = when.replace(microsecond=0)
    assert from_epoch(whole.timestamp()) == whole
    assert from_epoch(whole.timestamp() * 1000) == whole


@given(st.floats() | st.integers() | st.none())
@example(999_999_999_999)
@example(253_402_300_800)
@example(1e12)
@example(1e14)
def test_any_number_is_a_moment_or_none(value: float | None) -> None:
    found = from_epoch(value)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00+0000", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T11:00:00.5+02:00", datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-02 09:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        ("2026-13-01", None),
        ("\ud800", None),
    ],
)
def test_iso_moments(text: str, moment: datetime | None) -> None:
    assert from_iso(text) == moment


@given(st.text())
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found = from_iso(text)
    assert found is None or found.utcoffset() == timedelta(0)


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=45))), min_value=datetime(2, 1, 1)))
def test_every_moment_is_read_back(when: datetime) -> None:
    assert from_iso(when.isoformat()) == when


TOKEN, MARK = "oct" + "a2" * 13, "ocm" + "b7" * 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TOKEN, (TOKEN,)),
        (f"x {TOKEN.upper()}, {MARK}. {TOKEN}", (TOKEN, MARK)),
        (f"help+{MARK}@shop.example", (MARK,)),
        (f"x{TOKEN}", ()), (f"{TOKEN}a", ()), (f"{TOKEN}1", ()), (TOKEN[:-1], ()), (TOKEN.replace("2", "1"), ()),
        (" ".join(f"oct{chr(97 + n // 26)}{chr(97 + n % 26)}{'a' * 24}" for n in range(50)), 20),
    ],
)  # fmt: skip
def test_tokens_are_found_in_order_once_each(text: str, found: tuple[str, ...] | int) -> None:
    result = find_tokens(text)
    assert result == found or len(result) == found


def test_epoch_of_nonsense() -> None:
    assert from_epoch(math.nan) is None
    assert from_epoch(0) is None
