"""The channel contract: four pure functions over values, and two small protocols for wires that are not HTTP.

A channel never calls the inbox, never touches the store, reads no clock and keeps no state: it is asked.
Everything a platform needs beside its wire format (retries, order, duplicates, limits, logging) is done once,
outside. One instance is one account: this mailbox, that Page.
"""

from omnichannel.channel.carried import Ack, Batch, Call, Delivery, Finding, Headers, Response
from omnichannel.channel.contract import Channel
from omnichannel.channel.wires import AsgiApp, Host, Sender, Source

__all__ = [
    "Ack", "AsgiApp", "Batch", "Call", "Channel", "Delivery", "Finding", "Headers", "Host", "Response",
    "Sender", "Source",
]  # fmt: skip
