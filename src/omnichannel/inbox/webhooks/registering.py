"""What is decided of an endpoint, as jobs of the store, each written down as a happening with who decided it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from omnichannel.clock import Clock, moment
from omnichannel.errors import Conflict
from omnichannel.inbox.rules import span
from omnichannel.inbox.webhooks import secrets
from omnichannel.inbox.webhooks.delivering import upcoming
from omnichannel.model import Endpoint
from omnichannel.store import Tx, following, records, webhooks
from omnichannel.store.webhooks import ACTIVE, PAUSED, Registered, Salt, Settings
from omnichannel.webhooks import Webhook

_SHOWN: tuple[Literal["active", "paused", "failed", "gone"], ...] = ("active", "paused", "failed", "gone")


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided something of which endpoint."""

    endpoint: str
    actor: str

    def noted(self, tx: Tx, what: str, **detail: str) -> None:
        """Write down what was decided."""
        records.happened(tx, what, actor=self.actor, detail={"endpoint": self.endpoint, **detail})


def add(tx: Tx, decision: Decision, settings: Settings, *, oldest: bool) -> None:
    """Register an endpoint, which begins with what happens from now on, or with the oldest that is kept.

    Raises Conflict where somebody follows under that name.
    """
    decision.noted(
        tx, "webhook.added", host=urlsplit(settings.url).netloc
    )  # of which it need not be told itself
    reached = following.gone_up_to(tx) if oldest else records.newest(tx)
    if not following.begin(tx, settings.name, reached):
        raise Conflict(f"somebody follows as {settings.name!r} already; take another name")
    webhooks.put(tx, settings)


def register(tx: Tx, configured: Iterable[Webhook]) -> None:
    """Make the store know the endpoints of a configuration, as it has them now.

    Raises Conflict where somebody follows under such a name.
    """
    for one in configured:
        settings = Settings(one.name, one.url, one.wants, one.includes, one.private)
        found = webhooks.find(tx, one.name)
        if found is None:
            add(tx, Decision(one.name, "the configuration"), settings, oldest=False)
        elif found.settings != settings:
            webhooks.put(tx, settings)


def change(tx: Tx, decision: Decision, settings: Settings) -> None:
    """Give an endpoint other settings; what it is told next is told there."""
    webhooks.put(tx, settings)
    decision.noted(tx, "webhook.changed", host=urlsplit(settings.url).netloc)


def rotate(tx: Tx, settings: Settings, fresh: Salt, overlap: timedelta) -> None:
    """Sign with another secret too, and with those before it for a time more."""
    until = tx.now() + span(overlap)
    before = tuple(
        Salt(salt.hexadecimal, min(until, salt.until or until))
        for salt in secrets.live(settings.salts, tx.now())
    )
    webhooks.put(tx, settings._replace(salts=(fresh, *before)))


def pause(tx: Tx, decision: Decision) -> None:
    """Tell it nothing until it is resumed; everything waits."""
    webhooks.get(tx, decision.endpoint)
    webhooks.switch(tx, decision.endpoint, PAUSED, "")
    decision.noted(tx, "webhook.paused")


def resume(tx: Tx, decision: Decision) -> None:
    """Tell it again what waits, from the first attempt on."""
    webhooks.get(tx, decision.endpoint)
    webhooks.switch(tx, decision.endpoint, ACTIVE, "")
    decision.noted(tx, "webhook.resumed")


def skip(tx: Tx, decision: Decision) -> str:
    """Pass over the notice that is next, whatever it is; its id, or "" if nothing waits. Raises Missed."""
    found = webhooks.get(tx, decision.endpoint)
    following.move(
        tx, decision.endpoint, following.place(tx, decision.endpoint).reached
    )  # it is nobody's now
    first = upcoming(tx, found, 0)
    if first is None:
        return ""
    following.move(tx, decision.endpoint, first.position)
    resume(tx, decision)
    return first.happening.id


def replay(tx: Tx, decision: Decision, after: str) -> None:
    """Tell it again what happened after a happening, or everything that is kept."""
    webhooks.get(tx, decision.endpoint)
    following.move(tx, decision.endpoint, following.behind(tx, after))
    resume(tx, decision)


def remove(tx: Tx, decision: Decision) -> None:
    """Tell it nothing any more, and forget it, with its secrets."""
    webhooks.get(tx, decision.endpoint)
    webhooks.remove(tx, decision.endpoint)
    following.forget(tx, decision.endpoint)
    decision.noted(tx, "webhook.removed")


def settings_for(clock: Clock, checked: Settings) -> Settings:
    """The settings of a new endpoint, with the salt of its first secret."""
    return checked._replace(salts=(secrets.new_salt(clock),))


def shown(tx: Tx, found: Registered) -> Endpoint:
    """An endpoint as the application sees it."""
    settings = found.settings
    return Endpoint(
        name=settings.name,
        url=settings.url,
        wants=settings.wants,
        includes=settings.includes,
        private=settings.private,
        configured=not settings.salts,
        state=_SHOWN[found.state],
        follower=following.follower(tx, following.place(tx, settings.name)),
        failing_since=moment(found.failing_since) if found.failing_since is not None else None,
        attempts=found.attempts,
        next_at=moment(found.due_at) if found.due_at and found.state == ACTIVE else None,
        answer=found.answer,
    )
