"""What the emulated Bot API does with the messages that the bot sends: as strict as Telegram, in its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from omnichannel.emulators.telegram_forms import Fields
from omnichannel.emulators.uploads import Upload
from omnichannel.toolbox import Json, size

if TYPE_CHECKING:
    from omnichannel.emulators.telegram import Telegram
    from omnichannel.emulators.telegram_world import Chat, Content

_MEGABYTE = 1024 * 1024
_MOST = {"photo": 10 * _MEGABYTE}
_ALBUM = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}
_FETCHED = (".pdf", ".zip", ".gif")


class Refusal(Exception):  # noqa: N818 - the word the API uses would be Error
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Json] | None = None) -> None:
        super().__init__(description)
        self.code, self.parameters = code, parameters or {}


def _where(telegram: Telegram, fields: Fields) -> Chat:
    """The chat that is written to; raises for nobody, for who left, and for a group that moved."""
    number, connection = fields.text("chat_id"), fields.text("business_connection_id")
    if connection and connection not in telegram.connections:
        raise Refusal(400, "Bad Request: business connection not found")
    person = next((one for one in telegram.people.values() if str(one.id) == number), None)
    if person and person.blocked and not connection:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if person and not person.started and not connection:
        raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
    chat = telegram.chats.get(number)
    if chat is None:
        raise Refusal(400, "Bad Request: chat not found")
    if chat.moved:
        moved: dict[str, Json] = {"migrate_to_chat_id": chat.moved}
        raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
    return chat


def _in_time(telegram: Telegram, chat: Chat) -> None:
    """Raise for too many in all, or in a group; a chat with one person takes a burst."""
    paces = [telegram.pace]
    if chat.about["type"] != "private":
        paces.append(telegram.group_paces[str(chat.about["id"])])
    if wait := max(pace.wait() for pace in paces):
        raise Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
    for pace in paces:
        pace.takes()


def _frame(telegram: Telegram, chat: Chat, fields: Fields) -> Content:
    """What every message of the bot has, whatever it says."""
    made: Content = {"from": telegram.me}
    connection = fields.text("business_connection_id")
    if connection:
        owner = telegram.connections[connection]["user"]
        made = {"from": owner, "sender_business_bot": telegram.me, "business_connection_id": connection}
    if topic := fields.text("message_thread_id"):
        made |= {"message_thread_id": int(topic), "is_topic_message": True}
    if keyboard := fields.json("reply_markup"):
        _check_keyboard(keyboard)
        made["reply_markup"] = keyboard
    return made | _answered(chat, fields)


def _answered(chat: Chat, fields: Fields) -> Content:
    reply = fields.object("reply_parameters")
    if not reply:
        return {}
    found = next((one for one in chat.messages if one["message_id"] == reply.get("message_id")), None)
    if found is None and reply.get("allow_sending_without_reply") is not True:
        raise Refusal(400, "Bad Request: message to be replied not found")
    return (
        {}
        if found is None
        else {"reply_to_message": {k: v for k, v in found.items() if k != "reply_to_message"}}
    )


def _check_keyboard(keyboard: Json) -> None:
    rows = keyboard.get("inline_keyboard") if isinstance(keyboard, dict) else None
    if not isinstance(rows, list):
        raise Refusal(400, "Bad Request: object expected as reply markup")
    buttons = [button for row in rows if isinstance(row, list) for button in row if isinstance(button, dict)]
    for button in buttons:
        if not str(button.get("text") or "").strip():
            raise Refusal(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed")
        if "url" not in button and not 1 <= size(str(button.get("callback_data") or ""), "bytes") <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    if len(buttons) > 100:
        raise Refusal(400, "Bad Request: reply markup is too long")


def _said(telegram: Telegram, fields: Fields, content: Content) -> Content:
    """One message, put into its chat; through a business account the bot hears of it, as of all its messages."""
    chat = _where(telegram, fields)
    frame = _frame(telegram, chat, fields)
    _in_time(telegram, chat)
    message = telegram.put(chat, {**frame, **content})
    if "business_connection_id" in message:
        telegram.happen("business_message", message)
    return message


def _text(telegram: Telegram, fields: Fields) -> Json:
    text = fields.text("text").strip()
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text) > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    return _said(telegram, fields, {"text": text})


def _caption(text: str) -> Content:
    if len(text) > 1024:
        raise Refusal(400, "Bad Request: message caption is too long")
    return {"caption": text} if text else {}


def _file(kind: str) -> Callable[[Telegram, Fields], Json]:
    def send(telegram: Telegram, fields: Fields) -> Json:
        held = _held(telegram, fields, kind, fields.text(kind) or f"attach://{kind}")
        return _said(telegram, fields, {kind: held, **_caption(fields.text("caption"))})

    return send


def _held(telegram: Telegram, fields: Fields, kind: str, written: str) -> Json:
    """A file as it stands in a message: uploaded, known already, or fetched by Telegram."""
    upload = fields.files.get(written.removeprefix("attach://"))
    if upload is not None:
        return _kept(telegram, kind, upload)
    if written in telegram.files:
        found = telegram.file(telegram.files[written])
        return [found] if kind == "photo" else found
    if not written.startswith(("https://", "http://")):
        raise Refusal(400, f"Bad Request: there is no {kind} in the request")
    if kind == "document" and not written.lower().endswith(_FETCHED):
        raise Refusal(400, "Bad Request: wrong type of the web page content")
    return _kept(
        telegram, kind, Upload(written.rpartition("/")[2], "application/octet-stream", written.encode())
    )


def _kept(telegram: Telegram, kind: str, upload: Upload) -> Json:
    if len(upload.content) > _MOST.get(kind, 50 * _MEGABYTE):
        raise Refusal(413, "Request Entity Too Large")
    if not upload.content:
        raise Refusal(400, "Bad Request: file must be non-empty")
    if kind == "photo":
        return [telegram.file(upload.content, width=90, height=90)]
    return telegram.file(upload.content, file_name=upload.name, mime_type=upload.media_type)


def _album(telegram: Telegram, fields: Fields) -> Json:
    media = fields.json("media")
    items = [one for one in media if isinstance(one, dict)] if isinstance(media, list) else []
    if not 2 <= len(items) <= 10:
        raise Refusal(400, "Bad Request: group send failed")
    if len({_ALBUM.get(str(one.get("type"))) for one in items} | {None}) != 2:
        raise Refusal(400, "Bad Request: Can't use the media of the specified type in the album")
    made: list[Content] = []
    for one in items:
        kind = str(one["type"])
        held = _held(telegram, fields, kind, str(one.get("media")))
        made.append({kind: held, "media_group_id": "13371337", **_caption(str(one.get("caption") or ""))})
    return [_said(telegram, fields, content) for content in made]


def _location(fields: Fields) -> Content:
    try:
        return {"latitude": float(fields.text("latitude")), "longitude": float(fields.text("longitude"))}
    except ValueError:
        raise Refusal(400, "Bad Request: latitude is empty") from None


def _venue(telegram: Telegram, fields: Fields) -> Json:
    title, address = fields.text("title"), fields.text("address")
    if not (title and address):
        raise Refusal(400, f"Bad Request: {'address' if title else 'title'} is empty")
    place = _location(fields)
    venue: Content = {"location": place, "title": title, "address": address}
    return _said(telegram, fields, {"venue": venue, "location": place})


def _contact(telegram: Telegram, fields: Fields) -> Json:
    card: Content = {
        key: fields.text(key)
        for key in ("phone_number", "first_name", "last_name", "vcard")
        if fields.text(key)
    }
    if "phone_number" not in card or "first_name" not in card:
        raise Refusal(400, "Bad Request: phone number and first name are required")
    return _said(telegram, fields, {"contact": card})


SENDS: dict[str, Callable[[Telegram, Fields], Json]] = {
    "sendmessage": _text,
    "sendmediagroup": _album,
    "sendlocation": lambda telegram, fields: _said(telegram, fields, {"location": _location(fields)}),
    "sendvenue": _venue,
    "sendcontact": _contact,
} | {f"send{kind}": _file(kind) for kind in ("photo", "document", "video", "audio", "voice", "animation")}
