"""An export as files: one ZIP, or one folder. The same export gives the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from omnichannel.errors import UsageError
from omnichannel.model import Export

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP knows
_READ_ME = """What is kept of you here, in JSON and files.

export.json      who you are here, what you said of yourself, what is claimed of your addresses, your conversations
messages.json    everything said to and by you, in the order in which it arrived
deliveries/      what arrived, exactly as it arrived (bytes as base64 in `body`); of what held other people's
                 words too, only your part
attachments/     the files, by the id of the message that they came with

Times are UTC. What every field means is told by `omnichannel schema` (Export, Message, Delivery).
"""


def contents(export: Export) -> Iterator[tuple[str, bytes]]:
    """Every file of an export: its path and bytes. What only the operator is to see is not among them."""
    yield "README.txt", _READ_ME.encode()
    yield "export.json", _json(export.model_dump(mode="json", exclude={"files", "messages", "likely"}))
    yield "messages.json", _json([message.model_dump(mode="json") for message in export.messages])
    for file in export.files:
        yield file.path, file.content


def zipped(export: Export) -> bytes:
    """The export as a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in contents(export):
            archive.writestr(zipfile.ZipInfo(path, _BEGINNING), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def write(export: Export, to: str | Path) -> Path:
    """Write an export to `to`: a ZIP where it ends in `.zip`, else a new folder. Raises UsageError if it is there."""
    path = Path(to)
    if path.exists():
        raise UsageError(f"{path} is there already, and may be somebody else's: name another")
    if path.suffix == ".zip":
        path.write_bytes(zipped(export))
        return path
    for name, content in contents(export):
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
