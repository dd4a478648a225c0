"""What somebody filled in or chose where we asked: a grade, their particulars, a basket, whether we may call.

Each is a message, for it is the person who speaks. Shapes: Meta's "send_cart" (23 January 2024), "Customer feedback
template" and "Calling webhooks" (23 March 2026); what else is in them keeps its JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.model import Event, Part, Reference, System, Text
from omnichannel.platforms.meta.messaging.item import Item, compact
from omnichannel.toolbox import Json, from_epoch, is_object, items, number, obj, string

Body = dict[str, Json]


def feedback(item: Item, body: Body) -> Event:
    """How they judge us: grades, and words of their own."""
    return _said(item, "feedback", body, _judged(body))


def particulars(item: Item, body: Body) -> Event:
    """What they entered about themselves, such as an address. It is an assertion, and proves nobody's address."""
    lines = [
        f"{string(one, 'key')}: {string(one, 'value')}"
        for screen in items(body, "screens")
        for one in items(screen, "responses")
    ]
    return _said(item, "customer_information", body, _told("customer_information", lines))


def order(item: Item, body: Body) -> Event:
    """A basket out of the Page's catalogue, with the words sent along."""
    return _said(item, "order", body, _ordered(body))


def call_permission(item: Item, body: Body) -> Event:
    """Whether we may call them, and until when."""
    response, until = string(body, "response"), from_epoch(number(body, "expiration_timestamp"))
    words = response + (f" until {until:%Y-%m-%d %H:%M} UTC" if until else "")
    return _said(item, "call_permission", body, _told("call_permission", [words] if words else []))


def _said(item: Item, what: str, body: Body, parts: Iterator[Part]) -> Event:
    """A message with these parts; with its JSON, if there is nothing in it that we know."""
    said = tuple(parts) or (System(what=f"unsupported:{what}", text=compact(body)),)
    return item.received(string(body, "mid") or item.own_id(what), said)


def _told(what: str, lines: list[str]) -> Iterator[Part]:
    if lines:
        yield System(what=what, text="\n".join(lines))


def _judged(body: Body) -> Iterator[Part]:
    for screen in items(body, "feedback_screens"):
        for question in obj(screen, "questions").values():
            if is_object(question):
                yield from _answered(question)
                yield from _answered(obj(question, "follow_up"))


def _answered(question: Body) -> Iterator[Part]:
    kind, answer = string(question, "type"), string(question, "payload")
    if answer and kind == "free_form":
        yield Text(text=answer)
    elif answer:
        yield System(what="feedback", text=f"{kind} {answer}".strip())


def _ordered(body: Body) -> Iterator[Part]:
    if note := string(body, "note"):
        yield Text(text=note)
    for one in items(body, "products"):
        article = string(one, "retailer_id") or string(one, "id")
        price = f"{string(one, 'unit_price')} {string(one, 'currency')}".strip()
        words = " × ".join(filter(None, (string(one, "quantity"), price)))
        yield Reference(what="product", title=string(one, "name") or article, text=words, external_id=article)
