"""Bots behind the chat-completions wire, which most servers of language models speak: `Bot(answers=Assistant(…))`.

[Turn] → prompt → wire → streaming → [Reply or HandOver]

A model is trusted with nothing. What it is shown is what may be disclosed to whoever asks, whatever it is told to
do; what it looks up was bound to that customer before it was asked; and what a customer wrote reaches it as data.
"""

from omnichannel.assistants.assistant import Assistant, Prices
from omnichannel.assistants.tools import Tool

__all__ = ["Assistant", "Prices", "Tool"]
