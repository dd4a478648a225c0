"""The nouns: one word per idea, the same word everywhere. Frozen values; nothing here does anything."""

from omnichannel.model.access import Act, Checked, Gone, Grant, Permission, Reach, Seal, Verdict
from omnichannel.model.address import Account, Address, Claim, Evidence, Party, Purpose, Strength
from omnichannel.model.agent import Agent, Presence
from omnichannel.model.base import UtcTime, Value
from omnichannel.model.capability import Capabilities, Measure, TextLimit, Window
from omnichannel.model.draft import Deferred, Doubt, Draft, Preview, Receipt, Refused, Sent, Unknown
from omnichannel.model.event import (
    Automatic,
    Direction,
    Event,
    Ignored,
    Received,
    Unreadable,
    Updated,
)
from omnichannel.model.following import Endpoint, Follower, Includes, Notice, NoticeData
from omnichannel.model.part import (
    Attachment,
    Card,
    Choice,
    ContactCard,
    Location,
    Option,
    Part,
    Reference,
    System,
    Template,
    Text,
    set_apart,
    written,
)
from omnichannel.model.rights import Carried, ErasureMark, Export, ExportedFile, Kept, LeftOut, Proof, Stated
from omnichannel.model.search import (
    Excerpt,
    FoundCustomer,
    FoundCustomers,
    FoundMessage,
    FoundMessages,
    Indexed,
    Query,
    Term,
    Where,
)
from omnichannel.model.talk import (
    Audit,
    Challenge,
    Conversation,
    Customer,
    Delivered,
    Happening,
    Likeness,
    Message,
    Pair,
    Parked,
    Reached,
    Suggestion,
    Weight,
)

__all__ = [
    "Account", "Act", "Address", "Agent", "Attachment", "Audit", "Automatic", "Capabilities", "Card", "Carried",
    "Challenge", "Checked", "Choice", "Claim", "ContactCard", "Conversation", "Customer", "Deferred", "Delivered",
    "Direction", "Doubt", "Draft", "Endpoint", "ErasureMark", "Event", "Evidence", "Excerpt", "Export",
    "ExportedFile", "Follower", "FoundCustomer", "FoundCustomers", "FoundMessage", "FoundMessages", "Gone", "Grant",
    "Happening", "Ignored", "Includes", "Indexed", "Kept", "LeftOut", "Likeness", "Location", "Measure",
    "Message", "Notice", "NoticeData", "Option", "Pair", "Parked", "Part", "Party", "Permission", "Presence",
    "Preview", "Proof", "Purpose", "Query", "Reach", "Reached", "Receipt", "Received", "Reference", "Refused",
    "Seal", "Sent", "Stated", "Strength", "Suggestion", "System", "Template", "Term", "Text", "TextLimit",
    "Unknown", "Unreadable", "Updated", "UtcTime", "Value", "Verdict", "Weight", "Where", "Window", "set_apart",
    "written",
]  # fmt: skip
