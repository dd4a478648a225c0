"""Checking what only WhatsApp's accounts are set up with; the rest is `platforms.meta.settings`."""

from __future__ import annotations

from omnichannel.channels.whatsapp.people import phone_of
from omnichannel.errors import ConfigError

TOKEN_CURE = (
    "Make one for a system user in Meta's Business settings, with whatsapp_business_messaging and "  # noqa: S105 - advice
    "whatsapp_business_management"
)
NUMBER_ID_CURE = (
    "Find it in the app's dashboard under WhatsApp > API Setup, below the number: it is not the number"
)
ACCOUNT_CURE = "Find it in the app's dashboard under WhatsApp > API Setup: WhatsApp Business Account ID"
PORTFOLIO_CURE = "Find it in Meta's Business settings under Business info, or leave it out"

LONGEST_MENU = 20


def digits_of(given: str) -> str:
    """Our own number in digits, country code first, as wa.me links want it. Raises ConfigError."""
    found = phone_of(given)
    if not given.strip().startswith("+") or found is None:
        raise ConfigError(
            "number",
            "it is no international number" if given.strip() else "it is missing",
            "Write the number that customers write to with its country code, such as +31612345678",
        )
    return found.value.removeprefix("+")


def menu_of(given: str) -> str:
    """What stands on the button that opens a list. 1 to 20 characters, else it raises ConfigError."""
    if not 0 < len(given.strip()) <= LONGEST_MENU:
        problem = f"it has {len(given)} characters" if given.strip() else "it is empty"
        raise ConfigError("menu", problem, f"Write 1 to {LONGEST_MENU} characters, such as Choose")
    return given
