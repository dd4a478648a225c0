"""What the emulated Cloud API refuses, and what a person sees of what it takes. Codes and limits: Meta's (2026)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from omnichannel.emulators.emulator import Button, File

if TYPE_CHECKING:
    from omnichannel.emulators.whatsapp import Approved, Cloud, Person, Said

Content = dict[str, object]

_MEGA = 1024 * 1024
_SIZES = {"image": 5 * _MEGA, "audio": 16 * _MEGA, "video": 16 * _MEGA}
_TYPES = (
    "audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "application/vnd.ms-powerpoint",
    "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/pdf", "text/plain",
    "application/vnd.ms-excel", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/3gpp",
)  # fmt: skip
_FILES = ("image", "video", "audio", "document", "sticker")

_BURST, _PACE = 45, timedelta(seconds=6)


class CloudError(Exception):
    """An answer that is an error, as the Cloud API writes it."""

    def __init__(self, code: int, message: str, details: str = "", *, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.details, self.status = code, details, status

    def response(self, headers: dict[str, str] | None = None) -> Response:
        """The envelope of every error."""
        error: Content = {
            "message": f"(#{self.code}) {self}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AbCdEf123456",
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return JSONResponse({"error": error}, self.status, headers)


def check_window(cloud: Cloud, people: Sequence[Person], fields: Content) -> None:
    """Freely only for 24 hours after one of them wrote, and not too many: one in 6 s, after a burst of 45."""
    now = cloud.clock()
    heard = any(
        person.heard_at is not None and now - person.heard_at <= timedelta(hours=24) for person in people
    )
    if fields.get("type") != "template" and not heard:
        raise CloudError(
            131047, "Re-engagement message", "More than 24 hours have passed since they last replied"
        )
    for person in people:
        if sum(now - sent < _BURST * _PACE for sent in person.sent_at) >= _BURST:
            raise CloudError(131056, "(Business Account, Consumer Account) pair rate limit hit")


def check_message(cloud: Cloud, fields: Content) -> None:
    """Raises CloudError for what the Cloud API does not take."""
    kind = str(fields.get("type") or "text")
    body = _inner(fields, kind)
    if kind == "text":
        _within("text.body", str(body.get("body") or ""), 4096)
    elif kind in _FILES:
        _check_media(cloud, body)
        if "caption" in body:
            _within("caption", str(body["caption"]), 1024)
    elif kind == "interactive":
        _check_interactive(body)
    elif kind == "template":
        _check_template(cloud, body)
    elif kind == "contacts":
        _check_cards(fields.get("contacts"))
    elif kind != "location" or not {"latitude", "longitude"} <= body.keys():
        raise CloudError(131009, "Parameter value is not valid", f"type {kind}")


def _within(what: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most:
        raise CloudError(100, f"Param {what} must be 1 to {most} characters long")


def _check_media(cloud: Cloud, body: Content) -> None:
    known = str(body.get("id") or "") in cloud.media
    if not known and not str(body.get("link") or "").startswith("http"):
        raise CloudError(131053, "Media upload error", "neither a known id nor a link")


def _check_interactive(body: Content) -> None:
    _within("interactive.body", str(_inner(body, "body").get("text") or ""), 1024)
    action, kind = _inner(body, "action"), body.get("type")
    if kind == "cta_url":
        _within("display_text", str(_inner(action, "parameters").get("display_text") or ""), 20)
        return
    options = list(_options(body))
    most, longest = (3, 20) if kind == "button" else (10, 24)
    if not 1 <= len(options) <= most:
        raise CloudError(131009, "Parameter value is not valid", f"1 to {most} options")
    for _, title in options:
        _within("title", title, longest)
    if len(dict(options)) < len(options):
        raise CloudError(131009, "Parameter value is not valid", "Duplicated id")
    if kind == "list":
        _within("action.button", str(action.get("button") or ""), 20)


def _options(body: Content) -> Iterator[tuple[str, str]]:
    """The id and title of every option."""
    action = _inner(body, "action")
    for button in _list(action, "buttons"):
        reply = _inner(button, "reply")
        yield str(reply.get("id")), str(reply.get("title"))
    for section in _list(action, "sections"):
        for row in _list(section, "rows"):
            yield str(row.get("id")), str(row.get("title"))


def _page(body: Content) -> tuple[Button, ...]:
    """The button that opens a page, of a message that has one."""
    parameters = _inner(_inner(body, "action"), "parameters")
    url = str(parameters.get("url") or "")
    return (Button(str(parameters.get("display_text")), url=url),) if url else ()


def _check_template(cloud: Cloud, body: Content) -> None:
    found = _template(cloud, body)
    if found.status != "APPROVED":
        raise CloudError(132015, "Template is paused")
    values = _values(body)
    if len(values) != found.places:
        raise CloudError(
            132000, "Number of parameters does not match", f"{len(values)} given, {found.places} expected"
        )
    for component in _list(body, "components"):
        for parameter in _list(component, "parameters"):
            kind = str(parameter.get("type"))
            if kind in _FILES:
                _check_media(cloud, _inner(parameter, kind))


def _template(cloud: Cloud, body: Content) -> Approved:
    language = _inner(body, "language").get("code")
    for one in cloud.templates:
        if (one.name, one.language) == (body.get("name"), language):
            return one
    raise CloudError(
        132001, "Template name does not exist in the translation", f"{body.get('name')} in {language}"
    )


def _values(body: Content) -> list[str]:
    components = [one for one in _list(body, "components") if one.get("type") == "body"]
    return [str(parameter.get("text")) for one in components for parameter in _list(one, "parameters")]


def _check_cards(cards: object) -> None:
    listed = cards if isinstance(cards, list) else []
    names = [_inner(card, "name") for card in listed if isinstance(card, dict)]
    if not names or not all({"formatted_name", "first_name"} <= name.keys() for name in names):
        raise CloudError(100, "A contact needs a formatted_name and one more part of the name")


def check_file(fields: dict[str, str], content: bytes) -> None:
    """Raises CloudError for an upload that is not taken."""
    kind = fields.get("type", "")
    if fields.get("messaging_product") != "whatsapp" or not content:
        raise CloudError(100, "The parameters messaging_product and file are required.")
    if kind not in _TYPES:
        raise CloudError(
            100, f"Param file must be a file with one of the following types: {', '.join(_TYPES)}"
        )
    if len(content) > 100 * _MEGA:
        raise CloudError(100, "Param file is too large")


def words_of(cloud: Cloud, fields: Content) -> Said:
    """What the person sees of a message, as words."""
    from omnichannel.emulators.whatsapp import Said

    kind = str(fields.get("type") or "text")
    body = _inner(fields, kind)
    said = Said("", "business", kind, callback=str(fields.get("biz_opaque_callback_data") or ""))
    said.reply_to = str(_inner(fields, "context").get("message_id") or "")
    if kind == "text":
        said.text = str(body["body"])
    elif kind in _FILES:
        said.text = str(body.get("caption") or body.get("filename") or f"[{kind}]")
        said.content = cloud.media.get(str(body.get("id")), ("", b""))[1]
        said.files = (File(str(body.get("filename") or f"[{kind}]"), str(body.get("link") or "")),)
        _check_size(kind, said.content)
    elif kind == "interactive":
        said.kind = str(body.get("type"))
        said.text = str(_inner(body, "body")["text"])
        said.options = tuple(Button(title, value) for value, title in _options(body)) or _page(body)
    elif kind == "template":
        said.text = _template(cloud, body).filled(_values(body))
    elif kind == "location":
        said.text = f"{body.get('name') or 'place'} {body['latitude']},{body['longitude']}"
    else:
        said.text = ", ".join(
            str(_inner(card, "name")["formatted_name"]) for card in _list(fields, "contacts")
        )
    return said


def _check_size(kind: str, content: bytes) -> None:
    if len(content) > _SIZES.get(kind, 100 * _MEGA):
        raise CloudError(131053, "Media upload error", f"{kind} is too large")


def _inner(value: Content, key: str) -> Content:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _list(value: Content, key: str) -> list[Content]:
    inner = value.get(key)
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
