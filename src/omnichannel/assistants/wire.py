"""The wire: what a request says, and what the pieces of a streamed answer come to. No bytes move here.

Its facts are those of `POST …/chat/completions` with `stream: true`: pieces of tool calls come by `index`, the name
in the first of them and the arguments bit by bit; a last piece with no choices (or null) has the `usage`; `[DONE]`
ends it. Where a server streams nothing, its whole answer is read as one piece.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic import JsonValue

from omnichannel.errors import Busy, ConfigError, Malformed, WireError

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_MOST_CALLS = 16  # tool calls in one answer
_LATER = 5.0  # seconds to wait where a server that is busy does not say how long


class Call(NamedTuple):
    """A tool that the model wants to be called, with arguments as it wrote them."""

    id: str
    name: str
    arguments: str


class Usage(NamedTuple):
    """How many tokens a request and its answer were."""

    asked: int
    answered: int


@dataclass(slots=True)
class Answer:
    """What a model's answer comes to, piece by piece. `finish` says why it ended; empty: it did not."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    usage: Usage | None = None
    _calls: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def calls(self) -> list[Call]:
        """The tools to be called, in order."""
        return [
            Call(one["id"] or f"call_{place}", one["name"], one["arguments"])
            for place, one in sorted(self._calls.items())
        ]

    def add(self, piece: JsonValue) -> None:
        """Take one piece in. Raises Malformed for what is none, and WireError for an error told in the stream."""
        if not isinstance(piece, dict):
            raise Malformed("the model's server sent something that is no object")
        if piece.get("error"):
            raise WireError(f"the model's server broke off: {code_of(piece)}")
        self._count(piece.get("usage"))
        choices = piece.get("choices") or []
        if not isinstance(choices, list):
            raise Malformed("the model's server sent choices that are no list")
        if choices and isinstance(choices[0], dict):
            self._choose(choices[0])

    def _count(self, usage: JsonValue) -> None:
        if isinstance(usage, dict):
            asked, answered = usage.get("prompt_tokens"), usage.get("completion_tokens")
            if isinstance(asked, int) and isinstance(answered, int):
                self.usage = Usage(max(asked, 0), max(answered, 0))

    def _choose(self, choice: Mapping[str, JsonValue]) -> None:
        said = choice.get("delta") or choice.get("message") or {}
        if not isinstance(said, dict):
            raise Malformed("the model's server sent a piece of an answer that is no object")
        self.text += _text(said.get("content"))
        self.refusal += _text(said.get("refusal"))
        self.finish = _text(choice.get("finish_reason")) or self.finish
        calls = said.get("tool_calls") or []
        for place, call in enumerate(calls if isinstance(calls, list) else []):
            if isinstance(call, dict):
                self._call(call, place)

    def _call(self, call: Mapping[str, JsonValue], place: int) -> None:
        index = call.get("index", place)
        if not isinstance(index, int) or not 0 <= index < _MOST_CALLS:
            raise Malformed(f"the model wants more than {_MOST_CALLS} tools at once")
        held = self._calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
        function = call.get("function") or {}
        held["id"] = _text(call.get("id")) or held["id"]
        if isinstance(function, dict):
            held["name"] = _text(function.get("name")) or held["name"]
            held["arguments"] += _text(function.get("arguments"))


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def request(
    model: str, messages: Sequence[JsonValue], tools: Sequence[JsonValue], more: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """The body of a request. `more` are further settings of the model's server."""
    return {
        **more,
        "model": model,
        "messages": list(messages),
        "tools": list(tools),
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def called(answer: Answer) -> JsonValue:
    """A model's answer as it is told back to it, so that it knows which tools it called."""
    calls: list[JsonValue] = [
        {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
        for one in answer.calls
    ]
    return {"role": "assistant", "content": answer.text or None, "tool_calls": calls}


def result(call: Call, content: str) -> JsonValue:
    """What a tool found, for the model."""
    return {"role": "tool", "tool_call_id": call.id, "content": content}


def refused(status: int, body: JsonValue, after: str) -> Exception:
    """What a server means that answers with an error: Busy, ConfigError for what we set wrong, else WireError.

    What it says in words is left out: it may repeat what a customer wrote.
    """
    told = f"the model's server answered {status}: {code_of(body)}"
    if status == 429 or status >= 500:
        return Busy(float(after) if after.isdecimal() and len(after) < 6 else _LATER, told)
    if status in (401, 403, 404):
        wrong = {401: "key", 403: "key", 404: "url"}[status]
        return ConfigError(wrong, told, "Look at the assistant's url, key and model.")
    return WireError(told)


def code_of(body: JsonValue) -> str:
    """What an error is called, out of `{"error": {"code", "type", …}}`: a word, never a sentence."""
    error = body.get("error") if isinstance(body, dict) else None
    found = [error.get("code"), error.get("type")] if isinstance(error, dict) else []
    words = [one for one in found if isinstance(one, str) and _CODE.fullmatch(one)]
    return words[0] if words else "it does not say why"
