"""A message of the emulated Telegram as a person sees it: words, buttons, files."""

from __future__ import annotations

from omnichannel.emulators.emulator import Button, File, Seen
from omnichannel.emulators.telegram_world import Content, called, words
from omnichannel.toolbox import items, obj, string

_FILES = ("photo", "document", "video", "audio", "voice", "animation")


def seen(message: Content) -> Seen:
    """Files by their names; a photo has none."""
    files = tuple(
        File(string(message[kind], "file_name") or f"[{kind}]") for kind in _FILES if kind in message
    )
    text = string(message, "caption") if files else words(message)
    return Seen(text, called(message), _buttons(message), files)


def _buttons(message: Content) -> tuple[Button, ...]:
    rows = items(obj(message, "reply_markup"), "inline_keyboard")
    listed = [button for row in rows for button in (row if isinstance(row, list) else ())]
    return tuple(
        Button(string(one, "text"), string(one, "callback_data"), string(one, "url")) for one in listed
    )
