"""Text messages of another provider in a file, in Twilio's words: so that an archive can be read as well."""

from __future__ import annotations

from omnichannel.platforms.twilio.fields import Fields
from omnichannel.toolbox import Json, obj, string

_STATUS = {
    "message-sending": "sending",
    "message-sent": "sent",
    "message-delivered": "delivered",
    "message-read": "read",
    "message-failed": "failed",
}


def bandwidth(value: dict[str, Json]) -> Fields | None:
    """A message of Bandwidth's, or what became of one of ours; None if it is neither.

    Source: Bandwidth's messaging webhooks (`type`, `description`, `message`), as Chatwoot's tests have them.
    """
    message = obj(value, "message") or value
    sid, kind = string(message, "id"), string(value, "type")
    if sid and kind in _STATUS:
        return {
            "MessageSid": sid,
            "MessageStatus": _STATUS[kind],
            "To": string(value, "to"),
            "ErrorCode": string(value, "errorCode"),
            "ErrorMessage": string(value, "description"),
            "Timestamp": string(value, "time"),
        }
    if not sid or not {"from", "to"} <= message.keys() or not {"owner", "applicationId"} & message.keys():
        return None
    media, to = message.get("media"), message["to"]
    urls = [url for url in media if isinstance(url, str)] if isinstance(media, list) else []
    ends = [end for end in to if isinstance(end, str)] if isinstance(to, list) else []
    return {
        "MessageSid": sid,
        "From": string(message, "from"),
        "To": string(message, "owner") or next(iter(ends), ""),
        "Body": string(message, "text"),
        "Timestamp": string(message, "time"),
        **{f"MediaUrl{number}": url for number, url in enumerate(urls)},
    }
