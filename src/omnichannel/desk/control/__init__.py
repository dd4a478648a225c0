"""Who has a conversation: exactly one of a bot, an agent and the queue.

Whoever is assigned has it; nobody, then the queue does. `moving` says how it goes from one to another, `wanting` when
a customer asks for a person, `limiting` how far a bot goes, and `bots` is how an application gives the desk one.
"""

from omnichannel.desk.control.bots import Answering, Bot
from omnichannel.desk.control.limiting import Spent, exhausted, unfit_to_say
from omnichannel.desk.control.moving import Move, give_back, holder, offer, pass_on, take
from omnichannel.desk.control.turn import HandOver, Reply, Turn
from omnichannel.desk.control.wanting import PERSONS, Persons, wants_person

__all__ = [
    "PERSONS", "Answering", "Bot", "HandOver", "Move", "Persons", "Reply", "Spent", "Turn", "exhausted", "give_back",
    "holder", "offer", "pass_on", "take", "unfit_to_say", "wants_person",
]  # fmt: skip
