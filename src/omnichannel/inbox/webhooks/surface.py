"""`inbox.webhooks`: register the systems that are told what happens, and see how they are doing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from pydantic import SecretStr

from omnichannel.channel import Finding
from omnichannel.errors import Conflict
from omnichannel.inbox.webhooks import pinging, registering, secrets
from omnichannel.inbox.webhooks.registering import Decision
from omnichannel.model import Endpoint
from omnichannel.store import Tx, webhooks
from omnichannel.store.webhooks import Registered, Settings
from omnichannel.webhooks import included, reachable, suits, told_of

if TYPE_CHECKING:
    from omnichannel.inbox.telling import Telling

T = TypeVar("T")


class Webhooks:
    """Endpoints: other systems that are told by signed webhook what happens. `run` and `work` tell them."""

    def __init__(self, inbox: Telling) -> None:
        self._inbox = inbox

    async def _do(self, job: Callable[[Tx], T]) -> T:
        await self._inbox.register()
        done = await self._inbox.run_job(job)
        self._inbox.ring()
        return done

    async def _then_shown(self, endpoint: str, job: Callable[[Tx], object]) -> Endpoint:
        def both(tx: Tx) -> Endpoint:
            job(tx)
            return registering.shown(tx, webhooks.get(tx, endpoint))

        return await self._do(both)

    async def all(self) -> list[Endpoint]:
        """Every endpoint, by name, and how it is doing."""
        return await self._do(lambda tx: [registering.shown(tx, found) for found in webhooks.every(tx)])

    async def get(self, endpoint: str) -> Endpoint:
        """An endpoint by name; raises NotFound."""
        return await self._do(lambda tx: registering.shown(tx, webhooks.get(tx, endpoint)))

    async def add(
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
        """Register an endpoint; `secrets` then tells what to enter at the other end.

        `wants`, `includes` and `private` are those of `Endpoint`. It is told what happens from now on, or, with
        `oldest`, all that is kept. Raises ConfigError, and Conflict where somebody follows under that name.
        """
        settings = Settings(
            suits(name, "name"), reachable(url, private=private), told_of(wants), included(includes), private
        )
        fresh = registering.settings_for(self._inbox.clock, settings)
        decision = Decision(name, actor)
        return await self._then_shown(name, lambda tx: registering.add(tx, decision, fresh, oldest=oldest))

    async def change(
        self,
        endpoint: str,
        *,
        url: str | None = None,
        wants: Iterable[str] | None = None,
        includes: Iterable[str] | None = None,
        private: bool | None = None,
        actor: str = "",
    ) -> Endpoint:
        """Give an endpoint other settings; what is not said stays. Raises NotFound, ConfigError, or Conflict.

        Conflict: the endpoint is a configuration's, and is changed there.
        """

        def job(tx: Tx) -> None:
            old = _stored(tx, endpoint).settings
            alone = old.private if private is None else private
            settings = old._replace(
                url=reachable(old.url if url is None else url, private=alone),
                wants=old.wants if wants is None else told_of(wants),
                includes=old.includes if includes is None else included(includes),
                private=alone,
            )
            registering.change(tx, Decision(endpoint, actor), settings)

        return await self._then_shown(endpoint, job)

    async def secrets(self, endpoint: str) -> list[SecretStr]:
        """What signs for an endpoint, as it is entered at the other end, newest first.

        Raises NotFound, or Conflict for one whose secrets are in the configuration.
        """
        return await self._do(
            lambda tx: [secrets.shown(key) for key in secrets.keys(tx, _stored(tx, endpoint).settings)]
        )

    async def rotate(
        self, endpoint: str, *, overlap: timedelta = timedelta(days=1), actor: str = ""
    ) -> SecretStr:
        """Make another secret for an endpoint; the one before signs beside it for a time more (`overlap`).

        Raises NotFound, or Conflict for one whose secrets are in the configuration.
        """
        fresh = secrets.new_salt(self._inbox.clock)

        def job(tx: Tx) -> SecretStr:
            registering.rotate(tx, _stored(tx, endpoint).settings, fresh, overlap)
            Decision(endpoint, actor).noted(tx, "webhook.changed", secret="another one")  # noqa: S106 - no secret
            return secrets.shown(secrets.keys(tx, webhooks.get(tx, endpoint).settings)[0])

        return await self._do(job)

    async def pause(self, endpoint: str, *, actor: str = "") -> Endpoint:
        """Tell an endpoint nothing until it is resumed; everything waits for it. Raises NotFound."""
        return await self._then_shown(endpoint, lambda tx: registering.pause(tx, Decision(endpoint, actor)))

    async def resume(self, endpoint: str, *, actor: str = "") -> Endpoint:
        """Tell an endpoint at once what waits for it: paused, failing, given up or gone. Raises NotFound."""
        return await self._then_shown(endpoint, lambda tx: registering.resume(tx, Decision(endpoint, actor)))

    async def skip(self, endpoint: str, *, actor: str = "") -> str:
        """Pass over the notice that is next, which it will never take, and resume; its id. Raises NotFound."""
        return await self._do(lambda tx: registering.skip(tx, Decision(endpoint, actor)))

    async def replay(self, endpoint: str, after: str = "", *, actor: str = "") -> Endpoint:
        """Tell an endpoint once more what happened after a happening (empty: all that is kept), under the same ids.

        Raises NotFound.
        """
        return await self._then_shown(
            endpoint, lambda tx: registering.replay(tx, Decision(endpoint, actor), after)
        )

    async def remove(self, endpoint: str, *, actor: str = "") -> None:
        """Tell an endpoint nothing any more, and forget it with its secrets. Raises NotFound."""
        await self._do(lambda tx: registering.remove(tx, Decision(endpoint, actor)))

    async def ping(self, endpoint: str) -> Finding:
        """Send an endpoint a signed notice of type `webhook.ping`, now and once: what came of it. Raises NotFound."""
        return await pinging.ping(self._inbox, endpoint)


def _stored(tx: Tx, endpoint: str) -> Registered:
    """An endpoint that was registered in the store, held for whoever changes it. Raises NotFound, or Conflict."""
    found = webhooks.hold(tx, endpoint)
    if not found.settings.salts:
        raise Conflict(f"{endpoint} stands in the configuration, with its secret: change it there")
    return found
