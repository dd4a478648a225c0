"""Every built-in channel as something that carries a token: what arrives when somebody writes, follows a link, types.

Deliveries as the platforms make them, signed with keys of these tests: real `admit`, `parse` and `start_link`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from omnichannel.channel import Batch, Channel, Delivery
from omnichannel.channels.email import Email
from omnichannel.channels.facebook import Facebook
from omnichannel.channels.http import Http
from omnichannel.channels.instagram import Instagram
from omnichannel.channels.letter import Letter
from omnichannel.channels.messenger import Messenger
from omnichannel.channels.sms import Sms
from omnichannel.channels.telegram import Telegram
from omnichannel.channels.voice import Voice
from omnichannel.channels.webchat import WebChat
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.channels.x import X
from omnichannel.inbox import Core
from omnichannel.model import Address, Message
from tests.engines import MORNING, HandClock

KEY = "a key of these tests, long enough for all"
HTTP_KEY = base64.b64encode(KEY.encode()).decode()
_numbers = itertools.count(1)


def _mac(body: bytes, algorithm: str = "sha256") -> hmac.HMAC:
    return hmac.new(KEY.encode(), body, algorithm)


class Carrier(ABC):
    """One account. People are numbers; `links`: it makes links; `proves`: its senders are proven."""

    kind: ClassVar[str]
    links: ClassVar[bool] = True
    proves: ClassVar[bool] = True
    polled: ClassVar[bool] = False

    def __init__(self, name: str = "", clock: HandClock | None = None) -> None:
        self.name = name or self.kind
        self.clock = clock or HandClock()

    @abstractmethod
    def channel(self) -> Channel:
        """The account, as an application sets it up."""

    @abstractmethod
    def address(self, who: int) -> Address:
        """Where somebody writes from."""

    @abstractmethod
    def written(self, who: int, text: str) -> Delivery:
        """Somebody writes."""

    def followed(self, who: int, link: str) -> Delivery:
        """Somebody follows a link and says hello: as a rule it fills in the words."""
        return self.written(who, f"{parameter(link, 'text')} hello")

    def typed(self, who: int, code: str) -> Delivery:
        """Somebody types a code, with a word or two."""
        return self.written(who, f"my code is {code}, hello")

    async def arrives(self, inbox: Core, delivery: Delivery) -> list[Message]:
        """It comes in by its own wire; the messages that are new by it."""
        before = {event.id for event in await inbox.events(most=100_000)}
        if self.polled:
            await inbox.keep(self.name, "wire", Batch(deliveries=(delivery,), cursor=str(next(_numbers))))
        else:
            assert (await inbox.receive(self.name, delivery)).status < 300
        await inbox.read()
        assert await inbox.parked() == []
        new = [event for event in await inbox.events(most=100_000) if event.id not in before]
        return [
            await inbox.conversations.message(event.message)
            for event in new
            if event.what == "message.received"
        ]


def parameter(link: str, name: str) -> str:
    """One parameter of a link."""
    return dict(parse_qsl(urlsplit(link).query))[name]


class ByMail(Carrier):
    kind, polled = "email", True

    def channel(self) -> Channel:
        return Email(
            self.name, address=self._own, imap="imaps://imap.shop.example", smtp="smtps://smtp.shop.example",
            password="a password", trusted=["mx.shop.example"],
        )  # fmt: skip

    @property
    def _own(self) -> str:
        return f"{self.name}@shop.example"

    def address(self, who: int) -> Address:
        return Address(kind="email", value=f"person{who}@home.example")

    def written(self, who: int, text: str, to: str = "", verdict: str = "pass") -> Delivery:
        head = (
            f"Authentication-Results: mx.shop.example; dmarc={verdict} header.from=home.example\r\n"
            f"Received: from a by mx.shop.example; {format_datetime(MORNING.astimezone(UTC))}\r\n"
            f"From: person{who}@home.example\r\nTo: {to or self._own}\r\nSubject: Hi\r\n"
            f"Message-ID: <{next(_numbers)}@home.example>\r\n\r\n{text}\r\n"
        )
        return Delivery(source="poll", body=head.encode(), key=f"1:{next(_numbers)}")

    def followed(self, who: int, link: str) -> Delivery:
        return self.written(who, "hello", to=unquote(link.removeprefix("mailto:")))


class Meta(Carrier):
    """What Meta signs: hexadecimal HMAC-SHA256 over the raw body."""

    def signed(self, body: object) -> Delivery:
        return self.proven(Delivery(url="https://hook.example/", body=json.dumps(body).encode()))

    def proven(self, delivery: Delivery) -> Delivery:
        """The same, signed as it stands."""
        header = ("x-hub-signature-256", f"sha256={_mac(delivery.body).hexdigest()}")
        return delivery.model_copy(update={"headers": (header,)})

    def settings(self) -> dict[str, str]:
        return {"app_secret": KEY, "verify_token": "verify"}


class ByMessenger(Meta):
    kind, page = "messenger", "100000000000001"

    def channel(self) -> Channel:
        return Messenger(self.name, page_id=self.page, page_token="t", **self.settings())

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, scope=self.page, value=f"20000000000000{who}")

    def written(self, who: int, text: str, **more: object) -> Delivery:
        message = {"mid": f"mid.{next(_numbers)}", "text": text, **more}
        item = {
            "sender": {"id": self.address(who).value}, "recipient": {"id": self.page},
            "timestamp": 1772442000000, "message": message,
        }  # fmt: skip
        top = "instagram" if self.kind == "instagram" else "page"
        return self.signed({"object": top, "entry": [{"id": self.page, "time": 1, "messaging": [item]}]})

    def followed(self, who: int, link: str) -> Delivery:
        ref = {"ref": parameter(link, "ref"), "source": "SHORTLINK", "type": "OPEN_THREAD"}
        return self.written(who, "hello", referral=ref)


class ByInstagram(ByMessenger):
    kind, page = "instagram", "17841400000000001"

    def channel(self) -> Channel:
        return Instagram(self.name, account_id=self.page, username="shop", token="t", **self.settings())


class ByFacebook(Meta):
    """Comments, which everybody can read: a question may begin there, and none is brought there."""

    kind, page, links = "facebook", "100000000000002", False

    def channel(self) -> Channel:
        return Facebook(self.name, page_id=self.page, page_token="t", **self.settings())

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, scope=self.page, value=f"30000000000000{who}")

    def written(self, who: int, text: str) -> Delivery:
        value = {
            "item": "comment", "verb": "add", "comment_id": f"700_{next(_numbers)}", "post_id": f"{self.page}_700",
            "parent_id": f"{self.page}_700", "created_time": 1772442000,
            "from": {"id": self.address(who).value, "name": f"Person {who}"}, "message": text,
        }  # fmt: skip
        entry = {"id": self.page, "time": 1, "changes": [{"field": "feed", "value": value}]}
        return self.signed({"object": "page", "entry": [entry]})


class ByWhatsApp(Meta):
    kind, waba = "whatsapp", "102290129340398"

    def channel(self) -> Channel:
        return WhatsApp(
            self.name, number="+15550783881", phone_number_id="106540352242922", waba_id=self.waba, token="t",
            **self.settings(),
        )  # fmt: skip

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, scope=self.waba, value=f"US.134912086553027419{who}")

    def written(self, who: int, text: str) -> Delivery:
        user = self.address(who).value
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
            "contacts": [{"profile": {"name": f"Person {who}"}, "user_id": user}],
            "messages": [{
                "from_user_id": user, "id": f"wamid.{next(_numbers)}", "timestamp": "1772442000",
                "type": "text", "text": {"body": text},
            }],
        }  # fmt: skip
        entry = {"id": self.waba, "changes": [{"value": value, "field": "messages"}]}
        return self.signed({"object": "whatsapp_business_account", "entry": [entry]})


class ByTelegram(Carrier):
    kind = "telegram"

    def channel(self) -> Channel:
        token = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qc"
        return Telegram(self.name, token=token, secret="a-secret", username="ShopBot")

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, value=f"50000000{who}")

    def written(self, who: int, text: str) -> Delivery:
        user = int(self.address(who).value)
        message = {
            "message_id": next(_numbers), "from": {"id": user, "is_bot": False, "first_name": f"Person {who}"},
            "chat": {"id": user, "first_name": f"Person {who}", "type": "private"}, "date": 1772442000, "text": text,
        }  # fmt: skip
        raw = json.dumps({"update_id": next(_numbers), "message": message}).encode()
        return Delivery(headers=(("X-Telegram-Bot-Api-Secret-Token", "a-secret"),), body=raw)

    def followed(self, who: int, link: str) -> Delivery:
        return self.written(who, f"/start {parameter(link, 'start')}")


class Twilio(Carrier):
    """What Twilio signs: base64 of HMAC-SHA1 over the address and the sorted parameters."""

    account, number = "AC00000000000000000000000000000001", "+31201234567"
    numbers = "+3161234567{who}"

    def settings(self) -> dict[str, str]:
        return {"account_sid": self.account, "auth_token": KEY, "number": self.number}

    def address(self, who: int) -> Address:
        return Address(kind="phone", value=self.numbers.format(who=who))

    def signed(self, url: str, form: dict[str, str]) -> Delivery:
        text = url + "".join(name + value for name, value in sorted(form.items()))
        made = base64.b64encode(_mac(text.encode(), "sha1").digest()).decode()
        headers = (("content-type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", made))
        return Delivery(url=url, headers=headers, body=urlencode(form).encode())


class BySms(Twilio):
    kind = "sms"

    def channel(self) -> Channel:
        return Sms(self.name, **self.settings())

    def written(self, who: int, text: str) -> Delivery:
        sid = f"SM{next(_numbers):032x}"
        form = {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": self.account, "From": self.address(who).value,
            "To": self.number, "Body": text, "NumMedia": "0", "SmsStatus": "received",
        }  # fmt: skip
        return self.signed("https://hook.example/sms", form)

    def followed(self, who: int, link: str) -> Delivery:
        return self.written(who, f"{parameter(link, 'body')} hello")


class ByPhone(Twilio):
    """A call that the networks vouch for; whether they do is in `attestation`."""

    kind = "voice"
    numbers = "+3120765432{who}"
    attestation = "TN-Validation-Passed-A"

    def channel(self) -> Channel:
        return Voice(self.name, **self.settings(), trust_attestation=True)

    def written(self, who: int, text: str = "", digits: str = "") -> Delivery:  # noqa: ARG002 - nobody writes
        form = {
            "CallSid": f"CA{next(_numbers):032x}", "AccountSid": self.account, "From": self.address(who).value,
            "To": self.number, "Direction": "inbound", "CallStatus": "in-progress" if digits else "ringing",
            "StirVerstat": self.attestation,
        } | ({"Digits": digits} if digits else {})  # fmt: skip
        return self.signed(f"https://hook.example/voice{'?step=menu' if digits else ''}", form)

    def followed(self, who: int, link: str) -> Delivery:
        return self.written(who, digits=link.partition(",,,")[2])

    def typed(self, who: int, code: str) -> Delivery:
        return self.written(who, digits=code.replace("-", ""))


class ByChat(Carrier):
    kind = "webchat"

    def channel(self) -> Channel:
        site = "https://www.shop.example"
        return WebChat(self.name, secret=KEY, origins=[site], page=f"{site}/help")

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, scope=self.name, value=f"v{'a' * 25}{'abcdefghij'[who]}")

    def written(self, who: int, text: str, **more: str) -> Delivery:
        body = {
            "type": "message", "id": f"0123456789-{next(_numbers)}", "visitor": self.address(who).value,
            "at": self.clock.now().isoformat(), "text": text, **more,
        }  # fmt: skip
        raw = json.dumps(body).encode()
        return Delivery(headers=(("x-omnichannel-signature", f"sha256={_mac(raw).hexdigest()}"),), body=raw)

    def followed(self, who: int, link: str) -> Delivery:
        return self.written(who, "hello", token=link.partition("#chat=")[2])


class ByX(Carrier):
    kind, us = "x", "1111111111111111111"

    def channel(self) -> Channel:
        return X(self.name, user_id=self.us, username="shop", consumer_secret=KEY, token="t")

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, value=f"222222222222222222{who}")

    def written(self, who: int, text: str) -> Delivery:
        user = self.address(who).value
        create = {
            "type": "message_create", "id": f"{next(_numbers)}", "created_timestamp": "1772442000000",
            "message_create": {
                "target": {"recipient_id": self.us}, "sender_id": user, "message_data": {"text": text},
            },
        }  # fmt: skip
        users = {user: {"id": user, "name": f"Person {who}", "screen_name": f"person{who}"}}
        body = {"for_user_id": self.us, "direct_message_events": [create], "users": users}
        raw = json.dumps(body).encode()
        made = base64.b64encode(_mac(raw).digest()).decode()
        return Delivery(headers=(("x-twitter-webhooks-signature", f"sha256={made}"),), body=raw)


class ByLetter(Carrier):
    """Paper, as OCR reads it: whoever signs a letter is never proven."""

    kind, links, proves, polled = "letter", False, False, True

    def channel(self) -> Channel:
        return Letter(
            self.name, address="Fietsenwinkel De Ketting B.V., Kerkstraat 1, 3511 LX Utrecht", outbox="/tmp"
        )  # noqa: S108

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, value=f"a bakker, voorstraat {who}, 3512AB utrecht, NL")

    def written(self, who: int, text: str) -> Delivery:
        rows = ["Mevr. A. Bakker", f"Voorstraat {who}", "3512 AB Utrecht", "Geachte heer, mevrouw,", text]
        places = (20.0, 25.0, 30.0, 60.0, 65.0)
        lines = [{"page": 0, "x": 25, "y": y, "text": row} for y, row in zip(places, rows, strict=True)]
        reading = json.dumps({"by": "ocr", "pages": 1, "cut": False, "lines": lines})
        headers = (("x-omnichannel-name", "scan.pdf"), ("x-omnichannel-reading", reading))
        body = f"%PDF-1.4 scan {next(_numbers)}".encode()
        return Delivery(
            source="poll", method="SCAN", headers=headers, body=body, key=hashlib.sha256(body).hexdigest()
        )


class ByHttp(Carrier):
    """Another system of ours, which the operator vouches for."""

    kind, links = "http", False

    def channel(self) -> Channel:
        return Http(self.name, secret=f"whsec_{HTTP_KEY}", url="https://crm.example/in", trust="attested")

    def address(self, who: int) -> Address:
        return Address(kind=self.kind, scope=self.name, value=f"user-{who}")

    def written(self, who: int, text: str) -> Delivery:
        item = {
            "type": "message.received", "id": f"m{next(_numbers)}", "text": text,
            "sender": {"kind": "http", "value": f"user-{who}"}, "sent_at": MORNING.isoformat(),
        }  # fmt: skip
        raw, moment = json.dumps(item).encode(), str(int(self.clock.now().timestamp()))
        made = base64.b64encode(_mac(f"w.{moment}.".encode() + raw).digest()).decode()
        headers = (
            ("webhook-id", "w"), ("webhook-timestamp", moment), ("webhook-signature", f"v1,{made}"),
        )  # fmt: skip
        return Delivery(headers=headers, body=raw)


CARRIERS: tuple[type[Carrier], ...] = (
    ByMail, ByFacebook, ByHttp, ByInstagram, ByLetter, ByMessenger, BySms, ByTelegram, ByPhone, ByChat, ByWhatsApp, ByX,
)  # fmt: skip


def carriers(*wanted: type[Carrier], clock: HandClock) -> Iterator[Carrier]:
    """Accounts on one clock."""
    return (kind(clock=clock) for kind in wanted)
