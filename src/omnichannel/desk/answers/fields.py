"""The fields that every answer knows, and their values for one customer and one agent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from omnichannel.desk.answers.filling import plain
from omnichannel.desk.answers.names import called, first_name
from omnichannel.model import Agent, Customer
from omnichannel.model.desk import FieldType, FieldValue

FIELDS: Mapping[str, FieldType] = MappingProxyType(
    {
        "customer.name": "str",
        "customer.first_name": "str",
        "agent.name": "str",
        "agent.first_name": "str",
        "away.until": "datetime",
        "away.place": "str",
    }
)
"""What can be used without saying its type. `away.…` have values in an away notice alone."""


def values(
    customer: Customer | None = None,
    agent: Agent | None = None,
    more: Mapping[str, FieldValue] | None = None,
) -> dict[str, FieldValue]:
    """The values of the known fields, and `more` of your own. What is not known is left out.

    What customers call themselves is used where it is a name, and only for them: it is no proof of who they are.
    """
    found: dict[str, FieldValue] = {}
    if customer is not None:
        found["customer.name"] = called(customer.name)
        found["customer.first_name"] = first_name(customer.name)
    if agent is not None:
        bot = agent.role == "bot"
        found["agent.name"] = plain(agent.name)
        found["agent.first_name"] = plain(agent.name) if bot else first_name(agent.name)
    found.update(more or {})
    return {field: value for field, value in found.items() if value != ""}
