"""Which column of a call record is what: by the names that exchanges give them, or as a setting says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from omnichannel.errors import ConfigError

FIELDS = (
    "id", "call", "start", "time", "answered", "duration", "talk", "from", "to", "direction", "status", "name",
    "recording",
)  # fmt: skip
"""What can be read. `call` groups the rows of one call; `talk` are its seconds of speech, `duration` all. `time` is
of the day, where `start` has only the date."""

# Folded to letters and digits. Asterisk, FreePBX, 3CX, Twilio, Cisco, and what people call them in four languages.
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("uniqueid", "callid", "callsid", "sid", "id", "uuid", "recordid", "cdrid", "gesprekid", "anrufid"),
    "call": ("linkedid", "callgroup", "parentcallsid", "historyid", "callhistoryid", "sessionid", "callgroupid"),
    "start": (
        "start", "starttime", "calldate", "date", "datetime", "timestamp", "calltime", "started", "startedat",
        "datetimeorigination", "datum", "datumtijd", "tijdstip", "begin", "beginn", "zeit", "datumzeit", "tijd",
        "starttijd", "debut", "fecha", "time",
    ),
    "time": ("time", "tijd", "uhrzeit", "zeit", "heure", "hora"),
    "answered": ("answer", "answertime", "answered", "answeredat", "datetimeconnect", "opgenomen", "angenommen"),
    "duration": (
        "duration", "durationseconds", "durationsec", "seconds", "calllength", "length", "duur", "dauer", "duree",
        "duracion", "gespreksduur", "totalduration", "ringing",
    ),
    "talk": ("billsec", "billableseconds", "talktime", "talking", "talkduration", "callduration", "spreektijd"),
    "from": (
        "from", "src", "source", "caller", "callerid", "callingparty", "callingpartynumber", "callingnumber",
        "fromnumber", "callernumber", "van", "beller", "von", "anrufer", "de", "origen", "fromno", "callfrom",
    ),
    "to": (
        "to", "dst", "destination", "called", "callee", "calledparty", "callednumber", "finalcalledpartynumber",
        "originalcalledpartynumber", "tonumber", "dialed", "dialednumber", "naar", "gebeld", "nach", "angerufener",
        "vers", "destino", "calledid", "tono", "dnis", "callto",
    ),
    "direction": ("direction", "calldirection", "type", "calltype", "richting", "richtung", "inout", "sens"),
    "status": (
        "disposition", "status", "callstatus", "result", "outcome", "resultaat", "ergebnis", "state", "statut",
    ),
    "name": ("name", "callername", "cnam", "clid", "contact", "naam", "naambeller", "displayname"),
    "recording": ("recording", "recordingurl", "recordingfile", "opname", "aufnahme", "voicemailurl"),
}  # fmt: skip

# Asterisk writes its Master.csv without a header, always in this order (cdr_csv).
_ASTERISK = (
    "", "from", "to", "", "name", "", "", "", "", "start", "answered", "", "duration", "talk", "status", "",
    "id", "",
)  # fmt: skip

_FOLD = re.compile(r"[^a-z0-9]+")


def fold(name: str) -> str:
    """A column's name without spaces, marks and capitals."""
    return _FOLD.sub("", name.casefold())


def chosen(given: Mapping[str, str]) -> dict[str, str]:
    """A setting that says which column is what, checked. Raises ConfigError."""
    if unknown := sorted(set(given) - set(FIELDS)):
        raise ConfigError(
            "columns", f"{unknown[0]!r} is nothing that is read", f"Known are {', '.join(FIELDS)}"
        )
    return {field: fold(name) for field, name in given.items()}


def header(first: Sequence[str], setting: Mapping[str, str]) -> dict[str, int] | None:
    """Where each field stands, if the first row is a header; a time and one end of the call it must have."""
    names = [fold(name) for name in first]
    found: dict[str, int] = {}
    for field in FIELDS:
        wanted = (setting[field],) if field in setting else _NAMES[field]
        place = next((names.index(name) for name in wanted if name in names), None)
        if place is not None:
            found[field] = place
    return found if "start" in found and ("from" in found or "to" in found) else None


def without_header(first: Sequence[str]) -> dict[str, int] | None:
    """Where the fields stand in a file that begins at once, as Asterisk writes them; None if it is none."""
    if len(first) < 15 or not re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", first[9]):
        return None
    return {field: place for place, field in enumerate(_ASTERISK) if field and place < len(first)}
