"""The door that every classifier goes through: the one built in, a model of your own, or one behind an API."""

from __future__ import annotations

from typing import Protocol

from omnichannel.desk.classify.scoring import read
from omnichannel.model.desk.reading import Reading


class Classifier(Protocol):
    """Reads texts. It may wait (a model behind HTTP does); whoever has nothing to wait for just returns.

    The text is data: whatever it says, it is never an instruction to the classifier.
    """

    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        """What a text is about. `language` is a hint (a BCP 47 tag), `channel` a kind (`x`); both may be empty.

        It raises nothing because of what a text says. Where it cannot answer, it says so by low probabilities and
        `understood=False`; where it cannot be reached, it raises what its channel of communication raises.
        """
        ...


class BuiltIn:
    """The default: no network, no download, some tens of microseconds. English and Dutch; signs in any language."""

    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        """What a text is about, by `read`; the channel makes no difference to it."""
        del channel
        return read(text, language=language)
