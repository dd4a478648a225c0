"""What became of calls in doubt: platforms are asked at growing distances, never for ever, and never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from omnichannel import Inbox, Rules
from omnichannel.channel import Call, Response
from omnichannel.errors import Busy
from omnichannel.model import (
    Address,
    Capabilities,
    Deferred,
    Delivered,
    Direction,
    Doubt,
    Happening,
    Message,
    Party,
    Receipt,
    Received,
    Refused,
    Sent,
    Text,
)
from omnichannel.store.outbox import Leased
from omnichannel.toolbox import found_among
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock

LOST = Response(failure="in_doubt", detail="lost after the first byte")
US = Party(address=Address(kind="chat", scope="shop", value="us"))
REFUSED = Response(status=400, body=b"no")


class Asked(Chat):
    """A chat whose platform can be asked, for a minute. `says` answers; `heard` are the moments of the questions."""

    can = Chat.can.model_copy(update={"finds": True, "settles": 60.0})

    def __init__(self, name: str, clock: HandClock, far: FarEnd | None = None) -> None:
        super().__init__(name, far)
        self.clock = clock
        self.says: Callable[[Call, Doubt], Receipt | None] = lambda _call, _doubt: None
        self.heard: list[tuple[str, int]] = []

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        self.heard.append((call.text, self.clock.micros))
        return self.says(call, doubt)


class Silent(Asked):
    """A chat that nothing is ever heard of any more, and that cannot be asked."""

    can: Capabilities = Chat.can.model_copy(update={"settles": 0.0})


class Counter:
    """One or several inboxes on one store, with the same account at the same platform."""

    def __init__(
        self, url: str, clock: HandClock, rules: Rules | None = None, kind: type[Asked] = Asked
    ) -> None:
        self.url, self.clock, self.rules, self.kind = url, clock, rules, kind
        self.chat = kind("chat", clock)
        self.opened: list[Inbox] = []
        self.inbox = self.again()

    def again(self) -> Inbox:
        """One more worker; the inbox is that one from now on."""
        self.inbox = Inbox(self.url, [self.chat], clock=self.clock, rules=self.rules)
        self.opened.append(self.inbox)
        return self.inbox

    async def conversation(self, who: str) -> str:
        """Somebody writes; the conversation."""
        await self.inbox.receive("chat", delivery({"id": f"in-{who}", "from": who, "text": f"I am {who}"}))
        await self.inbox.work()
        found = await self.inbox.conversations.open(most=1000)
        for one in found:
            said = await self.inbox.conversations.messages(one.id)
            if any(message.text == f"I am {who}" for message in said):
                return one.id
        raise AssertionError(who)

    async def doubtful(self, who: str = "anna", words: str = "hello") -> Message:
        """A message that was sent into the dark."""
        conversation = await self.conversation(who)
        self.chat.far.answers.append(LOST)
        said = await self.inbox.conversations.reply(conversation, words)
        while await self.inbox.send():
            pass
        return await self.inbox.conversations.message(said.id)

    async def wait(self, seconds: float) -> None:
        """Time goes by, a second at a time, and everything that is due is done."""
        for _ in range(int(seconds)):
            self.clock.advance(seconds=1)
            await self.inbox.work()

    async def sending(self, message: Message) -> Delivered:
        return (await self.inbox.conversations.message(message.id)).sendings[0]

    async def happened(self, what: str) -> list[Happening]:
        return [one for one in await self.inbox.events(most=100_000) if one.what == what]

    @property
    def moments(self) -> list[float]:
        """Seconds between the first question and each."""
        return [(at - self.chat.heard[0][1]) / 1e6 for _, at in self.chat.heard]


Counters = Callable[..., Counter]


@pytest.fixture
def counters(clock: HandClock) -> Iterator[Counters]:
    made: list[Counter] = []

    def make(url: str, **more: object) -> Counter:
        made.append(Counter(url, clock, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for counter in made:
        for inbox in counter.opened:
            asyncio.run(inbox.close())


@pytest.fixture
def counter(shared_url: str, counters: Counters) -> Counter:
    return counters(shared_url)


async def test_what_the_platform_has_was_sent(counter: Counter) -> None:
    """Under the platform's own id, so that later statuses find it."""
    said = await counter.doubtful()
    counter.chat.says = lambda _call, _doubt: Sent(external_id="theirs-7")
    await counter.inbox.work()
    sending = await counter.sending(said)
    assert (sending.status, sending.external_id, sending.possible_duplicate) == ("sent", "theirs-7", False)
    await counter.inbox.receive(
        "chat", delivery({"kind": "status", "id": "s", "targets": ["theirs-7"], "status": "read"})
    )
    await counter.inbox.work()
    assert (await counter.sending(said)).status == "read"
    assert counter.chat.far.said == []


