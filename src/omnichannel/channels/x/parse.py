"""What a delivery from X says, whichever way and in whichever of its formats it came.

X Activity and the older account-activity webhooks, lists that were polled from v2 and v1.1, single posts and
messages: all end in the same few readers (`posts`, `private`), so that the same post by two ways is the same
message. Every item is read for itself: one that cannot be read never harms its siblings.

Formats: docs.x.com (X API v2, X Activity), developer.x.com (v1.1, Account Activity), OpenAPI 2.167.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from omnichannel.channels.x.context import (
    Context,
    JsonObject,
    directory,
    either,
    objects,
    people_by_key,
)
from omnichannel.channels.x.posts import read_deletion, read_like, read_post
from omnichannel.channels.x.private import (
    is_old_message,
    read_dm_event,
    read_encrypted,
    read_mark_read,
    read_message_create,
    read_old_message,
    read_typing,
)
from omnichannel.errors import Malformed
from omnichannel.model import Event, Ignored
from omnichannel.toolbox import Json, guarded, is_object, items, load_json, obj, string

Reader = Callable[[JsonObject, Context], Iterator[Event]]

# Account activity: the lists of a body, and who reads their items.
_ACTIVITIES: dict[str, Reader] = {
    "tweet_create_events": read_post,
    "direct_message_events": read_message_create,
    "favorite_events": read_like,
    "tweet_delete_events": read_deletion,
    "direct_message_indicate_typing_events": read_typing,
    "direct_message_mark_read_events": read_mark_read,
}

# X Activity: the events whose payload is one post, or one encrypted message. Those of direct messages hold
# account-activity lists; where they hold a bare item, its reader stands in the second table.
_TO_US = ("post.mention.create", "post.reply.create", "post.quote.create")
_PAYLOADS: dict[str, Reader] = {
    **dict.fromkeys(("post.create", *_TO_US), read_post),
    "post.delete": read_deletion,
    "chat.received": read_encrypted,
    "chat.sent": read_encrypted,
    "dm.indicate_typing": read_typing,
    "dm.read": read_mark_read,
}
_REVOKED = Ignored(reason="X took back our access to this account; connect it again", kind="oauth.revoke")

# What X answers that is no message, told by a field that nothing else has.
_NO_MESSAGES = {
    "welcome_message": "welcome_message",
    "welcome_messages": "welcome_message",
    "welcome_message_rule": "welcome_message",
    "media_id": "media",
    "media_key": "media",
    "dm_event_id": "sending",
    "sleep_time": "settings",
    "screen_name": "user",
    "username": "user",
    "html": "embed",
    "valid": "webhook",
    "replay_job_status": "replay",
    "ids": "ids",
}


def parse(
    body: bytes, *, us: str = "", username: str = "", url: str = "", newest_first: bool = False
) -> tuple[Event, ...]:
    """Every event of a body, in order.

    `us` is our own user id: with it, only what concerns us is a message; without it, everything is.
    `url` is where the body was fetched from, `newest_first` if that lists the newest first.
    Raises Malformed if nothing of it can be read.
    """
    path = url.partition("?")[0]
    to_us = path.endswith(("/mentions", "/mentions_timeline.json"))
    context = Context(us=us, username=username, chosen=bool(us), addressed=to_us)
    events = tuple(
        event for value in _texts(body) for event in _read(value, context, newest_first=newest_first)
    )
    return events or (Ignored(reason="empty"),)


def _texts(body: bytes) -> Iterator[Json]:
    """The JSON of a body; a stream that was saved has one on each line."""
    if not body.strip():
        return
    try:
        yield load_json(body)
    except Malformed:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        yield from map(load_json, lines)


def _read(value: Json, context: Context, *, newest_first: bool = False) -> Iterator[Event]:
    """One body: its shape tells the format."""
    if value is None or value == "":
        return
    if isinstance(value, list):
        if value and not any(map(is_object, value)):
            yield Ignored(reason="no_message", kind="ids")
        else:
            yield from _each(value, _read_item, context)
        return
    value = _object(value)
    if "for_user_id" in value or "user_event" in value or any(key in value for key in _ACTIVITIES):
        yield from _account_activity(value, context)
    elif any("event_type" in entry and "payload" in entry for entry in objects(value, "data")):
        yield from _each(items(value, "data"), _x_activity, _with_includes(value, context))
    elif "data" in value or "meta" in value:
        yield from _version_two(value, context, newest_first=newest_first)
    elif any(isinstance(value.get(key), list) for key in ("events", "statuses")):
        yield from _each([*items(value, "events"), *items(value, "statuses")], _read_item, context)
    elif is_object(value.get("event")):
        yield from _each(items(value, "event"), _read_item, context)
    elif "delete" in value:
        yield from _each(items(value, "delete"), read_deletion, context)
    else:
        yield from _each([value], _read_item, context)


def _each(entries: Iterable[Json], reader: Reader, context: Context, where: str = "item") -> Iterator[Event]:
    """Every entry for itself."""
    for position, entry in enumerate(entries):
        yield from guarded(lambda one: reader(_object(one), context), entry, f"{where} {position}")


def _object(value: Json) -> JsonObject:
    if not is_object(value):
        raise Malformed(f"an object is needed, not {type(value).__name__}")
    return value


def _account_activity(body: JsonObject, context: Context) -> Iterator[Event]:
    """A body of the account-activity webhooks, or the payload of an X Activity event about direct messages."""
    whose = string(body, "for_user_id")
    blocked = body.get("user_has_blocked") in (True, "true")
    context = _for_account(whose, context._replace(blocked=blocked))
    context = context._replace(people={**context.people, **people_by_key(body)})
    for key in body:
        if key in _ACTIVITIES:
            yield from _each(items(body, key), _ACTIVITIES[key], context, key)
        elif key.endswith("_events"):
            for entry in items(body, key):
                yield Ignored(reason="no_message", kind=string(entry, "type") or key)
    if obj(obj(body, "user_event"), "revoke"):
        yield _REVOKED


def _for_account(whose: str, context: Context) -> Context:
    """The context for the account that a webhook says it is about. Raises Malformed if that is not ours."""
    if context.chosen and whose and whose != context.us:
        raise Malformed(
            f"this is for the X account {whose}, not {context.us}; add a channel for that account"
        )
    return context if context.us else context._replace(us=whose)


def _x_activity(envelope: JsonObject, context: Context) -> Iterator[Event]:
    """One event of X Activity."""
    kind, payload = string(envelope, "event_type"), obj(envelope, "payload")
    if kind == "oauth.revoke":
        yield _REVOKED
        return
    context = _for_account(string(obj(envelope, "filter"), "user_id"), context)
    context = _with_includes(payload, _with_includes(envelope, context))
    context = context._replace(addressed=kind in _TO_US)
    if any(key in payload for key in _ACTIVITIES):
        yield from _account_activity(payload, context)
    elif kind in ("dm.received", "dm.sent"):
        yield from _read_item(payload, context._replace(people={**context.people, **people_by_key(payload)}))
    elif kind in _PAYLOADS:
        yield from _PAYLOADS[kind](payload, context)
    else:
        yield Ignored(reason="no_message", kind=kind, external_id=string(envelope, "event_uuid"))


def _with_includes(value: Json, context: Context) -> Context:
    """The context with what v2 delivers beside its items, in either spelling."""
    includes = obj(value, "includes")
    if not includes:
        return context
    return context._replace(
        people={**context.people, **directory(includes, "users")},
        posts={**context.posts, **directory(includes, "tweets", "posts")},
        media={**context.media, **directory(includes, "media", by="media_key")},
        polls={**context.polls, **directory(includes, "polls")},
    )


def _version_two(body: JsonObject, context: Context, *, newest_first: bool) -> Iterator[Event]:
    """An answer of v2: items, what belongs to them, and what could not be had."""
    entries = list(items(body, "data"))
    context = _with_includes(body, context)
    yield from _each(reversed(entries) if newest_first else entries, _read_item, context)
    yield from _errors(body)


def _read_item(item: JsonObject, context: Context) -> Iterator[Event]:
    """One item of a list whose items are not named: told by its fields."""
    if "event_type" in item and is_object(item.get("payload")):
        # An event of X Activity as it is handed on, without the object around it.
        yield from _x_activity(item, context)
    elif "event_type" in item or ("dm_conversation_id" in item and "dm_event_id" not in item):
        yield from read_dm_event(item, context)
    elif "message_create" in item:
        yield from read_message_create(item, context)
    elif "text" in item and is_old_message(item):
        yield from read_old_message(item, context)
    elif ("text" in item or "full_text" in item) and ("id" in item or "id_str" in item):
        yield from read_post(item, context)
    elif errors := list(_errors(item)):
        yield from errors
    else:
        kind = next((kind for key, kind in _NO_MESSAGES.items() if key in item), "unknown")
        yield Ignored(reason="no_message", kind=kind, external_id=either(item, "id_str", "id", "dm_event_id"))


def _errors(body: JsonObject) -> Iterator[Event]:
    """What X says went wrong: problems, numbered errors, or a bare sentence."""
    errors = body.get("errors") or body.get("error") or body
    for error in errors if isinstance(errors, list) else [errors]:
        reason = error if isinstance(error, str) else either(error, "detail", "message", "title")
        if reason:
            yield Ignored(reason=reason, kind="error", external_id=string(error, "resource_id"))
