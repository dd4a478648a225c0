"""The words by which letters are told apart into their pieces, in Dutch, English, German and French."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

Language = Literal["nl", "en", "de", "fr"]

LANGUAGES: Mapping[str, Language] = {each: each for each in get_args(Language)}

MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip

LABELS: dict[Language, dict[str, str]] = {
    "nl": {
        "date": "Datum", "ours": "Ons kenmerk", "yours": "Uw kenmerk", "page": "Pagina {} van {}",
        "quote": "Vermeld bij uw antwoord: {}", "enclosures": "Bijlagen",
    },
    "en": {
        "date": "Date", "ours": "Our reference", "yours": "Your reference", "page": "Page {} of {}",
        "quote": "Please quote when you answer: {}", "enclosures": "Enclosures",
    },
    "de": {
        "date": "Datum", "ours": "Unser Zeichen", "yours": "Ihr Zeichen", "page": "Seite {} von {}",
        "quote": "Bitte bei Antwort angeben: {}", "enclosures": "Anlagen",
    },
    "fr": {
        "date": "Date", "ours": "Notre référence", "yours": "Votre référence", "page": "Page {} sur {}",
        "quote": "À rappeler dans votre réponse : {}", "enclosures": "Pièces jointes",
    },
}  # fmt: skip
"""What our own letters say beside the text."""

SALUTATION = re.compile(
    r"(?i)^(?:geachte|beste|hallo|hoi|lieve|mijne heren|l\.?\s?s\.?,|dear\b|to whom it may concern|hello|hi\b|sirs|"
    r"sehr geehrte|liebe[rs]?\b|guten tag|madame|monsieur|ch[eè]re?s?\b|bonjour)[^:]{0,70}$"
)
"""A whole line that greets: where what was written begins."""

CLOSING = re.compile(
    r"(?i)^(?:met (?:vriendelijke|hartelijke|beleefde) groet|vriendelijke groet|hartelijke groet|groet(?:en|jes)?\b|"
    r"hoogachtend|yours (?:sincerely|faithfully|truly)|(?:kind|best|warm) (?:regards|wishes)|regards\b|sincerely|"
    r"mit freundlichen gr|freundliche gr|hochachtungsvoll|viele gr|cordialement|salutations|bien à vous|"
    r"veuillez agréer|je vous prie d)"
)
"""The line with which a letter ends, but for names."""

SUBJECT = re.compile(
    r"(?i)^(?:betreft|onderwerp|inzake|subject|concerning|re|betreff?|betrifft|objet|concerne)\s*[:;]\s*(.+)$"
)

YOURS = re.compile(
    r"(?i)\b(?:uw (?:kenmerk|referentie|ref)|your (?:reference|ref)|(?:ihr zeichen|ihre? nachricht)|"
    r"votre (?:référence|reference|réf))\b\.?"
)
"""How a writer names our reference: it is what stands on our letter."""

OURS = re.compile(
    r"(?i)\b(?:ons kenmerk|onze (?:referentie|ref)|our (?:reference|ref)|unser(?:e)? zeichen|"
    r"notre (?:référence|reference|réf)|klantnummer|factuurnummer)\b\.?"
)
"""How a writer names their own reference: it is what they want to see on our answer."""

NOT_AN_ADDRESS = re.compile(
    r"(?i)@|www\.|https?:|\b(?:tel|telefoon|phone|fax|mobiel|iban|bic|kvk|btw|vat|e-?mail|datum|date|betreft|"
    r"onderwerp|subject|betreff|uw kenmerk|ons kenmerk|your ref|our ref|kenmerk)\b\.?\s*[:.]?|^\d{1,2}\s\w+\s\d{4}$"
)
"""What stands beside an address in a letterhead and is no line of it."""

_COMMON: dict[Language, str] = {
    "nl": "de het een ik van en niet is dat u uw wij mijn met voor zijn heb hebben op te deze dit aan geachte",
    "en": "the a i of and not is that you your we my with for are have on to this it was be dear",
    "de": "der die das ein ich von und nicht ist dass sie ihre wir mein mit für sind habe auf zu dieser den geehrte",
    "fr": "le la les un une je de et ne pas est que vous votre nous mon avec pour sont sur ce cette madame",
}
_COMMON_WORDS: dict[Language, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _COMMON.items()
}


def language_of(text: str) -> Language | None:
    """The language that most of the common words are of; None for too few of them, or for a tie."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts: dict[Language, int] = {
        language: sum(word in common for word in words) for language, common in _COMMON_WORDS.items()
    }
    likeliest = max(counts, key=lambda language: counts[language])
    most = counts[likeliest]
    return likeliest if most >= 3 and list(counts.values()).count(most) == 1 else None
