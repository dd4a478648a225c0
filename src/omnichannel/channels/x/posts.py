"""One post, in the shape of v1.1, v2 or X Activity, as events."""

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
    name_of,
    objects,
    words_of,
)
from omnichannel.channels.x.parts import files, links, media, place, post_reference, words
from omnichannel.model import Direction, Event, Ignored, Part, Received, Updated
from omnichannel.toolbox import Json, find_tokens, is_object, obj, string


def read_post(post: JsonObject, context: Context) -> Iterator[Event]:
    """A post that was written or edited; what is none of our business is ignored, and says why."""
    post_id = id_of(post)
    received = _received(post, post_id, context)
    reason = _ignored(post, received, context)
    if reason:
        yield Ignored(
            reason=reason,
            kind="post",
            external_id=post_id,
            sender=received.sender,
            sent_at=received.sent_at,
            thread=received.thread,
        )
        return
    yield received
    if received.external_id != post_id:
        # Every version has an id of its own, and a list shows only the last. As both events name the first
        # id, the message is there whether or not its first version ever reached us, and has the new words.
        yield Updated(
            kind="edited",
            external_id=post_id,
            targets=(received.external_id,),
            sender=received.sender,
            sent_at=received.sent_at,
            thread=received.thread,
            parts=received.parts,
            tokens=received.tokens,
        )


def _received(post: JsonObject, post_id: str, context: Context) -> Received:
    first = _first_version(post, post_id)
    author, text = author_id(post), text_of(post)
    sender, strength, method = identified(_with_author(post, context), author, post_id)
    outbound = bool(author) and author == context.us
    reply_to = _reply_to(post)
    answered = either(post, "in_reply_to_user_id_str", "in_reply_to_user_id")
    told = (context.party(answered),) if outbound and answered not in ("", context.us) else ()
    return Received(
        external_id=first,
        direction=Direction.OUTBOUND if outbound else Direction.INBOUND,
        sender=sender,
        strength=strength,
        method=method,
        recipients=told,
        sent_at=moment(post, post_id),
        parts=tuple(_parts(post, context, _said(post, text) if outbound else text)),
        thread=string(post, "conversation_id") or ("" if reply_to or "user" not in post else first),
        reply_to=reply_to,
        public=True,
        tokens=find_tokens(text),
    )


def _ignored(post: JsonObject, received: Received, context: Context) -> str:
    """Why a post is no message for us; empty if it is one."""
    if _referenced(post, "retweeted", "reposted") or obj(post, "retweeted_status"):
        return "repost"
    if context.blocked and received.direction is Direction.INBOUND:
        return "blocked"
    if not context.chosen:
        return ""
    if received.direction is Direction.OUTBOUND:
        return "" if received.reply_to else "own_post"
    return "" if context.addressed or _concerns_us(post, context) else "not_addressed"


def _concerns_us(post: JsonObject, context: Context) -> bool:
    """Whether it mentions us, answers us, or quotes us."""
    handle = context.username.lower()
    told = [
        either(post, "in_reply_to_user_id_str", "in_reply_to_user_id"),
        author_id(obj(post, "quoted_status")),
    ]
    told += [author_id(context.posts.get(other, {})) for other in _referenced(post, "quoted", "replied_to")]
    for entities in _entities(post):
        for mention in (*objects(entities, "mentions"), *objects(entities, "user_mentions")):
            told.append(either(mention, "id_str", "id"))
            if handle and either(mention, "username", "screen_name").lower() == handle:
                return True
    written = handle and re.search(rf"(?<!\w)@{re.escape(handle)}(?!\w)", text_of(post).lower())
    return context.us in told or bool(written)


def author_id(post: Json) -> str:
    """Who wrote a post; empty if the answer left that out."""
    user = obj(post, "user")
    return string(post, "author_id") or either(user, "id_str", "id")


def _with_author(post: JsonObject, context: Context) -> Context:
    """v1.1 has the author in the post, v2 beside it."""
    user = obj(post, "user")
    if not name_of(user):
        return context
    return context._replace(people={author_id(post): user})


def text_of(post: Json) -> str:
    """All the words: long and old posts have a cut `text` and the whole one elsewhere."""
    for key in _LONG:
        if is_object(post) and key in post and (text := words_of(obj(post, key), "full_text", "text")):
            return text
    return words_of(post, "full_text", "text")


