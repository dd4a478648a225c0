"""The platforms' ids, people and their journal, agents and happenings."""

from __future__ import annotations

import pytest

from omnichannel.errors import NotFound
from omnichannel.identity import Entry
from omnichannel.model import Address, Strength, Updated
from omnichannel.store import Store, Tx, agents, externals, journal, people, records
from tests.chat import party
from tests.engines import HandClock, dump, wait

ANNA = Address(kind="chat", value="anna")


def claim_id(
    store: Store, external_id: str, *, account: str = "a", what: str = "message", mark: str = ""
) -> bool:
    return wait(store, lambda tx: externals.claim_external(tx, account, what, external_id, 7, mark))


def test_a_platforms_id_is_taken_once_for_ever(store: Store, clock: HandClock) -> None:
    """No time limit: what comes again after 8 days, or 400, is the same message."""
    assert claim_id(store, "m1", mark="f")
    for days in (0, 8, 400):
        clock.advance(days=days)
        assert not claim_id(store, "m1")
    assert wait(store, lambda tx: externals.by_external(tx, "a", "m1")) == (7, "f")


def test_ids_belong_to_an_account_and_to_what_they_name(store: Store) -> None:
    assert claim_id(store, "m1")
    assert claim_id(store, "m1", account="b")
    assert claim_id(store, "m1", what="status")
    assert claim_id(store, "M1"), "ids are compared exactly"
    assert wait(store, lambda tx: externals.by_external(tx, "b", "m2")) is None


def test_updates_wait_in_order_and_only_once(store: Store) -> None:
    """T20: what came before its message is there when the message comes, oldest first, and then no more."""
    early = [Updated(kind="edited", external_id=f"e{number}", targets=("m1",)) for number in range(3)]
    for event in early:
        wait(store, lambda tx, event=event: externals.keep_early(tx, "a", "m1", event))
    assert wait(store, lambda tx: externals.take_early(tx, "b", "m1")) == []
    assert wait(store, lambda tx: externals.take_early(tx, "a", "m1")) == early
    assert wait(store, lambda tx: externals.take_early(tx, "a", "m1")) == []


def meet(
    store: Store, name: str = "", strength: Strength = Strength.VERIFIED, who: str = "anna"
) -> people.Person:
    return wait(store, lambda tx: people.meet(tx, party(who, name), strength, "platform_id", None, tx.now()))


def test_meeting_somebody_again_changes_nothing(store: Store) -> None:
    first = meet(store, "Anna")
    before = dump(store)
    assert meet(store, "Anna") == first
    assert meet(store, "Annie") == first, "the name that we know is kept"
    assert dump(store) == before
    assert first.customer == first.id


def test_a_stronger_proof_is_one_more_claim_and_a_better_name(store: Store) -> None:
    weak = meet(store, "not Anna", Strength.ASSERTED)
    strong = meet(store, "Anna", Strength.VERIFIED)
    assert (strong.id, strong.strength, strong.name) == (weak.id, "verified", "Anna")
    assert meet(store, "somebody", Strength.ASSERTED) == strong
    entries = wait(store, lambda tx: journal.about(tx, [weak.id]))
    assert [entry.strength for entry in entries] == [Strength.ASSERTED, Strength.VERIFIED]


def test_a_name_is_filled_in_where_there_was_none(store: Store) -> None:
    meet(store)
    assert meet(store, "Anna", Strength.ASSERTED).name == "Anna"


def test_being_named_is_no_proof(store: Store) -> None:
    """Whatever the naming proves, the owner of the address was not there."""
    anna = wait(store, lambda tx: people.named(tx, ANNA, Strength.VERIFIED, "platform_mapping", tx.now()))
    assert anna.strength == "asserted"
    assert wait(store, lambda tx: journal.about(tx, [anna.id])) == []
    assert wait(store, lambda tx: people.named(tx, ANNA, Strength.INFERRED, "name", tx.now())) == anna
    ben = Address(kind="chat", value="ben")
    other = wait(store, lambda tx: people.named(tx, ben, Strength.INFERRED, "name", tx.now()))
    assert other.strength == "inferred"


