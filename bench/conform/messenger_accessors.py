"""The accessors that other projects' tests use on their models, answered from ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bench.conform.rows import NONE
from omnichannel.model import Event

LIKE = "369239263222822"


class View:
    """One event, with an answer (None, empty) for every question, whatever kind of event it is."""

    def __init__(self, event: Any, body: bytes) -> None:
        self.event = event
        self.kind = event.event if event.event == "received" else getattr(event, "kind", "")
        self.parts = getattr(event, "parts", ())
        self.text = getattr(event, "text", "") or None
        self.echo = getattr(event, "direction", "") == "outbound"
        self.targets = getattr(event, "targets", ())
        self.mid = (self.targets or ("",))[0] if event.event == "updated" else event.external_id
        # Both are a person's choice to us; only the body tells how it looked on the screen.
        self.postback = self.first("choice") is not None and b'"postback"' in body

    def first(self, kind: str, /, **wanted: str) -> Any:
        """The first part of a type, and None if there is none."""
        return next(
            (
                part
                for part in self.parts
                if part.type == kind and all(getattr(part, key) == value for key, value in wanted.items())
            ),
            None,
        )

    def field(self, kind: str, attribute: str, /, **wanted: str) -> Any:
        """A field of the first part of a type."""
        return getattr(self.first(kind, **wanted), attribute, None)

    @property
    def files(self) -> list[Any]:
        """What other models call attachments: places, cards and shared links included."""
        types = ("attachment", "location")
        shared = ("link", "share", "post", "reel", "product", "card")
        return [
            part
            for part in self.parts
            if part.type in types or (part.type == "reference" and part.what in shared)
        ]

    def media(self, kind: str) -> Any:
        """The first attachment of a kind as `{"url": …}`."""
        media_type = "application/octet-stream" if kind == "file" else f"{kind}/*"
        found = self.first("attachment", media_type=media_type)
        return {"url": found.url} if found else None

    @property
    def sticker(self) -> str | None:
        """The sticker's id."""
        return self.field("attachment", "external_id", name="sticker")

    @property
    def payload(self) -> str | None:
        """What a tapped option brings back."""
        return getattr(self.field("choice", "chosen"), "value", None)

    @property
    def watermark(self) -> str | None:
        """Milliseconds, as text."""
        until = getattr(self.event, "until", None)
        return str(round(until.timestamp() * 1000)) if until else None

    @property
    def customer(self) -> str:
        """The person's id as the platform writes it."""
        return self.event.thread.removeprefix("user_ref:") if hasattr(self.event, "thread") else ""

    @property
    def by_reference(self) -> bool:
        """Whether the person is known by the plug-in only."""
        return getattr(self.event, "thread", "").startswith("user_ref:")

    @property
    def words(self) -> str:
        """The reason of an update."""
        return getattr(self.event, "reason", "")

    @property
    def story(self) -> Any:
        """The story that is answered."""
        return self.first("reference", what="story")

    @property
    def metadata(self) -> str:
        """What a program planted: in an echo our correlator, in a hand-over its words."""
        return getattr(self.event, "correlator", "") or self.field("system", "text") or ""


def _control(name: str) -> Callable[[View], bool]:
    return lambda view: view.words.startswith(f"{name}_thread_control")


