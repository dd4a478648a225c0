"""Who is one customer: addresses, the journal of evidence about them, and what follows from it. Pure."""

from omnichannel.identity.addresses import normalise
from omnichannel.identity.codes import is_code
from omnichannel.identity.customers import Partition, RefusedLink, derive
from omnichannel.identity.decisions import check_accept, unmerge
from omnichannel.identity.epochs import beginnings, departures, ties
from omnichannel.identity.groups import Obstacle
from omnichannel.identity.journal import Entry, live, undo
from omnichannel.identity.links import counts, joins, mutual
from omnichannel.identity.mentions import mentioned
from omnichannel.identity.points import UNPROVEN, Point, Said, owned, owner, unproven
from omnichannel.identity.policy import KINDS, METHODS, POLICY, Kind, Method, Policy
from omnichannel.identity.reasons import explain, path
from omnichannel.identity.roles import is_role
from omnichannel.identity.scripts import mixed_script
from omnichannel.identity.shared import shared
from omnichannel.identity.suggestions import Suggested, suggestions
from omnichannel.identity.tokens import Token, digest, is_one_time, mark, new_token, read_mark
from omnichannel.model import Purpose

__all__ = [
    "KINDS", "METHODS", "POLICY", "UNPROVEN", "Entry", "Kind", "Method", "Obstacle", "Partition", "Point", "Policy",
    "Purpose", "RefusedLink", "Said", "Suggested", "Token", "beginnings", "check_accept", "counts", "departures",
    "derive", "digest", "explain", "is_code", "is_one_time", "is_role", "joins", "live", "mark", "mentioned",
    "mixed_script", "mutual", "new_token", "normalise", "owned", "owner", "path", "read_mark", "shared",
    "suggestions", "ties", "undo", "unmerge", "unproven",
]  # fmt: skip
