"""The nouns: frozen, exact in JSON, times in UTC, addresses that are read as they are written."""

from __future__ import annotations

import inspect
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from omnichannel import channel, model
from omnichannel.channel import Delivery, Response
from omnichannel.model import (
    Account,
    Address,
    Agent,
    Attachment,
    Choice,
    Conversation,
    Delivered,
    Direction,
    Draft,
    Event,
    Happening,
    Message,
    Notice,
    NoticeData,
    Option,
    Party,
    Receipt,
    Received,
    Reference,
    Strength,
    Term,
    Text,
    Updated,
    Value,
    Where,
    Window,
)
from omnichannel.model.desk import BotTurn, Case, HeldField, Use

VALUES = sorted(
    {
        found
        for module in (model, channel)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Value) and found is not Value
    },
    key=lambda found: found.__name__,
)

# What pydantic asks of a field beyond its type, said to hypothesis once.
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))
kinds = st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True)
names = st.text(max_size=30)
addresses = st.builds(
    Address,
    kind=kinds,
    scope=names.map(lambda text: text.replace(":", "")),
    value=st.text(min_size=1, max_size=30),
)
st.register_type_strategy(datetime, moments)
st.register_type_strategy(Address, addresses)
st.register_type_strategy(
    Account,
    st.builds(
        Account,
        name=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True),
        kind=kinds,
        address=st.none() | addresses,
    ),
)


st.register_type_strategy(
    Attachment,
    st.builds(
        Attachment,
        name=names,
        size=st.none() | st.integers(0, 2**40),
        inline=st.booleans(),
        index=st.none() | st.integers(0, 99),
        content=st.none() | st.binary(max_size=40),
    ),
)

st.register_type_strategy(
    Happening,
    st.builds(Happening, id=names, what=names, at=moments, detail=st.dictionaries(names, names, max_size=3)),
)


st.register_type_strategy(
    Agent,
    st.builds(
        Agent,
        id=names,
        name=names,
        skills=st.dictionaries(names, st.integers(1, 5), max_size=3),
        capacity=st.floats(0, 1e6),
    ),
)

st.register_type_strategy(
    BotTurn,
    st.builds(
        BotTurn, id=names, conversation=names, bot=names, at=moments, because=st.tuples(names),
        confidence=st.none() | st.floats(0, 1), cost=st.floats(0, 1e9), draft=names, summary=names,
    ),
)  # fmt: skip

st.register_type_strategy(
    HeldField,
    st.builds(
        HeldField,
        name=names,
        value=names | st.booleans() | st.integers(-(2**53), 2**53) | st.lists(names),
        misfit=names,
    ),
)

st.register_type_strategy(
    Case,
    st.builds(
        Case,
        conversation=st.from_type(Conversation),
        needs=st.dictionaries(names, st.integers(1, 5), max_size=3),
        fields=st.dictionaries(
            names, names | st.booleans() | st.integers(-(2**53), 2**53) | st.none(), max_size=3
        ),
    ),
)


folded = st.from_regex(r"[a-z0-9é中]+", fullmatch=True)
st.register_type_strategy(
    Use,
    st.builds(
        Use, id=names, answer=names, language=st.sampled_from(["en", "nl-BE"]), question=names, at=moments,
        how=st.sampled_from(["as_is", "edited", "refused"]), reaction=st.sampled_from(["", "thanked"]),
    ),
)  # fmt: skip
st.register_type_strategy(
    Term, st.builds(Term, words=st.lists(folded, min_size=1, max_size=3).map(tuple), begins=st.booleans())
)

st.register_type_strategy(
    Where,
    st.builds(
        Where,
        account=st.sampled_from(["", "shop", "a.b-c_1"]),
        kind=st.sampled_from(["", "email"]),
        direction=st.none() | st.sampled_from(Direction),
        assignee=st.none() | names,
        team=names,
        tags=st.frozensets(names, max_size=3),
        since=st.none() | moments,
        until=st.none() | moments,
        files=st.none() | st.booleans(),
        file=names,
    ),
)


