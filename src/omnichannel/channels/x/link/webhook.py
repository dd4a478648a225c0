"""Asking X about the app's webhook, with the app's own token: whether it still delivers, and to deliver once more.

X asks a webhook about hourly to prove that it holds the secret, and gives one up that did not for 28 hours: `valid`
is false, and nothing comes until it is asked to look again (PUT). What it sent, or could not, in the last 24 hours it
brings again when asked to; a `replay_job_status` event ends that (docs.x.com, "V2 webhooks API", 2026).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from omnichannel.channel import Finding
from omnichannel.channels.x.access import Access
from omnichannel.channels.x.answers import read
from omnichannel.channels.x.context import JsonObject, objects
from omnichannel.channels.x.link import ask
from omnichannel.errors import WireError
from omnichannel.toolbox import load_json, string

_REACH = timedelta(hours=24)
_MINUTE = "%Y%m%d%H%M"


def _as_app(access: Access, app_token: SecretStr) -> Access:
    none = SecretStr("")
    return replace(access, token=app_token, consumer_key="", access_token=none, access_token_secret=none)


async def delivers(access: Access, app_token: SecretStr, name: str, *, polled: bool) -> Sequence[Finding]:
    """Whether X still calls the webhook of this account. `polled`: what matters comes all the same."""
    answer = await ask(_as_app(access, app_token), "GET", "/2/webhooks")
    if answer.status != 200:
        what = f"X does not say whether the webhook is valid: {read(answer).detail}"
        return (Finding(ok=False, what=what, cure="Copy the app's bearer token again into app_token"),)
    hook = _ours(list(objects(load_json(answer.body), "data")), name)
    if hook is None:
        cure = f"Register it (POST /2/webhooks), ending in /{name}, and subscribe the account"
        return (Finding(ok=False, what="no webhook of the app leads here", cure=cure, stopped=not polled),)
    if hook.get("valid") is not True:
        what = f"X has given the webhook {string(hook, 'url')} up (valid is false)"
        cure = f"See that it can be reached, then let X look again: PUT /2/webhooks/{string(hook, 'id')}"
        return (Finding(ok=False, what=what, cure=cure, stopped=not polled),)
    return (Finding(ok=True, what=f"the webhook {string(hook, 'url')} is valid"),)


async def redeliver(access: Access, app_token: SecretStr, name: str, since: datetime, until: datetime) -> str:
    """Let X bring again what it told in that time, or could not: of the last 24 hours. Raises WireError."""
    app, earliest = _as_app(access, app_token), max(since, until - _REACH)
    answer = await ask(app, "GET", "/2/webhooks")
    hook = _ours(list(objects(load_json(answer.body), "data")), name) if answer.status == 200 else None
    if hook is None:
        raise WireError("X does not name a webhook of the app that leads here; see omnichannel doctor")
    body = {
        "webhook_id": string(hook, "id"),
        "from_date": earliest.astimezone(UTC).strftime(_MINUTE),
        "to_date": (until.astimezone(UTC) + timedelta(minutes=1)).strftime(_MINUTE),
    }
    asked = await ask(app, "POST", "/2/webhooks/replay", body=json.dumps(body).encode())
    if asked.status not in (200, 201, 202):
        raise WireError(f"X does not deliver again: {read(asked).detail}")
    return f"X was asked to bring again by webhook what it told since {earliest:%Y-%m-%d %H:%M} UTC"


def _ours(hooks: Sequence[JsonObject], name: str) -> JsonObject | None:
    """The webhook that ends in the account's name; the only one there is, whatever it is called."""
    named = [one for one in hooks if string(one, "url").rstrip("/").rpartition("/")[2] == name]
    return next(iter(named or (hooks if len(hooks) == 1 else ())), None)
