"""Words as Telegram sends them: positions counted in UTF-16 units, links beside the text, rich blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from omnichannel.model import Reference
from omnichannel.toolbox import Json, is_object, items, number, obj, string


def cut(text: str, offset: int, length: int) -> str:
    """The piece of a text that an entity is about (Bot API, `MessageEntity`); empty where it points outside."""
    if offset < 0 or length <= 0:
        return ""
    if text.isascii():
        return text[offset : offset + length]
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def links(text: str, entities: Iterator[Json]) -> Iterator[Reference]:
    """What the words point at without saying it: links under words, people without a username.

    Addresses, names and numbers that stand in the text itself need no pointer.
    """
    for entity in entities:
        covered = cut(text, int(number(entity, "offset") or 0), int(number(entity, "length") or 0))
        if string(entity, "type") == "text_link":
            yield Reference(what="link", url=string(entity, "url"), title=covered)
        elif string(entity, "type") == "text_mention":
            yield Reference(what="mention", title=covered, external_id=string(obj(entity, "user"), "id"))


def flat(rich: Json) -> str:
    """A `RichText` as plain words: a text, a list of them, or an object around one."""
    if isinstance(rich, str):
        return rich
    if isinstance(rich, list):
        return "".join(map(flat, rich))
    if not is_object(rich):
        return ""
    said = flat(rich.get("text")) or string(rich, "alternative_text") or string(rich, "expression")
    # A button within the text (`RichTextButton`, Bot API 10.3).
    return said or (flat(rich["button"]) if "button" in rich else "")


def lines(block: Json) -> Iterator[str]:
    """A `RichMessage`, or one block of it, line by line as it is read."""
    if not is_object(block):
        return
    yield from filter(
        None, (flat(block.get("summary")), flat(block.get("text")), string(block, "expression"))
    )
    cells = block.get("cells")
    for row in cells if isinstance(cells, list) else ():
        yield " | ".join(flat(cell) for cell in row) if isinstance(row, list) else flat(row)
    for item in items(block, "items"):
        yield " ".join(filter(None, (string(item, "label"), "\n".join(lines(item)))))
    for inner in items(block, "blocks"):
        yield from lines(inner)
    if labels := [flat(button) for button in items(block, "buttons")]:
        yield " | ".join(labels)
    caption = block.get("caption")
    yield from lines(caption) if is_object(caption) and "text" in caption else filter(None, (flat(caption),))
    yield from filter(None, (flat(block.get("credit")),))


def pointed(rich: Json) -> Iterator[Reference]:
    """The links of a `RichMessage`, wherever they stand in it."""
    if is_object(rich) and rich.get("type") == "url" and "url" in rich:
        yield Reference(what="link", url=string(rich, "url"), title=flat(rich))
    inner = rich.values() if is_object(rich) else rich if isinstance(rich, list) else ()
    for one in inner:
        yield from pointed(one)


def rich_buttons(rich: Json) -> Iterator[Json]:
    """The buttons of a `RichMessage`, in its blocks and within its texts (Bot API 10.3)."""
    if is_object(rich):
        if rich.get("type") == "button":
            yield rich.get("button")
        elif rich.get("type") == "buttons":
            yield from items(rich, "buttons")
        else:
            for one in rich.values():
                yield from rich_buttons(one)
    elif isinstance(rich, list):
        for one in rich:
            yield from rich_buttons(one)


def compact(value: Json) -> str:
    """JSON in its one canonical spelling: keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
