"""Mails for the tests, written out, and boxes to put them in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

OWN = "support@shop.example"
FROM_LINE = "From x@shop.example Mon Mar  2 09:00:00 2026\n"


def letter(
    number: str,
    sender: str = "Anna <anna@home.example>",
    *,
    to: str = OWN,
    text: str = "Where is my order?",
    date: str = "Mon, 2 Mar 2026 09:00:00 +0000",
    answers: str = "",
    refers: str = "",
    more: str = "Received: from home.example by mx.shop.example; Mon, 2 Mar 2026 09:00:00 +0000\n",
) -> str:
    """One mail; by default it came over the wire."""
    return (
        f"{more}From: {sender}\nTo: {to}\nSubject: Order\nDate: {date}\nMessage-ID: <{number}@home.example>\n"
        + (f"In-Reply-To: <{answers}@home.example>\n" if answers else "")
        + (f"References: <{refers}@home.example>\n" if refers else "")
        + f"\n{text}\n"
    )


def ours(number: str, to: str = "anna@home.example", **more: str) -> str:
    """A mail of ours, as a program files it: no server ever passed it on."""
    return letter(number, f"Support <{OWN}>", to=to, **{"text": "It is under way.", "more": "", **more})


def boxed(mails: Iterable[str], path: Path, *, end: str = "\n") -> Path:
    """An mbox of these mails."""
    path.write_bytes("".join(f"{FROM_LINE}{mail}{end}" for mail in mails).encode())
    return path


def foldered(mails: Iterable[str], path: Path, name: str = ".") -> Path:
    """A Maildir, or a subfolder of one, with these mails in `cur`."""
    cur = path / name / "cur"
    cur.mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(mails):
        (cur / f"17000000{number:02d}.M{number}.shop:2,S").write_bytes(mail.encode())
    return path
