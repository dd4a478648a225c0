"""A small X with one account of ours and the people around it: posts, direct messages, webhooks, on the wire.

Script it (`network.post`, `network.dm`, `network.edit`, …), serve `network.app`, push what happened to a webhook
with `network.push`, and look at `network.posts` and `network.dms` for what everybody sees. Shapes, limits and
refusals: docs.x.com (2026), recorded answers, and the X Activity samples of July 2026.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
from starlette.applications import Starlette

from omnichannel.emulators.x_api import routes
from omnichannel.emulators.x_shapes import (
    Json,
    Message,
    Post,
    User,
    activity_message,
    mentions,
    v2_post,
    v2_user,
)
from omnichannel.tls import trusted

_PATIENCE = timedelta(hours=28)
_EPOCH_MS = 1_288_834_974_657


@dataclass(frozen=True)
class Fault:
    """What becomes of one request: an answer that is not X's usual one, or none until `release`.

    With `taken` the request is done all the same.
    """

    status: int = 0
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    taken: bool = False


@dataclass(frozen=True)
class Keys:
    """The secrets of our app and account; give them to the channel."""

    consumer_key: str = "consumer-key"
    consumer_secret: str = "consumer-secret"  # noqa: S105 - of an emulator
    access_token: str = "access-token"  # noqa: S105
    access_token_secret: str = "access-token-secret"  # noqa: S105
    bearer: str = "user-token"
    app_token: str = "app-token"  # noqa: S105


@dataclass
class Webhook:
    """A registered webhook. `failing` since when it did not prove that it holds the secret."""

    id: str
    url: str
    valid: bool = True
    failing: datetime | None = None


class Network:
    """X as seen through its API by the app of `account`.

    `refused` are field and parameter names that X no longer knows; `left` are the requests left of each limit.
    """

    def __init__(
        self, username: str = "shop", *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.keys = Keys()
        self.users: dict[str, User] = {}
        self.posts: list[Post] = []
        self.dms: list[Message] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.refused: set[str] = set()
        self.left: dict[str, int] = {}
        self.pending: list[Json] = []
        self.webhooks: list[Webhook] = []
        self.told: list[tuple[datetime, Json]] = []
        self.released = threading.Event()
        self.clock = clock
        self._ids = count()
        self._lock = threading.RLock()
        self.account = self.join(username, name=username.title())
        self.app = Starlette(routes=routes(self))

    def join(self, username: str, *, name: str = "", takes_messages: bool = True) -> User:
        """Somebody new."""
        with self._lock:
            user = User(self.new_id(), username, name or username, takes_messages)
            self.users[user.id] = user
            return user

    def post(
        self, author: User, text: str, in_reply_to: Post | None = None, media: tuple[str, ...] = ()
    ) -> Post:
        """Somebody posts; the account's webhook will hear of it if it is about the account."""
        with self._lock:
            new = self.new_id()
            conversation = in_reply_to.conversation if in_reply_to else new
            post = Post(new, author, text, self.moment(), conversation, in_reply_to, media, [new])
            self.posts.append(post)
            if author is not self.account:
                self._tell_of(post)
            return post

    def edit(self, post: Post, text: str) -> None:
        """The author changes a post: it gets a further id."""
        with self._lock:
            post.text, post.id = text, self.new_id()
            post.versions.append(post.id)
            self._tell_of(post)

    def delete(self, post: Post) -> None:
        """The author takes a post back."""
        with self._lock:
            self.posts.remove(post)
            self.tell("post.delete", {"id": post.id, "author_id": post.author.id})

    def dm(self, sender: User, text: str, to: User | None = None, media: tuple[str, ...] = ()) -> Message:
        """A direct message, to the account unless said otherwise."""
        with self._lock:
            message = Message(self.new_id(), sender, to or self.account, text, self.moment(), media)
            self.dms.append(message)
            kind = "dm.sent" if sender is self.account else "dm.received"
            self.tell(kind, activity_message(message))
            return message

    def encrypted(self, sender: User) -> None:
        """A message that only people's devices can read: no list shows it, the webhook hears of it."""
        payload = {
            "id": secrets.token_hex(16),
            "created_at_msec": str(int(self.clock().timestamp() * 1000)),
            "sender_id": sender.id,
            "conversation_id": f"{sender.id}:{self.account.id}",
            "encoded_event": "CwABAAAA",
        }
        self.tell("chat.received", payload)

    def tell(self, kind: str, payload: Json, users: tuple[User, ...] = ()) -> None:
        """Queue an event of X Activity for the webhook."""
        data = {
            "event_uuid": self.new_id(),
            "filter": {"user_id": self.account.id},
            "event_type": kind,
            "payload": payload,
            "includes": {"users": [v2_user(user) for user in users]} if users else {},
        }
        body = {"data": data}
        self.pending.append(body)
        self.told.append((self.clock(), body))

    def _tell_of(self, post: Post) -> None:
        answered = post.in_reply_to.author if post.in_reply_to else None
        if mentions(post.text, self.account):
            self.tell("post.mention.create", v2_post(post, self.users), (post.author,))
        if answered is self.account:
            self.tell("post.reply.create", v2_post(post, self.users))

    def register(self, url: str) -> None:
        """Register a webhook, in place of the one there was. Raises ValueError if it does not prove itself."""
        if not self.challenge(url):
            raise ValueError("the webhook did not answer X's challenge")
        self.webhooks = [Webhook(self.new_id(), url)]

    def look_again(self) -> None:
        """Ask every webhook for its proof, as X does hourly: one that fails for 28 hours is given up."""
        for hook in self.webhooks:
            if self.challenge(hook.url):
                hook.failing = None
            else:
                hook.failing = hook.failing or self.clock()
                hook.valid = hook.valid and self.clock() - hook.failing <= _PATIENCE

    def replay(self, since: datetime, until: datetime) -> None:
        """Tell the webhook again whatever there was in that time."""
        with self._lock:
            self.pending += [body for at, body in self.told if since <= at <= until]
            self.pending.append({"replay_job_status": {"job_state": "Complete", "job_id": self.new_id()}})

    def push(self, url: str) -> list[int]:
        """Push what is queued to a webhook, once each, in order; the statuses (0: no answer).

        What is not taken stays queued.
        """
        with self._lock:
            pending, self.pending = self.pending, []
        statuses, left = [], []
        for body in pending:
            raw = json.dumps(body, ensure_ascii=False).encode()
            headers = {
                "content-type": "application/json",
                "x-twitter-webhooks-signature": self.signature(raw),
            }
            statuses.append(_posted(url, raw, headers))
            if statuses[-1] != 200:
                left.append(body)
        with self._lock:
            self.pending = left + self.pending
        return statuses

    def challenge(self, url: str) -> bool:
        """Ask a webhook to prove that it holds the secret, as X does when it is registered."""
        token = base64.b64encode(secrets.token_bytes(24)).decode()
        try:
            answer = httpx.get(
                url, params={"crc_token": token}, timeout=10, trust_env=False, verify=trusted()
            )
        except httpx.HTTPError:
            return False
        proof = answer.json().get("response_token") if answer.status_code == 200 else None
        return bool(proof == self.signature(token.encode()))

    def signature(self, raw: bytes) -> str:
        """What X signs a body with."""
        digest = hmac.new(self.keys.consumer_secret.encode(), raw, hashlib.sha256).digest()
        return "sha256=" + base64.b64encode(digest).decode()

    def fail_next(self, status: int, body: object = "", headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Answer the next request like this; a `body` that is no text is sent as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.faults.append(Fault(status, text, headers))

    def hang_next(self, *, taken: bool = False) -> None:
        """Answer the next request only after `release`."""
        self.faults.append(Fault(taken=taken))

    def release(self) -> None:
        """Let go of the requests that hang."""
        self.released.set()

    def new_id(self) -> str:
        """A snowflake: the millisecond, and a counter that keeps ids in order."""
        with self._lock:
            number = next(self._ids)
            return str(((int(self.clock().timestamp() * 1000) - _EPOCH_MS) << 22) + number)

    def moment(self) -> datetime:
        """Now."""
        return self.clock()


def _posted(url: str, raw: bytes, headers: dict[str, str]) -> int:
    """The status of one delivery, 0 for no answer."""
    try:
        return httpx.post(
            url, content=raw, headers=headers, timeout=10, trust_env=False, verify=trusted()
        ).status_code
    except httpx.HTTPError:
        return 0
