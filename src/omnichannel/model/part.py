"""What a message is made of. Unknown things become a part that says so; nothing is dropped."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from omnichannel.model.address import Address
from omnichannel.model.base import Value

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.ASCII | re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20]+")
_HARMLESS = frozenset({"http", "https", "ftp", "mailto", "tel"})


def _followed(url: str) -> str:
    """The address, if following it does nothing but go there; else nothing (`javascript:`, `data:`, `file:`, …)."""
    # Browsers leave out blanks and control characters before they look at the scheme (WHATWG URL, 4.4).
    scheme = _SCHEME.match(_UNSEEN.sub("", url))
    return url if scheme is None or scheme[1].lower() in _HARMLESS else ""


Link = Annotated[str, AfterValidator(_followed)]
"""An address from anybody that may be made a link: http, https, ftp, mailto, tel or without a scheme, else empty."""


class Text(Value):
    """Words. `role` tells what was newly written from what was quoted or is a signature."""

    type: Literal["text"] = "text"
    text: str
    role: Literal["written", "quoted", "signature"] = "written"


class Attachment(Value):
    """A file. Incoming bytes stay in the raw delivery (`index`) or at the platform (`url`, which expires).

    Outgoing: give `content`, or a public `url` where the channel fetches files itself. `name` is for people
    only: it is cleaned, and never a path. `media_type` may end in `/*` where the platform tells no more.
    An address with a scheme that could do harm (`javascript:`, `data:`, `file:`) is left out of `url`, which may
    therefore be shown as a link; the raw delivery has it.
    `size` is in bytes, `sha256` of the decoded bytes.
    """

    type: Literal["attachment"] = "attachment"
    name: str = ""
    media_type: str = "application/octet-stream"
    size: int | None = Field(default=None, ge=0)
    sha256: str = ""
    url: Link = ""
    external_id: str = ""
    inline: bool = False
    content_id: str = ""
    index: int | None = None
    content: bytes | None = Field(default=None, repr=False)


class Location(Value):
    """A place on earth in degrees (WGS 84)."""

    type: Literal["location"] = "location"
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str = ""


class ContactCard(Value):
    """Somebody's particulars, sent by somebody: an assertion, never proof."""

    type: Literal["contact"] = "contact"
    name: str = ""
    addresses: tuple[Address, ...] = ()


class Option(Value):
    """One thing to choose: the words shown, and the value that comes back; with `url` it opens a page instead.

    `text` is a second line, where the channel shows one (the rows of a list). The scheme of `url` is not looked at
    here: what is offered is ours, and a channel refuses to send what its platform would not open.
    """

    title: str
    value: str = ""
    url: str = ""
    text: str = ""


def _tapped(option: Option) -> Option:
    return option if _followed(option.url) == option.url else option.model_copy(update={"url": ""})


class Choice(Value):
    """Options offered (outgoing), or the one that was chosen (incoming: a tapped button, a quick reply).

    A customer says what was `chosen`: its `url` is left out as a `Reference`'s is.
    """

    type: Literal["choice"] = "choice"
    options: tuple[Option, ...] = ()
    chosen: Annotated[Option, AfterValidator(_tapped)] | None = None


class Card(Value):
    """Something shown with a picture, words and buttons: a product, an order. Several in a row are a carousel.

    `image` is a public address. Where a channel has no cards it becomes readable text.
    """

    type: Literal["card"] = "card"
    title: str
    text: str = ""
    image: str = ""
    options: tuple[Option, ...] = ()


class Template(Value):
    """A message that the platform approved beforehand, with values for its places: for outside a reply window.

    `values` fill the body's places in their order, `header` and `media` the one above it, `buttons` the places of
    its buttons. `text` is what it says in all, for people and for history: the platform does not tell.
    """

    type: Literal["template"] = "template"
    name: str
    language: str = "en"
    values: tuple[str, ...] = ()
    header: str = ""
    media: Attachment | None = None
    buttons: tuple[str, ...] = ()
    text: str = ""


class Reference(Value):
    """A pointer to something that lives elsewhere: a link, story, share, post, product, advertisement.

    `url` may be shown as a link: one with a scheme that could do harm (`javascript:`, `data:`, `file:`) is left out.
    """

    type: Literal["reference"] = "reference"
    what: str = "link"
    url: Link = ""
    title: str = ""
    text: str = ""
    external_id: str = ""


class System(Value):
    """Something that happened rather than was said, or that we cannot show: `what` names it."""

    type: Literal["system"] = "system"
    what: str
    text: str = ""


Part = Annotated[
    Text | Attachment | Location | ContactCard | Choice | Card | Template | Reference | System,
    Field(discriminator="type"),
]
"""One piece of a message: a closed union, told apart by `type`."""


def written(parts: tuple[Part, ...]) -> str:
    """Only what the author newly wrote, without quotes and signature."""
    return "\n".join(part.text for part in parts if part.type == "text" and part.role == "written")


def set_apart(parts: tuple[Part, ...]) -> str:
    """What was split off the text: quoted replies and signatures, in their order."""
    return "\n".join(part.text for part in parts if part.type == "text" and part.role != "written")
