"""One app's webhook, as Meta keeps it: set up by a challenge, signed, and delivered again until it is taken."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from omnichannel.tls import trusted

Content = dict[str, object]


@dataclass
class Hook:
    """What waits for the webhook of an app. `object` is whom it is about, in Meta's word."""

    object: str
    home: str
    app_secret: str
    verify_token: str
    clock: Callable[[], datetime]
    url: str = ""
    waiting: list[Content] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def connect(self, url: str) -> None:
        """Set the webhook as the dashboard does: ask it the challenge first. Raises ValueError if it fails."""
        challenge = str(1_158_201_444 + len(url))
        asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self.verify_token}
        answer = httpx.get(url, params=asked, timeout=10, trust_env=False, verify=trusted())
        if answer.status_code != 200 or answer.text != challenge:
            raise ValueError(f"the webhook did not answer the challenge: HTTP {answer.status_code}")
        self.url = url

    def changed(self, name: str, value: Content) -> None:
        """A field changed (times of changes are in seconds)."""
        self.added({"time": self.seconds(), "changes": [{"field": name, "value": value}]})

    def messaged(self, item: Content) -> None:
        """Something happened in a conversation (times of messages are in milliseconds)."""
        self.added({"time": self.milliseconds(), "messaging": [item]})

    def added(self, entry: Content) -> None:
        """Any further entry, without its `id`."""
        with self._lock:
            self.waiting.append({"id": self.home, **entry})

    def push(self, *, together: int = 1, times: int = 1) -> Sequence[int]:
        """Deliver what waits, some entries `together`, each body so many `times`; the statuses.

        What is not answered with 200 waits on. Without a webhook everything waits.
        """
        if not self.url:
            return ()
        with self._lock:
            waiting, self.waiting = self.waiting, []
        statuses: list[int] = []
        for start in range(0, len(waiting), together):
            batch = waiting[start : start + together]
            found = [self._post(batch) for _ in range(times)]
            statuses += found
            if 200 not in found:
                with self._lock:
                    self.waiting += batch
        return statuses

    def lose(self) -> int:
        """Give up what waits; how many entries that were."""
        with self._lock:
            lost, self.waiting = len(self.waiting), []
        return lost

    def _post(self, entries: list[Content]) -> int:
        body, headers = self.signed({"object": self.object, "entry": entries})
        try:
            return httpx.post(
                self.url, content=body, headers=headers, timeout=10, trust_env=False, verify=trusted()
            ).status_code
        except httpx.HTTPError:
            return 0

    def signed(self, value: Content) -> tuple[bytes, dict[str, str]]:
        """A body, escaped as Meta does it (other scripts, slashes), and the headers that prove it."""
        body = json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
        mac = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        return body, {"content-type": "application/json", "x-hub-signature-256": f"sha256={mac}"}

    def seconds(self) -> int:
        """Now."""
        return int(self.clock().timestamp())

    def milliseconds(self) -> int:
        """Now."""
        return int(self.clock().timestamp() * 1000)
