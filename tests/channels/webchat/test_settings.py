"""A setting that would let the wrong ones in, or nobody, is refused when the account is made."""

from __future__ import annotations

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.webchat import WebChat
from omnichannel.config.fitting import fitting, hints
from omnichannel.errors import ConfigError, Forged, Unsupported
from omnichannel.model import Address, Party
from tests.channels.webchat.given import SECRET, SHOP, TOKEN, channel, visitor


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("secret", ""),
        ("secret", ()),
        ("secret", "too short"),
        ("secret", (SECRET, "short")),
        ("origins", []),
        ("origins", ["*"]),
        ("origins", ["https://*.shop.example"]),
        ("origins", ["https://shop.example/"]),
        ("origins", ["https://Shop.example"]),
        ("origins", ["https://shop.example:443"]),
        ("origins", ["http://localhost:80"]),
        ("origins", ["http://shop.example"]),
        ("origins", ["shop.example"]),
        ("origins", ["null"]),
        ("page", "http://shop.example/"),
        ("page", "https://shop.example/#top"),
        ("page", "/help"),
        ("takes", ["text/html"]),
        ("takes", ["image/svg+xml"]),
        ("max_bytes", 0),
        ("max_bytes", 10**9),
        ("proxies", -1),
        ("proxies", 11),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        channel(**{setting: value})
    assert caught.value.setting == setting
    assert caught.value.cure


@pytest.mark.parametrize(
    "origin",
    [
        SHOP,
        "https://shop.example:8443",
        "http://localhost:5173",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
    ],
)
def test_an_origin_is_what_a_browser_writes(origin: str) -> None:
    assert channel(origins=origin).origins == {origin}


def test_what_stands_in_a_file_fits() -> None:
    """A text with commas is several, as everywhere in the configuration."""
    wanted = hints(WebChat)
    assert fitting("origins", wanted["origins"], f"{SHOP}, https://b.example") == [SHOP, "https://b.example"]
    assert channel(takes=[]).takes == ()


def test_what_is_not_set_follows_from_the_name() -> None:
    assert (channel().audience, channel().users) == ("chat", "chat")
    assert (channel(audience="a").audience, channel(users="u").users) == ("a", "u")


def test_no_secret_shows() -> None:
    assert SECRET not in repr(vars(channel()))


def test_a_link_keeps_its_token_from_servers_and_logs() -> None:
    assert channel().start_link(TOKEN) == f"{SHOP}/help#chat={TOKEN}"
    for account in (channel(page=""), WebChat.bare()):
        with pytest.raises(Unsupported, match="page"):
            account.start_link(TOKEN)


def test_a_bare_instance_serves_and_admits_nothing() -> None:
    bare = WebChat.bare()
    assert bare.site(None) is None  # type: ignore[arg-type] # it never looks at it
    with pytest.raises(Forged):
        bare.admit(Delivery(body=b"{}"))
    assert WebChat.bare("chat").signal(Party(address=visitor()), "typing").url == "webchat:chat"


def test_only_typing_is_a_sign() -> None:
    with pytest.raises(Unsupported, match="typing"):
        channel().signal(Party(address=visitor()), "seen")
    with pytest.raises(Unsupported):
        channel().signal(Party(address=Address(kind="email", value="a@b.nl")), "typing")


async def test_the_doctor_sees_a_page_that_may_not_have_the_chat() -> None:
    good, bad = await channel().check(), await channel(page="https://elsewhere.example/").check()
    assert all(finding.ok for finding in good)
    assert [finding.cure for finding in bad if not finding.ok] == [
        "Add https://elsewhere.example to origins, or no chat opens there"
    ]
    assert len(await channel(page="").check()) == 1
    assert await WebChat.bare().check() == ()
