"""What a column of a record file holds: told by its heading, or else by what its values look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from anyascii import anyascii


class Role(StrEnum):
    """What a column says about whoever the record is about."""

    GIVEN = "given"
    MIDDLE = "middle"
    FAMILY = "family"
    NAME = "name"
    SUFFIX = "suffix"
    BORN = "born"
    BIRTH_YEAR = "birth_year"
    BIRTH_MONTH = "birth_month"
    BIRTH_DAY = "birth_day"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "street"
    HOUSE = "house"
    UNIT = "unit"
    CITY = "city"
    POSTCODE = "postcode"
    STATE = "state"
    COUNTRY = "country"
    COMPANY = "company"
    EMPLOYER = "employer"
    DOCUMENT = "document"
    CATEGORY = "category"
    TEXT = "text"
    SOURCE = "source"
    IGNORED = "ignored"


HEADINGS: Mapping[Role, str] = {
    Role.GIVEN: """given_name givenname first_name firstname first fname forename given christian_name
        first_given_name
        voornaam roepnaam vorname prenom nombre nombre_de_pila nome imie imja fname_c1 given_names fornamn""",
    Role.MIDDLE: """middle_name middle_initial middle middlename middle_names mname mi tussenvoegsel second_name
        zweiter_vorname segundo_nombre patronymic otchestvo fname_c2""",
    Role.FAMILY: """surname last_name lastname family_name familyname last lname family second_surname achternaam
        familienaam nachname familienname nom nom_de_famille apellido apellidos primer_apellido
        segundo_apellido cognome nazwisko familija efternamn lname_c1 lname_c2 sname""",
    Role.NAME: """full_name fullname name display_name displayname person_name contact_name customer_name
        native_name naam volledige_naam nom_complet nombre_completo nome_completo full_name_native""",
    Role.SUFFIX: "suffix name_suffix generation generation_suffix",
    Role.BORN: """dob date_of_birth birth_date birthdate birthday born birth date_birth geboortedatum
        geburtsdatum date_de_naissance naissance fecha_de_nacimiento fecha_nacimiento data_di_nascita
        data_nascita data_urodzenia data_rozhdenija fodelsedatum""",
    Role.BIRTH_YEAR: "by birth_year year_of_birth yob byear geboortejaar geburtsjahr annee_de_naissance",
    Role.BIRTH_MONTH: "bm birth_month month_of_birth mob bmonth geboortemaand geburtsmonat mois_de_naissance",
    Role.BIRTH_DAY: "bd birth_day day_of_birth bday geboortedag geburtstag jour_de_naissance",
    Role.EMAIL: """email e_mail mail email_address emailaddress mail_address e_mail_address emailadres
        correo correo_electronico courriel adresse_email indirizzo_email elektronnaja_pochta""",
    Role.PHONE: """phone phone_number phonenumber telephone telephone_number tel mobile mobile_phone mobile_number
        cell cellphone cell_phone home_phone work_phone telefoon telefoonnummer mobiel telefon telefonnummer
        handy mobil telefono movil celular cellulare telefone portable numero_de_telephone msisdn fax""",
    Role.STREET: """street street_name street_address address address_line address_1 address_2 address1 address2
        address_line_1 address_line_2 addr street1 street2 street_1 street_2 straat straatnaam adres strasse
        anschrift adresse rue calle direccion via indirizzo ulica endereco suburb_street""",
    Role.HOUSE: """street_no street_number house_number house_no housenumber house_num house_nr number_of_house
        huisnummer hausnummer numero_de_rue numero_civico nr street_num""",
    Role.UNIT: "unit unit_number apartment apt flat suite unit_no huisnummertoevoeging toevoeging",
    Role.CITY: """city town suburb locality place municipality woonplaats plaats stad gemeente stadt ort ville
        ciudad localidad citta comune miasto gorod cidade""",
    Role.POSTCODE: """postcode post_code postal_code postalcode zip zipcode zip_code plz postleitzahl
        code_postal codigo_postal cap kod_pocztowy pin_code pincode""",
    Role.STATE: "state province region county provincie bundesland departement provincia regione st_abbrev",
    Role.COUNTRY: "country country_code land pays pais paese nation nationality citizenship",
    Role.COMPANY: """company company_name organisation organization organisation_name organization_name org
        business business_name firm account_name bedrijf bedrijfsnaam firma unternehmen entreprise societe
        empresa azienda affiliation restaurant hotel""",
    Role.EMPLOYER: "employer employer_name works_at werkgever arbeitgeber employeur empleador datore_di_lavoro",
    Role.DOCUMENT: """national_id national_id_number nationalid ssn ssn4 ssn_last4 social_security_number
        social_security soc_sec_id bsn passport passport_number passport_no drivers_license
        drivers_license_number driver_license license_number licence_number tax_id tax_id_number tin vat
        vat_number nif nie dni cpf personal_id personnummer id_number insurance_number nhs_number
        medicare_number iban account_number customer_number loyalty_number document_number""",
    Role.CATEGORY: """gender sex marital_status record_type entity_type type title_of_address language salutation
        geslacht geschlecht sexe sexo sesso plec pol kind""",
    Role.SOURCE: "src source data_source datasource dataset source_system system origin",
    Role.IGNORED: """record_id rec_id id row_id cluster cluster_id event_id ts timestamp created created_at
        updated updated_at age""",
}
"""The usual headings of each role in English, Dutch, German, French, Spanish, Italian, Polish and others."""

_ROLE_OF = {heading: role for role, headings in HEADINGS.items() for heading in headings.split()}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})")
_MOST_CATEGORIES = 40
_LOOKED_AT = 2000


def recognise(headings: Sequence[str], rows: Sequence[Mapping[str, str]]) -> dict[str, Role]:
    """The role of each column. `rows` are looked at only where a heading is not in the table."""
    return {
        heading: _known(heading) or _seen(row.get(heading, "") for row in rows[:_LOOKED_AT])
        for heading in headings
    }


def _known(heading: str) -> Role | None:
    spelt = re.sub(r"[^a-z0-9]+", "_", anyascii(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", heading)).lower()).strip(
        "_"
    )
    return _ROLE_OF.get(spelt) or _ROLE_OF.get(re.sub(r"_?\d+$", "", spelt))


def _seen(values: Iterable[str]) -> Role:
    """What most values look like: an e-mail address, a date, one of few words, or plain text."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return Role.IGNORED

    def mostly(pattern: re.Pattern[str]) -> bool:
        return sum(pattern.fullmatch(value) is not None for value in filled) > 0.7 * len(filled)

    if mostly(_EMAIL):
        return Role.EMAIL
    if mostly(_DATE):
        return Role.BORN
    different = len(set(filled))
    if different <= min(_MOST_CATEGORIES, len(filled) / 5):
        return Role.CATEGORY
    return Role.TEXT
