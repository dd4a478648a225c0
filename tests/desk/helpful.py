"""A desk with standard answers, for the tests of what becomes of them."""

from __future__ import annotations

from omnichannel.desk import Plan, Team
from omnichannel.model.desk import Answer, Signature
from tests.desk.readers import Obeying

REFUND = Answer(
    name="refund",
    about="The money is on its way back",
    asked=("When do I get my money back?",),
    texts={
        "en": ("Your money is on its way[, {customer.first_name}].", "We sent the money back on {day:date}."),
        "nl": ("Uw geld is onderweg.",),
    },
)
HOURS = Answer(name="hours", about="When the shop is open", texts={"en": "We are open from nine to five."})
PAPER = Answer(
    name="paper",
    about="An invoice on paper",
    texts={"en": "The invoice is enclosed."},
    channels=frozenset({"letter"}),
)
SORRY = Answer(name="sorry", texts={"en": "We apologise for any inconvenience caused."})

VISIT = Answer(name="visit", texts={"en": "We come by on {day:date}."})

ANSWERS = (REFUND, HOURS, PAPER, SORRY, VISIT)
SIGNED = Signature(agent="Ann", short={"en": "^Ann"})


def helpful(**more: object) -> Plan:
    """A plan with these answers."""
    given = {
        "teams": (Team(name="service"),), "default_team": "service", "classifier": Obeying(), "answers": ANSWERS,
        "signatures": (SIGNED,), "give_out": False,
    }  # fmt: skip
    return Plan.model_validate(given | more)
