"""Contact cards: what somebody sends about somebody, and about themselves where we asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from omnichannel.channels.whatsapp.people import phone_of
from omnichannel.model import Address, ContactCard
from omnichannel.toolbox import Json, items, obj, string

_ADDRESS = ("street", "zip", "city", "state", "country")

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FULL_NAME = re.compile(r"^FN(?:;[^:\r\n]*)?:(.+?)\r?$", re.MULTILINE)


def card(contact: dict[str, Json], *, own: bool = False) -> ContactCard:
    """A card with every number and mail address on it. What is no whole number stands in the name, to be read.

    `own` is for what WhatsApp itself made when we asked for it: its numbers are international without saying so.
    """
    found: list[Address] = []
    rest: list[str] = []
    for written, whole in _numbers(contact):
        phone = phone_of(written) if whole or own or written.startswith("+") else None
        found += [phone] if phone else []
        rest += [] if phone else [written]
    found += _mails(contact)
    names = ", ".join(filter(None, (_name(contact), *rest)))
    return ContactCard(name=names, addresses=tuple(dict.fromkeys(found)))


def particulars(contact: dict[str, Json]) -> str:
    """What else stands on a card: where they work and live, their pages, their birthday; a line for each."""
    work = [string(obj(contact, "org"), key) for key in ("company", "department", "title")]
    homes = [[string(one, key) for key in _ADDRESS] for one in items(contact, "addresses")]
    pages = [[string(one, "url")] for one in items(contact, "urls")]
    lines = (", ".join(filter(None, line)) for line in (work, *homes, *pages, [string(contact, "birthday")]))
    return "\n".join(filter(None, lines))


def shared_phone(message: dict[str, Json]) -> Address | None:
    """The sender's own number, which WhatsApp adds when they tap the button that we asked for it with.

    Any other card proves nothing (`origin` is `other` then): it is somebody's, and anybody can send it.
    """
    if string(message, "origin") != "contact_request":
        return None
    numbers = [written for one in items(message, "contacts") for written, _ in _numbers(one)]
    return phone_of(numbers[0]) if numbers else None


def _numbers(contact: Json) -> Iterator[tuple[str, bool]]:
    """Every number, and whether WhatsApp says that it is a whole one."""
    for phone in items(contact, "phones"):
        wa_id = string(phone, "wa_id")
        if wa_id and phone_of(wa_id):
            yield wa_id, True
        elif written := string(phone, "phone") or wa_id:
            yield written, False


def _mails(contact: Json) -> Iterator[Address]:
    for one in items(contact, "emails"):
        written = string(one, "email").strip()
        if _MAIL.fullmatch(written):
            yield Address(kind="email", value=written.lower())


def _name(contact: Json) -> str:
    name = obj(contact, "name")
    whole = string(name, "formatted_name") or " ".join(
        filter(None, (string(name, "first_name"), string(name, "last_name")))
    )
    in_vcard = _FULL_NAME.search(string(contact, "vcard"))
    return whole or (in_vcard[1].strip() if in_vcard else "") or string(obj(contact, "org"), "company")
