"""Who is one customer: addresses, the journal of evidence about them, and what follows from it. Pure."""

from omnichannel.identity.addresses import normalise
from omnichannel.identity.customers import (
    Partition,
    RefusedLink,
    check_accept,
    derive,
    joins,
    unmerge,
)
from omnichannel.identity.journal import Entry, live, undo
from omnichannel.identity.mentions import mentioned
from omnichannel.identity.policy import DISCLOSE, METHODS, Method, Policy
from omnichannel.identity.reasons import explain, path
from omnichannel.identity.roles import is_role
from omnichannel.identity.scripts import mixed_script
from omnichannel.identity.suggestions import Suggested, suggestions
from omnichannel.identity.tokens import Token, digest, is_one_time, mark, new_token, read_mark

__all__ = [
    "DISCLOSE", "METHODS", "Entry", "Method", "Partition", "Policy", "RefusedLink", "Suggested", "Token",
    "check_accept", "derive", "digest", "explain", "is_one_time", "is_role", "joins", "live", "mark",
    "mentioned", "mixed_script", "new_token", "normalise", "path", "read_mark", "suggestions", "undo", "unmerge",
]  # fmt: skip
