"""A small Telegram with one bot of ours and the people around it: the Bot API, updates both ways, files, refusals.

Script it (`telegram.write`, `telegram.tap`, …), let it push to a webhook or be polled, and look with `shown` at
what a person sees. Shapes and limits: Bot API 10.1 (June 2026); words of refusals and the order of delivery: the
Bot API server's own source (`Client.cpp`, `WebhookActor.cpp`, May 2026).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import httpx
from starlette.applications import Starlette

from omnichannel.channels.telegram.link import ALLOWED
from omnichannel.emulators.emulator import Button, Seen
from omnichannel.emulators.pace import Pace
from omnichannel.emulators.serving import ServedEmulator
from omnichannel.emulators.telegram_api import Api, routes
from omnichannel.emulators.telegram_seen import seen
from omnichannel.emulators.telegram_world import CONNECTION, Content, World, sent_by
from omnichannel.tls import trusted


@dataclass(frozen=True)
class Fault:
    """What becomes of one call: an answer of the Bot API, or (without a description) a proxy's page.

    With `taken` the call is carried out all the same.
    """

    status: int
    description: str = ""
    parameters: Content = field(default_factory=dict)
    taken: bool = False


class Telegram(World, ServedEmulator):
    """One bot, the people who write to it, the groups it is in, and business accounts that it looks after.

    `polled` makes an account that fetches its updates. `per_second` is how many messages the bot may send in a
    second, `per_minute` how many in a minute in one group, before it is told to wait ("My bot is hitting limits",
    core.telegram.org/bots/faq); give `clock` to travel in time.
    """

    kind: ClassVar[str] = "telegram"
    takes_files: ClassVar[bool] = True

    def __init__(
        self,
        *,
        token: str = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qc",  # noqa: S107 - an emulator's
        secret: str = "secret_of_an_emulated_webhook",  # noqa: S107
        username: str = "ShopBot",
        polled: bool = False,
        per_second: int = 30,
        per_minute: int = 20,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        number = int(token.partition(":")[0])
        World.__init__(
            self, {"id": number, "is_bot": True, "first_name": "Shop", "username": username}, clock
        )
        self.token, self.secret, self.username, self.polled = token, secret, username, polled
        self.pace = Pace(per_second, timedelta(seconds=1), clock)
        self.group_paces: defaultdict[str, Pace] = defaultdict(
            lambda: Pace(per_minute, timedelta(minutes=1), clock)
        )
        self.faults: list[Fault] = []
        self.hook: Content = {}
        self.answered: list[str] = []
        self.typing: list[str] = []
        self.api = Api(self)
        ServedEmulator.__init__(self, Starlette(routes=routes(self.api)))

    @property
    def settings(self) -> dict[str, object]:
        """The account of the bot; the business accounts that it looks after are ours."""
        ours = list({CONNECTION: None} | dict.fromkeys(self.connections))
        way = {"poll": True} if self.polled else {"secret": self.secret}
        return {"token": self.token, "username": self.username, "host": self.url, "businesses": ours, **way}

    def connect(self, hook: str) -> None:
        """Set the webhook, as `setWebhook` does; Telegram asks it nothing. Nothing where the bot is polled."""
        if not self.polled:
            self.hook = {"url": hook, "secret_token": self.secret, "allowed_updates": list(ALLOWED)}

    def seen(self, who: str) -> Sequence[Seen]:
        """The messages of ours in their own chat."""
        theirs = self.person(who).id
        return [seen(one) for one in self.private(who).messages if sent_by(one) != theirs]

    def _pressed(self, who: str, message: str, button: Button) -> str:
        return self.tap(who, message, button.value)

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:
        """A picture as a photo, anything else as a file."""
        if media_type.startswith("image/"):
            return self.say(who, photo=[self.file(content, width=90, height=90)])
        return self.say(who, document=self.file(content, file_name=name, mime_type=media_type))

    def push(self) -> Sequence[int]:
        """Deliver in order; within a chat nothing comes before what was refused. Nothing where the bot is polled.

        What the webhook answers is carried out if it is a call.
        """
        if not self.hook:
            return ()
        with self.lock:
            waiting, self.updates = self.updates, []
        statuses, left, stopped = [], [], set()
        with httpx.Client(trust_env=False, timeout=30, verify=trusted()) as wire:
            for update in waiting:
                chat = self._chat_of(update)
                if chat in stopped:
                    left.append(update)
                    continue
                statuses.append(self._post(wire, update))
                if not 200 <= statuses[-1] < 300:
                    left.append(update)
                    stopped.add(chat)
        with self.lock:
            self.updates = left + self.updates
        return statuses

    def _post(self, wire: httpx.Client, update: Content) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(self.hook["secret_token"])}
        try:
            answer = wire.post(str(self.hook["url"]), json=update, headers=headers)
        except httpx.HTTPError:
            return 0
        if answer.is_success and answer.content:
            self.api.from_webhook(answer.content)
        return answer.status_code

    @staticmethod
    def _chat_of(update: Content) -> str:
        for body in update.values():
            if isinstance(body, dict):
                inner = body.get("message", body)
                chat = inner.get("chat") if isinstance(inner, dict) else None
                return str(chat.get("id")) if isinstance(chat, dict) else ""
        return ""
