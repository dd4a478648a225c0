"""Words, and where they stand: the rules of searching, the same whatever database keeps the index.

A text is cut into `words` (`folding` says which are the same), what people type is a query (`asking`), and whether a
message answers it is told by its own words (`matching`), with the piece to be shown (`excerpts`). Which of its parts
hold words, `fields` knows. A database only narrows down where to look.
"""

from omnichannel.desk.search.asking import asked
from omnichannel.desk.search.excerpts import excerpts
from omnichannel.desk.search.fields import has_files, message_fields, person_fields
from omnichannel.desk.search.folding import FOLDING, fold
from omnichannel.desk.search.matching import Field, Match, match
from omnichannel.desk.search.words import Word, words
from omnichannel.model.search import Query, Term

__all__ = [
    "FOLDING", "Field", "Match", "Query", "Term", "Word", "asked", "excerpts", "fold", "has_files", "match",
    "message_fields", "person_fields", "words",
]  # fmt: skip
