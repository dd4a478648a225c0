"""Following what happens, and the endpoints of other systems, without `await`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from omnichannel.channel import Finding
from omnichannel.inbox.followers import Followers
from omnichannel.inbox.following import Following
from omnichannel.inbox.webhooks import Webhooks
from omnichannel.model import Endpoint, Follower, Happening
from omnichannel.sync.waiting import Wait


class SyncFollowing:
    """A named follower at work, as `Following` is: `with box.follow("crm") as events: for happening in events: …`."""

    def __init__(self, wait: Wait, following: Following) -> None:
        self._wait = wait
        self._of = following

    def __enter__(self) -> Self:
        self._wait(self._enter())
        return self

    async def _enter(self) -> None:
        await self._of.__aenter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait(self._of.__aexit__(kind, error, trace))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Happening:
        found = self._wait(self._next())
        if found is None:
            raise StopIteration
        return found

    async def _next(self) -> Happening | None:
        return await anext(self._of, None)

    def acknowledge(self) -> None:
        """Everything that was given so far was seen."""
        self._wait(self._of.acknowledge())


class SyncFollowers:
    """`inbox.followers` without `await`."""

    def __init__(self, wait: Wait, followers: Followers) -> None:
        self._wait = wait
        self._of = followers

    def all(self) -> list[Follower]:
        """Everybody who follows."""
        return self._wait(self._of.all())

    def get(self, follower: str) -> Follower:
        """A follower by name."""
        return self._wait(self._of.get(follower))

    def move(self, follower: str, after: str = "") -> Follower:
        """Let a follower go on behind a happening."""
        return self._wait(self._of.move(follower, after))

    def forget(self, follower: str) -> None:
        """Nobody follows under that name any more."""
        self._wait(self._of.forget(follower))


class SyncWebhooks:
    """`inbox.webhooks` without `await`."""

    def __init__(self, wait: Wait, webhooks: Webhooks) -> None:
        self._wait = wait
        self._of = webhooks

    def all(self) -> list[Endpoint]:
        """Every endpoint, and how it is doing."""
        return self._wait(self._of.all())

    def get(self, endpoint: str) -> Endpoint:
        """An endpoint by name."""
        return self._wait(self._of.get(endpoint))

    def add(
        self,
        name: str,
        url: str,
        *,
        wants: Iterable[str] = (),
        includes: Iterable[str] = (),
        private: bool = False,
        oldest: bool = False,
        actor: str = "",
    ) -> Endpoint:
        """Register an endpoint."""
        added = self._of.add(
            name, url, wants=wants, includes=includes, private=private, oldest=oldest, actor=actor
        )
        return self._wait(added)

    def change(
        self,
        endpoint: str,
        *,
        url: str | None = None,
        wants: Iterable[str] | None = None,
        includes: Iterable[str] | None = None,
        private: bool | None = None,
        actor: str = "",
    ) -> Endpoint:
        """Give an endpoint other settings."""
        changed = self._of.change(
            endpoint, url=url, wants=wants, includes=includes, private=private, actor=actor
        )
        return self._wait(changed)

    def secrets(self, endpoint: str) -> list[SecretStr]:
        """What signs for an endpoint."""
        return self._wait(self._of.secrets(endpoint))

    def rotate(self, endpoint: str, *, overlap: timedelta = timedelta(days=1), actor: str = "") -> SecretStr:
        """Make another secret for an endpoint."""
        return self._wait(self._of.rotate(endpoint, overlap=overlap, actor=actor))

    def pause(self, endpoint: str, *, actor: str = "") -> Endpoint:
        """Tell an endpoint nothing until it is resumed."""
        return self._wait(self._of.pause(endpoint, actor=actor))

    def resume(self, endpoint: str, *, actor: str = "") -> Endpoint:
        """Tell an endpoint what waits for it."""
        return self._wait(self._of.resume(endpoint, actor=actor))

    def skip(self, endpoint: str, *, actor: str = "") -> str:
        """Pass over the notice that is next."""
        return self._wait(self._of.skip(endpoint, actor=actor))

    def replay(self, endpoint: str, after: str = "", *, actor: str = "") -> Endpoint:
        """Tell an endpoint once more what happened after a happening."""
        return self._wait(self._of.replay(endpoint, after, actor=actor))

    def remove(self, endpoint: str, *, actor: str = "") -> None:
        """Tell an endpoint nothing any more."""
        self._wait(self._of.remove(endpoint, actor=actor))

    def ping(self, endpoint: str) -> Finding:
        """Send an endpoint a signed notice that tells nothing."""
        return self._wait(self._of.ping(endpoint))
