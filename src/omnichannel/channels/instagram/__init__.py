"""Instagram: the direct messages of one professional account, and the comments on what it posts.

Two ways lead to the same account, with hosts and tokens of their own: Instagram Login, and Facebook Login where
the account is linked to a Page. Signed webhooks in; messages, public replies and private replies out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Call, Delivery, Finding, Source
from omnichannel.channels.instagram import parse, render
from omnichannel.channels.instagram.mentions import mention_of
from omnichannel.channels.instagram.parse import KIND
from omnichannel.errors import ConfigError, Unsupported
from omnichannel.model import (
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
from omnichannel.platforms.meta import settings, upload
from omnichannel.platforms.meta.account import MetaChannel
from omnichannel.platforms.meta.messaging import saying
from omnichannel.platforms.meta.messaging.item import address as address_of
from omnichannel.platforms.meta.messaging.window import WINDOW

__all__ = ["Instagram"]

_ID_CURE = "Ask GET /me?fields=user_id,username with the account's token; user_id is the one"
_TOKEN_CURE = "Make one in the app's dashboard: Instagram > API setup > Generate token"  # noqa: S105 - advice
_SECRET_CURE = "Copy it from the app's dashboard; Instagram Login has an app secret of its own"  # noqa: S105 - advice


class Instagram(MetaChannel):
    """One professional account on Instagram.

    `account_id` is the account's `user_id` (17841…), `token` the account's own (Instagram Login) or, with
    `page_id`, the linked Page's (Facebook Login). `app_secret` is that product's, or several while it is being
    changed; `verify_token` a word of your own that Meta repeats when the webhook is set up. `username` is the
    account's name, for links to it. `human_agent` says that Meta approved the Human Agent feature: people may
    then answer for seven days. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    token_cure: ClassVar[str] = _TOKEN_CURE
    secret_cure: ClassVar[str] = _SECRET_CURE
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_COMMENT, measure="chars", splits=True),
        private_text=TextLimit(size=render.LONGEST_MESSAGE, measure="bytes", splits=True),
        public=True,
        private=True,
        parts_in=frozenset({"text", "attachment", "choice", "reference", "system"}),
        parts_out=frozenset({"text", "attachment", "choice"}),
        public_parts_out=frozenset({"text"}),
        media=render.MEDIA,
        max_bytes=upload.MOST_BYTES,
        max_attachments=saying.MOST_ATTACHMENTS,
        max_options=saying.MOST_OPTIONS,
        window=WINDOW,
        echoes=True,
        statuses=frozenset({"read"}),
        edits=True,
        deletes=True,
        reactions=True,
        signals=frozenset(saying.SIGNS),
        answers=True,
        continues=True,
        history=True,
        fetches=True,
        signs_body=True,
        profiles=True,
        finds=True,
    )

    # What `bare` leaves as it is: an instance that knows no account and no secret.
    account_id: str = ""
    page_id: str = ""
    username: str = ""
    human_agent: bool = False
    edge: str = f"{settings.INSTAGRAM_HOST}/{settings.VERSION}"

    def __init__(
        self,
        name: str,
        *,
        account_id: str,
        token: str | SecretStr,
        app_secret: str | SecretStr | Iterable[str | SecretStr],
        verify_token: str | SecretStr,
        page_id: str = "",
        username: str = "",
        human_agent: bool = False,
        host: str = "",
        version: str = settings.VERSION,
    ) -> None:
        usual = settings.HOST if page_id else settings.INSTAGRAM_HOST
        super().__init__(
            name,
            token=token,
            app_secret=app_secret,
            verify_token=verify_token,
            host=host or usual,
            version=version,
            usual=usual,
        )
        self.account_id = settings.id_of(account_id, "account_id", "an account's id", _ID_CURE)
        self.page_id = settings.page_of(page_id) if page_id else ""
        self.username = _username(username)
        self.human_agent = human_agent

    @property
    def own_address(self) -> Address | None:
        """The account itself."""
        return address_of(KIND, self.account_id, self.account_id) if self.account_id else None

    @property
    def node(self) -> str:
        """Whose `messages` and `conversations` the Graph API has: the account's, or its Page's."""
        return self.page_id or self.account_id

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every item of every entry, in order. Raises Malformed if it is not JSON or no webhook at all."""
        return parse.events(delivery, self.account_id, self.username)

    def render(self, draft: Draft) -> Sequence[Call]:
        """Messages, replies to a comment, or its private reply. Raises Unsupported, TooLarge, WindowClosed."""
        return render.calls(
            draft,
            edge=self.edge,
            node=self.node,
            account_id=self.account_id,
            human_agent=self.human_agent,
        )

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:
        """Show that we are typing, or have seen what they wrote. Raises Unsupported."""
        if sign not in saying.SIGNS:
            return super().signal(to, sign, heard)
        node = self.node or to.address.scope
        return saying.signal(f"{self.edge}/{quote(node, safe='')}/messages", to.address.value, sign)

    def start_link(self, token: str) -> str:
        """A link that opens a conversation with the account and brings the token back as a referral."""
        if not self.username:
            raise Unsupported("a link needs the account's name; configure it with username")
        return f"https://ig.me/m/{self.username}?ref={quote(token, safe='')}"

    def histories(self, since: datetime) -> Sequence[Source]:
        """The conversations' last messages and the comments, since a moment."""
        from omnichannel.channels.instagram.link import histories

        return histories(self, since)

    async def download(self, attachment: Attachment) -> bytes:
        """What somebody sent, or the words beside which they mentioned us. Raises Unsupported or FetchError."""
        from omnichannel.channels.instagram.link import words

        mention = mention_of(attachment.external_id)
        if mention is None or not self.account_id:
            return await super().download(attachment)
        return await words(self, mention)

    async def look_up(self, address: Address) -> Party | None:
        """The name that somebody has on Instagram; None for who never wrote to us. May raise httpx.HTTPError."""
        from omnichannel.channels.instagram.link import look_up

        if address.kind != KIND or address.scope != self.account_id or not address.value.isdigit():
            return None
        return await look_up(self, address)

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        """Ask the conversation, or the comment, whether it is there; the echo says so as well."""
        from omnichannel.channels.instagram.link import found

        return await found(self, call, doubt)

    async def check(self) -> Sequence[Finding]:
        """Ask Meta whether the token is this account's, and whether the webhook brings what it should."""
        from omnichannel.channels.instagram.link import findings

        if not self.account_id:
            return (Finding(ok=False, what="no account is configured", cure="Set account_id and token"),)
        return await findings(self)

    async def delivers(self) -> Sequence[Finding]:
        """What Meta says the app hears of this account."""
        from omnichannel.channels.instagram.link import delivers

        return await delivers(self) if self.account_id else ()


def _username(given: str) -> str:
    """The account's name as it stands in links; raises ConfigError for an address or a name of several words."""
    name = given.strip().removeprefix("@")
    if name and not (name.isascii() and name.replace(".", "").replace("_", "").isalnum()):
        raise ConfigError("username", f"{given[:40]!r} is no name of an account", "Give the name after the @")
    return name
