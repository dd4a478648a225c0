"""The trail shows what was changed in it: with a key that the database does not hold, and beside a seal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel import Inbox
from omnichannel.desk.access import Access
from omnichannel.errors import UsageError
from omnichannel.model import Seal
from omnichannel.store import Tx, trail
from tests.inbox.desk import Desk

KEY = "made by chance, kept elsewhere"


def keyed(desk: Desk, *keys: str) -> Inbox:
    """A new worker on the same database, with these keys: it writes a chain of its own."""
    inbox = desk.again()
    inbox.access_rules = Access.model_validate({"keys": keys or (KEY,)})
    return inbox


async def written(desk: Desk, inbox: Inbox, times: int = 3) -> None:
    await inbox.add_agent("zoe")
    for number in range(times):
        await inbox.acting_as("zoe", because=f"ticket {number}").agents()


async def tamper(inbox: Inbox, sql: str, *params: object) -> int:
    return await inbox.run_job(lambda tx: tx.run(sql, *params))  # type: ignore[arg-type]


@pytest.fixture
def file(desks: Callable[..., Desk], shared_url: str) -> Desk:
    return desks(shared_url)


async def test_the_chains_of_several_workers_are_whole(file: Desk) -> None:
    """Each has its own; a later one is tied to the newest act that there was."""
    for _ in range(3):
        inbox = keyed(file)
        await written(file, inbox)
    found = await inbox.trail.verify(await inbox.trail.seal())
    assert (found.acts, found.chains, found.wrong) == (9, 3, ())
    rows = await inbox.run_job(lambda tx: trail.behind(tx, 0, 0))
    assert [row.link_number for row in rows if row.number == 1] == [None, 3, 3]


CHANGES = {
    "another actor": ("UPDATE acts SET actor = 'mia' WHERE number = 2 AND chain = ?", "act 2 of chain"),
    "another time": ("UPDATE acts SET at = at + 1 WHERE number = 2 AND chain = ?", "act 2 of chain"),
    "another method": ("UPDATE acts SET method = 'x' WHERE number = 3 AND chain = ?", "act 3 of chain"),
    "another reason": ("UPDATE acts SET because = 'x' WHERE number = 1 AND chain = ?", "its reason"),
    "one refused": ("UPDATE acts SET allowed = 0 WHERE number = 1 AND chain = ?", "act 1 of chain"),
    "one less": ("DELETE FROM acts WHERE number = 2 AND chain = ?", "acts 2 to 2 are missing"),
    "the first": ("DELETE FROM acts WHERE number = 1 AND chain = ?", "acts 1 to 1 are missing"),
    "a whole chain": ("DELETE FROM acts WHERE chain = ?", "is missing"),
    "what it was about": (
        "INSERT INTO concerned SELECT workspace, 0, 5, id FROM acts WHERE number = 2 AND chain = ?",
        "act 2 of chain",
    ),
    "another chain": ("UPDATE acts SET chain = 99 WHERE chain = ?", "not as it was written"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_whatever_is_changed_shows(desks: Callable[..., Desk], tmp_path: object, change: str) -> None:
    desk = desks(f"sqlite:///{tmp_path}/a.db")
    first = keyed(desk)
    await written(desk, first)
    inbox = keyed(desk)
    await written(desk, inbox)
    assert (await inbox.trail.verify()).whole
    chain = (await inbox.run_job(lambda tx: trail.behind(tx, 0, 0)))[0].chain
    sql, told = CHANGES[change]
    await tamper(inbox, sql, chain)
    wrong = (await inbox.trail.verify()).wrong
    assert any(told in one for one in wrong), wrong


async def test_that_the_end_was_cut_off_shows_only_beside_a_seal(file: Desk) -> None:
    inbox = keyed(file)
    await written(file, inbox)
    seal = Seal.model_validate_json((await inbox.trail.seal()).model_dump_json())
    await tamper(inbox, "DELETE FROM acts WHERE number = 3")
    assert (await inbox.trail.verify()).whole
    assert "which the seal covers, is missing" in (await inbox.trail.verify(seal)).wrong[0]
    await written(file, inbox, 1)
    assert "is another one now" in (await inbox.trail.verify(seal)).wrong[0]
    with pytest.raises(UsageError, match="of the workspace 'theirs'"):
        await inbox.trail.verify(seal.model_copy(update={"workspace": "theirs"}))


async def test_an_act_that_was_once_written_fits_in_no_other_place(file: Desk) -> None:
    """What was cut off is put back in the place of what was written since: each alone is as it was."""
    inbox = keyed(file)
    await written(file, inbox)
    [old] = (await inbox.run_job(lambda tx: trail.behind(tx, 0, 0)))[2:]
    await tamper(inbox, "DELETE FROM acts WHERE id = ?", old.id)
    await written(file, inbox, 2)
    assert (await inbox.trail.verify()).whole
    await tamper(
        inbox, "UPDATE acts SET id = ?, because = ?, reason = ?, mark = ? WHERE number = 3",
        old.id, old.because, old.reason, old.mark,
    )  # fmt: skip
    [wrong] = (await inbox.trail.verify()).wrong
    assert wrong.startswith("act 4 of chain")


async def test_whoever_has_no_key_makes_no_marks(file: Desk) -> None:
    """Marks that were made anew with the database's own secret are seen with a key from elsewhere."""
    inbox = keyed(file)
    await written(file, inbox)
    await tamper(inbox, "UPDATE acts SET actor = 'mia'")

    def forge(tx: Tx) -> None:
        [own] = trail.keys_of(tx, ())
        before = ""
        for row in trail.behind(tx, 0, 0):
            made = row._replace(reason=trail.reason_mark(own, row))
            mark = trail.act_mark(tx.ws, own, made, before, [])
            tx.run("UPDATE acts SET reason = ?, mark = ? WHERE id = ?", made.reason, mark, row.id)
            before = mark

    await inbox.run_job(forge)
    assert len((await inbox.trail.verify()).wrong) == 6
    inbox.access_rules = Access()
    assert (await inbox.trail.verify()).whole


async def test_keys_of_before_count_and_others_do_not(file: Desk) -> None:
    await written(file, keyed(file))
    inbox = keyed(file, "a new key, kept elsewhere", KEY)
    await written(file, inbox)
    assert (await inbox.trail.verify()).whole
    inbox.access_rules = Access.model_validate({"keys": ["a new key, kept elsewhere"]})
    assert not (await inbox.trail.verify()).whole


async def test_what_was_let_go_leaves_where_the_rest_begins(file: Desk) -> None:
    first = keyed(file)
    await written(file, first)
    inbox = keyed(file)
    await written(file, inbox)
    seal = await inbox.trail.seal()

    def let_go(tx: Tx) -> None:
        rows = trail.behind(tx, 0, 0)
        trail.let_go(tx, trail.keys_of(tx, (KEY,))[0], rows[:4])

    await inbox.run_job(let_go)
    assert await inbox.trail.verify(seal) == (await inbox.trail.verify())
    assert (await inbox.trail.verify()).acts == 2
    await written(file, keyed(file), 1)
    assert (await inbox.trail.verify(seal)).whole
    await tamper(inbox, "UPDATE trail_ends SET number = number + 1")
    assert "where chain" in (await inbox.trail.verify()).wrong[0]
