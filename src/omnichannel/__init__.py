"""omnichannel: every channel a customer writes on, in one typed inbox that knows it is the same customer."""

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
    Choice,
    Claim,
    Conversation,
    Customer,
    Direction,
    Draft,
    Message,
    Option,
    Part,
    Party,
    Receipt,
    Strength,
    Suggestion,
    Text,
)

__all__ = [
    "Account", "Ack", "Address", "Agent", "Attachment", "Capabilities", "Channel", "Choice", "Claim",
    "Conversation", "Customer", "Delivery", "Direction", "Draft", "Inbox", "Incoming", "Message",
    "OmnichannelError", "Option", "Part", "Party", "Receipt", "Rules", "Strength", "Suggestion", "Text",
]  # fmt: skip
