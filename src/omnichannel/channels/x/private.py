"""One direct message, in the four shapes that X has given it, as events; and what happens around one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from omnichannel.channels.x.context import (
    Context,
    JsonObject,
    either,
    id_of,
    identified,
    moment,
    objects,
    snowflake_time,
    words_of,
)
from omnichannel.channels.x.parts import files, links, media, place, post_reference, words
from omnichannel.model import Choice, Direction, Event, Ignored, Option, Part, Received, System, Updated
from omnichannel.toolbox import Json, find_tokens, need, obj, string

GROUP = "group-"
"""Before the id of a group's conversation, which could else be taken for that of a thread of posts."""

_PAIR = re.compile(r"([0-9]{1,19})[-:]([0-9]{1,19})")


def conversation(named: str, one: str, other: str) -> str:
    """The thread: `smaller-larger` for two people (computed where X leaves it out), `group-<id>` for more."""
    pair = _PAIR.fullmatch(named)
    if pair or not named:
        ids = list(pair.groups()) if pair else [one, other]
        return "-".join(sorted(ids, key=int)) if all(part.isdigit() for part in ids) else ""
    return GROUP + named if named.isdigit() else named


def is_private(thread: str) -> bool:
    """Whether a thread is one of direct messages; those of posts are bare numbers."""
    return thread.startswith(GROUP) or _PAIR.fullmatch(thread) is not None


def partner(thread: str, sender: str) -> str:
    """The other one of two; empty in a group."""
    pair = _PAIR.fullmatch(thread)
    return next((user_id for user_id in pair.groups() if user_id != sender), sender) if pair else ""


def _message(
    context: Context,
    item: JsonObject,
    sender_id: str,
    *,
    told: str,
    named: str,
    parts: tuple[Part, ...],
    app: str = "",
) -> Received:
    """What all shapes have in common."""
    message_id = id_of(item)
    sender, strength, method = identified(context, sender_id, message_id)
    thread = conversation(named, sender_id, told)
    told = told or (partner(thread, sender_id) if sender_id else "")
    received = Received(
        external_id=message_id,
        direction=Direction.OUTBOUND if sender_id and sender_id == context.us else Direction.INBOUND,
        sender=sender,
        strength=strength,
        method=method,
        recipients=(context.party(told),) if told else (),
        sent_at=moment(item, message_id),
        parts=parts,
        thread=thread,
        app=app,
    )
    return received.model_copy(update={"tokens": find_tokens(received.text)})


def read_message_create(item: JsonObject, context: Context) -> Iterator[Event]:
    """`{"type": "message_create", …}`: webhooks, and v1.1's list of events."""
    if string(item, "type") not in ("message_create", ""):
        yield Ignored(reason="no_message", kind=string(item, "type"), external_id=string(item, "id"))
        return
    create = obj(item, "message_create")
    data = obj(create, "message_data")
    attachment = obj(data, "attachment")
    via = string(obj(create, "initiated_via"), "tweet_id")
    parts = (
        *words(words_of(data, "text")),
        *_choice(data),
        *_links(data, attachment),
        *map(media, objects(attachment, "media")),
        *place(obj(obj(obj(attachment, "location"), "shared_coordinate"), "coordinates")),
        *((post_reference(via),) if via else ()),
    )
    yield _message(
        context,
        item,
        need(create, "sender_id"),
        told=string(obj(create, "target"), "recipient_id"),
        named="",
        parts=parts,
        app=string(create, "source_app_id"),
    )


def _links(data: JsonObject, attachment: JsonObject) -> Iterator[Part]:
    """The links in the words, without the one that X writes for the file."""
    own = {string(one, "url") for one in objects(attachment, "media")} - {""}
    urls = [entry for entry in objects(obj(data, "entities"), "urls") if string(entry, "url") not in own]
    return links({"urls": list(urls)})


def _choice(data: JsonObject) -> Iterator[Part]:
    """What was tapped, and what we offered: quick replies, and buttons that open a page."""
    chosen = obj(data, "quick_reply_response")
    if chosen:
        yield Choice(chosen=Option(title=string(data, "text"), value=string(chosen, "metadata")))
    offered = [
        Option(title=string(one, "label"), value=string(one, "metadata"), text=string(one, "description"))
        for one in objects(obj(data, "quick_reply"), "options")
    ]
    pages = [Option(title=string(one, "label"), url=string(one, "url")) for one in objects(data, "ctas")]
    if offered or pages:
        yield Choice(options=(*offered, *pages))


