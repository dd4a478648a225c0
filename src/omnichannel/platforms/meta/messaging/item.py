"""One item of a webhook, with everything about it that is the same for all kinds: who, where, when, and its id."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from omnichannel.model import Address, Direction, Evidence, Ignored, Part, Party, Received, Updated
from omnichannel.toolbox import Json, from_epoch, from_iso, number, obj, string

USER_REF = "user_ref:"
"""Before the id of somebody known only by the checkbox or chat plug-in; a PSID is digits and never has it."""

_OWN_ID = re.compile(r"[a-z_]+:[0-9a-f]{32}")


class Item(NamedTuple):
    """One item of `messaging[]`, `standby[]` or a dashboard sample, addressed.

    `home` is the Page or Instagram account: it scopes every id. `customer` is the scoped id of whoever is not
    `home`, and empty where the item names nobody. `ours` is true when `home` speaks.
    """

    kind: str
    data: dict[str, Json]
    home: str
    customer: str
    ours: bool
    standby: bool
    sent_at: datetime | None

    def party(self, who: str) -> Party | None:
        """That person or `home` itself as a party; None for nobody."""
        return party(self.kind, self.home, who) if who else None

    def _sides(self) -> tuple[Party | None, Party | None]:
        """Who speaks, and to whom."""
        customer, home = self.party(self.customer), self.party(self.home)
        return (home, customer) if self.ours else (customer, home)

    def own_id(self, kind: str) -> str:
        """An id for what the platform gives none: the same under redelivery, different for anything else."""
        return f"{kind}:{hashlib.sha256(compact(self.data).encode()).hexdigest()[:32]}"

    def received(
        self,
        external_id: str,
        parts: tuple[Part, ...],
        *,
        reply_to: str = "",
        tokens: tuple[str, ...] = (),
        correlator: str = "",
        app: str = "",
        evidence: tuple[Evidence, ...] = (),
    ) -> Received:
        """A message from the customer, or an echo of what `home` said. Raises ValueError if from nobody."""
        sender, recipient = self._sides()
        if sender is None or not self.customer:
            raise ValueError("sender is missing")
        return Received(
            external_id=external_id,
            direction=Direction.OUTBOUND if self.ours else Direction.INBOUND,
            sender=sender,
            recipients=(recipient,) if recipient else (),
            sent_at=self.sent_at,
            parts=parts,
            thread=self.customer,
            reply_to=reply_to,
            tokens=tokens,
            correlator=correlator,
            app=app,
            evidence=evidence,
            readonly=self.standby,
        )

    def updated(
        self,
        kind: str,
        *,
        targets: tuple[str, ...] = (),
        until: datetime | None = None,
        status: Literal["delivered", "read"] | None = None,
        parts: tuple[Part, ...] = (),
        reaction: str = "",
        removed: bool = False,
        tokens: tuple[str, ...] = (),
        reason: str = "",
    ) -> Updated:
        """Something that happened to earlier messages or to the conversation."""
        sender, recipient = self._sides()
        return Updated(
            kind=kind,
            external_id=self.own_id(kind),
            targets=targets,
            until=until,
            sender=sender,
            recipients=(recipient,) if recipient else (),
            sent_at=self.sent_at,
            thread=self.customer,
            status=status,
            parts=parts,
            reaction=reaction,
            removed=removed,
            tokens=tokens,
            reason=reason,
        )

    def ignored(self, reason: str, kind: str = "") -> Ignored:
        """Something understood that says nothing about a conversation."""
        return Ignored(
            reason=reason,
            kind=kind,
            external_id=self.own_id(kind or "ignored"),
            sender=self.party(self.customer),
            sent_at=self.sent_at,
            thread=self.customer,
        )


def item_of(
    kind: str, data: dict[str, Json], home: str, *, standby: bool = False, entry_time: float | None = None
) -> Item:
    """Address an item. `home` is empty only when a file holds an item without its entry."""
    sender, recipient = _who(obj(data, "sender")), _who(obj(data, "recipient"))
    echo = obj(data, "message").get("is_echo") is True
    home = home or (sender if echo else recipient)
    # Meta's own samples have echoes whose sender is not the Page: whoever is not the Page is the customer.
    spoken_by_page = sender == home != recipient or (echo and recipient != home)
    customer = recipient if spoken_by_page else sender
    return Item(
        kind=kind,
        data=data,
        home=home,
        customer=customer or _who(obj(data, "optin")),
        ours=echo or spoken_by_page,
        standby=standby,
        sent_at=_moment(data) or from_epoch(entry_time),
    )


def _moment(data: dict[str, Json]) -> datetime | None:
    """Milliseconds, seconds in the dashboard's samples; some gateways put ISO 8601 in their place."""
    return from_epoch(number(data, "timestamp")) or from_iso(string(data, "timestamp"))


def _who(side: dict[str, Json]) -> str:
    """The PSID or Page id of one side, else the reference that a plug-in gave its visitor."""
    known = string(side, "id")
    if known:
        return known
    user_ref = string(side, "user_ref")
    return USER_REF + user_ref if user_ref else ""


def address(kind: str, home: str, who: str) -> Address:
    """The address of a person on that Page or account, or of the Page itself."""
    return Address(kind=kind, scope=home, value=who)


@lru_cache(maxsize=4096)
def party(kind: str, home: str, who: str) -> Party:
    """A person on that Page or account, or the Page itself: frozen, and the same few write again and again."""
    return Party(address=address(kind, home, who))


def is_own_id(external_id: str) -> bool:
    """Whether the id was made here (`Item.own_id`), so that the platform does not know it."""
    return _OWN_ID.fullmatch(external_id) is not None


def compact(value: Json) -> str:
    """JSON in its one canonical spelling: keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
