"""For who writes a channel, the contract kit; for who builds an application, a stage.

cases ── what was recorded    checks ── the rules that every channel keeps    contract, link_contract ── both as tests
record ── filling in cases    running ── without pytest    stage ── an inbox in memory with scripted people
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnichannel.testing.contract import ChannelContract
    from omnichannel.testing.link_contract import LinkContract
    from omnichannel.testing.stage import Stage

__all__ = ["ChannelContract", "LinkContract", "Stage"]

_ROOMS = {"ChannelContract": "contract", "LinkContract": "link_contract", "Stage": "stage"}


def __getattr__(name: str) -> object:
    """Each from its room when it is wanted: a stage needs neither pytest nor hypothesis, a contract does."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        room = import_module(f"{__name__}.{_ROOMS[name]}")
    except ModuleNotFoundError as error:
        if error.name not in ("pytest", "hypothesis"):
            raise
        cure = f"{error.name} is not installed, and the contract kit needs it: pip install 'omnichannel[testing]'"
        raise ModuleNotFoundError(cure, name=error.name) from None
    return getattr(room, name)
