"""From a delivery of ours to the one event that it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.channel import Delivery
from omnichannel.channels.webchat import files
from omnichannel.channels.webchat.wire import Came, Seen, User, Written, address, said
from omnichannel.model import (
    Address,
    Choice,
    Event,
    Evidence,
    Part,
    Party,
    Received,
    Strength,
    Text,
    Updated,
)
from omnichannel.toolbox import Json, find_tokens, guarded, load_json

MOST_BYTES = 32 * 1024 * 1024
"""Of one delivery, files included; what an account takes from visitors is less."""


def events(delivery: Delivery, account: str, users: str) -> Iterator[Event]:
    """What a delivery says; a file may hold several. Raises Malformed if it is no JSON, or not ours."""
    body = load_json(delivery.body, most=MOST_BYTES)
    if delivery.source == "file" and isinstance(body, list):
        return _several(body, account, users)
    return iter((_event(said(body), account, users),))


def _several(bodies: list[Json], account: str, users: str) -> Iterator[Event]:
    for index, body in enumerate(bodies):
        yield from guarded(lambda one: (_event(said(one), account, users),), body, f"/{index}")


def _event(found: Written | Seen | Came, account: str, users: str) -> Event:
    sender = Party(address=address(account, found.who), name=found.user.name if found.user else "")
    if isinstance(found, Written):
        return _received(found, sender, account, users)
    if isinstance(found, Seen):
        return Updated(
            kind="status",
            external_id=f"{found.visitor}/{found.id}",
            targets=found.messages,
            status=found.status,
            sender=sender,
            sent_at=found.at,
            thread=found.who,
        )
    return Updated(
        kind="referral",
        external_id=f"{found.visitor}/{found.id}",
        sender=sender,
        sent_at=found.at,
        thread=found.who,
        tokens=find_tokens(found.token),
    )


def _received(found: Written, sender: Party, account: str, users: str) -> Received:
    return Received(
        # The browser's, logged in or not: what is sent again after a login is the same message.
        external_id=f"{found.visitor}/{found.id}",
        sender=sender,
        strength=Strength.VERIFIED,
        method="jwt" if found.user else "visitor_pass",
        sent_at=found.at,
        parts=tuple(_parts(found)),
        thread=found.who,
        tokens=find_tokens(f"{found.token} {found.text}"),
        evidence=tuple(_evidence(found, account, users)),
    )


def _parts(found: Written) -> Iterator[Part]:
    if found.text.strip():
        yield Text(text=found.text)
    elif found.choice:
        yield Text(text=found.choice.title)
    if found.choice:
        yield Choice(chosen=found.choice)
    yield from (files.attachment(file, index) for index, file in enumerate(found.files))


def _evidence(found: Written, account: str, users: str) -> Iterator[Evidence]:
    """What the company's login proves: whose browser this is, and which addresses are theirs."""
    if found.user is None:
        return
    who = f"{users or account} user {found.user.id}"
    own_id = Address(kind="user", scope=users or account, value=found.user.id)
    yield _proof(address(account, found.visitor), f"{who} logged in in this visitor's browser")
    yield _proof(own_id, f"logged in as {who}")
    yield from _reachable(found.user, who)


def _reachable(user: User, who: str) -> Iterator[Evidence]:
    """Addresses that the company names; only what it verified is proven, or anybody could register as anybody."""
    for kind, value, proven in (
        ("email", user.email, user.email_verified),
        ("phone", user.phone, user.phone_verified),
    ):
        if value:
            because = f"the login of {who} names it, {'verified' if proven else 'unverified'}"
            strength = Strength.VERIFIED if proven else Strength.ASSERTED
            yield _proof(Address(kind=kind, value=value), because, strength)


def _proof(whose: Address, because: str, strength: Strength = Strength.VERIFIED) -> Evidence:
    return Evidence(address=whose, strength=strength, method="jwt", because=because)
