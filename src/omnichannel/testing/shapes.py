"""How values stand in a case file: bodies as JSON where they are JSON, nothing that is as it is by default."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Literal, cast

from pydantic import BaseModel

from omnichannel.channel import Call, Delivery, Headers, Response
from omnichannel.testing.failing import Json, fail

Form = Literal["json", "text", "body", "base64"]

FORMS: tuple[Form, ...] = ("json", "text", "base64")
"""The ways to write what arrives, one of them in every delivery and response that has a body."""

CALL_FORMS: tuple[Form, ...] = ("json", "body", "base64")
"""The ways to write the body of a call, whose `text` is what it says to people."""

_ALWAYS = frozenset({"event", "type", "outcome"})  # what tells the members of a union apart


def told(value: BaseModel) -> dict[str, Json]:
    """A value as JSON without what is as it is by default, but with what tells its kind. Raises Broken for none."""
    if not isinstance(value, BaseModel):
        fail(
            f"the channel gave {type(value).__name__}, where an event, a call or a receipt is wanted: give one "
            "of those of omnichannel.model and omnichannel.channel, such as Received(…), Call(…) or Sent(…)"
        )
    return cast("dict[str, Json]", _told(value, value.model_dump(mode="json")))


def _told(value: object, dumped: Json) -> Json:
    if isinstance(value, BaseModel) and isinstance(dumped, dict):
        fields = type(value).model_fields
        return {
            name: _told(inner, dumped[name])
            for name, field in fields.items()
            if (inner := getattr(value, name)) != field.get_default(call_default_factory=True)
            or name in _ALWAYS
        }
    if isinstance(value, tuple) and isinstance(dumped, list):
        return [_told(one, part) for one, part in zip(value, dumped, strict=True)]
    return dumped


def body_of(written: Mapping[str, Json], forms: tuple[Form, ...] = FORMS) -> bytes:
    """The bytes of a body that was written in one of the forms; raises ValueError if in several."""
    given = [form for form in forms if form in written]
    if not given:
        return b""
    if len(given) > 1:
        raise ValueError(f"a body is written in one way, here in {' and '.join(given)}")
    inside = written[given[0]]
    if given[0] == "json":
        return json.dumps(inside).encode()
    if not isinstance(inside, str):
        raise ValueError(f"{given[0]} is a text")  # noqa: TRY004 - the file's fault, not the caller's
    return base64.b64decode(inside) if given[0] == "base64" else inside.encode("utf-8", "surrogatepass")


def written_body(body: bytes, forms: tuple[Form, ...] = FORMS) -> dict[str, Json]:
    """A body in the first of the forms in which it can be written; nothing for an empty one."""
    for form in forms if body else ():
        try:
            return {form: _written(body, form)}
        except ValueError:
            continue
    return {}


def _written(body: bytes, form: Form) -> Json:
    if form == "json":
        found: Json = json.loads(body)
        if not isinstance(found, dict | list):
            raise ValueError("a number alone is a text")
        return found
    return base64.b64encode(body).decode() if form == "base64" else body.decode()


def headers_of(written: Json) -> Headers:
    """Headers written as an object, or as a list of pairs where a name comes twice."""
    if isinstance(written, dict):
        return tuple((name, str(value)) for name, value in written.items())
    pairs = written if isinstance(written, list) else []
    return tuple((str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2)


def written_headers(headers: Headers) -> Json:
    """Headers as an object, or as pairs where a name comes twice."""
    if len({name for name, _ in headers}) == len(headers):
        return dict(headers)
    return [[name, value] for name, value in headers]


def _values(written: Mapping[str, Json], forms: tuple[Form, ...]) -> dict[str, object]:
    rest = {key: value for key, value in written.items() if key not in (*forms, "headers")}
    return {**rest, "headers": headers_of(written.get("headers")), "body": body_of(written, forms)}


def delivery_of(written: Mapping[str, Json]) -> Delivery:
    """The delivery that a case file describes; raises ValueError."""
    return Delivery.model_validate(_values(written, FORMS))


def call_of(written: Mapping[str, Json]) -> Call:
    """The call that a case file describes; raises ValueError."""
    return Call.model_validate({"url": "https://platform.example/send", **_values(written, CALL_FORMS)})


def response_of(written: Mapping[str, Json]) -> Response:
    """The response that a case file describes; raises ValueError."""
    return Response.model_validate(_values(written, FORMS))


def told_call(call: Call) -> dict[str, Json]:
    """A call as it stands in a case file. Its time-out is no part of it."""
    shown = told(call)
    told_before = ("method", "url", "headers", "body", "timeout")
    rest = {name: value for name, value in shown.items() if name not in told_before}
    headers: dict[str, Json] = {"headers": written_headers(call.headers)} if call.headers else {}
    return {"method": call.method, "url": call.url, **headers, **written_body(call.body, CALL_FORMS), **rest}
