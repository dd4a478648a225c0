"""One Twilio account behind a channel: its settings, its secrets, and what is the same for texts and calls."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Response
from omnichannel.errors import ConfigError, Unsupported
from omnichannel.model import Address, Attachment, Doubt, Receipt
from omnichannel.platforms.twilio import admit, answers, numbers
from omnichannel.toolbox import host_of, secrets_of

HOST = "https://api.twilio.com"
VERSION = "2010-04-01"
"""The one version of the REST API for messages and calls."""

CONSOLE = "Copy it from the Twilio console: Account > API keys & tokens"
_SID = re.compile(r"AC[0-9A-Za-z]{1,62}", re.ASCII)

NO_CONTENT = Ack(status=204)
"""What Twilio wants to hear to a status (error 12300 otherwise: it would read a body as instructions)."""


class TwilioChannel(Channel):
    """An account of Twilio, without saying yet what it carries."""

    # What `bare` leaves as it is: an instance that knows no account and no secret.
    account_sid: str = ""
    number: str = ""
    status_callback: str = ""
    host: str = HOST
    _tokens: tuple[SecretStr, ...] = ()

    def __init__(
        self,
        name: str,
        *,
        account_sid: str,
        auth_token: str | SecretStr | Iterable[str | SecretStr],
        number: str,
        status_callback: str,
        host: str,
    ) -> None:
        super().__init__(name)
        self.account_sid = sid_of(account_sid)
        self._tokens = secrets_of(auth_token, "auth_token", CONSOLE)
        self.number = number.strip()
        self.status_callback = callback_of(status_callback)
        self.host = host_of(host, "host", f"Leave it out for {HOST}")

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only auth tokens: enough to say whether a webhook is genuine."""
        channel = cls.bare("verify")
        channel._tokens = secrets_of(secrets, "auth_token", CONSOLE)  # noqa: SLF001 - our own
        return channel

    @property
    def edge(self) -> str:
        """The account's address at the REST API."""
        return f"{self.host}/{VERSION}/Accounts/{self.account_sid}"

    @property
    def own_address(self) -> Address | None:
        """Our number, or the name that we send under; None where a messaging service chooses a number."""
        party = numbers.party(self.number, self.kind, self.account_sid) if self.number else None
        return party.address if party else None

    def admit(self, delivery: Delivery) -> Ack:
        """Take what one of the auth tokens signed; raises Forged for everything else."""
        admit.genuine(delivery, self._tokens)
        return NO_CONTENT

    def read(self, call: Call, response: Response) -> Receipt:  # noqa: ARG002 - answers name no call
        """Sent with the `sid` that every status will name."""
        return answers.receipt(response)

    def credentials(self, call: Call) -> Mapping[str, str]:  # noqa: ARG002 - the same for every call
        """Basic authentication with the account and its first auth token."""
        if not self._tokens:
            return {}
        pair = f"{self.account_sid}:{self._tokens[0].get_secret_value()}"
        return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of a picture or recording, with our credentials where it lies at Twilio itself.

        Raises FetchError (a recording is not there for some seconds after the call), Unsupported without a url.
        """
        from omnichannel.platforms.twilio.link import download

        if not attachment.url:
            raise Unsupported(f"{attachment.name or 'this file'} has no address to fetch it from")
        return await download(self, self.host, attachment.url)

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        """Ask Twilio's list of texts or calls. What is not in it may still come: that proves nothing."""
        from omnichannel.platforms.twilio.link.finding import found

        return await found(self, call, doubt)

    def callback(self, correlator: str) -> list[tuple[str, str]]:
        """The form fields that make Twilio tell what becomes of one call, recognisably; none if not wanted."""
        if not self.status_callback:
            return []
        mark = "&" if "?" in self.status_callback else "?"
        return [("StatusCallback", f"{self.status_callback}{mark}call={quote(correlator, safe='')}")]


def sid_of(given: str) -> str:
    """An account's id. Raises ConfigError."""
    sid = given.strip()
    if not _SID.fullmatch(sid):
        problem = "an account's id begins with AC" if sid else "it is missing"
        raise ConfigError("account_sid", problem, CONSOLE)
    return sid


def callback_of(given: str) -> str:
    """The public address of our own webhook, where statuses go. Raises ConfigError."""
    url = given.strip()
    if url and not re.fullmatch(r"https?://[^\s#]+", url):
        cure = "Give the address of this account's webhook, such as https://your.host/hooks/sms"
        raise ConfigError("status_callback", "it is not an https address", cure)
    return url


def refuse_all_but_one_person(public: bool, copies: Sequence[object], kind: str) -> None:
    """What no telephone does. Raises Unsupported."""
    if public:
        raise Unsupported(f"{kind} is private; answer privately (public=False)")
    if copies:
        raise Unsupported(f"{kind} reaches one person; send each their own message")
