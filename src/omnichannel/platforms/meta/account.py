"""One account at Meta behind a channel: its secrets, its webhook, and what the Graph API shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Self

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response
from omnichannel.model import Address, Attachment, Receipt
from omnichannel.platforms.meta import admit, answers
from omnichannel.platforms.meta.messaging.item import address
from omnichannel.platforms.meta.settings import HOST, SECRET_CURE, VERIFY_CURE, VERSION, version_of
from omnichannel.toolbox import host_of, secret_of, secrets_of


class MetaChannel(Channel):
    """An account on the Graph API, without saying yet what it carries.

    `token_setting` is what its token is called in the settings; `edge` is where the Graph API is, with its version.
    """

    token_setting: ClassVar[str] = "token"  # noqa: S105 - its name
    token_cure: ClassVar[str]
    secret_cure: ClassVar[str] = SECRET_CURE

    # What `bare` leaves as it is: an instance that knows no account and no secret.
    edge: str = f"{HOST}/{VERSION}"
    _token: SecretStr | None = None
    _verify_token: SecretStr | None = None
    _secrets: tuple[SecretStr, ...] = ()

    def __init__(
        self,
        name: str,
        *,
        token: str | SecretStr,
        app_secret: str | SecretStr | Iterable[str | SecretStr],
        verify_token: str | SecretStr,
        host: str,
        version: str,
        usual: str = HOST,
    ) -> None:
        super().__init__(name)
        place = host_of(host, "host", f"Leave it out for {usual}")
        self.edge = f"{place}/{version_of(version)}"
        self._token = secret_of(token, self.token_setting, self.token_cure)
        self._verify_token = secret_of(verify_token, "verify_token", VERIFY_CURE)
        self._secrets = secrets_of(app_secret, "app_secret", self.secret_cure)

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only the app's secrets: enough to say whether a webhook is genuine."""
        channel = cls.bare("verify")
        channel._secrets = secrets_of(secrets, "app_secret", cls.secret_cure)  # noqa: SLF001 - our own
        return channel

    def admit(self, delivery: Delivery) -> Ack:
        """Answer Meta's challenge, take what is signed; raises Forged for everything else."""
        if delivery.method.upper() == "GET":
            return admit.challenge(delivery, self._verify_token)
        return admit.notification(delivery, self._secrets)

    def read(self, call: Call, response: Response) -> Receipt:  # noqa: ARG002 - answers name no call
        """Sent with the id that echoes, receipts and reactions will name."""
        return answers.receipt(response)

    def credentials(self, call: Call) -> Mapping[str, str]:  # noqa: ARG002 - the same for every call
        """The token, as a header: in an address it would end up in logs."""
        return {} if self._token is None else {"authorization": f"Bearer {self._token.get_secret_value()}"}

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of what somebody sent, from Meta's content hosts. Raises Unsupported or FetchError."""
        from omnichannel.platforms.meta.link.files import download

        return await download(attachment, self.edge)


class PageChannel(MetaChannel):
    """An account that is a Page. `fields` are those of the Page that the app subscribes to."""

    token_setting: ClassVar[str] = "page_token"  # noqa: S105 - its name
    fields: ClassVar[tuple[str, ...]]

    # What `bare` leaves as it is: an instance that knows no Page.
    page_id: str = ""

    @property
    def own_address(self) -> Address | None:
        """The Page itself."""
        return address(self.kind, self.page_id, self.page_id) if self.page_id else None

    async def check(self) -> Sequence[Finding]:
        """Ask Meta whether the token is this Page's, and whether the webhook brings what it should."""
        from omnichannel.platforms.meta.link import page

        if not self.page_id:
            return (Finding(ok=False, what="no Page is configured", cure="Set page_id and page_token"),)
        return await page.findings(self, self.edge, self.page_id, self.fields)

    async def delivers(self) -> Sequence[Finding]:
        """What Meta says the app hears of this Page."""
        from omnichannel.platforms.meta.link import page

        return await page.delivers(self, self.edge, self.page_id, self.fields) if self.page_id else ()
