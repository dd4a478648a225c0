"""The bench of answers, on a slice: figures that must not fall, and that can."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.answers.__main__ import main
from bench.answers.rivals import WAYS
from bench.answers.score import check, rank
from bench.answers.sets import Message, Question, messages, question_sets

SETS = {each.name: each for each in question_sets(Path("nowhere"), 10)}


@pytest.mark.parametrize("name", ["own, en", "own, nl"])
def test_suggestions_are_better_than_word_overlap(name: str) -> None:
    found = {way: rank(made(SETS[name].past), SETS[name].asked) for way, made in WAYS.items()}
    assert found["ours"].first > max(found[way].first for way in WAYS if way != "ours")
    assert found["ours"].first <= found["ours"].third <= 1


def test_labelled_messages_are_many_and_half_of_them_good() -> None:
    said = messages()
    assert len(said) >= 150
    assert sum(one.flag for one in said) * 2 == len(said)
    assert len({one.text for one in said}) == len(said)


@pytest.mark.parametrize(
    ("group", "found", "left"),
    [("made", 1, 1), ("held", 0.95, 0.95), ("mended", 0.85, 0.9), ("unseen", 0.3, 1)],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_apologies_are_judged_as_a_reader_would(group: str, found: float, left: float, language: str) -> None:
    """Real ones are left alone, whatever words they use; empty ones are found where they use the usual words."""
    told = check(one for one in messages() if (one.group, one.language) == (group, language))
    assert told.found / (told.found + told.missed) >= found
    assert told.left / (told.left + told.false) >= left


def test_what_is_wrong_is_counted() -> None:
    good = "Sorry for the delay. I sent it today."
    assert check([Message("made", "en", True, good), Message("made", "en", False, good)]) == (0, 1, 0, 1)
    past = [Question("where is it", "where"), Question("when is it", "when")]
    for made in WAYS.values():
        found = rank(made(past), [Question("where is it", "where"), Question("when is it", "other")])
        assert found[:3] == (0.5, 0.5, 0.5)


def test_others_questions_are_read_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OMNICHANNEL_BENCH_RESULTS", str(tmp_path))
    folder = tmp_path / "banking77"
    folder.mkdir()
    for name in ("train", "test"):
        folder.joinpath(f"{name}.csv").write_text(
            'text,category\n"Where is it, my card?",card\nWhich rate?,rate\n'
        )
    assert main(["--data", str(tmp_path), "--asked", "1"]) == 0
    printed = capsys.readouterr().out
    assert "banking77, 2 known" in printed
    assert "goals: 10 of 10 met" in printed
