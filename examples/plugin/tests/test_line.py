"""What the contract kit cannot know of LINE: settings, files with single events, stickers, limits, strictness."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from omnichannel.channel import Delivery, Response
from omnichannel.errors import ConfigError, Malformed, TooLarge, Unsupported
from omnichannel.model import (
    Address,
    Attachment,
    Card,
    Choice,
    Draft,
    Ignored,
    Location,
    Option,
    Party,
    Reference,
    Refused,
    Text,
    Unreadable,
)

from omnichannel_line import Line
from omnichannel_line.emulator import OfficialAccount

BOT, ANN = "U" + "ab" * 16, "U" + "12" * 16
SETTINGS = {"bot_id": BOT, "channel_secret": "secret", "access_token": "token", "basic_id": "@shop"}


def draft(*parts: object, value: str = ANN, **more: object) -> Draft:
    values = {"id": "0199", "parts": parts, "created_at": datetime(2026, 11, 20, tzinfo=UTC)}
    to = Party(address=Address(kind="line", scope=BOT, value=value))
    return Draft.model_validate({"to": to} | values | more)


def messages(*parts: object) -> list[dict[str, object]]:
    return [
        one
        for call in Line("line", **SETTINGS).render(draft(*parts))
        for one in json.loads(call.body)["messages"]
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("bot_id", "@shop"),
        ("channel_secret", ""),
        ("access_token", " "),
        ("basic_id", "shop"),
        ("host", "http://api.line.me"),
        ("data_host", "https://api-data.line.me/v2"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(setting: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Line("line", **SETTINGS | {setting: value})
    assert caught.value.setting == setting
    assert caught.value.cure


def test_a_file_may_hold_one_event() -> None:
    """As LINE's own documentation shows them; over the network only whole webhooks are read."""
    body = json.dumps({"type": "follow", "source": {"type": "user", "userId": ANN}}).encode()
    wrapped = json.dumps([{"body": {"events": [json.loads(body)]}}, json.loads(body)]).encode()
    for file, most in ((body, 1), (wrapped, 2)):
        found = list(Line.bare().parse(Delivery(source="file", body=file)))
        assert [event.event for event in found] == ["updated"] * most
    with pytest.raises(Malformed):
        list(Line.bare().parse(Delivery(body=body)))


def test_an_event_without_an_id_is_known_again() -> None:
    """Older bodies have no webhookEventId; what says that it is a redelivery is no part of it."""

    def read(**more: object) -> str:
        event = {"type": "unfollow", "timestamp": 1, "source": {"userId": ANN}, **more}
        [found] = Line.bare().parse(Delivery(body=json.dumps({"events": [event]}).encode()))
        assert not isinstance(found, Unreadable)
        return found.external_id

    assert read() == read(deliveryContext={"isRedelivery": True}) != read(timestamp=2)


def test_nobodys_message_is_set_aside() -> None:
    """A message without a source can be answered by nobody."""
    event = {"type": "message", "message": {"type": "text", "id": "1", "text": "x"}}
    [found] = Line.bare().parse(Delivery(body=json.dumps({"events": [event]}).encode()))
    assert isinstance(found, Ignored)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "location", "id": "1"},
        {"type": "location", "id": "1", "latitude": 91, "longitude": 0},
        {"type": "sticker", "id": "1", "packageId": "1"},
        {"type": "text", "id": "1"},
        {"type": "text", "text": "no id"},
        {},
    ],
)
def test_what_lacks_what_its_type_needs(message: dict[str, object]) -> None:
    event = {"type": "message", "source": {"userId": ANN}, "message": message}
    [found] = Line.bare().parse(Delivery(body=json.dumps({"events": [event]}).encode()))
    assert isinstance(found, Unreadable)


def test_stickers_go_out_as_they_came_in() -> None:
    """A pair of ids; anything else is no sticker."""
    assert messages(Reference(what="sticker", external_id="446/1988")) == [
        {"type": "sticker", "packageId": "446", "stickerId": "1988"}
    ]
    for wrong in ("446", "446/x", ""):
        with pytest.raises(Unsupported, match="446/1988"):
            messages(Reference(what="sticker", external_id=wrong))


def test_long_texts_are_cut_in_utf16_and_sent_apart() -> None:
    """Each piece is a call of its own, so that each has a fate of its own."""
    calls = Line("line", **SETTINGS).render(draft(Text(text="🍎" * 2501)))
    assert [len(json.loads(call.body)["messages"]) for call in calls] == [1, 1]
    assert len({dict(call.headers)["x-line-retry-key"] for call in calls}) == 2


