"""Asking X about accounts: whether our credentials work, and what people call themselves."""

from __future__ import annotations

from omnichannel.channel import Finding
from omnichannel.channels.x.access import Access
from omnichannel.channels.x.answers import read
from omnichannel.channels.x.context import KIND, name_of, objects
from omnichannel.channels.x.link import ask
from omnichannel.model import Address, Party
from omnichannel.toolbox import load_json, obj, string

_RECONNECT = "Renew the access token, or connect the account again."
_ALLOW_DMS = "Let the app read and write direct messages, then connect the account again."
_ENCRYPTED = (
    "If customers do write: X hides encrypted chats from its API. Subscribe the webhook to chat.received, so that "
    "you see at least that one arrived, and answer it in the X app."
)


async def look_up(access: Access, address: Address) -> Party | None:
    """Display name, else handle, of a person; None if X does not say, or nobody knows who it is."""
    if address.kind != KIND or address.scope or not address.value.isdigit():
        return None
    answer = await ask(access, "GET", f"/2/users/{address.value}?user.fields=name,username")
    name = name_of(obj(load_json(answer.body), "data")) if answer.status == 200 else ""
    return Party(address=address, name=name) if name else None


async def check(access: Access, user_id: str, *, private: bool) -> tuple[Finding, ...]:
    """Whether X accepts our credentials, for the account we think, and shows direct messages."""
    me = await ask(access, "GET", "/2/users/me")
    if me.status != 200:
        what = f"X does not accept the credentials: {read(me).detail}"
        return (Finding(ok=False, what=what, cure=_RECONNECT),)
    actual = string(obj(load_json(me.body), "data"), "id")
    if actual != user_id:
        cure = f"Set user_id={actual!r}, or connect the account {user_id}."
        return (
            Finding(ok=False, what=f"the credentials are those of {actual}, not of {user_id}", cure=cure),
        )
    accepted = Finding(ok=True, what=f"X accepts the credentials of {user_id}")
    return (accepted, await _check_private(access)) if private else (accepted,)


async def _check_private(access: Access) -> Finding:
    seen = await ask(access, "GET", "/2/dm_events?max_results=1")
    if seen.status != 200:
        return Finding(ok=False, what=f"direct messages: {read(seen).detail}", cure=_ALLOW_DMS)
    if not any(objects(load_json(seen.body), "data")):
        return Finding(ok=False, what="X shows no direct message of the last 30 days", cure=_ENCRYPTED)
    return Finding(ok=True, what="direct messages are visible")
