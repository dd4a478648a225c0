"""What a file or a page of history may hold: webhooks as JSON or forms, calls of the REST API, call records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from omnichannel.channel import Delivery
from omnichannel.channels.voice import parse, records
from omnichannel.channels.voice.recording import recorded
from omnichannel.errors import Malformed
from omnichannel.model import Event
from omnichannel.platforms.twilio.fields import Fields, each, flat, is_json
from omnichannel.toolbox import Json, items

# A form begins with a name and `=`, and has no line breaks; a header of columns never looks like that.
_FORM = re.compile(rb"[A-Za-z][A-Za-z0-9_.]*=[^\r\n]*\s*")

_WEBHOOK_NAMES = {
    "sid": "CallSid", "from": "From", "to": "To", "account_sid": "AccountSid", "direction": "Direction",
    "status": "CallStatus", "duration": "CallDuration", "start_time": "Timestamp", "caller_name": "CallerName",
    "parent_call_sid": "ParentCallSid", "forwarded_from": "ForwardedFrom", "answered_by": "AnsweredBy",
}  # fmt: skip


def events(delivery: Delivery, reading: parse.Reading, layout: records.Layout) -> Iterator[Event]:
    """Everything readable, in order; what cannot be read harms nothing else. Raises Malformed."""
    body = delivery.body
    if not body.strip():
        raise Malformed("the file is empty")
    if not is_json(body) and not _FORM.fullmatch(body.lstrip()):
        yield from records.events(body, layout)
    else:
        yield from each(body, lambda value: _any(value, reading))


def _any(value: dict[str, Json], reading: parse.Reading) -> Iterator[Event]:
    if "sid" in value and "start_time" in value:
        yield from _resource(value, reading)
    else:
        yield from parse.events(flat(value), {}, reading)


def _resource(value: dict[str, Json], reading: parse.Reading) -> Iterator[Event]:
    """A call as the REST API lists it, with its recordings."""
    fields = _as_webhook(flat(value))
    yield from parse.events(fields, {}, reading)
    for one in items(value, "recordings"):
        if isinstance(one, dict):
            yield recorded(fields["CallSid"], _as_recording(flat(one)))


def _as_webhook(resource: Fields) -> Fields:
    """The same call in the names that webhooks use; `trunking` calls and others go by their ends."""
    found = {name: resource[key] for key, name in _WEBHOOK_NAMES.items() if resource.get(key)}
    return found | (
        {"Timestamp": resource["date_created"]}
        if "Timestamp" not in found and resource.get("date_created")
        else {}
    )


def _as_recording(resource: Fields) -> Fields:
    return {
        "RecordingSid": resource.get("sid", ""),
        "RecordingUrl": resource.get("media_url", ""),
        "RecordingStatus": resource.get("status", ""),
        "RecordingDuration": resource.get("duration", ""),
        "RecordingSource": resource.get("source", ""),
    }
