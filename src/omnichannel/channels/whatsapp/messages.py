"""One item of `messages[]` or `message_echoes[]`: what somebody said, or what they did to what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from omnichannel.channels.whatsapp.cards import shared_phone
from omnichannel.channels.whatsapp.envelope import Envelope, need_person
from omnichannel.channels.whatsapp.parts import errors_text, kind_of, parts_of, words_of
from omnichannel.channels.whatsapp.people import (
    Person,
    is_user_id,
    phone_of,
    same,
    same_all,
)
from omnichannel.channels.whatsapp.requests import DEFINITION
from omnichannel.errors import Malformed
from omnichannel.model import Address, Event, System
from omnichannel.toolbox import Json, is_object, need, obj, string

Body = dict[str, Json]

# Before it stands the person's own name, which may say anything: only the end of the sentence is WhatsApp's.
_FROM_TO = re.compile(r".*changed from (\S+) to (\S+?)\.?\s*", re.DOTALL)


def message(envelope: Envelope, data: Body) -> Event:
    """What a customer said or did."""
    somebody = envelope.person(data, "from") or _told_about(envelope, obj(data, "system"))
    return _event(envelope, data, need_person(somebody), ours=False)


def _told_about(envelope: Envelope, body: Body) -> Person | None:
    """Whom a system message from nobody is about, as it is when an id changed: who they were, else who they are."""
    if not body:
        return None
    customer = envelope.of_ids(string(body, "customer"), "", "")
    return customer or _former(envelope, body) or _changed_to(envelope, body)


def echo(envelope: Envelope, data: Body) -> Event:
    """What we said or did elsewhere: in the WhatsApp Business app, or with another program."""
    data = _unpacked(data)
    who = "from" if envelope.is_own(string(data, "to")) else "to"
    return _event(envelope, data, need_person(envelope.person(data, who)), ours=True)


def of_thread(envelope: Envelope, data: Body, thread: Json) -> Event:
    """One message of a thread of the past; `thread` names the customer, whoever speaks."""
    context = obj(thread, "context")
    somebody = need_person(
        envelope.named(
            string(context, "wa_id") or string(thread, "id"),
            string(context, "user_id"),
            string(context, "parent_user_id"),
        )
    )
    ours = envelope.is_own(string(data, "from")) or obj(data, "history_context").get("from_me") is True
    return _event(envelope, data, somebody, ours=ours)


def file_of_the_past(envelope: Envelope, data: Body) -> Event:
    """The file of a message that came without it before, in a webhook of its own."""
    envelope = envelope._replace(past=True)
    ours = envelope.is_own(string(data, "from"))
    somebody = need_person(envelope.person(data, "to" if ours else "from"))
    mid, parts = string(data, "id"), parts_of(data)
    if not mid or not any(part.type == "attachment" for part in parts):
        return _event(envelope, data, somebody, ours=ours)
    return envelope.updated(
        "edited", data, somebody, ours=ours, external_id=f"{mid}:file", targets=(mid,), parts=parts
    )


def _unpacked(data: Body) -> Body:
    """An echo in stand-by carries the send request of whoever spoke, one level deeper, and nobody beside it.

    What stands there under the same name is what the request names: the template as it was approved ("Standby
    webhooks", 4 August 2026).
    """
    inner = data.get("message")
    if not is_object(inner):
        return data
    outer = {key: value for key, value in data.items() if key != "message"}
    kind = string(inner, "type")
    found: Body = {**inner, **outer, kind: inner.get(kind), DEFINITION: outer.get(kind)}
    if recipient := string(inner, "recipient"):
        found.setdefault("to_user_id", recipient)
    if string(inner, "recipient_type") == "group":
        found.setdefault("group_id", string(inner, "to"))
    return found


def _event(envelope: Envelope, data: Body, somebody: Person, *, ours: bool) -> Event:
    kind = kind_of(data)
    if kind in _DOINGS:
        return _DOINGS[kind](envelope, data, somebody, ours)
    if kind == "system" and not ours:
        return _system(envelope, data, somebody)
    own_phone = None if ours or "origin" not in data else shared_phone(data)
    return envelope.received(
        data,
        somebody,
        parts_of(data),
        ours=ours,
        evidence=(same(own_phone),) if own_phone else (),
        said=string(obj(data, "text"), "body") if "text" in data else "",
    )


def _reaction(envelope: Envelope, data: Body, somebody: Person, ours: bool) -> Event:
    """A reaction; without an emoji it is taken back."""
    body = obj(data, "reaction")
    emoji = string(body, "emoji")
    targets = (need(body, "message_id"),)
    return envelope.updated(
        "reaction", data, somebody, ours=ours, targets=targets, reaction=emoji, removed=not emoji
    )


def _edit(envelope: Envelope, data: Body, somebody: Person, ours: bool) -> Event:
    """A text or caption says something else now."""
    body = obj(data, "edit")
    targets, said = (need(body, "original_message_id"),), obj(body, "message")
    parts = words_of(said)
    if not parts and kind_of(said) in ("", "text"):  # a caption may be taken away, a text not
        raise Malformed("edit does not say what the message says now")
    return envelope.updated("edited", data, somebody, ours=ours, targets=targets, parts=parts)


def _revoke(envelope: Envelope, data: Body, somebody: Person, ours: bool) -> Event:
    """A message was taken back for everybody."""
    targets = (need(obj(data, "revoke"), "original_message_id"),)
    return envelope.updated("deleted", data, somebody, ours=ours, targets=targets)


_DOINGS: dict[str, Callable[[Envelope, Body, Person, bool], Event]] = {
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
}


def _system(envelope: Envelope, data: Body, before: Person) -> Event:
    """Something about the person: another number, another id, another telephone. Who they were proves who they are.

    The sender is who they are now, so that answers go there.
    """
    body = obj(data, "system")
    what = string(body, "type") or "system"
    part = System(what=what, text=string(body, "body") or errors_text(data))
    new = _changed_to(envelope, body)
    if not what.startswith(("user_changed", "customer_changed")) or new is None:
        return envelope.received(data, before, (part,), happened=True)
    # The profile beside it may be of who they are already: only the message itself says who they were.
    ids = (string(data, key) for key in ("from", "from_user_id", "from_parent_user_id"))
    old = (envelope.of_ids(*ids), _former(envelope, body))
    return envelope.received(data, _moved(new, old, before.party.name), (part,), happened=True)


def _changed_to(envelope: Envelope, body: Body) -> Person | None:
    """Who they are now."""
    wa_id = string(body, "wa_id") or string(body, "new_wa_id") or _in_words(body, 2)
    return envelope.of_ids(wa_id, string(body, "user_id"), string(body, "parent_user_id"))


def _former(envelope: Envelope, body: Body) -> Person | None:
    """Who they were, where the event says so; older ones only say it in words."""
    ids = string(body, "previous_user_id"), string(body, "previous_parent_user_id")
    return envelope.of_ids(_in_words(body, 1), *ids)


def _in_words(body: Body, which: int) -> str:
    """The old (1) or new (2) number or id out of the sentence; empty if it is neither."""
    words = _FROM_TO.fullmatch(string(body, "body"))
    found = words[which] if words else ""
    return found if is_user_id(found) or phone_of(found) else ""


def _moved(new: Person, old: Iterable[Person | None], name: str) -> Person:
    """The person under the new address, proven to be the one under each of the old ones."""
    known = tuple(_all(new))
    former = [address for one in old if one for address in _all(one) if address not in known]
    party = new.party.model_copy(update={"name": name})
    return Person(party=party, evidence=(*new.evidence, *same_all(former, party.address, before=True)))


def _all(somebody: Person) -> Iterator[Address]:
    """Every address that somebody is known by."""
    yield somebody.party.address
    yield from (evidence.address for evidence in somebody.evidence)


def user_id_update(envelope: Envelope, data: Body) -> Event:
    """Somebody's user id was replaced, as it is when their number changes."""
    ids, parents = obj(data, "user_id"), obj(data, "parent_user_id")
    current, previous = need(ids, "current"), need(ids, "previous")
    wa_id = string(data, "wa_id")
    new = need_person(envelope.of_ids(wa_id, current, string(parents, "current")))
    old = envelope.of_ids("", previous, string(parents, "previous"))
    named = need_person(envelope.named(wa_id, current, ""))
    part = System(what="user_changed_user_id", text=string(data, "detail"))
    return envelope.received(data, _moved(new, (old,), named.party.name), (part,), happened=True)
