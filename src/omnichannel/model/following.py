"""Following what happens: how far each follower has come, where other systems are told, and what they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import ConfigDict, Field

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.talk import Message

Includes = Literal["detail", "message"]
"""What a notice holds besides ids: `detail` are the texts of the happening, `message` is the message it is about."""


class Follower(Value):
    """Somebody who follows what happens, under a name, and how far they have come.

    `reached` is the id of the last happening that was acknowledged, empty if none was; `at` is when. `waiting` is how
    many there are behind it (10,000 stand for any more), `behind` how long ago the first of them happened. `missed`:
    some that were not seen yet have been let go (`Rules.keep_events`).
    """

    name: str
    reached: str = ""
    at: UtcTime | None = None
    waiting: int = 0
    behind: timedelta = timedelta()
    missed: bool = False


class Endpoint(Value):
    """Another system that is told by webhook what happens.

    `wants` are the happenings it is told of (`message.received`, or `message.*` for all that begin so; none: all).
    `includes` is what it is told besides ids. `private`: it may be on a private network, or use plain HTTP.
    `configured`: its secrets are in the configuration, and not in the store. `state`: `active`; `paused` by somebody;
    `failed` after the last attempt; `gone`, because it answered 410. While it fails, `failing_since` and `answer` say
    since when and how, `attempts` how often the notice was tried that is next, and `next_at` when it will be again.
    """

    name: str
    url: str = Field(repr=False)
    wants: tuple[str, ...] = ()
    includes: tuple[Includes, ...] = ()
    private: bool = False
    configured: bool = False
    state: Literal["active", "paused", "failed", "gone"] = "active"
    follower: Follower
    failing_since: UtcTime | None = None
    attempts: int = 0
    next_at: UtcTime | None = None
    answer: str = ""


class NoticeData(Value):
    """What happened, by ids. `version` grows when a field changes its meaning or goes; new ones may come any time.

    `id` is the happening's, and the `webhook-id` too: the same in every attempt. `detail` and `content` are there if
    the endpoint includes them; `left_out` says why the message is not.
    """

    model_config = ConfigDict(extra="ignore")

    version: Literal[1] = 1
    id: str
    workspace: str
    conversation: str = ""
    customer: str = ""
    message: str = ""
    actor: str = ""
    detail: dict[str, str] | None = None
    content: Message | None = None
    left_out: str = ""


class Notice(Value):
    """The body of a webhook that tells another system what happened, as Standard Webhooks shapes it."""

    model_config = ConfigDict(extra="ignore")

    type: str
    timestamp: UtcTime
    data: NoticeData
