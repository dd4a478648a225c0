"""What tells something in every language: question marks, capitals, emoji, links; and irony that shows."""

from __future__ import annotations

import re


def listed(words: str) -> frozenset[str]:
    """Words with spaces between them, as a set."""
    return frozenset(words.split())


_GLAD = frozenset("😀😁😂🤣😃😄😅😆😊😍🥰😘🤩🥳👍👏🙌💪❤💖💙💚🧡💛💜🌟⭐✨🎉🎊😇🤗☺😉💯👌🔝🥇")
_SAD = frozenset("😡😠🤬😤😒👎💩😞😔😟☹😣😖😫😩😢😭💔😑🙁🤮😾🤯")
_ROLLING = frozenset("🙄🙃👏🤡😏")
_FACE_GLAD = re.compile(r"(?<!\w)[:;=]-?[)D\]](?!\w)|<3")
_FACE_SAD = re.compile(r"(?<!\w)[:=]'?-?[(\[|/](?![/\w])")
_SHOUTED = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{3,}\b")
_DIGIT = re.compile(r"\d")
_MONEY = re.compile(r"[€$£]\s?\d|\d\s?(?:€|euro|eur\b|usd\b|gbp\b)")
_SHARE = re.compile(r"\d\s?%")
_NUMBER = re.compile(r"\+?\d[\d \-/]{7,}\d")
_BIG_PRIZE = re.compile(r"[€$£]\s?\d{1,3}(?:[.,]?\d{3})+")

# Where none of these is, the search below would find nothing.
_PERHAPS = listed(
    "🙄 🙃 #not #sarcasm #ironic #ironie #fail #faal thanks thank cheers bedankt dank dankjewel lekker fijn mooi leuk"
    " goed knap top well great wonderful fantastic brilliant lovely nice perfect awesome marvellous love super"
    " geweldig fantastisch heerlijk prachtig gezellig"
)
_IRONY = re.compile(
    r"[🙄🙃]|#(?:not|sarcasm|ironic|ironie|fail|faal)\b"
    r"|\b(?:thanks|thank you|cheers) (?:so much |a lot )?"
    r"for (?:nothing|wasting|ruining|ignoring|losing|breaking)"
    r"|\b(?:bedankt|dank|dank je|dank je wel|dank u|dankjewel) voor "
    r"(?:niets|niks|het verpesten|het negeren|het wachten)"
    r"|\b(?:lekker|fijn|mooi|leuk|goed|knap|top) "
    r"(?:dan|is dat|bezig (?:weer|hoor|jongens)|geregeld weer|hoor)\b"
    r"|\bwell done\b[^.?\n]{0,60}\b(?:again|another|late|wrong|broken|lost|nothing|delay\w*|cancel\w*)"
    # Praise at the beginning of a sentence, and in the same sentence what nobody praises.
    r"|(?:^|[.!?\n]\s*|@\S+ )(?:oh |ah |well |nou |ja |jaja,? |tja,? )?(?:just |how |what a |wat |echt )?"
    r"(?:great|wonderful|fantastic|brilliant|lovely|nice|perfect|awesome|marvellous|love (?:it|how|when)|super"
    r"|geweldig|fantastisch|heerlijk|fijn|top|mooi|prachtig|lekker|gezellig|leuk|knap)\b[^?\n]{0,80}"
    r"\b(?:another|again|still|delay\w*|cancell\w*|broken|third time|alweer|opnieuw|voor de \w+ keer|nog steeds"
    r"|vertraging|kapot|weer (?:een|niet|geen|te|niks|vertraging|storing|kapot))\b"
)


def signs_of(text: str, lowered: str, tokens: list[str]) -> list[str]:
    """The signs of a text, each once, as short names in brackets; `lowered` and `tokens` are its own."""
    signs = [ALWAYS, *_marks(text), *_characters(text)]
    if _SHOUTED.search(text):
        signs += _shouting(text)
    if "http" in lowered or "www." in lowered:
        signs.append("[link]")
    if _DIGIT.search(text):
        signs += _numbers(lowered)
    if not _PERHAPS.isdisjoint(tokens) and _IRONY.search(lowered):
        signs.append(IRONY)
    signs.append(_length(len(tokens)))
    return signs


ALWAYS = "[any]"
"""Every text has it: what it weighs is how rare an answer is."""

IRONY = "[irony]"
"""What is said is not meant: praise counts as blame."""


def _marks(text: str) -> list[str]:
    found = []
    if "?" in text or "？" in text:
        found.append("[?]")
        if text.rstrip(" !\n\"')").endswith(("?", "？")):
            found.append("[?.]")
        if "??" in text or "?!" in text or "!?" in text:
            found.append("[??]")
    if "!" in text or "！" in text:
        found.append("[!]")
        if "!!" in text:
            found.append("[!!]")
    if ".." in text or "…" in text:
        found.append("[...]")
    return found


def _characters(text: str) -> list[str]:
    """Faces, drawn and typed."""
    found = []
    if not text.isascii():
        chars = set(text)
        if chars & _GLAD:
            found.append("[glad]")
        if chars & _SAD:
            found.append("[sad]")
        if chars & _ROLLING:
            found.append("[rolling]")
    if ":" in text or ";" in text or "=" in text or "<3" in text:
        if _FACE_GLAD.search(text):
            found.append("[glad]")
        if _FACE_SAD.search(text):
            found.append("[sad]")
    return list(dict.fromkeys(found))


def _shouting(text: str) -> list[str]:
    letters = sum(char.isalpha() for char in text)
    shouted = sum(len(word) for word in _SHOUTED.findall(text))
    if shouted * 2 > letters and shouted > 8:
        return ["[shouts]", "[shouts all]"]
    return ["[shouts]"]


def _numbers(lowered: str) -> list[str]:
    found = ["[number]"]
    if _MONEY.search(lowered):
        found.append("[money]")
        if _BIG_PRIZE.search(lowered):
            found.append("[much money]")
    if _SHARE.search(lowered):
        found.append("[%]")
    if _NUMBER.search(lowered):
        found.append("[long number]")
    return found


def _length(tokens: int) -> str:
    for most, name in ((3, "[a word or two]"), (10, "[short]"), (30, "[of some length]")):
        if tokens <= most:
            return name
    return "[long]"
