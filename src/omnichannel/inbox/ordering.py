"""What our callers order to be said, and the idempotency keys under which they do."""

from __future__ import annotations

import json
from dataclasses import dataclass

from omnichannel.errors import UsageError
from omnichannel.inbox.composing import Order
from omnichannel.model import Part
from omnichannel.store.orders import Key

_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be said, and how, as a caller put it; see `Conversations.reply`."""

    parts: tuple[Part, ...]
    on: str | None
    public: bool | None
    subject: str
    agent: str
    automatic: bool

    def order(self, conversation: int, key: Key | None, seen: int | None = None) -> Order:
        """The same, to be said in a conversation by whoever saw it up to a message."""
        return Order(
            conversation=conversation,
            parts=self.parts,
            on=self.on,
            public=self.public,
            subject=self.subject,
            agent=self.agent,
            automatic=self.automatic,
            key=key,
            seen=seen,
        )

    def key(self, name: str, what: str, where: str) -> Key | None:
        """The key with everything that is asked; None without a name. Of files it is their digest that counts."""
        if not name:
            return None
        parts = [
            part.model_dump(mode="json", exclude={"content"}, exclude_defaults=True) for part in self.parts
        ]
        return key_of(
            name, what, where, self.on, self.public, self.subject, self.agent, self.automatic, parts
        )


def key_of(name: str, what: str, *asked: object) -> Key | None:
    """A caller's key for an order; None without a name. Raises UsageError for one that is too long or all blank."""
    if not name:
        return None
    if not name.strip() or len(name) > _LONGEST:
        raise UsageError(
            f"an idempotency key has 1 to {_LONGEST} characters, not all of them blank; a UUID is a good one"
        )
    return Key(name, json.dumps([what, *asked], ensure_ascii=False, sort_keys=True))
