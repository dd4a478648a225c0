"""Names of companies and other bodies."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import COMPANY, SAME_COMPANY, prepare_company

SAME = "same"
FORM = "same words, another legal form or order"
LETTER = "one letter off"
NEAR = "near"
WITHIN = "one within the other, or its initials"
HALF = "half the telling words shared"
ONE = "one telling word shared"

LEVELS = [
    ("Siemens AG", "SIEMENS Aktiengesellschaft", SAME),
    ("Apple, Inc.", "Apple Incorporated", SAME),
    ("The Procter & Gamble Company", "Procter and Gamble Co", SAME),
    ("A.B.C. Company", "ABC Co.", SAME),
    ("Société Générale S.A.", "Societe Generale SA", SAME),
    ("Open Joint Stock Company Gazprom", "OAO Gazprom", SAME),
    ("ООО АЯС 2000", 'ООО "АЯС 2000"', SAME),
    ("First International Bank", "1st Int'l Bank", SAME),
    ("World Health Organisation", "World Health Organization", SAME),
    ("Bakkerij Jansen B.V.", "Bakkerij Jansen", SAME),
    ("Jansen Bakkerij", "Bakkerij Jansen", FORM),
    ("Deutsche Bank AG", "Deutsche Bank GmbH", FORM),
    ("Good Will Ltd", "Goodwill Ltd", FORM),
    ("Van der Bilt Corp", "Vanderbilt Corp", FORM),
    ("Wallmart Inc.", "Walmart Inc.", LETTER),
    ("People's Liberation Army", "PLA", WITHIN),
    ("Faberlic", "Faberlic Europe", WITHIN),
    ("Sparkles Business Corporation", "Sporks Business Corporation", HALF),
    ("BAE Systems, Inc.", "BAE Industries, Inc.", HALF),
    ("Capital Fund III L.P.", "Capital Fund IV L.P.", HALF),
    ("Volkswagen AG", "Siemens AG", "differs"),
    ("Management Company", "Trading Company", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), LEVELS)
def test_levels(one: str, other: str, words: str) -> None:
    first, second = prepare_company(one), prepare_company(other)
    assert first
    assert second
    assert COMPANY.words(COMPANY.level(first, second)) == words
    assert COMPANY.level(second, first) == COMPANY.level(first, second)


def test_the_cut() -> None:
    assert COMPANY.words(SAME_COMPANY) == NEAR


@pytest.mark.parametrize("text", ["", "n/a", "none", "-", "unbekannt"])
def test_what_says_nothing_is_none(text: str) -> None:
    assert prepare_company(text) is None


def test_a_name_of_nothing_but_a_legal_form_keeps_it() -> None:
    company = prepare_company("The Company")
    assert company is not None
    assert company.text == "the"
    limited = prepare_company("Limited")
    assert limited is not None
    assert limited.text == "limited"


def test_telling_words_are_those_that_few_others_have() -> None:
    bank, only = prepare_company("Triodos Bank NV"), prepare_company("Bank Group")
    assert bank is not None
    assert bank.telling == {"triodos"}
    assert only is not None
    assert only.telling == {"bank", "group"}
