"""How often each answer, and each of its wordings, was used, and how it was taken."""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.model.desk import Tally, Use

_Key = tuple[str, str, str]


def count(uses: Iterable[Use], before: Iterable[Tally] = ()) -> tuple[Tally, ...]:
    """Tallies of answers (without a wording) and of their wordings, by name; `before` is what was counted already.

    The order of uses is no matter, and counting in parts gives the same as counting at once. Count each use once,
    when nothing more is to be expected of it: a later reaction does not find its way into a tally.
    """
    tallies: dict[_Key, Tally] = {(one.answer, one.language, one.variant): one for one in before}
    for use in uses:
        keys: list[_Key] = [(use.answer, "", "")]
        if use.variant:
            keys.append((use.answer, use.language, use.variant))
        for key in keys:
            tally = tallies.get(key) or Tally(answer=key[0], language=key[1], variant=key[2])
            tallies[key] = _counted(tally, use)
    return tuple(tallies[key] for key in sorted(tallies))


def _counted(tally: Tally, use: Use) -> Tally:
    return tally.model_copy(
        update={
            "offered": tally.offered + 1,
            use.how: getattr(tally, use.how) + 1,
            **({use.reaction: getattr(tally, use.reaction) + 1} if use.reaction else {}),
            "last_at": max(use.at, tally.last_at) if tally.last_at else use.at,
        }
    )
