"""Case files: what a channel means and does, as data that anybody can read and nobody had to program.

`receive-*.json` a delivery and the events it is    `send-*.json` a draft and the calls it becomes, or what it raises
`response-*.json` an answer of the platform and its receipt    each says why it is there, and who says so (`source`)
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

from pydantic import BaseModel, TypeAdapter

from omnichannel.channel import Call, Channel, Delivery, Response
from omnichannel.errors import UsageError
from omnichannel.model import Draft, Event, Receipt
from omnichannel.testing.failing import Json, fail, same
from omnichannel.testing.shapes import (
    call_of,
    delivery_of,
    response_of,
    told,
    told_call,
)

T = TypeVar("T")

Raises = Literal["Unsupported", "TooLarge", "WindowClosed"]
Direction = Literal["receive", "send", "response"]

_EVENTS: TypeAdapter[tuple[Event, ...]] = TypeAdapter(tuple[Event, ...])
_RECEIPT: TypeAdapter[Receipt] = TypeAdapter(Receipt)

_KEYS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "receive": (frozenset({"delivery"}), frozenset({"events"})),
    "send": (frozenset({"draft"}), frozenset({"calls", "raises"})),
    "response": (frozenset({"response"}), frozenset({"receipt", "call"})),
}


class BadCase(UsageError):  # noqa: N818 - as the library's other errors are called
    """A case file cannot be used; the message names it and says how to mend it."""


@dataclass(frozen=True)
class Case:
    """One case file as it stands. `bare` means an instance without account, for bodies of other accounts."""

    path: Path
    data: Mapping[str, Json]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def direction(self) -> Direction:
        """What kind of case it is, by its name."""
        return cast("Direction", self.name.partition("-")[0])

    @property
    def bare(self) -> bool:
        """Whether it is meant for an instance that knows no account (`Channel.bare`)."""
        return self.data.get("bare") is True

    def seen_by(self, channel: Channel) -> Channel:
        """The instance that this case is meant for: the given one, or a bare one of its class."""
        return type(channel).bare(channel.name) if self.bare else channel

    def part(self, key: str) -> Mapping[str, Json]:
        """An object of the file."""
        found = self.data.get(key, {})
        if not isinstance(found, dict):
            raise BadCase(f"{self.name}: {key} is not an object")
        return found

    @cached_property
    def delivery(self) -> Delivery:
        """What arrived (`receive`)."""
        return delivery_of(self.part("delivery"))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What it means (`receive`). Raises BadCase if it was not recorded yet."""
        return _EVENTS.validate_python(self._recorded("events"))

    @cached_property
    def draft(self) -> Draft:
        """What is to be said (`send`)."""
        return Draft.model_validate(self.part("draft"))

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """How it is sent (`send`); none where it raises. Raises BadCase if it was not recorded yet."""
        listed = [] if self.raises else self._recorded("calls")
        return (
            tuple(call_of(one) for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
        )

    @property
    def raises(self) -> str:
        """The name of the error that sending it raises; empty where it is sent."""
        return str(self.data.get("raises", ""))

    @cached_property
    def call(self) -> Call:
        """What was sent (`response`)."""
        return call_of(self.part("call"))

    @cached_property
    def response(self) -> Response:
        """What came back (`response`)."""
        return response_of(self.part("response"))

    @cached_property
    def receipt(self) -> Receipt:
        """What that means (`response`). Raises BadCase if it was not recorded yet."""
        return _RECEIPT.validate_python(self._recorded("receipt"))

    def _recorded(self, key: str) -> Json:
        if key not in self.data:
            raise BadCase(
                f"{self.name} has no {key}: run `python -m omnichannel.testing record {self.path}`, "
                "and read what it wrote before you keep it: it is the specification"
            )
        return self.data[key]

    def checked(self) -> Case:
        """Itself, if everything in it can be read. Raises BadCase."""
        if self.direction not in _KEYS:
            raise BadCase(f"{self.path}: a case is called receive-, send- or response-<what>.json")
        needed, possible = _KEYS[self.direction]
        missing = sorted((needed | {"why", "source"}) - self.data.keys())
        unknown = sorted(self.data.keys() - needed - possible - {"why", "source", "bare"})
        if missing or unknown:
            raise BadCase(f"{self.path}: {_keys('lacks', missing)}{_keys('cannot use', unknown)}")
        for key in ("why", "source"):
            if not str(self.data[key]).strip():
                raise BadCase(f"{self.path}: {key} is empty; say why the case is there, and who says so")
        if self.raises and self.raises not in get_args(Raises):
            raise BadCase(f"{self.path}: raises is one of {', '.join(get_args(Raises))}")
        self._read()
        return self

    def _read(self) -> None:
        try:
            _ = getattr(
                self, {"receive": "delivery", "send": "draft", "response": "response"}[self.direction]
            )
        except ValueError as error:
            raise BadCase(f"{self.path}: {error}") from None


def _keys(what: str, keys: list[str]) -> str:
    return f"{what} {', '.join(keys)}. " if keys else ""


def load(path: Path) -> Case:
    """One case file. Raises BadCase."""
    try:
        data = json.loads(path.read_bytes())
    except ValueError as error:
        raise BadCase(f"{path}: not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadCase(f"{path}: a case is a JSON object")
    return Case(path, data).checked()


def load_all(folder: Path) -> tuple[Case, ...]:
    """Every case of a folder, by name. Raises BadCase; a folder of cases holds no other JSON."""
    return tuple(load(path) for path in sorted(folder.glob("*.json")))


def found_events(case: Case, channel: Channel) -> list[Event]:
    """What the channel says that the delivery of a case means. Raises Malformed."""
    return list(_several(case.seen_by(channel).parse(case.delivery), "parse", case))


def _several(given: Iterable[T], method: str, case: Case) -> Iterable[T]:
    """What a method gave, one after the other. Raises Broken for what is nothing of the kind."""
    if inspect.iscoroutine(given):
        given.close()
        fail(f"`{method}` is not awaited: write `def {method}`, not `async def`", case=case.name)
    shown: object = given
    if not isinstance(shown, Iterable) or isinstance(shown, BaseModel):
        fail(f"`{method}` gave one {type(given).__name__}, where a list is wanted", case=case.name)
    return given


def check_received(case: Case, channel: Channel) -> None:
    """The delivery of a `receive` case means exactly its events.

    If it fails: look at the difference. Either the channel reads the delivery wrongly, or what was recorded is
    wrong (or older than a decision that was made since): then record it again, and read every line of it.
    """
    found: list[Json] = [told(event) for event in found_events(case, channel)]
    same(
        [told(event) for event in _expected(case)], found, "the delivery means something else", case=case.name
    )


def _expected(case: Case) -> tuple[Event, ...]:
    try:
        return case.events
    except ValueError as error:
        fail(f"its events cannot be read, record them again: {error}", case=case.name)


def check_sent(case: Case, channel: Channel) -> None:
    """The draft of a `send` case becomes exactly its calls, or raises exactly what it says.

    If it fails: look at the difference, as for `receive` cases. Headers may stand in any order, and bodies that are
    JSON are compared as JSON.
    """
    subject = case.seen_by(channel)
    if case.raises:
        _check_raises(case, subject)
        return
    try:
        expected: list[Json] = [_comparable(call) for call in case.calls]
    except ValueError as error:
        fail(f"its calls cannot be read, record them again: {error}", case=case.name)
    found: list[Json] = [_comparable(call) for call in _several(subject.render(case.draft), "render", case)]
    same(expected, found, "the draft becomes something else", case=case.name)


def _comparable(call: Call) -> Json:
    return {**told_call(call), "headers": [[name, value] for name, value in sorted(call.headers)]}


def _check_raises(case: Case, channel: Channel) -> None:
    try:
        calls = list(_several(channel.render(case.draft), "render", case))
    except UsageError as error:
        if type(error).__name__ != case.raises:
            fail(f"raises {type(error).__name__} ({error}), not {case.raises}", case=case.name)
        if not str(error).strip():
            fail(f"{case.raises} says nothing; its message says what is possible instead", case=case.name)
        return
    fail(f"becomes {len(calls)} calls, and should raise {case.raises}", case=case.name)


def check_answered(case: Case, channel: Channel) -> None:
    """The answer of a `response` case is exactly its receipt.

    If it fails: look at the difference, as for `receive` cases.
    """
    found = case.seen_by(channel).read(case.call, case.response)
    try:
        expected = told(case.receipt)
    except ValueError as error:
        fail(f"its receipt cannot be read, record it again: {error}", case=case.name)
    same(expected, told(found), "the answer means something else", case=case.name)


def check_case(case: Case, channel: Channel) -> None:
    """A recorded case means exactly what it says."""
    {"receive": check_received, "send": check_sent, "response": check_answered}[case.direction](case, channel)
