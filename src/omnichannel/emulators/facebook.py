"""A Facebook Page with posts and comments, on the wire: feed webhooks, public answers, one private reply each.

Script it (`comment`, `post`, `edit`, `remove`, `react`, `say`, …), `push` what happened to the webhook, and look
with `shown` at what somebody sees. Shapes and rules: recorded feed webhooks, Meta's "Object comments" and "Private
Replies" (30 June 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import ClassVar

from starlette.applications import Starlette

from omnichannel.channels.facebook.parse import SUBSCRIBED
from omnichannel.emulators.emulator import File, Seen
from omnichannel.emulators.facebook_api import routes
from omnichannel.emulators.graph import Fault
from omnichannel.emulators.graph_hook import Content, Hook
from omnichannel.emulators.pace import Pace
from omnichannel.emulators.serving import ServedEmulator


@dataclass
class Person:
    """Somebody on Facebook: an author in comments, `psid` on Messenger; the two need not be the same number."""

    id: str
    psid: str
    name: str
    inbox: list[str] = field(default_factory=list)


@dataclass
class Said:
    """A post or a comment. `post` is empty for a post, `parent` the post or comment that it stands below."""

    id: str
    author: Person
    text: str
    at: datetime
    post: str = ""
    parent: str = ""
    photo: str = ""
    content: bytes = b""
    hidden: bool = False
    answered_privately: bool = False
    reactions: dict[str, str] = field(default_factory=dict)


class FacebookPage(ServedEmulator):
    """A Page with one post of its own, and the people who comment on it.

    `faults` are what becomes of the next sends; `private_pace` is what Meta takes: 750 private replies in an
    hour. `withheld` leaves out who wrote, as without pages_read_user_content. Give `clock` to travel in time.
    """

    kind: ClassVar[str] = "facebook"
    takes_files: ClassVar[bool] = True

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.page_id, self.page_token = "100000000000001", "page-token"
        self.page = Person(self.page_id, self.page_id, "Shop")
        self.people: dict[str, Person] = {}
        self.said: dict[str, Said] = {}
        self.subscribed: list[str] = list(SUBSCRIBED)
        self.readable = True
        self.withheld = False
        self.faults: list[Fault] = []
        self.private_pace = Pace(750, timedelta(hours=1), clock)
        self.files: dict[str, bytes] = {}
        self.hook = Hook("page", self.page_id, "app-secret", "verify-token", clock)
        self._numbers = count(1)
        super().__init__(Starlette(routes=routes(self)))
        self.own_post = self._keep(Said(f"{self.page_id}_{self.number()}", self.page, "New in", clock()))

    @property
    def settings(self) -> dict[str, object]:
        """The Page with its secrets."""
        return {
            "page_id": self.page_id,
            "page_token": self.page_token,
            "app_secret": self.hook.app_secret,
            "verify_token": self.hook.verify_token,
            "host": self.url,
        }

    def connect(self, hook: str) -> None:
        """Set the webhook, with Meta's challenge. Raises ValueError if it was not answered."""
        self.hook.connect(hook)

    def push(self) -> Sequence[int]:
        """Deliver what is on its way."""
        return self.hook.push()

    def lose(self) -> int:
        """Meta gives up what it could not deliver."""
        return self.hook.lose()

    def write(self, who: str, text: str) -> str:
        """Comment on the Page's post; somebody who did so before goes on below that comment."""
        first = next((one for one in self.said.values() if one.author is self.person(who) and one.post), None)
        return self.comment(who, text, under=first.id if first else "")

    def shown(self, who: str) -> Sequence[str]:
        """What the Page said below what that person wrote, and what it told them privately."""
        return [*(one.text or "[photo]" for one in self._answers(who)), *self.person(who).inbox]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with pictures."""
        answers = (
            Seen(one.text, one.id, files=(File("[photo]", one.photo),) if one.photo or one.content else ())
            for one in self._answers(who)
        )
        return [*answers, *(Seen(text) for text in self.person(who).inbox)]

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:  # noqa: ARG002 - names are not kept
        """A comment that is a picture."""
        if not media_type.startswith("image/"):
            raise ValueError(f"comments on Facebook have pictures, and no {media_type}")
        return self.comment(who, photo=content)

    def _answers(self, who: str) -> list[Said]:
        person = self.person(who)
        theirs = {one.id for one in self.said.values() if one.author is person}
        threads = theirs | {self.said[one].parent for one in theirs} - {self.own_post.id, ""}
        return [one for one in self.said.values() if one.author is self.page and one.parent in threads]

    # What people do. Each waits for the next push.

    def person(self, who: str) -> Person:
        """Somebody by name; a name that nobody has makes somebody new."""
        number = len(self.people)
        new = Person(str(300000000000001 + number), str(200000000000001 + number), who)
        return self.people.setdefault(who, new)

    def comment(self, who: str, text: str = "", *, on: str = "", under: str = "", photo: bytes = b"") -> str:
        """Comment on a post (`on`; the Page's own if none is named), or `under` a comment; returns the id."""
        return self.say_as(self.person(who), text, on=on, under=under, photo=photo).id

    def post(self, who: str, text: str) -> str:
        """Write a post on the Page; returns its id."""
        said = self._keep(Said(f"{self.page_id}_{self.number()}", self.person(who), text, self.clock()))
        self.tell(said, "add", item="post")
        return said.id

    def edit(self, comment_id: str, text: str) -> None:
        """The author changes a comment or post."""
        self.said[comment_id].text = text
        self.tell(self.said[comment_id], "edited")

    def remove(self, comment_id: str) -> None:
        """The author or a moderator takes a comment away."""
        self.tell(self.said.pop(comment_id), "remove")

    def hide(self, comment_id: str, *, again: bool = True) -> None:
        """The Page hides a comment, or shows it again."""
        self.said[comment_id].hidden = again
        self.tell(self.said[comment_id], "hide" if again else "unhide")

    def react(self, who: str, comment_id: str, reaction: str, *, take_back: bool = False) -> None:
        """React to a comment or post, or take that back."""
        said, person = self.said[comment_id], self.person(who)
        said.reactions = {**said.reactions, who: reaction}
        if take_back:
            said.reactions.pop(who)
        value: Content = {
            "item": "reaction",
            "verb": "remove" if take_back else "add",
            "reaction_type": reaction,
        }
        where = {"comment_id": said.id, "post_id": said.post} if said.post else {"post_id": said.id}
        author = {"id": person.id, "name": person.name}
        self.hook.changed(
            "feed",
            {**value, **where, "parent_id": said.parent, "from": author, "created_time": self.hook.seconds()},
        )

    def say(self, text: str, *, under: str) -> str:
        """Somebody of ours answers in Facebook's own app; returns the comment's id."""
        return self.say_as(self.page, text, under=under).id

    def message(self, who: str, text: str) -> None:
        """Somebody writes on Messenger, which comes to the same webhook."""
        side = {"sender": {"id": self.person(who).psid}, "recipient": {"id": self.page_id}}
        mid = f"m_{self.number()}"
        self.hook.messaged(
            {**side, "timestamp": self.hook.milliseconds(), "message": {"mid": mid, "text": text}}
        )

    # What the API needs.

    def number(self) -> str:
        """A new number, of which ids are made."""
        return str(900000000000000 + next(self._numbers))

    def say_as(
        self, author: Person, text: str, *, on: str = "", under: str = "", photo: bytes = b"", url: str = ""
    ) -> Said:
        """A comment by anybody; an answer to an answer stands below the same comment."""
        parent = self.said[under or on or self.own_post.id]
        if parent.post and self.said[parent.parent].post:
            parent = self.said[parent.parent]
        post = parent.post or parent.id
        said = Said(f"{post.partition('_')[2]}_{self.number()}", author, text, self.clock(), post, parent.id)
        if photo:
            said.content, said.photo = photo, f"{self.url}/files/{said.id}"
            self.files[said.id] = photo
        said.photo = url or said.photo
        self.tell(self._keep(said), "add")
        return said

    def _keep(self, said: Said) -> Said:
        self.said[said.id] = said
        return said

    def tell(self, said: Said, verb: str, *, item: str = "") -> None:
        """Queue what became of a post or comment."""
        value: Content = {"item": item or ("comment" if said.post else "post"), "verb": verb}
        if not (self.withheld and said.author is not self.page):
            value["from"] = {"id": said.author.id, "name": said.author.name}
        value |= {"post_id": said.post or said.id, "created_time": self.hook.seconds()}
        if said.post:
            value |= {"comment_id": said.id, "parent_id": said.parent}
            value["post"] = {"permalink_url": f"https://www.facebook.com/{said.post}", "id": said.post}
        if verb != "remove":
            value |= {"message": said.text} if said.text else {}
            value |= {"photo": said.photo} if said.photo else {}
        self.hook.changed("feed", value)
