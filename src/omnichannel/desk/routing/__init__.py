"""Routing: where a question goes, by rules of which the first that fits decides; and why. Pure."""

from omnichannel.desk.routing.rules import Route, Then, When
from omnichannel.desk.routing.seen import Seen
from omnichannel.desk.routing.taking import Passed, Routed, route

__all__ = ["Passed", "Route", "Routed", "Seen", "Then", "When", "route"]
