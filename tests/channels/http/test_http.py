"""What the contract kit cannot know: settings, who vouches for what, signatures at their edges, the schema."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Delivery
from omnichannel.channels.http import Http, wire
from omnichannel.emulators.http import proof
from omnichannel.errors import ConfigError, Forged, Malformed, Unsupported
from omnichannel.model import Attachment, Draft, Ignored, Received, Strength, Text, Unreadable, Updated

SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four byt").decode()
OTHER = "whsec_" + base64.b64encode(b"another twenty-four byte").decode()
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DRAFT = {"id": "0199", "created_at": NOON, "parts": (Text(text="Hi"),)}
CASES = Path(__file__).parent / "cases"


def http(**settings: object) -> Http:
    return Http("crm", **{"secret": SECRET, "url": "https://crm.example/in"} | settings)


def delivered(body: object, *secrets: str, at: datetime = NOON) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    proofs = [proof(secret, "msg_1", int(at.timestamp()), raw) for secret in secrets]
    headers = (
        proofs[0] | {"webhook-signature": " ".join(one["webhook-signature"] for one in proofs)}
        if proofs
        else {}
    )
    return Delivery(headers=tuple(headers.items()), body=raw, received_at=NOON)


def event(body: object, **settings: object):
    [found] = http(**settings).parse(delivered(body))
    return found


def said(**keys: object) -> dict[str, object]:
    return {"type": "message.received", "id": "1", "sender": {"value": "7"}, "text": "Hi"} | keys


@pytest.mark.parametrize(
    ("setting", "value", "cure"),
    [
        ("secret", "", "openssl rand"),
        ("secret", (), "openssl rand"),
        ("secret", "whsec_äöü", "openssl rand"),
        ("secret", "whsec_" + base64.b64encode(b"too short").decode(), "openssl rand"),
        ("send_secret", "whsec_!", "openssl rand"),
        ("url", "http://crm.example/in", "https://"),
        ("url", "https://user:password@crm.example/", "https://"),
        ("scope", "a:b", "crm"),
        ("kinds", (), "phone"),
        ("kinds", ["Phone"], "phone"),
        ("trust", "verified", "attested"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(setting: str, value: object, cure: str) -> None:
    """And what was given is never repeated."""
    with pytest.raises(ConfigError) as caught:
        http(**{setting: value})
    assert caught.value.setting == setting
    assert cure in caught.value.cure
    assert "password" not in str(caught.value)


def test_the_system_signs_with_the_old_key_and_the_new_one_meanwhile() -> None:
    """Any one of the signatures is enough, whoever of the two changes first."""
    assert http(secret=[OTHER, SECRET]).admit(delivered({}, SECRET)).keep
    assert http(secret=OTHER).admit(delivered({}, SECRET, OTHER)).keep
    with pytest.raises(Forged, match="not made with our secret"):
        http(secret=OTHER).admit(delivered({}, SECRET))


def test_we_sign_with_every_key_that_we_have() -> None:
    """So that the other end can change when it likes; the moment is that of the attempt."""
    channel = http(send_secret=[OTHER, SECRET])
    [call] = channel.render(Draft(to=event(said()).sender, **DRAFT))
    proven = channel.credentials(call)
    moment = int(proven["webhook-timestamp"])
    expected = [proof(key, "0199", moment, call.body)["webhook-signature"] for key in (OTHER, SECRET)]
    assert proven["webhook-signature"].split(" ") == expected
    assert abs(datetime.now(UTC).timestamp() - moment) < 60
    assert Http.bare().credentials(call) == {}
    assert "webhook-signature" not in call.model_dump_json()


@pytest.mark.parametrize("seconds", [-301, 301, 10**6])
def test_a_timestamp_far_off_is_refused(seconds: int) -> None:
    with pytest.raises(Forged, match="minutes off"):
        http().admit(delivered({}, SECRET, at=NOON + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_timestamp_near_enough_is_taken(seconds: int) -> None:
    assert http().admit(delivered({}, SECRET, at=NOON + timedelta(seconds=seconds))).keep


@pytest.mark.parametrize("moment", ["²", "-5", "1e9", "99999999999999999999", "1700000000.5", "0"])
def test_what_is_signed_with_no_moment_is_refused(moment: str) -> None:
    """Also by somebody who knows the secret: a number of seconds, or nothing."""
    import hashlib
    import hmac

    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    made = hmac.new(key, f"a.{moment}.".encode() + b"{}", hashlib.sha256).digest()
    headers = (
        ("webhook-id", "a"),
        ("webhook-timestamp", moment),
        ("webhook-signature", "v1," + base64.b64encode(made).decode()),
    )
    with pytest.raises(Forged, match="no moment"):
        http().admit(Delivery(headers=headers, body=b"{}"))


@given(st.text(), st.text(), st.text(), st.binary())
def test_admit_is_total(one: str, two: str, three: str, body: bytes) -> None:
    """Whatever stands in the headers, the answer is Forged and nothing else."""
    headers = (("webhook-id", one), ("webhook-timestamp", two), ("webhook-signature", three))
    with pytest.raises(Forged):
        http().admit(Delivery(headers=headers, body=body))


def test_its_word_is_worth_what_the_setting_says() -> None:
    """Asserted unless somebody vouches for it; the same for further addresses."""
    other = [{"kind": "email", "value": "a@b.nl"}]
    for trust, strength in (("asserted", Strength.ASSERTED), ("attested", Strength.ATTESTED)):
        found = event(said(addresses=other), kinds=["http", "email"], trust=trust)
        assert isinstance(found, Received)
        assert (found.strength, found.evidence[0].strength) == (strength, strength)


def test_ids_are_the_accounts_own() -> None:
    """Two systems may both have a customer 7: these are two addresses, unless the operator says otherwise."""
    one, other = (Http(name, secret=SECRET) for name in ("crm", "erp"))
    shared = Http("erp", secret=SECRET, scope="crm")
    addresses = [
        next(iter(channel.parse(delivered(said())))).sender.address for channel in (one, other, shared)
    ]
    assert addresses[0] != addresses[1]
    assert addresses[0] == addresses[2]
    assert one.own_address.scope == "crm"
    phone = said(sender={"kind": "phone", "value": "+31612345678"})
    assert str(event(phone, kinds="phone").sender.address) == "phone::+31612345678"


def test_the_spelling_that_came_is_the_one_that_is_answered() -> None:
    """Identity compares one spelling; the system gets back its own."""
    found = event(said(sender={"kind": "email", "value": "Ann@Shop.Example"}), kinds=["email"])
    assert (found.sender.address.value, found.sender.written) == ("ann@shop.example", "Ann@Shop.Example")
    [call] = http(kinds=["email"]).render(Draft(to=found.sender, **DRAFT))
    assert json.loads(call.body)["to"] == {"kind": "email", "value": "Ann@Shop.Example"}


def test_a_token_counts_only_from_the_customer() -> None:
    """Our own words carry it there; coming back as an echo they prove nothing."""
    token = "oct" + "a" * 26
    assert event(said(text=f"Hi {token}")).tokens == (token,)
    ours = said(text=token, direction="outbound", recipients=[{"value": "7"}], correlator="0199")
    assert (event(ours).tokens, event(ours).correlator, event(ours).thread) == ((), "0199", "http:7")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (said(id=None), "id: Input should be a valid string"),
        (said(sender={"value": ""}), "sender.value: String should have at least 1 character"),
        (said(sender={"kind": "email", "value": "nobody"}), "no e-mail address"),
        (said(sent_at="2026-11-20T12:00:00"), "time zone"),
        (said(parts=[{"type": "attachment", "content": "*"}]), "not base64"),
        (said(parts=[{"type": "attachment", "content": 5}]), "not base64"),
        (said(parts=[{"type": "hologram"}]), "does not match any of the expected tags"),
        (said(parts=[{"type": "text", "text": "x", "colour": "red"}]), "Extra inputs"),
        (said(parts=[{"type": "text", "text": "x"}] * 101), "at most 100 items"),
        (said(direction="outbound"), "nothing tells to whom"),
        ({"id": "1"}, "type"),
        ("text", "Input should be an object"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(body: object, reason: str) -> None:
    """The key and what it should be, never what stood there; the siblings are read."""
    bad, good = http(kinds=["http", "email"]).parse(delivered({"events": [body, said(id="2")]}))
    assert isinstance(bad, Unreadable)
    assert reason.lower() in bad.reason.lower()
    assert isinstance(good, Received)


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"{", b'{"events": {}}', b'{"events": "x"}'])
def test_what_is_no_event_at_all_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        list(http().parse(delivered(body)))


def test_an_empty_list_says_nothing() -> None:
    assert list(http().parse(delivered({"events": []}))) == []


def test_an_edit_without_a_sender_is_vouched_for_by_the_system() -> None:
    """It knows who may change what; a sender that it names is looked at."""
    found = event({"type": "message.edited", "id": "e", "target": "1", "text": "New"})
    assert isinstance(found, Updated)
    assert (found.kind, found.targets, found.text, found.sender) == ("edited", ("1",), "New", None)


def test_unknown_keys_are_passed_over() -> None:
    """So that either end can learn new ones first."""
    assert isinstance(event(said(colour="red")), Received)
    assert isinstance(event({"type": "message.pinned"}), Ignored)


def test_a_file_that_is_not_there_is_not_there() -> None:
    """An attachment of another delivery has no bytes here."""
    delivery = delivered({"events": [5, said(parts=[{"type": "attachment", "url": "https://x.example/a"}])]})
    for index in (0, 1000, 1001, 5000):
        with pytest.raises(Unsupported):
            http().content(delivery, Attachment(index=index))
    with pytest.raises(Unsupported):
        http().content(delivery, Attachment(url="https://x.example/a"))


def test_without_an_address_nothing_can_be_said() -> None:
    """A form that only sends in is a channel, too."""
    with pytest.raises(Unsupported, match="set url"):
        http(url="").render(Draft(to=event(said()).sender, **DRAFT))


@pytest.mark.parametrize("repeats", [False, True])
def test_only_who_takes_each_id_once_is_posted_to_again(repeats: bool) -> None:
    [call] = http(repeats=repeats).render(Draft(to=event(said()).sender, **DRAFT))
    assert call.repeatable is repeats


def test_the_schema_beside_the_documentation_is_the_types() -> None:
    """If this fails: write `wire.schema()` into docs/howto/http.schema.json again."""
    file = Path(__file__).parents[3] / "docs" / "howto" / "http.schema.json"
    assert json.loads(file.read_text("utf-8")) == wire.schema()


@pytest.mark.parametrize("path", sorted(CASES.glob("send-*.json")), ids=lambda path: path.stem)
def test_what_we_post_is_what_the_schema_says(path: Path) -> None:
    """Every recorded call is a `message.send`, with no key that the documentation does not know."""
    for call in json.loads(path.read_text("utf-8")).get("calls", ()):
        body = call["json"]
        wire.Send.model_validate_json(json.dumps(body))
        assert body.keys() <= wire.Send.model_fields.keys()
