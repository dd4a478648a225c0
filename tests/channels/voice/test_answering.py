"""What a caller hears: TwiML that says what the settings say, at every step of a call."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Ack
from omnichannel.channels.voice.hours import hours_of, zone_of
from omnichannel.channels.voice.twiml import Reception, answer, speakable
from omnichannel.emulators.voice import Voice as Emulated
from omnichannel.errors import ConfigError, Forged
from omnichannel.identity.codes import new_code
from tests.channels.voice.given import CALL, account, webhook

HERE = "https://hook.example/voice"


def heard(
    step: str = "", *, at: datetime | None = None, reception: Reception | None = None, **fields: str
) -> list[str]:
    """The verbs of the answer, each with what it says or where it leads."""
    said = answer(reception or Reception(greeting="Hello"), CALL | fields, step, f"{HERE}?x=1", at)
    assert said is not None
    return [told(verb) for verb in ET.fromstring(said)]


def told(verb: ET.Element) -> str:
    inside = "".join(f"[{told(inner)}]" for inner in verb)
    action = verb.get("action", "").removeprefix(f"{HERE}?")
    return " ".join(filter(None, (verb.tag, action, verb.text or "", inside)))


def test_a_call_is_greeted_and_recorded() -> None:
    assert heard() == ["Gather step=menu [Say Hello]", "Record step=recorded"]


@pytest.mark.parametrize(
    ("settings", "verbs"),
    [
        ({"then": "queue", "queue": "sales"}, ["Gather step=menu [Say Hello]", "Enqueue step=queued sales"]),
        ({"then": "say"}, ["Gather step=menu [Say Hello]", "Hangup"]),
        ({"callback_key": "1"}, ["Gather step=menu&callback=1 [Say Hello]", "Record step=recorded"]),
        ({"greeting": " "}, ["Gather step=menu", "Record step=recorded"]),
    ],
)
def test_the_settings_choose(settings: dict, verbs: list[str]) -> None:
    assert heard(reception=Reception(**({"greeting": "Hello"} | settings))) == verbs


@pytest.mark.parametrize(
    ("then", "verb"),
    [("voicemail", "Record step=recorded"), ("queue", "Record step=recorded"), ("say", "Hangup")],
)
def test_outside_the_hours_nobody_waits_in_a_queue(then, verb: str) -> None:
    hours = hours_of("Mo-Fr 09:00-17:00", zone_of("Europe/Amsterdam"))
    reception = Reception(greeting="Hello", closed_greeting="We are closed", then=then, hours=hours)
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert heard(at=sunday, reception=reception) == ["Gather step=menu [Say We are closed]", verb]
    assert "Hello" in heard(at=datetime(2026, 11, 20, 12, tzinfo=UTC), reception=reception)[0]
    silent = Reception(greeting="Hello", hours=hours)
    assert "Hello" in heard(at=sunday, reception=silent)[0]


CLOSING = Reception(thanks="Thanks", ask_number="Your number?", callback_key="1", then="queue")


@pytest.mark.parametrize(
    ("step", "fields", "verbs"),
    [
        ("menu", {"Digits": "1"}, ["Say Thanks", "Hangup"]),
        ("menu", {"Digits": "1", "From": "anonymous"}, ["Gather step=number [Say Your number?]", "Hangup"]),
        ("menu", {"Digits": "9"}, ["Record step=recorded"]),
        ("menu", {"Digits": "0" * 40}, ["Enqueue step=queued support"]),
        ("menu", {"Digits": new_code(bytes(16))}, ["Enqueue step=queued support"]),
        ("menu", {"Digits": "123456789012"}, ["Record step=recorded"]),
        ("number", {"Digits": new_code(bytes(16))}, ["Say Thanks", "Hangup"]),
        ("menu", {"SpeechResult": "Where is it?"}, ["Say Thanks", "Hangup"]),
        ("number", {"Digits": "0612345678"}, ["Say Thanks", "Hangup"]),
        ("recorded", {"RecordingUrl": "https://x"}, ["Say Thanks", "Hangup"]),
        ("queued", {"QueueResult": "bridged"}, ["Hangup"]),
        ("queued", {"QueueResult": "hangup"}, ["Hangup"]),
        ("queued", {"QueueResult": "queue-full"}, ["Record step=recorded"]),
        ("queued", {}, ["Record step=recorded"]),
        ("", {"DialCallStatus": "completed"}, ["Hangup"]),
        ("", {"DialCallStatus": "no-answer"}, ["Record step=recorded"]),
    ],
)
def test_every_step_leads_on(step: str, fields: dict[str, str], verbs: list[str]) -> None:
    assert heard(step, reception=CLOSING, **fields) == verbs


@pytest.mark.parametrize(
    "fields",
    [
        {"CallStatus": "completed"},
        {"CallbackSource": "call-progress-events"},
        {"RecordingStatus": "completed"},
        {"TranscriptionSid": "TR1"},
        {"ParentCallSid": "CA0"},
        {"Direction": "outbound-api"},
    ],
)
def test_what_only_tells_something_is_not_answered(fields: dict[str, str]) -> None:
    assert answer(Reception(), CALL | fields, "", HERE, None) is None


def test_what_is_asked_of_twilio_beside() -> None:
    said = answer(
        Reception(language="nl-NL", voice="Polly.Lotte", listens=True, transcribe=True, greeting="Hoi"),
        CALL,
        "",
        HERE,
        None,
    )
    assert said
    gather, record = ET.fromstring(said)
    assert (gather.get("input"), gather.get("language"), gather.get("numDigits")) == (
        "dtmf speech",
        "nl-NL",
        "40",
    )
    assert gather[0].attrib == {"language": "nl-NL", "voice": "Polly.Lotte"}
    assert record.get("transcribeCallback") == f"{HERE}?step=transcribed"
    assert record.get("recordingStatusCallback") == f"{HERE}?step=recording"


@given(st.text(min_size=1))
def test_whatever_is_to_be_said_is_said_and_nothing_else(text: str) -> None:
    """No word of a greeting can become an instruction, and what XML cannot hold is marked."""
    said = answer(Reception(greeting=text), CALL, "", HERE, None)
    assert said
    gather, record = ET.fromstring(said)
    words = "".join(gather.itertext())
    expected = speakable(text).replace("\r\n", "\n").replace("\r", "\n") if text.strip() else ""
    assert words == expected
    assert record.tag == "Record"


def test_over_the_wire_it_is_signed_and_answered_in_xml() -> None:
    with Emulated() as platform:
        voice = account(auth_token=platform.auth_token, greeting="Hoi & welkom")

        def said(query: str, **fields: str) -> Ack:
            given = webhook(query, **fields)
            proof = platform.signature(given.url, CALL | fields)
            return voice.admit(given.model_copy(update={"headers": (("X-Twilio-Signature", proof),)}))

        begun = said("")
        assert begun.headers == (("content-type", "text/xml; charset=utf-8"),)
        assert b"Hoi &amp; welkom" in begun.body
        status = said("", CallbackSource="call-progress-events", CallStatus="completed")
        assert (status.status, status.body, status.keep) == (204, b"", True)
        with pytest.raises(Forged):
            voice.admit(webhook("step=menu"))


@pytest.mark.parametrize(
    ("written", "moment", "is_open"),
    [
        ("", "2026-11-22T03:00", True),
        ("Mo-Fr 09:00-17:30", "2026-11-20T08:00", True),  # 09:00 in Amsterdam
        ("Mo-Fr 09:00-17:30", "2026-11-20T07:59", False),
        ("Mo-Fr 09:00-17:30", "2026-11-20T16:29", True),
        ("Mo-Fr 09:00-17:30", "2026-11-20T16:30", False),
        ("Mo-Fr 09:00-17:30, Sa 10:00-13:00", "2026-11-21T09:30", True),
        ("mo-fr 9:00-17:30; su 10:00-24:00", "2026-11-22T22:59", True),
        ("Sa-Mo 10:00-13:00", "2026-11-22T10:00", True),
        ("Sa-Mo 10:00-13:00", "2026-11-24T10:00", False),
    ],
)
def test_opening_hours(written: str, moment: str, is_open: bool) -> None:
    hours = hours_of(written, zone_of("Europe/Amsterdam"))
    assert hours.open_at(datetime.fromisoformat(f"{moment}+00:00")) is is_open
    assert hours.open_at(None)


@pytest.mark.parametrize(
    "written", ["always", "Mo 9-17", "Mo 17:00-09:00", "Mo 09:00-25:00", "Xx 09:00-17:00"]
)
def test_hours_that_are_none(written: str) -> None:
    with pytest.raises(ConfigError) as caught:
        hours_of(written, zone_of("UTC"))
    assert caught.value.setting == "hours"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("then", "fax"),
        ("callback_key", "12"),
        ("callback_key", "x"),
        ("longest", 0),
        ("longest", 99_999),
        ("agent_number", "0612345678"),
        ("region", "Nederland"),
        ("zone", "Amsterdam/Europe"),
        ("zone", "../etc/passwd"),
        ("hours", "sometimes"),
        ("columns", {"who": "Van"}),
        ("account_sid", ""),
        ("auth_token", ""),
        ("host", "ftp://x"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        account(**{setting: value})
    assert caught.value.setting == setting
    assert caught.value.cure
