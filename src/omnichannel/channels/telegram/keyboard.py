"""Options as buttons under a message. They stay there: whoever taps one sends its value, or opens its page.

Limits: Bot API 10.1, `InlineKeyboardButton`; 100 buttons as python-telegram-bot's constants have it.
"""

from __future__ import annotations

from collections.abc import Sequence

from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Option
from omnichannel.toolbox import Json, size

MOST_OPTIONS = 100
LONGEST_VALUE = 64
"""Bytes of what a tapped button brings back."""

_PAGES = ("https://", "http://", "tg://")


def keyboard(options: Sequence[Option]) -> Json:
    """One button a line, so that no title is cut. Raises Unsupported or TooLarge."""
    if len(options) > MOST_OPTIONS:
        raise TooLarge(f"{len(options)} options; Telegram shows at most {MOST_OPTIONS}")
    return {"inline_keyboard": [[_button(option)] for option in options]}


def _button(option: Option) -> Json:
    if not option.title.strip():
        raise Unsupported("an option needs a title to be shown")
    title = f"{option.title} - {option.text}" if option.text else option.title
    if option.url:
        if not option.url.startswith(_PAGES):
            raise Unsupported(f"the option {option.title!r} opens no page: its url must begin with https://")
        return {"text": title, "url": option.url}
    value = option.value or option.title
    if size(value, "bytes") > LONGEST_VALUE:
        raise TooLarge(
            f"the value of {option.title!r} has {size(value, 'bytes')} bytes; Telegram brings back at most "
            f"{LONGEST_VALUE}. Give a short value, and look up what it stands for"
        )
    return {"text": title, "callback_data": value}
