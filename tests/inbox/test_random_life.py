"""A random life against a small model of what an inbox is: whatever happens, both say the same.

Messages, duplicates, replies, lost answers, statuses, crashes, merges and unmerges, people who are to be forgotten, and
time that passes.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from omnichannel.errors import Conflict, NotFound
from tests.chat import delivery
from tests.engines import HandClock, Postgres
from tests.inbox.desk import LOST, REFUSED, Desk, at

WHO = ("anna", "ben", "cid")
RANK = ("sent", "failed", "delivered", "read").index


class Life(RuleBasedStateMachine):
    """The model: what was said, by whom, what became of our answers, and who is one customer."""

    def fresh(self) -> str:
        self.folder = TemporaryDirectory(prefix="omni-life-")
        return f"sqlite:///{self.folder.name}/a.db"

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.desk = Desk(self.fresh(), HandClock())
        self.abandoned: list[Any] = []
        self.numbers = 0
        self.heard: dict[str, str] = {}
        self.forgotten: dict[str, tuple[str, str]] = {}
        self.unread: list[dict[str, str]] = []
        self.handled: set[str] = set()
        self.answers: dict[str, str] = {}
        self.decisions: list[list[str]] = []
        self._hire()

    def do(self, story: Any) -> Any:
        return self.loop.run_until_complete(story)

    def _hire(self) -> None:
        """The handler answers whatever begins with a question mark."""

        @self.desk.inbox.on_message
        async def answer(incoming: Any) -> None:
            self.handled.add(incoming.message.external_id)
            if incoming.message.text.startswith("?"):
                await incoming.reply(f"re {incoming.message.external_id}")

    # ------------------------------------------------------------------------------------------ what happens

    @rule(who=st.sampled_from(WHO), asks=st.booleans(), read=st.booleans())
    def somebody_writes(self, who: str, asks: bool, read: bool) -> None:
        self.numbers += 1
        item = self._item(f"m{self.numbers}", who, asks=asks)
        self.do(self.desk.inbox.receive("chat", delivery(item)))
        self.heard[item["id"]] = who
        if asks:
            self.answers[f"re {item['id']}"] = ""
        if read:
            self.do(self.desk.inbox.read())

    @staticmethod
    def _item(number: str, who: str, *, asks: bool) -> dict[str, str]:
        return {"id": number, "from": who, "text": f"{'?' if asks else '.'}{number[1:]}"}

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def a_duplicate_comes(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.heard)))
        item = self._item(number, self.heard[number], asks=f"re {number}" in self.answers)
        self.do(self.desk.inbox.receive("chat", delivery(item)))

    @rule(who=st.sampled_from(WHO))
    def somebody_is_to_be_forgotten(self, who: str) -> None:
        """With everything that they said, read or not, wherever they are one customer with."""
        found = self.do(self.desk.inbox.customers.find(at(who)))
        if found is None:
            return
        self.do(self.desk.inbox.identity.erase(found.id, actor="zoe", scrub=False))
        theirs = {reached.address.value for reached in found.addresses}
        for number in [number for number, writer in self.heard.items() if writer in theirs]:
            answer = f"re {number}"
            self.forgotten[number] = (self.heard.pop(number), "?" if answer in self.answers else "")
            self.answers.pop(answer, None)
            self.handled.discard(number)
        self.desk.clock.advance(seconds=1)  # what comes at the very moment counts as said before it

    @precondition(lambda self: self.forgotten)
    @rule(data=st.data())
    def what_was_forgotten_comes_again(self, data: st.DataObject) -> None:
        """It stays forgotten: the model does not hear of it."""
        number = data.draw(st.sampled_from(sorted(self.forgotten)))
        who, asks = self.forgotten[number]
        self.do(self.desk.inbox.receive("chat", delivery(self._item(number, who, asks=bool(asks)))))

    @rule(step=st.sampled_from(["read", "handle", "send", "work"]))
    def a_worker_works(self, step: str) -> None:
        self.do(getattr(self.desk.inbox, step)())

    @rule(answer=st.sampled_from([LOST, REFUSED]))
    def the_platform_will_fail_once(self, answer: Any) -> None:
        if len(self.desk.far["chat"].answers) < 3:
            self.desk.far["chat"].answers.append(answer)

    @precondition(lambda self: self.desk.far["chat"].said)
    @rule(data=st.data(), status=st.sampled_from(["delivered", "read", "failed"]))
    def a_status_comes(self, data: st.DataObject, status: str) -> None:
        far = self.desk.far["chat"]
        number = data.draw(st.integers(1, len(far.said)))
        self.numbers += 1
        item = {"id": f"s{self.numbers}", "kind": "status", "status": status, "targets": [f"out-{number}"]}
        self.do(self.desk.inbox.receive("chat", delivery(item)))
        text = far.said[number - 1]["text"]
        if text in self.answers:
            known = self.answers[text] or "sent"
            self.answers[text] = max(known, status, key=RANK)

    @rule(minutes=st.sampled_from([1, 6, 60, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        self.desk.clock.advance(minutes=minutes)

    @rule()
    def it_crashes_and_starts_again(self) -> None:
        """Nothing is closed, drained or told: the old inbox is simply not used any more."""
        self.abandoned.append(self.desk.inbox)
        self.desk.again()
        self._hire()

    @rule(pair=st.permutations(WHO))
    def an_operator_merges(self, pair: list[str]) -> None:
        with suppress(Conflict, NotFound):
            self.do(self.desk.inbox.identity.merge(at(pair[0]), at(pair[1]), actor="zoe"))
            assert self._together(*pair[:2])

    @rule(pair=st.permutations(WHO))
    def an_operator_unmerges(self, pair: list[str]) -> None:
        with suppress(Conflict, NotFound):
            box = self.desk.inbox.identity
            self.decisions.append(self.do(box.unmerge(at(pair[0]), at(pair[1]), actor="zoe")))
            assert not self._together(*pair[:2])

    @precondition(lambda self: self.decisions)
    @rule()
    def an_operator_takes_it_back(self) -> None:
        with suppress(NotFound):  # it was about somebody who is forgotten
            self.do(self.desk.inbox.identity.undo(self.decisions.pop(), actor="zoe"))

    def _together(self, one: str, other: str) -> bool:
        first, second = (self.do(self.desk.customer(who)) for who in (one, other))
        return first == second

    # ---------------------------------------------------------------------------------------- what must hold

    @invariant()
    def every_conversation_is_gapless(self) -> None:
        for conversation in self.do(self.desk.conversations()):
            said = self.do(self.desk.inbox.conversations.messages(conversation.id))
            assert [message.seq for message in said] == list(range(1, conversation.messages + 1))

    @invariant()
    def nothing_is_there_that_was_not_said(self) -> None:
        messages = self.do(self.desk.everything())
        inbound = [message for message in messages if message.direction == "inbound"]
        assert len({message.external_id for message in inbound}) == len(inbound)
        for message in inbound:
            assert message.author is not None
            assert self.heard[message.external_id] == message.author.address.value

    @invariant()
    def nothing_is_said_twice(self) -> None:
        said = self.desk.said()
        assert len(set(said)) == len(said)

    def teardown(self) -> None:
        """In the end all is told, and both agree on everything."""
        if not hasattr(self, "loop"):
            return
        self.desk.clock.advance(days=1)
        self.do(self.desk.inbox.work())
        self._agree()
        for box in (self.desk.inbox, *self.abandoned):
            self.do(box.close())
        self.loop.close()
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def _agree(self) -> None:
        messages = self.do(self.desk.everything())
        inbound = {m.external_id for m in messages if m.direction == "inbound"}
        assert inbound == set(self.heard)
        assert self.handled == set(self.heard), "every message was handled at least once"
        outbound = {m.text: m for m in messages if m.direction == "outbound"}
        assert set(outbound) == set(self.answers)
        for text, message in outbound.items():
            (sending,) = message.sendings
            if self.answers[text]:
                assert sending.status == self.answers[text], text
            elif text in self.desk.said():
                assert sending.status == "sent"
            else:
                assert sending.status in ("unknown", "failed")
        assert self.do(self.desk.inbox.parked()) == []
        for customer in self.do(self.desk.customers()):
            mine = {reached.address.value for reached in customer.addresses}
            timeline = self.do(self.desk.inbox.customers.timeline(customer.id))
            theirs = {m.external_id for m in timeline if m.direction == "inbound"}
            assert theirs == {number for number, who in self.heard.items() if who in mine}


QUICK = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
def test_a_random_life_on_sqlite() -> None:
    run_state_machine_as_test(Life, settings=QUICK)


@pytest.mark.slow
def test_a_random_life_on_postgres(postgres: Postgres) -> None:
    class There(Life):
        def fresh(self) -> str:
            return postgres.ready()

    run_state_machine_as_test(There, settings=settings(QUICK, max_examples=3, stateful_step_count=20))
