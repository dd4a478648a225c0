"""WhatsApp: one telephone number of a business, on Meta's Cloud API. Signed webhooks in, messages out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Call, Delivery, Finding, Response
from omnichannel.channels.whatsapp import answers, interactive, parse, pieces, render, upload
from omnichannel.channels.whatsapp.people import KIND, user_address
from omnichannel.channels.whatsapp.settings import (
    ACCOUNT_CURE,
    NUMBER_ID_CURE,
    PORTFOLIO_CURE,
    TOKEN_CURE,
    digits_of,
    menu_of,
)
from omnichannel.channels.whatsapp.window import WINDOW
from omnichannel.errors import Unsupported
from omnichannel.model import Address, Attachment, Capabilities, Draft, Event, Party, Receipt, TextLimit
from omnichannel.platforms.meta import settings
from omnichannel.platforms.meta.account import MetaChannel

__all__ = ["WhatsApp"]


class WhatsApp(MetaChannel):
    """One number on WhatsApp.

    `number` is what customers write to (+31612345678), `phone_number_id` and `waba_id` are Meta's ids of it and of
    its WhatsApp Business Account; `token` is a system user's; `app_secret` is the app's, or several while it is
    being changed; `verify_token` is a word of your own that Meta repeats when the webhook is set up.
    `portfolio_id` is for businesses with several accounts: user ids hold for the whole portfolio, so give it to each
    number of it. `menu` stands on the button that opens a list. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    resends: ClassVar[str] = (
        "WhatsApp brings what it could not deliver again for up to seven days by itself; "
        "what it gave up is lost."
    )
    token_cure: ClassVar[str] = TOKEN_CURE
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=pieces.LONGEST_TEXT, measure="chars", splits=True),
        public=True,
        parts_in=frozenset({"text", "attachment", "location", "contact", "choice", "reference", "system"}),
        parts_out=frozenset({"text", "attachment", "location", "contact", "choice", "template"}),
        public_parts_out=frozenset({"text", "attachment", "template"}),
        media=upload.MEDIA,
        max_bytes=upload.MOST_BYTES,
        max_attachments=render.MOST_ATTACHMENTS,
        max_options=interactive.MOST_OPTIONS,
        window=WINDOW,
        echoes=True,
        statuses=frozenset({"sent", "delivered", "read", "failed"}),
        edits=True,
        deletes=True,
        reactions=True,
        signals=frozenset({"typing", "seen"}),
        answers=True,
        continues=True,
        fetches=True,
        signs_body=True,
        reaches=frozenset({"phone"}),
    )

    # What `bare` leaves as it is: an instance that knows no number and no secret.
    number_id: str = ""
    waba_id: str = ""
    digits: str = ""
    scope: str = ""
    menu: str = "Choose"

    def __init__(
        self,
        name: str,
        *,
        number: str,
        phone_number_id: str,
        waba_id: str,
        token: str | SecretStr,
        app_secret: str | SecretStr | Iterable[str | SecretStr],
        verify_token: str | SecretStr,
        portfolio_id: str = "",
        menu: str = "Choose",
        host: str = settings.HOST,
        version: str = settings.VERSION,
    ) -> None:
        super().__init__(
            name,
            token=token,
            app_secret=app_secret,
            verify_token=verify_token,
            host=host,
            version=version,
        )
        self.digits = digits_of(number)
        self.number_id = settings.id_of(
            phone_number_id, "phone_number_id", "the id of a number", NUMBER_ID_CURE
        )
        self.waba_id = settings.id_of(waba_id, "waba_id", "the id of an account", ACCOUNT_CURE)
        self.scope = (
            settings.id_of(portfolio_id, "portfolio_id", "the id of a portfolio", PORTFOLIO_CURE)
            if portfolio_id
            else self.waba_id
        )
        self.menu = menu_of(menu)

    @property
    def own_address(self) -> Address | None:
        """The number itself."""
        return user_address(self.scope, self.number_id) if self.number_id else None

    @property
    def number_edge(self) -> str:
        """Where this number is asked and told in the Graph API."""
        return f"{self.edge}/{self.number_id or 'PHONE_NUMBER_ID'}"

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every item of every change, in order. Raises Malformed if it is not JSON or no webhook at all."""
        return parse.events(delivery, parse.Ours(self.number_id, self.scope))

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each message, before a file its upload. Raises Unsupported, TooLarge or WindowClosed."""
        return render.calls(draft, edge=self.number_edge, scope=self.scope, menu=self.menu)

    def read(self, call: Call, response: Response) -> Receipt:
        """Sent with the `wamid` that statuses, reactions and answers will name."""
        return answers.receipt(call, response)

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:  # noqa: ARG002 - the message names them
        """`seen` or `typing`, beside the message `heard`; raises Unsupported without it. Typing marks it as seen."""
        return render.sign(self.number_edge, sign, heard)

    def start_link(self, token: str) -> str:
        """A link that opens a chat with this number, with the token as the message that is still to be sent."""
        if not self.digits:
            raise Unsupported("a link needs a number to write to; configure the account with number")
        return f"https://wa.me/{self.digits}?text={quote(token, safe='')}"

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of what somebody sent, by its media id (7 days), else its address (5 minutes).

        Raises Unsupported if it has neither, FetchError if it cannot be had or is not at WhatsApp.
        """
        from omnichannel.channels.whatsapp.link.files import download

        return await download(self, attachment)

    async def check(self) -> Sequence[Finding]:
        """Ask Meta about the token, the number and its quality, the subscription, and the templates."""
        from omnichannel.channels.whatsapp.link import findings

        if not self.number_id:
            return (Finding(ok=False, what="no number is configured", cure="Set number and phone_number_id"),)
        return await findings(self)

    async def delivers(self) -> Sequence[Finding]:
        """What Meta says about who hears of this account."""
        from omnichannel.channels.whatsapp.link import delivers

        return await delivers(self) if self.number_id else ()
