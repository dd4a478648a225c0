"""The parameters of a call to the emulated Bot API: of JSON, of a query, or of a form that carries files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP

from omnichannel.toolbox import Json


@dataclass(frozen=True)
class Upload:
    """A file in a form."""

    name: str
    media_type: str
    content: bytes


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
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    values: dict[str, Json] = {}
    files: dict[str, Upload] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + raw).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        held = content if isinstance(content, bytes) else b""
        if part.get_filename() is None:
            values[name] = held.decode()
        else:
            files[name] = Upload(str(part.get_filename()), part.get_content_type(), held)
    return Fields(values, files)
