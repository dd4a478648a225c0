"""`python -m bench seeded [KIND …]`: faults planted in real channels, and whether the contract kit finds them.

Each fault of `bench.faults_kit` is planted in each channel for which it makes sense; the kit's rules are run first,
and the recorded cases only if the rules find nothing. `--uncaught` prints only what was not found.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.contract import files
from bench.faults_kit import FAULTS, Fault
from bench.faults_kit.wires import SOURCE_FAULTS, WIRE_FAULTS
from omnichannel.emulators.emulator import Emulator
from omnichannel.plugins import EMULATORS, offered
from omnichannel.plugins import kinds as known_kinds
from omnichannel.testing.cases import check_case
from omnichannel.testing.checks import CHECKS
from omnichannel.testing.checks.links import LINK_CHECKS, SAID, WHO, Make
from omnichannel.testing.discover import contracts
from omnichannel.testing.subject import Subject

WANTED = 0.95
"""The share of faults that has to be found."""

KINDS = ("messenger", "x", "email", "telegram", "line")
"""Where faults are planted if nobody says where: a body signature with a challenge, another, none at all, a secret in
a header, a package of somebody else's."""


@dataclass(frozen=True)
class Found:
    """What became of one fault in one channel: `by` is what found it, empty if nothing did."""

    fault: Fault
    kind: str
    by: str
    recorded: bool = False


def subjects(kinds: Sequence[str]) -> Iterator[Subject]:
    """The channels in which faults are planted, one contract of each kind."""
    known: set[str] = set()
    for file in files():
        for contract in contracts(file):
            subject = contract().subject()
            if subject.kind.kind in kinds and subject.kind.kind not in known:
                known.add(subject.kind.kind)
                yield subject


def hunt(fault: Fault, subject: Subject) -> Found:
    """Plant a fault and look which rule, or else which recorded case, finds it."""
    kind = subject.kind.kind
    with fault.within(subject):
        faulty = fault.plant(subject)
        for check in CHECKS:
            try:
                check(faulty)
            except Exception:
                return Found(fault, kind, check.__name__.removeprefix("check_"))
        for case in faulty.cases:
            try:
                check_case(case, faulty.channel())
            except Exception:
                return Found(fault, kind, case.name, recorded=True)
    return Found(fault, kind, "")


def hunts(kinds: Sequence[str] = KINDS) -> Iterator[Found]:
    """Every fault in every channel for which it is meant."""
    for subject in subjects(kinds):
        for fault in FAULTS:
            if fault.meant(subject):
                yield hunt(fault, subject)


def wire_hunts(kinds: Sequence[str] = KINDS) -> Iterator[Found]:
    """Every fault in the wires of every channel that has them, with its platform's emulator."""
    for kind in sorted(set(kinds) & set(known_kinds(EMULATORS))):
        made = offered(EMULATORS, kind, Emulator)  # type: ignore[type-abstract]  # what is offered is concrete
        meant = set(WIRE_FAULTS) - _not_meant(made)
        for name in sorted(meant):
            fault = Fault(name, "wires", lambda subject: subject, lambda _: True)
            yield Found(fault, kind, wire_hunt(WIRE_FAULTS[name](made)))


def _not_meant(make: Make) -> set[str]:
    """Faults that change nothing there: in reading where nothing is read, in order where one comes at a time."""
    with make() as emulator:
        for text in SAID:
            emulator.write(WHO, text)
        sources = emulator.channel().sources()
        many = [len(asyncio.run(source.fetch("")).deliveries) for source in sources]
    if not sources:
        return SOURCE_FAULTS
    return set() if max(many) > 1 else {"BringsTheNewestFirst"}


def wire_hunt(make: Make) -> str:
    """The rule that finds what is wrong with the wires of a platform; empty if none does."""
    for check in LINK_CHECKS:
        try:
            check(make)
        except Exception:
            return check.__name__.removeprefix("check_")
    return ""


def summary(found: Iterable[Found]) -> str:
    """How many were found, by rules and by recorded cases."""
    given = list(found)
    caught = [one for one in given if one.by]
    alone = [one for one in caught if not one.recorded]
    names = {one.fault.name for one in given}
    share = len(caught) / len(given) if given else 0.0
    return (
        f"{len(names)} faults planted {len(given)} times: {len(caught)} found ({share:.1%}), "
        f"{len(alone)} of them by rules that no author wrote ({len(alone) / max(1, len(given)):.1%})"
    )


def main(argv: Sequence[str]) -> int:
    """Print what became of each; 1 if fewer are found than has to be."""
    only = "--uncaught" in argv
    kinds = [one for one in argv if not one.startswith("-")] or list(KINDS)
    given: list[Found] = []
    for one in itertools.chain(hunts(kinds), wire_hunts(kinds)):
        given.append(one)
        if not (only and one.by):
            by = f"{'case ' if one.recorded else ''}{one.by}" if one.by else "NOT FOUND"
            print(f"{one.kind:<11}{one.fault.area:<11}{one.fault.name:<38}{by}", flush=True)
    print(summary(given))
    caught = sum(bool(one.by) for one in given)
    return 0 if given and caught / len(given) >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
