"""What is to be seen afterwards: everybody's timeline across channels, why they are one, what is suggested."""

from __future__ import annotations

import re
from collections.abc import Iterator

from omnichannel.demo.world import World
from omnichannel.model import Customer, Direction, Message, UtcTime, Value

# What nobody can guess is another in every run: tokens, and the ids that visitors of the site are given.
_TOKEN, _VISITOR = re.compile(r"oct[a-z2-7]{26}"), re.compile(r"\bv[a-z2-7]{26}\b")


class Line(Value):
    """One message in a timeline."""

    at: UtcTime
    who: str
    where: str
    conversation: str
    public: bool
    text: str
    quoted: str
    attachments: tuple[str, ...]
    delivery: tuple[str, ...]
    because: str


class Talk(Value):
    """One conversation: its label, who has it, and how it stands."""

    conversation: str
    subject: str
    status: str
    assignee: str
    channels: tuple[str, ...]


class Person(Value):
    """One customer: the addresses that are proven theirs, why, and everything that was said."""

    name: str
    addresses: tuple[str, ...]
    why_one: tuple[str, ...]
    conversations: tuple[Talk, ...]
    timeline: tuple[Line, ...]


class Hint(Value):
    """Two who may be one customer, unproven."""

    one: str
    other: str
    score: float
    because: tuple[str, ...]


class Far(Value):
    """What arrived at the far end, seen by the platforms themselves."""

    x_posts: tuple[str, ...]
    x_messages: tuple[str, ...]
    mails: tuple[str, ...]
    chats: tuple[str, ...]


class Story(Value):
    """The whole story. The same seed gives the same one, up to the place of the database."""

    seed: int
    customers: tuple[Person, ...]
    suggestions: tuple[Hint, ...]
    far_end: Far
    database: str


async def look_back(world: World) -> Story:
    """Read the story from the inbox as an application would, and from the platforms."""
    labels = _Labels()
    customers = [await _person(world, customer, labels) for customer in await _customers(world)]
    suggestions = [
        Hint(one=str(found.one), other=str(found.other), score=found.score, because=found.because)
        for found in await world.inbox.identity.suggestions()
    ]
    return Story(
        seed=world.cast.seed,
        customers=tuple(customers),
        suggestions=tuple(suggestions),
        far_end=_far(world),
        database=str(world.database),
    )


async def _customers(world: World) -> list[Customer]:
    """Everybody who wrote, in the order in which they first did."""
    found: dict[str, Customer] = {}
    for event in await world.inbox.events(most=10_000):
        if event.what == "message.received" and event.customer:
            customer = await world.inbox.customers.get(event.customer)
            found.setdefault(customer.id, customer)
    return list(found.values())


async def _person(world: World, customer: Customer, labels: _Labels) -> Person:
    timeline = await world.inbox.customers.timeline(customer.id)
    talks: dict[str, list[str]] = {}
    for message in timeline:
        kinds = talks.setdefault(message.conversation, [])
        if message.kind and message.kind not in kinds:
            kinds.append(message.kind)
    return Person(
        name=customer.name or "nobody knows",
        addresses=tuple(_told(f"{reached.address} ({reached.strength})") for reached in customer.addresses),
        why_one=tuple(await _reasons(world, customer)),
        conversations=tuple([await _talk(world, number, kinds, labels) for number, kinds in talks.items()]),
        timeline=tuple(_line(message, customer, labels) for message in timeline),
    )


async def _reasons(world: World, customer: Customer) -> list[str]:
    """Why each further address is the first one's customer."""
    first, *others = (reached.address for reached in customer.addresses)
    found = [reason for other in others for reason in await world.inbox.identity.explain(first, other)]
    return [_told(reason) for reason in dict.fromkeys(found)]


async def _talk(world: World, number: str, kinds: list[str], labels: _Labels) -> Talk:
    conversation = await world.inbox.conversations.get(number)
    return Talk(
        conversation=labels.of(number),
        subject=conversation.subject,
        status=conversation.status,
        assignee=conversation.assignee,
        channels=tuple(kinds),
    )


def _line(message: Message, customer: Customer, labels: _Labels) -> Line:
    who = message.agent or "Shop"
    if message.direction is Direction.INBOUND:
        who = (message.author.name if message.author else "") or customer.name
    return Line(
        at=message.sent_at,
        who=who,
        where="note" if message.direction is Direction.INTERNAL else message.kind,
        conversation=labels.of(message.conversation),
        public=message.public,
        text=_told(message.text) or "; ".join(part.text for part in message.parts if part.type == "system"),
        quoted=message.quoted,
        attachments=tuple(part.name for part in message.parts if part.type == "attachment"),
        delivery=tuple(sending.status for sending in message.sendings),
        because=re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", message.because),
    )


def _told(text: str) -> str:
    """A text as it is in every run of the same story."""
    return _VISITOR.sub("<visitor>", _TOKEN.sub("<token>", text))


def _far(world: World) -> Far:
    ours = world.x.account
    return Far(
        x_posts=tuple(post.text for post in world.x.posts if post.author is ours),
        x_messages=tuple(_told(dm.text) for dm in world.x.dms if dm.sender is ours),
        mails=tuple(", ".join(envelope.recipients) for envelope in world.mail.outbox),
        chats=tuple(
            f"{person.name}: {said.text}"
            for person in world.page.people.values()
            for said in person.thread
            if said.by == "page"
        ),
    )


class _Labels:
    """Short names for conversations, in the order in which they are met."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, number: str) -> str:
        return self._known.setdefault(number, f"C{len(self._known) + 1}")


def written(story: Story) -> Iterator[str]:
    """The story as lines for a terminal."""
    for person in story.customers:
        yield ""
        yield f"━━ {person.name}"
        yield f"   {', '.join(person.addresses)}"
        yield from (f"   one customer, because {reason}" for reason in person.why_one)
        for talk in person.conversations:
            subject = f" “{talk.subject}”" if talk.subject else ""
            owner = talk.assignee or "nobody"
            yield f"   {talk.conversation}{subject} on {', '.join(talk.channels)}: {talk.status}, with {owner}"
        for line in person.timeline:
            yield from _in_terminal(line)
    yield ""
    yield "━━ Only suggested, for a person to decide"
    for hint in story.suggestions:
        yield f"   {hint.one} and {hint.other} ({hint.score}): {'; '.join(hint.because)}"


def _in_terminal(line: Line) -> Iterator[str]:
    public = ", public" if line.public else ""
    state = f"  [{', '.join(line.delivery)}]" if line.delivery else ""
    yield f"   {line.at:%H:%M} {line.conversation} {line.where}{public}  {line.who}:{state}"
    yield from (f"         {text}" for text in line.text.splitlines())
    if line.attachments:
        yield f"         + {', '.join(line.attachments)}"
    if line.quoted:
        yield f"         ({len(line.quoted.splitlines())} quoted lines split off)"
    yield f"         · {line.because}"
