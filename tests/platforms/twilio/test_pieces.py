"""Numbers, times, forms and answers, as Twilio writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery, Response
from omnichannel.errors import ConfigError, Malformed
from omnichannel.model import Deferred, Event, Ignored, Refused, Sent, Unknown, Unreadable
from omnichannel.platforms.twilio import account, answers, numbers
from omnichannel.platforms.twilio.fields import each, fields_of, moment, query_of
from omnichannel.toolbox import Json


@pytest.mark.parametrize(
    ("written", "region", "value"),
    [
        ("+31612345678", "", "phone::+31612345678"),
        (" +31 6 1234 5678 ", "", "phone::+31612345678"),
        ("06-12345678", "NL", "phone::+31612345678"),
        ("0031612345678", "NL", "phone::+31612345678"),
        ("0612345678", "", "voice:AC1:0612345678"),
        ("12345", "", "voice:AC1:12345"),
        ("+0987", "", "voice:AC1:+0987"),
        ("client:anna", "", "voice:AC1:client:anna"),
        ("sip:anna@pbx.example", "", "voice:AC1:sip:anna@pbx.example"),
    ],
)
def test_whoever_is_written_there(written: str, region: str, value: str) -> None:
    found = numbers.party(written, "voice", "AC1", region=region)
    assert found
    assert str(found.address) == value
    assert found.reach in (written.strip(), found.address.value)


@pytest.mark.parametrize("word", ["ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE"])
def test_who_withholds_the_number_is_nobody(word: str) -> None:
    """As a word, and spelled on the keys of a telephone (ITU-T E.161)."""
    keys = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
    for written in (word, word.lower(), f"+{word.translate(keys)}", word.translate(keys), "", " "):
        assert numbers.party(written, "voice", "AC1") is None
        assert numbers.phone(written, "NL") is None
    assert numbers.nobody("voice", "CA1").address != numbers.nobody("voice", "CA2").address


def test_a_scope_that_cannot_be_one_is_none() -> None:
    found = numbers.party("12345", "sms", "a:b")
    assert found
    assert found.address.scope == ""


@given(st.text())
def test_any_number_at_all_is_somebody_or_nobody(written: str) -> None:
    found = numbers.party(written, "voice", "AC1", region="NL")
    assert found is None or found.address.value


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Fri, 20 Nov 2026 09:00:05 +0000", datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:05 +0100", datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)),
        ("2026-11-20T09:00:05.5Z", datetime(2026, 11, 20, 9, 0, 5, 500000, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 09:00:05 -0000", datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("Fri, 31 Feb 2026 09:00:05 +0000", None),
    ],
)
def test_times(written: str, at: datetime | None) -> None:
    assert moment(written) == at


def test_parameters_come_as_form_query_or_json() -> None:
    assert fields_of(Delivery(body=b"A=2&B=")) == {"A": "2", "B": ""}
    assert fields_of(Delivery(method="GET", url="https://h/p?A=%2B1")) == {"A": "+1"}
    assert fields_of(Delivery(body=b'{"A": 1, "B": null, "C": {}}')) == {"A": "1", "B": ""}
    assert query_of(Delivery(url="https://h/p?step=menu&call=x%2F0")) == {"step": "menu", "call": "x/0"}
    with pytest.raises(Malformed):
        fields_of(Delivery(body=b"[1]"))
    assert query_of(Delivery(url="https://[h/p?step=menu")) == {}


def test_a_file_may_hold_one_or_many() -> None:
    """Each is read for itself; what is no object is told with its place."""

    def named(value: dict[str, Json]) -> list[Event]:
        return [Ignored(reason="seen", kind=", ".join(value))]

    assert list(each(b"A=1", named)) == [Ignored(reason="seen", kind="A")]
    one, odd, other = each(b'[{"A": "1"}, 2, {"messages": [{"sid": "SM1"}]}]', named)
    assert [one, other] == [Ignored(reason="seen", kind="A"), Ignored(reason="seen", kind="sid")]
    assert isinstance(odd, Unreadable)
    assert odd.where == "/1"


def test_what_cannot_be_read_is_told_where_it_stands() -> None:
    def refused(value: dict[str, Json]) -> list[Event]:
        raise Malformed("no such thing")

    found = each(b'[{"calls": [{"sid": "CA1"}, {"sid": "CA2"}]}]', refused)
    assert list(found) == [Unreadable(reason="no such thing", where=f"/0/calls/{n}") for n in (0, 1)]


def error(code: int, status: int = 400) -> Response:
    return Response(status=status, body=b'{"code": %d, "message": "m", "status": %d}' % (code, status))


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (Response(status=201, body=b'{"sid": "SM1"}'), Sent(external_id="SM1")),
        (Response(status=201, body=b"<html>"), Unknown(detail="no sid in the answer: <html>")),
        (Response(failure="not_sent", detail="d"), Deferred(after=30, detail="d")),
        (Response(failure="in_doubt", detail="d"), Unknown(detail="d")),
        (error(99999), Refused(code="invalid", detail="99999 m")),
        (error(99999, 401), Refused(code="reauth", detail="99999 m")),
        (error(99999, 429), Deferred(after=60, detail="99999 m", scope="account")),
        (error(20429, 429), Deferred(after=60, detail="20429 m", scope="account")),
        (error(21611), Deferred(after=60, detail="21611 m", scope="account")),
        (error(21617), Refused(code="too_large", detail="21617 m")),
        (error(63016), Refused(code="window_closed", detail="63016 m")),
        (error(13225), Refused(code="policy", detail="13225 m")),
    ],
)
def test_what_an_answer_means(response: Response, outcome: object) -> None:
    assert answers.receipt(response) == outcome


def test_a_5xx_with_a_code_may_have_been_taken() -> None:
    assert isinstance(answers.receipt(error(20500, 500)), Unknown)


@pytest.mark.parametrize(
    ("check", "given", "setting"),
    [
        (account.sid_of, "", "account_sid"),
        (account.sid_of, "SM1", "account_sid"),
        (account.callback_of, "hook", "status_callback"),
        (account.callback_of, "https://h/p#rc=3", "status_callback"),
    ],
)
def test_a_wrong_setting_is_named(check, given: str, setting: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(given)
    assert caught.value.setting == setting
    assert caught.value.cure
