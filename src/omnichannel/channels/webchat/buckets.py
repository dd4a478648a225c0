"""Token buckets, so that nobody gets more than a share; bounded, whatever names strangers make up. Pure."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network


@dataclass
class Buckets:
    """One bucket a name: `size` at once, and `rate` a second ever after. At most `most` are remembered.

    The name that was used longest ago is forgotten first, which gives it a full bucket again: with more strangers
    than that at a time, limits must be kept by what stands in front of the site.
    """

    size: float
    rate: float
    most: int = 10_000
    _filled: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)

    def take(self, name: str, now: datetime) -> float:
        """Take one: 0.0 if there was one, else after how many seconds there is."""
        at = now.timestamp()
        level, since = self._filled.pop(name, (self.size, at))
        level = min(self.size, level + max(0.0, at - since) * self.rate)
        wait = 0.0 if level >= 1 else (1 - level) / self.rate
        self._filled[name] = (level - 1 if wait == 0.0 else level, at)
        if len(self._filled) > self.most:
            self._filled.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._filled)


def origin_of(peer: str, forwarded: str, proxies: int) -> str:
    """Whose request it is: the address that the outermost proxy of ours saw; a /64 of IPv6 is one household.

    What stands further left in X-Forwarded-For, the sender may have written.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    address = hops[-proxies] if 0 < proxies <= len(hops) else peer
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))
