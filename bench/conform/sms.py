"""How far text messages agree with what the sources of recorded bodies say about them.

`reads`: nothing raises, nothing is malformed, calls among them are known for calls. `asserts`: what the sources'
own tests say. `elsewhere`: WhatsApp through Twilio is another account's, and told so. `admits`: the vectors of
Twilio's helper library, each also with one character changed.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.conform import Row, rows
from bench.conform.rows import DATA, NONE, Source, read
from bench.conform.twilio_sources import SUFFIXES, asserts, digits, only
from omnichannel.channel import Delivery
from omnichannel.channels.sms import Sms
from omnichannel.model import Event


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source; empty if there is none."""
    found = rows.sources((*data.glob("twilio/*"), *data.glob("sms/*")), SUFFIXES)
    return [*rows.report(Sms, found, _judge, readable=bool), *signatures(data / "signatures" / "twilio")]


def _judge(source: Source) -> Iterator[Row]:
    away = only(source, _is_elsewhere).files
    if away:
        results = [(name, _why_not_ignored(read(Sms, body))) for name, body in away.items()]
        yield rows.row(source.name, "elsewhere", results)
    ours = only(source, lambda fields: not _is_elsewhere(fields) and "CallSid" not in fields)
    yield from asserts(Sms, ours, look)


def _is_elsewhere(fields: dict) -> bool:
    return str(fields.get("From", "")).startswith(("whatsapp:", "messenger:", "rcs:"))


def _why_not_ignored(events: list[Event]) -> str:
    return "" if [event.event for event in events] == ["ignored"] else f"read as {events!r}"


def look(path: str, events: list[Event], fields: dict) -> object:
    """What we say where Chatwoot's, vercel/chat's, a survey's or a bot framework's accessor looks."""
    first = events[0]
    last = path.rpartition(".")[2]
    if path.endswith("__path"):
        return (first.event == "received") == ("IncomingMessage" in path)
    if last in ("content", "body"):
        return getattr(first, "text", NONE)
    if last in ("status", "messageStatus"):
        # A status that says nothing yet leaves a message as it is: sent.
        return (first.status if first.event == "updated" else "sent") if first.event != "received" else NONE
    if last == "external_error":
        return _error(first, fields)
    if last == "name":
        return _name(path, first, fields)
    return _of_vercel(last, first) if path.startswith("payload.") else _of_files(path, first)


def _error(event: Event, fields: dict) -> object:
    """Code and words in Chatwoot's spelling; a code alone we put into words of our own."""
    code = str(fields.get("ErrorCode") or fields.get("errorCode") or "")
    told = fields.get("ErrorMessage") or fields.get("description") or ""
    ours, _, words = event.reason.partition(": ")
    if ours != code or (told and words != told):
        return event.reason
    return f"{code} - {told}" if told else f"Error code: {code}"


def _name(path: str, event: Event, fields: dict) -> object:
    """Who has no name is shown by the number, which Chatwoot spells in its own ways."""
    if event.event != "received":
        return NONE
    if event.sender.name:
        return event.sender.name
    spelled = str(fields.get("From") or fields.get("from", ""))
    number = event.sender.address.value
    shown = (
        f"+1 {number[2:5]}-{number[5:8]}-{number[8:]}" if path.startswith("Contact.") else number.lstrip("+")
    )
    return shown if digits(spelled) == digits(number) else number


def _of_files(path: str, event: Event) -> object:
    kinds = [
        part.media_type.partition("/")[0] for part in getattr(event, "parts", ()) if part.type == "attachment"
    ]
    if path == "has_attachments" or path.endswith("attachments.present?"):
        return bool(kinds)
    if path.endswith("attachments.count"):
        return len(kinds)
    return kinds if path.endswith("attachments.map") else NONE


def _of_vercel(key: str, event: Event) -> object:
    if key == "kind":
        return "status" if event.event == "updated" else "text"
    if key == "messageSid":
        return event.external_id if event.event == "received" else event.targets[0]
    if event.event != "received":
        return NONE
    return {"from": event.sender.reach, "to": event.recipients[0].reach}.get(key, NONE)


def signatures(folder: pathlib.Path) -> Iterator[Row]:
    """Every vector judged as its source says, and refused when its signature is another."""
    results = []
    for _, vector in rows.vectors(folder):
        results.append((vector["name"], "" if _admits(vector) == vector["valid"] else "judged otherwise"))
        damaged = {**vector, "signature": vector["signature"].swapcase()}
        results.append((f"{vector['name']} (damaged)", "admitted" if _admits(damaged) else ""))
    if results:
        yield rows.row("signatures/twilio", "admits", results)


def _admits(vector: dict) -> bool:
    body = vector["body"] if "body" in vector else urlencode(vector["params"], doseq=True)
    header = ("X-Twilio-Signature", vector["signature"])
    delivery = Delivery(url=vector["url"], body=body.encode(), headers=(header,))
    return rows.admits(Sms, vector["auth_token"], delivery)