_LONG = ("extended_tweet", "note_tweet", "note_post")
"""Where the whole of a long post is."""


def _entities(post: JsonObject) -> list[JsonObject]:
    """The links, mentions and files that X found: the whole text's if there is one, else the post's own."""
    long = next((found for key in _LONG if key in post and (found := obj(post, key))), {})
    return [
        found
        for found in (obj(long, "entities") or obj(post, "entities"), obj(long, "extended_entities"))
        if found
    ]


def _said(post: JsonObject, text: str) -> str:
    """Our own words as we gave them to X, which puts the people answered in front."""
    shown = (post | obj(post, "extended_tweet")).get("display_text_range")
    start = shown[0] if isinstance(shown, list) and shown else 0
    return text[start:] if isinstance(start, int) and text.startswith("@") else text


def _parts(post: JsonObject, context: Context, text: str) -> Iterator[Part]:
    quoted = next(iter(_referenced(post, "quoted")), "") or either(
        post, "quoted_status_id_str", "quoted_status_id"
    )
    yield from words(text)
    for entities in _entities(post) or [post]:
        yield from links(entities, besides=quoted)
    if quoted:
        inner = obj(post, "quoted_status") or context.posts.get(quoted, {})
        title = name_of(obj(inner, "user")) or context.name(author_id(inner))
        yield post_reference(quoted, {"text": text_of(inner)}, title)
    yield from files(obj(post, "attachments"), context)
    yield from map(media, _old_files(post))
    yield from place(obj(post, "coordinates") or obj(obj(post, "geo"), "coordinates"))


def _old_files(post: JsonObject) -> list[JsonObject]:
    """The files of v1.1: the extended entities have all of them, the plain ones only the first."""
    long = obj(post, "extended_tweet")
    places = (
        obj(long, "extended_entities"),
        obj(post, "extended_entities"),
        obj(long, "entities"),
        obj(post, "entities"),
    )
    return next((found for place in (*places, post) if (found := list(objects(place, "media")))), [])


def _referenced(post: JsonObject, *kinds: str) -> list[str]:
    """The ids of the posts that this one answers, quotes or repeats, in either spelling of v2."""
    entries = [*objects(post, "referenced_tweets"), *objects(post, "referenced_posts")]
    return [
        string(entry, "id") for entry in entries if string(entry, "type") in kinds and string(entry, "id")
    ]


def _reply_to(post: JsonObject) -> str:
    named = either(
        post,
        "in_reply_to_status_id_str",
        "in_reply_to_status_id",
        "in_reply_to_tweet_id",
        "in_reply_to_post_id",
    )
    return named or next(iter(_referenced(post, "replied_to")), "")


def _first_version(post: JsonObject, post_id: str) -> str:
    """The id that a post had before it was edited; its own if it was not."""
    history = obj(post, "edit_history")  # v1.1 and account activity; v2 has the ids in the post itself
    for versions in (*map(post.get, _VERSIONS), history.get("edit_tweet_ids")):
        if isinstance(versions, list) and post_id in versions:
            return min(
                (one for one in versions if isinstance(one, str) and one.isdigit()), key=int, default=post_id
            )
    return post_id


_VERSIONS = ("edit_history_tweet_ids", "edit_history_post_ids")


def read_deletion(item: JsonObject, context: Context) -> Iterator[Event]:
    """A post was taken back: `{"status": {"id", "user_id"}}` or `{"id", "author_id"}`."""
    gone = obj(item, "status") or item
    post_id = id_of(gone)
    author = either(gone, "user_id_str", "user_id", "author_id")
    yield Updated(
        kind="deleted",
        external_id=f"deleted-{post_id}",
        targets=(post_id,),
        sender=context.party(author) if author else None,
        sent_at=moment(item),
    )


def read_like(item: JsonObject, context: Context) -> Iterator[Event]:
    """Somebody liked a post."""
    liked = id_of(obj(item, "favorited_status"))
    user = obj(item, "user")
    user_id = id_of(user)
    yield Updated(
        kind="reaction",
        external_id=string(item, "id") or f"like-{user_id}-{liked}",
        targets=(liked,),
        sender=context._replace(people={user_id: user}).party(user_id),
        sent_at=moment(item),
        reaction="like",
    )
