"""Checking how calls are to be received, before the first one comes."""

from __future__ import annotations

from omnichannel.channels.voice.twiml import Then
from omnichannel.errors import ConfigError
from omnichannel.platforms.twilio import numbers

_THENS: dict[str, Then] = {"voicemail": "voicemail", "queue": "queue", "say": "say"}


def then_of(given: str) -> Then:
    """What follows the greeting. Raises ConfigError."""
    if given not in _THENS:
        raise ConfigError("then", f"{given[:20]!r} is nothing that can follow", f"Use {', '.join(_THENS)}")
    return _THENS[given]


def key_of(given: str) -> str:
    """One key of a telephone, or none. Raises ConfigError."""
    if given and (len(given) != 1 or given not in "0123456789*"):
        raise ConfigError(
            "callback_key", f"{given[:20]!r} is no key", "Use one of 0 to 9, or *; empty for none"
        )
    return given


def seconds_of(given: int) -> int:
    """How long a message may be: Twilio records at most four hours. Raises ConfigError."""
    if not 1 <= given <= 14_400:
        raise ConfigError("longest", "a message has between 1 and 14400 seconds", "Leave it out for 120")
    return given


def number_of(given: str, setting: str) -> str:
    """A number in E.164, or none. Raises ConfigError."""
    if given and numbers.phone(given) is None:
        raise ConfigError(setting, "it is no international number", "Write it as +31201234567")
    return given.strip()


def region_of(given: str) -> str:
    """A country by its two letters, or none. Raises ConfigError."""
    if given and not (len(given) == 2 and given.isascii() and given.isalpha()):
        raise ConfigError("region", f"{given[:20]!r} is no country", 'Use its two letters, such as "NL"')
    return given.upper()
