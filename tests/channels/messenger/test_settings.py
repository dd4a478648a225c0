"""A wrong setting is refused at start, by its name, with the cure; secrets never show."""

from __future__ import annotations

import pytest

from omnichannel.channels.messenger import Messenger
from omnichannel.errors import ConfigError, Unsupported
from omnichannel.model import Address
from tests.channels.messenger.given import PAGE, TOKEN, channel


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("page_id", ""),
        ("page_id", "my-shop"),
        ("page_id", "https://facebook.com/shop"),
        ("page_id", "١٢٣"),
        ("page_token", ""),
        ("page_token", "two words"),
        ("page_token", "line\r\nX-Other: header"),
        ("verify_token", ""),
        ("app_secret", ""),
        ("app_secret", []),
        ("app_secret", ["good", " "]),
        ("app_secret", None),
        ("host", "http://graph.facebook.com"),
        ("host", "https://graph.facebook.com/v26.0"),
        ("host", "graph.facebook.com"),
        ("version", "26"),
        ("version", "v26.0/me"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(setting: str, value: object) -> None:
    with pytest.raises(ConfigError) as raised:
        channel(**{setting: value})
    assert raised.value.setting == setting
    assert raised.value.cure


def test_secrets_never_show() -> None:
    page = channel(page_token="t0ken-value", app_secret="s3cret-value", verify_token="v3rify-value")
    shown = repr(page) + repr(vars(page)) + str(page.account)
    assert not [word for word in ("t0ken", "s3cret", "v3rify") if word in shown]


def test_our_own_address_is_the_page() -> None:
    assert channel().own_address == Address(kind="messenger", scope=PAGE, value=PAGE)
    assert channel().account.address == channel().own_address
    assert Messenger.bare().own_address is None


def test_a_start_link_brings_the_token_back_as_a_referral() -> None:
    assert channel().start_link(TOKEN) == f"https://m.me/{PAGE}?ref={TOKEN}"
    assert channel().start_link("a b&c") == f"https://m.me/{PAGE}?ref=a%20b%26c"
    with pytest.raises(Unsupported, match="page_id"):
        Messenger.bare().start_link(TOKEN)


def test_loopback_may_be_plain_http() -> None:
    assert channel(host="http://127.0.0.1:8080/").edge == "http://127.0.0.1:8080/v26.0"


def test_capabilities_are_data() -> None:
    can = Messenger.can
    assert (can.text.size, can.text.measure, can.text.splits) == (2000, "chars", True)
    assert can.window is not None
    assert (can.window.hours, can.window.person_hours) == (24, 168)
    assert (can.max_bytes, can.max_options, can.echoes, can.signs_body) == (25 * 1024 * 1024, 13, True, True)
    assert can.statuses == {"sent", "delivered", "read"}
    assert Messenger.size("👍é") == 2
