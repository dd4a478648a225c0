"""What happens around messages: receipts, reactions, edits, arrivals by link, hand-overs.

One function per kind of item; each gets the item and the object under its key.
"""

from __future__ import annotations

from collections.abc import Callable

from omnichannel.errors import Malformed
from omnichannel.model import Event, System, Text
from omnichannel.platforms.meta.messaging import forms
from omnichannel.platforms.meta.messaging.item import Item
from omnichannel.platforms.meta.messaging.parts import referral_parts, text_of
from omnichannel.toolbox import Json, find_tokens, from_epoch, need, number, string

Body = dict[str, Json]


def delivery(item: Item, body: Body) -> Event:
    """Messages of ours arrived: those named, and all sent up to the watermark."""
    mids = body.get("mids")
    if mids is not None and not (isinstance(mids, list) and all(isinstance(mid, str) for mid in mids)):
        raise Malformed("delivery.mids is not a list of texts")
    targets = tuple(mid for mid in mids or () if isinstance(mid, str))
    until = from_epoch(number(body, "watermark"))
    if not targets and until is None:
        raise Malformed("delivery names neither messages nor a moment")
    return item.updated("status", status="delivered", targets=targets, until=until)


def read(item: Item, body: Body) -> Event:
    """Messages of ours were seen: one by its id, or all sent up to the watermark."""
    mid, until = string(body, "mid"), from_epoch(number(body, "watermark"))
    if not mid and until is None:
        raise Malformed("read names neither a message nor a moment")
    return item.updated("read", status="read", targets=(mid,) if mid else (), until=until)


def reaction(item: Item, body: Body) -> Event:
    """A reaction was put on a message, or taken away again."""
    action = need(body, "action")
    if action not in ("react", "unreact"):
        raise Malformed(f"reaction.action is {action[:40]!r}")
    return item.updated(
        "reaction",
        targets=(need(body, "mid"),),
        reaction=string(body, "emoji") or string(body, "reaction"),
        removed=action == "unreact",
    )


def message_edit(item: Item, body: Body) -> Event:
    """A message says something else now; Messenger allows five edits."""
    mid = need(body, "mid")
    if body.get("text") is None:
        raise Malformed("message_edit.text is missing")
    return item.updated("edited", targets=(mid,), parts=(Text(text=text_of(body)),))


def referral(item: Item, body: Body) -> Event:
    """Somebody whom we know came back by a link, an advertisement, a QR code."""
    return item.updated(
        "referral",
        tokens=find_tokens(string(body, "ref")),
        parts=tuple(referral_parts(body)),
        reason=string(body, "source"),
    )


def optin(item: Item, body: Body) -> Event:
    """Somebody agreed to hear from us, by a plug-in or a request for notifications."""
    words = string(body, "title") or string(body, "payload") or string(body, "ref")
    tokens, status = find_tokens(string(body, "ref")), string(body, "notification_messages_status")
    # Who had agreed and wants no more comes under the same name (STOP_NOTIFICATIONS).
    kind = "optout" if status.upper().startswith("STOP") else "optin"
    return item.updated(
        kind,
        tokens=tokens,
        parts=(System(what=kind, text="" if tokens else words),),
        reason=string(body, "type") or ("message_request" if "message_request" in body else "plugin"),
    )


def message_request(item: Item, answer: str) -> Event:
    """Somebody let us write to them (customer matching), as it was told beside the item's other keys."""
    return optin(item, {"message_request": answer, "title": answer})


def account_linking(item: Item, body: Body) -> Event:
    """Somebody logged in to (`linked`) or out of (`unlinked`) our own service from Messenger."""
    return item.updated(
        "account_linking",
        tokens=find_tokens(string(body, "authorization_code")),
        reason=need(body, "status"),
    )


def policy_enforcement(item: Item, body: Body) -> Event:
    """Meta blocked or unblocked the Page."""
    words = f"{need(body, 'action')}: {string(body, 'reason')}".rstrip(": ")
    return item.updated("policy_enforcement", reason=words)


def response_feedback(item: Item, body: Body) -> Event:
    """Somebody judged an answer of a program."""
    mid = string(body, "mid")
    return item.updated("feedback", targets=(mid,) if mid else (), reason=need(body, "feedback"))


def call(item: Item, body: Body) -> Event:
    """A call: one message that says how it went. It begins with `connect`, and ends with `terminate`."""
    call_id, event = need(body, "id"), string(body, "event") or "connect"
    if event == "connect":
        words = "we call them" if item.ours else "they call us"
        return item.received(call_id, (System(what="call", text=words),))
    if event == "media_update":
        return item.ignored("not_conversation: how the sound of a call travels", event)
    seconds = number(body, "duration")
    words = (string(body, "status") or string(body, "call_status") or event).lower()
    words += f", {seconds:g} s" if seconds is not None else ""
    return item.updated("edited", targets=(call_id,), parts=(System(what="call", text=words),))


def _handover(what: str) -> Callable[[Item, Body], Event]:
    """The conversation goes, or is asked to go, from one program or inbox to another."""

    def handover(item: Item, body: Body) -> Event:
        old = string(body, "previous_owner_app_id")
        new = string(body, "new_owner_app_id") or string(body, "requested_owner_app_id")
        words = what + (f" from {old}" if old else "") + (f" to {new}" if new else "")
        return item.updated(
            "handover", parts=(System(what=what, text=string(body, "metadata")),), reason=words
        )

    return handover


def _of_no_conversation(what: str) -> Callable[[Item, Body], Event]:
    def ignore(item: Item, _: Body) -> Event:
        return item.ignored(f"not_conversation: {what}", what)

    return ignore


HAPPENINGS: dict[str, Callable[[Item, Body], Event]] = {
    "reaction": reaction,
    "message_edit": message_edit,
    "delivery": delivery,
    "read": read,
    "referral": referral,
    "optin": optin,
    "account_linking": account_linking,
    "policy_enforcement": policy_enforcement,
    "policy-enforcement": policy_enforcement,  # as Meta's reference and its webhooks spelled it for years
    "response_feedback": response_feedback,
    "messaging_feedback": forms.feedback,
    "messaging_customer_information": forms.particulars,
    "order": forms.order,
    "call_permission_reply": forms.call_permission,
    "call": call,
    "pass_thread_control": _handover("pass_thread_control"),
    "take_thread_control": _handover("take_thread_control"),
    "request_thread_control": _handover("request_thread_control"),
    "release_thread_control": _handover("release_thread_control"),
    "app_roles": _of_no_conversation("app_roles"),
    "payment": _of_no_conversation("payment"),
    "pre_checkout": _of_no_conversation("pre_checkout"),
    "checkout_update": _of_no_conversation("checkout_update"),
    "game_play": _of_no_conversation("game_play"),
    "branded_camera": _of_no_conversation("branded_camera"),
}
"""What reads an item that is neither message nor postback, by its key."""
