"""What a message is about: question or complaint, in which tone, how urgent, in which language; and why. Pure."""

from omnichannel.desk.classify.classifier import BuiltIn, Classifier
from omnichannel.desk.classify.reading import Intent, Language, Likely, Reading, Sign
from omnichannel.desk.classify.scoring import read

__all__ = ["BuiltIn", "Classifier", "Intent", "Language", "Likely", "Reading", "Sign", "read"]
