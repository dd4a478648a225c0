"""What must be so after an operator's decisions: who is one customer, of whom nothing is left, who hears nothing.

M: merged and parted. R: the rights of those who write, to be erased (R1, R2) and to be left alone (R3).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from bench.simulate.census import Call, Census
from bench.simulate.machine import Machine
from bench.simulate.sqlite import SimDriver
from bench.simulate.world import OURS, STORE
from omnichannel.store.known import TABLES


def _customers(found: Census, machine: Machine) -> Iterator[str]:
    """Whoever was merged is one customer, whoever was parted is two, each under the id that they began with."""
    if machine.platform.dialect.leads_over:
        yield from _came_over(found, machine)
        return
    operator = machine.operator
    homes = {who: places for who, places in _peers(found, machine).items() if len(places) == 1}
    customer = {who: found.customers[min(places)] for who, places in homes.items()}
    pair = [customer[who] for who in operator.pair if who in customer]
    if len(pair) == 2 and (pair[0] == pair[1]) != operator.merged:
        yield f"M1 {operator.pair}: {'not ' if operator.merged else ''}one customer, and it was decided otherwise"
    for number, its in found.customers.items():
        if not operator.merged and number != its:
            yield f"M2 address {number}: belongs to {its}, though everything was taken back"
        if its not in found.customers:
            yield f"M2 address {number}: its customer {its} is nobody"


def _came_over(found: Census, machine: Machine) -> Iterator[str]:
    """Whoever went on elsewhere after a private answer is one customer, if the platform said so; nobody else is."""
    truth, dialect = machine.platform.truth, machine.platform.dialect
    customer = {who: found.customers[min(places)] for who, places in _peers(found, machine).items()}
    told = {one["to"] for one in truth.said if one.get("private") and "echo" in truth.news[one["mark"]]}
    for who, its in customer.items():
        there = dialect.goes_on_as(who)
        if there != who and there in customer and (customer[there] == its) != (who in told):
            yield f"M1 {who}: {'not ' if who in told else ''}one customer with {there}, where a private answer led"
    for one, its in customer.items():
        for other, theirs in customer.items():
            if its == theirs and dialect.goes_on_as(one) != dialect.goes_on_as(other):
                yield f"M1 {one}: one customer with {other}"


def _histories(found: Census, machine: Machine) -> Iterator[str]:
    """What somebody wrote, and what was said to them, stands in their history and nobody else's."""
    peers = _peers(found, machine)
    for who, places in peers.items():
        if len(places) > 1:
            yield f"M3 {who}: writes from {len(places)} addresses"
    owners: defaultdict[int | None, set[str]] = defaultdict(set)
    for who, places in peers.items():
        for place in places:
            owners[place].add(who)
    yield from (f"M3 address {place}: is {sorted(some)}" for place, some in owners.items() if len(some) > 1)
    written = machine.platform.truth.written
    for message in found.messages:
        writer = written.get(message.text.partition(" - ")[0], {}).get("from")
        if message.direction == 1 and writer in peers and message.peer not in peers[writer]:
            yield f"M3 {message.text!r}: stands in the history of another than {writer}"


def _recipients(_: Census, machine: Machine) -> Iterator[str]:
    """An answer is told to whoever asked."""
    truth = machine.platform.truth
    for said in truth.said:
        number = said["text"].partition(" - ")[0]
        writer = truth.written.get(number, {}).get("from")
        if writer is not None and writer != said["to"]:
            yield f"M4 {said['text']!r}: told to {said['to']}, and {writer} asked"
        if writer and machine.platform.dialect.privately(number) and "private" not in said:
            yield f"M5 {said['text']!r}: told in public"


def _erased(_: Census, machine: Machine) -> Iterator[str]:
    """Nothing is deleted but what is to be erased."""
    written, operator = machine.platform.truth.written, machine.operator
    for number in sorted(machine.world.gone_heard & written.keys()):
        if written[number]["from"] not in operator.erasing:
            yield f"R2 {number}: was deleted with somebody else"


def _held(found: Census, machine: Machine) -> Iterator[str]:
    """Handlers wait for what is frozen, and for nothing else."""
    written, operator = machine.platform.truth.written, machine.operator
    for message in found.messages:
        writer = written.get(message.external_id, {}).get("from")
        if message.id in found.held and writer not in operator.frozen:
            yield f"R3 {message.external_id}: is kept from the handlers, though nobody is frozen"


DECIDED = (_customers, _histories, _recipients, _erased, _held)


def _peers(found: Census, machine: Machine) -> dict[str, set[int | None]]:
    """From which addresses each customer wrote, as it is on record."""
    peers: defaultdict[str, set[int | None]] = defaultdict(set)
    for message in found.messages:
        item = machine.platform.truth.written.get(message.external_id)
        if item and message.direction == 0:
            peers[item["from"]].add(message.peer)
    return dict(peers)


def may_be_silent(call: Call, found: Census, machine: Machine) -> bool:
    """Whether a call may have been given up because its customer's data were frozen."""
    texts = {message.id: message.text for message in found.messages}
    number = texts.get(call.message, "").partition(" - ")[0]
    writer = machine.platform.truth.written.get(number, {}).get("from")
    return writer in machine.operator.ever_frozen


def traces(driver: SimDriver, machine: Machine) -> list[str]:
    """Where in the store something is left of what was erased."""
    dialect, written, operator = machine.platform.dialect, machine.platform.truth.written, machine.operator
    gone = [item for number, item in written.items() if operator.fate(number) == "gone"]
    said = {item["text"] for item in gone}
    silent = {item["from"] for item in gone} - {
        item["from"] for number, item in written.items() if operator.fate(number) != "gone"
    }
    found = [
        f"R2 {word!r}: of somebody who was erased, and left in {table}"
        for table, cell in _cells(driver) if gone
        for word in sorted(said | {item["id"] for item in gone} | (set() if table in _LATE else silent))
        if _stands(word, cell) or (table == "deliveries" and dialect.tells(cell, word))
    ]  # fmt: skip
    disk = bytes(machine.world.disk.files[STORE].now) if operator.scrubbed else b""
    return found + [f"R2 {word!r}: on the disk after it was scrubbed" for word in said if _stands(word, disk)]


_LATE = ("deliveries", "early", "externals")
"""Where what is told later of a call that was under way may name its customer."""


def _cells(driver: SimDriver) -> Iterator[tuple[str, bytes]]:
    """Everything that is in our tables."""
    for table in TABLES:
        for row in driver.rows(f"SELECT * FROM {table} WHERE workspace = {OURS}", ()):
            for cell in row:
                yield table, unquote_to_bytes(cell) if isinstance(cell, bytes) else str(cell).encode()


def _stands(word: str, where: bytes) -> bool:
    """Whether a word stands there by itself, and not as a part of another."""
    return bool(re.search(rb"(?<![0-9A-Za-z])" + re.escape(word.encode()) + rb"(?![0-9A-Za-z])", where))
