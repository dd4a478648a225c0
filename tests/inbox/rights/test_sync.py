"""The rights without `await` do what their namesakes do."""

from __future__ import annotations

from tests.chat import delivery
from tests.engines import HandClock
from tests.inbox.desk import Desk
from tests.inbox.rights.life import ANNA, item


def test_every_right_can_be_had_without_await(clock: HandClock) -> None:
    with Desk("sqlite:///:memory:", clock).inbox.sync() as box:
        box.receive("chat", delivery(item("1", ANNA, "kastanje")))
        box.work()
        anna = box.customers.find(ANNA)
        assert anna is not None
        assert [message.text for message in box.identity.export(anna.id, actor="zoe").messages] == [
            "kastanje"
        ]
        assert len(box.identity.freeze(anna.id, actor="zoe")) == 1
        assert box.conversations.open() == []
        assert len(box.conversations.open(frozen=True)) == 1
        assert box.conversations.closed(frozen=True) == []
        assert len(box.identity.unfreeze(anna.id, actor="zoe")) == 1
        assert len(box.identity.object(anna.id, actor="zoe")) == 1
        assert len(box.identity.unobject(anna.id, actor="zoe")) == 1
        proof = box.identity.erase(anna.id, actor="zoe", because="ticket 17", scrub=False)
        assert proof.removed["messages"] == 1
        assert box.identity.erase_again(proof, actor="zoe").scrubbed
        assert box.identity.scrub() == []
        assert box.customers.find(ANNA) is None