RESTFB: dict[str, Callable[[View], Any]] = {
    "getMid": lambda view: view.mid,
    "getText": lambda view: view.text,
    "item.getAppId": lambda view: view.event.app,
    "getMetadata": lambda view: view.metadata,
    "getLat": lambda view: view.field("location", "latitude"),
    "getLongVal": lambda view: view.field("location", "longitude"),
    "isLocation": lambda view: view.first("location") is not None,
    "getStickerId": lambda view: view.sticker,
    "isLike": lambda view: view.sticker == LIKE,
    "getAttachments.isEmpty": lambda view: not view.files,
    "getAttachments.size": lambda view: len(view.files),
    "hasAttachment": lambda view: bool(view.files),
    "isImage": lambda view: view.media("image") is not None,
    "isVideo": lambda view: view.media("video") is not None,
    "isAudio": lambda view: view.media("audio") is not None,
    "isFile": lambda view: view.media("file") is not None,
    "isFallback": lambda view: view.first("reference", what="link") is not None,
    "attachment.getUrl": lambda view: view.files[0].url,
    "attachment.getTitle": lambda view: view.files[0].title,
    "attachment.getPayload.getUrl": lambda view: view.files[0].url,
    "hasQuickReply": lambda view: view.first("choice") is not None,
    "getQuickReply.getPayload": lambda view: view.payload,
    "postback.getPayload": lambda view: view.payload,
    "isEcho": lambda view: view.echo,
    "getIsDeleted": lambda view: view.kind == "deleted",
    "messagingItem.isMessage": lambda view: view.kind in ("received", "deleted") and not view.postback,
    "messagingItem.isPostback": lambda view: view.postback,
    "messagingItem.isReaction": lambda view: view.kind == "reaction",
    "messagingItem.isRead": lambda view: view.kind == "read",
    "messagingItem.isDelivery": lambda view: view.kind == "status",
    "messagingItem.isOptin": lambda view: view.kind == "optin",
    "messagingItem.isReferral": lambda view: view.kind == "referral",
    "messagingItem.isAccountLinking": lambda view: view.kind == "account_linking",
    "messagingItem.isAppRoles": lambda view: view.kind == "app_roles",
    "messagingItem.hasPriorMessage": lambda view: bool(view.event.evidence),
    "getPriorMessage.getIdentifier": lambda view: view.event.evidence[0].address.value.removeprefix(
        "user_ref:"
    ),
    "isTakeThreadControl": _control("take"),
    "isPassThreadControl": _control("pass"),
    "isRequestThreadControl": _control("request"),
    "getRequestedOwnerAppId": lambda view: view.words.rpartition(" to ")[2],
    "getNewOwnerAppId": lambda view: view.words.rpartition(" to ")[2],
    "item.isReply": lambda view: bool(view.event.reply_to or view.story),
    "getReplyTo.getMid": lambda view: view.event.reply_to,
    "story.getUrl": lambda view: view.story.url,
    "story.getId": lambda view: view.story.external_id,
    "productItem.getId": lambda view: view.field("reference", "external_id", what="product"),
    "productItem.getTitle": lambda view: view.field("reference", "title", what="product"),
    "productItem.getImageUrl": lambda view: view.field("reference", "url", what="product"),
    "productItem.getSubtitle": lambda view: view.field("reference", "text", what="product").split(" · ")[0],
    "productItem.getRetailerId": lambda view: view.field("reference", "text", what="product").split(" · ")[1],
    "getEmoji": lambda view: view.event.reaction,
    "getWatermark": lambda view: view.watermark,
    "getSender.getId": lambda view: view.customer,
    "getSender.getUserRef": lambda view: view.customer,
    "getSender.isUserRef": lambda view: view.by_reference,
    "item.getStatus": lambda view: view.words,
    "isLinked": lambda view: view.words == "linked",
    "isUnlinked": lambda view: view.words == "unlinked",
    "referral.getSource": lambda view: view.field("reference", "title", what="referral"),
    "referral.getRefererUri": lambda view: view.field("reference", "url", what="referral"),
    "referral.getRef": lambda view: view.field("reference", "text", what="referral"),
    "item.getRef": lambda view: view.field("system", "text", what="optin"),
}


def restfb(path: str, events: list[Event], name: str, body: bytes) -> object:
    """`messageItem.getMessage().getText()`: by its first word and last accessor, or its last ones."""
    if not name.startswith("messaging-") or not events:
        return NONE
    names = re.findall(r"\.((?:get|is|has|size)\w*)", path)
    variable = path.partition(".")[0]
    if not names:
        return NONE
    keys = (f"{variable}.{'.'.join(names)}", f"{variable}.{names[-1]}", ".".join(names[-2:]), names[-1])
    look = next((RESTFB[key] for key in keys if key in RESTFB), None)
    return look(View(events[0], body)) if look else NONE


def _coordinates(view: View) -> dict | None:
    place = view.first("location")
    return {"coordinates": {"lat": place.latitude, "long": place.longitude}} if place else None


