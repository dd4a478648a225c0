"""A server of language models on loopback that speaks chat completions: what it answers, a test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]


@dataclass
class Streamed:
    """An answer in pieces, and what comes between them: `end` is what ends it, `pause` how long it hangs before."""

    pieces: Sequence[JSON]
    end: bytes = b"data: [DONE]\n\n"
    pause: float = 0.0


@dataclass
class Whole:
    """An answer at once: an error, or that of a server that streams nothing."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", b"application/json"),)


Answers = Callable[[JSON], Streamed | Whole]


@dataclass
class Model:
    """An ASGI application. `asked` are the requests that it got, `keys` what they were proven with."""

    answers: Answers
    asked: list[JSON] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def __call__(
        self, scope: Mapping[str, Any], receive: Any, send: Callable[[JSON], Awaitable[None]]
    ) -> None:
        assert scope["type"] == "http"
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = dict(scope["headers"])
        self.keys.append(headers.get(b"authorization", b"").decode())
        asked = json.loads(body)
        self.asked.append(asked | {"path": scope["path"]})
        answer = self.answers(asked)
        if isinstance(answer, Whole):
            await send(
                {"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)}
            )
            await send({"type": "http.response.body", "body": answer.body})
            return
        event = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": event})
        for chunk in chunks(answer):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await asyncio.sleep(answer.pause)
        await send({"type": "http.response.body", "body": answer.end})


def chunks(answer: Streamed) -> Iterator[bytes]:
    """Bytes as a network gives them: in pieces that end where they like, with comments that keep a line open."""
    whole = b": processing\n\n" + b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in answer.pieces)
    for start in range(0, len(whole), 97):
        yield whole[start : start + 97]


def piece(delta: JSON, finish: str | None = None) -> JSON:
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }  # fmt: skip


def used(asked: int, answered: int) -> JSON:
    """The last piece: no choices, and what was used."""
    usage = {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": None, "usage": usage}


def says(text: str, finish: str = "stop") -> Streamed:
    """Plain words, letter by letter."""
    spoken = [piece({"content": letter}) for letter in text]
    return Streamed([piece({"role": "assistant", "content": ""}), *spoken, piece({}, finish), used(100, 7)])


def calls(*wanted: tuple[str, JSON | str]) -> Streamed:
    """Tools to be called: the first piece of each has its name, the arguments come bit by bit, interleaved."""
    bits: list[list[JSON]] = []
    for index, (name, arguments) in enumerate(wanted):
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        first = {
            "index": index,
            "id": f"call_{index}",
            "type": "function",
            "function": {"name": name, "arguments": ""},
        }
        rest = [
            {"index": index, "function": {"arguments": text[at : at + 5]}} for at in range(0, len(text), 5)
        ]
        bits.append([first, *rest])
    spread = [piece({"tool_calls": [one]}) for several in _by_turns(bits) for one in several]
    return Streamed(
        [piece({"role": "assistant", "content": None}), *spread, piece({}, "tool_calls"), used(100, 7)]
    )


def _by_turns(bits: Sequence[Sequence[JSON]]) -> Iterable[list[JSON]]:
    for at in range(max(map(len, bits), default=0)):
        yield [several[at] for several in bits if at < len(several)]


def script(*answers: Streamed | Whole) -> Answers:
    """These answers, one after the other; the last one again and again."""
    left = list(answers)

    def answer(_: JSON) -> Streamed | Whole:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer
