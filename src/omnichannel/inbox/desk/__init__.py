"""The desk: who answers what, decided by the plan or by hand, written down with its reasons, and taken back.

[happenings] → refresh → decide → give out
"""

from omnichannel.inbox.desk.surface import Desk

__all__ = ["Desk"]
