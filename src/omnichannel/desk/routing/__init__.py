"""Routing: where a question goes, by rules of which the first that fits decides; and why. Pure."""

from omnichannel.desk.routing.asking import Again, asks
from omnichannel.desk.routing.checking import check, check_fields
from omnichannel.desk.routing.history import Between, Earlier
from omnichannel.desk.routing.manners import Mannered, complains_in_public, is_praise, manners
from omnichannel.desk.routing.reasons import reasons
from omnichannel.desk.routing.rules import Route, Then, When
from omnichannel.desk.routing.seen import Seen
from omnichannel.desk.routing.settling import BESIDE, Settled, by_hand, settle
from omnichannel.desk.routing.taking import Passed, Routed, route
from omnichannel.desk.routing.trial import Trial, Tried, differences

__all__ = [
    "BESIDE",
    "Again",
    "Between",
    "Earlier",
    "Mannered",
    "Passed",
    "Route",
    "Routed",
    "Seen",
    "Settled",
    "Then",
    "Trial",
    "Tried",
    "When",
    "asks",
    "by_hand",
    "check",
    "check_fields",
    "complains_in_public",
    "differences",
    "is_praise",
    "manners",
    "reasons",
    "route",
    "settle",
]  # fmt: skip
