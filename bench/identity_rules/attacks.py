"""What a stranger can put into the journal, by whatever channel: everything but proof of what is not theirs.

The stranger has addresses of their own and proves whatever they like about them: accounts of every kind, numbers
that move from one to another, tokens that come back, other people's names. They write under the victims' addresses
without proof, and say anything of anybody. They also make others write: a victim quotes them, answers them, sends
their contact card; a forgery at her address is noted beside her own mail; names that they chose are found alike.
What they cannot have is a victim who says, in her own words, that a stranger's address is hers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any

from bench.identity_rules.logs import MOMENTS, NAMES, Log, random_addresses
from omnichannel.identity import UNPROVEN, Entry, Point, Said
from omnichannel.model import Strength

_KINDS = ("email", "phone", "whatsapp", "messenger", "account", "handle", "cookie", "x", "line")
_FIRST = 500  # the attacker's addresses; those of a log are few
_LIES = (
    "text", "form", "profile", "contact_card", "caller_id", "from", "signature", "quoted", "name", "likeness",
    "letterhead",
)  # fmt: skip
_PROOFS = ("platform_mapping", "number_change", "token", "login", "platform_id", "dmarc")


@dataclass(frozen=True)
class Attack:
    """Addresses and entries that a stranger adds to a log; `ways` are the names of what was tried."""

    addresses: tuple[Point, ...]
    entries: tuple[Entry, ...]
    ways: frozenset[str]


def random_attack(random: Random, log: Log) -> Attack:
    """An attack on everybody in a log."""
    own = _own(random, log)
    forged = _forged(random, log)
    open_to_all = [point.id for point in (*forged, *log.addresses) if point.scope == UNPROVEN]
    stranger = _Stranger(
        random, [point.id for point in own], open_to_all, [point.id for point in log.addresses]
    )
    entries = tuple(stranger.write(random.choice((2, 6, 12, 25))))
    return Attack((*own, *forged), entries, frozenset(stranger.ways))


def _own(random: Random, log: Log) -> tuple[Point, ...]:
    """Addresses of the attacker's own: of the victims' kinds, at the victims' places, under the victims' names."""
    own = random_addresses(random, _KINDS, range(_FIRST, _FIRST + random.randint(1, 4)))
    found = []
    for point in own:
        like = random.choice(log.addresses)
        names = (*point.names, *like.names) if random.random() < 0.5 else point.names
        value = f"attacker-{point.id}@evil.example" if point.kind == "email" else point.value
        mine = replace(point, value=value, names=names, scope="" if point.scope == UNPROVEN else point.scope)
        if like.kind not in ("email", "phone", "") and random.random() < 0.6:
            mine = replace(mine, kind=like.kind, scope=like.scope, value=f"attacker-{point.id}")
        found.append(mine)
    return tuple(found)


def _forged(random: Random, log: Log) -> tuple[Point, ...]:
    """Whoever only says that the victims' addresses are theirs: a forged From, a caller's number."""
    found = []
    for number in range(_FIRST + 10, _FIRST + 10 + random.randint(0, 3)):
        like = random.choice(log.addresses)
        names = (Said(random.choice(NAMES), Strength.ASSERTED),) if random.random() < 0.5 else ()
        found.append(Point(number, like.kind, UNPROVEN, like.value, names))
    return tuple(found)


class _Stranger:
    """Writes the entries."""

    def __init__(
        self, random: Random, own: Sequence[int], forged: Sequence[int], victims: Sequence[int]
    ) -> None:
        self._random = random
        self._own, self._forged, self._victims = own, forged, victims
        self._numbers = count(1, 2)  # between the log's own
        self.ways: set[str] = set()

    def write(self, many: int) -> list[Entry]:
        """So many entries."""
        ways: list[Callable[[], Entry]] = [
            self._lie,
            self._lie,
            self._lie,
            self._prove_own,
            self._give_up_or_object,
            self._make_victims_write,
        ]
        if self._forged:
            ways += [
                self._lie_under_her_address,
                self._return_a_token_under_her_address,
                self._be_noted_beside_her_own_mail,
            ]
        tried = [self._random.choice(ways) for _ in range(many)]
        self.ways = {way.__name__.strip("_").replace("_", " ") for way in tried}
        return [way() for way in tried]

    def _claim(self, one: int, other: int | None, strength: Strength, method: str) -> Entry:
        random = self._random
        if other == one:
            other = None
        return Entry(
            next(self._numbers), "claim", one, other, strength, method, at=random.choice(MOMENTS),
            likely=random.choice((None, None, 0.99, 1.0)),
        )  # fmt: skip

    def _lie(self) -> Entry:
        """From an address that is theirs, about any other; even a row that calls what was typed verified."""
        method = self._random.choice(_LIES)
        known = method != "letterhead"  # nothing holds down what stands in no table
        strength = self._random.choice(tuple(Strength) if known else (Strength.ASSERTED, Strength.INFERRED))
        return self._claim(self._random.choice(self._own), self._anybody(), strength, method)

    def _lie_under_her_address(self) -> Entry:
        """From an address that only seems to be a victim's."""
        strength = self._random.choice((Strength.ASSERTED, Strength.INFERRED))
        return self._claim(
            self._random.choice(self._forged), self._anybody(), strength, self._random.choice(_LIES)
        )

    def _prove_own(self) -> Entry:
        """Anything about what is theirs."""
        one, other = self._random.choice(self._own), self._random.choice(self._own)
        return self._claim(one, other, Strength.VERIFIED, self._random.choice(_PROOFS))

    def _return_a_token_under_her_address(self) -> Entry:
        """A token of theirs comes back in a forged mail, or a victim's in one that nothing proves."""
        given_to = self._random.choice((*self._own, *self._victims))
        return self._claim(given_to, self._random.choice(self._forged), Strength.ASSERTED, "token")

    def _give_up_or_object(self) -> Entry:
        """A number of theirs moves on; they want no likeness, or nothing of theirs used at all."""
        random = self._random
        kind: Any = random.choice(("leave", "leave", "object", "freeze"))
        return Entry(next(self._numbers), kind, random.choice(self._own), at=random.choice(MOMENTS))

    def _be_noted_beside_her_own_mail(self) -> Entry:
        """The victim's own mail, beside a forgery at her address."""
        one, other = self._random.choice(self._victims), self._random.choice(self._forged)
        return self._claim(one, other, Strength.ASSERTED, "from")

    def _make_victims_write(self) -> Entry:
        """What a victim's message is read to say of the stranger; an operator who sees that they are two."""
        one, other = self._random.choice(self._victims), self._random.choice((*self._own, *self._forged))
        if other not in self._victims and self._random.random() < 0.1:
            return Entry(
                next(self._numbers), "refuse", one, other, at=self._random.choice(MOMENTS), actor="kim"
            )
        if one == other:
            return self._lie()
        method = self._random.choice(
            ("quoted", "signature", "name", "likeness", "contact_card", "letterhead")
        )
        strength = Strength.ASSERTED if method in ("contact_card", "letterhead") else Strength.INFERRED
        return self._claim(one, other, strength, method)

    def _anybody(self) -> int:
        return self._random.choice((*self._victims, *self._victims, *self._own, *self._forged))
