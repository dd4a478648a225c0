"""What is left of a call: recordings, and what a machine made of them. They come minutes later, in any order."""

from __future__ import annotations

import hashlib
import re

from omnichannel.channels.voice.call import duration, happened
from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Event, Ignored, Part, System, Text
from omnichannel.platforms.twilio.fields import Fields
from omnichannel.toolbox import Json, load_json, number, string

_SID = re.compile(r"RE[0-9a-fA-F]{32}")

MADE_BY_MACHINE = "Written down by a machine"


def recorded(call: str, fields: Fields) -> Event:
    """A recording became ready, or there is none after all."""
    status = fields.get("RecordingStatus", "completed") or "completed"
    name = _named(fields)
    if status in ("in-progress", "paused", "stopped", "processing"):
        return Ignored(reason=f"not_yet: the recording is {status}", kind="recording", external_id=name)
    if status != "completed" or not fields.get("RecordingUrl"):
        code = fields.get("ErrorCode", "")
        words = f"Nothing was recorded ({status if code in ('', '0') else code})"
        return happened(call, f"{name}/{status}", (System(what="recording", text=words),))
    return happened(call, name, (*recording(name, fields), *transcript(fields)))


def recording(name: str, fields: Fields) -> tuple[Part, ...]:
    """The recording as a file: at Twilio it is to be had as MP3 under its address with `.mp3`."""
    url, seconds = fields["RecordingUrl"], whole(fields.get("RecordingDuration", ""))
    words = "Voicemail" if _is_left(fields) else "Recording"
    told = ", ".join(filter(None, (words, duration(seconds) if seconds else "")))
    file = Attachment(
        name=f"{words.lower()}.mp3",
        media_type="audio/mpeg",
        url=url if url.lower().endswith((".mp3", ".wav")) else f"{url}.mp3",
        external_id=name,
    )
    return (System(what="recording", text=told), file)


def _is_left(fields: Fields) -> bool:
    """Whether somebody spoke after a tone, and not with us.

    What comes of a `<Dial>`, and what the state of a call brings along, is the talk itself (Twilio's "Dial" and
    "Call status callbacks": `RecordingUrl`).
    """
    if "RecordingSource" in fields:
        return fields["RecordingSource"] == "RecordVerb"
    return "DialCallStatus" not in fields and fields.get("CallbackSource") != "call-progress-events"


def _named(fields: Fields) -> str:
    """What a recording is called: its address ends in its sid, where that is not told beside it."""
    url = fields.get("RecordingUrl", "")
    last = url.rstrip("/").rpartition("/")[2].partition(".")[0]
    return fields.get("RecordingSid") or (last if _SID.fullmatch(last) else digest(url))


def transcribed(call: str, fields: Fields) -> Event:
    """A recording was written down by a machine, or could not be."""
    name = fields.get("TranscriptionSid") or digest(fields.get("TranscriptionText", "") + call)
    status = fields.get("TranscriptionStatus", "completed") or "completed"
    if status == "failed":
        return happened(
            call,
            f"{name}/failed",
            (System(what="transcript", text="The recording could not be written down"),),
        )
    files = recording(_named(fields), fields) if fields.get("RecordingUrl") else ()
    return happened(call, name, (*files, *transcript(fields)))


def transcript(fields: Fields) -> tuple[Part, ...]:
    """The words, marked as a machine's."""
    words = fields.get("TranscriptionText", "")
    return (System(what="transcript", text=MADE_BY_MACHINE), Text(text=words)) if words else ()


def heard(fields: Fields) -> tuple[str, str, str]:
    """Words of a call that goes on, of whom (`inbound_track`, `outbound_track`), and how sure the machine is."""
    data: Json = load_json(fields.get("TranscriptionData", "").encode())
    words = string(data, "transcript")
    if not words:
        raise Malformed("TranscriptionData has no transcript")
    sure = number(data, "confidence")
    return (
        words,
        fields.get("Track", ""),
        f", {int(sure * 100)} % sure" if sure is not None and 0 <= sure <= 1 else "",
    )


def digest(text: str) -> str:
    """An id for what the platform gives none: the same under redelivery."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def whole(written: str) -> int | None:
    """A number of seconds; None for anything else."""
    bare = written.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 9 else None
