"""What we want said, as the requests that X takes: a reply to a post, or direct messages.

Bodies: OpenAPI 2.167 (`CreatePostsRequest`, `CreateDirectMessagesByParticipantIdRequest`, `MediaUploadRequest`);
X refuses unknown fields, so that there is not one too many.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence

from omnichannel.channel import Call
from omnichannel.channels.x.context import KIND
from omnichannel.channels.x.private import GROUP, is_private
from omnichannel.channels.x.urls import find_urls
from omnichannel.channels.x.weight import POST_LIMIT, UNWRITABLE, URL_WEIGHT, weigh
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Draft
from omnichannel.toolbox import split

MESSAGE_LIMIT = 10_000
"""Characters of a direct message (tweepy's documentation of `create_direct_message`)."""

IMAGE_BYTES = 5 * 1024 * 1024
MOST_IMAGES = 4
IMAGES = ("image/jpeg", "image/png", "image/webp", "image/gif")

_JSON = (("content-type", "application/json"),)
# Stands for one URL while a text is cut, so that none is cut in two. Plane 16 is for private use.
_PLACEHOLDERS = range(0x100000, 0x10FFFE)
_PLACEHOLDER = re.compile("[\U00100000-\U0010fffd]")


def render(draft: Draft, host: str) -> Sequence[Call]:
    """The calls for a draft, in order. Raises Unsupported or TooLarge with what is possible instead."""
    if draft.to.address.kind != KIND:
        raise Unsupported(f"{draft.to.address} is nobody on X; answer on {draft.to.address.kind}")
    if draft.cc:
        raise Unsupported("X sends a post or message to one person; send the others a draft of their own")
    files = [_image(part) for part in draft.parts if part.type == "attachment"]
    if len(files) > MOST_IMAGES:
        raise TooLarge(f"{len(files)} images; X takes {MOST_IMAGES} at once, so send the rest after them")
    for part in draft.parts:
        if part.type not in ("text", "attachment"):
            raise Unsupported(f"X carries text and images, no {part.type}; say it in words or with a link")
    if not (draft.text.strip() or files):
        raise Unsupported("there is nothing to say; give the draft a text or an image")
    return tuple(_posts(draft, files, host) if draft.public else _messages(draft, files, host))


def _image(part: Attachment) -> Attachment:
    if part.media_type not in IMAGES or part.content is None:
        raise Unsupported(f"X takes {', '.join(IMAGES)} given as content; send other files as a link")
    if len(part.content) > IMAGE_BYTES:
        raise TooLarge(f"{part.name or 'an image'} has {len(part.content)} bytes; X takes {IMAGE_BYTES}")
    return part


def _posts(draft: Draft, files: Sequence[Attachment], host: str) -> Iterator[Call]:
    """A thread that answers a post. Further images answer the same post, as a call can await one id only."""
    if not draft.reply_to or is_private(draft.thread):
        raise Unsupported(
            "X lets us answer a post, not start one; answer a public message, or write privately"
        )
    if UNWRITABLE.search(draft.text):
        raise Unsupported("X refuses posts with U+FFFE, U+FEFF or U+FFFF; take them out of the text")
    url = f"{host}/2/tweets"
    texts = posts(draft.text) or ("",)
    for position, text in enumerate(texts):
        body: dict[str, object] = {"text": text, "reply": {"in_reply_to_tweet_id": draft.reply_to}}
        if position == 0 and files:
            yield _upload(files[0], "tweet", host)
            yield _call(url, body | {"media": {"media_ids": [""]}}, text, chain="/media/media_ids/0")
        elif position == 0:
            yield _call(url, body, text)
        else:
            body["reply"] = {"in_reply_to_tweet_id": ""}
            yield _call(url, body, text, chain="/reply/in_reply_to_tweet_id")
    for file in files[1:]:
        body = {"text": "", "reply": {"in_reply_to_tweet_id": draft.reply_to}, "media": {"media_ids": [""]}}
        yield _upload(file, "tweet", host)
        yield _call(url, body, file.name, chain="/media/media_ids/0")


def _messages(draft: Draft, files: Sequence[Attachment], host: str) -> Iterator[Call]:
    """Direct messages, to the person or into the group where they wrote; each can hold one image."""
    if draft.thread.startswith(GROUP):
        url = f"{host}/2/dm_conversations/{draft.thread.removeprefix(GROUP)}/messages"
    elif draft.to.address.scope or not draft.to.reach.isdigit():
        raise Unsupported("X did not say who wrote this, so that only a public reply can be sent")
    else:
        url = f"{host}/2/dm_conversations/with/{draft.to.reach}/messages"
    texts = messages(draft.text)
    for position in range(max(len(texts), len(files))):
        text = texts[position] if position < len(texts) else ""
        body: dict[str, object] = {"text": text} if text else {}
        if position >= len(files):
            yield _call(url, body, text)
            continue
        yield _upload(files[position], "dm", host)
        body["attachments"] = [{"media_id": ""}]
        yield _call(url, body, text or files[position].name, chain="/attachments/0/media_id")


def _upload(file: Attachment, place: str, host: str) -> Call:
    """One image in one request, as base64; `place` says what it may be used for."""
    category = f"{place}_gif" if file.media_type == "image/gif" else f"{place}_image"
    content = base64.b64encode(file.content or b"").decode()
    body: dict[str, object] = {"media": content, "media_category": category}
    call = _call(f"{host}/2/media/upload", body, file.name)
    return call.model_copy(update={"prepares": True, "timeout": 60.0})


def _call(url: str, body: dict[str, object], text: str, *, chain: str = "") -> Call:
    wire = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Call(url=url, headers=_JSON, body=wire, chain=chain, text=text)


def posts(text: str) -> tuple[str, ...]:
    """The text in posts of at most 280 weighted characters, cut where it reads well and never inside a URL.

    Only the blanks at the cuts are left out: X would drop them itself.
    """
    urls = [text[start:end] for start, end in find_urls(text)]
    free = (char for char in map(chr, _PLACEHOLDERS) if char not in text)
    marks = dict(zip(free, urls, strict=False))

    def whole(marked: str) -> str:
        return _PLACEHOLDER.sub(lambda mark: marks.get(mark.group(), mark.group()), marked)

    marked, position = "", 0
    for mark, (start, end) in zip(marks, find_urls(text), strict=True):
        marked += text[position:start] + mark
        position = end
    marked += text[position:]

    def exactly(marked: str) -> int:
        return weigh(whole(marked).strip())

    # URLs are not read again for every length that is tried; what a cut made of the text is seen afterwards.
    pieces = (one for cut in split(marked, POST_LIMIT, _about) for one in split(cut, POST_LIMIT, exactly))
    return tuple(piece for cut in pieces if (piece := whole(cut).strip()))


def _about(marked: str) -> int:
    """The weight of a text with placeholders, unless a cut makes a URL, or none, of what stands beside it."""
    words, urls = _PLACEHOLDER.subn("", marked.strip())
    return weigh(words) + URL_WEIGHT * urls


def messages(text: str) -> tuple[str, ...]:
    """The text in direct messages of at most 10 000 characters; blanks at the cuts are left out too."""
    return tuple(piece for cut in split(text, MESSAGE_LIMIT, len) if (piece := cut.strip()))
