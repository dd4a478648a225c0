"""Who writes, about what, in answer to what."""

from __future__ import annotations

import pytest

from omnichannel.channels.letter.fields import Facts, facts_of
from omnichannel.channels.letter.phrases import language_of
from tests.channels.letter.given import OURS, column, reading

ANN = ("A. de Vries", "Voorstraat 12", "3512 AB Utrecht")
BODY = ("Geachte heer, mevrouw,", "Waar is mijn fiets?", "Met vriendelijke groet,", "A. de Vries")


def facts(*columns: object, own: tuple[str, ...] = OURS) -> Facts:
    return facts_of(reading(*columns), own)  # type: ignore[arg-type]


def name_of(found: Facts) -> str:
    return found.sender.name if found.sender else ""


def test_the_sender_stands_above_and_we_stand_in_the_window() -> None:
    found = facts(column(25, 20, *ANN), column(25, 55, *OURS), column(25, 110, *BODY))
    assert (name_of(found), found.to_us) == ("A. de Vries", True)


def test_the_sender_may_stand_in_the_window_row_above_us() -> None:
    row = column(25, 48, "A. de Vries · Voorstraat 12 · 3512 AB Utrecht")
    assert name_of(facts(row, column(25, 55, *OURS), column(25, 110, *BODY))) == "A. de Vries"


def test_the_sender_may_stand_below_the_closing() -> None:
    end = column(25, 150, *ANN)
    found = facts(column(25, 55, *OURS), column(25, 90, *BODY[:3]), end)
    assert name_of(found) == "A. de Vries"


def test_addresses_in_the_text_are_nobodys() -> None:
    """Whoever is mentioned has not written."""
    text = column(
        25, 90, "Geachte heer,", "Stuur het naar:", "K. Bakker", "Kade 3", "4321 BA Breda", "Groeten, Ann"
    )
    assert facts(column(25, 55, *OURS), text).sender is None


def test_where_our_address_is_unknown_the_window_is_ours() -> None:
    """A lone address in the window says to whom, and not from whom."""
    ours, ann = column(25, 55, *OURS), column(25, 20, *ANN)
    assert name_of(facts(ann, ours, column(25, 110, *BODY), own=())) == "A. de Vries"
    assert facts(ours, column(25, 110, *BODY), own=()).sender is None
    below = facts(ours, column(25, 110, *BODY[:3]), column(25, 140, *ANN), own=())
    assert name_of(below) == "A. de Vries"


def test_a_stranger_in_our_window_is_the_sender() -> None:
    """Where we know our own address, what stands in the window and is not ours is theirs."""
    assert name_of(facts(column(25, 55, *ANN), column(25, 110, *BODY))) == "A. de Vries"


def test_an_address_without_a_name_takes_the_one_below_the_closing() -> None:
    found = facts(column(25, 20, "Voorstraat 12", "3512 AB Utrecht"), column(25, 60, *BODY))
    assert name_of(found) == "A. de Vries"
    unsigned = facts(column(25, 20, "Voorstraat 12", "3512 AB Utrecht"), column(25, 60, *BODY[:2]))
    assert name_of(unsigned) == ""


@pytest.mark.parametrize(
    ("rows", "subject"),
    [
        (("Betreft: mijn fiets", "Geachte heer,"), "mijn fiets"),
        (("ONDERWERP : klacht", "Beste mensen,"), "klacht"),
        (("Dear Sirs,", "Re: invoice 12"), "invoice 12"),
        (("Betreff: Rechnung", "Sehr geehrte Damen,"), "Rechnung"),
        (("Objet : facture", "Madame, Monsieur,"), "facture"),
        (("Re: RE-ACEF-HJKM-NPRT", "Dear Sirs,"), ""),
        (("Geachte heer,", "a", "b", "c", "d", "Betreft: iets in de tekst"), ""),
    ],
)
def test_the_subject_stands_around_the_greeting(rows: tuple[str, ...], subject: str) -> None:
    """A reference of ours is no subject."""
    assert facts(column(25, 60, *rows)).subject == subject


def test_without_a_greeting_the_text_begins_below_the_subject() -> None:
    found = facts(column(25, 60, "Betreft: fiets", "Waar is hij?"))
    assert [line.text for line in found.body] == ["Waar is hij?"]
    assert [line.text for line in facts(column(25, 60, "Waar is hij?")).body] == ["Waar is hij?"]


@pytest.mark.parametrize(
    ("columns", "theirs"),
    [
        ((column(25, 60, "Ons kenmerk: AV-12"),), "AV-12"),
        ((column(25, 60, "Our ref. AV-12"),), "AV-12"),
        ((column(25, 60, "Ons kenmerk", "AV-12"),), "AV-12"),
        ((column(25, 60, "Uw kenmerk", "X-1"), column(80, 60, "Ons kenmerk", "AV-12")), "AV-12"),
        ((column(25, 60, "Ons kenmerk: RE-ACEF-HJKM-NPRT"),), ""),
        ((column(25, 60, "Ons kenmerk"), column(25, 65, "Uw kenmerk: 3")), ""),
        ((column(25, 60, "Ons kenmerk"),), ""),
    ],
)
def test_their_own_reference_is_what_our_answer_will_quote(columns: tuple[object, ...], theirs: str) -> None:
    """On the line of its label or below it. Our own reference, on a copy of our letter, is not theirs."""
    assert facts(*columns, column(25, 90, "Geachte heer,")).their_reference == theirs


def test_addresses_in_the_letterhead_are_only_asserted() -> None:
    """Those in the text, and our own, are nobody's."""
    head = column(25, 20, *ANN, "ann@mail.example", "+31 30 765 43 21")
    text = column(
        25, 80, "Geachte heer,", "Mijn buurman is buur@mail.example.", "Groeten,", "ann.werk@mail.example"
    )
    found = facts(head, text, own=(*OURS, "info@deketting.example"))
    said = {str(each.address) for each in found.named}
    assert said == {"email::ann@mail.example", "email::ann.werk@mail.example", "phone::+31307654321"}
    assert {each.strength.value for each in found.named} == {"asserted"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ik heb de fiets niet van u gehad.", "nl"),
        ("I have not had the bicycle from you.", "en"),
        ("Ich habe das Fahrrad nicht von Ihnen.", "de"),
        ("Je ne suis pas sur le vélo.", "fr"),
        ("Fiets!", None),
        ("is is is van van van", "nl"),
        ("", None),
    ],
)
def test_the_language_is_that_of_the_common_words(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_what_are_no_words_is_not_legible() -> None:
    assert facts(column(25, 20, "Dit is een gewone brief, met 3 fietsen.")).legible
    assert not facts(column(25, 20, "g3~ |/ 4hx ]] a%e b7c~ }{")).legible
    assert facts(column(25, 20, "]]")).legible  # too little to say


def test_an_empty_page_says_nothing() -> None:
    found = facts()
    assert (found.sender, found.written_at, found.subject, found.body) == (None, None, "", ())
