"""Contact cards, and the one case in which a card proves something: somebody shared their own number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from omnichannel.channels.telegram.place import address
from omnichannel.model import Address, ContactCard, Evidence, Strength
from omnichannel.toolbox import Json, obj, string

_DIGITS = re.compile(r"[1-9]\d{6,14}", re.ASCII)
_NOT_DIGITS = re.compile(r"\D", re.ASCII)
# No character fits two of its pieces in a row: whatever is written there is looked through once.
_EMAIL = re.compile(r"(?im)^(?:item\d+\.)?EMAIL[^:\n]*:[ \t]*([^\s@]+@(?:[^\s@.]+\.)+[^\s@.]+)[ \t\r]*$")


def card(contact: Json) -> ContactCard:
    """A card as it was shared. A number that is no international one stands beside the name: it is no address."""
    name = " ".join(filter(None, (string(contact, "first_name"), string(contact, "last_name"))))
    written, phone = string(contact, "phone_number"), phone_of(contact)
    if written and phone is None and written != name:
        name = f"{name} ({written})" if name else written
    return ContactCard(name=name, addresses=tuple(dict.fromkeys(_addresses(contact, phone))))


def _addresses(contact: Json, phone: Address | None) -> Iterator[Address]:
    if phone:
        yield phone
    if who := string(contact, "user_id"):
        yield address(who)
    for found in _EMAIL.findall(string(contact, "vcard")):
        yield Address(kind="email", value=found.lower())


def phone_of(contact: Json) -> Address | None:
    """The number as E.164. Numbers of Telegram's own users are international, with or without a +."""
    written = string(contact, "phone_number").strip()
    digits = _NOT_DIGITS.sub("", written)
    known = written.startswith("+") or string(contact, "user_id") != ""
    return Address(kind="phone", value=f"+{digits}") if known and _DIGITS.fullmatch(digits) else None


def own_number(message: Json) -> tuple[Evidence, ...]:
    """Telegram says that this number is the sender's: the card names the very user who sends it.

    Not what is forwarded: the number may have been theirs once. Telegram finds the user of a card by its number,
    so that nobody can put their own id on another's number.
    """
    contact = obj(message, "contact")
    if not contact:
        return ()
    sender = string(obj(message, "from"), "id")
    phone = phone_of(contact)
    forwarded = any(
        obj(message, key) for key in ("forward_origin", "forward_from", "forward_from_chat", "via_bot")
    )
    if phone is None or not sender or string(contact, "user_id") != sender or forwarded:
        return ()
    because = "they shared their own telephone number on Telegram"
    return (Evidence(address=phone, strength=Strength.VERIFIED, method="own_contact", because=because),)


def vcard(name: str, phone: str, others: Iterable[Address]) -> str:
    """What a card says beside name and number (vCard 3.0, RFC 2426): e-mail as such, anything else as a note."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(name)}", f"TEL:{phone}"]
    lines += [
        f"{'EMAIL' if one.kind == 'email' else 'NOTE'}:{_escaped(one.value if one.kind == 'email' else str(one))}"
        for one in others
    ]
    return "\n".join([*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\n", "\\n")
