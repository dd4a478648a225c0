"""Whether time grows as inputs do: pieces repeated, twice as often each time, and the CPU that each needs.

The best of three is taken, so that what else this machine does counts little; below a few milliseconds nothing is
said. What doubles its time with its input has a ratio of 2; above 2.3 it looks back.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from bench.fuzz.target import Target

PIECES = (
    b"a", b" ", b"\n", b"> ", b">\n", b"<", b"<b>", b"</b>", b"<!--", b"&", b"&#", b"(", b"[", b'"', b"\\", b"'",
    b"@", b"a@", b"a@b.c ", b",", b";", b";a=", b"=", b"=?", b"=?x?q?a?= ", b"=\n", b"=3D", b"-", b"--\n",
    b"-- \n", b"_", b".", b"!", b"..", b"/", b"http://a.b ", b"https://", b"b.nl;", b"www.", b"#", b"%", b"%41",
    b"0", b"1 ", b"+1", b"06-", b"1.", b"1:", b"12-03-", b"a b ", b"On a wrote:\n", b"Van: a\n", b"From: a\n",
    b"A: b\n", b"a: \n ", b"{", b'{"a":', b'{"a":1,', b"[[", b"[],", b"oct", b"ocm", b"e\n", b"\x1f", b"\r", b"\t",
    b"*", b"|", "é".encode(), "ſ".encode(), "中".encode(), "\u0301".encode(), "\u200d".encode(),
    "👨\u200d".encode(), b"<p>x", b"<hr>", b"<blockquote>", b"<blockquote>x</blockquote>",
    b"<div class=gmail_quote>", b"<a href=https://a.b>x</a>",
)  # fmt: skip

SIZES = (16_000, 32_000, 64_000)
LARGER = (32_000, 64_000, 128_000, 256_000)
LONGEST = 2.0  # seconds: what takes longer is not tried with more
MOST = 2.3
"""A ratio above which time does not grow as the input does."""
_AGAIN = 2  # tries that must all say so
_TOLD = 0.01  # seconds at the largest size: what needs less says nothing


def report(targets: Sequence[Target]) -> int:
    """Print what grows faster than its input; 1 if anything does."""
    found, tried, worst = 0, 0, 0.0
    for target in targets:
        for piece in PIECES:
            tried += 1
            ratio, seconds = grown(target, piece, SIZES)
            for _ in range(_AGAIN):  # with larger inputs: what else the machine did is over by now
                if ratio > MOST:
                    ratio, seconds = grown(target, piece, LARGER)
            worst = max(worst, seconds)
            if ratio > MOST:
                found += 1
                print(f"{target.name:<58}{piece!r:<24}{ratio:>6.1f}{seconds * 1000:>10.1f} ms", flush=True)
    print(
        f"{len(targets)} targets, {tried:,} pumps: {found} grow faster than their input; worst {worst * 1000:.0f} ms"
    )
    return 1 if found else 0


def grown(target: Target, piece: bytes, sizes: Sequence[int]) -> tuple[float, float]:
    """How much more a doubling costs, and what the largest took; 0 where it takes too little to say."""
    taken: list[float] = []
    for size in sizes:
        taken.append(_seconds(target, piece * (size // len(piece))))
        if taken[-1] > LONGEST:
            return float("inf"), taken[-1]
    # Over all doublings together, so that one that was disturbed does not decide.
    ratio = (taken[-1] / max(taken[0], 1e-9)) ** (1 / (len(sizes) - 1))
    return ratio if taken[-1] > _TOLD else 0.0, taken[-1]


def _seconds(target: Target, data: bytes) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        target.go(data)
        best = min(best, time.process_time() - began)
        if best > 0.5:
            break
    return best