def read_dm_event(item: JsonObject, context: Context) -> Iterator[Event]:
    """`{"event_type": "MessageCreate", …}`: v2's list of events."""
    kind = string(item, "event_type")
    if kind not in ("MessageCreate", ""):
        yield Ignored(
            reason="participants" if kind.startswith("Participants") else "no_message",
            kind=kind,
            external_id=id_of(item),
            sent_at=moment(item, id_of(item)),
        )
        return
    shared = [*objects(item, "referenced_tweets"), *objects(item, "referenced_posts")]
    posts = [
        (post_id, context.posts.get(post_id, {})) for entry in shared if (post_id := string(entry, "id"))
    ]
    parts = (
        *words(words_of(item, "text")),
        *links(obj(item, "entities"), besides=posts[0][0] if posts else ""),
        *(post_reference(post_id, post) for post_id, post in posts),
        *files(obj(item, "attachments"), context),
    )
    named = string(item, "dm_conversation_id")
    yield _message(context, item, string(item, "sender_id"), told="", named=named, parts=parts)


def read_old_message(item: JsonObject, context: Context) -> Iterator[Event]:
    """`{"sender": {…}, "recipient": {…}, "text": …}`: v1.1 before events."""
    people = {side: obj(item, side) for side in ("sender", "recipient")}
    ids = {
        side: either(user, "id_str", "id")
        or string(item, f"{side}_id")
        or (string(item, f"{side}_screen_name") and f"@{string(item, f'{side}_screen_name')}")
        for side, user in people.items()
    }
    known = {
        ids[side]: user or {"screen_name": string(item, f"{side}_screen_name")}
        for side, user in people.items()
    }
    entities = obj(item, "entities")
    yield _message(
        context._replace(people={**context.people, **known}),
        item,
        ids["sender"],
        told=ids["recipient"],
        named="",
        parts=(*words(words_of(item, "text")), *links(entities), *map(media, objects(entities, "media"))),
    )


def read_encrypted(item: JsonObject, context: Context) -> Iterator[Event]:
    """`chat.received`: only the people's own devices can read it; somebody should know that it is there."""
    sender = need(item, "sender_id")
    told = next((user for user in string(item, "conversation_id").split(":") if user != sender), "")
    yield _message(
        context,
        item,
        sender,
        told=told if told.isdigit() else "",
        named=string(item, "conversation_id"),
        parts=(System(what="encrypted", text="An encrypted message: open X to read it."),),
    )


def read_typing(item: JsonObject, context: Context) -> Iterator[Event]:
    """They are writing."""
    sender, told = need(item, "sender_id"), string(obj(item, "target"), "recipient_id")
    at = string(item, "created_timestamp")
    yield Updated(
        kind="typing",
        external_id=f"typing-{sender}-{at}",
        sender=context.party(sender),
        recipients=(context.party(told),) if told else (),
        sent_at=moment(item),
        thread=conversation(string(item, "dm_conversation_id"), sender, told),
    )


def read_mark_read(item: JsonObject, context: Context) -> Iterator[Event]:
    """They have read everything up to a message."""
    sender, told = need(item, "sender_id"), string(obj(item, "target"), "recipient_id")
    last = string(item, "last_read_event_id")
    at = moment(item) or snowflake_time(last)
    yield Updated(
        kind="read",
        external_id=f"read-{sender}-{last or string(item, 'created_timestamp')}",
        until=at,
        sender=context.party(sender),
        recipients=(context.party(told),) if told else (),
        sent_at=at,
        thread=conversation(string(item, "dm_conversation_id"), sender, told),
        status="read",
    )


def is_old_message(value: Json) -> bool:
    """Whether it has the two sides of v1.1's direct message."""
    sides = either(value, "sender_id", "sender_id_str", "sender_screen_name") or obj(value, "sender")
    told = either(value, "recipient_id", "recipient_id_str", "recipient_screen_name") or obj(
        value, "recipient"
    )
    return bool(sides and told)
