"""The synchronous inbox is shared: who comes first opens it, who leaves last closes it."""

from __future__ import annotations

import threading

from omnichannel import Inbox
from tests.chat import Chat, delivery
from tests.engines import HandClock


def test_whoever_leaves_takes_nothing_away_from_the_others(clock: HandClock) -> None:
    """A view in one thread ends while another one is at work; in memory, to close it would be to lose it all."""
    inbox = Inbox("sqlite:///:memory:", [Chat("chat")], clock=clock)
    inside, leave, found = threading.Event(), threading.Event(), []

    def view() -> None:
        with inbox.sync() as box:
            box.receive("chat", delivery({"id": "1", "from": "anna", "text": "hello"}))
            inside.set()
            leave.wait(20)
            box.work()
            found.extend(box.conversations.open())

    thread = threading.Thread(target=view)
    thread.start()
    assert inside.wait(20)
    with inbox.sync() as box:
        assert box.conversations.open() == []
    leave.set()
    thread.join(20)
    assert len(found) == 1
    with inbox.sync() as box:
        assert box.conversations.open() == [], "the last one closed it"
