"""Forms that carry files (multipart/form-data, RFC 7578), as browsers and programs send them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r'\bname="([^"]*)"')
_FILE = re.compile(r'\bfilename="([^"]*)"')
_TYPE = re.compile(r"^content-type:[ \t]*([^\r\n;]+)", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(r'boundary="?([^";]+)')


@dataclass(frozen=True)
class Upload:
    """A file in a form."""

    name: str
    media_type: str
    content: bytes


def uploads(raw: bytes, content_type: str) -> tuple[dict[str, str], dict[str, Upload]]:
    """The values and the files of a form by their names; nothing of what is no form."""
    values: dict[str, str] = {}
    files: dict[str, Upload] = {}
    found = _BOUNDARY.search(content_type)
    pieces = (b"\r\n" + raw).split(b"\r\n--" + found[1].encode())[1:-1] if found else ()
    for piece in pieces:
        head, _, content = piece.partition(b"\r\n\r\n")
        written = head.decode("utf-8", "replace")
        name, file, kind = (pattern.search(written) for pattern in (_NAME, _FILE, _TYPE))
        if file:
            media_type = kind[1].strip() if kind else "application/octet-stream"
            files[name[1] if name else ""] = Upload(file[1], media_type, content)
        else:
            values[name[1] if name else ""] = content.decode("utf-8", "replace")
    return values, files
