"""Settings are checked at once, with the cure; the doctor says what is wrong at Meta, with the cure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.emulators.whatsapp import Approved, Cloud
from omnichannel.errors import ConfigError, Unsupported
from tests.channels.whatsapp.given import TOKEN, channel


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("number", ""),
        ("number", "0612345678"),
        ("number", "15550783881"),
        ("phone_number_id", "+15550783881"),
        ("waba_id", ""),
        ("portfolio_id", "mine"),
        ("token", "two words"),
        ("verify_token", ""),
        ("app_secret", ""),
        ("menu", " "),
        ("menu", "A text that is too long"),
        ("host", "http://graph.facebook.com"),
        ("version", "26"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(setting: str, given: str) -> None:
    with pytest.raises(ConfigError) as error:
        channel(**{setting: given})
    assert error.value.setting == setting
    assert error.value.cure


def test_the_number_itself_is_never_a_customer() -> None:
    assert str(channel().own_address) == "whatsapp:102290129340398:106540352242922"
    assert WhatsApp.bare().own_address is None


def test_a_link_opens_a_chat_with_the_token_as_message() -> None:
    assert channel().start_link(TOKEN) == f"https://wa.me/15550783881?text={TOKEN}"
    with pytest.raises(Unsupported, match="number"):
        WhatsApp.bare().start_link(TOKEN)


def test_no_credentials_no_header() -> None:
    assert WhatsApp.bare().credentials(channel().signal(None, "seen", "wamid.1")) == {}


async def test_a_number_that_is_well() -> None:
    with Cloud() as cloud:
        found = await cloud.channel().check()
    assert all(finding.ok for finding in found), found
    assert len(found) == 5


def approved(*statuses: str) -> list[Approved]:
    return [Approved(f"t{number}", "x", status=status) for number, status in enumerate(statuses)]


ILL: list[tuple[Callable[[Cloud], object], str]] = [
    (lambda cloud: setattr(cloud, "token", "another"), "token is not accepted"),
    (lambda cloud: setattr(cloud, "number", "15550000000"), "Meta says"),
    (lambda cloud: setattr(cloud, "quality", "RED"), "quality is RED"),
    (lambda cloud: setattr(cloud, "name_status", "DECLINED"), "display name is DECLINED"),
    (lambda cloud: setattr(cloud, "waba_id", "1"), "cannot be read"),
    (lambda cloud: setattr(cloud, "numbers", ["7"]), "has no number"),
    (lambda cloud: setattr(cloud, "subscribed", False), "no app is subscribed"),
    (lambda cloud: setattr(cloud, "templates", approved("PENDING")), "none of 1 templates"),
    (lambda cloud: setattr(cloud, "templates", approved("APPROVED", "PAUSED")), "t1 (en, PAUSED)"),
]


@pytest.mark.parametrize(("harm", "what"), ILL, ids=[what for _, what in ILL])
async def test_what_the_doctor_finds(harm: Callable[[Cloud], object], what: str) -> None:
    with Cloud() as cloud:
        ours = cloud.channel()
        harm(cloud)
        found = await ours.check()
    ill = [finding for finding in found if not finding.ok]
    assert any(what in finding.what for finding in ill), found
    assert all(finding.cure for finding in ill)


async def test_the_doctor_without_a_network_or_an_account() -> None:
    (found,) = await channel(host="http://127.0.0.1:1").check()
    assert "did not answer" in found.what
    (bare,) = await WhatsApp.bare().check()
    assert not bare.ok


async def test_a_file_whose_address_is_not_told() -> None:
    from omnichannel.errors import FetchError
    from omnichannel.model import Attachment

    with Cloud() as cloud:
        ours = cloud.channel()
        cloud.subscribed = False
        with pytest.raises(FetchError, match="told no address"):
            await ours.download(Attachment(external_id=cloud.number_id))
