"""Letters keep the contract of all channels."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
from pathlib import Path
from tempfile import gettempdir

from omnichannel.channel import Call, Delivery
from omnichannel.channels.letter import Letter
from omnichannel.testing import ChannelContract, LinkContract


class TestLetter(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Letter:
        return Letter(
            "post",
            address="Fietsenwinkel De Ketting B.V., Kerkstraat 1, 3511 LX Utrecht",
            letterhead="030 123 45 67, www.deketting.example",
            language="nl",
            zone="Europe/Amsterdam",
            outbox=gettempdir(),
            pingen_key=secrets,
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """`Signature`: HMAC-SHA256 of the body in hexadecimal (Pingen's own SDK, incoming_webhook.py)."""
        mac = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        return delivery.model_copy(update={"headers": (*delivery.headers, ("signature", mac))})

    def said(self, call: Call) -> str:
        """What stands between window and foot, as poppler reads it off the pages."""
        text = ""
        pages = int(_tool("pdfinfo", "-", given=call.body).partition("Pages:")[2].split()[0])
        for page in range(1, pages + 1):
            top = 300 if page == 1 else 60
            where = f"-f {page} -l {page} -x 0 -y {top} -W 600 -H {765 - top}".split()
            text += _tool("pdftotext", *where, "-", "-", given=call.body)
        return text.replace("\f", "").strip()


class TestLetterLink(LinkContract):
    kind = "letter"


def _tool(name: str, *arguments: str, given: bytes) -> str:
    done = subprocess.run([name, *arguments], input=given, capture_output=True, check=True)
    return done.stdout.decode()
