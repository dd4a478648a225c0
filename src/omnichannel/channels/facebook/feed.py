"""One change of a Page's `feed`, `mention` or `ratings`: the event that it is.

Shapes: bodies recorded from 2015 on, whose fields changed names (`sender_id`, later `from`); Meta publishes no
whole reference. `created_time` is the moment of that very change, in seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from omnichannel.model import (
    Attachment,
    Direction,
    Event,
    Ignored,
    Part,
    Party,
    Received,
    Reference,
    Strength,
    System,
    Text,
    Updated,
)
from omnichannel.platforms.meta.envelope import Body, Place
from omnichannel.platforms.meta.messaging.item import address, compact
from omnichannel.toolbox import find_tokens, from_epoch, from_iso, need, number, obj, string

KIND = "facebook"

Act = Literal["said", "edited", "deleted", "hidden", "shown", "other"]

_ACTS: dict[str, Act] = {
    "add": "said",
    "edited": "edited",
    "edit": "edited",
    "update": "edited",
    "remove": "deleted",
    "delete": "deleted",
    "hide": "hidden",
    "unhide": "shown",
}

_PEOPLES = frozenset({"", "post", "status", "photo", "video", "share", "link", "note", "mention"})
"""What visitors put on a Page, too; Meta often leaves their names out. An event or a milestone is the Page's own."""

