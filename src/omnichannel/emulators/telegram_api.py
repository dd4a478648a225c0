"""The HTTP side of the emulated Telegram: who may call, what is refused and in which words, and the answers.

Every method is a plain function on the fields of a call, because a webhook's answer may be a call as well.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from omnichannel.emulators.telegram_forms import Fields, form
from omnichannel.emulators.telegram_sends import SENDS, Refusal
from omnichannel.toolbox import Json

if TYPE_CHECKING:
    from omnichannel.emulators.telegram import Fault, Telegram

_TICK = 0.01
_BY_DEFAULT = {"message_reaction", "message_reaction_count", "chat_member"}


class Api:
    """The Bot API of one bot."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.requests: list[str] = []

    def do(self, method: str, fields: Fields) -> Json:
        """Carry out one call; raises Refusal."""
        known: dict[str, Callable[[Fields], Json]] = {
            "getme": lambda _: {**self.telegram.me, "can_read_all_group_messages": False},
            "getwebhookinfo": self._info,
            "setwebhook": self._set,
            "deletewebhook": self._delete,
            "getchat": self._chat,
            "getfile": self._file,
            "answercallbackquery": self._answer_tap,
            "sendchataction": self._action,
        }
        send = SENDS.get(method.lower())
        with self.telegram.lock:
            if send:
                return send(self.telegram, fields)
            if method.lower() not in known:
                raise Refusal(404, "Not Found: method not found")
            return known[method.lower()](fields)

    def from_webhook(self, answer: bytes) -> None:
        """Carry out what a webhook answered, if it is a call; whether it works nobody tells."""
        try:
            body = json.loads(answer)
            if isinstance(body, dict) and "method" in body:
                self.do(str(body["method"]), Fields(body))
        except (ValueError, Refusal):
            return

    def _info(self, _: Fields) -> Json:
        hook = self.telegram.hook
        return {
            "url": hook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.telegram.updates),
            **{
                key: hook[key]
                for key in ("allowed_updates", "last_error_date", "last_error_message")
                if key in hook
            },
        }

    def _set(self, fields: Fields) -> Json:
        self.telegram.hook = {**fields.values} if fields.text("url") else {}
        return True

    def _delete(self, _: Fields) -> Json:
        self.telegram.hook = {}
        return True

    def _chat(self, fields: Fields) -> Json:
        chat = self.telegram.chats.get(fields.text("chat_id"))
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        return chat.about

    def _file(self, fields: Fields) -> Json:
        name = fields.text("file_id")
        content = self.telegram.files.get(name)
        if content is None:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        return {"file_id": name, "file_size": len(content), "file_path": f"documents/{name}"}

    def _answer_tap(self, fields: Fields) -> Json:
        self.telegram.answered.append(fields.text("callback_query_id"))
        return True

    def _action(self, fields: Fields) -> Json:
        self.telegram.typing.append(fields.text("chat_id"))
        return True

    async def updates(self, fields: Fields) -> Json:
        """`getUpdates`: forgets what lies before the offset, and waits for news as long as it is told to."""
        waits = int(fields.text("timeout") or 0)
        for _ in range(max(1, int(waits / _TICK))):
            if self.telegram.hook:
                words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
                raise Refusal(409, f"Conflict: {words} first")
            found = self._page(fields)
            if found or not waits:
                return found
            await asyncio.sleep(_TICK)
        return []

    def _page(self, fields: Fields) -> list[Json]:
        offset = int(fields.text("offset") or 0)
        with self.telegram.lock:
            held = self.telegram.updates
            # An offset far beyond the queue is one from before the numbers began anew.
            if not held or offset <= int(str(held[-1]["update_id"])) + 10:
                self.telegram.updates = held = [one for one in held if int(str(one["update_id"])) >= offset]
            wanted = fields.json("allowed_updates")
            page: list[Json] = [one for one in held if _is_wanted(one, wanted)]
        return page[: int(fields.text("limit") or 100)]


def _is_wanted(update: Mapping[str, Json], wanted: Json) -> bool:
    kinds = update.keys() - {"update_id"}
    return bool(kinds & set(map(str, wanted))) if isinstance(wanted, list) else not kinds & _BY_DEFAULT


def routes(api: Api) -> list[Route]:
    """Every path of the Bot API."""

    async def call(request: Request) -> Response:
        method = request.path_params["method"]
        api.requests.append(method)
        raw = await request.body()
        fault = api.telegram.faults.pop(0) if api.telegram.faults and not method.startswith("get") else None
        if fault and not fault.taken:
            return _failed(fault)
        answer = await _answered(api, request, method, raw)
        return _failed(fault) if fault else answer

    async def file(request: Request) -> Response:
        content = api.telegram.files.get(request.path_params["path"].rpartition("/")[2])
        right = request.path_params["token"] == api.telegram.token
        return Response(content, 200) if right and content is not None else Response("Not Found", 404)

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", file, methods=["GET"]),
    ]


async def _answered(api: Api, request: Request, method: str, raw: bytes) -> Response:
    try:
        if request.path_params["token"] != api.telegram.token:
            raise Refusal(401, "Unauthorized")  # noqa: TRY301 - the same answer as for every refusal
        fields = _fields(request, raw)
        result = await api.updates(fields) if method.lower() == "getupdates" else api.do(method, fields)
    except Refusal as refusal:
        return _refused(refusal.code, str(refusal), refusal.parameters)
    return JSONResponse({"ok": True, "result": result})


def _fields(request: Request, raw: bytes) -> Fields:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return form(raw, kind)
    values: dict[str, Json] = dict(parse_qsl(request.url.query))
    if kind.startswith("application/json") and raw:
        try:
            body = json.loads(raw)
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse JSON object") from None
        values |= body if isinstance(body, dict) else {}
    return Fields(values)


def _refused(code: int, description: str, parameters: Mapping[str, Json]) -> Response:
    body: dict[str, Json] = {"ok": False, "error_code": code, "description": description}
    return JSONResponse({**body, **({"parameters": dict(parameters)} if parameters else {})}, code)


def _failed(fault: Fault) -> Response:
    if not fault.description:
        return Response("<html>Bad Gateway</html>", fault.status, media_type="text/html")
    return _refused(fault.status, fault.description, fault.parameters)
