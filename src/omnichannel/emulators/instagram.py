"""An Instagram account with its posts and messages, on the wire: both layouts of webhooks, replies, windows.

Script it (`message`, `comment`, `react`, `unsend`, `mention`, …), `push` what happened to the webhook, and look with
`shown` at what somebody sees. Shapes and rules: Meta's "Instagram Platform Webhook Notification Examples"
(24 November 2025), "Instagram Messaging API", "Private Replies" (30 June 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import ClassVar, Literal

from starlette.applications import Starlette

from omnichannel.channels.instagram.link import FIELDS
from omnichannel.emulators.emulator import Button, File, Seen
from omnichannel.emulators.graph import Fault
from omnichannel.emulators.graph_hook import Content, Hook
from omnichannel.emulators.instagram_api import routes
from omnichannel.emulators.pace import Pace
from omnichannel.emulators.serving import ServedEmulator
from omnichannel.platforms.meta.upload import kind_of


@dataclass
class Message:
    """One direct message; `url` is a file's, `payloads` are what the quick replies bring back."""

    mid: str
    ours: bool
    at: datetime
    text: str = ""
    url: str = ""
    kind: str = ""
    quick_replies: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()
    reactions: list[str] = field(default_factory=list)
    deleted: bool = False


@dataclass
class Person:
    """Somebody on Instagram. `heard_at` opens the window; `shy` has not said that we may know their name."""

    id: str
    name: str
    username: str
    heard_at: datetime | None = None
    blocked: bool = False
    shy: bool = False
    thread: list[Message] = field(default_factory=list)


@dataclass
class Comment:
    """A comment below the account's post, or below another comment (`parent`)."""

    id: str
    author: Person
    text: str
    at: datetime
    parent: str = ""
    live: bool = False
    answered_privately: bool = False
    media: str = ""


