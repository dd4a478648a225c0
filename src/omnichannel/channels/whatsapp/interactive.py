"""Choices as WhatsApp shows them: up to three buttons, a list of up to ten rows, or one button that opens a page.

Limits: Meta's "Interactive messages" (buttons: title 20, id 256; rows: title 24, description 72, id 200; body 1024).
"""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Option
from omnichannel.toolbox import Json

MOST_OPTIONS = 10
MOST_BUTTONS = 3
LONGEST_BODY = 1024

_TITLE, _BUTTON_ID = 20, 256
_ROW_TITLE, _ROW_ID, _ROW_TEXT = 24, 200, 72


def interactive(options: tuple[Option, ...], body: str, menu: str) -> dict[str, Json]:
    """The `interactive` object for these options below a text. Raises Unsupported or TooLarge."""
    if any(not option.title.strip() for option in options):
        raise Unsupported("an option needs a title to be shown")
    if len(options) > MOST_OPTIONS:
        raise TooLarge(f"{len(options)} options; WhatsApp shows at most {MOST_OPTIONS}")
    if any(option.url for option in options):
        return _page(options, body)
    _refuse_twins(options)
    if len(options) <= MOST_BUTTONS and not any(_needs_list(option) for option in options):
        return _buttons(options, body)
    return _list(options, body, menu)


def _value(option: Option) -> str:
    return option.value or option.title


def _refuse_twins(options: Iterable[Option]) -> None:
    seen: set[str] = set()
    for option in options:
        for word in {_value(option), f"title {option.title}"}:
            if word in seen:
                raise Unsupported(
                    f"two options are called {option.title!r} or have the same value; WhatsApp wants each once"
                )
            seen.add(word)


def _needs_list(option: Option) -> bool:
    return bool(option.text.strip()) or len(option.title) > _TITLE


def _checked(what: str, text: str, most: int) -> str:
    if len(text) > most:
        raise TooLarge(
            f"the {what} {text!r} has {len(text)} characters; WhatsApp shows at most {most}. Shorten it, and put "
            "the long form into the text"
        )
    return text


def _page(options: tuple[Option, ...], body: str) -> dict[str, Json]:
    if len(options) != 1:
        raise Unsupported(
            "WhatsApp shows one button that opens a page, and no other beside it; put further links into the text"
        )
    option = options[-1]
    title = _checked("option", option.title, _TITLE)
    action: Json = {"name": "cta_url", "parameters": {"display_text": title, "url": option.url}}
    return {"type": "cta_url", "body": {"text": body}, "action": action}


def _buttons(options: tuple[Option, ...], body: str) -> dict[str, Json]:
    buttons: list[Json] = [
        {
            "type": "reply",
            "reply": {"id": _checked("value", _value(option), _BUTTON_ID), "title": option.title},
        }
        for option in options
    ]
    return {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}


def _list(options: tuple[Option, ...], body: str, menu: str) -> dict[str, Json]:
    rows: list[Json] = [_row(option) for option in options]
    return {"type": "list", "body": {"text": body}, "action": {"button": menu, "sections": [{"rows": rows}]}}


def _row(option: Option) -> Json:
    row: dict[str, Json] = {
        "id": _checked("value", _value(option), _ROW_ID),
        "title": _checked("option", option.title, _ROW_TITLE),
    }
    if option.text.strip():
        row["description"] = _checked("second line", option.text, _ROW_TEXT)
    return row
