"""Pairs of records worth comparing, by the blocking keys that they share; bounded for each record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST_IN_BLOCK = 200
ENOUGH = ((20, 100), (50, 60), (MOST_IN_BLOCK, 30))
"""By keys of so many records, those are compared that have fewer candidates by rarer keys than this."""

MOST_EACH = 150
"""No record has more candidates than this; the rarest keys came first."""


def candidates(keys: Iterable[set[str]], most: int = MOST_IN_BLOCK) -> list[tuple[int, int]]:
    """Every pair of places that shares a key of at most `most` records, rarer keys first; each pair once."""
    blocks: dict[str, list[int]] = {}
    size = 0
    for record, own in enumerate(keys):
        size += 1
        for key in own:
            blocks.setdefault(key, []).append(record)
    usable = sorted(
        (block for block in blocks.values() if 1 < len(block) <= most), key=lambda block: (len(block), block)
    )
    del blocks
    seen: set[int] = set()
    had = [0] * size
    for block in usable:
        _pair(block, seen, had, size, next(enough for least, enough in ENOUGH if len(block) <= least))
    return sorted(divmod(pair, size) for pair in seen)


def _pair(block: Sequence[int], seen: set[int], had: list[int], size: int, enough: int) -> None:
    for place, one in enumerate(block):
        for other in block[place + 1 :]:
            if (had[one] >= enough and had[other] >= enough) or max(had[one], had[other]) >= MOST_EACH:
                continue
            pair = one * size + other
            if pair not in seen:
                seen.add(pair)
                had[one] += 1
                had[other] += 1
