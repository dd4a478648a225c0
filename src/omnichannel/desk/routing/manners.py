"""What is done with praise and with complaints in public where no rule says otherwise."""

from __future__ import annotations

from typing import NamedTuple

from omnichannel.desk.routing.rules import Then
from omnichannel.desk.routing.seen import Seen
from omnichannel.desk.routing.taking import Routed
from omnichannel.model.desk import Intent, Reading

SURE, HARDLY = 0.7, 0.4
"""How likely praise has to be, and how unlikely everything else, for nobody to have to look at it.

Higher than what rules take for granted (0.5): who praises and is overlooked loses nothing, who asks does.
"""

_REST = tuple(intent for intent in Intent if intent is not Intent.COMPLIMENT)


class Mannered(NamedTuple):
    """What is done beside the rule that took it, and why; None: nothing."""

    then: Then
    because: str


def is_praise(reading: Reading) -> bool:
    """Whether words surely praise, and surely want nothing else."""
    wants = any(reading.probability(intent) >= HARDLY for intent in _REST)
    return reading.probability(Intent.COMPLIMENT) >= SURE and not wants and reading.urgency < HARDLY


def complains_in_public(seen: Seen) -> bool:
    """Whether everybody can read that somebody is displeased with us: likelier than not, whatever else is likelier.

    Below 0.5, each complaint more that is found costs another message that is none and would stand first as well
    (`python -m bench classify`): so the line stays.
    """
    return seen.public and seen.reading.holds(Intent.COMPLAINT)


def manners(seen: Seen, routed: Routed, *, quiet: bool) -> Mannered | None:
    """What is done where the rule that took it left it open. `quiet`: nobody has to answer praise."""
    then = routed.then
    if complains_in_public(seen) and then.priority is None and not (then.spam or then.quiet):
        return Mannered(Then(priority="urgent"), "a complaint that everybody can read is looked at first")
    if quiet and not routed.route and is_praise(seen.reading):
        return Mannered(Then(quiet=True), "it is praise, and asks for nothing")
    return None
