"""LINE: the chats of one LINE Official Account. Signed webhooks in, the Messaging API out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Self
from urllib.parse import quote

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response, Sender
from omnichannel.errors import ConfigError, Forged, Unsupported
from omnichannel.model import Address, Attachment, Capabilities, Draft, Event, Party, Receipt, TextLimit
from omnichannel.toolbox import host_of, secret_of, secrets_of, signed
from pydantic import SecretStr

from omnichannel_line import answers, messages, parse, render
from omnichannel_line.item import KIND, is_shared
from omnichannel_line.item import address as address_of

__all__ = ["Line"]

HOST, DATA_HOST = "https://api.line.me", "https://api-data.line.me"

_SECRET_CURE = "Copy it from the LINE Developers Console: Basic settings > Channel secret"  # noqa: S105 - advice
_TOKEN_CURE = "Issue one in the LINE Developers Console: Messaging API > Channel access token"  # noqa: S105 - advice
_BOT_CURE = (
    "Copy it from the LINE Developers Console: Basic settings > Your user ID of the bot, or GET /v2/bot/info"
)


class Line(Channel):
    """One LINE Official Account.

    `bot_id` is the account's own user id (U and 32 hexadecimal digits), `channel_secret` signs its webhooks (several
    while it is being changed), `access_token` is a channel access token. `basic_id` (`@shop`) is needed for links
    that open the chat. `replies` answers by reply token where that is possible: LINE does not count such messages,
    but one whose answer is lost stays in doubt, where a push is repeated safely. Raises ConfigError with the cure.
    """

    kind: ClassVar[str] = KIND
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=messages.LONGEST_TEXT, measure="utf16", splits=True),
        public=True,
        parts_in=frozenset({"text", "attachment", "location", "choice", "reference", "system"}),
        parts_out=render.PARTS,
        media=messages.IMAGES,
        max_bytes=messages.MOST_IMAGE_BYTES,
        max_attachments=render.MOST_ATTACHMENTS,
        max_options=messages.MOST_OPTIONS,
        edits=True,
        deletes=True,
        signals=frozenset({"typing"}),
        answers=True,
        continues=True,
        fetches=True,
        signs_body=True,
        profiles=True,
    )

    # What `bare` leaves as it is: an instance that knows no account and no secret.
    bot_id: str = ""
    basic_id: str = ""
    replies: bool = False
    host: str = HOST
    data_host: str = DATA_HOST
    _token: SecretStr | None = None
    _secrets: tuple[SecretStr, ...] = ()

    def __init__(
        self,
        name: str,
        *,
        bot_id: str,
        channel_secret: str | SecretStr | Iterable[str | SecretStr],
        access_token: str | SecretStr,
        basic_id: str = "",
        replies: bool = False,
        host: str = HOST,
        data_host: str = DATA_HOST,
    ) -> None:
        super().__init__(name)
        if not re.fullmatch(r"U[0-9a-f]{32}", bot_id):
            raise ConfigError("bot_id", "it is not U and 32 hexadecimal digits", _BOT_CURE)
        if basic_id and not re.fullmatch(r"@[a-z0-9._-]{1,40}", basic_id):
            raise ConfigError(
                "basic_id", "it does not look like @shop", "Write it as the account's profile shows it"
            )
        self.bot_id, self.basic_id, self.replies = bot_id, basic_id, replies
        self.host = host_of(host, "host", f"Leave it out for {HOST}")
        self.data_host = host_of(data_host, "data_host", f"Leave it out for {DATA_HOST}")
        self._token = secret_of(access_token, "access_token", _TOKEN_CURE)
        self._secrets = secrets_of(channel_secret, "channel_secret", _SECRET_CURE)

    @property
    def own_address(self) -> Address | None:
        """The account itself."""
        return address_of(self.bot_id, self.bot_id) if self.bot_id else None

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only the channel's secrets: enough to say whether a webhook is genuine."""
        channel = cls.bare("verify")
        channel._secrets = secrets_of(secrets, "channel_secret", _SECRET_CURE)  # noqa: SLF001 - our own
        return channel

    def admit(self, delivery: Delivery) -> Ack:
        """Take what one of our secrets signed; raises Forged for anything else."""
        header = delivery.header("x-line-signature")
        if not signed(self._secrets, delivery.body, header, prefix="", form="base64"):
            raise Forged("X-Line-Signature is missing, or not made with our channel secret over these bytes")
        return Ack()

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every event, in order. Raises Malformed if it is no webhook of LINE's."""
        return parse.events(delivery, self.bot_id)

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each five messages. Raises Unsupported or TooLarge."""
        return render.calls(draft, host=self.host, bot=self.bot_id, replies=self.replies)

    def read(self, call: Call, response: Response) -> Receipt:  # noqa: ARG002 - answers name no call
        """Sent with the ids of its messages, by which quotes name them."""
        return answers.receipt(response)

    def credentials(self, call: Call) -> Mapping[str, str]:  # noqa: ARG002 - the same for every call
        """The channel access token."""
        return {"authorization": f"Bearer {self._token.get_secret_value()}"} if self._token else {}

    def sender(self) -> Sender | None:
        """Replies before pushes, where that is wanted."""
        from omnichannel_line.link import ReplyFirst

        return ReplyFirst(self) if self.replies else None

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:  # noqa: ARG002 - it names no message
        """The animation that says we are about to answer; LINE has it in chats of two only."""
        # Who wrote in a group is answered there: the animation would be shown in a chat of theirs with us.
        chat = to.written.partition("?")[0] or to.address.value
        if sign not in self.can.signals or is_shared(chat):
            raise Unsupported("LINE shows only `typing`, and only in a chat with one person")
        body = json.dumps({"chatId": chat, "loadingSeconds": 20}).encode()
        headers = (("content-type", "application/json"),)
        return Call(url=f"{self.host}/v2/bot/chat/loading/start", headers=headers, body=body)

    def start_link(self, token: str) -> str:
        """A link that opens the chat with the token written and ready to be sent."""
        if not self.basic_id:
            raise Unsupported("a link needs the account's basic id; configure the account with basic_id")
        return f"https://line.me/R/oaMessage/{quote(self.basic_id, safe='')}/?{quote(token, safe='')}"

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of a picture, film, sound or file that somebody sent; LINE keeps them for some days."""
        from omnichannel_line.link import file

        if not (attachment.external_id or attachment.url):
            return await super().download(attachment)
        return await file(self, attachment)

    async def look_up(self, address: Address) -> Party | None:
        """What somebody, or a group, is called. Raises httpx.HTTPError if LINE cannot be reached."""
        from omnichannel_line.link import name

        if address.kind != KIND or address.scope != self.bot_id:
            return None
        return await name(self, address)

    async def check(self) -> Sequence[Finding]:
        """Ask LINE about the token, the webhook and the month's messages."""
        from omnichannel_line.link import findings

        if not self.bot_id:
            return (Finding(ok=False, what="no account is configured", cure="Set bot_id and access_token"),)
        return await findings(self)
