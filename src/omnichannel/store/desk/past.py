"""What was asked before, read some conversations at a time: for whoever tries rules out on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.store.desk.words import COLUMNS, Said, of_person
from omnichannel.store.tx import Tx, marks, some

_SLACK = 86_400_000  # milliseconds by which clocks may have differed
_FIRST = 20  # messages of a conversation in which its first question is looked for


class First(NamedTuple):
    """The first question of a conversation: what its customer wrote before anybody answered."""

    number: int
    subject: str
    asker: int
    said: tuple[Said, ...]


def before_all(tx: Tx, since: int) -> int:
    """A number below that of every conversation that was opened since a moment (microseconds since 1970)."""
    return tx.ids.first(since // 1000 - _SLACK)


def page(tx: Tx, after: int, since: int, until: int, most: int) -> tuple[list[First], int | None]:
    """The first questions of the next conversations that were opened between two moments; where to go on, or None."""
    rows = tx.all(
        "SELECT id, subject, asker, opened_at FROM conversations WHERE workspace = ? AND id > ?"
        f" ORDER BY id LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    wanted = [row for row in rows if since <= cast("int", row[3]) < until]
    heard = _heard(tx, [cast("int", row[0]) for row in wanted])
    found = [
        First(cast("int", number), str(subject), cast("int", asker), tuple(heard[cast("int", number)]))
        for number, subject, asker, _ in wanted
        if heard[cast("int", number)]
    ]
    return found, cast("int", rows[-1][0]) if len(rows) == most else None


def _heard(tx: Tx, numbers: Sequence[int]) -> dict[int, list[Said]]:
    """What customers wrote in these conversations before the first answer to it."""
    found: dict[int, list[Said]] = defaultdict(list)
    answered: set[object] = set()
    for few in some(numbers):
        rows = tx.all(
            f"SELECT {COLUMNS}, m.direction FROM messages AS m"
            f" WHERE m.workspace = ? AND m.conversation IN ({marks(few)}) AND m.seq <= {_FIRST}"
            " AND m.direction <> 2 ORDER BY m.conversation, m.seq",
            tx.ws, *few,
        )  # fmt: skip
        for row in rows:
            number = cast("int", row[0])
            if row[7] == 1 and found[number]:
                answered.add(number)
            elif row[7] == 0 and number not in answered and (one := of_person(row[:7])) is not None:
                found[number].append(one)
    return found


def proven(tx: Tx, askers: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """What is known of the customers who have these addresses: field by field, every value, by address.

    That is what they are proven to have said of themselves, and what we said of them in fields of our own.
    """
    found: dict[int, dict[str, tuple[str, ...]]] = {number: {} for number in askers}
    for few in some(sorted(set(askers))):
        rows = tx.all(
            f"SELECT a.id, f.field, f.value {_SAID} AND a.id IN ({marks(few)})"
            f" UNION SELECT a.id, SUBSTR(f.name, {len(_OURS) + 1}), f.value {_FILED} AND a.id IN ({marks(few)})"
            " ORDER BY 1, 2, 3",
            tx.ws, *few, tx.ws, *few,
        )  # fmt: skip
        for number, field, value in rows:
            fields = found[cast("int", number)]
            fields[str(field)] = (*fields.get(str(field), ()), str(value))
    return found


_OURS = "customer."  # what the names of such fields begin with where they are looked up
_SAID = (
    "FROM addresses AS a"
    " JOIN addresses AS b ON b.workspace = a.workspace AND b.customer = a.customer"
    " JOIN facts AS f ON f.workspace = b.workspace AND f.address = b.id"
    " AND f.strength IN ('verified', 'attested') WHERE a.workspace = ?"
)
_FILED = (
    "FROM addresses AS a"
    " JOIN addresses AS b ON b.workspace = a.workspace AND b.customer = a.customer"
    " JOIN filed AS f ON f.workspace = b.workspace AND f.number = b.id WHERE a.workspace = ?"
)
