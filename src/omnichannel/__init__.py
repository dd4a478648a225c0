"""omnichannel: every channel a customer writes on, in one typed inbox that knows it is the same customer."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnichannel.app import Inbox
    from omnichannel.channel import Ack, Channel, Delivery
    from omnichannel.errors import OmnichannelError
    from omnichannel.inbox import Incoming, Rules
    from omnichannel.model import (
        Account,
        Address,
        Agent,
        Attachment,
        Capabilities,
        Card,
        Choice,
        Claim,
        Conversation,
        Customer,
        Direction,
        Draft,
        Location,
        Message,
        Option,
        Part,
        Party,
        Preview,
        Receipt,
        Strength,
        Suggestion,
        Template,
        Text,
    )

__all__ = [
    "Account", "Ack", "Address", "Agent", "Attachment", "Capabilities", "Card", "Channel", "Choice", "Claim",
    "Conversation", "Customer", "Delivery", "Direction", "Draft", "Inbox", "Incoming", "Location", "Message",
    "OmnichannelError", "Option", "Part", "Party", "Preview", "Receipt", "Rules", "Strength", "Suggestion",
    "Template", "Text",
]  # fmt: skip

_HOME = {
    "Inbox": "app",
    "Ack": "channel",
    "Channel": "channel",
    "Delivery": "channel",
    "OmnichannelError": "errors",
    "Incoming": "inbox",
    "Rules": "inbox",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: whoever only parses a file does not load a web client."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'model')}"), name)
