"""`python -m bench identity_rules --logs 100000 [--seed N]`: every rule on so many random evidence logs.

Prints for each rule on how many logs it was tried, and what the logs were like. A log that breaks a rule ends the run
with the command that makes it again. `--rule NAME` tries one rule alone. `--faults` plants mistakes in the real code,
one after another, and prints which rule found each.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

from bench.identity_rules.attacks import Attack, random_attack
from bench.identity_rules.faults import FAULTS, Fault
from bench.identity_rules.logs import Log, random_log
from bench.identity_rules.rules import RULES
from bench.identity_rules.traits import traits

_PATIENCE = 3000  # logs within which a planted fault must be found


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 if every rule held, or every fault was found."""
    parser = argparse.ArgumentParser(prog="python -m bench identity_rules", description=__doc__)
    parser.add_argument("--logs", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first one (0)")
    parser.add_argument(
        "--rule", action="append", choices=RULES, help="only this rule; may be given several times"
    )
    parser.add_argument(
        "--faults", action="store_true", help="plant mistakes, and see that the rules find them"
    )
    chosen = parser.parse_args(argv)
    rules = chosen.rule or list(RULES)
    return hunt(FAULTS, chosen.seed, rules) if chosen.faults else run(chosen.logs, chosen.seed, rules)


def log_of(seed: int) -> Log:
    """The log of a number."""
    return random_log(Random(seed))


def chance_of(rule: str, seed: int) -> Random:
    """The chance that a rule has for a log: its own, so that it can be tried alone."""
    return Random(f"{seed} {rule}")


def attack_on(log: Log, seed: int) -> Attack:
    """The attack that the rule of that name tries on a log."""
    return random_attack(chance_of("attack", seed), log)


def run(logs: int, seed: int, rules: Sequence[str]) -> int:
    """Every rule on every log, until one breaks."""
    began, met = time.process_time(), Counter[str]()
    for number in range(seed, seed + logs):
        log = log_of(number)
        met.update(traits(log))
        met.update(f"attacked: {way}" for way in attack_on(log, number).ways)
        broken = breaks(log, number, rules)
        if broken:
            print(f"rule {broken[0]} is broken: {broken[1]}", *log.addresses, *log.entries, sep="\n")
            print(f"again: python -m bench identity_rules --logs 1 --seed {number} --rule {broken[0]}")
            return 1
    for rule in rules:
        print(f"{rule:<12} {logs:>8} logs  {(RULES[rule].__doc__ or '').splitlines()[0]}")
    for trait, many in met.most_common():
        print(f"{many:>8} logs {trait}")
    print(
        f"{logs} logs from seed {seed}, {len(rules)} rules, {time.process_time() - began:.0f} s of CPU: all hold"
    )
    return 0


def breaks(log: Log, seed: int, rules: Iterable[str] = tuple(RULES)) -> tuple[str, str] | None:
    """The first rule that a log breaks, and how."""
    for name in rules:
        try:
            RULES[name](log, chance_of(name, seed))
        except Exception as error:
            return name, f"{type(error).__name__}: {error}"
    return None


def hunt(faults: Iterable[Fault], seed: int, rules: Sequence[str]) -> int:
    """Plant each fault, and try logs until a rule breaks."""
    missed = 0
    for fault in faults:
        found = first_break(fault, seed, rules)
        missed += found is None
        told = f"found by {found[1]:<12} at log {found[0]}" if found else "NOT FOUND"
        print(f"{fault.name:<36} {told}")
    print("every fault is found" if not missed else f"{missed} faults are not found")
    return int(missed > 0)


def first_break(
    fault: Fault, seed: int, rules: Sequence[str] = tuple(RULES), patience: int | None = None
) -> tuple[int, str] | None:
    """The first log that shows a planted fault, and the rule that it breaks."""
    with fault.planted():
        for number in range(seed, seed + (patience or _PATIENCE)):
            if broken := breaks(log_of(number), number, rules):
                return number, broken[0]
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