BOTTENDER: dict[str, Callable[[View], Any]] = {
    "isMessage": lambda view: view.kind == "received" and not view.postback,
    "isText": lambda view: view.text is not None,
    "text": lambda view: view.text,
    "hasAttachment": lambda view: bool(view.files),
    "attachments": lambda view: (
        [{"payload": {"url": part.url}} for part in view.files if hasattr(part, "url")] or None
    ),
    "isSticker": lambda view: view.sticker is not None,
    "sticker": lambda view: int(view.sticker) if view.sticker else None,
    "isLikeSticker": lambda view: view.sticker == LIKE,
    "isLocation": lambda view: view.first("location") is not None,
    "location": _coordinates,
    "isFallback": lambda view: view.first("reference", what="link") is not None,
    "isQuickReply": lambda view: view.kind == "received" and view.payload is not None and not view.postback,
    "quickReply": lambda view: {"payload": view.payload} if view.payload is not None else None,
    "isEcho": lambda view: view.echo,
    "isPostback": lambda view: view.postback,
    "postback": lambda view: {"payload": view.payload} if view.postback else None,
    "payload": lambda view: view.payload,
    "isPayload": lambda view: view.payload is not None,
    "isOptin": lambda view: view.kind == "optin",
    "isRead": lambda view: view.kind == "read",
    "read": lambda view: {"watermark": int(view.watermark or 0)} if view.kind == "read" else None,
    "isDelivery": lambda view: view.kind == "status",
    "delivery": lambda view: {"watermark": int(view.watermark or 0)} if view.kind == "status" else None,
    "isReferral": lambda view: view.kind == "referral",
    "ref": lambda view: view.field("reference", "text", what="referral"),
    "referral": lambda view: {"ref": view.field("reference", "text"), "source": view.words},
    "isFromCustomerChatPlugin": lambda view: view.words == "CUSTOMER_CHAT_PLUGIN",
    "isTakeThreadControl": _control("take"),
    "isPassThreadControl": _control("pass"),
    "isRequestThreadControl": _control("request"),
    "takeThreadControl": lambda view: {"metadata": view.metadata},
    "passThreadControl": lambda view: {"metadata": view.metadata},
    "requestThreadControl": lambda view: {"metadata": view.metadata},
    "isGamePlay": lambda view: view.kind == "game_play",
    "isPayment": lambda view: view.kind == "payment",
    "isCheckoutUpdate": lambda view: view.kind == "checkout_update",
    "isPreCheckout": lambda view: view.kind == "pre_checkout",
}
for _kind in ("image", "audio", "video", "file"):
    BOTTENDER[_kind] = lambda view, kind=_kind: view.media(kind)
    BOTTENDER[f"is{_kind.title()}"] = lambda view, kind=_kind: view.media(kind) is not None


def bottender(path: str, events: list[Event], name: str, body: bytes) -> object:
    """`new MessengerEvent(imageMessage).isText`; one file's asserts may speak of another file's message."""
    found = re.fullmatch(r"new MessengerEvent\((\w+)\)\.(\w+)", path)
    if not found or not name.endswith(f"_{found[1]}.json") or found[2] not in BOTTENDER:
        return NONE
    return BOTTENDER[found[2]](View(events[0], body))


def vercel(path: str, events: list[Event], name: str, body: bytes) -> object:
    """`captured.message?.text`: what reached the bot's handler, which sees no echoes and no receipts."""
    del name
    (event,) = events
    view = View(event, body)
    inbound = view.kind == "received" and not view.echo
    table: dict[str, object] = {
        "captured.message": event if inbound and not view.postback else None,
        "captured.message.text": view.text,
        "captured.message.author.userId": view.customer,
        "captured.message.author.isMe": view.echo,
        "captured.message.author.isBot": view.echo,
        "captured.message.attachments": view.files,
        "captured.message.attachments[0].type": view.files[0].media_type.partition("/")[0]
        if view.files
        else None,
        "captured.thread.id": f"messenger:{view.customer}",
        "captured.thread.isDM": not getattr(event, "public", False),
        "captured.channel.isDM": not getattr(event, "public", False),
        "capturedReaction.event": event if view.kind == "reaction" else None,
        "capturedReaction.event.added": not getattr(event, "removed", False),
        "capturedReaction.event.rawEmoji": getattr(event, "reaction", ""),
        "capturedReaction.event.messageId": view.mid,
        "capturedAction.event": event if view.postback else None,
        "parsed.text": view.text,
    }
    if view.postback and not (view.payload or "").startswith("chat:"):
        # Payloads that begin with "chat:" are that SDK's own encoding.
        table["capturedAction.event.actionId"] = table["capturedAction.event.value"] = view.payload
    plain = re.sub(r"\(captured as \w+\)", "captured", path).replace("?", "")
    return table.get(plain, NONE)
