"""From a draft to calls of the Bot API, in order: never drops, never truncates. Pure.

Words are sent as they are: without `parse_mode`, so that no character means anything. Limits: Bot API 10.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from omnichannel.channel import Call
from omnichannel.channels.telegram import form
from omnichannel.channels.telegram.contact import vcard
from omnichannel.channels.telegram.keyboard import keyboard
from omnichannel.channels.telegram.place import KIND, Place, message_of, place_of
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Choice, ContactCard, Draft, Location, Part, Text
from omnichannel.toolbox import Json, size, split

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
"""UTF-16 units: never more than the characters that Telegram counts."""
MOST_IN_ALBUM = 10
MOST_ATTACHMENTS = 50

_POSSIBLE = "Telegram carries text, attachments, places, contact cards and choices"
_ALBUMS = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}


@dataclass
class _Piece:
    """One call that people see."""

    method: str
    fields: dict[str, Json]
    text: str = ""
    files: dict[str, Attachment] = field(default_factory=dict)
    patient: bool = False


def calls(draft: Draft, url: Callable[[str], str]) -> tuple[Call, ...]:
    """The calls that say a draft; `url` gives a method's address.

    A subject is what the conversation is called, not what is said in it: a chat shows none.
    Raises Unsupported or TooLarge with what is possible instead.
    """
    _refuse_what_cannot_be(draft)
    there = _target(draft)
    options = [option for part in draft.parts if isinstance(part, Choice) for option in part.options]
    # An album has no room for buttons.
    pieces = list(_pieces(draft.parts, albums=not options))
    if not pieces:
        raise Unsupported(f"the draft says nothing that could be sent; {_POSSIBLE}, a choice needs a text")
    if options:
        pieces[-1].fields["reply_markup"] = keyboard(options)
    pieces[0].fields.update(_answering(draft, there))
    return tuple(_call(piece, _addressed(there), url) for piece in pieces)


def _refuse_what_cannot_be(draft: Draft) -> None:
    if draft.cc:
        raise Unsupported("a message on Telegram goes to one chat; send each their own message")
    files = sum(isinstance(part, Attachment) for part in draft.parts)
    if files > MOST_ATTACHMENTS:
        raise TooLarge(
            f"{files} attachments; at most {MOST_ATTACHMENTS} go with one message. Send the rest apart"
        )
    for part in draft.parts:
        if not isinstance(part, Text | Attachment | Choice | Location | ContactCard):
            raise Unsupported(f"Telegram cannot send a {part.type}; write it as text. {_POSSIBLE}")
        if isinstance(part, Choice) and not part.options:
            raise Unsupported("a choice to send needs options; `chosen` is what a customer sends")


def _target(draft: Draft) -> Place:
    """The chat: that of the thread, else the person's own. What is private never goes where others read along."""
    to = draft.to.address
    if to.kind != KIND:
        raise Unsupported(f"{to} is not on Telegram; send it with an account of kind {to.kind}")
    there = place_of(draft.thread or to.value)
    if there is None:
        raise Unsupported(f"{draft.thread or to.value!r} is no chat of Telegram's: its id is a number")
    if there.shared and not draft.public:
        raise Unsupported(
            "several people read in that chat; answer there with public=True, or leave out the thread"
        )
    if draft.public and not there.shared:
        raise Unsupported("a chat with one person is private; answer with public=False")
    return there


def _addressed(there: Place) -> dict[str, Json]:
    fields: dict[str, Json] = {"chat_id": int(there.chat)}
    if there.connection:
        fields["business_connection_id"] = there.connection
    if there.topic.startswith("d"):
        fields["direct_messages_topic_id"] = int(there.topic[1:])
    elif there.topic:
        fields["message_thread_id"] = int(there.topic)
    return fields


def _answering(draft: Draft, there: Place) -> dict[str, Json]:
    """What the message points at, if that is a message of the same chat (a tapped button is none)."""
    found = message_of(draft.reply_to)
    if found is None or (found[0].chat, found[0].connection) != (there.chat, there.connection):
        return {}
    return {"reply_parameters": {"message_id": found[1], "allow_sending_without_reply": True}}