_REACTIONS = {
    "like": "👍", "love": "❤️", "care": "🤗", "haha": "😆", "wow": "😮", "sad": "😢", "sorry": "😢", "angry": "😡",
    "anger": "😡",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with what is the same for all: which Page, who, when, what was done."""

    value: Body
    home: str
    at: datetime | None
    time: float | None
    field: str = "feed"

    @property
    def item(self) -> str:
        """What it is about, in Meta's word, such as comment, post or reaction."""
        return string(self.value, "item")

    @property
    def act(self) -> Act:
        """What was done to it."""
        return _ACTS.get(string(self.value, "verb"), "other")

    @property
    def author(self) -> Party | None:
        """Who did it, if Meta says so: without pages_read_user_content it does not."""
        written = obj(self.value, "from")
        pairs = (
            (string(written, "id"), string(written, "name")),
            (string(self.value, "sender_id"), string(self.value, "sender_name")),
            (string(self.value, "reviewer_id"), string(self.value, "reviewer_name")),
        )
        who, name = next(((who, name) for who, name in pairs if who), ("", ""))
        return Party(address=address(KIND, self.home, who), name=name) if who else None

    @property
    def ours(self) -> bool:
        """Whether the Page itself did it."""
        author = self.author
        return author is not None and author.address.value == self.home

    def own_id(self, kind: str) -> str:
        """An id for what Meta gives none: the same under redelivery, different for anything else."""
        said = compact(self.value) if "created_time" in self.value else f"{compact(self.value)}{self.time}"
        return f"{kind}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"

    def ignored(self, reason: str) -> Ignored:
        """Something understood that says nothing to anybody."""
        node = string(self.value, "comment_id") or string(self.value, "post_id")
        return Ignored(
            reason=reason, kind=self.item, external_id=node[:1024], sender=self.author, sent_at=self.at
        )


def read(value: Body, place: Place, field: str = "feed") -> Event:
    """What a change says. Raises Malformed where its id is missing."""
    home = place.home or string(value, "post_id").partition("_")[0]
    change = Change(value, home, _moment(value, place.time), place.time, field)
    if change.item in ("reaction", "like"):
        return _reaction(change)
    if change.item == "comment":
        return _said(change, need(value, "comment_id"))
    if change.item == "rating":
        return _said(change, need(value, "open_graph_story_id"))
    if change.ours:
        return change.ignored("own_post: the Page's own; comments on it are messages")
    if change.author is None and change.item not in _PEOPLES:
        return change.ignored(f"own_post: {change.item} on the Page, which only the Page itself makes"[:200])
    post = string(value, "post_id")
    if not post or change.act == "other":
        return change.ignored(
            f"not_comment: {change.item or 'something'} {string(value, 'verb')}".strip()[:200]
        )
    return _said(change, post)


def _moment(value: Body, time: float | None) -> datetime | None:
    written = string(value, "created_time")
    return from_epoch(number(value, "created_time")) or from_iso(written) or from_epoch(time)


def _said(change: Change, node: str) -> Event:
    """What became of a comment, a visitor's post or a review."""
    if change.act == "said":
        return _received(change, node)
    if change.act == "edited":
        words = (*_words(change.value), *_rating(change.value))
        return _updated(change, "edited", node, sender=change.author, parts=words)
    if change.act == "deleted":
        # Meta does not say whether the author or a moderator did it; it is gone either way.
        return _updated(change, "deleted", node)
    if change.act in ("hidden", "shown"):
        return _updated(change, "hidden", node, removed=change.act == "shown")
    return change.ignored(f"moderation: {string(change.value, 'verb') or 'nothing'}"[:200])


def _received(change: Change, node: str) -> Received:
    value, author = change.value, change.author
    parent = string(value, "parent_id") if change.item == "comment" else ""
    post = string(value, "post_id") or string(value, "open_graph_story_id")  # a review's
    # Without an author it is somebody who is nobody else's customer: an address that holds the comment's id.
    unknown = Party(address=address(KIND, change.home, f"comment:{node}"))
    return Received(
        external_id=node,
        direction=Direction.OUTBOUND if change.ours else Direction.INBOUND,
        sender=author or unknown,
        strength=Strength.VERIFIED if author else Strength.ASSERTED,
        method="platform_id" if author else "author_missing",
        sent_at=change.at,
        parts=tuple(_parts(change)),
        thread=parent if parent and not _same_post(parent, post) else node,
        reply_to=parent or (post if change.item == "comment" else ""),
        public=True,
        tokens=() if change.ours else find_tokens(string(value, "message")),
    )


def _same_post(one: str, other: str) -> bool:
    """Whether two ids name one post: the Page's id stands before it, or not."""
    return one.rpartition("_")[2] == other.rpartition("_")[2]


def _updated(
    change: Change,
    kind: str,
    node: str,
    *,
    sender: Party | None = None,
    parts: tuple[Part, ...] = (),
    reaction: str = "",
    removed: bool = False,
) -> Updated:
    return Updated(
        kind=kind,
        external_id=change.own_id(kind),
        targets=(node,),
        sender=sender,
        sent_at=change.at,
        parts=parts,
        reaction=reaction,
        removed=removed,
        reason=string(change.value, "verb") if kind == "hidden" else "",
    )


def _reaction(change: Change) -> Event:
    """Reactions to comments belong to a message; those to the Page and its posts are too many, and nobody's."""
    comment = string(change.value, "comment_id")
    if not comment:
        what = "post" if string(change.value, "post_id") else "Page"
        return change.ignored(f"not_comment: a reaction to the {what}")
    word = string(change.value, "reaction_type") or change.item
    return _updated(
        change,
        "reaction",
        comment,
        sender=change.author,
        reaction=_REACTIONS.get(word, word),
        removed=change.act == "deleted",
    )


def _parts(change: Change) -> Iterator[Part]:
    """Words, pictures, films, links, and which post it is about; what says nothing else keeps its JSON."""
    found = [*_words(change.value), *_files(change), *_rating(change.value)]
    if change.field == "mention":
        found.append(System(what="mention"))
    yield from found
    post = obj(change.value, "post")
    if permalink := string(post, "permalink_url"):
        yield Reference(what="post", url=permalink, external_id=string(post, "id"))
    elif not found:
        yield System(what=f"unsupported:{change.item or 'change'}", text=compact(change.value))


def _words(value: Body) -> Iterator[Part]:
    if text := string(value, "message") or string(value, "review_text"):
        yield Text(text=text)


def _rating(value: Body) -> Iterator[Part]:
    if found := string(value, "rating") or string(value, "recommendation_type"):
        yield System(what="rating", text=found)


def _files(change: Change) -> Iterator[Part]:
    value, link = change.value, string(change.value, "link")
    photos = value.get("photos")
    urls = [url for url in photos if isinstance(url, str)] if isinstance(photos, list) else []
    for url in dict.fromkeys(filter(None, (string(value, "photo"), *urls))):
        yield Attachment(media_type="image/*", url=url)
    if film := string(value, "video"):
        yield Attachment(media_type="video/*", url=film)
    if link and change.item in ("photo", "video"):
        yield Attachment(media_type="image/*" if change.item == "photo" else "video/*", url=link)
    elif link:
        yield Reference(what="link", url=link)
