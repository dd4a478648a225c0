"""The widget as one script: its parts lie beside each other as they are written, and are joined when asked for."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files

from omnichannel.channels.webchat.link.asgi import Answer

_SCRIPTS = ("wire.js", "view.js", "chat.js")


@cache
def script() -> bytes:
    """The whole widget: one script, with its style and its words in it."""
    folder = files("omnichannel.channels.webchat") / "widget"
    style = json.dumps((folder / "widget.css").read_text("utf-8"))
    words = json.dumps(json.loads((folder / "words.json").read_text("utf-8")), ensure_ascii=False)
    parts = "\n".join((folder / name).read_text("utf-8") for name in _SCRIPTS)
    return (
        f'(() => {{\n"use strict";\nconst STYLE = {style};\nconst WORDS = {words};\n{parts}}})();\n'.encode()
    )


def widget(known: str) -> Answer:
    """The script, or 304 for a browser that has it."""
    tag = f'"{hashlib.sha256(script()).hexdigest()[:32]}"'
    headers = (
        ("content-type", "text/javascript; charset=utf-8"),
        ("cache-control", "public, max-age=3600"),
        ("etag", tag),
        # It holds no secret and no setting: every site may load it, and only those allowed may use it.
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
    )
    return Answer(304, b"", headers) if known == tag else Answer(200, script(), headers)
