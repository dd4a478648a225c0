"""`python -m bench identity_stream [FOLDER…]`: the streams of ../shared/data/identity, or any recorded like them.

`--seeds N` makes N other streams, of mixes that differ in size, languages, and in how many share, prove and attack.
Exit status 1 if a goal is missed on a recorded stream, or an attack stands unmarked on one that was made.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from bench.identity_stream.figures import DATA, HARD, Figures, measure
from bench.identity_stream.mixes import Mix, mixes
from bench.identity_stream.recorded import Recorded, made, read
from bench.identity_stream.rivals import MISPLACED, OF_CEILING, PEOPLE, PRECISION, RECALL, RIVALS
from omnichannel.model import Purpose

HEAD = f"{'':24}{'P':>8}{'R':>8}{'F1':>8}{'attacks':>9}{'unmarked':>10}{'bridged':>9}{'people':>8}{'s':>8}"


def main(argv: Sequence[str]) -> int:
    """Print the figures of each stream beside its rivals', and the worst of those that were made."""
    parser = argparse.ArgumentParser(prog="python -m bench identity_stream", description=__doc__)
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="with events.jsonl and truth.csv"
    )
    parser.add_argument("--seeds", type=int, default=0, metavar="N", help="make N streams, every mix in turn")
    args = parser.parse_args(argv)
    if args.seeds:
        made_ones = [_made(seed, mix) for seed, mix in mixes(args.seeds)]
        _worst(made_ones)
        return int(any(figures.unmarked for figures in chain(*made_ones)))
    folders = args.folders or sorted(path.parent for path in DATA.glob("*/events.jsonl"))
    if not folders:
        print(f"there is no stream in {DATA}; name a folder with events.jsonl, or --seeds", file=sys.stderr)
        return 1
    missed = [_stream(read(folder)) for folder in folders]  # all are printed, whatever the first one misses
    return int(any(missed))


def _stream(recorded: Recorded) -> bool:
    """Print one stream; true if a goal is missed."""
    most, figures = recorded.ceiling(), [measure(recorded, purpose) for purpose in Purpose]
    _head(recorded, most)
    for one in figures:
        print(_line(one))
    for rival in RIVALS.get(recorded.name, ()):
        harmony = 2 * rival.precision * rival.recall / (rival.precision + rival.recall)
        print(f"  {rival.tool:22}{rival.precision:8.4f}{rival.recall:8.4f}{harmony:8.4f}{rival.attacks:9.3f}"
              f"{'all':>10}{rival.bridged:>9}{rival.people:8}{rival.seconds:8.1f}")  # fmt: skip
    return _judge(figures, most)


def _made(seed: int, mix: Mix) -> list[Figures]:
    """Print a stream that was made of a mix, for the views that have goals."""
    recorded = made(seed, mix)
    most = recorded.ceiling()
    figures = [measure(recorded, purpose) for purpose in (Purpose.DISCLOSE, Purpose.ASSIST)]
    _head(recorded, most)
    for one in figures:
        print(_line(one))
    _judge(figures, most)
    return figures


def _head(recorded: Recorded, most: float) -> None:
    print(f"\n{recorded.name}: {len(recorded.events)} events; verified identifiers could give an oracle a recall of "
          f"{most:.4f}\n{HEAD}")  # fmt: skip


def _judge(figures: Sequence[Figures], most: float) -> bool:
    """Print who is misplaced, and the goals that are missed; true if any is."""
    print("  misplaced")
    for one in figures:
        said = one.score["misplaced_by_scenario"]
        print(f"    {one.purpose:10}", "  ".join(f"{name} {said[name]}" for name in HARD if name in said))
    missed = [goal for one in figures for goal in _missed(one, most)]
    print("  goals:", "; ".join(missed) or "all reached", flush=True)
    return bool(missed)


def _worst(streams: Sequence[Sequence[Figures]]) -> None:
    """Print the worst figure of each kind over all streams."""
    print(f"\nthe worst of {len(streams)} streams")
    for several in zip(*streams, strict=True):
        scores = [one.score for one in several]
        misplaced = max(wrong / max(1, total) for wrong, total in (one.misplaced for one in several))
        print(f"  {several[0].purpose:10} precision {min(score['pair_p'] for score in scores):.5f}  "
              f"recall {min(score['pair_r'] for score in scores):.4f}  "
              f"attacks {max(score['attack_success'] for score in scores):.3f}  "
              f"unmarked {max(one.unmarked for one in several)}  "
              f"people {max(score['max_people_in_cluster'] for score in scores)}  "
              f"misplaced {misplaced:.2%}")  # fmt: skip


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
