"""How far the X channel agrees with the sources of real inputs: weighted lengths, URLs, and every event.

    python -m bench.conform.x [folder of the data]

Figures: `weights` and `urls` (twitter-text's vectors), `reads` (a file gives events and does not raise), `events`
(they are those that the source names, with its words), `sends` (our requests fit X's own schemas).
What each source expects is written down here, from its own tests and from the request that a recording answers,
never from what our parser makes of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from bench.conform import Row, rows
from omnichannel.channel import Delivery
from omnichannel.channels.x import X
from omnichannel.channels.x.urls import find_urls
from omnichannel.channels.x.weight import POST_LIMIT, UNWRITABLE, weigh
from omnichannel.errors import Malformed
from omnichannel.inbox.sending import chained
from omnichannel.model import Address, Attachment, Draft, Event, Party, Text

DATA = rows.DATA

# An expected event: `received` with its text, else its kind.
Expected = list[tuple[str, str]]

# Account activity: the lists that the source says a body holds, and what an item of each means.
_ACTIVITY = {
    "direct_message_events": "received",
    "tweet_create_events": "received",
    "tweet_delete_events": "deleted",
    "favorite_events": "reaction",
    "direct_message_indicate_typing_events": "typing",
    "direct_message_mark_read_events": "read",
    "follow_events": "ignored",
    "block_events": "ignored",
    "mute_events": "ignored",
    "user_event": "ignored",
}

# Fixtures of v1.1 clients: what the method that reads the file returns.
_POSTS = (
    "get_status*", "post_update*", "get_replies*", "*extended_tweet*", "*status_*", "status*", "*timeline*",
    "*mentions*", "*statuses*", "search*", "*stream*", "tweet*", "*retweet*", "*favorites*", "list_*", "oembeds_*",
)  # fmt: skip
_MESSAGES = ("direct_message*", "post_post_direct_message*", "*direct_message_short*", "*direct_messages_*")


def report(data: Path = DATA) -> list[Row]:
    """One row for each kind of expectation."""
    folder = data / "x-twitter"
    if not folder.is_dir():
        return []
    return [*_lengths(folder), *_events(folder), *_bodies(folder)]


def _lengths(folder: Path) -> Iterator[Row]:
    tests = _json(folder / "twitter-text-conformance/validate.json")["tests"]
    weights = [
        (case["description"], _unless(_length_agrees(case, group != "WeightedTweetsCounterTest")))
        for group in tests
        if group.startswith("Weighted") or group == "UnicodeDirectionalMarkerCounterTest"
        for case in tests[group]
    ]
    yield rows.row("twitter-text", "weights", weights)
    tests = _json(folder / "twitter-text-conformance/extract.json")["tests"]
    urls = [
        (case["description"], _unless(_urls_agree(case)))
        for group in tests
        if "urls" in group
        for case in tests[group]
    ]
    yield rows.row("twitter-text", "urls", urls)


def _length_agrees(case: dict[str, Any], emoji: bool) -> bool:
    expected, weight = case["expected"], weigh(case["text"], emoji=emoji)
    valid = 0 < weight <= POST_LIMIT and not UNWRITABLE.search(case["text"])
    return (weight, valid, weight * 1000 // POST_LIMIT) == (
        expected["weightedLength"],
        expected["valid"],
        expected["permillage"],
    )


def _urls_agree(case: dict[str, Any]) -> bool:
    found = list(find_urls(case["text"]))
    texts = [case["text"][start:end] for start, end in found]
    expected = case["expected"]
    if expected and isinstance(expected[0], dict):
        return [(url["url"], tuple(url["indices"])) for url in expected] == list(
            zip(texts, found, strict=True)
        )
    return texts == expected


def _events(folder: Path) -> Iterator[Row]:
    for source in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = [path for path in sorted(source.iterdir()) if path.name != "expected.json"]
        if source.name in ("twitter-text-conformance", "x-openapi"):
            continue
        about = _json(source / "expected.json")["cases"] if (source / "expected.json").exists() else {}
        read = [(path, *_read(path)) for path in files]
        yield rows.row(
            source.name, "reads", [(path.name, _unless(bool(events))) for path, _, _, events in read]
        )
        cases = []
        for path, raw, url, events in read:
            expected = _expected(path, raw, url, about.get(path.name, {}).get("expected", {}))
            if expected is not None:
                found = _brief(events)
                cases.append((path.name, "" if found == expected else f"wanted {expected}, found {found}"))
        yield rows.row(source.name, "events", cases)


def _read(path: Path) -> tuple[bytes, str, list[Event]]:
    """A file's body, the address it came from if the source says, and what we make of it."""
    raw, url = path.read_bytes(), ""
    if path.parent.name == "tweepy-cassettes":
        recorded = json.loads(raw)
        url, raw = recorded["request"]["uri"], json.dumps(recorded["response"]).encode()
    try:
        events = list(X.bare().parse(Delivery(source="file", body=raw, url=url)))
    except Malformed:
        events = []
    return raw, url, [event for event in events if event.event != "malformed"]


