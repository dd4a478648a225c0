"""How long X holds a text to be: the weighted length of twitter-text's configuration, version 3.

Figures: https://github.com/twitter/twitter-text/blob/master/config/v3.json. A post holds 280. Latin and its
neighbours weigh 1, everything else 2; a URL 23, an emoji 2, each however many code points it has.
"""

from __future__ import annotations

import re
import unicodedata

from omnichannel.channels.x.urls import find_urls

POST_LIMIT = 280
URL_WEIGHT = 23
_HEAVY = 2
# Code points that weigh 1, as written in config/v3.json: 0-4351, 8192-8205, 8208-8223, 8242-8247.
_LIGHT = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

UNWRITABLE = re.compile("[\ufffe\ufeff\uffff]")
"""Characters that X refuses in a post (twitter-text, `hasInvalidCharacters`)."""

# One picture: a flag, a keycap, or a pictograph with its skin tone, variation, tags, and what it is joined to.
_PICTOGRAPH = (
    "[\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2"
    "\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_ONE = rf"{_PICTOGRAPH}(?!\ufe0e)(?:[\U0001f3fb-\U0001f3ff]|\ufe0f)?"
_EMOJI = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}|[#*0-9]\ufe0f?\u20e3|[©®]\ufe0f"
    rf"|{_ONE}(?:[\U000e0020-\U000e007e]+\U000e007f)?(?:\u200d{_ONE})*"
)


def weigh(text: str, *, emoji: bool = True) -> int:
    """The weighted length of a text; without `emoji` as configuration 2 counts, by code points alone."""
    text = unicodedata.normalize("NFC", text)
    total = position = 0
    for start, end in find_urls(text):
        total += _plain(text[position:start], emoji=emoji) + URL_WEIGHT
        position = end
    return total + _plain(text[position:], emoji=emoji)


def _plain(text: str, *, emoji: bool) -> int:
    """The weight of words without URLs."""
    pictures = 0
    if emoji and not text.isascii():
        text, pictures = _EMOJI.subn("", text)
    return _HEAVY * (len(text) + pictures) - len(_LIGHT.findall(text))
