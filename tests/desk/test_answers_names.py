"""What people are called: by their first name where it is certain, never wrongly, and never as `{name}`."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omnichannel.desk.answers import called, first_name, values
from omnichannel.model import Agent, Customer


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Judy Nowers", "Judy"), ("judy nowers", "Judy"), ("JUDY NOWERS", "Judy"), ("Dr. Judy Nowers", "Judy"),
        ("Smith, John", "John"), ("Jan van den Berg", "Jan"), ("Jean Pierre Dupont", "Jean Pierre"),
        ("Jean-Pierre Dupont", "Jean-Pierre"), ("María José García López", "María José"), ("José García", "José"),
        ("Judy 🌸", "Judy"), ("xX Ana Xx", "Ana"), ("John Smith, PhD", "John"), ("jan", "Jan"), ("Judy Wang", "Judy"),
    ],
)  # fmt: skip
def test_a_first_name_that_is_certain(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    "name",
    [
        "Mr Smith", "Wang Wei", "Li Na", "王伟", "Nagy László", "J. Smith", "J Smith", "van den Berg", "De heer Jansen",
        "Mevr. de Vries", "Nguyễn Văn An", "Abdul Rahman Khan", "Иван Петров", "Petrov Ivan Sergeevich",
        "Bakkerij Jansen", "Acme B.V.", "Sales Team", "Md Rahim", "Kim Smith", "Tsegaye Bekele", "O'Brien",
    ],
)  # fmt: skip
def test_where_it_is_not_certain_the_whole_name_is_said(name: str) -> None:
    assert first_name(name) == called(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "  ", "unknown", "guest", "n/a", "{agent.name}", "Dear {name}", "[x]", "https://evil.example", "evil.example",
        "ann@x.example", "@ann", "judy_92", "+31612345678", "Buy now! Visit us", "<b>Ann</b>", "🌸", "…", "x" * 81,
        "www evil", "Ann: your password",
    ],
)  # fmt: skip
def test_what_is_no_name_is_not_said(name: str) -> None:
    assert called(name) == first_name(name) == ""


@given(st.text(max_size=90))
@example(",A")
def test_whatever_somebody_calls_themselves_is_safe_to_say(name: str) -> None:
    """No template, link, line break or hidden character comes out, and the first name is part of the whole."""
    whole, first = called(name), first_name(name)
    for said in (whole, first):
        assert not set("{}[]<>@/\\|\n\r\u202e\u200b") & set(said)
        assert said == said.strip()
        assert len(said) <= 80 or not said
    assert first in whole
    assert bool(first) == bool(whole)
    assert called(whole) == whole


def test_the_fields_of_a_customer_and_an_agent() -> None:
    judy = Agent(id="1", name="Judy Nowers")
    assert values(Customer(id="c", name="Ann Smith"), judy, {"order.number": "7"}) == {
        "customer.name": "Ann Smith",
        "customer.first_name": "Ann",
        "agent.name": "Judy Nowers",
        "agent.first_name": "Judy",
        "order.number": "7",
    }
    assert values(Customer(id="c", name="{order.number}")) == {}
    assert (
        values(agent=Agent(id="b", name="Robin the bot", role="bot"))["agent.first_name"] == "Robin the bot"
    )
