"""Limits that an account runs into by itself: what an emulated platform answers to whoever is too fast, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from omnichannel.channel import Response
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.facebook import FacebookPage
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.pace import Pace
from omnichannel.emulators.sms import Sms
from omnichannel.emulators.voice import Voice
from omnichannel.http import HttpSender
from omnichannel.model import Address, Deferred, Draft, Party, Receipt, Sent, Text
from omnichannel.toolbox import load_json

MORNING = datetime(2026, 7, 1, 9, tzinfo=UTC)


class Hand:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


def test_a_pace_is_so_many_in_so_much_time() -> None:
    clock = Hand()
    pace = Pace(2, timedelta(seconds=1), clock)
    assert [pace.takes() for _ in range(4)] == [True, True, False, False]
    clock.now += timedelta(seconds=0.9)
    assert not pace.takes()
    clock.now += timedelta(seconds=0.1)
    assert [pace.takes() for _ in range(3)] == [True, True, False]


def draft(kind: str, scope: str, value: str, reply_to: str = "") -> Draft:
    address = Address(kind=kind, value=value, scope=scope)
    return Draft(
        id="0199-pace",
        to=Party(address=address),
        parts=(Text(text="On its way"),),
        reply_to=reply_to,
        created_at=MORNING,
        heard_at=MORNING,
    )


async def sent(emulator: Emulator, what: Draft, times: int) -> list[tuple[Response, Receipt]]:
    """The same words so often, as their answers and what they mean."""
    channel = emulator.channel()
    [call] = channel.render(what)
    sender = HttpSender(channel)
    answers = [await sender.send(call) for _ in range(times)]
    await sender.close()
    return [(answer, channel.read(call, answer)) for answer in answers]


def messenger(clock: Hand) -> tuple[Emulator, Callable[[], Draft]]:
    platform = MessengerPage(clock=clock)
    platform.page.pace = Pace(2, timedelta(seconds=1), clock)
    page = platform.page
    return platform, lambda: draft("messenger", page.page_id, page.person("Ann").psid)


def instagram(clock: Hand) -> tuple[Emulator, Callable[[], Draft]]:
    platform = InstagramAccount(clock=clock)
    platform.pace = Pace(2, timedelta(seconds=1), clock)
    return platform, lambda: draft("instagram", platform.account_id, platform.person("Ann").id)


def sms(clock: Hand) -> tuple[Emulator, Callable[[], Draft]]:
    platform = Sms(clock=clock)
    platform.pace = Pace(2, timedelta(seconds=1), clock)
    return platform, lambda: draft("phone", "", platform.phone("Ann"))


def voice(clock: Hand) -> tuple[Emulator, Callable[[], Draft]]:
    platform = Voice(clock=clock)
    platform.pace = Pace(2, timedelta(seconds=1), clock)
    return platform, lambda: draft("phone", "", platform.phone("Ann"))


WORDS = {
    messenger: (400, {"error": {"message": "(#613) Calls to this api have exceeded the rate limit.",
                                "type": "OAuthException", "code": 613, "fbtrace_id": "AbCdEf123456"}}),
    instagram: (400, {"error": {"message": "(#613) Calls to this api have exceeded the rate limit.",
                                "type": "OAuthException", "code": 613, "error_subcode": 2534040,
                                "fbtrace_id": "AbCdEf123456"}}),
    sms: (429, {"code": 20429, "message": "Too Many Requests",
                "more_info": "https://www.twilio.com/docs/errors/20429", "status": 429}),
    voice: (429, {"code": 20429, "message": "Too Many Requests",
                  "more_info": "https://www.twilio.com/docs/errors/20429", "status": 429}),
}  # fmt: skip


@pytest.mark.parametrize("platform", WORDS, ids=lambda one: one.__name__)
async def test_who_is_too_fast_is_told_so_and_taken_again_later(platform) -> None:
    """Before, these platforms took everything at once, and only a scripted fault showed what an application does."""
    clock = Hand()
    emulator, words = platform(clock)
    with emulator:
        emulator.write("Ann", "hello")
        found = await sent(emulator, words(), 3)
        assert [type(receipt) for _, receipt in found] == [Sent, Sent, Deferred]
        refused = found[-1][0]
        assert (refused.status, load_json(refused.body)) == WORDS[platform]
        clock.now += timedelta(seconds=1)
        [(_, again)] = await sent(emulator, words(), 1)
        assert isinstance(again, Sent)


async def test_private_replies_have_an_hour() -> None:
    clock = Hand()
    with FacebookPage(clock=clock) as page, InstagramAccount(clock=clock) as account:
        page.private_pace = Pace(1, timedelta(hours=1), clock)
        account.private_pace = Pace(1, timedelta(hours=1), clock)
        for platform, token, where in (
            (page, page.page_token, page.page_id),
            (account, account.token, account.account_id),
        ):
            comments = [platform.comment("Ann", f"question {number}") for number in range(3)]
            statuses = [_privately(platform.url, token, where, one) for one in comments[:2]]
            assert statuses == [(200, 0), (400, 613)]
            clock.now += timedelta(hours=1)
            assert _privately(platform.url, token, where, comments[2]) == (200, 0)


def _privately(url: str, token: str, where: str, comment: str) -> tuple[int, int]:
    """The status of a private reply, and Meta's code if it was refused."""
    body = {"recipient": {"comment_id": comment}, "message": {"text": "Hello"}}
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}/v25.0/{where}/messages", json=body, headers=headers, trust_env=False)
    return answer.status_code, answer.json().get("error", {}).get("code", 0)
