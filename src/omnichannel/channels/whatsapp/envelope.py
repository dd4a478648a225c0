"""What everything in one `value` of a webhook has in common: whose account, which contacts, read-only or not."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from omnichannel.channels.whatsapp.people import (
    Contacts,
    Person,
    name_of,
    party_of,
    person,
    phone_of,
)
from omnichannel.errors import Malformed
from omnichannel.model import Direction, Evidence, Ignored, Part, Party, Received, Updated
from omnichannel.toolbox import Json, find_tokens, from_epoch, items, number, obj, string

_OWN_ID = re.compile(r"[a-z_]+:[0-9a-f]{32}")

PARENT_KEYS = ("parent_recipient_user_id", "recipient_parent_user_id", "parent_user_id")
"""Meta's documentation of statuses spells it in three ways."""


class Envelope(NamedTuple):
    """One `value`, addressed. `number` is the id of our phone number, `display` the number itself in digits.

    `scope` is what user ids hold for: the portfolio, or the WhatsApp Business Account where that is not known.
    `past` is true for what was said before (nobody answers it), `app` who of ours spoke in an echo.
    """

    scope: str
    number: str
    display: str
    contacts: Contacts
    past: bool = False
    app: str = ""

    @property
    def own(self) -> Party:
        """Our phone number itself."""
        return party_of(self.scope, self.number or self.display or "unknown")

    @property
    def us(self) -> tuple[Party, ...]:
        """Our phone number, where a file says which."""
        return (self.own,) if self.number or self.display else ()

    def is_own(self, written: str) -> bool:
        """Whether that is our own number, however it is written."""
        phone = phone_of(written)
        digits = phone.value.removeprefix("+") if phone else written
        return bool(written) and (written == self.number or digits == self.display)

    def person(self, data: Json, who: str) -> Person | None:
        """Whoever stands under a key (`from`, `to`), with the ids beside it and in `contacts[]`."""
        return self.named(
            string(data, who), string(data, f"{who}_user_id"), string(data, f"{who}_parent_user_id")
        )

    def named(self, written: str, user_id: str, parent: str) -> Person | None:
        """Somebody with these ids, and with what `contacts[]` says of them; None for nobody."""
        contact = self.contacts.of(written, user_id)
        return person(
            self.scope,
            written or string(contact, "wa_id"),
            user_id or string(contact, "user_id"),
            parent or string(contact, "parent_user_id"),
            name_of(contact),
        )

    def of_ids(self, written: str, user_id: str, parent: str) -> Person | None:
        """Somebody with these ids, whatever `contacts[]` says; None for nobody."""
        return person(self.scope, written, user_id, parent)

    def received(
        self,
        data: dict[str, Json],
        somebody: Person,
        parts: tuple[Part, ...],
        *,
        ours: bool = False,
        evidence: tuple[Evidence, ...] = (),
        said: str = "",
        happened: bool = False,
    ) -> Received:
        """A message from somebody, or one of `ours` to them. `said` is where a token of ours may be in.

        `happened` is for what nobody said: no program answers it, and it does not count as being written to.
        """
        group, context = string(data, "group_id"), obj(data, "context")
        reply_to = string(context, "id") or string(context, "message_id") if context else ""
        notes = _notes(context) if context else ()
        who = somebody.party
        return Received(
            external_id=string(data, "id") or own_id("message", data),
            direction=Direction.OUTBOUND if ours else Direction.INBOUND,
            sender=self.own if ours else who,
            recipients=(who,) if ours else self.us,
            sent_at=moment(data),
            parts=parts,
            thread=group or who.address.value,
            reply_to=reply_to,
            # Others read along in a group: it is public among its members.
            public=bool(group),
            evidence=() if ours else (*somebody.evidence, *evidence),
            # Our own words may carry a token to the customer: only from their side does it prove anything.
            # Nor does what is handed on from somebody else.
            tokens=() if ours or self.past or notes else find_tokens(said),
            correlator=string(data, "biz_opaque_callback_data") if ours else "",
            app=self.app if ours else "",
            automatic="auto_generated" if happened else None,
            readonly=self.past,
            notes=notes,
        )

    def updated(
        self,
        kind: str,
        data: dict[str, Json],
        somebody: Person | None,
        *,
        external_id: str = "",
        ours: bool = False,
        targets: tuple[str, ...] = (),
        correlator: str = "",
        status: Literal["sent", "delivered", "read", "failed"] | None = None,
        parts: tuple[Part, ...] = (),
        reaction: str = "",
        removed: bool = False,
        reason: str = "",
    ) -> Updated:
        """Something that happened to an earlier message or to the conversation, done by somebody or by us."""
        party = somebody.party if somebody else None
        # What happens to a message of ours on its way is nobody's doing: it only has a recipient.
        told = status is not None or ours
        return Updated(
            kind=kind,
            external_id=external_id or string(data, "id") or own_id(kind, data),
            targets=targets,
            correlator=correlator,
            sender=self.own if ours else None if told else party,
            recipients=((party,) if party else ()) if told else self.us,
            sent_at=moment(data),
            thread=string(data, "group_id") or (party.address.value if party else ""),
            status=status,
            parts=parts,
            reaction=reaction,
            removed=removed,
            reason=reason,
        )

    def ignored(self, reason: str, kind: str, data: dict[str, Json]) -> Ignored:
        """Something understood that says nothing about a conversation."""
        return Ignored(
            reason=reason[:500], kind=kind[:100], external_id=own_id("ignored", data), sent_at=moment(data)
        )


def envelope_of(value: Json, scope: str, *, past: bool = False, app: str = "") -> Envelope:
    """What the items of a `value` share."""
    metadata = obj(value, "metadata")
    return Envelope(
        scope=scope,
        number=string(metadata, "phone_number_id"),
        display=_digits(string(metadata, "display_phone_number")),
        contacts=Contacts(items(value, "contacts")),
        past=past,
        app=app,
    )


@lru_cache(16)
def _digits(written: str) -> str:
    """One of our own numbers as it is displayed, in digits; as it is written, if it is none."""
    phone = phone_of(written)
    return (phone.value if phone else written).removeprefix("+")


def moment(data: Json) -> datetime | None:
    """When it was: seconds as text, as a rule."""
    return from_epoch(number(data, "timestamp"))


def need_person(found: Person | None) -> Person:
    """Somebody; raises Malformed for nobody."""
    if found is None:
        raise Malformed("it names nobody: neither a number nor a user id")
    return found


def parent_of(data: Json) -> str:
    """The parent id of whom a status is about."""
    return next((string(data, key) for key in PARENT_KEYS if string(data, key)), "")


def _notes(context: Json) -> tuple[str, ...]:
    """What a message says about itself beside its words."""
    flags = ("forwarded", "frequently_forwarded")
    return tuple(flag for flag in flags if isinstance(context, dict) and context.get(flag) is True)


def own_id(kind: str, data: Json) -> str:
    """An id for what the platform gives none: the same under redelivery, different for anything else."""
    return f"{kind}:{hashlib.sha256(compact(data).encode()).hexdigest()[:32]}"


def is_own_id(external_id: str) -> bool:
    """Whether the id was made here (`own_id`), so that the platform does not know it."""
    return _OWN_ID.fullmatch(external_id) is not None


def compact(value: Json) -> str:
    """JSON in its one canonical spelling: keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
