"""What a call is made of, beside what the cases show: strengths, order, what is not known."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.channels.voice.call import duration
from omnichannel.channels.voice.keys import DIGITS, dialled, token_of
from omnichannel.errors import Malformed
from omnichannel.model import Received, Updated
from tests.channels.voice.given import account, events

AT = {"CallbackSource": "call-progress-events", "Timestamp": "Fri, 20 Nov 2026 09:00:05 +0000"}


@pytest.mark.parametrize(
    ("trusts", "verstat", "strength", "method"),
    [
        (False, "TN-Validation-Passed-A", "asserted", "caller_id"),
        (True, "TN-Validation-Passed-A", "verified", "stir_shaken"),
        (True, "TN-Validation-Passed-B", "asserted", "caller_id"),
        (True, "TN-Validation-Failed-A", "asserted", "caller_id"),
        (True, "No-TN-Validation", "asserted", "caller_id"),
        (True, "", "asserted", "caller_id"),
    ],
)
def test_a_caller_id_proves_nothing_unless_we_trust_the_networks(trusts, verstat, strength, method) -> None:
    """Only attestation A says that the caller may use the number, and only who asks for it believes it."""
    (call,) = events(of=account(trust_attestation=trusts), **({"StirVerstat": verstat} if verstat else {}))
    assert isinstance(call, Received)
    assert (call.strength, call.method) == (strength, method)


def test_what_comes_in_one_second_keeps_its_order() -> None:
    (_, first) = events(CallStatus="in-progress", SequenceNumber="1", **AT)
    (_, second) = events(CallStatus="completed", SequenceNumber="2", CallDuration="0", **AT)
    assert isinstance(first, Updated)
    assert isinstance(second, Updated)
    assert first.sent_at
    assert second.sent_at
    assert first.sent_at < second.sent_at


def test_a_state_that_does_not_say_when_revises_nothing_unless_it_is_the_end() -> None:
    """A late "ringing" must not win over "completed"; a last word may come without a time."""
    assert [event.event for event in events(CallStatus="in-progress")] == ["received"]
    assert [event.event for event in events(CallStatus="no-answer")] == ["received", "updated"]


def test_a_call_whose_direction_is_not_told_goes_out_if_it_is_from_our_number() -> None:
    body = b"CallSid=CA1&From=%2B31201234567&To=%2B31612345678"
    (call,) = account().parse(Delivery(body=body))
    assert isinstance(call, Received)
    assert (call.direction, call.thread) == ("outbound", "+31612345678")


def test_a_call_of_which_nobody_is_told_is_in_a_thread_of_its_own() -> None:
    (call,) = events(From="", Direction="outbound-dial", To="")
    assert isinstance(call, Received)
    assert (call.thread, call.recipients) == ("CA1", ())


def test_an_unknown_state_is_said_as_it_is() -> None:
    (call,) = events(CallStatus="on-hold")
    assert isinstance(call, Received)
    assert call.parts[0].text == "Call, on-hold"  # type: ignore[union-attr]  # a System part


def test_our_own_call_in_an_unknown_state_has_no_status() -> None:
    assert len(events(CallStatus="on-hold", Direction="outbound-api")) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"DialCallStatus": "completed", "DialCallDuration": "61"}, "Put through, 1 min 1 s"),
        ({"DialCallStatus": "answered"}, "Put through"),
        ({"DialCallStatus": "busy"}, "Could not be put through: busy"),
        ({"TranscriptionEvent": "transcription-error", "TranscriptionError": "x"}, "It cannot be written down: x"),
        ({"RecordingStatus": "failed", "RecordingSid": "RE1", "ErrorCode": "9"}, "Nothing was recorded (9)"),
        (
            {"ParentCallSid": "CA0", "CallStatus": "completed", "CallDuration": "3", "To": "client:jo"},
            "Put through to client:jo, 3 s",
        ),
        (
            {"RecordingStatus": "completed", "RecordingSid": "RE1", "RecordingUrl": "https://x/r.wav",
             "RecordingSource": "DialVerb"},
            "Recording",
        ),
    ],
)  # fmt: skip
def test_what_is_told_beside_the_state(fields: dict[str, str], words: str) -> None:
    told = events(**fields)[-1]
    assert isinstance(told, Updated)
    assert told.parts[0].text == words  # type: ignore[union-attr]  # a System part


def test_a_recording_that_has_an_ending_keeps_it() -> None:
    told = events(RecordingStatus="completed", RecordingSid="RE1", RecordingUrl="https://x/r.wav")[-1]
    assert isinstance(told, Updated)
    assert told.parts[1].url == "https://x/r.wav"  # type: ignore[union-attr]  # an Attachment


@pytest.mark.parametrize("ours", [True, False])
def test_live_words_are_of_whoever_speaks(ours: bool) -> None:
    track = "outbound_track" if ours else "inbound_track"
    said = events(
        TranscriptionEvent="transcription-content", TranscriptionSid="GT1", SequenceId="7", Track=track,
        TranscriptionData='{"transcript": "hello"}', Timestamp="2026-11-20T09:00:00Z",
    )[-1]  # fmt: skip
    assert isinstance(said, Received)
    assert (said.text, said.direction, said.readonly) == ("hello", "outbound" if ours else "inbound", True)
    assert said.sender.reach == ("+31201234567" if ours else "+31612345678")
    assert said.recipients[0].reach == ("+31612345678" if ours else "+31201234567")
    assert said.thread == "+31612345678"


def test_live_words_that_are_not_final_or_none_are_not_words() -> None:
    live = {"TranscriptionEvent": "transcription-content", "TranscriptionData": "{}"}
    assert events(Final="false", **live)[-1].event == "ignored"
    assert events(TranscriptionEvent="transcription-started")[-1].event == "ignored"
    with pytest.raises(Malformed, match="no transcript"):
        events(**live)


def test_who_shows_no_number_and_types_none_asks_all_the_same() -> None:
    asked = events("step=menu&callback=1", From="anonymous", Digits="1")[-1]
    assert isinstance(asked, Received)
    assert asked.parts[0].text == "Asks to be called back, and shows no number"  # type: ignore[union-attr]
    assert asked.evidence == ()
    typed = events("step=number&region=NL", From="anonymous", Digits="12")[-1]
    assert isinstance(typed, Received)
    assert typed.parts[0].text == "Asks to be called back at 12"  # type: ignore[union-attr]


def test_a_number_may_be_typed_as_it_is_dialled_abroad() -> None:
    typed = events("step=number", Digits="0031612345678")[-1]
    assert isinstance(typed, Received)
    assert [str(one.address) for one in typed.evidence] == ["phone::+31612345678"]


def test_a_key_that_nobody_offered_is_what_was_pressed() -> None:
    assert [event.event for event in events("step=menu", Digits="1")] == ["received", "received"]
    assert events("step=menu", Digits="1")[-1].text == "1"  # type: ignore[union-attr]  # received, as just seen


@given(st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26))
def test_a_token_is_forty_digits_and_comes_back(body: str) -> None:
    digits = dialled(f"oct{body}")
    assert len(digits) == DIGITS
    assert token_of(digits) == f"oct{body}"


@given(st.text(max_size=50) | st.text("0123456789", min_size=40, max_size=40))
def test_no_other_digits_are_a_token(digits: str) -> None:
    found = token_of(digits)
    assert found == "" or dialled(found) == digits


@pytest.mark.parametrize("token", ["", "oct", "ocm" + "a" * 40, "oct" + "a" * 25 + "1", "x" * 29])
def test_nothing_else_can_be_dialled(token: str) -> None:
    with pytest.raises(ValueError, match="one-time token"):
        dialled(token)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3725, "1 h 2 min 5 s")]
)
def test_durations(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@given(st.dictionaries(st.sampled_from([
    "CallSid", "ParentCallSid", "CallStatus", "From", "To", "Digits", "RecordingUrl", "RecordingStatus", "Timestamp",
    "TranscriptionText", "TranscriptionEvent", "TranscriptionData", "DialCallStatus", "QueueResult", "QueueTime",
    "CallDuration", "SequenceNumber", "Direction", "AnsweredBy", "SpeechResult", "StirVerstat", "ForwardedFrom",
]), st.text(max_size=30)))  # fmt: skip
def test_whatever_a_webhook_says_is_read_or_malformed(fields: dict[str, str]) -> None:
    with suppress(Malformed):
        events(**{"CallSid": "CA1", **fields})
