"""What a message is made of. Unknown things become a part that says so; nothing is dropped."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omnichannel.model.address import Address
from omnichannel.model.base import Value


class Text(Value):
    """Words. `role` tells what was newly written from what was quoted or is a signature."""

    type: Literal["text"] = "text"
    text: str
    role: Literal["written", "quoted", "signature"] = "written"


class Attachment(Value):
    """A file. Incoming bytes stay in the raw delivery (`index`) or at the platform (`url`, which expires).

    Outgoing: give `content`, or a public `url` where the channel fetches files itself. `name` is for people
    only: it is cleaned, and never a path. `media_type` may end in `/*` where the platform tells no more.
    `size` is in bytes, `sha256` of the decoded bytes.
    """

    type: Literal["attachment"] = "attachment"
    name: str = ""
    media_type: str = "application/octet-stream"
    size: int | None = Field(default=None, ge=0)
    sha256: str = ""
    url: str = ""
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

    `text` is a second line, where the channel shows one (the rows of a list).
    """

    title: str
    value: str = ""
    url: str = ""
    text: str = ""


class Choice(Value):
    """Options offered (outgoing), or the one that was chosen (incoming: a tapped button, a quick reply)."""

    type: Literal["choice"] = "choice"
    options: tuple[Option, ...] = ()
    chosen: Option | None = None


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
    """A pointer to something that lives elsewhere: a link, story, share, post, product, advertisement."""

    type: Literal["reference"] = "reference"
    what: str = "link"
    url: str = ""
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
