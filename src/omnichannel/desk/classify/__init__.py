"""What a message is about: question or complaint, in which tone, how urgent, in which language; and why. Pure."""

from omnichannel.desk.classify.classifier import BuiltIn, Classifier
from omnichannel.desk.classify.joining import rounded, together
from omnichannel.desk.classify.naming import BUILT_IN, classifier_of, name_of
from omnichannel.desk.classify.scoring import read
from omnichannel.model.desk.reading import Intent, Language, Likely, Reading, Sign

__all__ = [
    "BUILT_IN", "BuiltIn", "Classifier", "Intent", "Language", "Likely", "Reading", "Sign", "classifier_of",
    "name_of", "read", "rounded", "together",
]  # fmt: skip