def long_things() -> Iterator[tuple[object, ...]]:
    text = Text(text="?")
    yield (Location(latitude=1, longitude=1, name="x" * 101),)
    yield (text, Choice(options=(Option(title="x", value="x" * 301),)))
    yield tuple(Card(title=str(number)) for number in range(13))
    yield (Attachment(url="https://a.example/a", media_type="image/png", size=11 * 1024 * 1024),)


@pytest.mark.parametrize("parts", list(long_things()), ids=["name", "value", "cards", "picture"])
def test_too_much(parts: tuple[object, ...]) -> None:
    with pytest.raises(TooLarge):
        messages(*parts)


@pytest.mark.parametrize(
    "parts",
    [
        (Card(title="x", image="http://a.example/a"),),
        (Text(text="?"), Choice(options=(Option(title=" "),))),
        (Choice(options=(Option(title="alone"),)),),
        (Text(text="?"), Choice(chosen=Option(title="theirs"))),
    ],
)
def test_what_line_does_not_have(parts: tuple[object, ...]) -> None:
    with pytest.raises(Unsupported):
        messages(*parts)


def test_only_who_is_on_line_is_written_to() -> None:
    other = Party(address=Address(kind="phone", value="+31612345678"))
    for wrong in ({"to": other}, {"cc": [other]}):
        with pytest.raises(Unsupported):
            Line.bare().render(draft(Text(text="x"), **wrong))


def test_a_notification_shows_the_beginning() -> None:
    """The cards themselves say everything."""
    [found] = messages(*(Card(title=f"{number} " + "x" * 200) for number in range(10)))
    assert len(str(found["altText"])) <= 1500


def test_links_and_signs_where_there_are_some() -> None:
    assert Line("line", **SETTINGS).start_link("oct1") == "https://line.me/R/oaMessage/%40shop/?oct1"
    with pytest.raises(Unsupported, match="basic_id"):
        Line("line", **SETTINGS | {"basic_id": ""}).start_link("oct1")
    with pytest.raises(Unsupported, match="one person"):
        Line.bare().signal(Party(address=Address(kind="line", scope=BOT, value="C1")), "typing")


def test_what_line_says_is_repeated_to_a_person() -> None:
    """With the place of the fault, and what to do."""
    body = {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "too long", "property": "messages[0].text"}],
    }
    found = Line.bare().read(None, Response(status=400, body=json.dumps(body).encode()))  # type: ignore[arg-type]
    assert isinstance(found, Refused)
    assert "messages[0].text: too long" in found.detail


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("push", b"{", 400),
        ("push", {"messages": []}, 400),
        ("push", {"messages": [{"type": "text", "text": "x"}] * 6}, 400),
        ("push", {"messages": [{"type": "hologram"}]}, 400),
        ("push", {"messages": [{"type": "text", "text": " "}]}, 400),
        ("push", {"messages": [{"type": "text", "text": "x" * 5001}]}, 400),
        ("push", {"messages": [{"type": "image", "originalContentUrl": "http://a"}]}, 400),
        ("push", {"messages": [{"type": "text", "text": "x", "quickReply": {"items": [{}] * 14}}]}, 400),
        (
            "push",
            {
                "messages": [
                    {"type": "text", "text": "x", "quickReply": {"items": [{"action": {"label": ""}}]}}
                ]
            },
            400,
        ),
        ("push", {"to": "U5", "messages": [{"type": "text", "text": "x"}]}, 400),
        ("reply", {"replyToken": "5", "messages": [{"type": "text", "text": "x"}]}, 400),
    ],
)
def test_the_emulator_is_as_strict_as_line(path: str, body: object, status: int) -> None:
    """So that nothing passes here that would not pass there."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with OfficialAccount() as line:
        headers = {"authorization": f"Bearer {line.access_token}"}
        url = f"{line.settings['host']}/v2/bot/message/{path}"
        assert httpx.post(url, content=content, headers=headers, trust_env=False).status_code == status
        assert httpx.post(url, content=content, trust_env=False).status_code == 401
        key = {"x-line-retry-key": "no uuid"}
        assert httpx.post(url, content=b"{}", headers=headers | key, trust_env=False).status_code == 400


def test_a_trial_is_no_message() -> None:
    """Older consoles tried a webhook out with messages from nobody, known by their reply tokens."""
    event = {
        "type": "message",
        "replyToken": "f" * 32,
        "source": {"userId": ANN},
        "message": {"type": "text", "id": "1", "text": "x"},
    }
    [found] = Line.bare().parse(Delivery(body=json.dumps({"events": [event]}).encode()))
    assert isinstance(found, Ignored)
