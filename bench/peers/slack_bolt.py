"""slack-bolt: Slack, which we do not read; its body is about as large as a text on Messenger, which it is set
beside.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from bench.peers import Peer, Taker
from bench.peers.bodies import SIGNING, Post

KIND = "Slack text"


class Counting(Taker):
    """An app with one handler, without asking Slack who we are."""

    at_once = True

    def __init__(self, bolt: Any) -> None:
        known = import_module("slack_bolt.authorization").AuthorizeResult(
            enterprise_id=None, team_id="T0123456789", bot_user_id="B", bot_id="B", bot_token="xoxb-1"
        )
        self._app = bolt.App(
            signing_secret=SIGNING, authorize=lambda **_: known, process_before_response=True
        )
        self._app.event("message")(self._handle)
        self._request = bolt.BoltRequest

    def _handle(self, event: object) -> None:  # its framework passes what the parameter's name asks for
        assert event
        self.handled += 1

    async def take(self, post: Post) -> None:
        """Take one webhook."""
        request = self._request(body=post.body.decode(), headers=post.headers)
        assert self._app.dispatch(request).status == 200


def peer() -> Peer:
    """The library; raises ImportError without it."""
    bolt = import_module("slack_bolt")

    @asynccontextmanager
    async def taker() -> AsyncIterator[Counting]:
        yield Counting(bolt)

    return Peer("slack-bolt", {}, {KIND: taker})
