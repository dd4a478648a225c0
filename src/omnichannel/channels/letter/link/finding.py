"""What became of a letter in doubt: it lies in the outgoing folder, or Pingen says how it stands."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

from omnichannel.channel import Call
from omnichannel.channels.letter.link.pingen import PrintService
from omnichannel.channels.letter.pingen import READY, receipt, status_of
from omnichannel.channels.letter.settings import Service
from omnichannel.model import Receipt, Refused, Sent
from omnichannel.toolbox import obj, string


async def in_folder(folder: Path, call: Call) -> Sent | None:
    """Whether the letter lies there, whole. That it does not proves nothing: somebody may have taken it."""
    name = urlsplit(call.url).path.lstrip("/")
    there = await asyncio.to_thread(_is_there, folder / name, call.body)
    return Sent(external_id=call.correlator, detail=name) if there else None


def _is_there(place: Path, body: bytes) -> bool:
    return place.is_file() and place.read_bytes() == body


async def at_pingen(service: Service, call: Call) -> Receipt | None:
    """How the letter stands. One that still waits to be sent may be sent this very moment: that proves nothing."""
    wire = PrintService(service)
    try:
        answer = await wire.stands(string(obj(json.loads(call.body), "data"), "id"))
    finally:
        await wire.close()
    if answer.status != 200 or status_of(answer.body) in (READY, ""):
        return None
    told = receipt(call, answer)
    return told if isinstance(told, Sent | Refused) else None
