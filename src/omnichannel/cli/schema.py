"""`omnichannel schema`: the JSON Schema of everything that the library takes and gives, in one document.

With `--citus` it is about the tables instead: the statements that spread them over machines.
"""

from __future__ import annotations

import argparse
import inspect
import json

from pydantic import TypeAdapter

from omnichannel import channel, model
from omnichannel.model import Value

_WIRE = ("Ack", "Batch", "Call", "Delivery", "Finding", "Response")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which schema."""
    parser.add_argument(
        "--citus", action="store_true", help="print the SQL that spreads the tables over machines with Citus"
    )


def run(options: argparse.Namespace) -> int:
    """Print the document, or the statements."""
    if options.citus:
        from omnichannel.store import citus

        print(citus.statements(), end="")
        return 0
    print(json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False))
    return 0


def document() -> dict[str, object]:
    """Every noun under its name in `$defs`; what may be left out has its default there."""
    nouns = {name: noun for name in model.__all__ if _is_data(noun := getattr(model, name))}
    nouns |= {name: getattr(channel, name) for name in _WIRE}
    references, whole = TypeAdapter.json_schemas(
        [(name, "validation", TypeAdapter(noun)) for name, noun in sorted(nouns.items())],
        title="omnichannel",
        description="What the library takes and gives, as JSON: times in UTC, bytes as base64.",
    )
    # A union, such as Event, is no definition of its own until it is given a name here.
    whole["$defs"] |= {
        name: schema for (name, _), schema in references.items() if schema != {"$ref": f"#/$defs/{name}"}
    }
    return {"$schema": _DIALECT, **whole}


def _is_data(noun: object) -> bool:
    return noun is not Value and not inspect.isroutine(noun)
