"""What became of a text or a call in doubt: Twilio's own list says whether it was ever made.

Of a list only what stands in it proves something: it is put together late, so that what it lacks may still come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from omnichannel.channel import Call
from omnichannel.errors import Busy, WireError
from omnichannel.http import Client
from omnichannel.model import Deferred, Doubt, Sent
from omnichannel.platforms.twilio import answers
from omnichannel.platforms.twilio.fields import moment
from omnichannel.platforms.twilio.link import ask
from omnichannel.toolbox import Json, answer, is_object, items, string

if TYPE_CHECKING:
    from omnichannel.platforms.twilio.account import TwilioChannel

_PAGE = "50"

_SAID = {"To": "to", "From": "from", "MessagingServiceSid": "messaging_service_sid"}
"""The fields of a form that the resource made of it repeats, and its names for them. A call repeats nothing else."""


async def found(channel: TwilioChannel, call: Call, doubt: Doubt) -> Sent | None:
    """The oldest text or call that was made of a form, and is no other; None if none is listed (yet).

    Raises Busy or WireError where Twilio does not show it, httpx.HTTPError if nothing came back.
    """
    fields = parse_qsl(call.body.decode(), keep_blank_values=True)
    form, files = dict(fields), sum(name == "MediaUrl" for name, _ in fields)
    asked = {name: form[name] for name in ("To", "From") if name in form} | {"PageSize": _PAGE}
    async with Client(timeout=30.0) as client:
        response = await ask(channel, client, call.url, asked)
    if response.status != 200:
        told = answers.receipt(response)
        if isinstance(told, Deferred):
            raise Busy(told.after)
        raise WireError(f"Twilio does not show what was made: HTTP {response.status}")
    key = call.url.rpartition("/")[2].removesuffix(".json").lower()
    listed = [one for one in items(answer(response), key) if is_object(one)]
    if key == "messages":  # what is only pictures has no words, and is no text that has some
        listed = [one for one in listed if _says(one, form.get("Body", ""), files)]
    several = [string(one, "sid") for one in reversed(listed) if _is(one, form, doubt)]
    return Sent(external_id=several[0]) if len(several) > doubt.rivals else None


def _says(one: dict[str, Json], words: str, files: int) -> bool:
    """Whether a text has these words, and so many files (`num_media`; none until Twilio has fetched them)."""
    counted = string(one, "num_media") in ("", "0", str(files))
    return counted and string(one, "body").split() == words.split()


def _is(one: dict[str, Json], form: dict[str, str], doubt: Doubt) -> bool:
    made = moment(string(one, "date_created") or string(one, "date_sent") or string(one, "start_time"))
    return (
        string(one, "direction").startswith("outbound")
        and string(one, "sid") not in doubt.others
        and made is not None
        and made >= doubt.since
        and all(string(one, key).split() == form[name].split() for name, key in _SAID.items() if name in form)
    )