def strategy(kind: type[Value]) -> st.SearchStrategy[Value]:
    """Values of a kind, as pydantic's own types describe them."""
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    return st.from_type(kind)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_is_a_number(number: float) -> None:
    """JSON has no word for the others, and no place or limit is one of them."""
    with pytest.raises(ValidationError, match="finite"):
        Window(hours=number)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_every_value_survives_json_exactly(kind: type[Value]) -> None:
    """What is stored, sent or logged as JSON comes back equal, bytes and moments included; twice is once."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy(kind))
    def check(value: Value) -> None:
        text = value.model_dump_json()
        again = kind.model_validate_json(text)
        assert again == value
        assert kind.model_validate(value.model_dump()) == value
        assert hash_or_none(again) == hash_or_none(value)

    check()


def hash_or_none(value: Value) -> int | None:
    """Values with a dictionary inside cannot be hashed."""
    try:
        return hash(value)
    except TypeError:
        return None


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_values_are_frozen_and_refuse_what_they_do_not_know(kind: type[Value]) -> None:
    assert kind.model_config["frozen"]
    # What other systems are told may grow: they read past what they do not know.
    assert kind.model_config["extra"] == ("ignore" if kind in (Notice, NoticeData) else "forbid")
    with pytest.raises(ValidationError):
        kind.model_validate({"surprise": 1})


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_every_value_says_what_it_is(kind: type[Value]) -> None:
    assert kind.__doc__
    assert kind.__doc__ != Value.__doc__


@pytest.mark.parametrize(
    "body", [b"", bytes(range(256)), b"\xff\xfe\x00", b"=" * 7], ids=["empty", "all", "odd", "pad"]
)
def test_bytes_travel_as_base64(body: bytes) -> None:
    for value in (Delivery(body=body), Attachment(content=body), Response(body=body)):
        assert type(value).model_validate_json(value.model_dump_json()) == value


def test_a_time_needs_its_zone() -> None:
    """A naive time is nobody's time: it is refused with the cure; every other is in UTC."""
    naive = datetime(2026, 3, 2, 9)
    with pytest.raises(ValidationError, match="time zone; use datetime.now"):
        Delivered(call="c", status="sent", at=naive)
    with pytest.raises(ValidationError, match="time zone"):
        Received.model_validate_json(
            '{"external_id":"1","sender":{"address":{"kind":"a","value":"b"}},"sent_at":"2026-03-02T09:00:00"}'
        )
    there = naive.replace(tzinfo=timezone(timedelta(hours=5, minutes=45)))
    found = Delivered(call="c", status="sent", at=there).at
    assert found == there
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_outside_the_calendar_is_invalid_like_any_other(text: str) -> None:
    with pytest.raises(ValidationError):
        Delivered.model_validate({"call": "c", "status": "sent", "at": text})


@given(addresses)
def test_an_address_is_read_as_it_is_written(address: Address) -> None:
    assert Address.of(str(address)) == address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("email::a@b.nl", Address(kind="email", value="a@b.nl")),
        ("messenger:PAGE:PSID", Address(kind="messenger", scope="PAGE", value="PSID")),
        ("url::https://x:8/y", Address(kind="url", value="https://x:8/y")),
        ("a:::", Address(kind="a", value=":")),
    ],
)
def test_addresses(written: str, address: Address) -> None:
    assert Address.of(written) == address
    assert str(address) == written


