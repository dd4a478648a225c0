"""From parts to message objects: what one call holds up to five of. Pure.

Limits: "Message objects", "Quick reply", "Action objects" and "Flex Message" in LINE's reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Card, Choice, Location, Option, Part, Reference, Text
from omnichannel.toolbox import Json, size, split

LONGEST_TEXT = 5000
"""UTF-16 units of one text ("Character counting in a text")."""
MOST_OPTIONS = 13
MOST_CARDS = 12
LONGEST_LABEL = 20
LONGEST_DATA = 300
LONGEST_PLACE = 100
LONGEST_ALT = 1500
MOST_IMAGE_BYTES = 10 * 1024 * 1024
IMAGES = ("image/jpeg", "image/png")


def messages(parts: Sequence[Part]) -> Iterator[dict[str, Json]]:
    """Texts that follow each other are one text, cards one carousel; everything else keeps its place."""
    shown = [part for part in parts if not isinstance(part, Choice)]
    for kind, run in groupby(shown, key=_kind):
        group = list(run)
        if kind == "text":
            yield from _texts(group)
        elif kind == "card":
            yield _cards([part for part in group if isinstance(part, Card)])
        else:
            yield from (_message(part) for part in group)


def _kind(part: Part) -> str:
    """What a part becomes: a link is words, because LINE shows what is behind one by itself."""
    return "text" if isinstance(part, Reference) and part.what != "sticker" else part.type


def _texts(parts: Sequence[Part]) -> Iterator[dict[str, Json]]:
    words = "\n".join(part.text if isinstance(part, Text) else _link(part) for part in parts)
    for piece in split(words, LONGEST_TEXT, lambda text: size(text, "utf16")):
        if piece.strip():
            yield {"type": "text", "text": piece}


def _link(part: Part) -> str:
    told = (part.title, part.text, part.url) if isinstance(part, Reference) else ()
    return "\n".join(dict.fromkeys(filter(None, told)))


def _message(part: Part) -> dict[str, Json]:
    if isinstance(part, Attachment):
        return _image(part)
    if isinstance(part, Location):
        return _place(part)
    package, _, sticker = part.external_id.partition("/") if isinstance(part, Reference) else ("", "", "")
    if not (package.isdigit() and sticker.isdigit()):
        raise Unsupported("a sticker is named package/sticker, such as 446/1988 (LINE's list of stickers)")
    return {"type": "sticker", "packageId": package, "stickerId": sticker}


def _image(part: Attachment) -> dict[str, Json]:
    if part.media_type not in IMAGES:
        raise Unsupported(
            f"LINE sends pictures ({', '.join(IMAGES)}), not {part.media_type}; send its address as text"
        )
    if not part.url.startswith("https://"):
        raise Unsupported(
            f"LINE fetches {part.name or 'the picture'} itself: give it by an https address (url)"
        )
    if (part.size or 0) > MOST_IMAGE_BYTES:
        raise TooLarge(
            f"{part.name!r} has {part.size} bytes; LINE takes {MOST_IMAGE_BYTES}. Send its address as text"
        )
    return {"type": "image", "originalContentUrl": part.url, "previewImageUrl": part.url}


def _place(part: Location) -> dict[str, Json]:
    name = part.name or f"{part.latitude}, {part.longitude}"
    if size(name, "utf16") > LONGEST_PLACE:
        raise TooLarge(f"the place's name has more than {LONGEST_PLACE} characters; put it into the text")
    return {
        "type": "location", "title": name, "address": name, "latitude": part.latitude, "longitude": part.longitude,
    }  # fmt: skip


def _cards(cards: Sequence[Card]) -> dict[str, Json]:
    """Cards as a Flex Message: several side by side, as long as they need to be."""
    if len(cards) > MOST_CARDS:
        raise TooLarge(f"{len(cards)} cards in a row; LINE shows at most {MOST_CARDS}")
    bubbles: list[Json] = [_bubble(card) for card in cards]
    contents: Json = bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": bubbles}
    # What a notification shows; everything is in the cards themselves.
    alt = split(", ".join(card.title for card in cards), LONGEST_ALT, lambda text: size(text, "utf16"))[0]
    return {"type": "flex", "altText": alt, "contents": contents}


def _bubble(card: Card) -> Json:
    words: list[Json] = [{"type": "text", "text": card.title, "weight": "bold", "wrap": True}]
    if card.text:
        words.append({"type": "text", "text": card.text, "wrap": True})
    bubble: dict[str, Json] = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": words},
    }
    if card.image:
        if not card.image.startswith("https://"):
            raise Unsupported("LINE fetches a card's picture itself: give it by an https address")
        bubble["hero"] = {"type": "image", "url": card.image, "size": "full"}
    if card.options:
        buttons: list[Json] = [{"type": "button", "action": _action(option)} for option in card.options]
        bubble["footer"] = {"type": "box", "layout": "vertical", "contents": buttons}
    return bubble


def quick_reply(options: Sequence[Option]) -> Json:
    """Buttons under the last message; they are gone when another follows."""
    if len(options) > MOST_OPTIONS:
        raise TooLarge(f"{len(options)} options; LINE shows at most {MOST_OPTIONS}")
    return {"items": [{"type": "action", "action": _action(option)} for option in options]}


def _action(option: Option) -> Json:
    """What a tap does: it opens a page, or sends the value back, while the words stand in the chat."""
    if not option.title.strip():
        raise Unsupported("an option needs a title to be shown")
    if len(option.title) > LONGEST_LABEL:
        raise TooLarge(
            f"the option {option.title!r} is longer than {LONGEST_LABEL} characters; shorten its title"
        )
    if option.url:
        return {"type": "uri", "label": option.title, "uri": option.url}
    data = option.value or option.title
    if size(data, "utf16") > LONGEST_DATA:
        raise TooLarge(f"the value of {option.title!r} is longer than {LONGEST_DATA} characters; shorten it")
    return {"type": "postback", "label": option.title, "data": data, "displayText": option.title}
