"""What passes between the widget, its pages and the inbox: our own JSON, described in `docs/howto/webchat.md`.

A browser says `Written`, `Seen` or `Came`; the page that took it adds who it was (`visitor`, `user`, `at`) and signs
the whole, which is the delivery that is kept. No secret of the browser's is ever in it.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from omnichannel.errors import Malformed
from omnichannel.model import Address, Option, UtcTime, Value
from omnichannel.toolbox import Json

KIND = "webchat"

LONGEST_TEXT = 4000
"""Characters that a visitor may write at once; the widget counts along."""
MOST_FILES = 5

_CLIENT_ID = r"^[A-Za-z0-9_-]{8,64}$"
_VISITOR = r"^v[a-z2-7]{26}$"
_MESSAGE_ID = r"^[A-Za-z0-9_-]{1,64}$"

SUBJECT = "u:"
"""Before the id that the company itself gave somebody; a visitor's id begins with `v` and has no colon."""


class User(Value):
    """Somebody who logged in at the company: its own id for them, and what it says about them.

    `email` and `phone` (E.164) are proven only where the company says that they were verified.
    """

    id: str = Field(min_length=1, max_length=255)
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    email_verified: bool = False
    phone: str = Field(default="", max_length=16)
    phone_verified: bool = False


class Pass(Value):
    """What a browser proves itself with: which visitor it is, and as whom that visitor is logged in.

    `expires` is in seconds since 1970; 0 is never. Only a pass with a user ends by itself.
    """

    visitor: str = Field(pattern=_VISITOR)
    user: User | None = None
    expires: int = Field(default=0, ge=0)

    @property
    def who(self) -> str:
        """The value of the address that this browser speaks for."""
        return SUBJECT + self.user.id if self.user else self.visitor


class File(Value):
    """A file as a visitor sends it: `data` is base64. What it is is found out from its bytes."""

    name: str = Field(default="", max_length=1000)
    data: str = Field(repr=False)


class _Said(Value):
    """What every delivery tells: the widget's own id of it, and who said it when."""

    id: str = Field(pattern=_CLIENT_ID)
    visitor: str = Field(pattern=_VISITOR)
    user: User | None = None
    at: UtcTime

    @property
    def who(self) -> str:
        """The value of the speaker's address."""
        return SUBJECT + self.user.id if self.user else self.visitor


class Written(_Said):
    """A message: words, an option that was chosen, files. `page` is where on the site it was written."""

    type: Literal["message"] = "message"
    text: str = Field(default="", max_length=LONGEST_TEXT)
    choice: Option | None = None
    files: tuple[File, ...] = Field(default=(), max_length=MOST_FILES)
    token: str = Field(default="", max_length=100)
    page: str = Field(default="", max_length=2000)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.text.strip() or self.choice or self.files):
            raise ValueError("a message needs text, a choice or files")
        return self


class Seen(_Said):
    """What of ours reached the browser, or was looked at."""

    type: Literal["status"] = "status"
    status: Literal["delivered", "read"]
    messages: tuple[Annotated[str, Field(pattern=_MESSAGE_ID)], ...] = Field(min_length=1, max_length=100)


class Came(_Said):
    """Somebody came over by a link of ours, and said so by pressing a button."""

    type: Literal["continue"] = "continue"
    token: str = Field(min_length=1, max_length=100)


_SAID: TypeAdapter[Written | Seen | Came] = TypeAdapter(
    Annotated[Written | Seen | Came, Field(discriminator="type")]
)

V = TypeVar("V", bound=Value)


def said(value: Json) -> Written | Seen | Came:
    """A delivery of ours, from its JSON. Raises Malformed saying what is wrong, without repeating it."""
    try:
        return _SAID.validate_python(value)
    except ValidationError as error:
        raise Malformed(problem(error)) from None


def problem(error: ValidationError) -> str:
    """The first thing that is wrong, and where."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = "/".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def address(account: str, who: str) -> Address:
    """The address of a visitor or user of that account."""
    return Address(kind=KIND, scope=account, value=who)