async def test_the_distance_to_the_next_question_is_as_long_as_the_doubt_is_old(counter: Counter) -> None:
    """Seven questions in a minute, the last when it is over; then the doubt is a person's, told once."""
    said = await counter.doubtful()
    await counter.inbox.work()
    await counter.wait(200)
    assert counter.moments == [0, 5, 10, 20, 40, 60]
    assert (await counter.sending(said)).status == "unknown"
    (told,) = await counter.happened("message.undecided")
    assert told.message == said.id
    assert told.detail["call"] == said.sendings[0].call
    assert [message.id for message in await counter.inbox.in_doubt()] == [said.id]


async def test_a_restart_asks_nothing_anew(counter: Counter) -> None:
    said = await counter.doubtful()
    await counter.inbox.work()
    await counter.wait(12)
    counter.again()
    await counter.wait(100)
    assert counter.moments == [0, 5, 10, 20, 40, 60]
    assert len(await counter.happened("message.undecided")) == 1
    assert (await counter.sending(said)).status == "unknown"


async def test_a_worker_that_was_away_asks_once_and_says_so(counter: Counter) -> None:
    """However long it was away: the last question is always asked."""
    await counter.doubtful()
    counter.clock.advance(seconds=86_400)
    await counter.again().work()
    assert len(counter.chat.heard) == 1
    assert len(await counter.happened("message.undecided")) == 1


async def test_several_workers_ask_each_question_once(counter: Counter) -> None:
    await counter.doubtful()
    workers = [counter.inbox, counter.again(), counter.again()]
    for _ in range(70):
        await asyncio.gather(*(worker.ask() for worker in workers))
        counter.clock.advance(seconds=1)
    assert counter.moments == [0, 5, 10, 20, 40, 60]
    assert len(await counter.happened("message.undecided")) == 1


async def test_a_worker_that_dies_while_it_asks_last_leaves_the_doubt_to_another(counter: Counter) -> None:
    """Nothing in doubt grows old unseen."""
    said = await counter.doubtful()
    counter.clock.advance(seconds=61)

    def die(_call: Call, _doubt: Doubt) -> None:
        raise asyncio.CancelledError

    counter.chat.says = die
    with pytest.raises(asyncio.CancelledError):
        await counter.inbox.ask()
    assert await counter.happened("message.undecided") == []
    counter.chat.says = lambda _call, _doubt: None
    counter.again()
    await counter.wait(int(Rules().send_lease.total_seconds()) + 1)
    assert len(await counter.happened("message.undecided")) == 1
    assert (await counter.sending(said)).status == "unknown"


async def test_one_conversation_with_many_doubts_holds_up_no_other(counter: Counter) -> None:
    """Of each conversation one doubt at a time is asked about."""
    for words in ("one", "two", "three", "four"):
        conversation = await counter.conversation("anna")
        counter.chat.far.answers.append(LOST)
        await counter.inbox.conversations.reply(conversation, words)
        while await counter.inbox.send():
            pass
    await counter.doubtful("bob", "for bob")
    counter.chat.heard.clear()
    counter.clock.advance(seconds=5)
    assert await counter.inbox.ask() == 2
    assert sorted(text for text, _ in counter.chat.heard) == ["for bob", "one"]


async def test_who_wants_to_be_left_alone_is_left_alone(counter: Counter) -> None:
    """After "ask again in 30 seconds" the whole account is quiet for so long; trouble counts a few seconds."""
    anna, _bob = await counter.doubtful("anna"), await counter.doubtful("bob")

    def busy(_call: Call, _doubt: Doubt) -> Receipt:
        raise Busy(30, "slowly")

    counter.chat.heard.clear()
    counter.chat.says = busy
    await counter.inbox.work()
    heard = len(counter.chat.heard)
    assert heard <= 2
    await counter.wait(29)
    assert len(counter.chat.heard) == heard
    counter.chat.says = lambda call, doubt: Sent(external_id=f"{doubt.to.value}-{call.text}")
    await counter.wait(32)
    assert (await counter.sending(anna)).external_id == "anna-hello"
    assert await counter.inbox.in_doubt() == []


