"""Deliveries and answers as one text each, much as they stand on the wire, so that an input can be kept in a file.

webhook POST https://hook.example/line        200 (in_doubt)
x-signature: 5d41…                            content-type: application/json

{"from": "ann", …}                            {"id": 7}
"""

from __future__ import annotations

from omnichannel.channel import Delivery, Headers, Response

_SOURCES = ("webhook", "poll", "file", "history")
_FAILURES = ("not_sent", "in_doubt")


def written_delivery(delivery: Delivery) -> bytes:
    """A delivery as an input."""
    return _written(f"{delivery.source} {delivery.method} {delivery.url}", delivery.headers, delivery.body)


def delivery_of(data: bytes) -> Delivery:
    """The delivery that an input is; every input is one. Header and address come as a server gives them: latin-1."""
    first, headers, body = _split(data)
    source, _, rest = first.partition(" ")
    method, _, url = rest.partition(" ")
    return Delivery(
        source=source if source in _SOURCES else "webhook",  # type: ignore[arg-type]  # one of them
        method=method,
        url=url,
        headers=headers,
        body=body,
    )


def written_response(response: Response) -> bytes:
    """An answer as an input."""
    return _written(f"{response.status} {response.failure}", response.headers, response.body)


def response_of(data: bytes) -> Response:
    """The answer that an input is; every input is one."""
    first, headers, body = _split(data)
    status, _, failure = first.partition(" ")
    return Response(
        status=int(status) if status.isascii() and status.isdigit() and len(status) < 4 else 200,
        failure=failure if failure in _FAILURES else "",  # type: ignore[arg-type]  # one of them
        headers=headers,
        body=body,
    )


def head_and_body(data: bytes) -> tuple[list[bytes], bytes]:
    """The lines before the first empty one, and what follows it."""
    head, _, body = data.partition(b"\n\n")
    return head.split(b"\n"), body


def _written(first: str, headers: Headers, body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "\n".join(line.replace("\n", " ") for line in lines).encode("latin-1", "replace") + b"\n\n" + body


def _split(data: bytes) -> tuple[str, Headers, bytes]:
    (first, *rest), body = head_and_body(data)
    pairs = (line.decode("latin-1").partition(": ") for line in rest)
    return first.decode("latin-1"), tuple((name, value) for name, _, value in pairs if name), body
