"""Mails of three sizes, as customers send them: words and their HTML, a quote, and the larger ones with a picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

US = "help@shop.example"
SIZES = {"5 KB": 0, "50 KB": 33_000, "5 MB": 3_650_000}
"""How many bytes the picture has that makes it so large."""

_MORNING = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)


def mail(size: str, number: int = 0) -> bytes:
    """One mail of a size; each number is another mail of another person."""
    said = (
        f"Dear shop,\n\nmy parcel {number} came, but the blue cup is broken. "
        + "Could you send another one? " * 24
    )
    quote = "\n".join(f"> Line {line} of what we wrote about your order." for line in range(24))
    text = f"{said}\n\nKind regards\nAnna\n\nOn Mon, 5 Jan 2026 at 10:00, The Shop <{US}> wrote:\n{quote}\n"
    made = EmailMessage()
    made["Authentication-Results"] = "mx.shop.example; dmarc=pass header.from=mail.example; spf=pass"
    made["Received"] = "from out.mail.example by mx.shop.example; Mon, 05 Jan 2026 11:00:00 +0000"
    made["From"] = f"Anna Bright <anna{number % 97}@mail.example>"
    made["To"] = f"The Shop <{US}>"
    made["Subject"] = f"Re: Your order {number} is on its way"
    made["Date"] = format_datetime(_MORNING + timedelta(seconds=number))
    made["Message-ID"] = f"<CAJ-{number}@mail.example>"
    made["In-Reply-To"] = f"<order-{number}@shop.example>"
    made["References"] = f"<order-{number}@shop.example>"
    made.set_content(text)
    lines = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    made.add_alternative(f"<html><body>{lines}</body></html>", subtype="html")
    if picture := SIZES[size]:
        made.add_attachment(bytes(range(256)) * (picture // 256), "image", "png", filename="cup.png")
    return made.as_bytes()
