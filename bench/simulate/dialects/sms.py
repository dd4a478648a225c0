"""Text messages as Twilio carries them: each is posted once, answered or not; statuses go to an address of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import parse_qs, quote, urlencode

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.sms import Sms

_SID, _TOKEN, _OURS = "AC" + "0" * 32, "the token of the simulated account", "+31201234567"
_HOOK = "https://hook.example/sms"


class _Sms(Sms):
    """The channel as it is, but for its wire."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire


class SmsDialect(Dialect):
    """One number."""

    kind: ClassVar[str] = "sms"
    statuses: ClassVar[tuple[str, ...]] = ("sent", "delivered")
    batches: ClassVar[bool] = False
    echo: ClassVar[bool] = False
    proving: ClassVar[bool] = True
    retries: ClassVar[bool] = False
    longest: ClassVar[int] = 900

    def channel(self, sender: Sender) -> Channel:
        channel = _Sms(ACCOUNT, account_sid=_SID, auth_token=_TOKEN, number=_OURS, status_callback=_HOOK)
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        url, form = _HOOK, {"AccountSid": _SID}
        if "status" in item:
            url += f"?call={quote(item['mark'], safe='')}"
            form |= {
                "MessageSid": item["of"],
                "MessageStatus": item["status"],
                "To": item["to"],
                "From": _OURS,
            }
        else:
            form |= {"MessageSid": item["id"], "From": item["from"], "To": _OURS, "Body": item["text"]}
        signed = url + "".join(name + form[name] for name in sorted(form))
        key = b"no token" if forged else _TOKEN.encode()
        mac = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()).decode()
        return Delivery(url=url, headers=(("X-Twilio-Signature", mac),), body=urlencode(form).encode())

    def said(self, call: Call) -> Item:
        form = parse_qs(call.body.decode())
        return {"to": form["To"][0], "text": form["Body"][0], "mark": call.correlator}

    def taken(self, number: str) -> bytes:
        return json.dumps({"sid": number, "status": "queued", "error_code": None}).encode()

    def tells(self, body: bytes, text: str) -> bool:
        return text in parse_qs(body.decode()).get("Body", [])

    def customer(self, number: int) -> str:
        return f"+3161234567{number}"

    def inbound(self, number: int, who: str) -> str:
        return f"SM{number:032x}"

    def outbound(self, number: int, who: str) -> str:
        return f"SM{number + 1_000_000:032x}"
