"""One item of a webhook's `messaging[]`: the event that it is, by the first key that we know."""

from __future__ import annotations

from omnichannel.errors import Malformed
from omnichannel.model import Choice, Event, Evidence, Option, Part, Strength, Text
from omnichannel.platforms.meta.messaging.happenings import HAPPENINGS, message_request
from omnichannel.platforms.meta.messaging.item import Item, address
from omnichannel.platforms.meta.messaging.parts import parts_of, referral_parts
from omnichannel.toolbox import Json, find_tokens, is_object, need, obj, string

_ADDRESSING = frozenset({"sender", "recipient", "timestamp", "prior_message"})


def event_of(item: Item) -> Event:
    """What one item says. Raises Malformed for what cannot be read, ValueError for what is from nobody."""
    if "message" in item.data:
        return _message(item, _body(item, "message"))
    if "postback" in item.data:
        return _postback(item, _body(item, "postback"))
    for key, happening in HAPPENINGS.items():
        if key in item.data:
            return happening(item, _body(item, key))
    if answer := string(item.data, "message_request"):
        return message_request(item, answer)
    rest = ", ".join(sorted(set(item.data) - _ADDRESSING))
    if item.standby and not rest:
        return item.ignored("empty: another program holds the conversation and this says nothing", "standby")
    raise Malformed(f"an item of an unknown kind: {rest or 'it says nothing'}")


def _body(item: Item, key: str) -> dict[str, Json]:
    body = item.data[key]
    if not is_object(body):
        raise Malformed(f"{key} is not an object")
    return body


def _message(item: Item, message: dict[str, Json]) -> Event:
    mid = need(message, "mid")
    if message.get("is_deleted") is True:
        return item.updated("deleted", targets=(mid,))
    parts = parts_of(message)
    # Our own words may carry a token to the customer: only from the customer's side does it prove anything.
    ref = string(obj(message, "referral"), "ref") if "referral" in message else ""
    said = "" if item.ours else f"{ref} {string(message, 'text')}"
    return item.received(
        mid,
        parts,
        reply_to=string(obj(message, "reply_to"), "mid") if "reply_to" in message else "",
        tokens=find_tokens(said),
        correlator=string(message, "metadata") if item.ours else "",
        app=string(message, "app_id"),
        evidence=_plugin_visitor(item) if "prior_message" in item.data else (),
    )


def _plugin_visitor(item: Item) -> tuple[Evidence, ...]:
    """Meta says which visitor of our plug-in this person was, at their first message."""
    visitor = string(obj(item.data, "prior_message"), "identifier")
    if not visitor or item.ours:
        return ()
    return (
        Evidence(
            address=address(item.kind, item.home, f"user_ref:{visitor}"),
            strength=Strength.VERIFIED,
            method="platform_mapping",
            because="Messenger says that this person opted in with the plug-in on our site",
        ),
    )


def _postback(item: Item, postback: dict[str, Json]) -> Event:
    """A tapped button: a message, for it is the person who speaks. In stand-by it has no payload."""
    title, referral = string(postback, "title"), obj(postback, "referral")
    parts: list[Part] = [Text(text=title)] if title else []
    parts.append(Choice(chosen=Option(title=title, value=string(postback, "payload"))))
    parts += referral_parts(referral)
    return item.received(
        string(postback, "mid") or item.own_id("postback"),
        tuple(parts),
        tokens=find_tokens(string(referral, "ref")),
    )
