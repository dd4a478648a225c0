"""Apologies that lead nowhere: where the plan refuses them, no answer is one, whichever way it goes out.

Programs' words (`Order.automatic`: what handlers answer, away notices, ratings, thanks) are not looked at. Somebody
wrote them beforehand and nobody is there who could say it better, so that the customer would hear nothing at all.
"""

from __future__ import annotations

from omnichannel.desk.classify.language import UNKNOWN, language_of
from omnichannel.desk.plan import Plan
from omnichannel.errors import UsageError
from omnichannel.inbox.composing import Order
from omnichannel.model import written
from omnichannel.model.desk import Remark
from omnichannel.store import Tx
from omnichannel.store.desk import cases


def check_apology(tx: Tx, plan: Plan | None, order: Order, language: str = "") -> None:
    """Raise UsageError for an apology that says nothing else, where the plan refuses it; see `refusal`."""
    if not order.automatic and (because := refusal(tx, plan, order, language)):
        raise UsageError(because)


def refusal(tx: Tx, plan: Plan | None, order: Order, language: str = "") -> str:
    """Why these words are not said; empty where they are. With a file, a choice or a place it is no mere apology.

    `language` is theirs where it is known for certain; else they are judged as `remarks` does.
    """
    if plan is None or plan.apologies != "refuse" or any(part.type != "text" for part in order.parts):
        return ""
    text = written(order.parts)
    found = plan.check_apology(text, language) if language else remarks(tx, plan, order.conversation, text)
    if not found:
        return ""
    return f"this apologises and says nothing else ({found[0].quote!r}): {found[0].because}"


def remarks(tx: Tx, plan: Plan, conversation: int, text: str) -> tuple[Remark, ...]:
    """What there is to say of a text's apologies in its own language; where that does not show, in the customer's."""
    held = cases.find(tx, conversation)
    theirs = cases.language(held.case) if held else ""
    own = language_of(text, hint=theirs).tag
    return plan.check_apology(text, theirs if own == UNKNOWN else own)
