"""What Zammad says: answers of its REST API, as they were fetched.

Shapes are those of Zammad's own documentation (zammad/zammad-documentation, api/ticket/index.rst, articles.rst,
states.rst, tags.rst, api/user.rst, api/intro.rst on `?expand=true`), read in November 2026: lists of tickets,
articles, users, groups and states, expanded or not, and `assets`, in which the same objects stand by number
(zammad/zammad, app/controllers/tickets_controller.rb, `ticket_all`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import ClassVar, Literal

from omnichannel.channel import Channel, Delivery
from omnichannel.errors import UsageError
from omnichannel.imports.people import Contact, evidence, party, recipient
from omnichannel.imports.records import Object, Records, Standing, data_of, is_vouched, opened
from omnichannel.imports.words import of_html, of_mail
from omnichannel.model import Attachment, Direction, Event, Ignored, Part, Party, Received, Strength, Text
from omnichannel.toolbox import file_name, from_iso, is_object, items, need, number, obj, string

KIND = "zammad"

# The states of a new Zammad (states.rst); those of another are in its own `ticket_states`.
_STATES = {
    "1": "new", "2": "open", "3": "pending reminder", "4": "closed", "5": "merged", "6": "removed",
    "7": "pending close",
}  # fmt: skip
_CLOSED = frozenset({"closed", "merged", "removed"})
_CLOSED_TYPES = frozenset({"5", "6", "7"})  # `state_type_id` of closed, merged and removed there
# Types of a new Zammad, as far as its documentation shows them.
_TYPES = {"1": "email", "5": "phone", "10": "note", "11": "web"}
_SENDERS = {"1": "Agent", "2": "Customer", "3": "System"}
_PRIORITIES = {"1": "low", "2": "normal", "3": "high"}
_NOBODY = "1"  # the user that Zammad calls "-"


class Zammad(Records):
    """A Zammad's tickets, articles and users, as JSON in a file or a folder.

    `accounts` maps article types (`email`, `sms`, `telegram personal-message`, …) or groups to accounts here,
    `account` is for all others. `vouch` says that you vouch for its users: each is then proven to be at the address
    that they wrote from (see `Archive`).
    """

    kind: ClassVar[str] = KIND
    message: ClassVar[str] = "article"

    def sort(self, value: Object) -> tuple[str, str] | None:
        """What an object is, by its keys."""
        if "assets" in value and "tags" in value:
            return "tags", string(value, "ticket_id")
        known = string(value, "id")
        if not known:
            return None
        if "ticket_id" in value and "body" in value:
            return "article", known
        if "customer_id" in value and "number" in value:
            return "ticket", known
        if "login" in value or {"firstname", "lastname"} <= value.keys():
            return "user", known
        if "state_type_id" in value:
            return "state", known
        if "email_address_id" in value or "assignment_timeout" in value:
            return "group", known
        return None

    def kept(self, kind: str, value: Object) -> Object:
        """Of people what says who they are, of a ticket with its assets the tags."""
        if kind == "user":
            return _person(value)
        return {"tags": value["tags"]} if kind == "tags" else super().kept(kind, value)

    def gathered(self, value: Object, known: Mapping[str, dict[str, Object]]) -> Object:
        """An article, its ticket, the customer, who wrote it, and the state and group by name."""
        number = string(value, "ticket_id")
        ticket = {**known.get("ticket", {}).get(number, {}), **known.get("tags", {}).get(number, {})}
        users = known.get("user", {})
        writer = string(value, "origin_by_id") or string(value, "created_by_id")
        return {
            "message": value,
            "ticket": ticket,
            "contact": users.get(string(ticket, "customer_id"), {}),
            "writer": users.get(writer, {}),
            "owner": users.get(string(ticket, "owner_id"), {}),
            "state": known.get("state", {}).get(string(ticket, "state_id"), {}),
            "group": known.get("group", {}).get(string(ticket, "group_id"), {}),
        }

    def account_for(self, body: Object) -> str:
        """By the article's type, else by the ticket's group. Raises UsageError."""
        article = obj(body, "message")
        kind = string(article, "type") or _TYPES.get(string(article, "type_id"), "")
        group = string(obj(body, "ticket"), "group") or string(obj(body, "group"), "name")
        found = self.accounts_of.get(kind) or self.accounts_of.get(group) or self.account
        if not found:
            raise UsageError(
                f"Zammad's articles of type {kind!r} (group {group!r}) belong to no account here: say which "
                f"(--inbox {kind or group}=ACCOUNT), or where everything else goes (--account ACCOUNT)"
            )
        return found

    def key(self, body: Object) -> str:
        """The article's number."""
        return f"{KIND} article {string(obj(body, 'message'), 'id')}"


def _person(user: Object) -> Object:
    return {key: user[key] for key in _OF_PERSON if key in user}


_OF_PERSON = ("id", "login", "firstname", "lastname", "email", "phone", "mobile")


def standing(body: Object) -> Standing:
    """How the ticket stood."""
    ticket, state, owner = obj(body, "ticket"), obj(body, "state"), obj(body, "owner")
    name = string(ticket, "state") or string(state, "name") or _STATES.get(string(ticket, "state_id"), "")
    closed = name in _CLOSED or string(state, "state_type_id") in _CLOSED_TYPES
    tags = ticket.get("tags")
    return Standing(
        thread=_thread(body),
        open=bool(name) and not closed,
        assignee="" if string(ticket, "owner_id") == _NOBODY else _name(owner),
        email=string(owner, "email"),
        tags=tuple(one for one in tags if isinstance(one, str)) if isinstance(tags, list) else (),
        priority=_PRIORITIES.get(string(ticket, "priority_id"), ""),
    )


