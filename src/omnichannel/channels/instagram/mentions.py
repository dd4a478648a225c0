"""Somebody names us (@shop) in a comment, or in the caption of their own post. Pure.

Wire facts: Meta's "Mentions" (18 March 2026), "IG User Mentions", "Mentioned Comment" and "Mentioned Media" (21
January 2025). The webhook's field `mentions` holds `media_id`, and `comment_id` if it was in a comment: neither who
it was nor a word. The words are asked for apart; who wrote a comment Meta does not tell at all.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from omnichannel.errors import Malformed
from omnichannel.model import Attachment, Part, Party, Received, Reference, Strength, System
from omnichannel.platforms.meta.envelope import Body, Place
from omnichannel.platforms.meta.messaging.item import address
from omnichannel.toolbox import Json, from_epoch, need, string

KIND = "instagram"
FIELD = "mentions"

_NAME = re.compile(r"mention:([0-9]{1,40})(?:/([0-9]{1,40}))?")


class Mention(NamedTuple):
    """Where we are named: on which post, and in which comment (empty: in its caption)."""

    media: str
    comment: str = ""

    def __str__(self) -> str:
        """What the message is called here: its own name, as the same comment may come as a comment, too."""
        return f"mention:{self.media}/{self.comment}" if self.comment else f"mention:{self.media}"

    @property
    def fields(self) -> dict[str, Json]:
        """What says where an answer belongs."""
        return {"media_id": self.media, **({"comment_id": self.comment} if self.comment else {})}

    @property
    def question(self) -> str:
        """The `fields` of `GET /{account}` that ask for the words."""
        if self.comment:
            return f"mentioned_comment.comment_id({self.comment}){{text}}"
        return f"mentioned_media.media_id({self.media}){{caption}}"

    @property
    def answer(self) -> tuple[str, str]:
        """Under which keys of the answer they are."""
        return ("mentioned_comment", "text") if self.comment else ("mentioned_media", "caption")


def mention_of(external_id: str) -> Mention | None:
    """The mention that is called so; None for anything else."""
    found = _NAME.fullmatch(external_id)
    return Mention(found[1], found[2] or "") if found else None


def mentioned(value: Body, place: Place) -> Received:
    """A public message of somebody unknown, whose words are a file to be fetched. Raises Malformed without a post."""
    mention = mention_of(str(Mention(need(value, "media_id"), string(value, "comment_id"))))
    if mention is None:
        raise Malformed("media_id and comment_id are not numbers")
    name = str(mention)
    return Received(
        external_id=name,
        # Somebody who is nobody else's customer: the address is that of the comment or post.
        sender=Party(address=address(KIND, place.home, f"comment:{mention.comment or mention.media}")),
        strength=Strength.ASSERTED,
        method="author_missing",
        sent_at=from_epoch(place.time),
        parts=_parts(mention),
        thread=name,
        public=True,
    )


def _parts(mention: Mention) -> tuple[Part, ...]:
    words = Attachment(name="mention.txt", media_type="text/plain", external_id=str(mention))
    post = Reference(what="post", external_id=mention.media)
    comment = (Reference(what="comment", external_id=mention.comment),) if mention.comment else ()
    return (System(what="mention"), words, *comment, post)
