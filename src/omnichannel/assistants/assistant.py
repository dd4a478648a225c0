"""The bot: asks a model, does what it wants looked up, and brings back an answer or a hand-over."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Annotated

import httpx
from pydantic import Field, JsonValue

from omnichannel.assistants import prompt, wire
from omnichannel.assistants.streaming import MOST_BYTES, events
from omnichannel.assistants.tools import LOOK_UP, Belt, Tool
from omnichannel.desk import HandOver, Reply, Turn
from omnichannel.errors import ConfigError, Malformed, WireError
from omnichannel.http import Client
from omnichannel.model import Value
from omnichannel.toolbox import is_loopback, sealed

_ANSWERS = 8  # of the model's in one turn, all but the last of them look-ups
_LETTERS = 2  # a token has more of them in every language, so that what is not counted is not taken for less
_CONNECT = 10.0  # seconds; how long all of it may take is the bot's `patience`
_CURE = "Give the address of a server that speaks chat completions: https://models.example/v1"


class Prices(Value):
    """What a million tokens cost, of a request (`asked`) and of its answer (`answered`), in units of your own."""

    asked: Annotated[float, Field(ge=0)]
    answered: Annotated[float, Field(ge=0)]


class Assistant:
    """A bot's `answers`: a language model behind `POST {url}/chat/completions`, of any server that speaks it.

    `model` is its name there, `key` what proves us to it, `instructions` what the company tells it: what it sells,
    what it may say. `tools` are what it may look up beside what was said. A model that answers without saying how
    sure it is, is `unstated` sure. Costs are tokens, or what they cost by `prices`; where the server does not count
    them, half of the letters. `settings` go into each request as they are (`temperature`, `max_tokens`, …).

    Raises ConfigError for a url that would show the key to the network. Each call raises Busy, WireError, Malformed
    or ConfigError where the server, or what comes back, cannot be used; the desk asks again, and then a person.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        instructions: str = "",
        tools: Sequence[Tool] = (),
        unstated: float = 0.5,
        prices: Prices | None = None,
        settings: Mapping[str, JsonValue] | None = None,
    ) -> None:
        self._url = _checked(url)
        self._model = model
        self._key = key
        self._instructions = instructions
        self._belt = Belt((LOOK_UP, *tools))
        self._unstated = unstated
        self._prices = prices
        self._settings = dict(settings or {})

    async def __call__(self, turn: Turn) -> Reply | HandOver:
        """Answer a turn, or hand it over."""
        told = prompt.messages(turn, self._instructions)
        cost = 0.0
        async with self._client() as client:
            for _ in range(_ANSWERS):
                answer = await self._ask(client, told)
                cost += self._cost(answer, told)
                if (ended := self._ended(answer, cost)) is not None:
                    return ended
                told.append(wire.called(answer))
                told += [wire.result(call, await self._belt.run(turn, call)) for call in answer.calls]
        return HandOver(because=f"the model came to no answer in {_ANSWERS} steps", cost=cost)

    def _ended(self, answer: wire.Answer, cost: float) -> Reply | HandOver | None:
        """What an answer comes to; None if the model wants something looked up first."""
        if answer.refusal or answer.finish == "content_filter":
            return HandOver(because="the model refuses to answer", cost=cost)
        if answer.finish == "length":
            return HandOver(because="the model's answer is longer than it may be", cost=cost)
        for call in answer.calls:
            if (ended := self._belt.ended(call, cost)) is not None:
                return ended
        if answer.calls:
            return None
        if not answer.text.strip():
            return HandOver(because="the model had nothing to say", cost=cost)
        return Reply(text=answer.text.strip(), confidence=self._unstated, cost=cost)

    def _cost(self, answer: wire.Answer, told: Sequence[JsonValue]) -> float:
        spoken = len(answer.text) + sum(len(call.arguments) for call in answer.calls)
        asked, answered = answer.usage or (
            math.ceil(len(json.dumps([*told, *self._belt.described()])) / _LETTERS),
            math.ceil(spoken / _LETTERS),
        )
        if self._prices is None:
            return float(asked + answered)
        return (asked * self._prices.asked + answered * self._prices.answered) / 1_000_000

    def _client(self) -> httpx.AsyncClient:
        headers = {"accept": "text/event-stream, application/json", "accept-encoding": "identity"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        timeout = httpx.Timeout(None, connect=_CONNECT)
        return Client(headers=headers, timeout=timeout, follow_redirects=False)

    @sealed
    async def _ask(self, client: httpx.AsyncClient, told: Sequence[JsonValue]) -> wire.Answer:
        body = wire.request(self._model, told, self._belt.described(), self._settings)
        try:
            async with client.stream("POST", self._url, json=body) as response:
                if response.status_code != 200:
                    after = response.headers.get("retry-after", "")
                    raise wire.refused(response.status_code, await _whole(response), after)
                return await _answer(response)
        except httpx.HTTPError as error:
            raise WireError(f"the model's server cannot be reached: {type(error).__name__}") from None


async def _answer(response: httpx.Response) -> wire.Answer:
    answer = wire.Answer()
    if response.headers.get("content-type", "").startswith("application/json"):
        answer.add(await _whole(response))
    else:
        async for piece in events(response.aiter_raw()):
            answer.add(piece)
    if not answer.finish:
        raise Malformed("the model's answer was cut off")
    return answer


async def _whole(response: httpx.Response) -> JsonValue:
    """A body that is not streamed, read as JSON; None for what is too long or none."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    try:
        found: JsonValue = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found


def _checked(url: str) -> str:
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        raise ConfigError("url", f"{url!r} is none", _CURE) from None
    sealed = found.scheme == "https" or (found.scheme == "http" and is_loopback(found.host))
    if not sealed or not found.host:
        raise ConfigError(
            "url", f"{url!r} would show the key, and what customers write, to the network", _CURE
        )
    return f"{url.rstrip('/')}/chat/completions"
