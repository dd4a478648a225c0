"""What `python -m bench names` says holds: better than plain measures at the thresholds that suit them best."""

from __future__ import annotations

import pytest

from bench import names


@pytest.mark.skipif(not names.CASES.exists(), reason="the judged pairs are not here")
def test_the_comparators_beat_plain_measures(capsys) -> None:
    assert names.main([]) == 0
    printed = capsys.readouterr().out
    assert printed.count("ours") == 4
    assert "token-set ratio" in printed
    pairs = names.read()
    people = names.score([pair for pair in pairs if pair.person], names.same)
    assert people.precision > 0.9
    assert people.f1 > 0.84


def test_a_score_counts_rightly() -> None:
    pairs = [names.Pair(True, "", "a", "b", match) for match in (True, True, False, False)]
    told = iter([True, False, True, False])
    score = names.score(pairs, lambda _: next(told))
    assert score == (1, 1, 1)
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)
    assert names.Score(0, 0, 3).f1 == 0.0
