"""The channel contract: four pure functions over values, and two small protocols for wires that are not HTTP.

A channel never calls the inbox, never touches the store, reads no clock and keeps no state: it is asked.
Everything a platform needs beside its wire format (retries, order, duplicates, limits, logging) is done once,
outside. One instance is one account: this mailbox, that Page.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal, Protocol, Self

from pydantic import Field

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import (
    Account,
    Address,
    Attachment,
    Capabilities,
    Doubt,
    Draft,
    Event,
    Message,
    Party,
    Receipt,
    TextLimit,
    UtcTime,
    Value,
)

Headers = tuple[tuple[str, str], ...]


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
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

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
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class Batch(Value):
    """What one look at a source brought. `cursor` is committed together with the deliveries, or not at all.

    `more` asks to be looked at again at once. What only ends (`histories`) is done when there is no more.
    """

    deliveries: tuple[Delivery, ...] = ()
    cursor: str
    more: bool = False


class Source(Protocol):
    """A wire that we read (a mailbox, an API to poll). One task at a time uses it.

    Raise anything on trouble: the runner closes the source, waits with growing patience and starts again
    from the last committed cursor. Never skip something to get on.
    """

    @property
    def name(self) -> str:
        """What tells this source from the account's others, e.g. the folder; part of the cursor's key."""
        ...

    async def fetch(self, cursor: str) -> Batch:
        """Everything new since the cursor (empty: since ever), in order, or as much as is reasonable."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return as soon as something may be new, after so many seconds at the latest."""
        ...

    async def close(self) -> None:
        """Let go of connections; never raises. `fetch` may be called again afterwards."""
        ...


class Sender(Protocol):
    """A wire that we write to. Never retries: one call is one attempt."""

    async def send(self, call: Call) -> Response:
        """Do the one request; trouble is a `Response` with `failure`, not an exception."""
        ...

    async def close(self) -> None:
        """Let go of connections; never raises."""
        ...


class Host(Protocol):
    """What the inbox lets a channel's own pages do (`Channel.site`): bring in deliveries, and read back a talk."""

    async def receive(self, delivery: Delivery) -> Ack:
        """Verify and keep one delivery, as if it came by webhook. Raises Forged or Malformed."""
        ...

    async def talk(self, address: Address, after: str = "", most: int = 100) -> Sequence[Message]:
        """What this account and that address said to each other, in order: the first so many after a message's id.

        Empty `after`: the newest so many. Internal notes and other accounts are never in it. An id that is not of
        this talk raises NotFound.
        """
        ...

    async def wait(self, seconds: float) -> None:
        """Return as soon as something may be new, after so many seconds at the latest."""
        ...

    def random(self, size: int) -> bytes:
        """Unguessable bytes, for ids and keys that a page gives out."""
        ...

    def now(self) -> datetime:
        """The moment, by the inbox's clock."""
        ...


AsgiApp = Callable[
    [
        MutableMapping[str, object],
        Callable[[], Awaitable[MutableMapping[str, object]]],
        Callable[[MutableMapping[str, object]], Awaitable[None]],
    ],
    Awaitable[None],
]
"""An ASGI application."""


class Finding(Value):
    """Whether something about an account is well; if not, the cure. `stopped`: nothing arrives because of it."""

    ok: bool
    what: str
    cure: str = ""
    stopped: bool = False


