"""The wire to Pingen: several requests for each call, one of which counts. Never a second attempt.

Making a letter is: ask for a place, put the PDF there, make a letter of it. Sending it is: look how it stands, and
only if it waits for that, send it; where the answer to it is lost, look once more instead of trying again.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from omnichannel.channel import Call, Response
from omnichannel.channels.letter.pingen import MEDIA_TYPE, READY, draft_id, status_of
from omnichannel.channels.letter.settings import Service
from omnichannel.errors import Malformed
from omnichannel.http import Client
from omnichannel.toolbox import Json, load_json, number, obj, sealed, string

_SCOPE = "letter organisation_read"
_EARLY = 60.0  # seconds before its end at which a token is renewed; they live for 12 hours
_MOST_BYTES = 1024 * 1024


class _NoAnswer(Exception):  # noqa: N818 - it never leaves this module
    """A request without the answer that the next one needs; `response` says what the call comes to."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.detail)
        self.response = response


class PrintService:
    """Our account at Pingen as a `Sender`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._client: httpx.AsyncClient | None = None
        self._token, self._good_until = "", 0.0

    async def send(self, call: Call) -> Response:
        """Make a letter, or send one that was made; trouble is a Response with `failure`."""
        try:
            async with asyncio.timeout(call.timeout):
                return await (self._make(call) if call.prepares else self._send(call))
        except _NoAnswer as lost:
            return lost.response
        except TimeoutError:
            # For the step that cannot be seen that is simply not done; the other one may have been.
            failure = "not_sent" if call.prepares else "in_doubt"
            return Response(failure=failure, detail=f"Pingen did not answer within {call.timeout:g} s")

    async def close(self) -> None:
        """Let go of connections; never raises."""
        client, self._client = self._client, None
        if client is not None:
            try:
                await client.aclose()
            except (httpx.HTTPError, OSError, RuntimeError):
                return

    async def stands(self, letter: str) -> Response:
        """A letter as Pingen has it now."""
        try:
            return await self._asked("GET", f"{self._service.options.letters}/{draft_id(letter)}")
        except _NoAnswer as lost:
            return lost.response

    async def organisation(self) -> Response:
        """Our organisation as Pingen knows it. For `doctor`."""
        options = self._service.options
        try:
            return await self._asked("GET", f"{options.host}/organisations/{options.organisation}")
        except _NoAnswer as lost:
            return lost.response

    async def _make(self, call: Call) -> Response:
        place = obj(
            obj(_json(await self._needed("GET", f"{self._service.options.host}/file-upload")), "data"),
            "attributes",
        )
        url = string(place, "url")
        self._refuse_exposure(url)
        put = await self._request("PUT", url, content=call.body)
        if not 200 <= put.status < 300:
            # Nothing was made of it yet: whatever the place said, it is simply done again.
            raise _NoAnswer(
                Response(failure="not_sent", detail=f"the upload failed: HTTP {put.status} {put.detail}")
            )
        attributes = json.loads(_header(call, "x-letter")) | {
            "file_url": url,
            "file_url_signature": string(place, "url_signature"),
        }
        body = {"data": {"type": "letters", "attributes": attributes}}
        return await self._asked("POST", call.url, body=body, key=_header(call, "idempotency-key"))

    async def _send(self, call: Call) -> Response:
        data = obj(load_json(call.body), "data")
        letter = draft_id(string(data, "id"))
        place = f"{self._service.options.letters}/{letter}"
        before = await self._needed("GET", place)
        if status_of(before.body) != READY:
            return before
        body: dict[str, Json] = {"data": data | {"id": letter}}
        answer = await self._asked("PATCH", f"{place}/send", body=body, key=_header(call, "idempotency-key"))
        if not answer.failure and answer.status < 500:
            return answer
        after = await self._asked("GET", place)
        taken = after.status == 200 and status_of(after.body) not in (READY, "")
        return after if taken else answer

    async def _needed(self, method: str, url: str) -> Response:
        """An answer without which nothing goes on; nothing counts before it, so a failure is none of the call's."""
        answer = await self._asked(method, url)
        if answer.failure or answer.status >= 500:
            detail = answer.detail or f"HTTP {answer.status}"
            raise _NoAnswer(Response(failure="not_sent", detail=f"{method} {urlsplit(url).path}: {detail}"))
        if not 200 <= answer.status < 300:
            raise _NoAnswer(answer)
        return answer

    @sealed
    async def _asked(
        self, method: str, url: str, *, body: Mapping[str, Json] | None = None, key: str = ""
    ) -> Response:
        headers = {"authorization": f"Bearer {await self._bearer()}", "accept": MEDIA_TYPE}
        if body is not None:
            headers["content-type"] = MEDIA_TYPE
        if key:
            headers["idempotency-key"] = key
        content = json.dumps(body).encode() if body is not None else b""
        answer = await self._request(method, url, content=content, headers=headers)
        if answer.status == 401:
            self._good_until = 0.0  # revoked, perhaps: the next call gets a new one
        return answer

    @sealed
    async def _bearer(self) -> str:
        """The token that proves who we are (OAuth 2, client credentials). Without one nothing is sent."""
        if time.monotonic() < self._good_until:
            return self._token
        service = self._service
        form = {
            "grant_type": "client_credentials",
            "client_id": service.client,
            "client_secret": service.secret.get_secret_value(),
            "scope": _SCOPE,
        }
        answer = await self._request("POST", f"{service.identity}/auth/access-tokens", data=form)
        if answer.failure or answer.status >= 500 or answer.status == 429:
            raise _NoAnswer(
                Response(failure="not_sent", detail=f"no token: {answer.detail or answer.status}")
            )
        told = _json(answer)
        self._token = string(told, "access_token")
        if answer.status != 200 or not self._token:
            raise _NoAnswer(Response(status=401, body=answer.body[:500]))
        self._good_until = time.monotonic() + (number(told, "expires_in") or 0.0) - _EARLY
        return self._token

    def _refuse_exposure(self, url: str) -> None:
        """The PDF goes to where Pingen says, over TLS; plain HTTP only where Pingen itself is on this machine."""
        local = self._service.options.host.startswith("http://")
        if not url.startswith(("https://", "http://") if local else "https://"):
            raise _NoAnswer(Response(failure="not_sent", detail="Pingen named no https address to upload to"))

    async def _request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        if self._client is None:
            self._client = Client(timeout=None, follow_redirects=False)
        try:
            answer = await self._client.request(method, url, content=content, data=data, headers=headers)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
        ) as error:
            return Response(failure="not_sent", detail=type(error).__name__)
        except (httpx.HTTPError, OSError) as error:
            return Response(failure="in_doubt", detail=type(error).__name__)
        told = tuple(
            (key, value)
            for key, value in answer.headers.items()
            if key in ("date", "retry-after", "x-request-id")
        )
        return Response(status=answer.status_code, headers=told, body=answer.content[:_MOST_BYTES])


def _header(call: Call, name: str) -> str:
    return next((value for key, value in call.headers if key == name), "")


def _json(answer: Response) -> Json:
    try:
        return load_json(answer.body)
    except Malformed:
        return None
