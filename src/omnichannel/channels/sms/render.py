"""From a draft to messages: one for each piece of text, files with the first. Never drops, never truncates."""

from __future__ import annotations

from fnmatch import fnmatchcase
from urllib.parse import urlencode

from omnichannel.channel import Call
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Draft, Text
from omnichannel.platforms.twilio.account import TwilioChannel, refuse_all_but_one_person

LONGEST_TEXT = 1600
"""Twilio joins pieces up to so many characters (error 21617 beyond)."""
MOST_FILES = 10
MOST_BYTES = 5 * 1024 * 1024
"""Twilio takes MMS of 5 MB in all (error 21620 and others beyond)."""


def calls(draft: Draft, channel: TwilioChannel, origin: tuple[str, str]) -> tuple[Call, ...]:
    """The calls that say a draft. `origin` is `From` or `MessagingServiceSid` with its value.

    A subject is what the conversation is called, not what is said in it: a text message shows none. Raises
    Unsupported or TooLarge with what is possible instead.
    """
    refuse_all_but_one_person(draft.public, draft.cc, "a text message")
    to, urls = _recipient(draft), _urls(draft, channel)
    texts = channel.pieces(draft.text)
    if not (texts or urls):
        raise Unsupported("the draft says nothing that could be sent; a text message carries text and files")
    return tuple(
        _call(draft, channel, index, text, [("To", to), origin], urls if index == 0 else [])
        for index, text in enumerate(texts or ("",))
    )


def _recipient(draft: Draft) -> str:
    to = draft.to.address
    if to.kind == "phone":
        return to.value
    if to.scope == "withheld":
        raise Unsupported("this person withheld their number; they have to write or call again with it")
    if to.kind == "sms":
        raise Unsupported(f"{to.value} is a short code or a name as sender, which nobody can answer")
    raise Unsupported(f"{to} is no telephone number; send it with an account of kind {to.kind}")


def _urls(draft: Draft, channel: TwilioChannel) -> list[str]:
    files: list[Attachment] = []
    for part in draft.parts:
        if isinstance(part, Attachment):
            files.append(part)
        elif not isinstance(part, Text):
            raise Unsupported(f"a text message cannot carry a {part.type}; write it as text")
    if len(files) > MOST_FILES:
        raise TooLarge(f"{len(files)} files; one message takes {MOST_FILES}. Send the rest apart")
    if (total := sum(file.size or 0 for file in files)) > MOST_BYTES:
        raise TooLarge(f"the files have {total} bytes; one message takes {MOST_BYTES}. Send a link as text")
    return [_url(file, channel.can.media) for file in files]


def _url(file: Attachment, media: tuple[str, ...]) -> str:
    if not any(fnmatchcase(file.media_type.lower(), pattern) for pattern in media):
        raise Unsupported(f"{file.media_type} is nothing that a phone shows; it takes {', '.join(media)}")
    if file.content is not None and not file.url:
        raise Unsupported(
            f"the attachment {file.name!r} has bytes (content), and Twilio only fetches files by address; "
            "put it where the internet can reach it and give its url"
        )
    if not file.url.startswith(("https://", "http://")):
        raise Unsupported(f"the attachment {file.name!r} has no public address (url) that Twilio could fetch")
    return file.url


def _call(
    draft: Draft, channel: TwilioChannel, index: int, text: str, ends: list[tuple[str, str]], urls: list[str]
) -> Call:
    correlator = f"{draft.id}/{index}"
    fields = [*ends, *([("Body", text)] if text else []), *(("MediaUrl", url) for url in urls)]
    return Call(
        url=f"{channel.edge}/Messages.json",
        headers=(("content-type", "application/x-www-form-urlencoded"),),
        body=urlencode([*fields, *channel.callback(correlator)]).encode(),
        correlator=correlator,
        text=text or " ".join(urls),
    )
