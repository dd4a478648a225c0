"""Record files resolved in one go: records in, clusters out. Pure."""

from omnichannel.identity.resolving.resolve import Resolved, resolve

__all__ = ["Resolved", "resolve"]
