"""Which target holds for a case: the most specific one, and why it is that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from omnichannel.desk.clocks.course import Facts
from omnichannel.desk.hours import CALENDAR_TIME, Hours
from omnichannel.model.desk import Target, Timed


@dataclass(frozen=True)
class Terms:
    """What is promised, and in whose hours: `hours` by team, those of a team that has none under the empty name.

    Without either, working time is day and night.
    """

    targets: Sequence[Target]
    hours: Mapping[str, Hours] = field(default_factory=dict)

    def hours_of(self, target: Target, team: str) -> Hours:
        """The hours that a target counts by, for a team."""
        if target.time == "calendar":
            return CALENDAR_TIME
        return self.hours.get(team) or self.hours.get("") or CALENDAR_TIME


def chosen(targets: Sequence[Target], what: Timed, kind: str, facts: Facts) -> Target | None:
    """The most specific target that fits; None if none does.

    One that names the customer's tier comes before one that does not; then one that names the team, then the
    priority, then the channel. Among equals it is the one that is written first.
    """
    fitting = (target for target in targets if target.what == what and _fits(target, kind, facts))
    return max(fitting, key=_specific, default=None)


def because(target: Target, kind: str, facts: Facts) -> str:
    """Why it is this target, in a sentence."""
    named = [
        f"{what} {said}"
        for what, wanted, said in (
            ("tier", target.tiers, facts.tier),
            ("team", target.teams, facts.team),
            ("priority", target.priorities, facts.priority),
            ("channel", target.kinds, kind),
        )
        if wanted
    ]
    reason = f"nothing that fits says more than {', '.join(named)}" if named else "no other fits"
    return f"target {target.name!r}: {reason}"


def _fits(target: Target, kind: str, facts: Facts) -> bool:
    return (
        (not target.kinds or kind in target.kinds)
        and (not target.teams or facts.team in target.teams)
        and (not target.tiers or facts.tier in target.tiers)
        and (not target.priorities or facts.priority in target.priorities)
    )


def _specific(target: Target) -> tuple[bool, bool, bool, bool]:
    return bool(target.tiers), bool(target.teams), bool(target.priorities), bool(target.kinds)
