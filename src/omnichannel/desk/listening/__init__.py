"""What customers asked, and which of our answers answers what.

[words] → finding → answering → folding

It errs on one side: a question that stays open though it was answered costs a look, one that counts as answered and
was not costs a customer who asks twice.
"""

from omnichannel.desk.listening.dutch import DUTCH
from omnichannel.desk.listening.english import ENGLISH
from omnichannel.desk.listening.finding import Found, find
from omnichannel.desk.listening.folding import Said, fold_questions
from omnichannel.desk.listening.settings import Listening
from omnichannel.desk.listening.tongues import Tongue

__all__ = ["DUTCH", "ENGLISH", "Found", "Listening", "Said", "Tongue", "find", "fold_questions"]
