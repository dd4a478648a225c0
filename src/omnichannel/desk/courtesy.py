"""What the desk proposes to say: thanks for a compliment, and a private place for what should not be in public."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pydantic import field_validator

from omnichannel.desk.answers.book import Book
from omnichannel.desk.answers.fields import values
from omnichannel.errors import NotFound, Unfilled
from omnichannel.model import Customer, Value
from omnichannel.model.desk import Answer, FieldType

LINK = "{link}"
"""What stands in a proposal for the link that is made when it is sent."""

_FIELDS: dict[str, FieldType] = {"link": "str"}

_SORRY_EN = (
    "[Hello {customer.first_name}, I|I] am sorry that this went wrong, and I want to put it right with you."
    " Please tell me here, in private, what I need to know[, or go on where it suits you better: {link}]."
)
_SORRY_NL = (
    "[Dag {customer.first_name}, het|Het] spijt me dat dit misging, en ik wil het graag met u oplossen."
    " Vertelt u mij hier, onder ons, wat ik moet weten[, of ga verder waar het u beter uitkomt: {link}]."
)

_OFFER = Answer(
    name="private",
    texts={
        "en": (_SORRY_EN,),
        "nl": (_SORRY_NL,),
    },
)


def _checked(answer: Answer) -> Answer:
    Book([answer], _FIELDS)
    return answer


def check_thanks(answer: Answer) -> None:
    """Raises ConfigError where a thank-you could not be said: see `Book`."""
    _checked(answer)


class Private(Value):
    """What is proposed to whoever complains in public: to go on in private.

    `offer`: it is made ready for the agent (`prepare`), sent by itself (`send`), or not made (`never`). `answer` is
    what it says, in its languages; `{link}` is a link that carries the conversation to the account `on` (or the only
    one of a kind); without one, to the first account that can carry one, other than where they wrote. It is said in
    private, on the channel they wrote on: the link proves who uses it, so that it must not stand in public.
    """

    offer: Literal["prepare", "send", "never"] = "prepare"
    answer: Answer = _OFFER
    on: str = ""

    @field_validator("answer")
    @classmethod
    def _can_be_said(cls, answer: Answer) -> Answer:
        return _checked(answer)


def said(answer: Answer, language: str, customer: Customer, *, link: bool) -> str:
    """An answer as it is said to a customer: in their language if it is there, else in its first.

    Empty where it cannot be said without something that is not known.
    """
    languages: Sequence[str] = [*([language] if language not in ("", "und") else []), *answer.texts]
    given = values(customer, more={"link": LINK} if link else {})
    try:
        return _book(answer.model_dump_json()).phrase(answer.name, given, languages=languages).text
    except (NotFound, Unfilled):
        return ""


@lru_cache(maxsize=16)
def _book(answer: str) -> Book:
    return Book([Answer.model_validate_json(answer)], _FIELDS)
