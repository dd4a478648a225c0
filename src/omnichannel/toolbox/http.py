"""What an HTTP answer means, the same for every channel."""

from __future__ import annotations

from omnichannel.channel import Finding, Response
from omnichannel.errors import Malformed
from omnichannel.model import Deferred, Receipt, Refused, Unknown
from omnichannel.toolbox.moments import from_http
from omnichannel.toolbox.wire import Json, is_object, load_json

_WAIT = 30.0
_LONGEST = 3600.0

_MEANING = {401: "reauth", 402: "quota", 403: "config", 413: "too_large"}


def trouble(response: Response) -> Receipt | None:
    """The receipt of anything but a success; None for 2xx, which only the channel can read.

    Never reached the platform: deferred. 429: deferred, with the whole account. Lost after the first byte, 408 or
    5xx: unknown, because it may have been taken. Any other answer: refused, for good.
    """
    if response.failure == "not_sent":
        return Deferred(after=_WAIT, detail=response.detail)
    if response.failure == "in_doubt":
        return Unknown(detail=response.detail)
    if 200 <= response.status < 300:
        return None
    detail = f"HTTP {response.status} {excerpt(response.body)}".strip()
    if response.status == 429:
        return Deferred(after=retry_after(response), detail=detail, scope="account")
    if response.status == 408 or response.status >= 500 or response.status < 200:
        return Unknown(detail=detail)
    return Refused(code=_MEANING.get(response.status, "invalid"), detail=detail)


def answer(response: Response) -> dict[str, Json]:
    """The JSON object that came back; empty if it is none (a proxy's page, half an answer)."""
    try:
        body = load_json(response.body)
    except Malformed:
        return {}
    return body if is_object(body) else {}


def unreachable(what: str, error: Exception, cure: str) -> Finding:
    """What `doctor` says of an API that does not answer; of the error only its kind: addresses may hold secrets."""
    return Finding(ok=False, what=f"{what} did not answer: {type(error).__name__}", cure=cure)


def retry_after(response: Response, default: float = 60.0) -> float:
    """Seconds the platform asks us to wait (Retry-After in seconds, or as a date), within 1 s and 1 h.

    A date counts from the answer's own `Date`, whatever our clock says (RFC 9110, 10.2.3 and 6.6.1).
    """
    said = response.header("retry-after")
    try:
        asked = float(said)
    except ValueError:
        now, then = from_http(response.header("date")), from_http(said)
        asked = (then - now).total_seconds() if now and then else default
    return min(max(asked, 1.0), _LONGEST) if asked == asked else default  # noqa: PLR0124 - NaN


def excerpt(body: bytes, most: int = 300) -> str:
    """The beginning of a body, on one line, for a person who reads the log."""
    return " ".join(body[:most].decode("utf-8", "replace").split())
