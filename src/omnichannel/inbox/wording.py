"""What is written to an address that somebody claims, in several languages. Nothing in it says who claims it.

Whoever reads it has to understand that sending the code back is saying yes: it is the only consent there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from omnichannel.errors import UsageError


@dataclass(frozen=True, slots=True)
class Wording:
    """The subject, where there is one, and the text; `{code}` stands where the code goes."""

    subject: str
    text: str


WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "en": Wording(
            "Is this address yours?",
            "Somebody who is writing to us says that this address is theirs. If that is you, type this code where "
            "you are writing to us, or send it back from here: {code}\n\nWhat you write there and from here then "
            "belongs together. If it is not you, do nothing and tell nobody the code: then nothing happens.",
        ),
        "nl": Wording(
            "Is dit adres van u?",
            "Iemand die ons schrijft, zegt dat dit adres van hem of haar is. Bent u dat, typ deze code dan daar waar "
            "u ons schrijft, of stuur hem vanaf hier terug: {code}\n\nWat u daar en vanaf hier schrijft, hoort dan "
            "bij elkaar. Bent u het niet, doe dan niets en geef de code aan niemand: dan gebeurt er niets.",
        ),
        "de": Wording(
            "Ist das Ihre Adresse?",
            "Jemand, der uns schreibt, sagt, dies sei seine Adresse. Wenn Sie das sind, geben Sie diesen Code dort "
            "ein, wo Sie uns schreiben, oder senden Sie ihn von hier zurück: {code}\n\nWas Sie dort und von hier "
            "schreiben, gehört dann zusammen. Wenn Sie es nicht sind, tun Sie nichts und geben Sie den Code "
            "niemandem: Dann geschieht nichts.",
        ),
        "fr": Wording(
            "Cette adresse est-elle la vôtre ?",
            "Quelqu'un qui nous écrit dit que cette adresse est la sienne. Si c'est vous, tapez ce code là où vous "
            "nous écrivez, ou renvoyez-le d'ici : {code}\n\nCe que vous écrivez là-bas et d'ici ira alors ensemble. "
            "Si ce n'est pas vous, ne faites rien et ne donnez le code à personne : il ne se passera rien.",
        ),
        "es": Wording(
            "¿Es suya esta dirección?",
            "Alguien que nos escribe dice que esta dirección es suya. Si es usted, escriba este código donde nos "
            "está escribiendo, o devuélvalo desde aquí: {code}\n\nLo que escriba allí y desde aquí quedará unido. Si "
            "no es usted, no haga nada y no dé el código a nadie: entonces no pasa nada.",
        ),
        "it": Wording(
            "Questo indirizzo è suo?",
            "Qualcuno che ci scrive dice che questo indirizzo è suo. Se è lei, scriva questo codice dove ci sta "
            "scrivendo, oppure lo rimandi da qui: {code}\n\nCiò che scrive là e da qui sarà allora unito. Se non è "
            "lei, non faccia nulla e non dia il codice a nessuno: allora non succede nulla.",
        ),
    }
)
"""The languages that are known here."""


def wording(language: str, words: str = "") -> Wording:
    """What to write in a language, or in the caller's own `words`. Raises UsageError, naming what there is."""
    if language not in WORDINGS:
        raise UsageError(f"{language!r} is not known; give your own words, or one of: {', '.join(WORDINGS)}")
    if words and words.count("{code}") != 1:
        raise UsageError("your words have to say {code} once, where the code goes")
    return Wording(WORDINGS[language].subject, words) if words else WORDINGS[language]
