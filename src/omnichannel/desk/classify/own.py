"""What of a text the writer says themself: not what they quote, and of a very long text its two ends."""

from __future__ import annotations

import re

HEAD, TAIL = 3000, 1000
"""Characters read of a longer text: whoever writes a novel says at its beginning or at its end what they want."""

# "On Monday, Jo wrote:", "Op 3 mei schreef Jo:", "-----Original Message-----": what follows is somebody else's.
_OTHERS = re.compile(
    r"^[ \t]*(?:-{3,}[ \t]*(?:original message|forwarded message|oorspronkelijk bericht|doorgestuurd bericht)\b"
    r"|(?:on|op)\b[^\n]{5,120}\b(?:wrote|schreef)\b[^\n]{0,80}:[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
# Quick to look for; where it is not, the search above would find nothing.
_ANOTHER = re.compile(r"---|[Ww]rote|WROTE|[Ss]chreef|SCHREEF")
_QUOTED_LINE = re.compile(r"^[ \t]*>[^\n]*\n?", re.MULTILINE)
# Somebody else's sentence: a word or two in quotation marks is only a name.
_QUOTED_SPEECH = re.compile(r"\"[^\"\n]{12,300}\"|“[^”\n]{12,300}”|„[^”“\n]{12,300}[”“]|«[^»\n]{12,300}»")


def own_words(text: str) -> str:
    """The writer's own words; all of it where nothing else is left."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    bare = text
    if ">" in bare:
        bare = _QUOTED_LINE.sub("", bare)
    if _ANOTHER.search(bare) and (found := _OTHERS.search(bare)):
        bare = bare[: found.start()] or bare
    if '"' in bare or "“" in bare or "„" in bare or "«" in bare:
        bare = _QUOTED_SPEECH.sub(" ", bare)
    return bare if bare.strip() else text
