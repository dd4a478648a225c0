"""What a column holds is told by its heading; a heading that nobody knows, by its values."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.headings import HEADINGS, Role, recognise


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("given_name", Role.GIVEN), ("First Name", Role.GIVEN), ("firstName", Role.GIVEN), ("Voornaam", Role.GIVEN),
        ("Prénom", Role.GIVEN), ("surname", Role.FAMILY), ("Apellidos", Role.FAMILY), ("segundo apellido", Role.FAMILY), ("Nachname", Role.FAMILY),
        ("middle_initial", Role.MIDDLE), ("full_name", Role.NAME), ("dob", Role.BORN), ("Geburtsdatum", Role.BORN),
        ("by", Role.BIRTH_YEAR), ("E-Mail", Role.EMAIL), ("emailAddress", Role.EMAIL), ("mobile_phone", Role.PHONE),
        ("street_no", Role.HOUSE), ("Huisnummer", Role.HOUSE), ("street", Role.STREET), ("street2", Role.STREET),
        ("zip", Role.POSTCODE), ("PLZ", Role.POSTCODE), ("city", Role.CITY), ("Ville", Role.CITY),
        ("state", Role.STATE), ("company", Role.COMPANY), ("employer", Role.EMPLOYER), ("ssn4", Role.DOCUMENT),
        ("passport_number", Role.DOCUMENT), ("sex", Role.CATEGORY), ("src", Role.SOURCE), ("record_id", Role.IGNORED),
    ],
)  # fmt: skip
def test_usual_headings_are_known(heading: str, role: Role) -> None:
    """In several languages, however they are spelt."""
    assert recognise([heading], []) == {heading: role}


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["a@b.nl", "c@d.org", ""], Role.EMAIL), (["1980-01-02", "3/4/71", "12.12.1999"], Role.BORN),
        (["red", "blue"] * 20, Role.CATEGORY), ([f"title number {n}" for n in range(40)], Role.TEXT),
        (["", " "], Role.IGNORED), ([], Role.IGNORED),
    ],
)  # fmt: skip
def test_an_unknown_heading_is_told_by_its_values(values: list[str], role: Role) -> None:
    """Most of them decide."""
    assert recognise(["zzz"], [{"zzz": value} for value in values]) == {"zzz": role}


def test_no_heading_has_two_roles() -> None:
    """Else the order of a table would decide."""
    said = [heading for headings in HEADINGS.values() for heading in headings.split()]
    assert len(said) == len(set(said))
