"""The contract kit: what every channel keeps, as checks that its author did not write.

cases ── what was recorded    checks ── the rules    contract ── both as tests    record ── filling in cases
"""

from omnichannel.testing.contract import ChannelContract

__all__ = ["ChannelContract"]
