"""Telegram keeps the contract of all channels."""

from __future__ import annotations

from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.channels.telegram import Telegram
from omnichannel.emulators.telegram import Telegram as Emulated
from omnichannel.testing import ChannelContract, LinkContract


class TestTelegram(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Telegram:
        token = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qc"
        ours = ["eooW3KF5WB5HxTD7T826"]
        return Telegram("bot", token=token, secret=secrets, username="ShopBot", businesses=ours)

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        kept = tuple(pair for pair in delivery.headers if pair[0] != "X-Telegram-Bot-Api-Secret-Token")
        header = ("X-Telegram-Bot-Api-Secret-Token", secret)
        return delivery.model_copy(update={"headers": (*kept, header)})


class TestTelegramLink(LinkContract):
    kind = "telegram"


class TestTelegramPolled(LinkContract):
    kind = "telegram"

    def emulator(self) -> Emulated:
        """A bot without a webhook, which fetches its updates."""
        return Emulated(polled=True)