@pytest.mark.parametrize(
    "written", ["", "a", "a:b", "::", "a::", "A::x", "1::x", ":s:v", "e mail::x", "a" * 33 + "::x", "é::x"]
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(ValueError, match="address|kind|value"):
        Address.of(written)


def test_two_scopes_are_two_addresses() -> None:
    one, two = (Address(kind="messenger", scope=page, value="7") for page in ("p1", "p2"))
    assert one != two
    assert len({one, two, Address.of(str(one))}) == 2
    with pytest.raises(ValidationError):
        Address(kind="messenger", scope="a:b", value="7")


def test_an_answer_goes_to_the_spelling_that_was_written() -> None:
    address = Address(kind="email", value="anna@b.nl")
    assert Party(address=address).reach == "anna@b.nl"
    assert Party(address=address, written="Anna@B.nl").reach == "Anna@B.nl"


def test_only_proof_proves() -> None:
    assert [strength for strength in Strength if strength.proves] == ["verified", "attested"]


PARTS = (
    Text(text="one"),
    Text(text="> old", role="quoted"),
    Attachment(name="a.txt"),
    Text(text="two"),
    Text(text="-- me", role="signature"),
)


def test_text_is_what_was_newly_written() -> None:
    """Quotes and signatures are set apart, in their order; everything else is no text."""
    sender = Party(address=Address(kind="a", value="b"))
    now = datetime(2026, 3, 2, tzinfo=UTC)
    speaks = (
        Received(external_id="1", sender=sender, parts=PARTS),
        Message(
            id="1",
            conversation="1",
            seq=1,
            direction=model.Direction.INBOUND,
            sent_at=now,
            received_at=now,
            parts=PARTS,
        ),
    )
    for value in speaks:
        assert value.text == "one\ntwo"
        assert value.quoted == "> old\n-- me"
    assert Updated(kind="edited", external_id="1", parts=PARTS).text == "one\ntwo"
    assert Draft(id="1", to=sender, parts=PARTS, created_at=now).text == "one\ntwo"


@pytest.mark.parametrize("union", [Event, Receipt])
def test_unions_are_closed(union: object) -> None:
    """Told apart by one word; an unknown one is refused, not guessed."""
    with pytest.raises(ValidationError):
        TypeAdapter(union).validate_python({"event": "surprise", "outcome": "surprise"})


@pytest.mark.parametrize("value", [Delivery, Response])
def test_headers_are_found_in_any_case(value: type[Delivery | Response]) -> None:
    found = value(headers=(("X-One", "1"), ("x-one", "2")))
    assert (found.header("x-ONE"), found.header("none")) == ("1", "")


def test_bodies_do_not_show_in_what_is_printed() -> None:
    """T61: what customers write does not stand in a traceback."""
    for value in (Delivery(body=b"canary"), Response(body=b"canary"), Attachment(content=b"canary")):
        assert "canary" not in repr(value)


HARMFUL = [
    "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
    "java\nscript\r:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "blob:x",
    "view-source:https://a.example", "ms-msdt:/id", "about:blank",
]  # fmt: skip
HARMLESS = [
    "https://a.example/?q=javascript:alert(1)", "HTTP://a.example", "mailto:a@b.example", "tel:+31201234567",
    "ftp://a.example/a", "/path", "//a.example/a", "EXAMPLE_URL", "", "?next=javascript:x",
]  # fmt: skip


@pytest.mark.parametrize("url", HARMFUL)
def test_an_address_that_could_do_harm_is_in_no_message(url: str) -> None:
    """Whoever makes a link of what a customer sent runs nothing of the customer's."""
    chosen = Choice(chosen=Option(title="Red", value="r", url=url)).chosen
    assert (Reference(url=url).url, Attachment(url=url).url) == ("", "")
    assert chosen == Option(title="Red", value="r")
    stored = json.dumps({"type": "reference", "url": url, "title": "Look"})
    assert Reference.model_validate_json(stored) == Reference(title="Look")


@pytest.mark.parametrize("url", HARMLESS)
def test_any_other_address_is_what_it_was(url: str) -> None:
    chosen = Choice(chosen=Option(title="Red", url=url)).chosen
    assert chosen is not None
    assert (Reference(url=url).url, Attachment(url=url).url, chosen.url) == (url, url, url)