def _pieces(parts: Sequence[Part], *, albums: bool) -> Iterator[_Piece]:
    """Texts that follow each other are one text; a short one before files is their caption."""
    words: list[str] = []
    said = [part for part in parts if not isinstance(part, Choice)]
    for are_files, run in groupby(said, lambda part: isinstance(part, Attachment)):
        if are_files:
            groups = _grouped([part for part in run if isinstance(part, Attachment)], albums=albums)
            caption = _caption(words, groups[0])
            if not caption:
                yield from _texts(words)
            words = []
            for group in groups:
                yield _files(group, caption)
                caption = ""
            continue
        for part in run:
            if isinstance(part, Text):
                words.append(part.text)
            else:
                yield from _texts(words)
                words = []
                yield _other(part)
    yield from _texts(words)


def _texts(words: list[str]) -> Iterator[_Piece]:
    for text in split("\n".join(words), LONGEST_TEXT, lambda piece: size(piece, "utf16")):
        # Telegram refuses a text of spaces alone, and it would show nothing.
        if text.strip():
            yield _Piece("sendMessage", {"text": text}, text)


def _grouped(files: Sequence[Attachment], *, albums: bool) -> list[list[Attachment]]:
    """Neighbours that Telegram shows as one album; each other file by itself, in their order."""
    groups: list[list[Attachment]] = []
    for part in files:
        form.check(part)
        kind = _ALBUMS.get(form.shown_as(part))
        last = groups[-1] if groups else []
        fits = last and len(last) < MOST_IN_ALBUM and _ALBUMS.get(form.shown_as(last[0])) == kind
        if albums and kind and fits:
            last.append(part)
        else:
            groups.append([part])
    return groups


def _caption(words: list[str], group: Sequence[Attachment]) -> str:
    """The text before files if it fits below them; in an album of documents it would be the first one's alone."""
    text = "\n".join(words)
    room = len(group) == 1 or _ALBUMS.get(form.shown_as(group[0])) == "visual"
    return text if room and text.strip() and size(text, "utf16") <= LONGEST_CAPTION else ""


def _files(group: Sequence[Attachment], caption: str) -> _Piece:
    """One file, or an album of several."""
    text = "\n".join(filter(None, (caption, *(part.name or part.url for part in group))))
    said: dict[str, Json] = {"caption": caption} if caption else {}
    if len(group) == 1:
        return _file(group[0], said, text)
    files = {f"file{index}": part for index, part in enumerate(group)}
    media: list[Json] = [
        {"type": form.shown_as(part), "media": form.inside(part, name), **(said if name == "file0" else {})}
        for name, part in files.items()
    ]
    carried = {name: part for name, part in files.items() if part.content is not None}
    return _Piece("sendMediaGroup", {"media": media}, text, carried, patient=True)


def _file(part: Attachment, said: dict[str, Json], text: str) -> _Piece:
    kind = form.shown_as(part)
    method = f"send{kind.capitalize()}"
    if part.content is not None:
        return _Piece(method, said, text, {kind: part}, patient=True)
    return _Piece(method, {kind: form.inside(part, kind), **said}, text, patient=True)


def _other(part: Part) -> _Piece:
    """A place, which needs a name and an address to be shown with words; or a contact card."""
    if isinstance(part, Location):
        where: dict[str, Json] = {"latitude": part.latitude, "longitude": part.longitude}
        if not part.name:
            return _Piece("sendLocation", where, f"{part.latitude}, {part.longitude}")
        title, _, rest = part.name.partition(", ")
        return _Piece("sendVenue", {**where, "title": title, "address": rest or title}, part.name)
    assert isinstance(part, ContactCard)  # nothing else is let through
    phone = next((address.value for address in part.addresses if address.kind == "phone"), "")
    if not phone:
        raise Unsupported(
            f"Telegram needs the telephone number of {part.name!r} for a contact card; write it as text"
        )
    first, _, last = (part.name or phone).partition(" ")
    card: dict[str, Json] = {
        "phone_number": phone,
        "first_name": first,
        **({"last_name": last} if last else {}),
    }
    others = [address for address in part.addresses if address.value != phone]
    if others:
        card["vcard"] = vcard(part.name or phone, phone, others)
    return _Piece("sendContact", card, f"{part.name} {phone}".strip())


def _call(piece: _Piece, there: dict[str, Json], url: Callable[[str], str]) -> Call:
    kind, body = form.body({**there, **piece.fields}, piece.files)
    return Call(
        url=url(piece.method),
        headers=(("content-type", kind),),
        body=body,
        text=piece.text,
        timeout=form.PATIENCE if piece.patient else 30.0,
    )
