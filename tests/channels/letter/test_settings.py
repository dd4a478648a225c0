"""A wrong setting is refused at once, by its name, with the cure; and no secret shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.settings import FONT
from omnichannel.errors import ConfigError, Unsupported
from tests.channels.letter.given import OURS, account, at_pingen, draft


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("address", {"address": ""}),
        ("address", {"address": "De Ketting, Utrecht"}),
        ("address", {"address": "a\nb\nc\nd\ne\nf\ng"}),
        ("letterhead", {"letterhead": "1,2,3,4,5,6,7"}),
        ("language", {"language": "tlh"}),
        ("window", {"window": "middle"}),
        ("zone", {"zone": "Europe/Atlantis"}),
        ("zone", {"zone": "../etc"}),
        ("font", {"font": "/nowhere/type.ttf"}),
        ("inbox", {"inbox": "/nowhere"}),
        ("outbox", {"outbox": "/nowhere"}),
        ("ocr", {"ocr": "nld; rm -rf"}),
        ("settle", {"settle": -1}),
        ("imap", {"imap": "imaps://scan@mail.example", "scanners": ["a@b.nl"]}),
        ("imap", {"imap": "http://a:b@c", "scanners": ["a@b.nl"]}),
        ("imap", {"imap": "imaps://a:b@c?d", "scanners": ["a@b.nl"]}),
        ("imap", {"imap": "imap://a:b@mail.example", "scanners": ["a@b.nl"]}),
        ("imap", {"imap": "imaps://a:b@[", "scanners": ["a@b.nl"]}),
        ("scanners", {"imap": "imaps://a:b@mail.example"}),
        ("scanners", {"imap": "imaps://a:b@mail.example", "scanners": "a@b.nl"}),
    ],
)
def test_a_wrong_setting_is_named(setting: str, given: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        account(**given)
    assert caught.value.setting == setting
    assert caught.value.cure


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("pingen_organisation", {"pingen_organisation": "my shop"}),
        ("pingen_client", {"pingen_client": " "}),
        ("pingen_secret", {"pingen_secret": ""}),
        ("pingen_key", {"pingen_key": None}),
        ("pingen_key", {"pingen_key": ["new", ""]}),
        ("pingen_product", {"pingen_product": "pigeon"}),
        ("pingen_options", {"pingen_options": ["gold"]}),
        ("pingen_host", {"pingen_host": "http://api.pingen.com"}),
        ("pingen_identity", {"pingen_identity": "pingen"}),
        ("outbox", {"outbox": "."}),
    ],
)
def test_a_wrong_setting_for_pingen_is_named(setting: str, given: dict[str, object]) -> None:
    """And letters have one way out: a folder, or Pingen."""
    with pytest.raises(ConfigError) as caught:
        at_pingen(**given)
    assert caught.value.setting == setting


def test_a_file_that_is_no_font_is_named_when_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_text("no font")
    with pytest.raises(ConfigError, match="a.ttf"):
        account(font=str(tmp_path / "a.ttf")).render(draft("Hallo"))


def test_our_address_is_written_in_lines_or_with_commas() -> None:
    assert account(address=", ".join(OURS)).own_address == account().own_address
    assert (
        str(account().own_address) == "letter::fietsenwinkel de ketting b v, kerkstraat 1, 3511LX utrecht, NL"
    )
    assert Letter.bare().own_address is None


def test_no_secret_shows() -> None:
    made = at_pingen(
        pingen_secret="hunter2hunter2",
        imap="imaps://scan:pa%40ss@mail.example/Scans",
        scanners=["scanner@shop.example"],
    )
    shown = repr(made) + repr(vars(made))
    assert "hunter2" not in shown
    assert "pa@ss" not in shown
    assert "pa%40ss" not in shown
    (source,) = made.sources()
    assert source.name == "imap:Scans"
    secret = account(imap=SecretStr("imap+starttls://a:b@mail.example"), scanners=["a@b.nl"])
    assert secret.sources()[0].name == "imap:INBOX"


def test_an_account_without_ways_reads_and_sends_nothing() -> None:
    made = account()
    assert made.sources() == ()
    with pytest.raises(ConfigError, match="nowhere to put letters"):
        made.sender()
    with pytest.raises(Unsupported):
        made.start_link("oct" + "a" * 26)


def test_letters_can_be_set_in_another_font(tmp_path: Path) -> None:
    (tmp_path / "house.ttf").write_bytes(FONT.read_bytes())
    assert account(font=str(tmp_path / "house.ttf")).render(draft("Hallo"))[0].body
