"""How a stream of events is read: lines of JSON, or a table."""

from __future__ import annotations

import pytest

from omnichannel.identity.resolving.events import is_event_table, read_lines, read_table, without
from tests.identity.streams import event

LINE = (
    '{"record_id": "a", "ts": "2026-03-01T09:30:00Z", "channel": "order", "name": "Ana Blom", "ids":'
    ' [{"type": "email", "value": "ana@x.nl", "strength": "asserted"}],'
    ' "address": {"street": "Dam 1", "city": "Amsterdam", "postcode": null, "country": "NL"}}'
)
TABLE = [
    "record_id,ts,channel,name,email,email_strength,phone,phone_strength,street,city,postcode,country",
    "a,2026-03-01T09:30:00Z,order,Ana Blom,ana@x.nl,asserted,,,Dam 1,Amsterdam,,NL",
]


def test_both_layouts_say_the_same() -> None:
    """A table has one value of each type; a line of JSON as many as there are."""
    (line,), (row,) = read_lines([LINE, "", " "]), read_table(TABLE)
    assert line == row
    assert row.place == (("street", "Dam 1"), ("city", "Amsterdam"), ("country", "NL"))
    assert row.at == 1_772_357_400_000_000


def test_a_moment_without_an_offset_is_utc() -> None:
    (one,) = read_lines([LINE.replace("00Z", "00")])
    assert one == next(iter(read_lines([LINE])))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"ts": "2026-03-01T09:30:00Z"}', "line 1 is no event: it has no 'record_id'"),
        ("[1]", "line 1 is no event"),
        ("{", "line 1 is no event"),
        (LINE.replace("asserted", "sure"), "'sure' is no strength; there are verified, attested"),
        (LINE.replace("2026-03-01T", "yesterday "), "is no moment; write 2026-03-01T09:30:00Z"),
        (LINE.replace("[{", "{").replace("}],", "},"), "ids is a list of objects"),
        (LINE.replace('"type": "email", ', ""), "it has no 'type'"),
    ],
)
def test_what_is_no_event_is_named_with_its_line(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("[", r"\[")):
        list(read_lines([line]))


def test_a_row_that_is_no_event_is_named() -> None:
    with pytest.raises(ValueError, match="row 1 is no event: 'sure' is no strength"):
        list(read_table([TABLE[0], TABLE[1].replace("asserted", "sure")]))


def test_a_table_of_events_is_told_by_its_strengths() -> None:
    assert is_event_table(TABLE[0].split(","))
    assert not is_event_table(["record_id", "email", "ts"])
    assert not is_event_table(["record_id", "email", "email_strength"])


def test_what_is_left_out_is_not_known() -> None:
    one = event("a", 1, "email=ana@x.nl!", "phone=+31612345678?", name="Ana", street="Dam 1", city="Ede")
    assert without([one], []) == [one]
    assert [found.type for found in without([one], ["email"])[0].identifiers] == ["phone"]
    assert without([one], ["name"])[0].name == ""
    assert without([one], ["address"])[0].place == ()
    with pytest.raises(ValueError, match="no event has mail; there are address, email, name, phone"):
        without([one], ["mail"])