class Channel(ABC):
    """One account of one kind of channel.

    Subclass implementation: `kind`, `can`, `admit`, `parse`, `render`, `read`. Only where the wire is not
    plain HTTP with fixed headers: `sources`, `sender`, `credentials`.
    """

    kind: ClassVar[str]
    can: ClassVar[Capabilities]
    resends: ClassVar[str] = "What was not taken is lost, unless whoever sent it sends it again."
    """What becomes of deliveries that we did not take, in a sentence for those who want them back."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    @property
    def account(self) -> Account:
        """This account as a value; `own_address` filled in where the channel knows it."""
        return Account(name=self.name, kind=self.kind, address=self.own_address)

    @property
    def own_address(self) -> Address | None:
        """Our own address on this channel, which is never a customer's."""
        return None

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        """An instance without credentials that can parse, render and measure, but not verify or send.

        What `__init__` would have set is as the class's own attributes say: give each there what holds without
        an account, or override this.
        """
        channel = cls.__new__(cls)
        Channel.__init__(channel, name)
        return channel

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:  # noqa: ARG003
        """An instance that knows only the secrets of its webhooks, to say whether `admit` takes a delivery.

        Implement it where there is a webhook: the secrets are what signs it (Messenger: `app_secret`, X:
        `consumer_secret`), several during a rotation. Raises Unsupported where there is none.
        """
        raise Unsupported(f"{cls.kind} has no webhook, so there is nothing to verify; it is read, not pushed")

    @abstractmethod
    def admit(self, delivery: Delivery) -> Ack:
        """Decide over the raw bytes whether the platform sent this, and what to answer at once.

        Challenges are answered here with `keep=False`. Raises Forged (nothing is kept) or Malformed.
        """

    @abstractmethod
    def parse(self, delivery: Delivery) -> Iterable[Event]:
        """Say what a kept delivery means, every item of it, in order; the same delivery, the same events.

        An item that cannot be read becomes `Unreadable`; raises Malformed only if nothing can be read.
        """

    @abstractmethod
    def render(self, draft: Draft) -> Sequence[Call]:
        """Turn a draft into calls, in order. Never drops, never truncates.

        Raises Unsupported, TooLarge or WindowClosed with what is possible instead.
        """

    @abstractmethod
    def read(self, call: Call, response: Response) -> Receipt:
        """Say what the platform's answer means."""

    @classmethod
    def size(cls, text: str, *, public: bool = True) -> int:
        """How long the channel holds this text to be, in the measure of its limit."""
        from omnichannel.toolbox.text import size

        return size(text, cls.limit(public=public).measure)

    @classmethod
    def limit(cls, *, public: bool = True) -> TextLimit:
        """The limit of one piece of public or private text."""
        return cls.can.text if public or cls.can.private_text is None else cls.can.private_text

    @classmethod
    def pieces(cls, text: str, *, public: bool = True) -> tuple[str, ...]:
        """The texts that `render` sends for this text: one, several where the channel splits, none for blanks.

        Override it where `render` cuts differently from `toolbox.split` (X spares URLs). Raises TooLarge.
        """
        from omnichannel.toolbox.text import split

        limit = cls.limit(public=public)
        measured = cls.size(text, public=public)
        if measured > limit.size and not limit.splits:
            raise TooLarge(f"{measured} {limit.measure}; {cls.kind} takes {limit.size} and does not split")
        cut = split(text, limit.size, lambda piece: cls.size(piece, public=public))
        return tuple(piece for piece in cut if piece.strip())

    def credentials(self, call: Call) -> Mapping[str, str]:  # noqa: ARG002
        """Headers that prove who we are, added on the wire only: never stored, never logged."""
        return {}

    def wire_url(self, call: Call) -> str:
        """Where a call goes on the wire: its `url`, unless the platform wants a secret in the address itself.

        Like `credentials` for a platform without headers for them: never stored, never logged.
        """
        return call.url

    def sources(self) -> Sequence[Source]:
        """The wires to read, where deliveries do not only come by webhook."""
        return ()

    def sender(self) -> Sender | None:
        """The wire to write to; None for plain HTTP."""
        return None

    def histories(self, since: datetime) -> Sequence[Source]:  # noqa: ARG002
        """Sources that bring what was said before, back to a moment, and then end (`Batch.more` is false).

        Their deliveries have the source `history` and mean what a webhook would have meant: what is known
        already is recognised by its external id. Only called where `can.history`.
        """
        return ()

    async def redeliver(self, since: datetime, until: datetime) -> str:  # noqa: ARG002
        """Ask the platform to bring its webhooks of some time again; what was asked for, in words, empty for nothing.

        Raises anything on trouble.
        """
        return ""

    def site(self, host: Host) -> AsgiApp | None:  # noqa: ARG002
        """The channel's own pages, served at and below `/<account>/`; None where there are only webhooks.

        It replaces plain webhooks for this account: what it takes in goes through `host.receive`.
        """
        return None

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:  # noqa: ARG002
        """The call that gives a passing sign of `can.signals`: `typing` (until something is said) or `seen`.

        `heard` is the external id of what they said last: some platforms show a sign only beside it.
        Made at once, once, and never stored; whether it arrived matters to nobody. Raises Unsupported.
        """
        raise Unsupported(f"{self.kind} shows no such sign; it shows {', '.join(self.can.signals) or 'none'}")

    def start_link(self, token: str) -> str:  # noqa: ARG002
        """A link or address that, when used, brings `token` back on this account. Raises Unsupported."""
        raise Unsupported(
            f"{self.kind} cannot carry a token that continues a conversation; use e-mail or Messenger"
        )

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:  # noqa: ARG002
        """The bytes of a file that came within a delivery. Raises Unsupported where there is only an address."""
        raise Unsupported(
            f"{self.kind} tells where a file is and does not send it: fetch {attachment.url or 'its url'} soon"
        )

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of a file that lies at the platform (`attachment.url` or `.external_id`), with our credentials.

        Never more than `fetching.MOST_BYTES`, and only from the platform's own hosts. Raises Unsupported where
        there is none, and FetchError when it cannot be had (expired, too large, not reachable).
        """
        raise Unsupported(
            f"{self.kind} keeps no files to fetch: {attachment.name or 'this one'} has no bytes here"
        )

    async def look_up(self, address: Address) -> Party | None:  # noqa: ARG002
        """Ask the platform what somebody calls themselves; None if it does not say. May raise anything.

        Only called where `can.profiles` says that there is somebody to ask.
        """
        return None

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:  # noqa: ARG002
        """Ask the platform what became of a call in doubt; None if it does not say (yet). May raise, e.g. Busy.

        `Sent` where it is there. `Refused`, or `Deferred` (it is made again), only where the platform's answer proves
        that it is not: that a list lacks it proves nothing. Only called where `can.finds`; never sends anything.
        """
        return None

    async def check(self) -> Sequence[Finding]:
        """What `doctor` should know: credentials present and accepted, host reachable, secrets set."""
        return ()

    async def delivers(self) -> Sequence[Finding]:
        """What the platform says about bringing us what people write: that part of `check`, often asked.

        Only what can be read without a cost, a login or anybody noticing; nothing where it cannot be asked.
        """
        return ()
