"""The messages that a draft becomes: what stands below what, in which order, and what is one message with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from omnichannel.channels.whatsapp import upload
from omnichannel.channels.whatsapp.interactive import LONGEST_BODY, interactive
from omnichannel.channels.whatsapp.template import MEDIA_CHAIN, template
from omnichannel.errors import Unsupported
from omnichannel.model import Attachment, Choice, ContactCard, Location, Option, Part, Template, Text
from omnichannel.toolbox import Json, split

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

_LINK = re.compile(r"https?://\S")

Sayable = Text | Attachment | Choice | Location | ContactCard | Template
"""What WhatsApp shows."""


@dataclass
class Piece:
    """One message as the customer will see it. `file` is uploaded first, and its id goes to `chain`."""

    content: dict[str, Json]
    text: str = ""
    file: Attachment | None = None
    chain: str = ""
    caption: dict[str, Json] | None = None
    """The object that takes words below it, while it has none."""

    def say_below(self, words: str) -> bool:
        """Put words below a file, if it can have them and has none; whether it was done."""
        if self.caption is None or not words.strip() or len(words) > LONGEST_CAPTION:
            return False
        self.caption["caption"] = self.text = words
        self.caption = None
        return True


def pieces(parts: tuple[Sayable, ...], menu: str) -> Iterator[Piece]:
    """What is said, in order. Words beside a picture, film or document are its caption: two messages might swap.

    A choice stands below the last text, and last, so that it is what the customer sees.
    """
    options = tuple(option for part in parts if isinstance(part, Choice) for option in part.options)
    blocks = _blocks(parts)
    question = _question(blocks) if options else ""
    yield from _said(blocks)
    if options:
        yield from _asked(question, options, menu)


def _blocks(parts: tuple[Sayable, ...]) -> list[Sayable]:
    """Texts that follow each other are one text; everything else keeps its place."""
    blocks: list[Sayable] = []
    for part in parts:
        last = blocks[-1] if blocks else None
        if isinstance(part, Text) and isinstance(last, Text):
            blocks[-1] = Text(text=f"{last.text}\n{part.text}")
        elif not isinstance(part, Choice):
            blocks.append(part)
    return blocks


def _said(blocks: list[Sayable]) -> list[Piece]:
    found: list[Piece] = []
    words = ""  # said, and waiting for a file that it stands below
    for part in blocks:
        if isinstance(part, Text):
            words = "" if found and found[-1].say_below(part.text) else part.text
            continue
        piece = _piece(part)
        if not piece.say_below(words):
            found += _texts(words)
        words = ""
        found.append(piece)
    return [*found, *_texts(words)]


def _question(blocks: list[Sayable]) -> str:
    """The last text, taken out."""
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if isinstance(block, Text) and block.text.strip():
            del blocks[index]
            return block.text
    raise Unsupported("a choice needs a text above it that asks; write one")


def _asked(question: str, options: tuple[Option, ...], menu: str) -> Iterator[Piece]:
    """The question with its options; what is too long for one message is said before, its end stays with them."""
    *before, last = _cut(question, LONGEST_TEXT)
    *more, body = _cut(last, LONGEST_BODY)
    yield from (_text(text) for text in (*before, *more))
    yield Piece({"type": "interactive", "interactive": interactive(options, body, menu)}, body)


def _cut(words: str, most: int) -> list[str]:
    # WhatsApp refuses a text of spaces alone, and it would show nothing.
    return [text for text in split(words, most, len) if text.strip()]


def _texts(words: str) -> list[Piece]:
    return [_text(text) for text in _cut(words, LONGEST_TEXT)]


def _text(text: str) -> Piece:
    return Piece({"type": "text", "text": {"body": text, "preview_url": bool(_LINK.search(text))}}, text)


def _piece(part: Part) -> Piece:
    if isinstance(part, Attachment):
        return _file(part)
    if isinstance(part, Template):
        return _template(part)
    if isinstance(part, ContactCard):
        return Piece({"type": "contacts", "contacts": [_card(part)]}, part.name)
    if isinstance(part, Location):
        place: dict[str, Json] = {"latitude": part.latitude, "longitude": part.longitude}
        if part.name:
            place["name"] = part.name
        return Piece({"type": "location", "location": place}, part.name)
    raise Unsupported(f"WhatsApp cannot send a {part.type}; write it as text")


def _file(part: Attachment) -> Piece:
    as_what = upload.sending(part)
    body: dict[str, Json] = {**as_what.fields}
    return Piece(
        content={"type": as_what.kind, as_what.kind: body},
        text=part.name or part.url,
        file=part if part.content is not None else None,
        chain=f"/{as_what.kind}/id" if part.content is not None else "",
        caption=body if as_what.takes_caption else None,
    )


def _template(part: Template) -> Piece:
    media = upload.sending(part.media) if part.media else None
    uploads = part.media if part.media and part.media.content is not None else None
    return Piece(
        content={"type": "template", "template": template(part, media)},
        text=part.text or part.name,
        file=uploads,
        chain=MEDIA_CHAIN.format(kind=media.kind) if media and uploads else "",
    )


def _card(part: ContactCard) -> Json:
    """A card needs a name, and a second time a part of it."""
    if not part.name.strip():
        raise Unsupported("WhatsApp wants a name on a contact card")
    phones: list[Json] = []
    emails: list[Json] = []
    for address in part.addresses:
        if address.kind == "phone":
            phones.append({"phone": address.value, "wa_id": address.value.removeprefix("+")})
        elif address.kind == "email":
            emails.append({"email": address.value})
        else:
            raise Unsupported(
                f"a contact card holds numbers and mail addresses, not {address}; write it as text"
            )
    card: dict[str, Json] = {"name": {"formatted_name": part.name, "first_name": part.name}}
    if phones:
        card["phones"] = phones
    if emails:
        card["emails"] = emails
    return card
