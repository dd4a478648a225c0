"""What goes between an inbox and a channel: deliveries, calls, what is said to them, findings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from omnichannel.model import UtcTime, Value

Headers = tuple[tuple[str, str], ...]


def _first(headers: Headers, name: str) -> str:
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return ""


class Delivery(Value):
    """One thing that arrived, exactly as it arrived; kept before anything else happens to it.

    `key` is set where the wire has its own idea of identity (a mailbox's UIDVALIDITY and UID): the same key
    is kept once. Webhooks leave it empty: their duplicates are found by what they say. `source` is `file` where
    a file was named by hand, `history` where something is brought in from before: nobody answers it any more; `gap`
    where the platform's record had it and nothing had told us: it is late, and answered all the same.
    """

    id: str = ""
    account: str = ""
    source: Literal["webhook", "poll", "file", "history", "gap"] = "webhook"
    method: str = "POST"
    url: str = ""
    headers: Headers = ()
    body: bytes = Field(default=b"", repr=False)
    key: str = ""
    received_at: UtcTime | None = None

    def header(self, name: str) -> str:
        """The first header of that name, in any case; empty if there is none."""
        return _first(self.headers, name)

    @property
    def past(self) -> bool:
        """Whether it is out of the platform's record (`Channel.histories`), in that record's shape."""
        return self.source in ("history", "gap")


class Ack(Value):
    """What the peer is told at once. `keep` says whether the delivery is to be kept and read."""

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    keep: bool = True


class Call(Value):
    """One request to a platform, without credentials: it is stored until it was sent.

    `correlator` is what will come back in an echo or status and proves that this very call arrived.
    `chain` is a JSON pointer into `body`: there the external id that the call before it got is put in before
    sending (the next post of a thread; the file that was uploaded). `prepares` marks a call that nobody can
    see (an upload), which may be repeated. `repeatable` marks one that carries a key by which the platform itself
    knows a repetition: in doubt it is made again, and still arrives once. `once` marks one that is never made again
    but by a person, because each costs (a stamp, a call that rings). `text` is what this call says, for people.
    """

    method: str = "POST"
    url: str
    headers: Headers = ()
    body: bytes = Field(default=b"", repr=False)
    correlator: str = ""
    chain: str = ""
    prepares: bool = False
    repeatable: bool = False
    once: bool = False
    text: str = ""
    timeout: float = Field(default=30.0, gt=0, description="seconds for the whole call")


class Response(Value):
    """What came back, or why nothing did.

    `failure` is `not_sent` when the request certainly never reached the platform (no name, no connection,
    no TLS), `in_doubt` when it may have (lost after the first byte), empty when there is an answer.
    """

    status: int = 0
    headers: Headers = ()
    body: bytes = Field(default=b"", repr=False)
    failure: Literal["", "not_sent", "in_doubt"] = ""
    detail: str = ""

    def header(self, name: str) -> str:
        """The first header of that name, in any case; empty if there is none."""
        return _first(self.headers, name)


class Batch(Value):
    """What one look at a source brought. `cursor` is committed together with the deliveries, or not at all.

    `more` asks to be looked at again at once. What only ends (`histories`) is done when there is no more.
    """

    deliveries: tuple[Delivery, ...] = ()
    cursor: str
    more: bool = False


class Finding(Value):
    """Whether something about an account is well; if not, the cure. `stopped`: nothing arrives because of it."""

    ok: bool
    what: str
    cure: str = ""
    stopped: bool = False
