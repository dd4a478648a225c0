"""The classifier's figures: a slice that keeps them from falling, and the bench's own sums."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.classify import labelled, own, public, rivals
from bench.classify.__main__ import main, measure
from bench.classify.judging import ANSWERS, calibration_error, judge, macro_f1
from bench.classify.labelled import LANGUAGES, kept, learned, messages, words
from bench.classify.learning import learn
from bench.classify.lowest import lowest

from omnichannel.desk.classify import Intent, Reading, read
from omnichannel.desk.classify.weights import ANY, HEADS, Table, table

LEAST = {
    "en": {
        "question": 0.75,
        "problem": 0.45,
        "complaint": 0.4,
        "compliment": 0.5,
        "feedback": 0.4,
        "spam": 0.4,
    },
    "nl": {
        "question": 0.75,
        "problem": 0.45,
        "complaint": 0.3,
        "compliment": 0.25,
        "feedback": 0.35,
        "spam": 0.8,
    },
}
"""F1 on the messages kept back; `docs/explanation/classifier.md` has what is found."""


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bench finds is left here."""
    monkeypatch.setenv("OMNICHANNEL_BENCH_RESULTS", str(tmp_path / "results"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_do_not_fall(language: str) -> None:
    """On trades that were never learned from; nearly every head better than a list of words."""
    found = {head.name: head for head in own.heads(kept(language))}
    fallen = {name: found[name].f1 for name, least in LEAST[language].items() if found[name].f1 < least}
    assert fallen == {}
    assert sum(head.f1 > head.listed for head in found.values()) >= 7
    assert max(head.off for head in found.values()) < 0.2


def test_no_other_line_finds_complaints_for_less() -> None:
    """From less than 0.5 on each one more costs one that is none: why the line stays. Else it is to be drawn anew."""
    stays, *others = own.thresholds([each for language in LANGUAGES for each in kept(language)])
    assert stays.least == 0.5
    for other in others:
        assert other.found - stays.found <= other.false - stays.false


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_learned_is_known(language: str) -> None:
    """The files belong to the messages: were they another version's, this would fall to chance."""
    told = [each for each in learned(language) if each.intents]
    right = sum(any(read(each.text).holds(intent) for intent in each.intents) for each in told)
    assert right / len(told) > 0.85


@pytest.mark.parametrize("one", public.SETS, ids=lambda one: one.name)
def test_public_sets(one: public.Set) -> None:
    """Beside the list of words and the commonest answer, where the set is at hand."""
    texts = public.unseen(one)[:600]
    if not texts:
        pytest.skip(f"{one.file} is not in {public.folder()}")
    found = measure(texts, one.question)
    assert found.ours.macro_f1 > found.commonest.macro_f1


# ------------------------------------------------------------------------------------------------- the messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenes_do_not_leak(language: str) -> None:
    """No text is on both sides, and no scene is."""
    assert {each.text for each in kept(language)}.isdisjoint(each.text for each in learned(language))
    assert {each.scene for each in kept(language)}.isdisjoint(each.scene for each in learned(language))
    assert len(learned(language)) > 600
    assert len(kept(language)) > 80
    assert {intent for each in kept(language) for intent in each.intents} == set(Intent)


def test_words_teach_tone_alone() -> None:
    assert {head for each in words("en") for head in each.heads} == {"negative", "positive"}


def test_a_line_that_is_no_message_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "DATA", tmp_path)
    (tmp_path / "en.txt").write_text("## shop\nq 0. fine?\nz 0. what is z\n")
    with pytest.raises(ValueError, match="line 3"):
        messages("en")


# -------------------------------------------------------------------------------------------------- the learning


def test_learning_is_the_same_twice() -> None:
    """The same messages, the same weights; and what was taught is known."""
    few = [each for each in learned("en") if each.scene in ("clothes", "train", "hotel", "gym", "parcels")]
    first, second = learn(few, signs_only=True), learn(few, signs_only=True)
    assert (first.weights, first.calibrations) == (second.weights, second.calibrations)
    assert first.weights["[?.]"] > 0


def test_the_lowest_point_is_found() -> None:
    def bowl(point: object) -> tuple[float, list[float]]:
        x, y = point  # type: ignore[misc]
        return (x - 3) ** 2 + 10 * (y + 1) ** 2, [2 * (x - 3), 20 * (y + 1)]

    assert lowest(bowl, [0.0, 0.0], 50) == pytest.approx([3, -1], abs=1e-3)


@pytest.mark.parametrize("name", [*LANGUAGES, ANY])
def test_tables_say_where_they_come_from(name: str) -> None:
    """Origin and licence in the first line of each file; a calibration for each head."""
    from importlib import resources

    file = resources.files("omnichannel.desk.classify").joinpath("data", f"{name}.tsv")
    assert "Apache-2.0" in file.read_text("utf-8").partition("\n")[0]
    assert len(table(name).calibrations) == len(HEADS)


def test_all_files_together_are_small() -> None:
    from omnichannel.desk import classify

    files = list((Path(classify.__file__).parent / "data").glob("*.tsv"))
    assert sum(file.stat().st_size for file in files) < 1_500_000
    assert len(files) == 4


def test_nothing_known_adds_up_to_nothing() -> None:
    sums, known = Table({}, ()).sums(["never", "¬heard"])
    assert sums == [0.0] * len(HEADS)
    assert known == []


# ---------------------------------------------------------------------------------------------------- the sums


def test_figures_are_those_of_a_hand() -> None:
    judged = judge([("a", 0.9), ("a", 0.9), ("b", 0.6), ("b", 0.6)], ["a", "b", "b", "b"])
    assert judged.accuracy == 0.75
    assert judged.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert macro_f1(["a", "a"], ["a", "b"]) == pytest.approx(1 / 3)
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0, abs=1e-9)
    assert calibration_error([(0.9, False)] * 10) == pytest.approx(0.9)
    assert own.f1([True, False], [True, True]) == pytest.approx(2 / 3)


def test_rivals_answer_as_they_should() -> None:
    assert rivals.by_words("the app is broken").holds(Intent.PROBLEM)
    assert rivals.by_words("bedankt, geweldig").tone == 1
    assert rivals.commonest(["a", "a", "b"]) == [("a", 2 / 3)] * 3
    assert rivals.language_by_stop_words("het is niet van mij") == "nl"
    assert rivals.language_by_stop_words("xyz") == "und"


def test_every_question_has_an_answer_for_every_reading() -> None:
    """And one that is stated at a half or more: it is the likeliest."""
    for answer in ANSWERS.values():
        for reading in (Reading(), read("Where is it?"), read("Terrible!")):
            label, chance = answer(reading)
            assert label
            assert 0.3 <= chance <= 1


def test_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a set at hand its row; without any, a sentence that says where they go."""
    monkeypatch.setenv("OMNICHANNEL_CLASSIFY_DATA", str(tmp_path))
    assert main([]) == 0
    assert "OMNICHANNEL_CLASSIFY_DATA" in capsys.readouterr().out
    rows = ["spam\tWin a free prize now, click here", "ham\tSee you at eight"] * 10
    (tmp_path / "sms-spam.tsv").write_text("\n".join(rows))
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "nl.txt").write_text("Waar is mijn pakket gebleven?\n" * 6)
    assert main([]) in (0, 1)
    shown = capsys.readouterr().out
    assert "text messages" in shown
    assert "complaint from" in shown
    assert "sentences, nl" in shown
