"""A telephone call at the desk: there before its words are, and routed by them when they were written down."""

from __future__ import annotations

from omnichannel import Inbox
from omnichannel.channel import Batch
from omnichannel.desk import Route, Then, When
from tests.channels.voice.given import account, webhook
from tests.desk.test_sorting import plan
from tests.engines import HandClock

CALLS = Route(name="calls", when=When(kinds=("voice",)), then=Then(tags=("call",)))
INVOICES = Route(name="invoices", when=When(words=("invoice",)), then=Then(team="sales"))


async def test_a_call_is_routed_when_its_words_come(clock: HandClock) -> None:
    inbox = Inbox(
        "sqlite:///:memory:", [account()], clock=clock, desk=plan(routes=(INVOICES, CALLS), again=())
    )
    told = (
        {"CallStatus": "ringing"},
        {"CallStatus": "completed", "CallDuration": "9"},
        {"TranscriptionStatus": "completed", "TranscriptionSid": "TR1", "RecordingSid": "RE1",
         "TranscriptionText": "Where is my invoice?"},
    )  # fmt: skip
    routes = []
    for number, fields in enumerate(told):
        await inbox.keep("voice", "told", Batch(deliveries=(webhook(**fields),), cursor=str(number)))
        await inbox.work()
        [queued] = [one for team in ("service", "sales") for one in await inbox.desk.queue(team)]
        routes.append((queued.route, queued.team, queued.routed, len(queued.open_questions)))
        clock.advance(minutes=1)
    assert routes == [("calls", "service", 1, 0), ("calls", "service", 1, 0), ("invoices", "sales", 2, 1)]
    assert queued.tags == ("call",)
    assert len(await inbox.desk.routes.readings(queued.conversation.id)) == 1
    await inbox.close()
