"""Text messages of another provider in a file, in Twilio's words: so that an archive can be read as well."""

from __future__ import annotations

from omnichannel.platforms.twilio.fields import Fields
from omnichannel.toolbox import Json, is_object, string


def bandwidth(value: dict[str, Json]) -> Fields | None:
    """A message of Bandwidth's (`owner`, `applicationId`, a list of `to`), or None if it is none.

    Source: Bandwidth's "Message Received" webhook, as recorded by Chatwoot's tests.
    """
    inner = value.get("message")
    message = inner if is_object(inner) else value
    if not {"id", "owner", "from", "to"} <= message.keys():
        return None
    media = message.get("media")
    urls = [url for url in media if isinstance(url, str)] if isinstance(media, list) else []
    return {
        "MessageSid": string(message, "id"),
        "From": string(message, "from"),
        "To": string(message, "owner"),
        "Body": string(message, "text"),
        "Timestamp": string(message, "time"),
        **{f"MediaUrl{number}": url for number, url in enumerate(urls)},
    }
