"""How far telephone calls agree with what the sources of recorded bodies say about them.

`reads`: nothing raises, nothing is malformed, texts among them are known for texts. `asserts`: what the sources'
own tests say.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator

from bench.conform import Row, rows
from bench.conform.rows import DATA, NONE, Source
from bench.conform.twilio_sources import SUFFIXES, asserts, only
from omnichannel.channels.voice import Voice
from omnichannel.model import Event


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source; empty if there is none."""
    return rows.report(Voice, rows.sources(data.glob("twilio/*"), SUFFIXES), _judge, readable=bool)


def _judge(source: Source) -> Iterator[Row]:
    return asserts(Voice, only(source, lambda fields: "CallSid" in fields), look)


def look(path: str, events: list[Event], fields: dict) -> object:
    """What we say where vercel/chat's or a survey's accessor looks."""
    said = events[-1]
    key = path.rpartition(".")[2]
    if key in ("content", "text", "digits", "speechResult"):
        return said.text
    if key == "callSid":
        return _call(said, fields)
    if key in ("from", "to") and said.event == "received":
        return said.sender.reach if key == "from" else said.recipients[0].reach
    if key in ("transcriptionSid", "sequenceId", "track"):
        wanted = fields[key[0].upper() + key[1:]]
        return wanted if wanted in said.external_id.split("/") else said.external_id
    if key == "confidence":
        return _sure(said)
    return NONE


def _call(event: Event, fields: dict) -> str:
    """The call that an event belongs to: the message itself, what it is part of, or what it was said in."""
    named = (event.external_id, *getattr(event, "targets", ()), getattr(event, "reply_to", ""))
    return fields["CallSid"] if fields["CallSid"] in named else ""


def _sure(event: Event) -> object:
    """How sure the machine was: people are told whole percents."""
    told = next((part.text for part in event.parts if part.type == "system"), "")
    found = re.search(r"(\d+) % sure", told)
    return int(found[1]) / 100 if found else told
