"""`schema`: one document that knows every noun."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from omnichannel import model
from omnichannel.cli import schema
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    "name",
    [
        "Account", "Ack", "Address", "Agent", "Call", "Capabilities", "Claim", "Conversation", "Customer",
        "Delivery", "Draft", "Event", "Happening", "Message", "Part", "Received", "Receipt", "Response", "Strength",
        "Suggestion", "Text", "Unreadable", "Updated",
    ],
)  # fmt: skip
def test_every_noun_has_a_definition(command: Command, name: str) -> None:
    """Unions and words as well as values, each under its own name."""
    found = command("schema").json["$defs"][name]
    assert {"properties", "oneOf", "enum"} & found.keys()


def test_whatever_the_model_exports_is_there() -> None:
    """A new noun needs no line here: only what does something is left out."""
    functions = {"Value", "set_apart", "written"}
    assert set(model.__all__) - functions <= document()["$defs"].keys()


def document():
    return json.loads(json.dumps(schema.document()))


def references(found: object) -> set[str]:
    if isinstance(found, dict):
        own = {found["$ref"]} if isinstance(found.get("$ref"), str) else set()
        return own.union(*map(references, found.values()))
    return set().union(*map(references, found)) if isinstance(found, list) else set()


def test_every_reference_leads_somewhere() -> None:
    """Within the document."""
    found = document()
    assert references(found) == {
        ref for ref in references(found) if ref.removeprefix("#/$defs/") in found["$defs"]
    }


def test_the_union_of_events_tells_them_apart() -> None:
    """By the word in `event`."""
    assert document()["$defs"]["Event"]["discriminator"]["propertyName"] == "event"


def test_unknown_fields_are_refused_and_descriptions_kept() -> None:
    """What the values do, their schema says."""
    message = document()["$defs"]["Message"]
    assert message["additionalProperties"] is False
    assert message["description"].startswith("One thing said")


def test_it_is_the_same_every_time() -> None:
    """Whatever order Python's sets and hashes have."""
    said = {
        subprocess.run(
            [sys.executable, "-m", "omnichannel.cli", "schema"],
            env={"PYTHONHASHSEED": seed}, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
