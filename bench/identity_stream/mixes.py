"""Mixes of customers and attackers: how many share what, how many prove what, how many pose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

EUROPE = ("en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "pt_BR", "tr_TR")
WORLD = ("en_IN", "nl_NL", "sv_SE", "de_AT", "fr_CA", "es_MX", "ru_RU", "ja_JP", "hi_IN", "cs_CZ")


@dataclass(frozen=True, slots=True)
class Mix:
    """What a stream is made of: probabilities, but for `people`, their `events` on average, and the `locales`.

    `american`: of a household to be American; the others are of the `locales`. `attackers` are that many for each
    customer. The first mix is that of the recorded streams.
    """

    name: str
    people: int = 5_000
    locales: tuple[str, ...] = EUROPE
    american: float = 0.6
    events: float = 5.0
    attackers: float = 0.02
    employed: float = 0.18
    account: float = 0.6
    imported: float = 0.35
    signed: float = 0.93
    shown_number: float = 0.75
    typed_mail: float = 0.55
    typed_number: float = 0.2
    slip: float = 0.03
    signature: float = 0.25
    code: float = 0.06
    family_mail: float = 0.1
    landline: float = 0.16
    shared_browser: float = 0.09
    kiosk: float = 0.01
    recycled: float = 0.015


FIRST = Mix("as recorded")
MIXES = (
    FIRST,
    replace(FIRST, name="small shop", people=500),
    replace(
        FIRST, name="world, twice the attackers", locales=WORLD, american=0.5, events=6.0, attackers=0.04,
        employed=0.25, account=0.5, signed=0.88, shown_number=0.6, slip=0.05, signature=0.35, family_mail=0.16,
        landline=0.24, shared_browser=0.15, recycled=0.03,
    ),
    replace(FIRST, name="families", family_mail=0.3, landline=0.5, shared_browser=0.3, people=3_000),
    replace(FIRST, name="companies", employed=0.5, signature=0.5, people=3_000),
    replace(FIRST, name="kiosks", kiosk=0.05, shared_browser=0.2, people=3_000),
    replace(FIRST, name="recycled numbers", recycled=0.06, typed_number=0.4, people=4_000),
    replace(FIRST, name="four times the attackers", attackers=0.08, people=4_000),
    replace(FIRST, name="few proofs", account=0.3, signed=0.75, code=0.02, shown_number=0.5),
    replace(FIRST, name="one language", locales=("ja_JP",), american=0.0, people=2_000),
    replace(FIRST, name="talkative", events=10.0, people=2_500),
    replace(FIRST, name="large", people=20_000),
)  # fmt: skip


def mixes(seeds: int) -> Iterator[tuple[int, Mix]]:
    """So many streams, each with its seed: every mix in turn."""
    for seed in range(seeds):
        yield seed, MIXES[seed % len(MIXES)]
