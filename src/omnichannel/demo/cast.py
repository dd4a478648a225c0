"""Who writes, and what they say: chosen by a seed, so that the same seed gives the same story."""

from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST = ("Nora", "Eline", "Ingrid", "Sanne", "Clara", "Femke")
_LAST = ("Visser", "de Boer", "Jansen", "Maas", "Kuipers", "Dekker")
_MEN = ("Tom Becker", "Jonas Weber", "Luc Moreau", "Omar Haddad", "Piotr Nowak", "Rafael Costa")
_THIRD = ("Amara Okafor", "Mei Lin", "Leila Rahimi", "Sofia Rossi", "Anna Schmidt", "Yuki Tanaka")
_GOODS = ("lamp", "kettle", "desk chair", "rucksack", "coffee grinder", "bicycle bell")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of one story, and the numbers they mention."""

    seed: int
    asker: str
    chatter: str
    writer: str
    goods: str
    order: str
    delivered: str

    @classmethod
    def of(cls, seed: int) -> Cast:
        """The cast for a seed."""
        chance = random.Random(seed)  # noqa: S311 - a story, not a secret
        return cls(
            seed=seed,
            asker=f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
            chatter=chance.choice(_MEN),
            writer=chance.choice(_THIRD),
            goods=chance.choice(_GOODS),
            order=str(chance.randint(40000, 99999)),
            delivered=f"{chance.randint(2, 9)} December",
        )

    @staticmethod
    def mail_of(name: str) -> str:
        """Where somebody gets their mail."""
        first, *rest = name.lower().split()
        return f"{first}@{''.join(rest)}.example"

    @staticmethod
    def handle_of(name: str) -> str:
        """What somebody calls themselves on X."""
        return name.lower().replace(" ", "_")
