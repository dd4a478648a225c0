"""Text messages (SMS and MMS) of one number or messaging service at Twilio: signed webhooks in, REST out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Delivery, Finding, Source
from omnichannel.channels.sms import parse, render
from omnichannel.channels.sms.segments import Segments, segments
from omnichannel.errors import ConfigError, Unsupported
from omnichannel.model import Capabilities, Draft, Event, TextLimit
from omnichannel.platforms.twilio import admit
from omnichannel.platforms.twilio.account import HOST, NO_CONTENT, TwilioChannel
from omnichannel.platforms.twilio.fields import fields_of

__all__ = ["Segments", "Sms", "segments"]

_SILENCE = Ack(status=200, headers=(("content-type", "text/xml"),), body=b"<Response/>")
"""Nothing is to be answered at once: answers go out by themselves."""


class Sms(TwilioChannel):
    """Text messages of one number, or of one messaging service, at Twilio.

    `auth_token` may be several while it is being changed: the first is what calls are made with. `number` is ours
    in E.164, a short code, or a name as sender (which nobody can answer); `messaging_service_sid` lets Twilio
    choose a number. `status_callback` is the public address of this account's webhook: with it Twilio tells what
    becomes of each message, and a doubt settles itself. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = parse.KIND
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT, measure="gsm7", splits=True),
        parts_in=frozenset({"text", "attachment"}),
        parts_out=frozenset({"text", "attachment"}),
        media=("image/*", "audio/*", "video/*", "text/*", "application/*"),
        max_bytes=render.MOST_BYTES,
        max_attachments=render.MOST_FILES,
        statuses=frozenset({"sent", "delivered", "read", "failed"}),
        echoes=True,
        signs_body=True,
        continues=True,
        history=True,
        fetches=True,
        reaches=frozenset({"phone"}),
        finds=True,
        settles=120.0,
    )

    messaging_service_sid: str = ""

    def __init__(
        self,
        name: str,
        *,
        account_sid: str,
        auth_token: str | SecretStr | Iterable[str | SecretStr],
        number: str = "",
        messaging_service_sid: str = "",
        status_callback: str = "",
        host: str = HOST,
    ) -> None:
        super().__init__(
            name,
            account_sid=account_sid,
            auth_token=auth_token,
            number=number,
            status_callback=status_callback,
            host=host,
        )
        self.messaging_service_sid = messaging_service_sid.strip()
        if not (self.number or self.messaging_service_sid):
            cure = "Set number to one of the account's numbers (+31201234567), or messaging_service_sid"
            raise ConfigError("number", "it is missing, and so is messaging_service_sid", cure)

    def admit(self, delivery: Delivery) -> Ack:
        """Take what one of the auth tokens signed; raises Forged for everything else."""
        admit.genuine(delivery, self._tokens)
        return _SILENCE if "Body" in fields_of(delivery) else NO_CONTENT

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """A message, a word that stops us, a status; every message of a file. Raises Malformed for anything else."""
        return parse.events(delivery, self.account_sid, "" if self.messaging_service_sid else self.number)

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each piece of text. Raises Unsupported or TooLarge."""
        service = ("MessagingServiceSid", self.messaging_service_sid)
        return render.calls(draft, self, service if self.messaging_service_sid else ("From", self.number))

    def start_link(self, token: str) -> str:
        """A link that opens a text message to our number with the token in it (RFC 5724)."""
        if not self.number.startswith("+"):
            raise Unsupported(
                "a link needs a number that can be written to; configure the account with number"
            )
        return f"sms:{self.number}?body={quote(token, safe='')}"

    def histories(self, since: datetime) -> Sequence[Source]:
        """What was written to us, and by us, since a moment: two lists, each week by week."""
        from omnichannel.channels.sms.link import histories

        return histories(self, since)

    async def check(self) -> Sequence[Finding]:
        """Ask Twilio whether the credentials are right, and whether messages to the number reach us."""
        from omnichannel.platforms.twilio.link import findings

        if not self.account_sid:
            cure = "Set account_sid, auth_token and number"
            return (Finding(ok=False, what="no account is configured", cure=cure),)
        return await findings(self, "sms_url")

    async def delivers(self) -> Sequence[Finding]:
        """Where Twilio says that messages to the number go."""
        from omnichannel.platforms.twilio.link import delivers

        return await delivers(self, "sms_url")
