"""What a customer could make us believe, or keep us busy with, on Telegram."""

from __future__ import annotations

import time

from omnichannel.channels.telegram.contact import card


def test_t40_a_card_is_looked_through_once() -> None:
    """An address that never ends took half a minute; with four times as much it would have been eight."""
    vcard = "EMAIL:a@" + "." * 200_000 + " @"
    start = time.process_time()
    assert card({"first_name": "Eve", "vcard": vcard}).addresses == ()
    assert time.process_time() - start < 5  # far from both


def test_addresses_on_a_card_are_found() -> None:
    vcard = "BEGIN:VCARD\r\nEMAIL;TYPE=home: Ann.B@mail.home.example \r\nitem1.EMAIL:x@y.example\r\nEND:VCARD"
    found = [one.value for one in card({"first_name": "Ann", "vcard": vcard}).addresses]
    assert found == ["ann.b@mail.home.example", "x@y.example"]
