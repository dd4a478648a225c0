"""Whether a customer asks for a person instead of a bot: lists of words by language, to be replaced or added to.

In doubt they do: a person who was not needed costs a minute, one who is refused costs a customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from omnichannel.model import Value

_BETWEEN = 8  # words between what is wanted and whom: "speak to somebody who is a real person"
_ALONE = 4  # words of a message that says nothing but whom: "a human, please"
_MOST = 5_000  # characters that are looked at
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ELIDED = re.compile(r"\b(?:qu|[cdjlmnst])'(?=[^\W\d_]{3})")  # l'agent


class Persons(Value):
    """How a person is asked for in a language, in small letters.

    `wants` are words that want something (speak, need, transfer), `whom` are words for people of ours. One of
    `wants` and soon one of `whom` asks for one, and so does a message of few words with one of `whom` in it. `never`
    are phrases that refuse what they talk to (`not a bot`).
    """

    language: str
    wants: tuple[str, ...]
    whom: tuple[str, ...]
    never: tuple[str, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PERSONS = (
    Persons(
        language="en",
        wants=_words(
            "speak talk chat want need get give connect transfer put call ask reach contact prefer escalate"
        ),
        whom=_words(
            "human person agent representative rep operator employee colleague manager supervisor somebody someone"
            " advisor adviser"
        ),
        never=("not a bot", "no bot", "not a robot", "no robots", "hate bots", "stupid bot", "not with a machine"),
    ),
    Persons(
        language="nl",
        wants=_words("spreken praten wil wilt graag bel bellen doorverbinden verbind nodig geef contact liever"),
        whom=_words("mens persoon medewerker medewerkster collega iemand manager leidinggevende chef agent"),
        never=("geen bot", "geen robot", "geen computer", "stomme bot"),
    ),
    Persons(
        language="de",
        wants=_words("sprechen reden möchte will brauche verbinden verbinde geben anrufen lieber bitte"),
        whom=_words(
            "mensch menschen person mitarbeiter mitarbeiterin kollege kollegin jemand jemandem jemanden berater"
            " beraterin chef vorgesetzten"
        ),
        never=("kein bot", "keinen bot", "keinem bot", "kein roboter", "keine maschine"),
    ),
    Persons(
        language="fr",
        wants=_words("parler veux voudrais souhaite besoin passez contacter appeler préfère joindre transférez"),
        whom=_words("humain humaine personne conseiller conseillère agent employé responsable quelqu'un collègue"),
        never=("pas un robot", "pas un bot", "pas à un robot", "pas de robot"),
    ),
    Persons(
        language="es",
        wants=_words("hablar quiero quisiera necesito pasar páseme llamar contactar prefiero"),
        whom=_words("humano humana persona agente empleado empleada alguien operador operadora encargado"),
        never=("no un robot", "no un bot", "ningún bot", "no con un robot"),
    ),
)  # fmt: skip
"""English, Dutch, German, French and Spanish. All of them are looked for at once: customers mix them."""


def wants_person(text: str, persons: Iterable[Persons]) -> bool:
    """Whether a text asks for a person."""
    lowered = _ELIDED.sub("", text[:_MOST].casefold().replace("’", "'"))
    spoken = _WORD.findall(lowered)
    joined = f" {' '.join(spoken)} "
    return any(_asks(one, spoken, joined) for one in persons)


def _asks(persons: Persons, spoken: list[str], joined: str) -> bool:
    if any(f" {phrase} " in joined for phrase in persons.never):
        return True
    wants, whom = _sets(persons.wants, persons.whom)
    people = [place for place, word in enumerate(spoken) if word in whom]
    if people and len(spoken) <= _ALONE:
        return True
    return any(
        0 < place - wanted <= _BETWEEN
        for wanted, word in enumerate(spoken)
        if word in wants
        for place in people
    )


@lru_cache(maxsize=64)
def _sets(wants: tuple[str, ...], whom: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(wants), frozenset(whom)
