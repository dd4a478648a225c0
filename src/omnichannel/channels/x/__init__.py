"""X (formerly Twitter): mentions and replies in public, direct messages in private.

Posts arrive by webhook (X Activity, or the older Account Activity) and by polling; both are read alike, and the
same post by both ways is one message. See `docs/howto/x.md` for setting up, costs and the reply gate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import ClassVar, Literal, NamedTuple, Self
from urllib.parse import parse_qs, quote, urlsplit

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response, Sender, Source
from omnichannel.channels.x.access import HOST, Access, Token, secret
from omnichannel.channels.x.answers import read
from omnichannel.channels.x.context import KIND
from omnichannel.channels.x.parse import parse
from omnichannel.channels.x.render import (
    IMAGE_BYTES,
    IMAGES,
    MESSAGE_LIMIT,
    MOST_IMAGES,
    messages,
    posts,
    render,
)
from omnichannel.channels.x.weight import POST_LIMIT, weigh
from omnichannel.errors import ConfigError, Forged, Malformed
from omnichannel.model import Address, Capabilities, Doubt, Draft, Event, Party, Receipt, TextLimit
from omnichannel.toolbox import secrets_of, sign, signed

_SIGNATURE = "x-twitter-webhooks-signature"
# Answering a challenge signs what was asked. Only a token is signed, never what could be the body of a delivery.
_CHALLENGE = re.compile(r"[A-Za-z0-9+/=_-]{16,128}")
_SOONEST = 5.0
_SECRET_CURE = "Copy the API key secret of your app from X's developer portal."  # noqa: S105 - advice


class _Settings(NamedTuple):
    """What a configured account has; `bare` has none of it."""

    user_id: str = ""
    username: str = ""
    secrets: tuple[SecretStr, ...] = ()
    access: Access = Access()
    poll: tuple[str, ...] = ()
    poll_seconds: float = 60.0
    app_token: SecretStr = SecretStr("")


class X(Channel):
    """One account on X.

    `user_id` is the account's number, `username` its handle without @. `consumer_secret` is the app's API secret,
    which signs webhooks: one, or several while it is being replaced (the newest first). To read and send, give
    either OAuth 1.0a (`consumer_key`, `access_token`, `access_token_secret`), or OAuth 2 (`token`: a user access
    token, or a function, async or not, that returns one that is still good). `poll` says which lists are looked
    at every `poll_seconds` (direct messages: X allows one look a minute); empty with webhooks alone. `app_token` is
    the app's own bearer token: with it X is asked whether the webhook is still valid, and to deliver once more.
    Raises ConfigError for what is missing or wrong.
    """

    kind: ClassVar[str] = KIND
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=POST_LIMIT, measure="x_weighted", splits=True),
        private_text=TextLimit(size=MESSAGE_LIMIT, splits=True),
        public=True,
        private=True,
        parts_in=frozenset({"text", "attachment", "location", "choice", "reference", "system"}),
        parts_out=frozenset({"text", "attachment"}),
        media=IMAGES,
        max_bytes=IMAGE_BYTES,
        max_attachments=MOST_IMAGES,
        echoes=True,
        statuses=frozenset({"read"}),
        edits=True,
        deletes=True,
        reactions=True,
        typing=True,
        signs_body=True,
        profiles=True,
        answers=True,
        continues=True,
        history=True,
        finds=True,
        settles=900.0,  # in which X shows every list again, however often it was looked at
    )

    def __init__(
        self,
        name: str,
        *,
        user_id: str,
        username: str = "",
        consumer_secret: str | SecretStr | Iterable[str | SecretStr],
        consumer_key: str = "",
        access_token: str | SecretStr = "",
        access_token_secret: str | SecretStr = "",
        token: Token = "",
        poll: Sequence[Literal["mentions", "dms"]] = ("mentions", "dms"),
        poll_seconds: float = 60.0,
        app_token: str | SecretStr = "",
        host: str = HOST,
    ) -> None:
        super().__init__(name)
        secrets = secrets_of(consumer_secret, "consumer_secret", _SECRET_CURE)
        access = Access(
            host=host.rstrip("/"),
            consumer_key=consumer_key,
            consumer_secret=secrets[0],
            access_token=secret(access_token),
            access_token_secret=secret(access_token_secret),
            token=secret(token) if isinstance(token, str) else token,
        )
        self._is = _Settings(
            _numeric(user_id),
            username.removeprefix("@"),
            secrets,
            access.checked(),
            _lists(poll),
            _pace(poll_seconds),
            secret(app_token),
        )

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        """An instance without account or credentials: everything that it parses is a message."""
        channel = super().bare(name)
        channel._is = _Settings()  # noqa: SLF001 - it is this class's own
        return channel

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only the app's secrets: enough to say whether a webhook is genuine."""
        channel = cls.bare("verify")
        channel._is = _Settings(secrets=secrets_of(secrets, "consumer_secret", _SECRET_CURE))  # noqa: SLF001
        return channel

    @property
    def own_address(self) -> Address | None:
        """Our own user id."""
        return Address(kind=KIND, value=self._is.user_id) if self._is.user_id else None

    def admit(self, delivery: Delivery) -> Ack:
        """Answer X's challenges; let in what the app's secret signed, and what we fetched ourselves."""
        if delivery.source != "webhook":
            return Ack()
        if delivery.method == "GET":
            return self._answer(delivery)
        if not signed(self._is.secrets, delivery.body, delivery.header(_SIGNATURE), form="base64"):
            raise Forged(f"{_SIGNATURE} is missing, or not made with consumer_secret over exactly this body")
        return Ack()

    def _answer(self, delivery: Delivery) -> Ack:
        """Prove that we hold the secret (X asks when a webhook is registered, and about hourly)."""
        try:
            query = parse_qs(urlsplit(delivery.url).query, max_num_fields=50)
        except ValueError:  # a stranger's host that is none, or too much of a query
            query = {}
        token = query.get("crc_token", [""])[0].replace(" ", "+")
        if not _CHALLENGE.fullmatch(token):
            raise Malformed("crc_token is missing, or is not a token of 16 to 128 letters and digits")
        if not self._is.secrets:
            raise Forged("there is no consumer_secret to answer with")
        answer = {"response_token": "sha256=" + sign(self._is.secrets[0], token.encode(), form="base64")}
        return Ack(
            headers=(("content-type", "application/json"),), body=json.dumps(answer).encode(), keep=False
        )

    def parse(self, delivery: Delivery) -> tuple[Event, ...]:
        """Every item of a delivery, in order. Raises Malformed if nothing of it can be read."""
        listed = delivery.source == "poll" or delivery.past
        return parse(
            delivery.body,
            us=self._is.user_id,
            username=self._is.username,
            url=delivery.url,
            newest_first=listed,
        )

    def render(self, draft: Draft) -> Sequence[Call]:
        """A public reply (a thread, if it is long) or direct messages. Raises Unsupported or TooLarge."""
        return render(draft, self._is.access.host)

    def read(self, call: Call, response: Response) -> Receipt:  # noqa: ARG002 - X's answers speak for themselves
        """What X's answer means."""
        return read(response)

    @classmethod
    def size(cls, text: str, *, public: bool = True) -> int:
        """Weighted characters for a post, characters for a direct message."""
        return weigh(text) if public else len(text)

    @classmethod
    def pieces(cls, text: str, *, public: bool = True) -> tuple[str, ...]:
        """The posts of a thread, or the direct messages, that this text would be."""
        return posts(text) if public else messages(text)

    def sources(self) -> Sequence[Source]:
        """The lists that are looked at."""
        from omnichannel.channels.x.link.poll import dms, mentions

        account = self._is
        made: dict[str, Callable[[], Source]] = {
            "mentions": lambda: mentions(account.access, self.name, account.user_id, account.poll_seconds),
            "dms": lambda: dms(account.access, self.name, account.poll_seconds),
        }
        return [made[wanted]() for wanted in account.poll]

    def histories(self, since: datetime) -> Sequence[Source]:
        """Mentions (the 800 newest), our own posts (3,200) and direct messages (30 days), as far as X shows them."""
        from omnichannel.channels.x.link.past import past

        return past(self._is.access, self.name, self._is.user_id, since)

    def sender(self) -> Sender:
        """The wire to write to, through tweepy."""
        from omnichannel.channels.x.link import TweepySender

        return TweepySender(self._is.access)

    def start_link(self, token: str) -> str:
        """A link that opens a direct message to us with the token in it."""
        return f"https://x.com/messages/compose?recipient_id={self._is.user_id}&text={quote(token, safe='')}"

    async def look_up(self, address: Address) -> Party | None:
        """What somebody calls themselves. Costs about $0.01; most deliveries say it without being asked."""
        from omnichannel.channels.x.link.account import look_up

        return await look_up(self._is.access, address)

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        """Ask our own timeline, or the conversation, whether it is there. That it is not proves nothing yet.

        Costs about $0.005 for each post since, $0.010 for each of the five newest messages there, once a day.
        """
        from omnichannel.channels.x.link.finding import found

        return await found(self, self._is.access, self._is.user_id, call, doubt)

    async def check(self) -> Sequence[Finding]:
        """Whether X accepts the credentials, and shows direct messages if they are polled. Costs about $0.02."""
        from omnichannel.channels.x.link.account import check

        found = await check(self._is.access, self._is.user_id, private="dms" in self._is.poll)
        return (*found, *await self.delivers())

    async def delivers(self) -> Sequence[Finding]:
        """Whether X still calls the webhook, which only the app itself may ask (`app_token`)."""
        from omnichannel.channels.x.link.webhook import delivers

        account = self._is
        if not account.app_token.get_secret_value():
            return ()
        return await delivers(account.access, account.app_token, self.name, polled=bool(account.poll))

    async def redeliver(self, since: datetime, until: datetime) -> str:
        """With `app_token`: X brings again what it told in the last 24 hours, likes and deletions too."""
        from omnichannel.channels.x.link.webhook import redeliver

        account = self._is
        if not account.app_token.get_secret_value():
            return ""
        return await redeliver(account.access, account.app_token, self.name, since, until)


def _numeric(user_id: str) -> str:
    if not (user_id.isascii() and user_id.isdigit()):
        cure = "Give the account's number (GET /2/users/me shows it), not its handle."
        raise ConfigError("user_id", f"{user_id!r} is no number", cure)
    return user_id


def _lists(poll: Sequence[str]) -> tuple[str, ...]:
    unknown = set(poll) - {"mentions", "dms"}
    if isinstance(poll, str) or unknown:
        raise ConfigError(
            "poll", f"{poll!r} is not understood", 'Give ("mentions", "dms"), one of them, or ().'
        )
    return tuple(dict.fromkeys(poll))


def _pace(seconds: float) -> float:
    if not seconds >= _SOONEST:
        cure = "60 is as often as X lets direct messages be looked at; mentions may be looked at every 5."
        raise ConfigError("poll_seconds", f"{seconds} is too often", cure)
    return seconds
