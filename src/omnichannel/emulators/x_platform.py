"""X as an emulator: a served `x.Network`, on which people mention our account and read what it says to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from omnichannel.emulators.serving import ServedEmulator
from omnichannel.emulators.x import Network
from omnichannel.emulators.x_shapes import Post, User


class Platform(ServedEmulator):
    """X with the account `@shop`. Who writes mentions it in public; `network` has everything else."""

    kind: ClassVar[str] = "x"

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.network = Network("shop", clock=clock)
        super().__init__(self.network.app)
        self._hook = ""

    @property
    def settings(self) -> dict[str, object]:
        """The account with its keys."""
        keys, account = self.network.keys, self.network.account
        return {
            "user_id": account.id,
            "username": account.username,
            "consumer_key": keys.consumer_key,
            "consumer_secret": keys.consumer_secret,
            "access_token": keys.access_token,
            "access_token_secret": keys.access_token_secret,
            "app_token": keys.app_token,
            "host": self.url,
        }

    def connect(self, hook: str) -> None:
        """Register the webhook, with X's challenge. Raises ValueError if it was not answered."""
        self.network.register(hook)
        self._hook = hook

    def write(self, who: str, text: str) -> str:
        """Post a mention of the account, below what it last said to that person in public."""
        user = self.user(who)
        answered = next(iter(reversed(self._posts_to(user))), None)
        return self.network.post(user, f"@{self.network.account.username} {text}", in_reply_to=answered).id

    def push(self) -> Sequence[int]:
        """Deliver what is on its way, unless X has given the webhook up."""
        return self.network.push(self._hook) if any(one.valid for one in self.network.webhooks) else ()

    def lose(self) -> int:
        """X gives up what it could not deliver."""
        lost, self.network.pending = len(self.network.pending), []
        return lost

    def shown(self, who: str) -> Sequence[str]:
        """The account's answers to that person, in public and in private."""
        user, account = self.user(who), self.network.account
        said = [(post.at, post.text) for post in self._posts_to(user)]
        said += [
            (message.at, message.text)
            for message in self.network.dms
            if message.sender is account and message.recipient is user
        ]
        return [text for _, text in sorted(said, key=lambda one: one[0])]

    def _posts_to(self, user: User) -> list[Post]:
        """What the account said in public, in conversations that this person takes part in."""
        posts = self.network.posts
        theirs = {post.conversation for post in posts if post.author is user}
        return [post for post in posts if post.author is self.network.account and post.conversation in theirs]

    def user(self, who: str) -> User:
        """Somebody by name; a name that nobody has makes somebody new."""
        handle = re.sub(r"[^a-z0-9]+", "_", who.lower()).strip("_")[:15] or "somebody"
        known = next((user for user in self.network.users.values() if user.username == handle), None)
        return known or self.network.join(handle, name=who)
