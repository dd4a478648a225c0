"""From a draft to the one call that says it: never drops, never truncates. Pure.

The message itself lies in the store, from where every browser of the visitor reads it; the call says that it may.
"""

from __future__ import annotations

import base64
import json
from fnmatch import fnmatchcase

from omnichannel.channel import Call
from omnichannel.channels.webchat import show
from omnichannel.channels.webchat.wire import KIND
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Address, Attachment, Card, Choice, Draft, Option, Part, Party
from omnichannel.toolbox import Json, is_object

LONGEST_TEXT = 16_000
"""Characters of all the text of one message: what fits on a few screens."""
MEDIA = ("image/*", "audio/*", "video/*", "application/*", "text/*")
MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
MOST_OPTIONS = 20
LONGEST_TITLE = 200
LONGEST_VALUE = 1000

_POSSIBLE = f"web chat shows {', '.join(sorted(show.PARTS))}"


def calls(draft: Draft, account: str) -> tuple[Call, ...]:
    """The call that says a draft. `account` is empty for an instance that is no account.

    Raises Unsupported or TooLarge with what is possible instead.
    """
    if draft.public:
        raise Unsupported("a web chat is private; answer privately (public=False)")
    if draft.cc:
        raise Unsupported("a web chat is with one visitor; send each their own message")
    _check_address(draft.to.address, account)
    for part in draft.parts:
        _check(part)
    _check_sizes(draft)
    body: dict[str, Json] = {
        "id": draft.id,
        "to": str(draft.to.address),
        "parts": [_told(part, index) for index, part in enumerate(draft.parts)],
    }
    return (_call(draft.to.address, body, draft.id, draft.text),)


def _told(part: Part, index: int) -> Json:
    """A part as the widget gets it; in the call, a file has its bytes with it."""
    found = show.part_json(part, index, ours=True)
    if isinstance(part, Attachment) and part.content is not None and is_object(found):
        return {**found, "data": base64.b64encode(part.content).decode()}
    return found


def typing(to: Party, account: str) -> Call:
    """The passing sign that somebody of ours is writing."""
    _check_address(to.address, account)
    return _call(to.address, {"typing": True, "to": str(to.address)}, "", "")


def _call(to: Address, body: dict[str, Json], correlator: str, text: str) -> Call:
    return Call(
        url=f"{KIND}:{to.scope}",
        headers=(("content-type", "application/json"),),
        body=json.dumps(body, ensure_ascii=False).encode(),
        correlator=correlator,
        text=text,
        repeatable=bool(correlator),  # browsers read it in the store, by its own id: nobody sees it twice
    )


def _check_address(to: Address, account: str) -> None:
    if to.kind != KIND:
        raise Unsupported(f"{to} is no visitor of a web chat; send it with an account of kind {to.kind}")
    if not to.scope or (account and to.scope != account):
        raise Unsupported(f"{to} is known to the web chat {to.scope or '(none)'} alone; send it there")


def _check(part: Part) -> None:
    if part.type not in show.PARTS:
        raise Unsupported(f"web chat cannot show a {part.type}; write it as text. {_POSSIBLE}")
    if isinstance(part, Choice) and not part.options:
        raise Unsupported("a choice to send needs options; `chosen` is what a visitor sends")
    if isinstance(part, Choice | Card):
        for option in part.options:
            _check_option(option)
    if isinstance(part, Attachment):
        _check_file(part)


def _check_file(part: Attachment) -> None:
    if not any(fnmatchcase(part.media_type, taken) for taken in MEDIA):
        raise Unsupported(
            f"the file {part.name!r} is {part.media_type[:80]}; web chat takes {', '.join(MEDIA)}"
        )
    if part.content is None and not part.url.startswith("https://"):
        raise Unsupported(
            f"the file {part.name!r} needs content, or an https:// address that anybody can open"
        )


def _check_option(option: Option) -> None:
    if not option.title.strip():
        raise Unsupported("an option needs a title to be shown")
    if len(option.title) > LONGEST_TITLE or len(option.value) > LONGEST_VALUE:
        raise TooLarge(
            f"the option {option.title[:40]!r} is too long: at most {LONGEST_TITLE} characters of title and "
            f"{LONGEST_VALUE} of value. Put the long form into the text"
        )


def _check_sizes(draft: Draft) -> None:
    if not any(part.type != "text" or part.text.strip() for part in draft.parts):
        raise Unsupported(f"the draft says nothing that could be shown; {_POSSIBLE}")
    if len(draft.text) > LONGEST_TEXT:
        raise TooLarge(f"{len(draft.text)} characters; web chat takes {LONGEST_TEXT}. Send it as a file")
    files = [part for part in draft.parts if isinstance(part, Attachment)]
    if len(files) > MOST_FILES:
        raise TooLarge(
            f"{len(files)} attachments; at most {MOST_FILES} go with one message. Send the rest apart"
        )
    if (size := max((len(part.content or b"") for part in files), default=0)) > MOST_BYTES:
        raise TooLarge(f"a file of {size} bytes; web chat takes {MOST_BYTES}. Send a link to it")
    options = sum(len(part.options) for part in draft.parts if isinstance(part, Choice))
    if options > MOST_OPTIONS:
        raise TooLarge(f"{options} options; web chat shows at most {MOST_OPTIONS}")
