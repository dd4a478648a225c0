"""The contract itself: what a channel is asked."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NoReturn, Self

from omnichannel.channel.carried import Ack, Call, Delivery, Finding, Response
from omnichannel.channel.wires import AsgiApp, Host, Sender, Source
from omnichannel.errors import ConfigError, TooLarge, Unsupported
from omnichannel.model import (
    Account,
    Address,
    Attachment,
    Capabilities,
    Doubt,
    Draft,
    Event,
    Party,
    Receipt,
    TextLimit,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # as in `Account`


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
        if not _NAME.fullmatch(str(name)):
            cure = "Use up to 64 letters, digits, dots, dashes and underscores: it is part of the webhook's address"
            raise ConfigError("name", f"{name!r} cannot be the name of an account", cure)
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied: the bytes would hold the account's secrets. Raises TypeError."""
        raise TypeError(
            f"{self!r} holds secrets, so it is not pickled; make it from its settings in every process"
        )

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
