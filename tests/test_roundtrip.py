"""On every channel, over real sockets: somebody asks, is answered, sees it, and goes on in the same conversation."""

from __future__ import annotations

import pytest
from bench.roundtrip import main, talk

from omnichannel.plugins import CHANNELS, EMULATORS, kinds


def test_every_channel_has_an_emulator() -> None:
    assert set(kinds(CHANNELS)) == set(kinds(EMULATORS))


@pytest.mark.parametrize("kind", kinds(EMULATORS))
def test_a_conversation_goes_there_and_back(kind: str) -> None:
    found = talk(kind)
    assert found.whole, found


def test_what_cannot_be_held_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["telex"]) == 1
    assert "telex      FAILED" in capsys.readouterr().out
