"""The HTTP side of the emulated X: who may call, what is refused, and the shapes of its answers."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from omnichannel.channels.x import X
from omnichannel.emulators.x_shapes import Json, Post, User, mentions, v2_message, v2_post, v2_user

if TYPE_CHECKING:
    from omnichannel.emulators.x import Fault, Network

_Answer = tuple[int, Json]
_Handler = Callable[["Network", Request, Json], _Answer]

# Requests in 15 minutes (docs.x.com, rate limits).
_LIMITS = {
    "me": 75,
    "users": 300,
    "mentions": 300,
    "posts": 900,
    "dm_events": 15,
    "talk": 15,
    "tweets": 100,
    "messages": 15,
    "media": 500,
    "webhooks": 450,
    "replay": 100,
}
_OF_THE_APP = ("webhooks", "replay")
_WINDOW = 900

_PARAMETERS = frozenset({
    "max_results", "pagination_token", "since_id", "start_time", "event_types", "expansions",
    "tweet.fields", "post.fields", "dm_event.fields", "user.fields", "media.fields",
})  # fmt: skip


def routes(network: Network) -> list[Route]:
    """Every path that the channel calls."""

    def route(path: str, limit: str, handler: _Handler, method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            return await _answered(network, request, limit, handler)

        return Route(path, endpoint, methods=[method])

    return [
        route("/2/users/me", "me", _me),
        route("/2/users/{id}", "users", _user),
        route("/2/users/{id}/mentions", "mentions", _mentions),
        route("/2/users/{id}/tweets", "posts", _posts),
        route("/2/dm_events", "dm_events", _dm_events),
        route("/2/dm_conversations/with/{id}/dm_events", "talk", _talk),
        route("/2/tweets", "tweets", _create_post, "POST"),
        route("/2/dm_conversations/with/{id}/messages", "messages", _create_message, "POST"),
        route("/2/media/upload", "media", _upload, "POST"),
        route("/2/webhooks", "webhooks", _webhooks),
        route("/2/webhooks/{id}", "webhooks", _validate, "PUT"),
        route("/2/webhooks/replay", "replay", _replay, "POST"),
    ]


async def _answered(network: Network, request: Request, limit: str, handler: _Handler) -> Response:
    """One request: a fault that was asked for, else X's own gates, else the work."""
    network.requests.append(f"{request.method} {request.url.path}")
    raw = await request.body()
    fault = network.faults.pop(0) if network.faults else None
    if fault and not fault.taken:
        return await _faulty(network, fault)
    status, body = _worked(network, request, raw, limit, handler)
    if fault:
        return await _faulty(network, fault)
    headers = {
        "x-rate-limit-limit": str(_LIMITS[limit]),
        "x-rate-limit-remaining": str(max(network.left[limit], 0)),
        "x-rate-limit-reset": str(int(network.clock().timestamp()) + _WINDOW),
    }
    return JSONResponse(body, status, headers)


async def _faulty(network: Network, fault: Fault) -> Response:
    """The answer that was asked for, or none for a long time."""
    if not fault.status:
        await _hang(network)
    return Response(fault.body, fault.status or 504, dict(fault.headers))


async def _hang(network: Network) -> None:
    while not network.released.is_set():  # noqa: ASYNC110 - another thread releases
        await asyncio.sleep(0.01)


def _worked(network: Network, request: Request, raw: bytes, limit: str, handler: _Handler) -> _Answer:
    network.left[limit] = network.left.get(limit, _LIMITS[limit]) - 1
    if limit in _OF_THE_APP:
        if request.headers.get("authorization") != f"Bearer {network.keys.app_token}":
            return _problem(403, "Unsupported Authentication", "This needs OAuth 2.0 Application-Only.")
    elif not _authorised(network, request):
        return _problem(401, "Unauthorized", "Unauthorized")
    if network.left[limit] < 0:
        return _problem(429, "Too Many Requests", "Too Many Requests")
    if complaint := _unknown_field(network, request):
        return 400, {"errors": [complaint], **_problem(400, "Invalid Request", _MANY, "invalid-request")[1]}
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        return _problem(400, "Invalid Request", "The body is no JSON.", "invalid-request")
    return handler(network, request, body)


_MANY = "One or more parameters to your request was invalid."


def _problem(status: int, title: str, detail: str, kind: str = "") -> _Answer:
    uri = f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"
    return status, {"title": title, "detail": detail, "type": uri, "status": status}


def _authorised(network: Network, request: Request) -> bool:
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        return rest == network.keys.bearer
    return scheme == "OAuth" and _signed(network, request, rest)


