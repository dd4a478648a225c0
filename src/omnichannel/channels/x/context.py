"""What stands beside an item and is needed to read it: who we are, and the people, posts and files around it.

Also the few facts that posts and direct messages share: how X writes people, ids and times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from omnichannel.errors import Malformed
from omnichannel.model import Address, Party, Strength
from omnichannel.toolbox import Json, from_epoch, from_iso, is_object, items, need, number, obj, string

KIND = "x"

JsonObject = dict[str, Json]

_MONTHS: list[str] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_CTIME = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4}) (\d{4})")
# Ids are snowflakes since November 2010, when they passed 30 000 000 000.
_FIRST_SNOWFLAKE = 30_000_000_000
_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657


_NOTHING: Mapping[str, JsonObject] = MappingProxyType({})


class Context(NamedTuple):
    """`us` is our user id as far as anybody says; `chosen` if only what concerns us is a message for us.

    `addressed` is set where X already picked what concerns us (the mentions list, a mention event).
    """

    us: str = ""
    username: str = ""
    chosen: bool = False
    addressed: bool = False
    blocked: bool = False
    people: Mapping[str, JsonObject] = _NOTHING
    posts: Mapping[str, JsonObject] = _NOTHING
    media: Mapping[str, JsonObject] = _NOTHING
    polls: Mapping[str, JsonObject] = _NOTHING

    def name(self, user_id: str) -> str:
        """What a person calls themselves, else their handle, else nothing."""
        return name_of(self.people.get(user_id, {}))

    def party(self, user_id: str) -> Party:
        """A person by their id."""
        return _party(user_id, self.name(user_id))


@lru_cache(maxsize=4096)
def _party(user_id: str, name: str) -> Party:
    """Frozen, and the same few write again and again."""
    return Party(address=Address(kind=KIND, value=user_id), name=name)


def directory(value: Json, *keys: str, by: str = "id") -> dict[str, JsonObject]:
    """The included objects under any of these keys (`tweets` or `posts`), by their id."""
    there = [key for key in keys if is_object(value) and key in value]
    return {string(entry, by): entry for key in there for entry in map(unwrapped, items(value, key)) if entry}


def people_by_key(value: Json) -> dict[str, JsonObject]:
    """The map of users that comes with direct messages; the key, not the entry, says who it is."""
    return {key: unwrapped(entry) for key, entry in obj(value, "users").items()}


def unwrapped(value: Json) -> JsonObject:
    """X Activity wraps some users once more: `{"data": {…}}`."""
    inner = obj(value, "data")
    return inner or (value if is_object(value) else {})


def name_of(user: Json) -> str:
    """Display name, else the handle with its @, else nothing."""
    handle = string(user, "username") or string(user, "screen_name")
    return string(user, "name") or (handle and f"@{handle}")


def id_of(value: Json) -> str:
    """An id as text; the number beside it has often lost its last digits in some JavaScript."""
    return string(value, "id_str") or need(value, "id")


def either(value: Json, *keys: str) -> str:
    """The text under the first of these keys that has any: v1.1, v2 and the `post` spelling of v2."""
    return next((found for key in keys if (found := string(value, key))), "")


def words_of(value: Json, *keys: str) -> str:
    """The words under the first of these keys that has any. Raises Malformed for words that are no text."""
    for key in keys:
        found = value.get(key) if is_object(value) else None
        if found is not None and not isinstance(found, str):
            raise Malformed(f"{key} is {type(found).__name__}, not text")
        if found:
            return found
    return ""


def identified(context: Context, user_id: str, unknown: str) -> tuple[Party, Strength, str]:
    """Who wrote it, and how well that is proven.

    X leaves the author out when it was not asked for. Then the item still arrives, from somebody who is
    nobody else's customer: an address that holds the item's own id.
    """
    if user_id:
        return context.party(user_id), Strength.VERIFIED, "platform_id"
    nobody = Party(address=Address(kind=KIND, scope="unknown", value=unknown))
    return nobody, Strength.ASSERTED, "author_missing"


def moment(value: Json, item_id: str = "") -> datetime | None:
    """When it happened: ISO 8601 (v2), `Wed Feb 05 08:39:31 +0000 2020` (v1.1), milliseconds, or the id."""
    written = string(value, "created_at")
    for key in ("created_timestamp", "timestamp_ms", "created_at_msec"):
        if is_object(value) and key in value and (found := from_epoch(number(value, key))) is not None:
            return found
    return from_iso(written) or _from_ctime(written) or snowflake_time(item_id)


def _from_ctime(text: str) -> datetime | None:
    match = _CTIME.fullmatch(text)
    if match is None or match[1] not in _MONTHS:
        return None
    month = _MONTHS.index(match[1]) + 1
    return from_iso(f"{match[5]}-{month:02}-{match[2]:0>2}T{match[3]}{match[4]}")


def snowflake_time(item_id: str) -> datetime | None:
    """The moment that X writes into its ids; None for older ids and other things."""
    if (
        not (item_id.isascii() and item_id.isdigit() and len(item_id) <= 19)
        or int(item_id) < _FIRST_SNOWFLAKE
    ):
        return None
    return from_epoch((int(item_id) >> 22) + _SNOWFLAKE_EPOCH_MS)


def plain(text: str) -> str:
    """The text as it was typed: X escapes these three characters, and no others, in what it delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def objects(value: Json, key: str) -> Sequence[JsonObject]:
    """The objects in the list under a key."""
    if not (is_object(value) and value.get(key)):
        return ()
    return [entry for entry in items(value, key) if is_object(entry)]
