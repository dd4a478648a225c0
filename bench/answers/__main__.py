"""`python -m bench answers [--data FOLDER] [--asked N] [--wrong]`: answers suggested, and apologies pointed out.

Prints for each set of questions how often the right answer is suggested first and among the first three, beside plain
word overlap and TF-IDF; and how many formal apologies without a next step are found, and real ones left alone.
`--wrong` lists the messages that are judged wrongly. Others’ questions: `bench/answers/data/NOTICE.md`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.answers.rivals import WAYS
from bench.answers.score import check, rank
from bench.answers.sets import GROUPS, SHARED, messages, question_sets
from bench.outcome import Goal, finish
from omnichannel.desk.answers import check_apology


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 where word overlap does better, or the check is wrong more than once in twenty."""
    parser = argparse.ArgumentParser(prog="python -m bench answers", description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="where others' questions are")
    parser.add_argument(
        "--asked", type=int, default=1000, help="how many of others' questions are asked (1000)"
    )
    parser.add_argument("--wrong", action="store_true", help="list what is judged wrongly")
    chosen = parser.parse_args(argv)
    shown, goals = _suggestions(chosen.data, chosen.asked)
    told, others = _apologies()
    if chosen.wrong:
        told += [
            f"wrong: {one.language} {one.text}"
            for one in messages()
            if one.flag != bool(check_apology(one.text, one.language))
        ]
    return finish("answers", "\n".join([*shown, "", *told]), [*goals, *others])


def _suggestions(folder: Path, most: int) -> tuple[list[str], list[Goal]]:
    lines = [
        f"{'questions':<26} {'asked':>5}  {'way':<16} {'recall@1':>8} {'recall@3':>8} {'MRR':>6} {'ms CPU':>7}"
    ]
    goals = []
    for each in question_sets(folder, most):
        found = {way: rank(made(each.past), each.asked) for way, made in WAYS.items()}
        for way, one in found.items():
            lines.append(
                f"{each.name:<26} {len(each.asked):>5}  {way:<16} {one.first:>8.3f} {one.third:>8.3f}"
                f" {one.reciprocal:>6.3f} {one.milliseconds:>7.2f}"
            )
        goals.append(
            Goal(f"recall@1, {each.name}, beside overlap", found["ours"].first, found["word overlap"].first)
        )
    return lines, goals


def _apologies() -> tuple[list[str], list[Goal]]:
    lines = [f"{'apologies':<26} {'without a step':>14} {'found':>6} {'real ones':>10} {'left alone':>10}"]
    goals = []
    for group in GROUPS:
        for language in ("en", "nl"):
            told = check(one for one in messages() if (one.group, one.language) == (group, language))
            empty, real = told.found + told.missed, told.false + told.left
            lines.append(
                f"{group + ', ' + language:<26} {empty:>14} {told.found:>6} {real:>10} {told.left:>10}"
            )
            if group == "held":
                goals.append(Goal(f"apologies found, {language}", told.found / empty, 0.95))
            if group in ("held", "unseen"):
                goals.append(Goal(f"real ones left alone, {group}, {language}", told.left / real, 0.95))
    return lines, goals
