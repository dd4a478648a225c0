"""WhatsApp: one telephone number of a business, on Meta's Cloud API. Signed webhooks in, messages out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Self
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response
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
from omnichannel.platforms.meta import admit, settings
from omnichannel.toolbox import secrets_of

__all__ = ["WhatsApp"]


class WhatsApp(Channel):
    """One number on WhatsApp.

    `number` is what customers write to (+31612345678), `phone_number_id` and `waba_id` are Meta's ids of it and of
    its WhatsApp Business Account; `token` is a system user's; `app_secret` is the app's, or several while it is
    being changed; `verify_token` is a word of your own that Meta repeats when the webhook is set up.
    `portfolio_id` is for businesses with several accounts: user ids hold for the whole portfolio, so give it to each
    number of it. `menu` stands on the button that opens a list. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=pieces.LONGEST_TEXT, measure="chars", splits=True),
        public=True,
        parts_in=frozenset({"text", "attachment", "location", "contact", "choice", "reference", "system"}),
        parts_out=frozenset({"text", "attachment", "location", "contact", "choice", "template"}),
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
    host: str = settings.HOST
    version: str = settings.VERSION
    _token: SecretStr | None = None
    _verify_token: SecretStr | None = None
    _secrets: tuple[SecretStr, ...] = ()

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
        super().__init__(name)
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
        self.host, self.version = settings.host_of(host), settings.version_of(version)
        self._token = settings.secret_of(token, "token", TOKEN_CURE)
        self._verify_token = settings.secret_of(verify_token, "verify_token", settings.VERIFY_CURE)
        self._secrets = secrets_of(app_secret, "app_secret", settings.SECRET_CURE)

    @property
    def own_address(self) -> Address | None:
        """The number itself."""
        return user_address(self.scope, self.number_id) if self.number_id else None

    @property
    def edge(self) -> str:
        """Where this number is asked and told in the Graph API."""
        return f"{self.host}/{self.version}/{self.number_id or 'PHONE_NUMBER_ID'}"

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        """Reads files of every number, renders for a number that is still to be named, accepts nothing."""
        channel = cls.__new__(cls)
        Channel.__init__(channel, name)
        return channel

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only the app's secrets: enough to say whether a webhook is genuine."""
        channel = cls.bare("verify")
        channel._secrets = secrets_of(secrets, "app_secret", settings.SECRET_CURE)  # noqa: SLF001 - our own
        return channel

    def admit(self, delivery: Delivery) -> Ack:
        """Answer Meta's challenge, take what is signed; raises Forged for everything else."""
        if delivery.method.upper() == "GET":
            return admit.challenge(delivery, self._verify_token)
        return admit.notification(delivery, self._secrets)

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every item of every change, in order. Raises Malformed if it is not JSON or no webhook at all."""
        return parse.events(delivery, parse.Ours(self.number_id, self.scope))

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each message, before a file its upload. Raises Unsupported, TooLarge or WindowClosed."""
        return render.calls(draft, edge=self.edge, scope=self.scope, menu=self.menu)

    def read(self, call: Call, response: Response) -> Receipt:
        """Sent with the `wamid` that statuses, reactions and answers will name."""
        return answers.receipt(call, response)

    def credentials(self, call: Call) -> Mapping[str, str]:  # noqa: ARG002 - the same for every call
        """The system user's token, as a header: in an address it would end up in logs."""
        return {} if self._token is None else {"authorization": f"Bearer {self._token.get_secret_value()}"}

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:  # noqa: ARG002 - the message names them
        """`seen` or `typing`, beside the message `heard`; raises Unsupported without it. Typing marks it as seen."""
        return render.sign(self.edge, sign, heard)

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
