"""`omnichannel identity audit`: judge a random sample of what a view joins, and see how wrong it can be."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from omnichannel.cli import answering, stores
from omnichannel.cli.waterfalls import lines, plain
from omnichannel.model import Audit, Pair, Purpose
from omnichannel.sync import SyncIdentity

WORDS = {"s": "same", "d": "different", "k": "skip", "u": "undo", "q": "quit"}


def arguments(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Which view, how many pairs, and who judges."""
    parser = add("audit", help="judge a sample of what a view joins; the bound on its errors")
    stores.arguments(parser)
    parser.add_argument(
        "--purpose",
        choices=[purpose.value for purpose in Purpose],
        default="assist",
        help="which view (assist)",
    )
    parser.add_argument("--sample", type=int, default=300, metavar="N", help="so many pairs (300)")
    parser.add_argument(
        "--actor", metavar="NAME", help="who of yours judges; without it, only the bound is shown"
    )
    parser.add_argument(
        "--answers", metavar="FILE", help="answers out of a file, one a line, instead of typed ones"
    )


def run(options: argparse.Namespace) -> int:
    """Ask for what is not judged yet, then tell the bound; 0."""
    purpose = Purpose(options.purpose)
    with stores.inbox(options).sync() as box:
        if options.actor:
            found = box.identity.audit(purpose, sample=options.sample)
            try:
                _walk(box.identity, found, answering.asker(options.answers), options.actor)
            except KeyboardInterrupt:
                print("\nstopped")
        seen = box.identity.audited(purpose)
    print(told(seen) if seen else f"no sample of {purpose} was drawn yet; say who judges one: --actor NAME")
    return 0


def told(audit: Audit) -> str:
    """What a sample shows, in words; the bounds as shares of the joins."""
    left = sum(pair.same is None for pair in audit.pairs)
    of = f"{audit.purpose}: {audit.wrong} of {audit.judged} judged joins are wrong, {left} wait"
    if not audit.judged:
        return f"{of}; nothing follows from that yet"
    all_ = ", and these are all that there were" if audit.whole else ""
    return (
        f"{of}{all_}\nwith 95 % confidence at most {audit.most:.3%} of all joins are wrong"
        f" (two-sided: {audit.low:.3%} to {audit.high:.3%}; Clopper and Pearson)"
    )


def _walk(identity: SyncIdentity, audit: Audit, ask: answering.Ask, actor: str) -> None:
    waiting = [pair for pair in audit.pairs if pair.same is None]
    done: list[Pair] = []
    while waiting:
        pair = waiting[0]
        print(f"\n{_shown(pair)}")
        word = ask(WORDS, f"{len(waiting)} left > ")
        if word == answering.QUIT:
            return
        if word == "undo":
            if done:
                waiting.insert(0, done.pop())
                identity.judge(waiting[0].id, same=None, actor=actor)
            continue
        done.append(waiting.pop(0))
        if word != "skip":
            identity.judge(pair.id, same=word == "same", actor=actor)


def _shown(pair: Pair) -> str:
    reasons = [f"   {plain(reason)}" for reason in pair.because]
    stated = [f"   by likeness alone: probability {pair.likely:.2f}"] if pair.likely is not None else []
    return "\n".join(
        [
            f"1  {plain(str(pair.one))}",
            f"2  {plain(str(pair.other))}",
            *reasons,
            *lines(pair.weights),
            *stated,
        ]
    )