def _brief(events: Iterable[Event]) -> Expected:
    """Events as the sources describe them. An edited post counts once: its update comes beside the message."""
    got: Expected = []
    for event in events:
        if event.event == "received":
            got.append(("received", event.text))
        elif event.event == "ignored":
            got.append(("ignored", ""))
        elif event.event == "updated" and event.kind != "edited":
            got.append((event.kind, ""))
    return got


def _expected(path: Path, raw: bytes, url: str, case: dict[str, Any]) -> Expected | None:
    """What the source says; None where it says no more than that it can be read."""
    texts = raw.decode().splitlines() if path.suffix == ".txt" else [raw.decode()]
    bodies = [json.loads(text) for text in texts if text.strip()]
    if path.parent.name == "tweetinvi-account-activity":
        return _activity(bodies[0], case.get("event_keys", ()))
    if path.parent.name == "chatwoot":
        return _chatwoot(bodies[0], case)
    if path.parent.name == "tweepy-cassettes":
        return _recorded(bodies[0], url)
    if path.parent.name == "vercel-chat-samples":
        return _sample(bodies[0])
    return _fixture(path.name, bodies)


def _activity(body: dict[str, Any], keys: Iterable[str]) -> Expected:
    found: Expected = []
    for key in keys:
        for item in body[key] if isinstance(body[key], list) else [body[key]]:
            kind = _ACTIVITY.get(key, "ignored")
            repost = kind == "received" and "retweeted_status" in item
            found.append(("ignored", "") if repost else (kind, _text(item) if kind == "received" else ""))
    return found


def _chatwoot(body: dict[str, Any], case: dict[str, Any]) -> Expected | None:
    """The number of messages that the inbox must have afterwards."""
    tested = [case, *(other["expected"] for other in case.get("also_tested_by", {}).values())]
    asserts = [
        entry
        for one in tested
        for called in one.get("cases", ())
        if "flag disabled / does not" not in called["desc"]
        for entry in called["asserts"]
        if entry["path"] == "inbox.messages.count"
    ]
    if not asserts:
        return None
    if asserts[0]["value"] == 0:
        return [("ignored", "")]
    keys = [key for key in body if key.endswith("_events")]
    return _activity(body, keys)


def _recorded(body: Any, url: str) -> Expected:
    """A recording: posts and messages have words and an id, and everything else that X answers has not."""
    path = url.partition("?")[0].removesuffix(".json")
    items = body
    if isinstance(body, dict):
        keys = ("data", "statuses", "events", "event")
        items = next((body[key] for key in keys if key in body), [] if "meta" in body else [body])
    items = items if isinstance(items, list) else [items]
    objects = [item for item in items if isinstance(item, dict)]
    errors = (
        [("ignored", "")] * len(body.get("errors", ())) if isinstance(body, dict) and "data" in body else []
    )
    if not objects or path.endswith(("/users", "/lookup")):
        return [("ignored", "")] * max(len(objects), 1)
    return [_said(item) for item in objects] + errors


