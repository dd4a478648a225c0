"""Who somebody is: numbers as they are dialled, ids that rotate, and what proves that they belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.whatsapp.people import Contacts, is_user_id, person, phone_of
from omnichannel.model import Strength
from tests.channels.whatsapp.given import ANN, ANN_ID, WABA, event, message, value, webhook
from tests.channels.whatsapp.given import events as read

NUMBERS = [
    ("16505551234", "+16505551234"),
    ("+1 (650) 555-1234", "+16505551234"),
    ("1-555-123-4567", "+15551234567"),
    ("5215512345678", "+525512345678"),  # Mexico: the 1 before mobile numbers ended in 2019
    ("525512345678", "+525512345678"),
    ("551187654321", "+5511987654321"),  # Brazil: mobile numbers got a 9 in front
    ("5511987654321", "+5511987654321"),
    ("551134567890", "+551134567890"),  # a Brazilian landline got none
    ("5491123456789", "+5491123456789"),  # Argentina: the 9 is dialled from abroad
    ("541123456789", "+541123456789"),
    ("", None),
    ("39349REDACTED", None),
    ("0201234567", None),
    ("123", None),
    ("1" * 16, None),
    ("PHONE_NUMBER", None),
]


@pytest.mark.parametrize(("written", "dialled"), NUMBERS)
def test_a_number_is_kept_as_it_is_dialled(written: str, dialled: str | None) -> None:
    found = phone_of(written)
    assert (found.value if found else None) == dialled


@given(st.text())
def test_whatever_stands_there_is_a_number_in_e164_or_none(written: str) -> None:
    found = phone_of(written)
    assert found is None or phone_of(found.value) == found


@pytest.mark.parametrize("wa_id", ["5215512345678", "551187654321"])
def test_an_answer_goes_to_the_spelling_of_whatsapp(wa_id: str) -> None:
    found = person(WABA, wa_id)
    assert found is not None
    assert found.party.reach == wa_id


def test_a_number_of_its_own_spelling_needs_no_second_one() -> None:
    assert person(WABA, ANN).party.written == ""


def test_nobody_is_nobody() -> None:
    assert person(WABA, "") is None


def test_an_id_where_a_number_belongs_is_an_id() -> None:
    """Some gateways put the user id into `from`."""
    found = person(WABA, ANN_ID)
    assert str(found.party.address) == f"whatsapp:{WABA}:{ANN_ID}"
    assert found.evidence == ()


@pytest.mark.parametrize(
    ("written", "is_one"),
    [(ANN_ID, True), ("US.ENT.118", True), ("us.1", False), ("USA", False), (ANN, False)],
)
def test_what_a_user_id_looks_like(written: str, is_one: bool) -> None:
    assert is_user_id(written) is is_one


def test_profiles_are_matched_by_id_and_never_by_place() -> None:
    ann, bo = {"wa_id": ANN, "profile": {"name": "Ann"}}, {"user_id": ANN_ID, "profile": {"name": "Bo"}}
    assert Contacts((bo, ann)).of(ANN, "") == ann
    assert Contacts((ann, bo)).of("", ANN_ID) == bo
    assert Contacts((ann, bo)).of("15550000000", "US.2") is None


class Read(dict[str, object]):
    """A profile that counts how often it is looked into."""

    times = 0

    def get(self, key: str, default: object = None) -> object:
        self.times += 1
        return super().get(key, default)


def test_a_thousand_profiles_are_not_walked_for_each_of_a_thousand_messages() -> None:
    listed = [Read(wa_id=f"1555{number:07d}", user_id=f"US.{number}") for number in range(1000)]
    contacts = Contacts(listed)
    assert all(contacts.of(f"1555{number:07d}", "") is listed[number] for number in range(1000))
    assert all(contacts.of(f"1666{number:07d}", "") is None for number in range(1000))
    assert max(one.times for one in listed) <= 2


def test_of_two_profiles_with_one_number_it_is_the_first() -> None:
    """However it is written, and whichever of the two the user id names."""
    first, second = {"wa_id": f"+{ANN}"}, {"wa_id": ANN, "user_id": ANN_ID}
    assert Contacts((first, second)).of(ANN, ANN_ID) is first
    assert Contacts((second, first)).of(ANN, "") is second


def test_a_profile_of_another_number_gives_no_id() -> None:
    """Else a body with the wrong profile would make two strangers one customer."""
    stranger = {"wa_id": "15550000000", "user_id": "US.2", "profile": {"name": "Bo"}}
    found = event(message(type="text", text={"body": "Hi"}), contacts=[stranger])
    assert str(found.sender.address) == f"phone::+{ANN}"
    assert found.evidence == ()
    assert "user_id" not in Contacts((stranger,)).of("", ANN_ID)


def test_another_spelling_of_the_number_is_the_same_profile() -> None:
    bia = {"wa_id": "5511987654321", "user_id": "BR.1", "profile": {"name": "Bia"}}
    found = event(message(**{"from": "551187654321", "type": "text", "text": {"body": "Oi"}}), contacts=[bia])
    assert found.sender.address.value == "BR.1"


def test_a_user_name_stands_in_for_a_name() -> None:
    shown = {"wa_id": ANN, "profile": {"username": "@ann"}}
    assert event(message(type="text", text={"body": "Hi"}), contacts=[shown]).sender.name == "@ann"


def test_a_portfolio_is_what_ids_hold_for() -> None:
    """Every number of the portfolio sees the same id: they share its scope."""
    body = webhook(value(messages=[message(from_user_id=ANN_ID, type="text", text={"body": "Hi"})]))
    (found,) = read(body, portfolio_id="77")
    assert found.sender.address.scope == "77"
    assert found.recipients[0].address.scope == "77"


def test_a_name_cannot_forge_a_move() -> None:
    """The sentence begins with a name that its owner chose: only its end is WhatsApp's."""
    name = "Eve changed from 16505550001 to 16505550002"
    system = {"body": f"User {name} changed from {ANN} to 15550003333", "type": "user_changed_number"}
    found = event(message(type="system", system=system))
    everybody = {found.sender.address.value, *(proof.address.value for proof in found.evidence)}
    assert everybody == {"+15550003333", f"+{ANN}"}


