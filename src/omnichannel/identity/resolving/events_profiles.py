"""What is known of each customer of a stream, gathered from all their events, for comparing customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from omnichannel.identity.customers import Partition
from omnichannel.identity.likeness.compare import fold, prepare_name, prepare_postal
from omnichannel.identity.naming import is_whole, plain
from omnichannel.identity.policy import Policy
from omnichannel.identity.resolving.events_journal import Stream
from omnichannel.identity.resolving.events_spelling import spelled
from omnichannel.identity.resolving.events_spoken import Spoken

Key = tuple[str, str]
"""The two names that stand for somebody, in the order of the alphabet: (jacobs, sarah)."""

_TELLING = 3  # letters of a name that a mailbox has in common with it


@dataclass(slots=True)
class Profile:
    """One customer. `point` stands for them; `accounts` are kind and scope of what each person has one of.

    `proven`: something that a person has was proven, not a device alone: whoever proves nothing can take any name.
    """

    customer: int
    point: int
    names: Counter[str] = field(default_factory=Counter)
    mailboxes: set[str] = field(default_factory=set)
    accounts: set[tuple[str, str]] = field(default_factory=set)
    homes: set[tuple[str, str]] = field(default_factory=set)
    proven: bool = False

    def key(self) -> Key | None:
        """The whole name that they go by most often, else one that a mailbox spells; None without either."""
        keys: Counter[Key] = Counter()
        for name, count in self.names.items():
            if key := _key(name):
                keys[key] += count
        if keys:
            return max(sorted(keys), key=keys.__getitem__)
        known = sorted(self.names)
        found = {key for box in self.mailboxes if (key := _key(spelled(box.partition("@")[0], known)))}
        return min(found, default=None)

    def spells(self) -> bool | None:
        """Whether a mailbox of theirs spells a name of theirs; None if there is none of the one or the other."""
        parts = {part[:_TELLING] for name in self.names for part in _letters(name) if len(part) >= _TELLING}
        if not parts or not self.mailboxes:
            return None
        return any(part in box.partition("@")[0] for part in parts for box in self.mailboxes)


def profiles(stream: Stream, partition: Partition, policy: Policy) -> list[Profile]:
    """A profile of each customer who wrote, in the order of their numbers."""
    found: dict[int, Profile] = {}
    for one in stream.spoken:
        sender = stream.sender[one.event.id]
        customer = partition.customer_of[sender]
        _note(found.setdefault(customer, Profile(customer, sender)), one, policy)
    return [found[customer] for customer in sorted(found)]


def _note(profile: Profile, one: Spoken, policy: Policy) -> None:
    if one.event.name:
        profile.names[one.event.name] += 1
    profile.mailboxes |= {address.value for address in one.addresses if address.kind == "email"}
    for address in one.proven:
        profile.proven |= not policy.kind(address.kind).device
        if policy.kind(address.kind).account:
            profile.accounts.add((address.kind, address.scope))
    if one.event.place and (home := _home(dict(one.event.place))):
        profile.homes.add(home)


def _home(place: Mapping[str, str]) -> tuple[str, str] | None:
    """House and street, and where that is; None without both."""
    said = prepare_postal(
        place.get("street", ""), postcode=place.get("postcode", ""), city=place.get("city", "")
    )
    if said is None or not said.street or not (said.postcode or said.city):
        return None
    return f"{said.number} {said.street}", said.postcode or said.city


def _key(name: str) -> Key | None:
    if not name or not is_whole(name) or len(plain(name).split()) < 2:
        return None
    said = prepare_name(plain(name))
    if said is None or len(said.tokens) < 2:
        return None
    one, other = sorted((said.tokens[0], said.tokens[-1]))
    return one, other


def _letters(name: str) -> list[str]:
    words = plain(name).replace(",", " ").split()
    return ["".join(char for char in fold(word) if char.isalnum()) for word in words]
