"""What a model may do: look up what its customer and we said, whatever tools an application gives it, and end.

No tool takes a customer. Whose data they look up is the turn's to say, and that was decided before the model was
asked; an argument that was not declared is refused, so that nothing is ever looked up by it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from omnichannel.assistants.prompt import as_data, told
from omnichannel.assistants.wire import Call
from omnichannel.desk import HandOver, Reply, Turn
from omnichannel.errors import ConfigError

A = TypeVar("A", bound=BaseModel)

_FOUND = 20  # things said that are shown for one look-up
_SUMMARY = "the conversation in two lines, for a colleague"


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LookUp(_Arguments):
    """What to look for."""

    words: Annotated[
        str, Field(max_length=200, description="words that all stand in it; none: the latest")
    ] = ""


class Answer(_Arguments):
    """What to say."""

    text: Annotated[str, Field(max_length=20_000, description="the answer, as the customer is to read it")]
    confidence: Annotated[float, Field(ge=0, le=1, description="how sure you are that it is right")]
    summary: Annotated[str, Field(max_length=2_000, description=_SUMMARY)] = ""


class Over(_Arguments):
    """Why a person should go on."""

    reason: Annotated[str, Field(max_length=500, description="why, in one sentence")]
    summary: Annotated[str, Field(max_length=2_000, description=_SUMMARY)] = ""
    says: Annotated[str, Field(max_length=2_000, description="what the customer is told, if anything")] = ""


class Tool:
    """Something of an application's that a model may look up: a name, what it is for, and its `arguments`.

    `run` is given the turn and the arguments, as a model of pydantic's. Look up what belongs to `turn.customer`, and
    nothing else: arguments are written by a stranger, by way of the model. What it returns is shown to the model, and
    so, in the end, to that customer. What it raises is told the model by its kind alone.
    """

    def __init__(
        self,
        name: str,
        description: str,
        arguments: type[A],
        run: Callable[[Turn, A], Awaitable[JsonValue]],
    ) -> None:
        self.name = name
        self.described = _described(name, description, arguments)
        reads = TypeAdapter(_strict(arguments))

        def begin(turn: Turn, given: str) -> Awaitable[JsonValue]:
            return run(turn, reads.validate_json(given))

        self.begin = begin
        """Runs it with arguments as the model wrote them. Raises ValidationError for wrong ones, before it begins."""


def _strict(arguments: type[A]) -> type[A]:
    """Arguments that refuse what was not declared, whatever their class says of it."""
    if arguments.model_config.get("extra") == "forbid":
        return arguments
    strict = {"model_config": ConfigDict(extra="forbid"), "__module__": __name__}
    return cast("type[A]", type(arguments.__name__, (arguments,), strict))


def _described(name: str, description: str, arguments: type[BaseModel]) -> JsonValue:
    """A tool as the wire has it."""
    parameters = arguments.model_json_schema() | {"additionalProperties": False}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


async def _look_up(turn: Turn, given: LookUp) -> JsonValue:
    return told(await turn.earlier(given.words, most=_FOUND))


LOOK_UP = Tool("look_up", "What this customer and we said to each other before, elsewhere.", LookUp, _look_up)
_ENDS: dict[str, tuple[str, type[BaseModel]]] = {
    "answer": ("Answer the customer, and end your turn.", Answer),
    "hand_over": ("Let a person answer instead, and end your turn.", Over),
}


class Belt:
    """The tools that a model is given."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = {one.name: one for one in tools}
        if len(self._tools) < len(tools) or self._tools.keys() & _ENDS.keys():
            names = ", ".join(one.name for one in tools)
            raise ConfigError(
                "tools", f"two have one name: {names}", f"Give each its own, not {', '.join(_ENDS)}."
            )

    def described(self) -> list[JsonValue]:
        """The tools as the wire has them."""
        ends = [_described(name, *told) for name, told in _ENDS.items()]
        return [*(one.described for one in self._tools.values()), *ends]

    def ended(self, call: Call, cost: float) -> Reply | HandOver | None:
        """What a call says that ends the turn; None if it does not, or says it wrongly."""
        try:
            if call.name == "answer":
                said = Answer.model_validate_json(call.arguments)
                return Reply(text=said.text, confidence=said.confidence, cost=cost, summary=said.summary)
            if call.name == "hand_over":
                over = Over.model_validate_json(call.arguments)
                return HandOver(because=over.reason, summary=over.summary, says=over.says, cost=cost)
        except ValidationError:
            return None  # `run` says what is wrong
        return None

    async def run(self, turn: Turn, call: Call) -> str:
        """What a tool found, or what is wrong with the call, as data for the model."""
        given, tool = call.arguments or "{}", self._tools.get(call.name)
        try:
            if tool is not None:
                found = tool.begin(turn, given)
            elif call.name in _ENDS:
                _ENDS[call.name][1].model_validate_json(given)
                return as_data({"error": "end your turn with this call alone"})
            else:
                there = ", ".join((*self._tools, *_ENDS))
                return as_data({"error": f"there is no such tool; there are: {there}"})
        except ValidationError as error:
            wrong = [".".join(map(str, one["loc"])) + ": " + one["type"] for one in error.errors()]
            return as_data({"error": "wrong arguments", "wrong": [*wrong]})
        try:
            return as_data({"found": await found})
        except Exception as error:  # noqa: BLE001 - a tool may raise anything, and its words are not for a model
            return as_data({"error": f"it failed: {type(error).__name__}"})
