"""What a Telegram message is made of: from its fields to the model's parts, in the order in which they are read.

Fields: Bot API 10.3, `Message`. A field that is not known here becomes a `System` part that keeps its JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

from omnichannel.channels.telegram.contact import card
from omnichannel.channels.telegram.media import KINDS, files
from omnichannel.channels.telegram.place import address, named
from omnichannel.channels.telegram.wording import compact, flat, lines, links, pointed, rich_buttons
from omnichannel.model import Choice, ContactCard, Location, Option, Part, Reference, System, Text
from omnichannel.toolbox import Json, is_object, items, number, obj, string

Body = dict[str, Json]

# What says where, when, by whom and how, and not what.
_ENVELOPE = frozenset({
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count",
    "sender_business_bot", "sender_tag", "date", "guest_query_id", "business_connection_id", "chat",
    "is_topic_message", "is_automatic_forward", "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot",
    "guest_bot_caller_user", "guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline",
    "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "link_preview_options",
    "suggested_post_info", "effect_id", "show_caption_above_media", "has_media_spoiler", "entities",
    "caption_entities", "forward_date", "forward_signature", "forward_from_message_id", "receiver_user",
    "ephemeral_message_id",
})  # fmt: skip


def present(message: Json) -> dict[str, Json]:
    """The fields that say something: libraries also write null, false, 0 and empty lists for what is not there."""
    if not is_object(message):
        return {}
    return {key: value for key, value in message.items() if value or value == {}}


def parts_of(said: Body) -> tuple[Part, ...]:
    """Everything that a message says by its `present` fields; never empty."""
    found: list[Part] = [*_before(said)] if not _BEFORE.isdisjoint(said) else []
    found += _body(said)
    if not _KNOWN.issuperset(said):
        found += _content(said)
    if "reply_markup" in said:
        found += _buttons(said)
    return tuple(found) or (System(what="unsupported:message", text=compact(said)),)


def _content(said: Body) -> Iterator[Part]:
    """What is neither words nor a file; what nobody knows keeps its JSON."""
    for key in said:
        if key in _CONTENT:
            yield from _CONTENT[key](said[key]) if key != "location" or "venue" not in said else ()
        elif key not in _KNOWN:
            yield System(what=key, text=compact(said[key]))


def _before(said: Body) -> Iterator[Part]:
    """What the message answers or hands on, which stands above it."""
    origin = obj(said, "forward_origin")
    old = obj(said, "forward_from_chat") or obj(said, "forward_from")
    if origin or old or "forward_sender_name" in said:
        yield _forward(origin, old, string(said, "forward_sender_name"))
    if story := obj(said, "reply_to_story"):
        yield _story(story)
    if outside := obj(said, "external_reply"):
        yield _forward(obj(outside, "origin"), {}, "", what="reply", number=string(outside, "message_id"))
    if words := string(obj(said, "quote"), "text"):
        yield Text(text=words, role="quoted")


def _forward(origin: Body, old: Body, hidden: str, *, what: str = "forward", number: str = "") -> Reference:
    """Whom something comes from: a person, somebody who hides, a group or a channel."""
    one = obj(origin, "sender_user") or obj(origin, "sender_chat") or obj(origin, "chat") or old
    name = named(one) or string(origin, "sender_user_name") or hidden
    message = string(origin, "message_id") or number
    username = string(one, "username") if obj(origin, "chat") else ""
    return Reference(
        what=what,
        title=name,
        text=string(origin, "author_signature"),
        external_id=string(one, "id"),
        url=_post(username, message),
    )


def _post(username: str, number: str) -> str:
    """The address of a post in a public channel; empty without one."""
    return f"https://t.me/{quote(username, safe='')}/{number}" if username and number else ""


def _body(said: Body) -> list[Part]:
    """Files and words in the order in which they are shown, and what the words point at."""
    words = string(said, "text") or string(said, "caption")
    found: list[Part] = [Text(text=words)] if words else []
    if not KINDS.isdisjoint(said):
        above = said.get("show_caption_above_media") is True
        found = [*found, *files(said)] if above else [*files(said), *found]
    entities = "entities" if "text" in said else "caption_entities"
    if entities in said:
        found += links(words, items(said, entities))
    return found


def _buttons(said: Body) -> Iterator[Part]:
    """The buttons under a message that a bot made."""
    rows = obj(said, "reply_markup").get("inline_keyboard")
    options = [
        _option(button)
        for row in (rows if isinstance(rows, list) else ())
        for button in (row if isinstance(row, list) else [row])
    ]
    if options:
        yield Choice(options=tuple(options))


def _option(button: Json) -> Option:
    """A button, in a keyboard or in a rich message: what it brings back, opens, or lets somebody copy."""
    pages = (string(button, "url"), *(string(obj(button, key), "url") for key in ("web_app", "login_url")))
    return Option(
        title=flat(button.get("text")) if is_object(button) else "",
        value=string(button, "callback_data"),
        url=next(filter(None, pages), ""),
        text=string(obj(button, "copy_text"), "text"),
    )


def _rich(value: Json) -> Iterator[Part]:
    if text := "\n".join(lines(value)):
        yield Text(text=text)
    yield from pointed(value)
    yield from _rich_files(value)
    if options := tuple(_option(button) for button in rich_buttons(value)):
        yield Choice(options=options)


def _rich_files(value: Json) -> Iterator[Part]:
    for block in items(value, "blocks"):
        yield from files(block)
        if "voice_note" in present(block):
            yield from files({"voice": obj(block, "voice_note")})
        if "location" in present(block):
            yield place(obj(block, "location"))
        yield from _rich_files(block)


def place(location: Json, name: str = "") -> Part:
    """A place on earth; in words, if it is none (courier apps send what is out of range)."""
    latitude, longitude = number(location, "latitude"), number(location, "longitude")
    on_earth = (
        latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
    )
    if latitude is None or longitude is None or not on_earth:
        return System(what="location", text=f"{name} {compact(location)}".strip())
    return Location(latitude=latitude, longitude=longitude, name=name)


def _venue(venue: Json) -> Iterator[Part]:
    yield place(
        obj(venue, "location"), ", ".join(filter(None, (string(venue, "title"), string(venue, "address"))))
    )


def _story(story: Json) -> Reference:
    number, username = string(story, "id"), string(obj(story, "chat"), "username")
    url = _post(username, f"s/{number}")
    return Reference(what="story", title=named(obj(story, "chat")), external_id=number, url=url)


def _game(game: Json) -> Iterator[Part]:
    words = string(game, "text") or string(game, "description")
    yield Reference(what="game", title=string(game, "title"), text=words)


def _invoice(invoice: Json) -> Iterator[Part]:
    words = ", ".join(filter(None, (string(invoice, "description"), _amount(invoice))))
    yield Reference(what="invoice", title=string(invoice, "title"), text=words)


def _amount(payment: Json) -> str:
    """A sum in the smallest units of its currency, as Telegram gives it: how many make one differs."""
    return f"{string(payment, 'total_amount')} {string(payment, 'currency')} (smallest units)"


def _payment(what: str) -> Callable[[Json], Iterator[Part]]:
    """Money that went, or came back; what the shop called it, and what Telegram did."""

    def payment(paid: Json) -> Iterator[Part]:
        ids = (string(paid, "invoice_payload"), string(paid, "telegram_payment_charge_id"))
        ordered = obj(paid, "order_info")
        told = (_amount(paid), *ids, string(paid, "shipping_option_id"), *_ordered(ordered))
        yield System(what=what, text=", ".join(filter(None, told)))

    return payment


def _ordered(order: Json) -> Iterator[str]:
    """Who ordered, and where to: what the shop asked for (Bot API, `OrderInfo`)."""
    yield from (string(order, key) for key in ("name", "phone_number", "email"))
    there = obj(order, "shipping_address")
    yield from (
        string(there, key)
        for key in ("street_line1", "street_line2", "post_code", "city", "state", "country_code")
    )


def _gift(sent: Json) -> Iterator[Part]:
    """A gift, and the words that came with it: those of whoever gives it."""
    gift = obj(sent, "gift")
    emoji = string(obj(gift, "sticker"), "emoji")
    yield System(what="gift", text=f"{emoji} {string(gift, 'star_count')} stars".strip())
    if words := string(sent, "text"):
        yield Text(text=words)
        yield from links(words, items(sent, "entities"))


def _unique_gift(sent: Json) -> Iterator[Part]:
    gift = obj(sent, "gift")
    number = string(gift, "number")
    told = (string(gift, "base_name"), number and f"#{number}", string(sent, "origin"))
    yield System(what="unique_gift", text=" ".join(filter(None, told)))


def _users(shared: Json) -> Iterator[Part]:
    for user in items(shared, "users"):
        who = string(user, "user_id")
        yield ContactCard(name=named(user), addresses=(address(who),) if who else ())


def _poll(poll: Json) -> Iterator[Part]:
    options = [f"- {string(option, 'text')}" for option in items(poll, "options")]
    told = (string(poll, "question"), string(poll, "description"), *options)
    yield System(what="poll", text="\n".join(filter(None, told)))
    for holder in (poll, *items(poll, "options")):
        yield from _poll_media(obj(holder, "media"))


def _poll_media(media: Json) -> Iterator[Part]:
    """What stands beside a question or an answer (Bot API 10.1, `PollMedia`)."""
    yield from files(media)
    if link := string(obj(media, "link"), "url"):
        yield Reference(what="link", url=link)
    if there := obj(media, "venue"):
        yield from _venue(there)
    elif there := obj(media, "location"):
        yield place(there)


def _checklist(checklist: Json) -> Iterator[Part]:
    tasks = [
        f"[{'x' if number(task, 'completion_date') else ' '}] {string(task, 'text')}"
        for task in items(checklist, "tasks")
    ]
    yield System(what="checklist", text="\n".join([string(checklist, "title"), *tasks]))


def _dice(dice: Json) -> Iterator[Part]:
    yield System(what="dice", text=f"{string(dice, 'emoji')} {string(dice, 'value')}")


_CONTENT: dict[str, Callable[[Json], Iterator[Part]]] = {
    "rich_message": _rich,
    "location": lambda location: iter([place(location)]),
    "venue": _venue,
    "contact": lambda contact: iter([card(contact)]),
    "story": lambda story: iter([_story(story)]),
    "game": _game,
    "invoice": _invoice,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "gift": _gift,
    "unique_gift": _unique_gift,
    "successful_payment": _payment("successful_payment"),
    "refunded_payment": _payment("refunded_payment"),
    "users_shared": _users,
    "web_app_data": lambda sent: iter([System(what="web_app_data", text=string(sent, "data"))]),
}
_BEFORE = frozenset({
    "forward_origin", "forward_from", "forward_from_chat", "forward_sender_name", "reply_to_story", "external_reply",
    "quote",
})  # fmt: skip
_KNOWN = KINDS | _ENVELOPE | _BEFORE | {"text", "caption", "reply_to_message", "reply_markup"}
