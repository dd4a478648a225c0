"""The platforms that are simulated, by the name of their channel."""

from __future__ import annotations

from bench.simulate.dialects.base import ACCOUNT, Dialect, Item
from bench.simulate.dialects.chat import ChatDialect
from bench.simulate.dialects.facebook import FacebookDialect
from bench.simulate.dialects.instagram import InstagramDialect
from bench.simulate.dialects.letter import LetterDialect
from bench.simulate.dialects.mail import MailDialect
from bench.simulate.dialects.messenger import MessengerDialect
from bench.simulate.dialects.polled import PolledDialect
from bench.simulate.dialects.sms import SmsDialect
from bench.simulate.dialects.telegram import TelegramDialect
from bench.simulate.dialects.voice import VoiceDialect
from bench.simulate.dialects.webchat import WebChatDialect
from bench.simulate.dialects.whatsapp import WhatsAppDialect
from bench.simulate.dialects.x import XDialect

__all__ = ["ACCOUNT", "DIALECTS", "Dialect", "Item"]

DIALECTS: dict[str, Dialect] = {
    one.kind: one
    for one in (
        ChatDialect(), PolledDialect(), MessengerDialect(), InstagramDialect(), WhatsAppDialect(), SmsDialect(),
        TelegramDialect(), XDialect(), MailDialect(),
        WebChatDialect(), FacebookDialect(), VoiceDialect(), LetterDialect(),
    )
}  # fmt: skip
