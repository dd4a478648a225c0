"""What a company wants of ratings: when to ask, how often, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from omnichannel.model import Value
from omnichannel.model.desk import Length
from omnichannel.model.desk.answers import Language


def _with_link(text: str) -> str:
    if text.count("{link}") != 1:
        raise ValueError("say once where the link goes: {link}")
    return text


def _safe(url: str) -> str:
    plain = ("http://localhost", "http://127.0.0.1")
    if url and not url.startswith(("https://", *plain)):
        raise ValueError(f"{url!r} is no address with https; give the one that inbox.asgi() is reached at")
    return url.rstrip("/")


class Wording(Value):
    """The words of one language. `link` has `{link}` where the address goes; `levels` are what 1 to 5 mean."""

    buttons: str
    digit: str
    link: Annotated[str, AfterValidator(_with_link)]
    levels: tuple[str, str, str, str, str]
    title: str
    words: str
    send: str
    thanks: str
    gone: str


_EN = Wording(
    buttons="How did we do?",
    digit="How did we do? Answer with a digit from 1 (bad) to 5 (very good).",
    link="How did we do? It takes a moment to tell us: {link}",
    levels=("bad", "poor", "fair", "good", "very good"),
    title="How did we do?",
    words="Is there anything that you want to tell us?",
    send="Send",
    thanks="Thank you for telling us.",
    gone="This link was used, or has expired. There is nothing more to do.",
)
_NL = Wording(
    buttons="Hoe hebben wij u geholpen?",
    digit="Hoe hebben wij u geholpen? Antwoord met een cijfer van 1 (slecht) tot 5 (heel goed).",
    link="Hoe hebben wij u geholpen? Vertelt u het ons in een ogenblik: {link}",
    levels=("slecht", "matig", "redelijk", "goed", "heel goed"),
    title="Hoe hebben wij u geholpen?",
    words="Wilt u ons verder nog iets vertellen?",
    send="Versturen",
    thanks="Dank u wel, dat u het ons vertelt.",
    gone="Deze link is gebruikt of verlopen. U hoeft niets meer te doen.",
)


class Ratings(Value):
    """Customers are asked how we did, once for each resolution of a conversation that somebody answered in.

    They are asked so long `after` it was closed, if it still is, and nobody again before the time of `every` is over.
    An answer counts `within` that time, and can be changed in it. `page` is the public address of `inbox.asgi()`:
    with it, mail and letters get a link that works once; without, mail asks for a digit, and paper is not used.
    `kinds` are the kinds of channel to ask on; empty for all. `wordings` are by language, the first
    for whoever speaks none of them.
    """

    after: Length = Field(default=timedelta(minutes=5), ge=timedelta())
    every: Length = Field(default=timedelta(days=30), ge=timedelta())
    within: Length = Field(default=timedelta(days=7), gt=timedelta())
    page: Annotated[str, AfterValidator(_safe)] = ""
    kinds: tuple[str, ...] = ()
    wordings: Mapping[Language, Wording] = Field(default_factory=lambda: {"en": _EN, "nl": _NL})

    @field_validator("wordings")
    @classmethod
    def _has_words(cls, wordings: Mapping[str, Wording]) -> Mapping[str, Wording]:
        if not wordings:
            raise ValueError('there are no words to ask with; give some: wordings={"en": Wording(…)}')
        return wordings

    def wording(self, language: str) -> Wording:
        """The words for who speaks a language."""
        found = self.wordings.get(language) or self.wordings.get(language.partition("-")[0])
        return found or next(iter(self.wordings.values()))
