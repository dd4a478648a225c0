"""What became of a message in doubt: the conversation says whether it is there.

Of every conversation Meta tells the last twenty messages; what is not among them proves nothing.
"""

from __future__ import annotations

from omnichannel.channel import Call
from omnichannel.model import Doubt, Sent
from omnichannel.platforms.meta.account import MetaChannel
from omnichannel.platforms.meta.link.history import History, conversations
from omnichannel.toolbox import found_among


async def in_conversation(
    channel: MetaChannel, object_: str, home: str, node: str, call: Call, doubt: Doubt
) -> Sent | None:
    """The oldest message in the conversation with somebody that can only be this call; None if there is none.

    Raises Busy, FetchError or httpx.HTTPError where Meta does not show it.
    """
    talk = conversations(channel, channel.edge, object_, home, node, doubt.since, doubt.to.value)
    return await among(channel, talk, call, doubt)


async def among(channel: MetaChannel, history: History, call: Call, doubt: Doubt) -> Sent | None:
    """The same among the first answer's worth of a history."""
    try:
        batch = await history.fetch("")
    finally:
        await history.close()
    events = [event for delivery in batch.deliveries for event in channel.parse(delivery)]
    return found_among(events, call, doubt)