def _thread(body: Object) -> str:
    return f"{KIND} ticket {string(obj(body, 'message'), 'ticket_id')}"


def _name(user: Object) -> str:
    return " ".join(word for word in (string(user, "firstname"), string(user, "lastname")) if word.strip("-"))


def parse(delivery: Delivery, channel: Channel) -> Iterator[Event]:
    """What one article says; what Zammad noted by itself is no message."""
    body = opened(delivery)
    article = obj(body, "message")
    sender = string(article, "sender") or _SENDERS.get(string(article, "sender_id"), "")
    if sender == "System" and article.get("internal") is True:
        yield _noted(body, article, channel, vouched=is_vouched(delivery))
        return
    yield _article(body, article, sender, channel, vouched=is_vouched(delivery))


def _noted(body: Object, article: Object, channel: Channel, *, vouched: bool) -> Ignored:
    """No message; but it names somebody, who may want it erased."""
    strength = Strength.ATTESTED if vouched else Strength.ASSERTED
    about = recipient(party(_contact(body, article, incoming=False), channel), strength)
    known = need(article, "id")
    return Ignored(reason="Zammad noted it by itself", kind="system", external_id=known, sender=about)


def _article(body: Object, article: Object, sender: str, channel: Channel, *, vouched: bool) -> Received:
    incoming = sender == "Customer"
    contact = _contact(body, article, incoming=incoming)
    strength = Strength.ATTESTED if vouched else Strength.ASSERTED
    customer = party(contact, channel)
    ours = Party(address=channel.own_address or customer.address)
    writer = obj(body, "writer")
    return Received(
        external_id=_bracketed(string(article, "message_id")) or f"{KIND} article {need(article, 'id')}",
        direction=_direction(article, incoming=incoming),
        sender=customer if incoming else ours,
        strength=strength,
        method="import",
        recipients=() if incoming else (recipient(customer, strength),),
        sent_at=from_iso(string(article, "created_at")),
        subject=string(article, "subject") or string(obj(body, "ticket"), "title"),
        parts=_parts(article, contact.name if incoming else ""),
        thread=_thread(body),
        reply_to=_bracketed(string(article, "in_reply_to")),
        references=tuple(_bracketed(one) for one in string(article, "references").split()[:50]),
        automatic=_automatic(sender),
        evidence=evidence(contact, customer.address, strength=Strength.ASSERTED) if incoming else (),
        agent="" if incoming else _name(writer) or string(writer, "login"),
    )


def _automatic(sender: str) -> Literal["auto_generated"] | None:
    return "auto_generated" if sender == "System" else None


def _direction(article: Object, *, incoming: bool) -> Direction:
    # What is internal no customer saw; a note of an agent's that is not was shown on Zammad's own pages.
    if article.get("internal") is True:
        return Direction.INTERNAL
    return Direction.INBOUND if incoming else Direction.OUTBOUND


def _contact(body: Object, article: Object, *, incoming: bool) -> Contact:
    """The customer: the ticket's, unless somebody else of theirs wrote (a colleague in copy)."""
    customer, writer = obj(body, "contact"), obj(body, "writer")
    known = string(writer, "id")
    if incoming and known not in ("", _NOBODY, string(customer, "id")):
        customer = writer
    phones = (string(customer, "mobile"), string(customer, "phone"))
    return Contact(
        desk=KIND,
        number=f"user {string(customer, 'id') or string(obj(body, 'ticket'), 'customer_id') or 'unknown'}",
        name=_name(customer),
        emails=tuple(one for one in (string(customer, "email"),) if one),
        phones=tuple(one for one in phones if one),
        there=string(obj(obj(article, "preferences"), "whatsapp"), "from"),
    )


def _bracketed(written: str) -> str:
    bare = written.strip()
    return bare if bare.startswith("<") or not bare else f"<{bare}>"


def _parts(article: Object, name: str) -> tuple[Part, ...]:
    files = [
        _file(one, index, article)
        for index, one in enumerate(items(article, "attachments"))
        if is_object(one)
    ]
    return (*(part for part in _words(article, name) if part.text.strip()), *files)


def _words(article: Object, name: str) -> tuple[Text, ...]:
    text = string(article, "body")
    if string(article, "content_type") == "text/html":
        return of_html(text, name)
    return of_mail(text, name) if string(article, "type") == "email" else (Text(text=text),)


def _file(file: Object, index: int, article: Object) -> Attachment:
    about, data = obj(file, "preferences"), data_of(file)
    size = number(file, "size")
    place = "/".join((string(article, "ticket_id"), string(article, "id"), string(file, "id")))
    return Attachment(
        name=file_name(string(file, "filename")),
        media_type=string(about, "Mime-Type") or string(about, "Content-Type") or "application/octet-stream",
        size=len(data) if data is not None else int(size) if size and size > 0 else None,
        sha256=sha256(data).hexdigest() if data is not None else "",
        external_id=f"/api/v1/ticket_attachment/{place}",
        inline=string(about, "Content-Disposition") == "inline",
        content_id=string(about, "Content-ID"),
        index=index if data is not None else None,
    )
