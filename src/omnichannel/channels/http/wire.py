"""What the two ends say to each other, as types: the documentation's JSON Schema is made from them.

It is our model in JSON, so that nothing has to be learnt twice. Unknown keys are passed over, except inside `parts`,
which are the model's own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from omnichannel.model import Automatic, Part, UtcTime, Value

KIND = "http"

Id = Annotated[str, Field(min_length=1, max_length=1024)]
"""The joined system's own, at its choice: the same whenever the same thing is told again."""


class Wire(Value):
    """A shape of the wire: ids may be written as numbers, and keys that we do not know are passed over."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Person(Wire):
    """Somebody: `kind` and `value` of an address, and what they call themselves.

    `phone` (written +31612345678) and `email` mean the same everywhere; of every other kind the value is an id of
    the joined system's own.
    """

    kind: str = KIND
    value: Id
    name: str = ""


class Said(Wire):
    """A message. `direction` is `outbound` if our side said it, by another way than this library.

    `text` comes before `parts`. `thread` is the joined system's conversation; without one there is one with each
    sender. `addresses` are further addresses of the sender, as far as the joined system knows. `correlator`
    is the `webhook-id` of our own call, if it is our own message that comes back.
    """

    type: Literal["message.received"]
    id: Id
    sender: Person
    direction: Literal["inbound", "outbound"] = "inbound"
    recipients: tuple[Person, ...] = ()
    addresses: tuple[Person, ...] = ()
    text: str = ""
    parts: Annotated[tuple[Part, ...], Field(max_length=100)] = ()
    subject: str = ""
    thread: str = ""
    reply_to: str = ""
    sent_at: UtcTime | None = None
    public: bool = False
    automatic: Automatic | None = None
    correlator: str = ""


class _Update(Wire):
    id: Id
    target: Id
    sent_at: UtcTime | None = None


class Edited(_Update):
    """A message says something else now. Without a `sender` the joined system itself vouches for it."""

    type: Literal["message.edited"]
    sender: Person | None = None
    text: str


class Deleted(_Update):
    """A message was taken back."""

    type: Literal["message.deleted"]
    sender: Person | None = None


class Reacted(_Update):
    """Somebody put a reaction on a message, or took it away again (`removed`)."""

    type: Literal["message.reaction"]
    sender: Person
    reaction: str = ""
    removed: bool = False


class Status(_Update):
    """How far one of ours has come: `target` is the id that was answered, or our `webhook-id`."""

    type: Literal["message.status"]
    status: Literal["sent", "delivered", "read", "failed"]
    reason: str = ""


class Typing(Wire):
    """Somebody is writing."""

    type: Literal["typing"]
    id: Id
    sender: Person
    thread: str = ""
    sent_at: UtcTime | None = None


class Ping(Wire):
    """A question whether the other end is there and knows the secret; the answer is any 2xx."""

    type: Literal["ping"]


Item = Annotated[Said | Edited | Deleted | Reacted | Status | Typing | Ping, Field(discriminator="type")]
"""One thing that the joined system tells."""

TYPES = frozenset(
    {
        "message.received", "message.edited", "message.deleted", "message.reaction", "message.status",
        "typing", "ping",
    }
)  # fmt: skip


class Items(Wire):
    """Several things at once, in order."""

    events: tuple[Item, ...]


class Send(Wire):
    """What we post: say this to that person. `id` is the `webhook-id`, the same when it is tried again.

    `text` are the words among the `parts`. `reply_to` and `references` are ids of messages, as they were told or
    answered.
    """

    type: Literal["message.send"]
    id: Id
    to: Person
    cc: tuple[Person, ...] = ()
    text: str = ""
    parts: tuple[Part, ...]
    subject: str = ""
    thread: str = ""
    reply_to: str = ""
    references: tuple[str, ...] = ()
    public: bool = False
    automatic: bool = False
    author: str = ""
    created_at: UtcTime


class Answer(Wire):
    """What we want to hear, with a 2xx: the id under which statuses and answers will name it. Or nothing at all."""

    id: Id


ITEM: TypeAdapter[Item] = TypeAdapter(Item)


def schema() -> dict[str, object]:
    """The JSON Schema of both directions, under `$defs`: `Incoming`, `Outgoing` and `Answer`."""
    names: dict[str, TypeAdapter[object]] = {
        "Incoming": TypeAdapter(Items | Item),
        "Outgoing": TypeAdapter(Send | Ping),
        "Answer": TypeAdapter(Answer),
    }
    found, whole = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in names.items()],
        title="omnichannel http",
        description="What a joined system posts (Incoming), is sent (Outgoing), and answers (Answer).",
    )
    for (name, _), definition in found.items():
        if definition != {"$ref": f"#/$defs/{name}"}:
            whole["$defs"][name] = definition
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}