def _signed(network: Network, request: Request, header: str) -> bool:
    """OAuth 1.0a (RFC 5849, section 3.4): the signature over method, address and parameters."""
    pairs = [pair.strip().partition("=") for pair in header.split(",")]
    given = {unquote(key): unquote(value.strip('"')) for key, _, value in pairs}
    keys = network.keys
    if (given.get("oauth_consumer_key"), given.get("oauth_token")) != (keys.consumer_key, keys.access_token):
        return False
    signed = [(key, value) for key, value in given.items() if key not in ("oauth_signature", "realm")]
    query = parse_qsl(request.url.query, keep_blank_values=True)
    parameters = "&".join(
        f"{key}={value}" for key, value in sorted((_q(k), _q(v)) for k, v in signed + query)
    )
    address = f"{request.url.scheme}://{request.headers['host']}{request.url.path}"
    base = "&".join(map(_q, (request.method, address, parameters)))
    key = f"{_q(keys.consumer_secret)}&{_q(keys.access_token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return hmac.compare_digest(base64.b64encode(digest).decode(), given.get("oauth_signature", ""))


def _q(text: str) -> str:
    return quote(text, safe="~")


def _unknown_field(network: Network, request: Request) -> Json | None:
    for name, value in request.query_params.items():
        if name not in _PARAMETERS or name in network.refused:
            known = ",".join(sorted(_PARAMETERS - network.refused))
            message = f"The query parameter [{name}] is not one of [{known}]"
            return {"parameters": {name: [value]}, "message": message}
        for item in value.split(","):
            if item in network.refused:
                message = f"The `{name}` query parameter value [{item}] is not one of [id,text]"
                return {"parameters": {name: [value]}, "message": message}
    return None


def _me(network: Network, _request: Request, _body: Json) -> _Answer:
    return 200, {"data": v2_user(network.account)}


def _user(network: Network, request: Request, _body: Json) -> _Answer:
    found = network.users.get(request.path_params["id"])
    if found is None:
        detail = f"Could not find user with id: [{request.path_params['id']}]."
        return 200, {"errors": [_problem(404, "Not Found Error", detail, "resource-not-found")[1]]}
    return 200, {"data": v2_user(found)}


def _mentions(network: Network, request: Request, _body: Json) -> _Answer:
    us, since = network.account, int(request.query_params.get("since_id", "0"))

    def for_us(post: Post) -> bool:
        answers = post.in_reply_to is not None and post.in_reply_to.author is us
        return post.author is not us and (answers or mentions(post.text, us)) and int(post.id) > since

    return _listed(network, request, [post for post in network.posts if for_us(post)])


def _posts(network: Network, request: Request, _body: Json) -> _Answer:
    return _listed(network, request, [post for post in network.posts if post.author is network.account])


def _listed(network: Network, request: Request, posts: Sequence[Post]) -> _Answer:
    start = request.query_params.get("start_time", "")
    shown = [post for post in posts if not start or post.at >= datetime.fromisoformat(start)]
    return 200, _page(request, [(v2_post(post, network.users), post.author) for post in shown])


def _dm_events(network: Network, request: Request, _body: Json) -> _Answer:
    us = network.account
    found = [message for message in network.dms if us in (message.sender, message.recipient)]
    return 200, _page(request, [(v2_message(message), message.sender) for message in found])


def _talk(network: Network, request: Request, _body: Json) -> _Answer:
    """Direct messages with one person; unlike the list of all, it has them at once."""
    us, them = network.account, network.users.get(request.path_params["id"])
    ends = ((us, them), (them, us))
    found = [message for message in network.dms if (message.sender, message.recipient) in ends]
    return 200, _page(request, [(v2_message(message), message.sender) for message in found])


def _page(request: Request, found: Sequence[tuple[Json, User]]) -> Json:
    """One page of a list, newest first; without anything to show there is no `data`."""
    newest = sorted(found, key=lambda entry: int(entry[0]["id"]), reverse=True)
    start = int(request.query_params.get("pagination_token", "0"), 16)
    stop = start + int(request.query_params.get("max_results", "100"))
    shown = newest[start:stop]
    meta: Json = {"result_count": len(shown)}
    if stop < len(newest):
        meta["next_token"] = f"{stop:x}"
    if not shown:
        return {"meta": meta}
    users = {user.id: v2_user(user) for _, user in shown}
    keys = [key for entry, _ in shown for key in entry.get("attachments", {}).get("media_keys", ())]
    media = [
        {"media_key": key, "type": "photo", "url": f"https://pbs.twimg.com/media/{key}.jpg"} for key in keys
    ]
    includes = {"users": [*users.values()], "media": media}
    return {"data": [entry for entry, _ in shown], "includes": includes, "meta": meta}


