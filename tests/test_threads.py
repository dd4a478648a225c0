"""Which conversation a message belongs to: the whole table, and those who try to get into another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.errors import UsageError
from omnichannel.threads import Candidate, Context, Decision, Policy, correct, decide

DAY = 86_400_000_000
NOW = 1000 * DAY

THREAD, TOKEN, MARK, REFERENCE, OPEN = 1, 2, 3, 4, 5


def conversation(number: int, *, days: float = 0, is_open: bool = True, takes_part: bool = True) -> Candidate:
    return Candidate(id=number, last_at=NOW - int(days * DAY), is_open=is_open, sender_takes_part=takes_part)


def closed(number: int, days: float = 0, *, takes_part: bool = True) -> Candidate:
    return conversation(number, days=days, is_open=False, takes_part=takes_part)


thread, token, marked, reference, going_on = (conversation(n) for n in (THREAD, TOKEN, MARK, REFERENCE, OPEN))
foreign = conversation(REFERENCE, takes_part=False)

# What the store found: (what is known, conversation, reason, reopen, suggested).
TABLE = {
    "nothing is known": ({}, None, "new", False, None),
    # The platform's thread
    "a chat goes on": ({"platform_thread": thread}, THREAD, "platform_thread", False, None),
    "a chat goes on, however long ago": ({"platform_thread": conversation(THREAD, days=400)}, THREAD, "platform_thread", False, None),
    "a chat goes on, proven or not": ({"platform_thread": thread, "proven": False}, THREAD, "platform_thread", False, None),
    "the thread comes before everything": (
        {"platform_thread": thread, "marked": marked, "referenced": foreign, "open": going_on},
        THREAD, "platform_thread", False, None,
    ),
    "an open thread comes before a token, which is suggested": ({"platform_thread": thread, "token": token}, THREAD, "platform_thread", False, TOKEN),
    "a token of the same conversation": ({"platform_thread": thread, "token": conversation(THREAD)}, THREAD, "platform_thread", False, None),
    "a chat that was just closed is reopened": ({"platform_thread": closed(THREAD, 3)}, THREAD, "platform_thread", True, None),
    "a chat that was closed long ago": ({"platform_thread": closed(THREAD, 3.01)}, None, "late", False, THREAD),
    "a chat closed long ago, with a question open elsewhere": (
        {"platform_thread": closed(THREAD, 30), "open": going_on}, OPEN, "customer", False, None,
    ),
    "a token beats a thread that is closed": ({"platform_thread": closed(THREAD), "token": token}, TOKEN, "token", False, None),
    "a public thread of the sender's": ({"platform_thread": thread, "public": True, "threads": True}, THREAD, "platform_thread", False, None),
    # The token
    "a token carries on": ({"token": token, "open": going_on, "marked": marked}, TOKEN, "token", False, None),
    "a token reopens": ({"token": closed(TOKEN, 90)}, TOKEN, "token", True, None),
    "a token needs no participant: that is its use": ({"token": conversation(TOKEN, takes_part=False)}, TOKEN, "token", False, None),
    "a token in public carries nothing": ({"token": token, "public": True}, None, "public", False, TOKEN),
    "a token in public does not beat a closed thread": (
        {"platform_thread": closed(THREAD), "token": token, "public": True}, THREAD, "platform_thread", True, TOKEN,
    ),
    # An answer
    "an answer to our mail": ({"marked": marked, "referenced": foreign}, MARK, "mark", False, None),
    "an answer to our mail, proven or not": ({"marked": marked, "proven": False}, MARK, "mark", False, None),
    "an answer to a closed one": ({"marked": closed(MARK, 30)}, MARK, "mark", True, None),
    "an answer to one closed long ago": ({"marked": closed(MARK, 30.01)}, None, "late", False, MARK),
    "a reference by a participant": ({"referenced": reference}, REFERENCE, "reference", False, None),
    "a reference by an unproven participant": ({"referenced": reference, "proven": False}, REFERENCE, "reference", False, None),
    "a reference to a closed one": ({"referenced": closed(REFERENCE, 30)}, REFERENCE, "reference", True, None),
    "a reference to one closed long ago": ({"referenced": closed(REFERENCE, 31)}, None, "late", False, REFERENCE),
    "the mark is too old, the reference is not": ({"marked": closed(MARK, 31), "referenced": reference}, REFERENCE, "reference", False, None),
    # Strangers
    "a stranger with a reference": ({"referenced": foreign}, None, "stranger", False, REFERENCE),
    "a stranger with a question of their own": ({"referenced": foreign, "open": going_on}, None, "stranger", False, REFERENCE),
    "a stranger in a public thread": (
        {"platform_thread": conversation(THREAD, takes_part=False), "public": True}, None, "stranger", False, THREAD,
    ),
    "a stranger in a public thread answers what concerns them": (
        {"platform_thread": conversation(THREAD, takes_part=False), "referenced": reference, "public": True},
        REFERENCE, "reference", False, None,
    ),
    # The customer's open conversation
    "a new channel is the same question": ({"open": going_on}, OPEN, "customer", False, None),
    "also where threads are questions": ({"open": going_on, "threads": True}, OPEN, "customer", False, None),
    "also a chat that it was on before": ({"open": going_on, "has_thread_on_account": True}, OPEN, "customer", False, None),
    "a new thread on the same account is a new one": (
        {"open": going_on, "threads": True, "has_thread_on_account": True}, None, "question", False, OPEN,
    ),
    "only for who is proven": ({"open": going_on, "proven": False}, None, "unproven", False, OPEN),
    "within a week": ({"open": conversation(OPEN, days=7)}, OPEN, "customer", False, None),
    "not after a week": ({"open": conversation(OPEN, days=7.01)}, None, "late", False, OPEN),
    "not if it was closed after all": ({"open": closed(OPEN)}, None, "late", False, OPEN),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_table(case: str) -> None:
    known, *expected = TABLE[case]
    found = decide(Context(**{"now": NOW, "proven": True} | known))
    assert [found.conversation, found.reason, found.reopen, found.suggested] == expected
    assert found.because


def test_the_policy_says_how_long() -> None:
    patient = Policy(
        reopen_within=timedelta(days=10),
        answer_within=timedelta(days=100),
        continue_within=timedelta(days=20),
    )
    for known in (
        {"platform_thread": closed(THREAD, 9)},
        {"marked": closed(MARK, 99)},
        {"referenced": closed(REFERENCE, 99)},
        {"open": conversation(OPEN, days=19)},
    ):
        context = Context(now=NOW, proven=True, **known)
        assert decide(context).reason == "late"
        assert decide(replace(context, policy=patient)).conversation is not None


def test_a_clock_that_was_set_back_closes_nothing() -> None:
    later = conversation(OPEN, days=-1)
    assert decide(Context(now=NOW, proven=True, open=later)).conversation == OPEN


# --- every combination ----------------------------------------------------------------------------------------


def every_context() -> list[Context]:
    def each(number: int) -> list[Candidate | None]:
        return [
            None,
            conversation(number),
            conversation(number, takes_part=False),
            closed(number),
            closed(number, 99),
        ]

    flags = list(product([False, True], repeat=4))
    return [
        Context(
            now=NOW, proven=proven, platform_thread=a, token=b, marked=c, referenced=d, open=e,
            threads=threads, has_thread_on_account=there, public=public,
        )
        for a, b, c, d, e in product(each(THREAD), each(TOKEN)[:3], each(MARK)[:2], each(REFERENCE), each(OPEN)[:2])
        for proven, threads, there, public in flags
    ]  # fmt: skip


CONTEXTS = every_context()


def candidates(context: Context) -> dict[int, Candidate]:
    several = (context.platform_thread, context.token, context.marked, context.referenced, context.open)
    return {found.id: found for found in several if found}


def test_every_decision_is_one_of_what_was_found_and_has_a_reason() -> None:
    for context in CONTEXTS:
        found = decide(context)
        known = candidates(context)
        assert found.conversation is None or found.conversation in known
        assert found.suggested is None or found.suggested in known
        assert found.conversation != found.suggested or found.conversation is None
        assert found.because
        assert found.reopen == (found.conversation is not None and not known[found.conversation].is_open)
        assert (found.conversation is None) == (
            found.reason in ("stranger", "public", "late", "unproven", "question", "new")
        )


def test_impostors_get_into_no_conversation() -> None:
    """T23, T25, T28: who neither proves who they are, nor brings back what only a participant was given, nor
    takes part in what they refer to, gets a new conversation, whatever else there is."""
    for context in CONTEXTS:
        vouched = context.platform_thread is not None and not context.public
        carried = context.token is not None and not context.public
        takes_part = context.referenced is not None and context.referenced.sender_takes_part
        public_part = context.platform_thread is not None and context.platform_thread.sender_takes_part
        if not (context.proven or vouched or carried or context.marked or takes_part or public_part):
            assert decide(context).conversation is None


def test_a_stranger_is_never_put_into_what_they_refer_to() -> None:
    for context in CONTEXTS:
        if context.referenced and not context.referenced.sender_takes_part:
            assert decide(context).conversation != REFERENCE


def test_in_public_nobody_gets_where_they_do_not_take_part() -> None:
    for context in CONTEXTS:
        if context.public:
            found = decide(context)
            assert found.conversation != TOKEN
            assert (
                found.conversation not in (THREAD, REFERENCE)
                or candidates(context)[found.conversation].sender_takes_part
            )


@given(st.sampled_from(CONTEXTS))
def test_the_same_facts_the_same_decision(context: Context) -> None:
    assert decide(context) == decide(replace(context))


# --- corrections ----------------------------------------------------------------------------------------------


def test_a_correction_is_a_decision_too() -> None:
    moved = correct("moved", actor="kim", messages=1, of=3, source=1, target=2)
    assert moved == Decision(2, "moved", "moved by kim")
    assert (
        correct("joined", actor="", messages=3, of=3, source=1, target=2).because == "joined by an operator"
    )
    assert correct("split", actor="kim", messages=2, of=3, source=1, target=None).conversation is None


@pytest.mark.parametrize(
    ("what", "messages", "target", "complaint"),
    [
        ("moved", 1, 1, "already"),
        ("joined", 3, 1, "already"),
        ("moved", 0, 2, "0 of 3"),
        ("moved", 4, 2, "4 of 3"),
        ("joined", 2, 2, "a join takes all"),
        ("split", 3, None, "leaves some"),
        ("split", 1, 2, "new conversation"),
        ("moved", 1, None, "name the one"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(
    what, messages: int, target: int | None, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        correct(what, actor="kim", messages=messages, of=3, source=1, target=target)