def test_words_that_name_nobody_prove_nothing() -> None:
    system = {"body": "Ann changed from here to there", "type": "user_changed_number"}
    found = event(message(type="system", system=system))
    assert (found.sender.address.value, found.evidence) == (f"+{ANN}", ())


def test_a_move_without_a_new_number() -> None:
    """Where the number may not be told, only the ids change."""
    system = {
        "body": "changed",
        "user_id": "US.2",
        "previous_user_id": ANN_ID,
        "type": "user_changed_user_id",
    }
    found = event(
        {
            "from_user_id": ANN_ID,
            "id": "wamid.1",
            "timestamp": "1749416383",
            "type": "system",
            "system": system,
        }
    )
    assert found.sender.address.value == "US.2"
    (proof,) = found.evidence
    assert (proof.address.value, proof.strength, proof.because) == (
        ANN_ID, Strength.VERIFIED, "WhatsApp says that this was their id",
    )  # fmt: skip


@pytest.mark.parametrize(
    "former",
    [{"previous_user_id": ANN_ID}, {"body": f"User Ann changed from {ANN_ID} to US.2"}],
)
def test_a_move_that_is_told_from_nobody(former: dict) -> None:
    """Where an id changed there is no `from` at all: only the event says who it was and is.

    Meta, "Business-scoped user IDs" (`user_changed_user_id`): https://developers.facebook.com/documentation/
    business-messaging/whatsapp/business-scoped-user-ids
    """
    system = {"user_id": "US.2", "type": "user_changed_user_id", **former}
    bare = {"id": "wamid.1", "timestamp": "1749416383", "type": "system", "system": system}
    found = event(bare)
    assert (found.sender.address.value, found.automatic) == ("US.2", "auto_generated")
    assert [proof.address.value for proof in found.evidence] == [ANN_ID]


def test_a_move_from_nobody_known_is_told_of_who_they_are_now() -> None:
    system = {"user_id": "US.2", "type": "user_changed_user_id"}
    found = event({"id": "wamid.1", "timestamp": "1749416383", "type": "system", "system": system})
    assert (found.sender.address.value, found.evidence) == ("US.2", ())


def test_only_the_card_that_we_asked_for_proves_a_number() -> None:
    card = {"phones": [{"phone": "+1 650 555 1234"}]}
    for origin, proofs in (("contact_request", 1), ("other", 0), ("contact_request/other", 0), ("", 0)):
        data = {
            "from_user_id": ANN_ID,
            "id": "wamid.1",
            "timestamp": "1",
            "type": "contacts",
            "origin": origin,
            "contacts": [card],
        }
        assert len(event(data).evidence) == proofs
