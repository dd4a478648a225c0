"""Standard answers: what was written beforehand, what became of it, and what is pointed out before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, field_serializer, field_validator

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.clocks import Length
from omnichannel.model.draft import Preview

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A language as BCP 47 writes it: `nl`, `en-GB`, `zh-Hant`."""

FieldType = Literal["str", "int", "number", "date", "time", "datetime", "money", "link"]
"""What a field of a standard answer can hold, as it is written in one: `{order.due:date}`."""


class Money(Value):
    """An amount in a currency (ISO 4217). Cents are written out: 12.5 EUR is 12.50."""

    amount: Decimal = Field(allow_inf_nan=False)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


FieldValue = str | int | Decimal | date | datetime | time | Money
"""What a field can be given. A moment (`datetime`) needs its time zone."""


def _listed(texts: object) -> object:
    """One wording may be written without a list around it."""
    if not isinstance(texts, Mapping):
        return texts
    return {language: (said,) if isinstance(said, str) else said for language, said in texts.items()}


class Answer(Value):
    """Something that is said often: in several languages, and in several wordings of each.

    `texts` are its wordings by language, as templates (`omnichannel.desk.answers.parse`). `about` tells agents when
    to use it, and `asked` are questions that it answers: both help to find it and are never sent. `channels` are the
    kinds of channel that it is meant for; empty for all of them.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")
    texts: Annotated[Mapping[Language, tuple[str, ...]], BeforeValidator(_listed)]
    about: str = ""
    asked: tuple[str, ...] = ()
    channels: frozenset[str] = frozenset()

    @field_validator("texts")
    @classmethod
    def _says_something(cls, texts: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        if not texts:
            raise ValueError('an answer says nothing; give it a text, such as texts = { en = "…" }')
        for language, wordings in texts.items():
            if not wordings or not all(text.strip() for text in wordings):
                raise ValueError(f"there is an empty wording in {language!r}; write it, or leave it out")
            if len({text.strip() for text in wordings}) < len(wordings):
                raise ValueError(f"two wordings in {language!r} are the same; leave one out")
        return texts

    @field_serializer("channels")
    def _in_order(self, channels: frozenset[str]) -> list[str]:
        """Always the same, in every process: a plan's fingerprint is made of it."""
        return sorted(channels)


class Variant(Value):
    """One wording of an answer. `mark` is short for its text: whoever changes the text makes another variant."""

    answer: str
    language: Language
    mark: str
    text: str


class Phrased(Value):
    """An answer as it would be said to one customer: nothing is left open in `text`.

    `variant` is the mark of its wording. `without` are the fields that had no value, where the wording says what to
    do then. `because` tells why this language and this wording.
    """

    answer: str
    language: Language
    variant: str
    text: str
    without: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


How = Literal["as_is", "edited", "refused"]
"""What became of a standard answer that was offered."""

Reaction = Literal["", "thanked", "asked_again"]
"""How a customer took it."""


class Use(Value):
    """One time that a standard answer was offered to an agent, and what became of it.

    `question` is what the customer had asked, `asked` the id of that message, `message` that of ours. What an inbox
    tells of uses leaves the words out. `how`: sent as it was, edited before, or refused. `reaction`: the customer
    thanked, or asked again, which `because` gives the reasons for; empty as long as nobody knows. `variant` is empty
    where none was made. `customer` and `conversation` are empty where somebody was erased: the use still counts.
    """

    id: str
    answer: str
    language: Language
    variant: str = ""
    customer: str = ""
    conversation: str = ""
    question: str = ""
    asked: str = ""
    message: str = ""
    agent: str = ""
    how: How = "as_is"
    reaction: Reaction = ""
    because: tuple[str, ...] = ()
    at: UtcTime

    @property
    def sent(self) -> bool:
        """Whether the customer got it."""
        return self.how != "refused"


class Tally(Value):
    """How often an answer was used, and how it was taken. With `variant` empty, all of its wordings together.

    `offered` counts every use, `sent` those that the customer got; `as_is` and `edited` add up to `sent`. `thanked`
    and `asked_again` are what customers did then: of the others nobody knows.
    """

    answer: str
    language: str = ""
    variant: str = ""
    offered: int = 0
    as_is: int = 0
    edited: int = 0
    refused: int = 0
    thanked: int = 0
    asked_again: int = 0
    last_at: UtcTime | None = None

    @property
    def sent(self) -> int:
        """How often the customer got it."""
        return self.as_is + self.edited

    @property
    def helped(self) -> float | None:
        """The share of thanks among the reactions that are known; None where there are none."""
        known = self.thanked + self.asked_again
        return self.thanked / known if known else None


class Found(Value):
    """An answer that was searched for. `score` only ranks; `because` says where the words stand."""

    answer: str
    score: float
    because: tuple[str, ...] = ()


class Suggested(Value):
    """An answer that may suit a question. `likeness` is from 0 to 1; `because` names the questions that are alike."""

    answer: str
    likeness: float = Field(ge=0, le=1)
    because: tuple[str, ...] = ()


class Signature(Value):
    """How an agent signs: `full` where letters are written, `short` where every character counts.

    Both are templates by language. `forms` says otherwise for a kind of channel than is usual.
    """

    agent: str
    full: Mapping[Language, str] = Field(default_factory=dict)
    short: Mapping[Language, str] = Field(default_factory=dict)
    forms: Mapping[str, Literal["full", "short", "none"]] = Field(default_factory=dict)


class Remark(Value):
    """Something to look at before a text is sent: the characters from `start` to `end`, and what is amiss.

    `missing` is what would make it good: `next step`, `date`, `name`.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str
    missing: tuple[str, ...] = ()
    because: str


class Prepared(Value):
    """A standard answer as it would go out in one conversation. Nothing was sent.

    `text` is signed as the channel wants; `preview` shows it there; `remarks` are to be looked at before it is sent.
    `because` says why this language and wording, and why it is signed so.
    """

    phrased: Phrased
    text: str
    preview: Preview
    remarks: tuple[Remark, ...] = ()
    because: tuple[str, ...] = ()


class AwayRule(Value):
    """When to tell a customer that nobody is there. Without one, nobody is ever told automatically.

    `answer` is the standard answer that says it; its field `{away.until}` is the moment by which we answer. It is
    said at most once in a conversation and `span`.
    """

    answer: str = "away"
    span: Length = Field(default=timedelta(days=7), gt=timedelta(0))


class AwayNotice(Value):
    """Whether an away notice is to be said, and why, or why not. `until` is the moment that it promises."""

    say: bool
    until: UtcTime | None = None
    because: tuple[str, ...]
