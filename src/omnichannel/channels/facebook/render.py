"""From a draft to calls: comments in public, or the one private reply that a comment may get. Pure.

Wire facts: Graph API, "Object comments" (`message`, `attachment_url`, `source`), "Private Replies" (30 June
2026), Page Mentioning. How long a comment may be Meta does not say; 8000 is what Facebook's own page takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from omnichannel.channel import Call
from omnichannel.channels.facebook.feed import KIND
from omnichannel.channels.facebook.parse import MARK
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Draft, Text
from omnichannel.platforms.meta import upload
from omnichannel.platforms.meta.messaging import saying
from omnichannel.platforms.meta.messaging.window import check_private_reply
from omnichannel.toolbox import Json, split

LONGEST_COMMENT = 8000
LONGEST_PRIVATE = 2000
MOST_IMAGES = 10

_JSON = (("content-type", "application/json"),)


@dataclass
class _Comment:
    """One comment: words, a picture, or both."""

    text: str
    file: Attachment | None = None


def calls(draft: Draft, *, edge: str, page_id: str, mentions: bool) -> tuple[Call, ...]:
    """The calls that say a draft. `edge` is the Graph API with its version.

    Raises Unsupported, TooLarge or WindowClosed with what is possible instead.
    """
    page = _check(draft, page_id)
    node = draft.reply_to or ("" if draft.public else next(reversed(draft.references), ""))
    if not node:
        raise Unsupported(
            "on Facebook we answer a comment or a visitor's post and start nothing; give reply_to, or write to "
            "them with a messenger account"
        )
    if not draft.public:
        return (_private(draft, f"{edge}/{quote(page, safe='')}/messages", page, node),)
    url = f"{edge}/{quote(node, safe='')}/comments"
    mention = f"@[{draft.to.address.value}] " if mentions and draft.to.address.value.isdigit() else ""
    found = list(_comments(draft, LONGEST_COMMENT - len(mention)))
    return tuple(_call(draft, one, url, mention if one is found[0] else "") for one in found)


def _check(draft: Draft, page_id: str) -> str:
    """The Page that the draft is for; raises Unsupported or TooLarge for what Facebook cannot carry."""
    to = draft.to.address
    if to.kind != KIND:
        raise Unsupported(f"{to} is not on Facebook; send it with an account of kind {to.kind}")
    if page_id and to.scope != page_id:
        raise Unsupported(f"{to} wrote on Page {to.scope}, and this is Page {page_id}; answer there")
    if draft.cc:
        raise Unsupported("a comment answers one person; send each their own answer")
    files = [part for part in draft.parts if isinstance(part, Attachment)]
    if len(files) > MOST_IMAGES:
        raise TooLarge(f"{len(files)} images; at most {MOST_IMAGES} go with one answer. Send the rest apart")
    for part in draft.parts:
        if not isinstance(part, Text | Attachment):
            raise Unsupported(f"Facebook comments carry text and images, no {part.type}; write it as text")
    for file in files:
        if upload.kind_of(file.media_type) != "image":
            raise Unsupported(f"Facebook comments show images; send {file.name or file.media_type} as a link")
        upload.check(file, "Facebook")
    if not (draft.text.strip() or files):
        raise Unsupported("there is nothing to say; give the draft a text or an image")
    return page_id or to.scope


def _comments(draft: Draft, longest: int) -> Iterator[_Comment]:
    """A picture stands below the words before it; a further one is a comment of its own."""
    words: list[str] = []
    for part in (*draft.parts, None):
        if isinstance(part, Text):
            words.append(part.text)
            continue
        texts = [text for text in split("\n".join(words), longest, len) if text.strip()]
        words = []
        file = part if isinstance(part, Attachment) else None
        yield from (_Comment(text) for text in texts[:-1])
        if texts or file:
            yield _Comment(texts[-1] if texts else "", file)


def _call(draft: Draft, comment: _Comment, url: str, mention: str) -> Call:
    text = mention + comment.text
    fields: dict[str, Json] = {"message": text} if text.strip() else {}
    kind, body, file = "application/json", b"", comment.file
    if file is not None and file.content is not None:
        kind, body = upload.form(fields, file, draft.id, named="source")
    else:
        fields |= {"attachment_url": file.url} if file else {}
        body = json.dumps(fields, ensure_ascii=False).encode()
    said = comment.text or (file.name if file else "")
    return Call(
        url=url,
        headers=(("content-type", kind),),
        body=body,
        text=said,
        timeout=upload.PATIENCE if file else 30.0,
    )


def _private(draft: Draft, url: str, page: str, node: str) -> Call:
    """The one private reply: it opens the way to Messenger, where the person may answer it."""
    check_private_reply(draft)
    pieces = saying.pieces(draft, "Facebook", LONGEST_PRIVATE, len)
    if len(pieces) > 1:
        raise TooLarge(
            f"a comment is answered privately with one message, and this would be {len(pieces)}: a text of at "
            f"most {LONGEST_PRIVATE} characters, or one image"
        )
    (piece,) = pieces
    correlator = f"{MARK}{node}/{draft.id}"
    recipient: dict[str, Json] = {"post_id" if _is_post(node, page) else "comment_id": node}
    fields: dict[str, Json] = {
        "recipient": recipient,
        "message": {**piece.message, "metadata": correlator},
    }
    headers, body = _JSON, json.dumps(fields, ensure_ascii=False).encode()
    if piece.file is not None:
        kind, body = upload.form(fields, piece.file, correlator)
        headers = (("content-type", kind),)
    return Call(url=url, headers=headers, body=body, correlator=correlator, text=piece.text)


def _is_post(node: str, page: str) -> bool:
    """A post's id is the Page's and the post's; a comment's is the post's and the comment's."""
    owner, _, rest = node.partition("_")
    return owner == page and "_" not in rest
