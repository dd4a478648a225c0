"""A mail as its sender laid it out, made fit to be shown to an agent."""

from __future__ import annotations

from omnichannel.channels.email.attachments import attachments
from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.mime import Entity, Mail, read
from omnichannel.html import cleaned, from_text


def shown(raw: bytes) -> str:
    """The HTML of a mail, cleaned, with the pictures that came in it; of one without HTML its plain words.

    `raw` is the body of the delivery (`inbox.raw`). Put it into a page by `omnichannel.html.framed`.
    """
    mail = read(raw)
    leaves = [leaf for leaf in mail.leaves() if leaf.disposition.value != "attachment"]
    for kind in ("text/html", "text/plain"):
        for leaf in leaves:
            if leaf.media_type == kind:
                words = to_text(mail.body(leaf), leaf.content.parameter("charset"))
                return cleaned(words, _pictures(mail, leaves)) if kind == "text/html" else from_text(words)
    return ""


def _pictures(mail: Mail, leaves: list[Entity]) -> dict[str, bytes]:
    """Pictures by their Content-ID."""
    images = [leaf for leaf in leaves if leaf.media_type.startswith("image/")]
    named = zip(attachments(mail, images), images, strict=True)
    return {described.content_id: mail.body(leaf) for described, leaf in named if described.content_id}