def test_who_is_nameless_is_asked_about_once_in_a_while(store: Store, clock: HandClock) -> None:
    anna = meet(store)
    meet(store, "Ben", who="ben")

    def ask() -> list[int]:
        again = clock.micros + 60_000_000
        return [person.id for person in wait(store, lambda tx: people.nameless(tx, "chat", "", 9, again))]

    assert ask() == [anna.id]
    assert ask() == []
    clock.advance(seconds=60)
    assert ask() == [anna.id]
    wait(store, lambda tx: people.call(tx, anna.id, "Anna"))
    wait(store, lambda tx: people.call(tx, anna.id, "Eve"))
    assert meet(store).name == "Anna"
    clock.advance(seconds=60)
    assert ask() == []


def test_the_journal_comes_back_exactly(store: Store) -> None:
    """Many addresses at once, each entry once, oldest first."""

    def meet_all(tx: Tx) -> list[people.Person]:
        several = (party(f"p{number}") for number in range(450))
        return [people.meet(tx, one, Strength.VERIFIED, "platform_id", None, tx.now()) for one in several]

    persons = wait(store, meet_all)
    entry = Entry(0, "refuse", persons[3].id, persons[400].id, because="é", actor="Zoë", source="s", at=5)
    number = wait(store, lambda tx: journal.write(tx, entry))
    kept = wait(store, lambda tx: journal.entry(tx, number))
    assert kept == Entry(
        number, "refuse", persons[3].id, persons[400].id, because="é", actor="Zoë", source="s", at=5
    )
    found = wait(store, lambda tx: journal.about(tx, [person.id for person in persons]))
    assert len(found) == 451
    assert [one.id for one in found] == sorted({one.id for one in found})
    assert found[-1] == kept


def test_who_is_not_there_is_not_found(store: Store) -> None:
    for job in (
        lambda tx: people.get(tx, 1),
        lambda tx: journal.entry(tx, 1),
        lambda tx: agents.agent(tx, "nobody"),
    ):
        with pytest.raises(NotFound):
            wait(store, job)
    assert wait(store, lambda tx: people.find(tx, ANNA)) is None
    assert wait(store, lambda tx: people.members(tx, 1)) == []


def test_agents_are_known_by_name(store: Store) -> None:
    zoe = wait(store, lambda tx: agents.hire(tx, "Zoë", "person", "z@shop.example"))
    wait(store, lambda tx: agents.hire(tx, "bot", "bot", ""))
    again = wait(store, lambda tx: agents.hire(tx, "Zoë", "person", "zoe@shop.example"))
    assert again.id == zoe.id
    assert [(agent.name, agent.role, agent.email) for agent in wait(store, agents.agents)] in (
        [("Zoë", "person", "zoe@shop.example"), ("bot", "bot", "")],
        [("bot", "bot", ""), ("Zoë", "person", "zoe@shop.example")],
    )


def test_an_unknown_agent_is_told_with_the_cure(store: Store) -> None:
    """The cure names a method that there is."""
    from omnichannel import Inbox

    with pytest.raises(NotFound, match=r"inbox\.(\w+)\(") as refusal:
        wait(store, lambda tx: agents.agent(tx, "nobody"))
    named = str(refusal.value).partition("inbox.")[2].partition("(")[0]
    assert callable(getattr(Inbox, named))


def test_happenings_are_read_on_from_where_one_stopped(store: Store, clock: HandClock) -> None:
    for number in range(5):
        wait(store, lambda tx, number=number: records.happened(tx, f"n{number}", detail={"é": "\0"}))
    seen: list[str] = []
    after = 0
    while some := wait(store, lambda tx, after=after: records.happenings(tx, after, 2)):
        seen += [happening.what for happening in some]
        after = store.ids.find("happening", some[-1].id)
    assert seen == ["n0", "n1", "n2", "n3", "n4"]
    assert some == []
