"""The question of a platform: whose word is in it counts, and nobody leaves it out of a contract."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bench.faults_kit.admission import takes_any_word_for_ours

from omnichannel.channel import Ack, Delivery
from omnichannel.testing.checks.challenges import (
    check_a_challenge_signs_nothing_but_challenges,
    check_a_wrong_challenge_is_refused,
)
from omnichannel.testing.failing import Broken
from omnichannel.testing.subject import Subject
from tests.testing.given import messenger, sms, x


def test_a_word_that_is_not_ours_is_refused() -> None:
    """Before, an account that answered whatever word it was asked with kept the contract."""
    assert check_a_wrong_challenge_is_refused(messenger()) is None
    with pytest.raises(Broken, match="a question with nothing for our secret was answered"):
        check_a_wrong_challenge_is_refused(takes_any_word_for_ours(messenger()))


def test_a_question_that_another_secret_signed_is_refused() -> None:
    def challenge(text: str, secret: str) -> Delivery:
        signed = "" if secret == subject.secret(0) else "&signed=otherwise"
        return Delivery(method="GET", url=f"https://hook.example/x?crc_token={text}{signed}")

    subject = replace(x(), challenge=challenge)
    with pytest.raises(Broken, match="that another secret signed was answered"):
        check_a_wrong_challenge_is_refused(subject)


@pytest.mark.parametrize("subject", [messenger(), x()], ids=["a word of ours", "none"])
def test_a_question_that_is_answered_has_to_be_in_the_contract(subject: Subject) -> None:
    """Before, whoever wrote no `challenge` was let off it, as a platform that asks nothing."""
    silent = replace(subject, challenge=lambda _text, _secret: None)
    with pytest.raises(Broken, match=r"write challenge\(\) in its test"):
        check_a_challenge_signs_nothing_but_challenges(silent)


def test_who_asks_nothing_is_let_off() -> None:
    reason = "the platform asks no question: challenge() gives none"
    assert check_a_challenge_signs_nothing_but_challenges(sms()) == reason
    assert check_a_wrong_challenge_is_refused(sms()) == reason
    same = Ack(body=b"ok", keep=False)  # whoever is asked; it says nothing of the question

    def make(*secrets: str):
        channel = sms().make(*secrets)
        channel.admit = lambda _: same
        return channel

    assert check_a_challenge_signs_nothing_but_challenges(replace(sms(), make=make)) == reason