def _create_post(network: Network, _request: Request, body: Json) -> _Answer:
    text, reply = body.get("text", ""), body.get("reply", {}).get("in_reply_to_tweet_id", "")
    media = tuple(body.get("media", {}).get("media_ids", ()))
    parent = next((post for post in network.posts if reply in post.versions), None)
    if any(key not in ("text", "reply", "media") for key in body) or not (text or media):
        return _problem(400, "Invalid Request", _MANY, "invalid-request")
    if any(file not in network.files for file in media):
        return _problem(400, "Invalid Request", "Your media IDs are invalid.", "invalid-request")
    if reply and parent is None:
        gone = "You attempted to reply to a Tweet that is deleted or not visible to you."
        return _problem(403, "Forbidden", gone)
    if parent is not None and not _may_answer(network, parent):
        gate = "You can only reply to or quote posts where you are mentioned or are the author."
        return _problem(403, "Authorization Error", gate)
    if X.size(text) > X.limit().size:
        return _problem(403, "Forbidden", "Your Tweet text is too long.")
    us, where = network.account, parent.conversation if parent else ""
    if text and any(
        (post.author, post.conversation, post.text) == (us, where, text) for post in network.posts
    ):
        return _problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
    post = network.post(network.account, text, parent, media)
    return 201, {"data": {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}}


def _may_answer(network: Network, parent: Post) -> bool:
    """The gate of February 2026: only who was named by the author, or is the author."""
    return parent.author is network.account or mentions(parent.text, network.account)


def _create_message(network: Network, request: Request, body: Json) -> _Answer:
    person = network.users.get(request.path_params["id"])
    media = tuple(entry.get("media_id", "") for entry in body.get("attachments", ()))
    text = body.get("text", "")
    if any(key not in ("text", "attachments") for key in body) or not (text or media) or len(media) > 1:
        return _problem(400, "Invalid Request", _MANY, "invalid-request")
    if any(network.files.get(file, ("", b""))[0] not in ("dm_image", "dm_gif") for file in media):
        return _problem(400, "Invalid Request", "Your media IDs are invalid.", "invalid-request")
    if person is None:
        return _problem(404, "Not Found Error", "Could not find user.", "resource-not-found")
    if not person.takes_messages:
        return 403, {"errors": [{"code": 349, "message": "You cannot send messages to this user."}]}
    message = network.dm(network.account, text, person, media)
    return 201, {"data": {"dm_conversation_id": message.conversation, "dm_event_id": message.id}}


def _webhooks(network: Network, _request: Request, _body: Json) -> _Answer:
    data = [{"id": one.id, "url": one.url, "valid": one.valid} for one in network.webhooks]
    return 200, {"data": data, "meta": {"result_count": len(data)}}


def _validate(network: Network, request: Request, _body: Json) -> _Answer:
    hook = next((one for one in network.webhooks if one.id == request.path_params["id"]), None)
    if hook is None:
        return _problem(404, "Not Found Error", "Could not find webhook.", "resource-not-found")
    if network.challenge(hook.url):
        hook.valid, hook.failing = True, None
    return 200, {"data": {"valid": hook.valid}}


def _replay(network: Network, _request: Request, body: Json) -> _Answer:
    now = network.clock()
    since, until = (
        datetime.strptime(body.get(name, ""), "%Y%m%d%H%M").replace(tzinfo=UTC)
        for name in ("from_date", "to_date")
    )
    known = any(one.id == body.get("webhook_id") for one in network.webhooks)
    if not known or since < now - timedelta(hours=24, minutes=1):
        return _problem(400, "Invalid Request", _MANY, "invalid-request")
    network.replay(since, until)
    return 200, {"data": {"job_id": network.new_id(), "created_at": now.isoformat()}}


def _upload(network: Network, _request: Request, body: Json) -> _Answer:
    try:
        content = base64.b64decode(body["media"], validate=True)
        category = body["media_category"]
    except (KeyError, binascii.Error):
        return _problem(400, "Invalid Request", _MANY, "invalid-request")
    number = network.new_id()
    network.files[number] = (category, content)
    data = {"id": number, "media_key": f"3_{number}", "size": len(content), "expires_after_secs": 86400}
    return 200, {"data": data}
