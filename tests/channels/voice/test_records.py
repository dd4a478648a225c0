"""Call records of any exchange: whatever their columns, marks, alphabets and clocks are."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.channels.voice import Voice, times
from omnichannel.channels.voice.records import Layout, events
from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Event, Received
from tests.channels.voice.given import exchange

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def read(text: str | bytes, **settings: object) -> list[Event]:
    body = text.encode() if isinstance(text, str) else text
    return list(exchange(**settings).parse(Delivery(source="file", body=body)))


def told(text: str | bytes, **settings: object) -> list[tuple[str, ...]]:
    """What each event says: who called whom, when, and what became of it."""
    found: list[tuple[str, ...]] = []
    for event in read(text, **settings):
        if not isinstance(event, Received):
            found.append((event.event, getattr(event, "reason", "")))
            continue
        other = event.recipients[0] if event.direction == "outbound" else event.sender
        at = f"{event.sent_at:%d %H:%M}" if event.sent_at else ""
        found.append((event.direction, other.address.value, at, event.parts[0].text))  # type: ignore[union-attr]
    return found


ANNA = ("inbound", "+31612345678", "20 09:15", "Incoming call, 1 min 20 s")


@pytest.mark.parametrize(
    "text",
    [
        "start,from,to,duration,status\n2026-11-20 09:15:00,+31612345678,+31201234567,80,ANSWERED\n",
        "Start Time;Caller;Callee;Talk Time\n20-11-2026 09:15;+31612345678;+31201234567;1:20\n",
        "sep=;\nDatum;Van;Naar;Duur\n20.11.2026 09:15:00;+31612345678;+31201234567;00:01:20\n",
        "calldate\tsrc\tdst\tbillsec\tdisposition\n2026-11-20T09:15:00\t+31612345678\t100\t80\tANSWERED\n",
        "Date|From|To|Duration|Direction\n11/20/2026 9:15 AM|+31612345678|+31201234567|1 min 20 s|Inbound\n",
        "from,to,timestamp,seconds\n+31612345678,+31201234567,1795166100,80.4\n",
        '"call id","timestamp","from","to","duration"\n"7","Fri, 20 Nov 2026 09:15:00 +0000","+31 6 1234 5678","x","80"\n',
        "Date,Time,From,To,Talking\n20/11/2026,09:15:00,+31612345678,100,00:01:20\n",
        "\n\nstart,from,to,duration\n\n2026/11/20 09:15:00,+31612345678,+31201234567,80\n\n",
    ],
)
def test_whatever_the_columns_are_called(text: str) -> None:
    assert told(text) == [ANNA]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_whatever_the_bytes_are(encoding: str) -> None:
    body = "start;from;to;duration;name\n2026-11-20 09:15:00;+31612345678;100;80;Zoë Müller\n".encode(
        encoding
    )
    (call,) = read(body)
    assert isinstance(call, Received)
    assert call.sender.name == "Zoë Müller"


def test_columns_may_be_said() -> None:
    text = "A;B;C;D\n2026-11-20 09:15:00;+31612345678;+31201234567;80\n"
    with pytest.raises(Malformed, match="columns"):
        read(text)
    assert told(text, columns={"start": "A", "from": "B", "to": "C", "duration": "d"}) == [ANNA]


def test_local_times_are_of_the_exchanges_zone() -> None:
    text = "start,from,to,duration\n2026-07-01 11:00:00,+31612345678,100,1\n2026-07-01T11:00:00+00:00,+31612345678,100,1\n"
    at = [event.sent_at for event in read(text, zone="Europe/Amsterdam") if isinstance(event, Received)]
    assert at == [datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 11, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("04/12/2026 10:00", "05/12/2026 10:00"), [(4, 12), (5, 12)]),
        (("04/12/2026 10:00", "12/31/2026 10:00"), [(12, 4), (31, 12)]),
        (("04/12/2026 10:00", "31/12/2026 10:00"), [(4, 12), (31, 12)]),
    ],
)
def test_the_whole_file_tells_whether_the_month_comes_first(dates: tuple[str, ...], days: list) -> None:
    rows = "".join(f"{date},+31612345678,100\n" for date in dates)
    found = [event.sent_at for event in read(f"start,from,to\n{rows}") if isinstance(event, Received)]
    assert [(at.day, at.month) for at in found if at] == days


def test_national_numbers_are_of_the_exchanges_country() -> None:
    text = "start,from,to,duration\n2026-11-20 09:15:00,0612345678,0201234567,80\n"
    assert told(text, region="nl") == [ANNA]
    assert told(text)[0][1] == "0612345678"


@pytest.mark.parametrize(
    ("row", "direction"),
    [
        ("+31612345678,+31201234567,", "inbound"),
        ("+31201234567,+31612345678,", "outbound"),
        ("101,+31612345678,", "outbound"),
        ("+31612345678,101,", "inbound"),
        ("101,102,", "ignored"),
        ("+31201234567,101,", "ignored"),
        ("+31612345678,+31612345679,", "inbound"),
        ("+31612345678,+31612345679,Uitgaand", "outbound"),
        ("101,102,incoming", "inbound"),
        ("+31612345678,101,internal", "ignored"),
        ("+31612345678,101,dialled?", "inbound"),
    ],
)
def test_who_called_whom(row: str, direction: str) -> None:
    """As the row says; else what is ours, and what is no number of the world, is our side."""
    (found,) = told(f"start,from,to,direction\n2026-11-20 09:15:00,{row}\n", number="+31201234567")
    assert found[0] == direction


@pytest.mark.parametrize(
    ("status", "duration", "text"),
    [
        ("ANSWERED", "80", "Incoming call, 1 min 20 s"),
        ("NO ANSWER", "20", "Missed call: nobody answered"),
        ("BUSY", "0", "Missed call: the line was busy"),
        ("CONGESTION", "0", "Missed call: it could not be put through"),
        ("geannuleerd?", "0", "Missed call: nobody answered"),
        ("cancelled", "5", "Missed call: the caller gave up"),
        ("Voicemail", "12", "Incoming call, left on the voicemail, 12 s"),
        ("", "80", "Incoming call, 1 min 20 s"),
        ("", "0", "Missed call: nobody answered"),
        ("", "", "Missed call: nobody answered"),
    ],
)
def test_what_became_of_it(status: str, duration: str, text: str) -> None:
    row = f"2026-11-20 09:15:00,+31612345678,100,{duration},{status}"
    assert told(f"start,from,to,duration,status\n{row}\n")[0][3] == text


def test_a_type_may_say_that_it_was_missed() -> None:
    text = "start,from,to,type\n2026-11-20 09:15:00,+31612345678,100,Missed\n"
    assert told(text) == [("inbound", "+31612345678", "20 09:15", "Missed call: nobody answered")]


def test_rows_of_one_call_are_one_message() -> None:
    """It rang at two desks, one answered, and it was put through: three rows, all that was spoken, one beginning."""
    text = (
        "start,from,to,duration,status,linkedid,recordingfile\n"
        "2026-11-20 09:15:20,+31612345678,101,60,ANSWERED,c1,a.wav\n"
        "2026-11-20 09:15:00,+31612345678,102,0,NO ANSWER,c1,\n"
        "2026-11-20 09:16:20,+31612345678,103,20,ANSWERED,c1,https://pbx.example/b.mp3\n"
        "2026-11-20 09:20:00,+31612345678,101,0,NO ANSWER,c2,\n"
    )
    one, other = read(text)
    assert isinstance(one, Received)
    assert isinstance(other, Received)
    assert one.parts[0].text == "Incoming call, 1 min 20 s"  # type: ignore[union-attr]  # a System part
    assert one.sent_at == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    files = [part for part in one.parts if isinstance(part, Attachment)]
    assert [(file.name, file.url, file.media_type) for file in files] == [
        ("a.wav", "", "audio/wav"),
        ("b.mp3", "https://pbx.example/b.mp3", "audio/mpeg"),
    ]
    assert other.external_id == "c2"


def test_a_row_that_cannot_be_read_harms_no_other_and_says_where_it_is() -> None:
    good = "2026-11-20 09:15:00,+31612345678,+31201234567,80\n"
    text = f"start,from,to,duration\n{good}nonsense,a,b,c\n2026-13-45 09:00:00,+31612345678,100,1\n\n{good}"
    found = read(text)
    assert [event.event for event in found] == ["received", "malformed", "malformed"]
    assert [event.where for event in found if event.event == "malformed"] == ["/line/3", "/line/4"]


def test_the_same_row_twice_is_the_same_call() -> None:
    good = "2026-11-20 09:15:00,+31612345678,+31201234567,80\n"
    (call,) = read(f"start,from,to,duration\n{good}{good}")
    assert isinstance(call, Received)
    (again,) = read(f"start,from,to,duration\n{good}")
    assert call.parts[0].text == "Incoming call, 1 min 20 s"  # type: ignore[union-attr]  # a System part
    assert call.external_id == again.external_id  # type: ignore[union-attr]  # received, as before


def test_a_field_that_is_longer_than_any_is_its_rows_own_trouble() -> None:
    text = f"start,from,to\n2026-11-20 09:15:00,+31612345678,{'x' * 140_000}\n2026-11-20 09:15:00,+31612345678,100\n"
    assert [event.event for event in read(text)] == ["malformed", "received"]


@pytest.mark.parametrize("body", [b"", b" \n", b"hello\n", b"a,b,c\n1,2,3\n", b'"x"'])
def test_what_is_no_record_of_calls_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(body)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_events_or_malformed(body: bytes) -> None:
    try:
        list(Voice.bare().parse(Delivery(source="file", body=body)))
    except Malformed as error:
        assert str(error)  # noqa: PT017 - either way is right


@given(st.text(st.sampled_from('2026-11-20 :,;\t"\n+31abc0'), max_size=200))
def test_any_rows_below_a_header_are_read(rows: str) -> None:
    found = list(events(f"start,from,to,duration\n{rows}".encode(), Layout()))
    assert all(event.event in ("received", "malformed", "ignored") for event in found)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("1795166100", datetime(2026, 11, 20, 9, 15, tzinfo=UTC)),
        ("1795166100000", datetime(2026, 11, 20, 9, 15, tzinfo=UTC)),
        ("20-11-26 9:15", datetime(2026, 11, 20, 8, 15, tzinfo=UTC)),
        ("20/11/2026, 09:15:30.5", datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)),
        ("20/11/2026 12:15 am", datetime(2026, 11, 19, 23, 15, tzinfo=UTC)),
        ("20/11/2026 12:15 PM", datetime(2026, 11, 20, 11, 15, tzinfo=UTC)),
        ("2026-10-25 02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # it exists twice: the first
        ("31/02/2026 10:00", None),
        ("0001-01-01 00:00:00", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_times(written: str, at: datetime | None) -> None:
    assert times.moment(written, AMSTERDAM) == at


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("80", 80),
        ("80,9", 80),
        ("1:20", 80),
        ("1:00:01", 3601),
        ("1h 2m 3s", 3723),
        ("5 min", 300),
        ("", None),
        ("x", None),
    ],
)
def test_durations(written: str, seconds: int | None) -> None:
    assert times.seconds(written) == seconds
