"""Drafts to try a channel with, made out of the recorded ones: those are known to be possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omnichannel.channel import Call, Channel
from omnichannel.errors import UsageError
from omnichannel.model import (
    Address,
    Attachment,
    Card,
    Choice,
    ContactCard,
    Draft,
    Location,
    Option,
    Part,
    Reference,
    System,
    Template,
    Text,
)
from omnichannel.testing.cases import Case
from omnichannel.testing.failing import fail, require
from omnichannel.testing.subject import Subject

SAMPLES: dict[str, tuple[Part, ...]] = {
    "text": (Text(text="Hello"),),
    "attachment": (
        Attachment(name="a.pdf", media_type="application/pdf", content=b"%PDF-1.4 kit", size=12),
        Attachment(name="a.pdf", media_type="application/pdf", url="https://files.example/a.pdf"),
    ),
    "location": (Location(latitude=52.37, longitude=4.9, name="Dam"),),
    "contact": (ContactCard(name="Bo", addresses=(Address(kind="phone", value="+31612345678"),)),),
    "choice": (Choice(options=(Option(title="Yes", value="y"), Option(title="No", value="n"))),),
    "card": (Card(title="Shoe", text="Size 42", image="https://files.example/a.png"),),
    "template": (Template(name="order_ready", text="Your order is ready."),),
    "reference": (Reference(what="link", url="https://shop.example/a", title="Shop"),),
    "system": (System(what="joined", text="Bo joined"),),
}
"""One of each type of part, for what a channel does not declare."""


def base(subject: Subject, *, public: bool, part: str = "text") -> tuple[Case, Draft] | None:
    """A recorded draft that can be sent, public or private, with a part of that type; None if there is none."""
    found = [
        (case, draft)
        for case, draft in subject.drafts()
        if draft.public == public and any(each.type == part for each in draft.parts)
    ]
    return min(found, key=lambda pair: len(pair[1].parts), default=None)


def bases(subject: Subject) -> Iterator[tuple[Case, Draft]]:
    """A recorded draft in words for each way (public, private) that the channel has."""
    for public in (True, False):
        found = base(subject, public=public)
        if found is not None:
            yield found


def in_words(draft: Draft, text: str) -> Draft:
    """The draft with nothing to say but a text."""
    return draft.model_copy(update={"parts": (Text(text=text),)})


def saying(draft: Draft, *parts: Part) -> Draft:
    """The draft with other parts."""
    return draft.model_copy(update={"parts": parts})


def refusal(channel: Channel, draft: Draft) -> tuple[str, Sequence[Call]]:
    """The name of the error with which a draft is refused (empty: it is not), and its calls.

    Broken if anything but Unsupported, TooLarge or WindowClosed is raised, or if nothing at all comes of it.
    """
    try:
        calls = list(channel.render(draft))
    except UsageError as error:
        name = type(error).__name__
        if name not in ("Unsupported", "TooLarge", "WindowClosed") or not str(error).strip():
            fail(
                f"render raised {name}({str(error)!r}); raise Unsupported, TooLarge or WindowClosed with the cure"
            )
        return name, ()
    except Exception as error:  # noqa: BLE001 - that it is another one is what is looked for
        fail(f"render raised {type(error).__name__}: {error}, for {draft.parts!r:.500}")
    if not calls:
        fail(
            f"render made no calls of {draft.parts!r:.500}: what says nothing is Unsupported, the rest is sent"
        )
    return "", calls


def must_refuse(channel: Channel, draft: Draft, error: str, what: str, case: str = "") -> None:
    """Broken unless the draft is refused with that error."""
    name, calls = refusal(channel, draft)
    require(name == error, f"{what}: raises {name or 'nothing'} ({len(calls)} calls), not {error}", case=case)
