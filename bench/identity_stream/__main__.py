"""`python -m bench identity_stream [FOLDER…]`: the streams of ../shared/data/identity, or any made like them.

Exit status 1 if a goal is missed on one of the recorded streams.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.identity_stream.figures import DATA, HARD, Figures, ceiling, events, measure
from bench.identity_stream.rivals import MISPLACED, OF_CEILING, PEOPLE, PRECISION, RECALL, RIVALS
from omnichannel.model import Purpose

HEAD = f"{'':24}{'P':>8}{'R':>8}{'F1':>8}{'attacks':>9}{'unmarked':>10}{'bridged':>9}{'people':>8}{'s':>8}"


def main(argv: Sequence[str]) -> int:
    """Print the figures of each stream beside its rivals'."""
    folders = [Path(name) for name in argv] or sorted(path.parent for path in DATA.glob("*/events.jsonl"))
    if not folders:
        print(f"there is no stream in {DATA}; name a folder with events.jsonl", file=sys.stderr)
        return 1
    missed = [_stream(folder) for folder in folders]  # all are printed, whatever the first one misses
    return int(any(missed))


def _stream(folder: Path) -> bool:
    """Print one stream; true if a goal is missed."""
    several = events(folder)
    most = ceiling(folder, several)
    print(
        f"\n{folder.name}: {len(several)} events; verified identifiers could give an oracle a recall of {most:.4f}"
    )
    print(HEAD)
    figures = [measure(folder, several, purpose) for purpose in Purpose]
    for one in figures:
        print(_line(one))
    for rival in RIVALS.get(folder.name, ()):
        harmony = 2 * rival.precision * rival.recall / (rival.precision + rival.recall)
        print(f"  {rival.tool:22}{rival.precision:8.4f}{rival.recall:8.4f}{harmony:8.4f}{rival.attacks:9.3f}"
              f"{'all':>10}{rival.bridged:>9}{rival.people:8}{rival.seconds:8.1f}")  # fmt: skip
    print("  misplaced")
    for one in figures:
        said = one.score["misplaced_by_scenario"]
        print(f"    {one.purpose:10}", "  ".join(f"{name} {said[name]}" for name in HARD if name in said))
    missed = [goal for one in figures for goal in _missed(one, most)]
    print("  goals:", "; ".join(missed) or "all reached")
    return bool(missed)


def _line(one: Figures) -> str:
    score = one.score
    return (
        f"{one.purpose:24}{score['pair_p']:8.5f}{score['pair_r']:8.4f}{score['pair_f1']:8.4f}"
        f"{score['attack_success']:9.3f}{one.unmarked:10}{score['bridge_victims_merged']:>9}"
        f"{score['max_people_in_cluster']:8}{one.seconds:8.1f}"
    )


def _missed(one: Figures, most: float) -> Iterator[str]:
    """The goals that a view misses; analytics has none."""
    if one.purpose is Purpose.ANALYTICS:
        return
    score, wrong = one.score, one.misplaced
    least = OF_CEILING * most if one.purpose is Purpose.DISCLOSE else RECALL
    if score["pair_p"] < PRECISION[one.purpose]:
        yield f"{one.purpose} precision {score['pair_p']:.5f} < {PRECISION[one.purpose]}"
    if score["pair_r"] < least:
        yield f"{one.purpose} recall {score['pair_r']:.4f} < {least:.4f}"
    if one.unmarked:
        yield f"{one.purpose}: {one.unmarked} attacks without a mark"
    if wrong[0] > MISPLACED * wrong[1]:
        yield f"{one.purpose}: {wrong[0]} of {wrong[1]} misplaced"
    if one.purpose is Purpose.DISCLOSE and (
        score["attack_success"] or score["max_people_in_cluster"] > PEOPLE
    ):
        yield f"attacks {score['attack_success']:.3f}, {score['max_people_in_cluster']} people in one customer"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
