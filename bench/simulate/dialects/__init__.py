"""The platforms that are simulated, by the name of their channel."""

from __future__ import annotations

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from bench.simulate.dialects.chat import ChatDialect
from bench.simulate.dialects.messenger import MessengerDialect
from bench.simulate.dialects.polled import PolledDialect
from bench.simulate.dialects.telegram import TelegramDialect

__all__ = ["ACCOUNT", "DIALECTS", "Dialect", "Item"]

DIALECTS: dict[str, Dialect] = {
    one.kind: one for one in (ChatDialect(), PolledDialect(), MessengerDialect(), TelegramDialect())
}