def _said(item: dict[str, Any]) -> tuple[str, str]:
    says = "id" in item and "retweeted_status" not in item and ("message_create" in item or _is_post(item))
    return ("received", _text(item)) if says else ("ignored", "")


def _sample(body: dict[str, Any]) -> Expected | None:
    """A capture: X Activity says itself what an event is; else it is the answer to a post."""
    data = body["data"][0] if isinstance(body.get("data"), list) else body.get("data", {})
    kind, payload = data.get("event_type", ""), data.get("payload", {})
    if kind in ("dm.received", "dm.sent"):
        return [("received", _text(event)) for event in payload["direct_message_events"]]
    if kind in ("post.mention.create", "post.reply.create", "post.quote.create", "post.create"):
        return [("received", _text(payload))]
    if kind == "post.delete":
        return [("deleted", "")]
    if kind.startswith("chat."):
        return [("received", "")]
    return [("received", _text(data))] if "text" in data and not kind else None


def _fixture(name: str, bodies: list[Any]) -> Expected | None:
    items = [item for body in bodies for item in (body if isinstance(body, list) else [body])]
    if any(fnmatch(name, pattern) for pattern in _MESSAGES):
        events = [event for item in items for event in (item.get("events") or [item.get("event", item)])]
        return [("received", _text(event)) for event in events if "welcome" not in name] or None
    posts = [item for item in items if isinstance(item, dict) and _is_post(item)]
    if (
        posts
        and len(posts) == len(items)
        and any(fnmatch(name.partition("__")[2] or name, p) for p in _POSTS)
    ):
        return [
            ("ignored", "") if "retweeted_status" in item else ("received", _text(item)) for item in items
        ]
    return None if posts else [("ignored", "")]


def _is_post(item: dict[str, Any]) -> bool:
    return bool({"text", "full_text"} & set(item)) and bool({"id", "id_str"} & set(item))


def _text(item: dict[str, Any]) -> str:
    """The words as a person typed them."""
    message = item.get("message_create", {}).get("message_data", {})
    long = item.get("extended_tweet") or item.get("note_tweet") or {}
    text = (
        message.get("text")
        or long.get("full_text")
        or long.get("text")
        or item.get("full_text")
        or item["text"]
    )
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _bodies(folder: Path) -> Iterator[Row]:
    """What we send, against the request schemas of X's own description."""
    schemas = _json(folder / "x-openapi/openapi.json")["components"]["schemas"]
    names = {"/tweets": "CreatePostsRequest", "/media/upload": "MediaUploadRequest"}
    image = Attachment(media_type="image/png", content=b"png", name="a.png")
    to = Party(address=Address(kind="x", value="2"))
    cases = []
    for public in (True, False):
        parts = (Text(text="Sorry to hear that. " * 700), image, image)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        draft = Draft(id="1", to=to, parts=parts, public=public, reply_to="9" * 19, created_at=now)
        for number, call in enumerate(X.bare().render(draft)):
            end = next((name for end, name in names.items() if call.url.endswith(end)), "")
            schema = schemas[end or "CreateDirectMessagesByParticipantIdRequest"]
            fits = _fits(json.loads(chained(call, "1").body), schema, schemas)
            cases.append((f"{call.url} {number}", _unless(fits)))
    yield rows.row("x-openapi", "sends", cases)


def _fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Enough of JSON Schema for request bodies: types, required, no more than is named, counts, patterns, choices."""
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(value, dict):
        known = schema.get("properties", {})
        named = all(key in known and _fits(inner, known[key], schemas) for key, inner in value.items())
        return named and all(key in value for key in schema.get("required", ()))
    if isinstance(value, list):
        within = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**6)
        return within and all(_fits(inner, schema["items"], schemas) for inner in value)
    spelled = isinstance(value, str) and re.search(schema.get("pattern", ""), value) is not None
    return spelled and len(value) >= schema.get("minLength", 0) and value in schema.get("enum", [value])


def _unless(good: bool) -> str:
    return "" if good else "differs"


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    sys.exit(rows.show(report(folder), folder))
