"""Which language a text is in: by its script where that settles it, else by letters in threes and short words."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from math import exp
from typing import NamedTuple

from omnichannel.desk.classify.lanes import Width, pack, unpack
from omnichannel.model.desk.reading import Language

UNKNOWN = "und"
"""BCP 47's word for a language that cannot be known."""

SURE = 0.5
"""A language is named from this probability on."""

READ = 160
"""Characters read to know the language: more does not make it surer."""

WIDTH: Width = 16
HEAVIEST = 200
"""The most a sequence may weigh: the 160 or so that are in what is read, each as heavy, still fit into a lane."""

LETTER_STEP = 1 / 20
"""Log-odds of one unit of what a sequence of letters weighs."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\S+@\S+")

# Scripts that one language, or one of those told apart here, is written in.
BY_SCRIPT = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
)

# Customers' messages are written in these far more often than their number of speakers' books would say, in log-odds.
_EXPECTED = {"en": 2.0, "nl": 2.0, "de": 0.7, "fr": 0.7, "es": 0.7}
_HINTED = 2.0
_SLOPE = 0.3
_FAR = 12.0  # log-odds behind the best: nothing brings a language back from there


class Letters(NamedTuple):
    """What is known of letters: the languages in the order of the lanes, and the lanes of each sequence."""

    tags: tuple[str, ...]
    weights: dict[str, int]


def language_of(text: str, *, hint: str = "") -> Language:
    """The language of a text, with its probability; `und` where no letters are, or no language is likelier than not.

    A hint (a BCP 47 tag) tips the scales where the text is too short to tell, and is believed where it says nothing.
    """
    words = words_of(text[:READ])
    if not words:
        return Language(tag=hint, probability=SURE) if _is_tag(hint) else Language(tag=UNKNOWN, probability=0)
    if found := _by_script("".join(words)):
        return found
    chances = _chances(words, hint.partition("-")[0].lower())
    tag = max(chances, key=chances.__getitem__)
    chance = chances[tag]
    if chance < SURE:
        return Language(tag=UNKNOWN, probability=1 - chance)
    if hint.partition("-")[0].lower() == tag and _is_tag(hint):
        tag = hint  # its region too: only who gave the hint can know it
    return Language(tag=tag, probability=chance)


def words_of(text: str) -> list[str]:
    """Its words in small letters, without names of pages, people and places to write to."""
    return _WORD.findall(_NO_WORDS.sub(" ", text).lower())


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


def _is_tag(hint: str) -> bool:
    return _TAG.fullmatch(hint) is not None


def _by_script(letters: str) -> Language | None:
    """The language that more than half of the letters can only be of; Japanese has Chinese letters among its own."""
    if letters.isascii():
        return None
    counts = {tag: len(script.findall(letters)) for tag, script in BY_SCRIPT}
    if counts["ja"]:
        counts["ja"] += counts["zh"]
    tag = max(counts, key=counts.__getitem__)
    share = counts[tag] / len(letters)
    return Language(tag=tag, probability=share) if share > SURE else None


def _chances(words: list[str], hint: str) -> dict[str, float]:
    """How likely each language is: naive Bayes over sequences of letters.

    Tempered, for sequences that overlap say much the same.
    """
    tags, weights = letters()
    found = [weights[each] for each in sequences(words) if each in weights]
    totals = unpack(sum(found), len(tags), WIDTH)
    slope = _SLOPE * LETTER_STEP
    best = max(totals)
    odds = {
        tag: exp(slope * (total - best) + _EXPECTED.get(tag, 0.0) + (_HINTED if tag == hint else 0.0))
        for tag, total in zip(tags, totals, strict=True)
        if (best - total) * slope < _FAR
    }
    # Whatever is written in a language that is not among them has little in common with any.
    every = sum(odds.values()) + exp(-slope * best)
    return {tag: each / every for tag, each in odds.items()}


def sequences(words: list[str]) -> list[str]:
    """Each word of up to six letters, and three letters at a time with the space before and behind it."""
    found = [f" {word} " for word in words if len(word) <= 6]
    for word in words:
        spaced = f" {word} "
        found += [spaced[at : at + 3] for at in range(len(spaced) - 2)]
    return found


@cache
def letters() -> Letters:
    """What was learned of letters, from the file beside this one, which says where it comes from."""
    lines = (
        resources.files("omnichannel.desk.classify")
        .joinpath("data", "letters.tsv")
        .read_text("utf-8")
        .splitlines()
    )
    told = [line for line in lines if not line.startswith("#")]
    tags = tuple(told[0].split("\t")[1].split(" "))
    place = {tag: at for at, tag in enumerate(tags)}
    weights = {}
    for line in told[1:]:
        sequence, _, pairs = line.partition("\t")
        lanes = [0] * len(tags)
        for pair in pairs.split(" "):
            tag, _, number = pair.partition(":")
            lanes[place[tag]] = int(number)
        weights[sequence] = pack(lanes, WIDTH)
    return Letters(tags, weights)
