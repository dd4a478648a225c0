"""Telegram: what people write to a bot, in private, in groups, and to a business account that the bot looks after.

Updates come by webhook or by polling, one of both; what is read is the same. See `docs/howto/telegram.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Self

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response, Source
from omnichannel.channels.telegram import answers, form, parse, render
from omnichannel.channels.telegram.admit import admit
from omnichannel.channels.telegram.keyboard import MOST_OPTIONS
from omnichannel.channels.telegram.place import KIND, Place, message_of
from omnichannel.channels.telegram.place import address as address_of
from omnichannel.channels.telegram.settings import (
    HOST,
    Bot,
    Businesses,
    bot_of,
    businesses_of,
    username_of,
    webhook_secrets,
)
from omnichannel.errors import Unsupported
from omnichannel.model import Address, Attachment, Capabilities, Draft, Event, Party, Receipt, TextLimit

__all__ = ["Telegram"]


class Telegram(Channel):
    """One bot on Telegram.

    `token` is what @BotFather gave. Either `secret` is the word that Telegram sends with every webhook (several
    while it is being changed), or `poll` is true, and updates are fetched; Telegram does not do both at once.
    `username` is the bot's name, for links that open a conversation with it. `businesses` are the connections of
    your own business accounts: where the bot may be connected to such, anybody may connect it to theirs, and would
    speak for you; so what comes by a connection that is not named is parked, with its id. `host` is another Bot
    API server. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    resends: ClassVar[str] = "Telegram keeps what it could not deliver for 24 hours and brings it by itself."
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT, measure="utf16", splits=True),
        public=True,
        parts_in=frozenset({"text", "attachment", "location", "contact", "choice", "reference", "system"}),
        parts_out=frozenset({"text", "attachment", "location", "contact", "choice"}),
        media=("*/*",),
        max_bytes=form.MOST_BYTES,
        max_attachments=render.MOST_ATTACHMENTS,
        max_options=MOST_OPTIONS,
        echoes=True,
        edits=True,
        deletes=True,
        reactions=True,
        signals=frozenset({"typing"}),
        answers=True,
        continues=True,
        fetches=True,
        profiles=True,
        settles=0.0,  # a bot is never shown what it said itself
    )

    # What `bare` leaves as it is: an instance that knows no bot and no secret.
    bot: Bot = Bot()
    username: str = ""
    businesses: Businesses = None
    polls: bool = False
    _secrets: tuple[SecretStr, ...] = ()

    def __init__(
        self,
        name: str,
        *,
        token: str | SecretStr,
        secret: str | SecretStr | Iterable[str | SecretStr] = (),
        poll: bool = False,
        username: str = "",
        businesses: Iterable[str] = (),
        host: str = HOST,
    ) -> None:
        super().__init__(name)
        self.bot = bot_of(token, host)
        self.username = username_of(username)
        self.businesses = businesses_of(businesses)
        self.polls = poll
        self._secrets = webhook_secrets(secret) if secret or not poll else ()

    @property
    def own_address(self) -> Address | None:
        """The bot itself."""
        return address_of(self.bot.id) if self.bot.id else None

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only the webhook's secrets: enough to say whether a webhook is genuine."""
        channel = cls.bare("verify")
        channel._secrets = webhook_secrets(secrets)  # noqa: SLF001 - our own
        return channel

    def admit(self, delivery: Delivery) -> Ack:
        """Take what comes with our secret, and let a tapped button stop waiting; raises Forged for anything else."""
        return admit(delivery, self._secrets)

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every update, in order. Raises Malformed if it is not JSON or nothing of Telegram's."""
        return parse.events(delivery, self.bot.id, self.businesses)

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each text piece, file or album, place and card. Raises Unsupported or TooLarge."""
        return render.calls(draft, self.bot.method)

    def read(self, call: Call, response: Response) -> Receipt:  # noqa: ARG002 - answers speak for themselves
        """Sent with the id that edits, reactions and deletions will name."""
        return answers.receipt(response)

    def wire_url(self, call: Call) -> str:
        """The call's address with the bot's token in it, at our own host."""
        return self.bot.address(call.url)

    def sources(self) -> Sequence[Source]:
        """The updates, if they are polled."""
        from omnichannel.channels.telegram.link.updates import Updates

        return (Updates(self.bot, self.name),) if self.polls else ()

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:
        """`typing`: for five seconds, or until something is said. Raises Unsupported for other signs."""
        if sign != "typing":
            raise Unsupported(f"a bot on Telegram shows that it is typing, and no sign {sign!r}")
        found = message_of(heard)
        place = found[0] if found else Place(chat=to.address.value)
        fields = {"chat_id": place.chat, "action": "typing"}
        if place.connection:
            fields["business_connection_id"] = place.connection
        return Call(
            url=self.bot.method("sendChatAction"),
            headers=(("content-type", "application/json"),),
            body=json.dumps(fields).encode(),
        )

    def start_link(self, token: str) -> str:
        """A link that opens a conversation with the bot and brings the token back with `/start`."""
        if not self.username:
            raise Unsupported("a link needs the bot's name; configure the account with username")
        return f"https://t.me/{self.username}?start={token}"

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of a file in a message: up to 20 MB, as Telegram gives them to bots. Raises FetchError."""
        from omnichannel.channels.telegram.link.account import download

        return await download(self.bot, attachment)

    async def look_up(self, address: Address) -> Party | None:
        """What a person, group or channel calls itself; None for whom the bot has never met. Raises WireError."""
        from omnichannel.channels.telegram.link.account import look_up

        return await look_up(self.bot, address) if address.kind == KIND else None

    async def check(self) -> Sequence[Finding]:
        """Ask Telegram whether the token is good, and whether updates come the way they should."""
        from omnichannel.channels.telegram.link.account import findings

        if not self.bot.id:
            return (Finding(ok=False, what="no bot is configured", cure="Set token"),)
        return await findings(self.bot, self.username, self.businesses, polls=self.polls)

    async def delivers(self) -> Sequence[Finding]:
        """What Telegram says about the webhook: its address, what waits, and what went wrong."""
        from omnichannel.channels.telegram.link.account import delivers

        return await delivers(self.bot, polls=self.polls) if self.bot.id else ()
