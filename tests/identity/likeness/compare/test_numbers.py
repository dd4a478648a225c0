"""Telephone numbers, e-mail addresses and numbers of documents."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import (
    DOCUMENT,
    EMAIL,
    PHONE,
    Provider,
    email_comparator,
    prepare_document,
    prepare_email,
    prepare_phone,
)

SAME, EXTENSION, ONE, TWO = (
    "same",
    "same, another extension",
    "one digit off, or the same last seven",
    "two digits off",
)

PHONES = [
    ("+31 6 12345678", "0031612345678", SAME),
    ("+31 (0)6 12345678", "+31612345678", SAME),
    ("06-12345678", "0612345678", SAME),
    ("06-12345678", "+31612345678", SAME),
    ("0352 6553537", "+39 0352 6553537", SAME),
    ("404/874-2626", "(404) 874 2626", SAME),
    ("+1-778-555-0116 x0418", "+1 778 555 0116", SAME),
    ("+1-778-555-0116 x0418", "+1 778 555 0116 ext. 99", EXTENSION),
    ("778-555-0116", "+17785550116", SAME),
    ("+31612345678", "+31612345679", ONE),
    ("+31612345678", "+31612345687", ONE),
    ("0207 1234567", "0161 1234567", ONE),
    ("+31612345678", "+31612345123", "differs"),
    ("+31612345678", "+31612346679", TWO),
    ("+31612345678", "+49612345678", ONE),
]


@pytest.mark.parametrize(("one", "other", "words"), PHONES)
def test_phones(one: str, other: str, words: str) -> None:
    first, second = prepare_phone(one), prepare_phone(other)
    assert first
    assert second
    assert PHONE.words(PHONE.level(first, second)) == words
    assert PHONE.level(second, first) == PHONE.level(first, second)


@pytest.mark.parametrize("text", ["", "n/a", "0000000000", "1111111", "12", "call me", "+", "x"])
def test_what_is_no_phone_is_none(text: str) -> None:
    assert prepare_phone(text) is None


def test_a_national_number_gets_its_country_from_the_region() -> None:
    phone = prepare_phone("06-12345678", "NL")
    assert phone is not None
    assert phone.text == "+31612345678"


EMAILS = [
    ("Jo.Smith@Gmail.com", "josmith+shop@googlemail.com", "same"),
    ("jo@icloud.com", "jo@me.com", "same"),
    ("mailto:<jo@x.nl>", "JO@X.NL", "same"),
    ("jo.smith@firm.nl", "josmith@firm.nl", "one letter off"),
    ("j.smith@firm.nl", "j.smiht@firm.nl", "one letter off"),
    ("j.smith@gmail.com", "j.smith@gmial.com", "one letter off"),
    ("j.smith@firm.nl", "j.smith@other.example", "same before the @, another domain"),
    ("robert.smithson@firm.nl", "robert.smithers@firm.nl", "near"),
    ("robert.smith@firm.nl", "robert.smit@other.example", "near, another domain"),
    ("anna@firm.nl", "peter@firm.nl", "differs"),
    ("jo@x.nl", "bo@x.nl", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), EMAILS)
def test_emails(one: str, other: str, words: str) -> None:
    first, second = prepare_email(one), prepare_email(other)
    assert first
    assert second
    assert EMAIL.words(EMAIL.level(first, second)) == words
    assert EMAIL.level(second, first) == EMAIL.level(first, second)


@pytest.mark.parametrize("text", ["", "n/a", "jo", "@x.nl", "jo@", "unknown@x.nl", "@", "noname@x.nl"])
def test_what_is_no_email_is_none(text: str) -> None:
    assert prepare_email(text) is None


def test_providers_are_given() -> None:
    """Which providers ignore dots is a table of the caller's; nothing is assumed of the others but the plus tag."""
    ours = email_comparator({"mail.example": Provider(dots=False, tag="-")})
    dotted, plain = ours.prepare("j.o-shop@mail.example"), ours.prepare("jo@mail.example")
    assert dotted is not None
    assert plain is not None
    assert ours.words(ours.level(dotted, plain)) == "same"
    assert prepare_email("j.o@mail.example") != prepare_email("jo@mail.example")
    tagged = prepare_email("jo+a@mail.example")
    assert tagged is not None
    assert tagged.text == "jo@mail.example"


DOCUMENTS = [
    ("534-98-2027", "534982027", "same"),
    ("AB 123 456", "ab123456", "same"),
    ("534-98-2027", "XXX-XX-2027", "same end, the rest hidden"),
    ("***-**-2027", "XXX-XX-2027", "same end, the rest hidden"),
    ("534-98-8888", "XXX-XX-8888", "same end, the rest hidden"),
    ("534-98-2027", "2027", "same end, the rest hidden"),
    ("534-98-2028", "XXX-XX-2027", "differs"),
    ("534-98-2027", "534-98-2072", "one character off"),
    ("534-98-2027", "534-89-2072", "two characters off"),
    ("534-98-2027", "218-11-9456", "differs"),
    ("1234", "1235", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), DOCUMENTS)
def test_documents(one: str, other: str, words: str) -> None:
    first, second = prepare_document(one), prepare_document(other)
    assert first
    assert second
    assert DOCUMENT.words(DOCUMENT.level(first, second)) == words
    assert DOCUMENT.level(second, first) == DOCUMENT.level(first, second)


@pytest.mark.parametrize(
    "text", ["", "-", "n/a", "000-00-0000", "999999999", "123456789", "xxx-xx-xxxx", "***"]
)
def test_a_filler_is_no_document(text: str) -> None:
    assert prepare_document(text) is None
