"""What customers asked, which of our answers answers what, and what we promised.

[words] → finding → answering → folding

It errs on one side: a question that stays open though it was answered costs a look, one that counts as answered and
was not costs a customer who asks twice.
"""

from omnichannel.desk.listening.briefing import in_words
from omnichannel.desk.listening.dutch import DUTCH
from omnichannel.desk.listening.english import ENGLISH
from omnichannel.desk.listening.finding import Found, find
from omnichannel.desk.listening.folding import Said, fold_questions
from omnichannel.desk.listening.promising import Promised, promises
from omnichannel.desk.listening.settings import Listening
from omnichannel.desk.listening.tongues import Tongue

__all__ = [
    "DUTCH",
    "ENGLISH",
    "Found",
    "Listening",
    "Promised",
    "Said",
    "Tongue",
    "find",
    "fold_questions",
    "in_words",
    "promises",
]
