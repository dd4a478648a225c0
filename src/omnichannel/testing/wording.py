"""What a rendered call really says: read out of its body, never taken from what the channel says about it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl, unquote, urlsplit

from omnichannel.channel import Call
from omnichannel.testing.failing import Json


def strings(call: Call) -> Iterator[str]:
    """Every text in the body of a call: of JSON its strings, of a form its values, else the body itself."""
    yield from _strings(call.body, _content_type(call))
    yield from (value for _, value in parse_qsl(urlsplit(call.url).query, keep_blank_values=True))


def _content_type(call: Call) -> str:
    return next((value for name, value in call.headers if name.lower() == "content-type"), "")


def _strings(body: bytes, content_type: str) -> Iterator[str]:
    if "multipart/" in content_type:
        for part in _parts(body, content_type):
            content = part.get_payload(decode=True)
            yield from _strings(content if isinstance(content, bytes) else b"", part.get_content_type())
    elif "form-urlencoded" in content_type:
        for _, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
            yield from _inside(value)
    else:
        yield from _inside(body.decode("utf-8", "replace"))


def _parts(body: bytes, content_type: str) -> Iterator[Message]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    for part in BytesParser(policy=HTTP).parsebytes(head + body).walk():
        if not part.is_multipart():
            yield part


def _inside(text: str) -> Iterator[str]:
    """The text, or the strings in it where it is JSON (also within a form)."""
    try:
        value: Json = json.loads(text)
    except ValueError:
        value = None
    if isinstance(value, dict | list):
        yield from _leaves(value)
    else:
        yield text


def _leaves(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield value if isinstance(value, str) else json.dumps(value)


def words(text: str) -> str:
    """A text without blanks, which may be lost where it is cut."""
    return "".join(text.split())


def found_text(call: Call) -> str | None:
    """The text in a call's body that is what the call says it says; None if it is not in there."""
    wanted = words(call.text)
    candidates = list(strings(call))
    exact = [text for text in candidates if words(text) == wanted]
    return next(iter([*exact, *(text for text in candidates if wanted in words(text))]), None)


def carries(calls: Sequence[Call], mark: str | bytes) -> bool:
    """Whether something (a text, a file's bytes, an address) is anywhere in the calls."""
    if isinstance(mark, bytes):
        encoded = base64.b64encode(mark)
        return any(mark in call.body or encoded in b"".join(call.body.split()) for call in calls)
    wanted = words(mark)
    return any(wanted in words(text) for call in calls for text in _everything(call))


def _everything(call: Call) -> Iterator[str]:
    yield from strings(call)
    yield from (value for _, value in call.headers)
    yield from (call.url, unquote(call.url), call.text)
