"""The parameters of a call to the emulated Bot API: of JSON, of a query, or of a form that carries files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from omnichannel.emulators.uploads import Upload, uploads
from omnichannel.toolbox import Json


@dataclass(frozen=True)
class Fields:
    """What a call says; a form's values are JSON in text where they are no text."""

    values: Mapping[str, Json]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A value as text; empty if it is missing."""
        value = self.values.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def json(self, name: str) -> Json:
        """A value that is JSON, written as text or not."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            found: Json = json.loads(value)
        except ValueError:
            return value
        return found

    def object(self, name: str) -> dict[str, Json]:
        """A value that is an object; empty if it is none."""
        value = self.json(name)
        return value if isinstance(value, dict) else {}


def form(raw: bytes, content_type: str) -> Fields:
    """A multipart form."""
    return Fields(*uploads(raw, content_type))