class InstagramAccount(ServedEmulator):
    """One professional account with one post, reached by Instagram Login or (`login="facebook"`) through a Page.

    `layout` is how comments come: as `changes`, or with `field` and `value` in the entry itself. Messages come as
    `messaging`, or as `changes` too. `faults` are what becomes of the next sends; `pace` and `private_pace` what Meta
    takes: 100 messages in a second, 750 private replies in an hour. Give `clock` to travel in time.
    """

    kind: ClassVar[str] = "instagram"
    takes_files: ClassVar[bool] = True

    def __init__(
        self,
        *,
        login: Literal["instagram", "facebook"] = "instagram",
        layout: Literal["changes", "entry"] = "changes",
        messages: Literal["messaging", "changes"] = "messaging",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.login, self.layout, self.messages = login, layout, messages
        self.clock = clock
        self.account_id, self.page_id, self.token = "17841400000000001", "100000000000001", "account-token"
        self.account = Person(self.account_id, "Shop", "shop")
        self.media_id = "17900000000000001"
        self.people: dict[str, Person] = {}
        self.comments: dict[str, Comment] = {}
        self.subscribed: list[str] = []
        self.signs: list[tuple[str, str]] = []
        self.approved: set[str] = {"HUMAN_AGENT"}
        self.on_air = False
        self.faults: list[Fault] = []
        self.pace = Pace(100, timedelta(seconds=1), clock)
        self.private_pace = Pace(750, timedelta(hours=1), clock)
        self.files: dict[str, bytes] = {}
        self.hook = Hook("instagram", self.account_id, "app-secret", "verify-token", clock)
        self._numbers = count(1)
        super().__init__(Starlette(routes=routes(self)))

    @property
    def settings(self) -> dict[str, object]:
        """The account with its secrets."""
        linked = {"page_id": self.page_id} if self.login == "facebook" else {}
        return {
            "account_id": self.account_id,
            "username": self.account.username,
            "token": self.token,
            "app_secret": self.hook.app_secret,
            "verify_token": self.hook.verify_token,
            "host": self.url,
            **linked,
        }

    def connect(self, hook: str) -> None:
        """Set the webhook, with Meta's challenge, for everything. Raises ValueError if it was not answered."""
        self.hook.connect(hook)
        self.subscribed = self.subscribed or list(FIELDS)

    def push(self) -> Sequence[int]:
        """Deliver what is on its way."""
        return self.hook.push()

    def lose(self) -> int:
        """Meta gives up what it could not deliver."""
        return self.hook.lose()

    def write(self, who: str, text: str) -> str:
        """Write a direct message."""
        return self.message(who, text)

    def shown(self, who: str) -> Sequence[str]:
        """What the account said to that person, privately and below what they wrote in public."""
        person = self.person(who)
        theirs = [one for one in self.comments.values() if one.author is person]
        threads = {one.parent or one.id for one in theirs}
        said = [one for one in self.comments.values() if one.author is self.account and one.parent in threads]
        sent = [one.text or f"[{one.kind}]" for one in person.thread if one.ours and not one.deleted]
        return [*sent, *(one.text for one in said)]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with files, and quick replies, which are gone as soon as the person says something."""
        thread, comments = self.person(who).thread, self.shown(who)
        ours = [
            _seen(one, fresh=all(later.ours for later in thread[number:]))
            for number, one in enumerate(thread)
            if one.ours and not one.deleted
        ]
        return [*ours, *(Seen(text) for text in comments[len(ours) :])]

    def _pressed(self, who: str, message: str, button: Button) -> str:  # noqa: ARG002 - Meta does not tell which
        return self.message(who, button.title, tap=button.value)

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:  # noqa: ARG002 - names are not kept
        """Pictures, films and sounds."""
        kind = kind_of(media_type)
        if kind == "file":
            raise ValueError(f"people send pictures, films and sounds on Instagram, and no {media_type}")
        return self.send_file(who, kind, content)

    # What people do. Each waits for the next push.

    def person(self, who: str) -> Person:
        """Somebody by name or id; a name that nobody has makes somebody new."""
        known = next((one for one in self.people.values() if who in (one.name, one.id)), None)
        if known is None:
            number = str(200000000000001 + len(self.people))
            known = Person(number, who, who.lower().replace(" ", "."))
            self.people[number] = known
        return known

    def message(
        self, who: str, text: str = "", *, reply_to: str = "", story: str = "", tap: str = "", ref: str = ""
    ) -> str:
        """Write: also as an answer to a message or `story`, a tapped quick reply, or out of an ig.me link."""
        content: Content = {"text": text} if text else {}
        if reply_to:
            content["reply_to"] = {"mid": reply_to}
        if story:
            content["reply_to"] = {"story": {"id": story, "url": f"{self.url}/files/{story}"}}
        if tap:
            content["quick_reply"] = {"payload": tap}
        if ref:
            content["referral"] = {"ref": ref, "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD"}
        return self._heard(who, Message(self.mid(), ours=False, at=self.clock(), text=text), content)

    def send_file(self, who: str, kind: str, content: bytes = b"") -> str:
        """Send a picture, film or sound, mention us in a story (`story_mention`), or whatever a `kind` is."""
        mid = self.mid()
        self.files[mid] = content
        url = f"{self.url}/files/{mid}"
        payload: Content = {"url": url}
        attachment: Content = {"type": kind, "payload": payload}
        if kind in ("like_heart", "ephemeral"):
            attachment.pop("payload")
        message = Message(mid, ours=False, at=self.clock(), url=url, kind=kind)
        return self._heard(who, message, {"attachments": [attachment]})

    def tap(self, who: str, title: str, payload: str) -> str:
        """Tap an ice-breaker or a button."""
        mid = self.mid()
        self._awake(who)
        self.happen(self.person(who), postback={"mid": mid, "title": title, "payload": payload})
        return mid

    def follow(self, who: str, ref: str) -> None:
        """Open an ig.me link in a conversation that exists."""
        self._awake(who)
        referral = {"ref": ref, "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD"}
        self.happen(self.person(who), referral=referral)

    def react(self, who: str, mid: str, emoji: str, *, take_back: bool = False) -> None:
        """Put a reaction on a message, or take it back."""
        said = next(one for one in self.person(who).thread if one.mid == mid)
        said.reactions = [] if take_back else [emoji]
        self._awake(who)
        body: Content = {"mid": mid, "action": "unreact" if take_back else "react"}
        self.happen(self.person(who), reaction=body if take_back else {**body, "emoji": emoji})

    def edit(self, who: str, mid: str, text: str) -> None:
        """Change what a message says."""
        next(one for one in self.person(who).thread if one.mid == mid).text = text
        self.happen(self.person(who), message_edit={"mid": mid, "text": text, "num_edit": 1})

    def unsend(self, who: str, mid: str) -> None:
        """Take a message back."""
        next(one for one in self.person(who).thread if one.mid == mid).deleted = True
        self.happen(self.person(who), message={"mid": mid, "is_deleted": True})

    def read(self, who: str) -> None:
        """Look at the last message."""
        last = next(one.mid for one in reversed(self.person(who).thread) if one.ours)
        self.happen(self.person(who), read={"mid": last})

    def comment(self, who: str, text: str, *, under: str = "", live: bool = False) -> str:
        """Comment on the account's post, `under` a comment, or on a live broadcast; returns the id."""
        return self.say_as(self.person(who), text, under=under, live=live).id

    def mention(self, who: str, text: str, *, caption: bool = False) -> str:
        """Name us (@shop) below somebody else's post, or in the `caption` of one; returns the comment's or post's id.

        Who and what is said is not in the webhook.
        """
        media, number = (str(start + next(self._numbers)) for start in (17920000000000000, 18020000000000000))
        said = Comment(media if caption else number, self.person(who), text, self.clock(), media=media)
        self.comments[said.id] = said
        self._changed("mentions", {"media_id": media, **({} if caption else {"comment_id": said.id})})
        return said.id

    def answer(self, text: str, *, under: str) -> str:
        """Somebody of ours answers a comment in Instagram's own app; returns the comment's id."""
        return self.say_as(self.account, text, under=under).id

    def happen(self, person: Person, *, from_us: bool = False, **content: object) -> None:
        """Any further item of a webhook, between this person and the account."""
        sides = [{"id": person.id}, {"id": self.account_id}]
        sender, recipient = reversed(sides) if from_us else sides
        item = {
            "sender": sender,
            "recipient": recipient,
            "timestamp": self.hook.milliseconds(),
            **content,
        }
        if self.messages == "changes":
            self.hook.changed("messages", item)
        else:
            self.hook.messaged(item)

    # What the API needs.

    def mid(self) -> str:
        """A new message id."""
        return f"aWdfZAG1{next(self._numbers):06}"

    def say(self, person: Person, message: Message) -> str:
        """Put a message of the account into the thread, and tell the app about it; returns the mid."""
        person.thread.append(message)
        content: Content = {"mid": message.mid, "is_echo": True}
        if message.text:
            content["text"] = message.text
        if message.url:
            content["attachments"] = [{"type": message.kind, "payload": {"url": message.url}}]
        self.happen(person, from_us=True, message=content)
        return message.mid

    def say_as(self, author: Person, text: str, *, under: str = "", live: bool = False) -> Comment:
        """A comment by anybody; an answer to an answer stands below the same comment."""
        above = self.comments.get(under)
        parent = (above.parent or above.id) if above else ""
        said = Comment(str(18000000000000000 + next(self._numbers)), author, text, self.clock(), parent, live)
        self.comments[said.id] = said
        who: Content = {"id": author.id, "username": author.username}
        if author is self.account:
            who["self_ig_scoped_id"] = "6600000000000001"
        media = {"id": self.media_id, "media_product_type": "FEED"}
        value: Content = {"id": said.id, "text": text, "from": who, "media": media}
        if parent:
            value["parent_id"] = parent
        self._changed("live_comments" if live else "comments", value)
        return said

    def answer_mention(self, text: str, mention: Comment) -> str:
        """A comment of ours below somebody else's post: nobody tells us of it."""
        number = str(18000000000000000 + next(self._numbers))
        self.comments[number] = Comment(
            number, self.account, text, self.clock(), mention.id, media=mention.media
        )
        return number

    def _changed(self, field: str, value: Content) -> None:
        if self.layout == "entry":
            self.hook.added({"time": self.hook.seconds(), "field": field, "value": value})
        else:
            self.hook.changed(field, value)

    def _heard(self, who: str, message: Message, content: Content) -> str:
        self._awake(who)
        self.person(who).thread.append(message)
        self.happen(self.person(who), message={"mid": message.mid, **content})
        return message.mid

    def _awake(self, who: str) -> None:
        self.person(who).heard_at = self.clock()


def _seen(said: Message, *, fresh: bool) -> Seen:
    replies = zip(said.quick_replies, said.payloads, strict=True) if fresh else ()
    files = (File(f"[{said.kind}]", said.url),) if said.kind else ()
    return Seen(said.text, said.mid, tuple(Button(title, payload) for title, payload in replies), files)
