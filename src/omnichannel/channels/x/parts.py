"""What hangs on a post or direct message beside its words: links, files, places, polls."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from omnichannel.channels.x.context import Context, JsonObject, either, objects, plain
from omnichannel.model import Attachment, Choice, Location, Option, Part, Reference, Text
from omnichannel.toolbox import Json, file_name, items, number, obj, string

POST_URL = "https://x.com/i/status/"

_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}
_VAGUE = {"photo": "image/*", "video": "video/*", "animated_gif": "video/*", "audio": "audio/*"}
# The first figure of a media key says what it is (3 photo, 7 video, 13 amplified video, 16 GIF).
_KEYS = {"3": "photo", "7": "video", "13": "video", "16": "animated_gif"}


def words(text: str) -> tuple[Part, ...]:
    """The text, if there is any."""
    return (Text(text=plain(text)),) if text else ()


def links(entities: Json, *, besides: str = "") -> Iterator[Part]:
    """Where the shortened links lead. Links to X's own copy of a file or a quoted post are shown as those."""
    seen = set()
    for entry in objects(entities, "urls"):
        url = either(entry, "unwound_url", "expanded_url", "url")
        quoted = besides and url.partition("?")[0].rstrip("/").endswith(f"/status/{besides}")
        if url and url not in seen and not quoted and not string(entry, "media_key"):
            seen.add(url)
            yield Reference(what="link", url=url, title=plain(either(entry, "title", "display_url")))


def post_reference(post_id: str, post: Json = None, title: str = "") -> Reference:
    """A pointer to another post, with its words if they came along."""
    text = plain(either(post, "full_text", "text"))
    return Reference(what="post", url=POST_URL + post_id, title=title, text=text, external_id=post_id)


def files(attachments: Json, context: Context) -> Iterator[Part]:
    """The files and polls of v2: keys that stand for objects delivered beside."""
    for key in items(attachments, "media_keys"):
        if isinstance(key, str):
            kind = _KEYS.get(key.partition("_")[0], "")
            yield media(context.media.get(key, {"media_key": key, "type": kind}))
    for key in items(attachments, "poll_ids"):
        if isinstance(key, str):
            options = objects(context.polls.get(key, {}), "options")
            yield Choice(options=tuple(Option(title=string(option, "label")) for option in options))


def media(found: JsonObject) -> Attachment:
    """One picture or video, in the shape of either version; the best quality there is."""
    kind = string(found, "type")
    variants = [*objects(found, "variants"), *objects(obj(found, "video_info"), "variants")]
    best = max(
        variants, key=lambda entry: number(entry, "bit_rate") or number(entry, "bitrate") or 0, default={}
    )
    url = string(best, "url") or either(
        found, "url" if "media_key" in found else "", "media_url_https", "media_url"
    )
    path = urlsplit(url).path if url.isprintable() and "[" not in url else ""
    ending = path.rpartition(".")[2].lower()
    return Attachment(
        name=file_name(path.rpartition("/")[2]),
        media_type=string(best, "content_type")
        or _TYPES.get(ending)
        or _VAGUE.get(kind, "application/octet-stream"),
        url=url or string(found, "preview_image_url"),
        external_id=either(found, "media_key", "id_str", "id"),
    )


def place(geo: Json) -> Iterator[Part]:
    """The exact place, where the person shared one: GeoJSON, longitude first."""
    numbers = [entry for entry in items(geo, "coordinates") if isinstance(entry, int | float)]
    if len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90:
        yield Location(longitude=numbers[0], latitude=numbers[1])
