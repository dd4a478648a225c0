"""What `doctor` says of the other systems that are told by webhook: how each is doing, as the store has it."""

from __future__ import annotations

from omnichannel.app import Inbox
from omnichannel.channel import Finding
from omnichannel.config import Config
from omnichannel.errors import OmnichannelError
from omnichannel.model import Endpoint
from omnichannel.store import is_ready


async def examined(found: Config) -> list[tuple[str, Finding]]:
    """Each endpoint, and how it does. Nothing is sent, and a store that is not there, or is old, is not touched."""
    known: list[Endpoint] = []
    if is_ready(found.store):
        try:
            async with Inbox(found.store, workspace=found.workspace) as inbox:
                known = await inbox.webhooks.all()
        except OmnichannelError:
            return []  # what is wrong with the store is said of the store
    names = {endpoint.name for endpoint in known}
    unknown = [webhook.name for webhook in found.webhooks if webhook.name not in names]
    told = [(endpoint.name, _finding(endpoint)) for endpoint in known]
    return told + [
        (name, Finding(ok=True, what="the inbox has not run since it was set up")) for name in unknown
    ]


def _finding(endpoint: Endpoint) -> Finding:
    name = endpoint.name
    if endpoint.state in ("failed", "gone"):
        what = f"it is told nothing any more ({endpoint.answer}); {_waiting(endpoint)}"
        return Finding(
            ok=False, what=what, cure=f"Mend the other end, then: omnichannel webhooks resume {name}"
        )
    if endpoint.failing_since:
        tried = f"failing since {endpoint.failing_since:%Y-%m-%d %H:%M} UTC, {endpoint.attempts} attempts"
        what = f"{tried} ({endpoint.answer}); {_waiting(endpoint)}"
        return Finding(ok=False, what=what, cure=f"Look at the other end: omnichannel webhooks ping {name}")
    if endpoint.state == "paused":
        return Finding(ok=True, what=f"paused; {_waiting(endpoint)}: omnichannel webhooks resume {name}")
    return Finding(ok=True, what=_waiting(endpoint))


def _waiting(endpoint: Endpoint) -> str:
    place = endpoint.follower
    last = f"last taken {place.at:%Y-%m-%d %H:%M} UTC" if place.at else "nothing taken yet"
    wait = (
        f"{place.waiting} waiting since {place.behind.total_seconds():.0f} s"
        if place.waiting
        else "none waiting"
    )
    return f"{last}, {wait}"
