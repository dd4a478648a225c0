"""A slice of `python -m bench doubts`: answers get lost on every channel, and the inbox never says what is not so."""

from __future__ import annotations

import pytest
from bench.doubts import FARS, WRONG, tried

from bench import doubts

ROUNDS = 2
ASKED = ("email", "instagram", "messenger", "sms", "x")
"""Whose platforms show everything that they took; of a mailbox that keeps nothing, a person decides."""


@pytest.mark.parametrize("kind", FARS)
def test_lost_answers_become_nothing_that_is_not_so(kind: str) -> None:
    """Sent is what people see, once; what nobody knows is told."""
    found = tried(kind, ROUNDS if kind in ASKED else 1, "hold", seed=7)
    assert found["answers lost"] > 3
    assert not [word for word in WRONG if found[word]]
    assert found["sent"] + found["unknown"] + found["ended failed"] in (10, 20)
    if kind in ASKED:
        assert found["there"] == 0, "the platform shows it, and it was not found"


@pytest.mark.parametrize("kind", ["telegram", "x"])
def test_sent_once_more_nothing_is_there_twice_in_silence(kind: str) -> None:
    """Telegram shows what was said twice; X refuses it."""
    found = tried(kind, 2, "resend", seed=7)
    assert not [word for word in WRONG if found[word]]
    assert found["there"] == 0
    assert (found["twice"] > 0) == (kind == "telegram")


def test_the_command_says_what_it_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row a channel; it ends with 1 where something is not as the inbox says."""
    assert doubts.main(["telegram", "--rounds", "1"]) == 0
    assert "nothing went wrong" in capsys.readouterr().out
    monkeypatch.setattr(doubts, "tried", lambda *_: doubts.Counter({"false": 2}))
    assert doubts.main(["telegram"]) == 1
    assert "2 messages are not what the inbox says" in capsys.readouterr().out
