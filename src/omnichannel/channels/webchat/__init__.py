"""Web chat: our own pages and widget for a company's site. HTTP and server-sent events, signed visitors.

Here we are the platform: `site` serves the widget and takes what visitors write; what it takes goes through the
same door as any webhook. See `docs/howto/webchat.md` for embedding, logins and the protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import SecretStr

from omnichannel.channel import Ack, AsgiApp, Call, Channel, Delivery, Finding, Host, Response, Sender
from omnichannel.channels.webchat import files, logins, parse, passes, render, settings, show
from omnichannel.channels.webchat.wire import KIND, Pass, User, Written, address, said
from omnichannel.errors import Forged, Unsupported
from omnichannel.model import (
    Address,
    Attachment,
    Capabilities,
    Draft,
    Event,
    Party,
    Receipt,
    Sent,
    TextLimit,
    Unknown,
)
from omnichannel.toolbox import answer, load_json, secrets_of, sign, signed, string, trouble

if TYPE_CHECKING:
    from omnichannel.channels.webchat.link.presence import Presence

__all__ = ["WebChat"]

SIGNATURE = "x-omnichannel-signature"


class WebChat(Channel):
    """The chat of one company site.

    `secret` makes visitors' passes and signs deliveries: 32 characters or more, or several while it is being changed
    (the newest first). `origins` are the sites that may embed the chat. `page` is one with the chat on it, for links
    that carry a conversation over. `user_keys` verify the logins that your server signs (secrets for HS256, PEM
    public keys for RS256 and ES256); `audience` is what such a token must be for (the account's name if empty);
    `users` names whose ids its `sub` are, the same for accounts that share logins (the account's name if empty).
    `takes` are the media types that visitors may send, `max_bytes` all of one message's together. `proxies`
    counts those of yours that add to X-Forwarded-For. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    resends: ClassVar[str] = (
        "Its pages send to this inbox and to nobody else: what they could not send, "
        "whoever wrote it still sees as not sent."
    )
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT, measure="chars"),
        parts_in=frozenset({"text", "attachment", "choice"}),
        parts_out=show.PARTS,
        media=render.MEDIA,
        max_bytes=render.MOST_BYTES,
        max_attachments=render.MOST_FILES,
        max_options=render.MOST_OPTIONS,
        statuses=frozenset({"sent", "delivered", "read"}),
        signals=frozenset({"typing"}),
        continues=True,
        signs_body=True,
    )

    # What `bare` leaves as it is: an instance that serves nobody.
    page: str = ""
    audience: str = ""
    users: str = ""
    origins: frozenset[str] = frozenset()
    takes: tuple[str, ...] = files.TAKEN
    max_bytes: int = files.MOST_BYTES
    proxies: int = 0
    _secrets: tuple[SecretStr, ...] = ()
    _keys: tuple[logins.Key, ...] = ()
    _is_account: bool = False

    def __init__(
        self,
        name: str,
        *,
        secret: str | SecretStr | Iterable[str | SecretStr],
        origins: Sequence[str],
        page: str = "",
        user_keys: str | SecretStr | Iterable[str | SecretStr] = (),
        audience: str = "",
        users: str = "",
        takes: Sequence[str] = files.TAKEN,
        max_bytes: int = files.MOST_BYTES,
        proxies: int = 0,
    ) -> None:
        super().__init__(name)
        self._secrets = settings.secrets(secret)
        self._keys = logins.keys_of(user_keys)
        self._is_account = True
        self.origins = settings.origins(origins)
        self.page = settings.page(page)
        self.audience = audience or name
        self.users = users or name
        self.takes = settings.takes(takes)
        self.max_bytes = settings.most_bytes(max_bytes)
        self.proxies = settings.proxies(proxies)

    @property
    def own_address(self) -> Address | None:
        """The site itself: no visitor's id is a word like this."""
        return address(self.name, "site")

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only the account's secrets: enough to say whether a delivery is genuine."""
        channel = cls.bare("verify")
        channel._secrets = secrets_of(secrets, "secret", settings.SECRET_CURE)  # noqa: SLF001 - our own
        return channel

    def admit(self, delivery: Delivery) -> Ack:
        """Take what a page of this account signed; raises Forged for anything else."""
        if not self._secrets:
            raise Forged("no secret is configured, so nothing can be told from a forgery")
        if not signed(self._secrets, delivery.body, delivery.header(SIGNATURE)):
            raise Forged(f"{SIGNATURE} was not made with this account's secret over these bytes")
        return Ack(status=202, headers=(("content-type", "application/json"),), body=b"{}")

    def delivery(self, body: bytes) -> Delivery:
        """What a page of this account took in, signed; `omnichannel.channels.webchat.wire` says what it may be."""
        mac = sign(self._secrets[0], body, form="hex")
        headers = (("content-type", "application/json"), (SIGNATURE, f"sha256={mac}"))
        return Delivery(account=self.name, url=f"{KIND}:{self.name}", headers=headers, body=body)

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """The one event of a delivery. Raises Malformed if it is not ours."""
        return parse.events(delivery, self.name, self.users)

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call. Raises Unsupported or TooLarge."""
        return render.calls(draft, self.name if self._is_account else "")

    def read(self, call: Call, response: Response) -> Receipt:  # noqa: ARG002 - answers name no call
        """Sent with the message's own id, which is what the widget's statuses name."""
        bad = trouble(response)
        if bad is not None:
            return bad
        found = string(answer(response), "id")
        return Sent(external_id=found) if found else Unknown(detail="the answer names no message")

    def sender(self) -> Sender | None:
        """Nothing is dialled: what is said lies in the store, and browsers read it there."""
        from omnichannel.channels.webchat.link import Desk

        return Desk(self)

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:
        """The sign that somebody of ours is writing; seen by visitors who are connected to this process."""
        if sign not in self.can.signals:
            return super().signal(to, sign, heard)
        return render.typing(to, self.name if self._is_account else "")

    def site(self, host: Host) -> AsgiApp | None:
        """The widget and what it talks to. None for an instance that is no account."""
        from omnichannel.channels.webchat.link import Site

        return Site(self, host) if self._is_account else None

    def start_link(self, token: str) -> str:
        """A link to the company's page; the token stands behind the `#`, which no server and no log ever sees."""
        if not self.page:
            raise Unsupported("a link needs a page with the chat on it; configure the account with page")
        return f"{self.page}#chat={token}"

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        """The bytes of a file that a visitor sent. Raises Unsupported where the delivery has none."""
        found = said(load_json(delivery.body, most=parse.MOST_BYTES))
        if (
            isinstance(found, Written)
            and attachment.index is not None
            and attachment.index < len(found.files)
        ):
            return files.decoded(found.files[attachment.index])
        raise Unsupported("this message has no such file")

    async def check(self) -> Sequence[Finding]:
        """What a company should know before its visitors find out."""
        from omnichannel.channels.webchat.link import findings

        return findings(self) if self._is_account else ()

    def is_typing(self, visitor: Address, now: datetime) -> bool:
        """Whether a visitor who is connected to this process is writing at this moment. Nothing of it is stored."""
        return self.presence.writes(visitor.value, now)

    # What the pages ask; none of it reads a clock.

    @cached_property
    def presence(self) -> Presence:
        """Who is writing, as far as this process sees."""
        from omnichannel.channels.webchat.link.presence import Presence

        return Presence()

    def pass_of(self, token: str) -> Pass:
        """The pass behind a token, ended or not. Raises Forged."""
        return passes.read(self._secrets, self.name, token)

    def token_of(self, found: Pass) -> str:
        """The token that a browser keeps for a pass."""
        return passes.issued(self._secrets, self.name, found)

    def login(self, token: str, now: datetime) -> tuple[User, int]:
        """Who the company says it is, and until when (seconds since 1970). Raises Forged."""
        return logins.login(token, self._keys, self.audience, now)
