"""How a customer is asked for a rating, when not, and what of their words is one."""

from omnichannel.desk.ratings.asking import Asking, because_not, option_of, question, way_of
from omnichannel.desk.ratings.reading import Read, asks_nothing, read
from omnichannel.desk.ratings.settings import Ratings, Wording

__all__ = [
    "Asking",
    "Ratings",
    "Read",
    "Wording",
    "asks_nothing",
    "because_not",
    "option_of",
    "question",
    "read",
    "way_of",
]