async def test_trouble_is_no_answer(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    """And what the trouble says is not logged: it may hold anything."""
    said = await counter.doubtful()

    def broken(_call: Call, _doubt: Doubt) -> Receipt:
        raise RuntimeError("the secret 4711")

    counter.chat.says = broken
    with caplog.at_level("INFO", "omnichannel"):
        await counter.wait(70)
    assert (await counter.sending(said)).status == "unknown"
    assert len(await counter.happened("message.undecided")) == 1
    assert "RuntimeError" in caplog.text
    assert "4711" not in caplog.text


def says_what_it_shows(counter: Counter, shown: list[str]) -> None:
    """The platform shows these messages of ours, all with the same words and at this moment."""

    def look(call: Call, doubt: Doubt) -> Receipt | None:
        events = [
            Received(
                external_id=one, direction=Direction.OUTBOUND, thread="t", sent_at=counter.clock.now(), sender=US,
                parts=(Text(text="hello"),),
            )
            for one in shown
        ]  # fmt: skip
        return found_among(events, call, doubt)

    counter.chat.says = look


async def test_the_same_words_said_twice_are_not_proven_by_one_message(counter: Counter) -> None:
    """It may be either; when both are there, both are. Of what is known to be another nothing is proven."""
    shown: list[str] = []
    says_what_it_shows(counter, shown)
    one, two = await counter.doubtful(), await counter.doubtful()
    shown.append("theirs-1")
    await counter.wait(30)
    assert [(await counter.sending(each)).status for each in (one, two)] == ["unknown", "unknown"]
    shown.append("theirs-2")
    await counter.wait(40)
    found = [(await counter.sending(each)) for each in (one, two)]
    assert sorted(each.external_id for each in found) == shown
    three = await counter.doubtful()
    await counter.wait(1)
    assert (await counter.sending(three)).status == "unknown"
    shown.append("theirs-3")
    await counter.wait(20)
    assert (await counter.sending(three)).external_id == "theirs-3"


async def test_where_no_words_are_shown_another_call_to_them_proves_nothing(
    counters: Counters, shared_url: str
) -> None:
    """A telephone rang: for what is said in a second call, which goes out while the platform is asked."""

    class Telephone(Asked):
        def render(self, draft):  # type: ignore[no-untyped-def]
            return [call.model_copy(update={"once": True}) for call in super().render(draft)]

    counter = counters(shared_url, kind=Telephone)
    rung: list[str] = []

    def look(_call: Call, doubt: Doubt) -> Receipt | None:
        unknown = [one for one in rung if one not in doubt.others]
        return Sent(external_id=unknown[0]) if len(unknown) > doubt.rivals else None

    counter.chat.says = look
    said = await counter.doubtful(words="your order is ready")
    await counter.inbox.conversations.reply(said.conversation, "your code is 4071")
    (other,) = await counter.inbox.lease_calls(1)
    rung.append("out-1")
    await counter.inbox.ask()
    assert (await counter.sending(said)).status == "unknown"
    await counter.inbox.make_call(other)
    await counter.wait(30)
    assert (await counter.sending(said)).status == "unknown"
    rung.append("out-2")
    await counter.wait(30)
    assert (await counter.sending(said)).external_id == "out-2"


async def test_who_is_asked_last_is_not_given_the_copy_of_the_first(counter: Counter) -> None:
    """A worker dies while it asks about the older call: that one's copy proves nothing of the younger."""
    shown: list[str] = []
    says_what_it_shows(counter, shown)
    older, younger = await counter.doubtful(), await counter.doubtful()
    counter.clock.advance(seconds=3)
    shown.append("the older one's")
    await counter.inbox.ask()
    await counter.inbox.ask(every=True)
    assert [(await counter.sending(each)).status for each in (older, younger)] == ["unknown", "unknown"]


async def test_what_is_said_while_the_platform_is_asked_proves_nothing_of_what_is_in_doubt(
    counter: Counter,
) -> None:
    """The same words go out once more meanwhile, and are what the platform shows."""
    shown: list[str] = []
    says_what_it_shows(counter, shown)
    said = await counter.doubtful()
    look = counter.chat.says
    leased: list[Leased] = []

    class Slow(Asked):
        async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
            await inbox.conversations.reply(said.conversation, "hello")
            leased.extend(await inbox.lease_calls(1))
            shown.append("the second one's")
            return look(call, doubt)

    slow = Slow("chat", counter.clock, counter.chat.far)
    inbox = Inbox(counter.url, [slow], clock=counter.clock)
    counter.opened.append(inbox)
    await inbox.ask()
    assert len(leased) == 1
    assert (await counter.sending(said)).status == "unknown"


async def test_an_answer_that_comes_too_late_proves_nothing_of_another(counter: Counter) -> None:
    """Even if the channel does not look at what is known already."""
    one, two = await counter.doubtful("anna"), await counter.doubtful("bob")
    counter.chat.says = lambda _call, _doubt: Sent(external_id="theirs-1")
    await counter.wait(70)
    assert sorted([(await counter.sending(each)).status for each in (one, two)]) == ["sent", "unknown"]


async def test_what_the_platform_proves_to_lack_is_sent(counter: Counter) -> None:
    said = await counter.doubtful()
    counter.chat.says = lambda _call, _doubt: Deferred(after=3, detail="no such message")
    await counter.inbox.ask()
    assert (await counter.sending(said)).status == "queued"
    await counter.wait(4)
    sending = await counter.sending(said)
    assert (sending.status, sending.possible_duplicate) == ("sent", False)
    assert len(counter.chat.far.said) == 1


async def test_what_the_platform_says_it_will_not_take_has_failed(counter: Counter) -> None:
    """And nothing of the message goes out behind it."""
    said = await counter.doubtful(words="one|two")
    counter.chat.says = lambda _call, _doubt: Refused(code="invalid", detail="no such address")
    await counter.inbox.work()
    sendings = (await counter.inbox.conversations.message(said.id)).sendings
    assert [one.status for one in sendings] == ["failed", "cancelled"]


async def test_a_person_may_decide_while_the_platform_is_asked(counter: Counter) -> None:
    """Then what the platform says comes too late."""
    said = await counter.doubtful()
    decided = asyncio.Event()

    class Slow(Asked):
        async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
            decided.set()
            while (await inbox.in_doubt()) != []:
                await asyncio.sleep(0)
            return Sent(external_id="theirs")

    slow = Slow("chat", counter.clock, counter.chat.far)
    inbox = Inbox(counter.url, [slow], clock=counter.clock)
    counter.opened.append(inbox)
    asking = asyncio.create_task(inbox.ask())
    await decided.wait()
    await counter.inbox.resolve(said.sendings[0].call, "given_up")
    await asking
    assert (await counter.sending(said)).status == "failed"


# ------------------------------------------------------------------------------------------- policy


RESEND = Rules(in_doubt="resend")


async def test_by_default_what_stays_in_doubt_is_held(shared_url: str, counters: Counters) -> None:
    """A channel of which nothing is ever heard: it is a person's at once."""
    counter = counters(shared_url, kind=Silent)
    said = await counter.doubtful()
    await counter.inbox.work()
    assert len(await counter.happened("message.undecided")) == 1
    await counter.wait(600)
    assert (await counter.sending(said)).status == "unknown"
    assert counter.chat.heard == []
    assert counter.chat.far.said == []


@pytest.mark.parametrize("policy", ["resend", {"chat": "resend"}])
async def test_sent_once_more_it_says_that_it_may_be_there_twice(
    shared_url: str, counters: Counters, policy: object
) -> None:
    counter = counters(shared_url, kind=Silent, rules=Rules(in_doubt=policy))  # type: ignore[arg-type]
    said = await counter.doubtful()
    await counter.wait(5)
    sending = await counter.sending(said)
    assert (sending.status, sending.possible_duplicate) == ("sent", True)
    assert len(await counter.happened("message.resent")) == 1
    assert len(counter.chat.far.said) == 1


async def test_the_policy_of_another_account_changes_nothing(shared_url: str, counters: Counters) -> None:
    counter = counters(shared_url, kind=Silent, rules=Rules(in_doubt={"other": "resend"}))
    said = await counter.doubtful()
    await counter.wait(5)
    assert (await counter.sending(said)).status == "unknown"


async def test_it_is_sent_once_more_only_when_the_time_is_over(shared_url: str, counters: Counters) -> None:
    counter = counters(shared_url, rules=RESEND)
    said = await counter.doubtful()
    await counter.wait(59)
    assert (await counter.sending(said)).status == "unknown"
    await counter.wait(2)
    assert (await counter.sending(said)).status == "sent"


async def test_it_is_sent_once_more_at_most_once(shared_url: str, counters: Counters) -> None:
    """In doubt a second time, it is asked about again, and then it is a person's."""
    counter = counters(shared_url, rules=RESEND)
    said = await counter.doubtful()
    counter.chat.far.answers.append(LOST)
    await counter.wait(600)
    sending = await counter.sending(said)
    assert (sending.status, sending.possible_duplicate) == ("unknown", True)
    assert len(await counter.happened("message.resent")) == 1
    assert len(await counter.happened("message.undecided")) == 1
    assert counter.moments[:2] == [0, 5]
    assert len(counter.moments) == 12


async def test_refused_the_second_time_it_may_still_have_arrived_the_first(
    shared_url: str, counters: Counters
) -> None:
    """It has not failed for that; it can only not be there twice. The platform is asked once more."""
    counter = counters(shared_url, rules=RESEND)
    said = await counter.doubtful()
    counter.chat.far.answers.append(REFUSED)
    await counter.wait(62)
    sending = await counter.sending(said)
    assert (sending.status, sending.possible_duplicate) == ("unknown", False)
    assert "the second time: invalid" in sending.detail
    counter.chat.says = lambda _call, _doubt: Sent(external_id="theirs-1")
    await counter.wait(30)
    sending = await counter.sending(said)
    assert (sending.status, sending.possible_duplicate) == ("sent", False)


async def test_what_costs_every_time_is_never_sent_once_more_by_itself(
    shared_url: str, counters: Counters
) -> None:
    class Costly(Silent):
        def render(self, draft):  # type: ignore[no-untyped-def]
            return [call.model_copy(update={"once": True}) for call in super().render(draft)]

    counter = counters(shared_url, kind=Costly, rules=RESEND)
    said = await counter.doubtful()
    await counter.wait(600)
    assert (await counter.sending(said)).status == "unknown"
    assert counter.chat.far.said == []


async def test_what_was_sent_once_more_and_is_seen_coming_back_was_sent(
    shared_url: str, counters: Counters
) -> None:
    counter = counters(shared_url, kind=Silent, rules=RESEND)
    said = await counter.doubtful()
    counter.chat.far.answers.append(LOST)
    await counter.wait(5)
    await counter.inbox.receive(
        "chat",
        delivery({"id": "echo", "from": "us", "to": "anna", "text": "hello", "correlator": f"{said.id}/0"}),
    )
    await counter.inbox.work()
    sending = await counter.sending(said)
    assert (sending.status, sending.possible_duplicate) == ("sent", True)


async def test_what_was_left_to_a_person_can_be_asked_about_once_more(
    shared_url: str, counters: Counters
) -> None:
    """It is settled by what the platform has; otherwise nothing changes, and nobody is told again."""
    counter = counters(shared_url, rules=RESEND)
    said = await counter.doubtful()
    counter.chat.far.answers.append(LOST)
    await counter.wait(130)
    assert await counter.inbox.ask() == 0
    before = (await counter.sending(said), len(counter.chat.heard), await counter.inbox.events(most=1000))
    assert await counter.inbox.ask(every=True) == 1
    assert len(counter.chat.heard) == before[1] + 1
    assert (await counter.sending(said), await counter.inbox.events(most=1000)) == (before[0], before[2])
    counter.chat.says = lambda _call, _doubt: Sent(external_id="theirs")
    assert await counter.inbox.ask(every=True) == 1
    assert (await counter.sending(said)).status == "sent"
    assert await counter.inbox.ask(every=True) == 0


async def test_the_running_inbox_asks_by_itself(counter: Counter) -> None:
    """No script has to call `ask`."""
    said = await counter.doubtful()
    counter.chat.says = lambda _call, _doubt: Sent(external_id="theirs")
    stop = asyncio.Event()

    async def watch() -> None:
        while (await counter.sending(said)).status != "sent":
            await asyncio.sleep(0.01)
        stop.set()

    async with asyncio.timeout(20):
        await asyncio.gather(counter.inbox.run(stop=stop), watch())


def test_a_wait_of_nothing_is_no_wait() -> None:
    """`resends` by name and for all."""
    assert Rules(in_doubt="resend").resends("any")
    assert not Rules().resends("any")
    assert Rules(first_pause=timedelta(seconds=1), in_doubt={"a": "resend"}).resends("a")
