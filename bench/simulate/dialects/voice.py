"""Telephone calls as Twilio tells of them: each is posted once, answered or not, and what becomes of ours is, too."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import parse_qs, quote, urlencode
from xml.etree import ElementTree as ET

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from omnichannel.channel import Call, Channel, Delivery, Sender
from omnichannel.channels.voice import Voice

_SID, _TOKEN, _OURS = "AC" + "0" * 32, "the token of the simulated account", "+31201234567"
_HOOK = "https://hook.example/voice"
_STATES = {"sent": {"CallStatus": "ringing"}, "delivered": {"CallStatus": "completed", "CallDuration": "7"}}


class _Voice(Voice):
    """The channel as it is, but for its wire."""

    wire: Sender | None = None

    def sender(self) -> Sender | None:
        return self.wire


class VoiceDialect(Dialect):
    """One number."""

    kind: ClassVar[str] = "voice"
    statuses: ClassVar[tuple[str, ...]] = ("sent", "delivered")
    batches: ClassVar[bool] = False
    echo: ClassVar[bool] = False
    proving: ClassVar[bool] = True
    retries: ClassVar[bool] = False

    def channel(self, sender: Sender) -> Channel:
        channel = _Voice(
            ACCOUNT, account_sid=_SID, auth_token=_TOKEN, number=_OURS, status_callback=_HOOK,
            trust_attestation=True,
        )  # fmt: skip
        channel.wire = sender
        return channel

    def delivery(self, items: Sequence[Item], *, forged: bool = False, times: int = 0) -> Delivery:
        (item,) = items
        url, form = _HOOK, {"AccountSid": _SID}
        if "status" in item:
            url += f"?call={quote(item['mark'], safe='')}"
            form |= {"CallSid": item["of"], "Direction": "outbound-api", "From": _OURS, "To": item["to"]}
            form |= {"CallbackSource": "call-progress-events", "Timestamp": _moment(item["at"])}
            form |= _STATES[item["status"]]
        else:
            form |= {"CallSid": item["id"], "Direction": "inbound", "From": item["from"], "To": _OURS}
            form |= {"CallStatus": "ringing", "ForwardedFrom": item["text"].rpartition(" ")[2]}
            form |= {"StirVerstat": "TN-Validation-Passed-A"}  # so that an operator may decide who it is
        signed = url + "".join(name + form[name] for name in sorted(form))
        key = b"no token" if forged else _TOKEN.encode()
        mac = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()).decode()
        return Delivery(url=url, headers=(("X-Twilio-Signature", mac),), body=urlencode(form).encode())

    def said(self, call: Call) -> Item:
        form = parse_qs(call.body.decode())
        words = ET.fromstring(form["Twiml"][0]).findtext("Say")
        return {"to": form["To"][0], "text": words, "mark": call.correlator}

    def taken(self, number: str) -> bytes:
        return json.dumps({"sid": number, "status": "queued", "error_code": None}).encode()

    def tells(self, body: bytes, text: str) -> bool:
        asked_by = parse_qs(body.decode()).get("ForwardedFrom", ["nobody"])[0]
        return text.endswith(f"forwarded from {asked_by}")

    def words(self, number: int, text: str, who: str) -> str:
        """A telephone that rings says nothing; whose it was before it came to us tells one call from another."""
        return f"Incoming call, ringing, forwarded from +31101{number:06d}"

    def customer(self, number: int) -> str:
        return f"+3161234567{number}"

    def inbound(self, number: int, who: str) -> str:
        return f"CA{number:032x}"

    def outbound(self, number: int, who: str) -> str:
        return f"CA{number + 1_000_000:032x}"

    def in_two_pieces(self, text: str) -> str:
        """One call says all of it, or none."""
        return text


def _moment(milliseconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(milliseconds / 1000, UTC))
