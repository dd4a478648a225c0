"""Standard answers that stay personal: written once, said differently, found in time, looked at before they go.

Pure. A `Book` reads the answers and phrases them; `Index` and `suggest` find the one that suits a question, `Finder`
one by its words; `sign`, `preview` and `check_apology` look at what is to be sent; `away` decides on away notices.
"""

from omnichannel.desk.answers.apologies import LISTS, Apologies, check_apology
from omnichannel.desk.answers.away import AWAY, away, check_away
from omnichannel.desk.answers.book import Book, in_language, mark_of
from omnichannel.desk.answers.counting import Alike, add_up, count
from omnichannel.desk.answers.editing import recognised
from omnichannel.desk.answers.fields import FIELDS, values
from omnichannel.desk.answers.filling import Filled, fill
from omnichannel.desk.answers.finding import Finder
from omnichannel.desk.answers.index import Asked, Index, Near
from omnichannel.desk.answers.names import called, first_name
from omnichannel.desk.answers.owing import owed
from omnichannel.desk.answers.previewing import preview
from omnichannel.desk.answers.reacting import reacted
from omnichannel.desk.answers.reading import read_answers
from omnichannel.desk.answers.signing import FORMS, sign
from omnichannel.desk.answers.suggesting import asked, suggest, worth, written
from omnichannel.desk.answers.template import Clause, Slot, Template, Words, can_fail, parse, slots
from omnichannel.desk.answers.varying import freshest
from omnichannel.desk.answers.wording import place, wording

__all__ = [
    "AWAY", "FIELDS", "FORMS", "LISTS", "Alike", "Apologies", "Asked", "Book", "Clause", "Filled", "Finder",
    "Index", "Near", "Slot", "Template", "Words", "add_up", "asked", "away", "called", "can_fail",
    "check_apology", "check_away", "count", "fill", "first_name", "freshest", "in_language", "mark_of", "owed",
    "parse", "place", "preview", "reacted", "read_answers", "recognised", "sign", "slots", "suggest", "values",
    "wording", "worth", "written",
]  # fmt: skip
