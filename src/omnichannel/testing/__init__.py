"""The contract kit: what every channel keeps, as checks that its author did not write.

cases ── what was recorded    checks ── the rules    contract, link_contract ── both as tests    record ── filling in
cases    running ── without pytest    stage ── an inbox with scripted peers, for who builds an application
"""

from omnichannel.testing.contract import ChannelContract
from omnichannel.testing.link_contract import LinkContract

__all__ = ["ChannelContract", "LinkContract"]
