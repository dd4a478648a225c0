"""The inbox in somebody's hands: what they may do is looked up first, and what they do or see stands on the trail.

`needs` which permission each method needs · `subjects` what a call is about · `scene` the inbox during one call ·
`hands` what `inbox.acting_as(…)` gives.
"""

from omnichannel.inbox.acting.hands import in_the_hands_of
from omnichannel.inbox.acting.needs import NEEDS, OURS

__all__ = ["NEEDS", "OURS", "in_the_hands_of"]
